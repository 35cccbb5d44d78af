//! The QR code as a file, which its owner alone can read.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use program::{CliError, output::cannot_write};
use zeroize::Zeroizing;

use crate::qr::Qr;

/// The pixels of a module in each direction.
const SCALE: usize = 8;

/// A new file for a QR code, empty until then. One that is dropped before it was kept is removed.
pub(crate) struct QrPng {
    path: PathBuf,
    file: File,
    fate: Fate,
}

/// What becomes of the file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Fate {
    Removed,
    Kept,
}

impl QrPng {
    /// Makes the file, before there is a secret to write into it.
    pub(crate) fn make(path: &Path) -> Result<Self, CliError> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|error| {
            let exists = error.kind() == io::ErrorKind::AlreadyExists;
            let error = cannot_write(path, error);
            if exists {
                error.hint("name a file that does not exist yet: this program overwrites none")
            } else {
                error
            }
        })?;
        Ok(Self {
            path: path.to_owned(),
            file,
            fate: Fate::Removed,
        })
    }

    /// Writes the code.
    pub(crate) fn write(&self, qr: &Qr) -> Result<(), CliError> {
        let mut out = BufWriter::new(&self.file);
        let written = encode(qr, &mut out).and_then(|()| out.flush());
        written.map_err(|error| cannot_write(&self.path, error))
    }

    /// Leaves the file in place.
    pub(crate) fn keep(&mut self) {
        self.fate = Fate::Kept;
    }

    /// Returns the file's name.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for QrPng {
    fn drop(&mut self) {
        if self.fate == Fate::Removed {
            // What cannot be removed is of a device that does not exist any more.
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn encode(qr: &Qr, out: &mut dyn Write) -> io::Result<()> {
    let side = qr.width() * SCALE;
    let length = u32::try_from(side).map_err(io::Error::other)?;
    let mut pixels = Zeroizing::new(Vec::with_capacity(side * side));
    for y in 0..side {
        for x in 0..side {
            pixels.push(if qr.is_dark(x / SCALE, y / SCALE) {
                0
            } else {
                u8::MAX
            });
        }
    }
    let mut encoder = png::Encoder::new(out, length, length);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(())
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "reads what was written")]
mod tests {
    use std::fs;

    use super::QrPng;
    use crate::qr::Qr;

    #[test]
    fn the_file_is_new_and_its_owners_alone_and_goes_unless_it_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("qr.png");
        let png = QrPng::make(&path).unwrap();
        png.write(&Qr::of("otpauth://totp/x").unwrap()).unwrap();
        assert!(fs::read(&path).unwrap().starts_with(b"\x89PNG"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(
                fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
        assert!(QrPng::make(&path).is_err());
        drop(png);
        assert!(!path.exists());
        let mut png = QrPng::make(&path).unwrap();
        png.keep();
        drop(png);
        assert!(path.exists());
    }
}
