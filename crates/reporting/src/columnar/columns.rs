//! The rows of one row group, column by column, as Parquet writes them.

use std::{collections::BTreeMap, io::Write};

use ::parquet::{
    data_type::{BoolType, ByteArray, ByteArrayType, Int32Type, Int64Type},
    errors::ParquetError,
    file::writer::{SerializedColumnWriter, SerializedRowGroupWriter},
};
use model::{Date, Timestamp};

use super::{Column, Kind, Presence, Value};

/// A row group has at most so many rows, and so many bytes of text, whichever are fewer.
const ROWS: usize = 65_536;
const BYTES: usize = 16 << 20;
/// How many texts are handed over at once.
const BATCH: usize = 1024;
/// The definition levels of Parquet.
const PRESENT: i16 = 1;
const ABSENT: i16 = 0;

/// The rows of one row group.
#[derive(Debug)]
pub struct Columns {
    buffers: Vec<Buffer>,
    rows: usize,
    bytes: usize,
}

/// The values of one column.
#[derive(Debug)]
struct Buffer {
    presence: Presence,
    /// Whether each row has a value.
    levels: Vec<i16>,
    values: Values,
}

#[derive(Debug)]
enum Values {
    Texts {
        text: Vec<u8>,
        ends: Vec<usize>,
    },
    SharedTexts {
        known: Vec<ByteArray>,
        places: BTreeMap<String, usize>,
        rows: Vec<usize>,
    },
    Numbers(Vec<i64>),
    Days(Vec<i32>),
    Flags(Vec<bool>),
}

impl Columns {
    /// Returns no rows yet, of these columns.
    pub fn new(columns: &[Column]) -> Self {
        let empty = |kind| match kind {
            Kind::Text => Values::Texts {
                text: Vec::new(),
                ends: Vec::new(),
            },
            Kind::SharedText => Values::SharedTexts {
                known: Vec::new(),
                places: BTreeMap::new(),
                rows: Vec::new(),
            },
            Kind::Time | Kind::Number => Values::Numbers(Vec::new()),
            Kind::Day => Values::Days(Vec::new()),
            Kind::Flag => Values::Flags(Vec::new()),
        };
        let buffers = columns.iter().map(|it| Buffer {
            presence: it.presence,
            levels: Vec::new(),
            values: empty(it.kind),
        });
        Self {
            buffers: buffers.collect(),
            rows: 0,
            bytes: 0,
        }
    }

    /// Adds a row, which has a value of its kind for each column.
    pub fn add(&mut self, row: &[Value<'_>]) {
        self.rows += 1;
        for (column, value) in self.buffers.iter_mut().zip(row) {
            self.bytes += column.values.push(value);
            let level = if *value == Value::Nothing {
                ABSENT
            } else {
                PRESENT
            };
            column.levels.push(level);
        }
    }

    /// Tells whether it is time to write them.
    pub const fn are_full(&self) -> bool {
        self.rows >= ROWS || self.bytes >= BYTES
    }

    /// Tells whether there are none.
    pub const fn are_empty(&self) -> bool {
        self.rows == 0
    }

    /// Writes the rows, and forgets them.
    pub(super) fn write<W: Write + Send>(
        &mut self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        for column in &mut self.buffers {
            let Some(mut writer) = group.next_column()? else {
                return Err(ParquetError::General(
                    "the schema has fewer columns than rows have".to_owned(),
                ));
            };
            column.write(&mut writer)?;
            writer.close()?;
            column.levels.clear();
            column.values.clear();
        }
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

impl Buffer {
    /// A column in which every row has a value has no levels.
    const fn levels_of<'a>(&self, rows: &'a [i16]) -> Option<&'a [i16]> {
        match self.presence {
            Presence::Always => None,
            Presence::Sometimes => Some(rows),
        }
    }

    fn write(&self, out: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let all_levels = self.levels_of(&self.levels);
        match &self.values {
            Values::Numbers(all) => {
                out.typed::<Int64Type>()
                    .write_batch(all, all_levels, None)?;
            }
            Values::Days(all) => {
                out.typed::<Int32Type>()
                    .write_batch(all, all_levels, None)?;
            }
            Values::Flags(all) => {
                out.typed::<BoolType>().write_batch(all, all_levels, None)?;
            }
            Values::Texts { .. } | Values::SharedTexts { .. } => {
                let mut texts = self.values.texts();
                for rows in self.levels.chunks(BATCH) {
                    let present = rows.iter().filter(|it| **it == PRESENT).count();
                    let batch: Vec<_> = texts.by_ref().take(present).collect();
                    out.typed::<ByteArrayType>()
                        .write_batch(&batch, self.levels_of(rows), None)?;
                }
            }
        }
        Ok(())
    }
}

impl Values {
    /// Adds a value, and returns how many bytes of text that takes.
    fn push(&mut self, value: &Value<'_>) -> usize {
        match (self, value) {
            (Self::Texts { text, ends }, Value::Text(it)) => {
                text.extend_from_slice(it.as_bytes());
                ends.push(text.len());
                it.len()
            }
            (
                Self::SharedTexts {
                    known,
                    places,
                    rows,
                },
                Value::Text(it),
            ) => {
                if let Some(place) = places.get(&**it) {
                    rows.push(*place);
                    return 0;
                }
                rows.push(known.len());
                places.insert(it.to_string(), known.len());
                known.push(ByteArray::from(it.as_bytes().to_vec()));
                2 * it.len()
            }
            (Self::Numbers(all), Value::Time(it)) => {
                all.push(it.epoch_seconds().saturating_mul(1000));
                0
            }
            (Self::Numbers(all), Value::Number(it)) => {
                all.push(*it);
                0
            }
            (Self::Days(all), Value::Day(it)) => {
                all.push(days_since_epoch(*it));
                0
            }
            (Self::Flags(all), Value::Flag(it)) => {
                all.push(*it);
                0
            }
            // A value that is not of its column's kind does not exist: a test says so.
            (_, _) => 0,
        }
    }

    fn texts(&self) -> Box<dyn Iterator<Item = ByteArray> + '_> {
        match self {
            Self::Texts { text, ends } => {
                let starts = std::iter::once(&0).chain(ends);
                let spans = starts
                    .zip(ends)
                    .filter_map(|(start, end)| text.get(*start..*end));
                Box::new(spans.map(|it| ByteArray::from(it.to_vec())))
            }
            Self::SharedTexts { known, rows, .. } => {
                Box::new(rows.iter().filter_map(|it| known.get(*it)).cloned())
            }
            Self::Numbers(_) | Self::Days(_) | Self::Flags(_) => Box::new(std::iter::empty()),
        }
    }

    fn clear(&mut self) {
        match self {
            Self::Texts { text, ends } => {
                text.clear();
                ends.clear();
            }
            Self::SharedTexts {
                known,
                places,
                rows,
            } => {
                known.clear();
                places.clear();
                rows.clear();
            }
            Self::Numbers(all) => all.clear(),
            Self::Days(all) => all.clear(),
            Self::Flags(all) => all.clear(),
        }
    }
}

fn days_since_epoch(day: Date) -> i32 {
    let days = Date::of(Timestamp::EPOCH).map(|it| day.days_since(it));
    days.and_then(|it| i32::try_from(it).ok())
        .unwrap_or_default()
}
