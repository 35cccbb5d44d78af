//! What must hold of every snapshot file.

mod journal;
mod sample;
mod whose;

use std::io::Cursor;

use proptest::prelude::*;
use serde_json::Value;

use self::sample::{bytes, header, record, records, records_of};
use super::{
    FORMAT_VERSION, Footer, Frame, Line, SnapshotError, SnapshotFile, SnapshotWriter,
    TRAILER_LENGTH, TRAILER_MAGIC, TRAILER_MARK, sha256, to_line,
};
use crate::{GapId, Record};

fn open(file: &[u8]) -> Result<SnapshotFile<Cursor<&[u8]>>, SnapshotError> {
    SnapshotFile::open(Cursor::new(file))
}

/// Returns what a file holds, or `None` if any of it is refused.
fn read(file: &[u8]) -> Option<(super::Header, Vec<Record>)> {
    let mut opened = open(file).ok()?;
    let header = super::RecordSource::header(&opened).clone();
    Some((header, records_of(&mut opened).ok()?))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn records_come_back_as_they_were_written(records in records()) {
        let file = bytes(&records);
        let (header, read) = read(&file).unwrap();
        prop_assert_eq!(header, sample::header());
        prop_assert_eq!(&read, &records);
        prop_assert_eq!(bytes(&read), file);
    }

    #[test]
    fn a_file_cut_short_is_refused(records in records(), cut in any::<prop::sample::Index>()) {
        let file = bytes(&records);
        prop_assert!(open(&file[..cut.index(file.len())]).is_err());
    }

    #[test]
    fn no_bytes_make_it_panic(content in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(read(&content).is_none());
        // The same bytes where the index should be, plain and compressed.
        prop_assert!(read(&file_of(&content, 0)).is_none());
        prop_assert!(read(&file_of(&zstd::bulk::compress(&content, 3).unwrap(), 0)).is_none());
    }
}

/// Returns frames with the trailer of a snapshot behind them.
fn file_of(frames: &[u8], index_offset: u64) -> Vec<u8> {
    let payload = u32::try_from(TRAILER_LENGTH - 8).unwrap();
    let mut file = frames.to_vec();
    file.extend(TRAILER_MAGIC.to_le_bytes());
    file.extend(payload.to_le_bytes());
    file.extend(index_offset.to_le_bytes());
    file.extend(TRAILER_MARK);
    file
}

#[test]
fn reading_twice_gives_the_same_twice() {
    let records: Vec<_> = (0..40).map(record).collect();
    let file = bytes(&records);
    let mut opened = open(&file).unwrap();
    assert_eq!(records_of(&mut opened).unwrap(), records);
    super::RecordSource::restart(&mut opened).unwrap();
    assert_eq!(records_of(&mut opened).unwrap(), records);
}

#[test]
fn many_records_are_read_from_many_frames() {
    let records: Vec<_> = (0..600).map(record).collect();
    let file = bytes(&records);
    let text = zstd::stream::decode_all(Cursor::new(&file)).unwrap();
    let index = text.split(|it| *it == b'\n').rev().nth(2).unwrap();
    let index: Value = serde_json::from_slice(index).unwrap();
    let frames = index["index"].as_array().unwrap();
    assert!(frames.len() > 2, "{} frames", frames.len());
    assert_eq!(read(&file).unwrap().1, records);
}

#[test]
fn a_file_cut_at_any_length_is_refused() {
    let file = bytes(&[record(1), record(2)]);
    for length in 0..file.len() {
        assert!(open(&file[..length]).is_err(), "cut at {length}");
    }
}

#[test]
fn a_byte_changed_anywhere_is_refused_or_changes_nothing() {
    let records = [record(1), record(2)];
    let file = bytes(&records);
    let whole = read(&file).unwrap();
    let mut refused = 0;
    for at in 0..file.len() {
        for mask in [0x01, 0x80, 0xFF] {
            let mut changed = file.clone();
            changed[at] ^= mask;
            match read(&changed) {
                None => refused += 1,
                Some(other) => assert!(other == whole, "byte {at} ^ {mask:#x} tells another story"),
            }
        }
    }
    assert!(
        refused > file.len() * 2,
        "only {refused} changes were noticed"
    );
}

#[test]
fn bytes_added_at_either_end_are_refused() {
    let file = bytes(&[record(1)]);
    assert!(open(&[&file[..], b"\n"].concat()).is_err());
    assert!(read(&[b"\n", &file[..]].concat()).is_none());
}

#[test]
fn what_is_no_snapshot_is_told_from_what_was_cut() {
    for text in ["", "user,arn\n", "{}"] {
        assert!(
            matches!(open(text.as_bytes()), Err(SnapshotError::NotASnapshot)),
            "{text:?}"
        );
    }
    let file = bytes(&[record(1)]);
    let cut = open(&file[..file.len() - 1]);
    assert!(matches!(cut, Err(SnapshotError::Altered(_))));
}

/// Returns a file of frames of these texts, with an index and a footer that prove them.
fn forged(texts: &[(&[u8], u64)], promised: impl Fn(&mut Frame)) -> Vec<u8> {
    forged_with_footer(texts, promised, |_| {})
}

fn forged_with_footer(
    texts: &[(&[u8], u64)],
    promised: impl Fn(&mut Frame),
    proved: impl Fn(&mut Footer),
) -> Vec<u8> {
    let mut file = Vec::new();
    let mut frames = Vec::new();
    for (text, records) in texts {
        let mut frame = Frame {
            offset: file.len() as u64,
            length: text.len() as u64,
            sha256: sha256(text),
            records: *records,
        };
        promised(&mut frame);
        frames.push(frame);
        file.extend(zstd::bulk::compress(text, 3).unwrap());
    }
    let records = frames
        .iter()
        .map(|it| it.records)
        .fold(0, u64::wrapping_add);
    let mut index = to_line(&Line::Index(frames)).unwrap();
    let mut footer = Footer {
        records,
        iam_users: 0,
        sha256: sha256(&index),
    };
    proved(&mut footer);
    index.extend(to_line(&Line::Footer(footer)).unwrap());
    let offset = file.len() as u64;
    file.extend(zstd::bulk::compress(&index, 3).unwrap());
    file_of(&file, offset)
}

#[test]
fn a_footer_that_proves_another_index_is_refused() {
    let line = record_line(&record(1));
    let texts: [(&[u8], u64); 2] = [(&header_line(), 0), (&line, 1)];
    let changes: [fn(&mut Footer); 2] = [|it| it.sha256 = sha256(b""), |it| it.records = 2];
    for change in changes {
        let error = open(&forged_with_footer(&texts, |_| {}, change)).err();
        assert!(
            matches!(error, Some(SnapshotError::Altered(_))),
            "{error:?}"
        );
    }
}

fn header_line() -> Vec<u8> {
    to_line(&Line::Header(Box::new(header()))).unwrap()
}

fn record_line(record: &Record) -> Vec<u8> {
    to_line(&Line::Record(Box::new(std::borrow::Cow::Borrowed(record)))).unwrap()
}

#[test]
fn a_forged_file_that_keeps_the_form_is_read() {
    let line = record_line(&record(1));
    let file = forged(&[(&header_line(), 0), (&line, 1)], |_| {});
    assert_eq!(read(&file).unwrap().1, [record(1)]);
}

#[test]
fn a_newer_format_is_refused_by_its_number_whatever_else_it_holds() {
    let newer = FORMAT_VERSION + 41;
    let line = format!("{{\"header\":{{\"format\":{newer},\"unheard-of\":[]}}}}\n");
    let file = forged(&[(line.as_bytes(), 0)], |_| {});
    let error = open(&file).err().unwrap();
    assert!(matches!(error, SnapshotError::Newer(it) if it == newer));
    assert!(error.to_string().contains(&newer.to_string()), "{error}");
}

#[test]
fn a_frame_that_grows_beyond_what_the_index_says_is_refused() {
    let bomb = vec![b' '; 64 << 20];
    let short = |frame: &mut Frame| frame.length = frame.length.min(1000);
    let file = forged(&[(&header_line(), 0), (&bomb, 1)], short);
    assert!(file.len() < 20_000, "the bomb is small on disk");
    let mut opened = open(&file).unwrap();
    let error = records_of(&mut opened).unwrap_err();
    assert!(error.contains("longer than the index says"), "{error}");
}

#[test]
fn an_index_of_impossible_numbers_is_refused() {
    let line = record_line(&record(1));
    let changes: [fn(&mut Frame); 3] = [
        |it| it.records = u64::MAX,
        |it| it.length = u64::MAX,
        |it| it.offset = u64::MAX,
    ];
    for (place, change) in changes.into_iter().enumerate() {
        let file = forged(&[(&header_line(), 0), (&line, 1), (&line, 1)], change);
        assert!(read(&file).is_none(), "change {place}");
    }
}

#[test]
fn a_footer_that_counts_otherwise_is_refused() {
    let line = record_line(&record(1));
    let file = forged(&[(&header_line(), 0), (&line, 2)], |_| {});
    assert!(open(&file).is_ok(), "index and footer agree");
    assert!(
        read(&file).is_none(),
        "the frame does not hold what they say"
    );
}

#[test]
fn a_record_whose_facts_have_no_source_is_refused() {
    let mut record = record(1);
    record.iam_users.items[0].mfa = crate::Fact::Unknown(GapId(99));
    let line = record_line(&record);
    assert!(read(&forged(&[(&header_line(), 0), (&line, 1)], |_| {})).is_none());
}

#[test]
fn a_line_of_another_kind_among_the_records_is_refused() {
    let account = to_line(&Line::Account(std::borrow::Cow::Owned(record(1).account))).unwrap();
    for line in [header_line(), account, b"{}\n".to_vec(), b"[]\n".to_vec()] {
        let file = forged(&[(&header_line(), 0), (&line, 1)], |_| {});
        assert!(read(&file).is_none(), "{}", String::from_utf8_lossy(&line));
    }
}

#[test]
fn the_text_inside_is_json_lines() {
    let records = [record(1), record(2), record(3)];
    let file = bytes(&records);
    let text = zstd::stream::decode_all(Cursor::new(&file)).unwrap();
    let text = String::from_utf8(text).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|it| serde_json::from_str(it).unwrap())
        .collect();
    let keys: Vec<_> = lines
        .iter()
        .map(|it| it.as_object().unwrap().keys().next().unwrap().as_str())
        .collect();
    assert_eq!(
        keys,
        ["header", "record", "record", "record", "index", "footer"]
    );
    assert!(text.ends_with('\n'));
    assert_eq!(lines[0]["header"]["format"], FORMAT_VERSION);
    assert_eq!(
        lines[1]["record"]["account"]["id"],
        records[0].account.id.as_str()
    );
    assert_eq!(lines[5]["footer"]["records"], 3);
    assert_eq!(lines[5]["footer"]["iam_users"], 9);
    for frame in lines[4]["index"].as_array().unwrap() {
        assert_eq!(frame["sha256"].as_str().unwrap().len(), 64);
    }
}

#[test]
fn a_snapshot_of_no_account_is_whole() {
    assert_eq!(read(&bytes(&[])).unwrap(), (header(), Vec::new()));
}

#[test]
fn a_file_without_its_end_is_no_snapshot() {
    let mut out = Vec::new();
    let mut writer = SnapshotWriter::new(&mut out, &header()).unwrap();
    writer.append(&record(1)).unwrap();
    drop(writer);
    assert!(open(&out).is_err());
}
