use std::io::Write;

use ::parquet::{
    file::reader::{FileReader, SerializedFileReader},
    record::Field,
};

use crate::{
    Appearance, Colour, Links, Verbosity,
    columnar::{Columns, Kind, Presence, Value},
    formats::tests::{bytes, named, written},
    sample::{self, Sample},
    typed::TYPED,
};

const LOOK: Appearance = Appearance {
    width: 80,
    colour: Colour::Plain,
    links: Links::None,
    verbosity: Verbosity::Summary,
};

type ReadRow = Vec<(String, Field)>;

/// Returns the rows as Parquet's own reader has them, each a list of columns; and the metadata.
fn read(sample: &Sample) -> (Vec<ReadRow>, Vec<(String, String)>) {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&bytes(named("parquet"), sample, &LOOK)).unwrap();
    let reader = SerializedFileReader::new(file).unwrap();
    let rows = reader.get_row_iter(None).unwrap().map(|row| {
        let row = row.unwrap();
        row.get_column_iter().map(|(name, field)| (name.clone(), field.clone())).collect()
    });
    let rows = rows.collect();
    let metadata = reader.metadata().file_metadata();
    assert_eq!(metadata.created_by(), Some("mfaudit version 0.1.0"));
    let pairs = metadata.key_value_metadata().unwrap().iter();
    let pairs = pairs.map(|it| (it.key.clone(), it.value.clone().unwrap()));
    (rows, pairs.collect())
}

#[test]
fn a_row_tells_what_json_tells() {
    for sample in [
        sample::mixed(),
        sample::hostile(),
        sample::excused(),
        sample::compared(),
        sample::saved_evidence(),
    ] {
        let (rows, _) = read(&sample);
        let document = written(named("json"), &sample, &LOOK);
        let document: serde_json::Value = serde_json::from_str(&document).unwrap();
        let findings = document["findings"].as_array().unwrap();
        assert_eq!(rows.len(), findings.len());
        for (row, finding) in rows.iter().zip(findings) {
            let field = |name: &str| &row.iter().find(|it| it.0 == name).unwrap().1;
            for name in ["status", "rule", "account_id", "account_name", "principal_arn", "reason"] {
                assert_eq!(*field(name), Field::Str(finding[name].as_str().unwrap().to_owned()));
            }
            assert_eq!(*field("waived"), Field::Bool(finding["waiver"].is_object()));
            let time = |text: &str| text.parse::<model::Timestamp>().unwrap().epoch_seconds() * 1000;
            let expected = finding["evidence_time"].as_str().map(time);
            assert_eq!(*field("evidence_time"), expected.map_or(Field::Null, Field::TimestampMillis));
            let age = finding["evidence_age_seconds"].as_i64();
            assert_eq!(*field("evidence_age_seconds"), age.map_or(Field::Null, Field::Long));
            let gap = finding["gap_reason"].as_str();
            assert_eq!(*field("gap_reason"), gap.map_or(Field::Null, |it| Field::Str(it.to_owned())));
        }
    }
}

#[test]
fn a_file_without_rows_says_what_was_seen() {
    let (rows, metadata) = read(&sample::nothing_in_scope());
    assert!(rows.is_empty());
    let told = |key: &str| metadata.iter().find(|it| it.0 == key).map(|it| it.1.as_str());
    assert_eq!(told("mfaudit.accounts"), Some("0"));
    assert_eq!(told("mfaudit.coverage_percent"), None);
    assert_eq!(told("mfaudit.exit_code"), Some("4"));
}

#[test]
fn a_row_group_is_full_before_it_takes_much_memory() {
    let mut columns = Columns::new(&TYPED);
    let text = "x".repeat(300);
    let row: Vec<_> = TYPED
        .iter()
        .map(|it| match (it.presence, it.kind) {
            (Presence::Sometimes, _) => Value::Nothing,
            (Presence::Always, Kind::Flag) => Value::Flag(true),
            (Presence::Always, _) => Value::Text(text.as_str().into()),
        })
        .collect();
    let mut rows = 0;
    while !columns.are_full() {
        columns.add(&row);
        rows += 1;
    }
    // Three columns have texts of their own.
    assert!((18_000..19_000).contains(&rows), "{rows}");
}
