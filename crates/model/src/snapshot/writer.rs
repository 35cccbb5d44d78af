//! Writes a snapshot, record by record.

use std::{borrow::Cow, io::Write};

use super::{
    FORMAT_VERSION, FRAME_TARGET, Footer, Frame, Header, Line, SnapshotError, TRAILER_LENGTH,
    TRAILER_MAGIC, TRAILER_MARK, sha256, to_line,
};
use crate::Record;

/// The compression level: level 3 is zstd's own default, and reading dominates.
const LEVEL: i32 = 3;

/// Writes a snapshot, record by record. Without [`finish`](Self::finish) the file has no footer and is refused.
pub struct SnapshotWriter<W: Write> {
    out: W,
    offset: u64,
    frames: Vec<Frame>,
    text: Vec<u8>,
    records_in_text: u64,
    footer: Footer,
}

impl<W: Write> SnapshotWriter<W> {
    /// Begins a snapshot.
    ///
    /// # Errors
    ///
    /// Fails if `out` does.
    pub fn new(out: W, header: &Header) -> Result<Self, SnapshotError> {
        let footer = Footer {
            records: 0,
            iam_users: 0,
            sha256: String::new(),
        };
        let mut writer = Self {
            out,
            offset: 0,
            frames: Vec::new(),
            text: Vec::new(),
            records_in_text: 0,
            footer,
        };
        let header = Header {
            format: FORMAT_VERSION,
            ..header.clone()
        };
        writer.text = to_line(&Line::Header(Box::new(header)))?;
        writer.close_frame()?;
        Ok(writer)
    }

    /// Adds a record. Records must come in account order.
    ///
    /// # Errors
    ///
    /// Fails if the output does.
    pub fn append(&mut self, record: &Record) -> Result<(), SnapshotError> {
        self.text
            .extend(to_line(&Line::Record(Box::new(Cow::Borrowed(record))))?);
        self.records_in_text += 1;
        self.footer.records += 1;
        self.footer.iam_users += record.iam_users.items.len() as u64;
        if self.text.len() >= FRAME_TARGET {
            self.close_frame()?;
        }
        Ok(())
    }

    /// Writes the index and the footer, and returns the output.
    ///
    /// # Errors
    ///
    /// Fails if the output does.
    pub fn finish(mut self) -> Result<W, SnapshotError> {
        if !self.text.is_empty() {
            self.close_frame()?;
        }
        let index_offset = self.offset;
        let mut text = to_line(&Line::Index(std::mem::take(&mut self.frames)))?;
        self.footer.sha256 = sha256(&text);
        text.extend(to_line(&Line::Footer(self.footer.clone()))?);
        self.write_frame(&text)?;

        let mut trailer = TRAILER_MAGIC.to_le_bytes().to_vec();
        let payload = u32::try_from(TRAILER_LENGTH - 8).unwrap_or_default();
        trailer.extend(payload.to_le_bytes());
        trailer.extend(index_offset.to_le_bytes());
        trailer.extend(TRAILER_MARK);
        self.out.write_all(&trailer)?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn close_frame(&mut self) -> Result<(), SnapshotError> {
        let text = std::mem::take(&mut self.text);
        self.frames.push(Frame {
            offset: self.offset,
            length: text.len() as u64,
            sha256: sha256(&text),
            records: std::mem::take(&mut self.records_in_text),
        });
        self.write_frame(&text)
    }

    fn write_frame(&mut self, text: &[u8]) -> Result<(), SnapshotError> {
        let frame = zstd::bulk::compress(text, LEVEL)?;
        self.out.write_all(&frame)?;
        self.offset += frame.len() as u64;
        Ok(())
    }
}
