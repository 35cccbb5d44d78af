//! Reads a snapshot back, and refuses one that was cut short or altered.

use std::io::{Read, Seek, SeekFrom};

use serde::Deserialize;

use super::{
    Batch, FORMAT_VERSION, FRAME_LIMIT, Footer, Frame, Header, Line, RecordSource, SnapshotError,
    SourceError, TRAILER_LENGTH, TRAILER_MAGIC, TRAILER_MARK, Versioned, sha256,
};
use crate::Record;

/// An open snapshot: its header is read and its footer agrees.
pub struct SnapshotFile<R> {
    input: R,
    header: Header,
    frames: Vec<Frame>,
    /// Where the frame after the last one begins.
    end: u64,
    next: usize,
}

impl<R: Read + Seek> SnapshotFile<R> {
    /// Opens a snapshot.
    ///
    /// # Errors
    ///
    /// Fails if the file is not a snapshot, was cut short or altered, or was written by a newer version.
    pub fn open(mut input: R) -> Result<Self, SnapshotError> {
        let length = input.seek(SeekFrom::End(0))?;
        let end = index_offset(&mut input, length)?;
        let text = decompress(
            &read_at(&mut input, end, length - TRAILER_LENGTH)?,
            FRAME_LIMIT,
        )?;
        let (frames, footer) = index_and_footer(&text)?;
        let records = frames
            .iter()
            .try_fold(0_u64, |sum, it| sum.checked_add(it.records));
        if records != Some(footer.records) {
            return Err(SnapshotError::Altered(
                "the number of records is not the footer's",
            ));
        }
        let mut file = Self {
            input,
            header: placeholder(),
            frames,
            end,
            next: 0,
        };
        file.header = file.read_header()?;
        file.next = 1;
        Ok(file)
    }

    fn read_header(&mut self) -> Result<Header, SnapshotError> {
        let (compressed, frame) = self
            .frame(0)?
            .ok_or(SnapshotError::Altered("it has no header"))?;
        let text = verified(&compressed, &frame)?;
        // The version first: a newer header may hold what this version cannot read.
        let version: Versioned = parse("the header", &text)?;
        if version.header.format > FORMAT_VERSION {
            return Err(SnapshotError::Newer(version.header.format));
        }
        let Line::Header(header) = parse("the header", &text)? else {
            return Err(SnapshotError::Altered("its first line is not a header"));
        };
        Ok(*header)
    }

    /// Returns the compressed bytes of frame `index`, or `None` after the last.
    fn frame(&mut self, index: usize) -> Result<Option<(Vec<u8>, Frame)>, SnapshotError> {
        let Some(frame) = self.frames.get(index).cloned() else {
            return Ok(None);
        };
        let end = self.frames.get(index + 1).map_or(self.end, |it| it.offset);
        Ok(Some((read_at(&mut self.input, frame.offset, end)?, frame)))
    }
}

impl<R: Read + Seek> RecordSource for SnapshotFile<R> {
    fn header(&self) -> &Header {
        &self.header
    }

    fn restart(&mut self) -> Result<(), SourceError> {
        self.next = 1;
        Ok(())
    }

    fn next_batch(&mut self) -> Option<Result<Batch, SourceError>> {
        let (compressed, frame) = match self.frame(self.next) {
            Ok(it) => it?,
            Err(error) => return Some(Err(error.into())),
        };
        self.next += 1;
        Some(Ok(Box::new(move || Ok(records(&compressed, &frame)?))))
    }
}

fn placeholder() -> Header {
    Header {
        format: FORMAT_VERSION,
        tool_version: String::new(),
        mode: super::Mode::SavedEvidence,
        collected_at: None,
        caller: None,
        organization: None,
        scope: super::ScopeFilter::default(),
        parameters: super::Parameters::default(),
        endpoint: None,
        identity_center: super::IdentityCenter::default(),
        service_control_policies: Vec::new(),
        account_list: super::AccountList::Whole,
        shard: None,
        notes: Vec::new(),
    }
}

fn index_offset<R: Read + Seek>(input: &mut R, length: u64) -> Result<u64, SnapshotError> {
    let begin = length
        .checked_sub(TRAILER_LENGTH)
        .ok_or(SnapshotError::NotASnapshot)?;
    let trailer = read_at(input, begin, length)?;
    let cut = || {
        if trailer.is_empty() {
            SnapshotError::NotASnapshot
        } else {
            SnapshotError::Altered("it has no footer")
        }
    };
    let (magic, rest) = trailer.split_first_chunk::<4>().ok_or_else(cut)?;
    let (_, rest) = rest.split_first_chunk::<4>().ok_or_else(cut)?;
    let (offset, mark) = rest.split_first_chunk::<8>().ok_or_else(cut)?;
    if *magic != TRAILER_MAGIC.to_le_bytes() || mark != TRAILER_MARK {
        return Err(cut());
    }
    let offset = u64::from_le_bytes(*offset);
    if offset < begin {
        Ok(offset)
    } else {
        Err(SnapshotError::Altered("its index is beyond its end"))
    }
}

fn index_and_footer(text: &[u8]) -> Result<(Vec<Frame>, Footer), SnapshotError> {
    let mut lines = text.split_inclusive(|it| *it == b'\n');
    let (index, footer) = (
        lines.next().unwrap_or_default(),
        lines.next().unwrap_or_default(),
    );
    let Line::Index(frames) = parse("the index", index)? else {
        return Err(SnapshotError::Altered("it has no index"));
    };
    let Line::Footer(footer) = parse("the footer", footer)? else {
        return Err(SnapshotError::Altered("it has no footer"));
    };
    if footer.sha256 == sha256(index) {
        Ok((frames, footer))
    } else {
        Err(SnapshotError::Altered(
            "the index is not the one the footer proves",
        ))
    }
}

fn records(compressed: &[u8], frame: &Frame) -> Result<Vec<Record>, SnapshotError> {
    let text = verified(compressed, frame)?;
    let mut records = Vec::new();
    for line in text.split(|it| *it == b'\n').filter(|it| !it.is_empty()) {
        let misplaced = SnapshotError::Altered("a line is not a record whose facts have a source");
        match parse("a record", line)? {
            Line::Record(record) if record.is_consistent() => records.push(record.into_owned()),
            Line::Record(_)
            | Line::Header(_)
            | Line::Account(_)
            | Line::Discovered(_)
            | Line::Index(_)
            | Line::Footer(_) => return Err(misplaced),
        }
    }
    if records.len() as u64 == frame.records {
        Ok(records)
    } else {
        Err(SnapshotError::Altered(
            "a frame does not hold the records the index names",
        ))
    }
}

fn verified(compressed: &[u8], frame: &Frame) -> Result<Vec<u8>, SnapshotError> {
    let text = decompress(compressed, frame.length)?;
    if text.len() as u64 == frame.length && sha256(&text) == frame.sha256 {
        Ok(text)
    } else {
        Err(SnapshotError::Altered(
            "a frame is not the one the index names",
        ))
    }
}

/// Decompresses at most `limit` bytes, so that a hostile file cannot fill the memory.
fn decompress(compressed: &[u8], limit: u64) -> Result<Vec<u8>, SnapshotError> {
    let cut = |_| SnapshotError::Altered("a frame cannot be decompressed");
    let limit = limit.min(FRAME_LIMIT);
    let mut text = Vec::new();
    let decoder = zstd::stream::read::Decoder::new(compressed).map_err(cut)?;
    decoder
        .take(limit.saturating_add(1))
        .read_to_end(&mut text)
        .map_err(cut)?;
    if text.len() as u64 > limit {
        return Err(SnapshotError::Altered(
            "a frame is longer than the index says",
        ));
    }
    Ok(text)
}

fn read_at<R: Read + Seek>(input: &mut R, begin: u64, end: u64) -> Result<Vec<u8>, SnapshotError> {
    let length = end
        .checked_sub(begin)
        .ok_or(SnapshotError::Altered("its frames are out of order"))?;
    input.seek(SeekFrom::Start(begin))?;
    let mut bytes = Vec::new();
    input.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length {
        Ok(bytes)
    } else {
        Err(SnapshotError::Altered("it ends too early"))
    }
}

fn parse<'a, T: Deserialize<'a>>(what: &str, line: &'a [u8]) -> Result<T, SnapshotError> {
    serde_json::from_slice(line).map_err(|source| SnapshotError::Malformed {
        what: what.to_owned(),
        source,
    })
}
