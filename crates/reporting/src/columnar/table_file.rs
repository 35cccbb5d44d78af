//! A Parquet file that is being written.

use std::{
    io::{self, Write},
    sync::Arc,
};

use ::parquet::{
    basic::{Compression, ZstdLevel},
    errors::ParquetError,
    file::{
        metadata::KeyValue,
        properties::{WriterProperties, WriterPropertiesPtr},
        writer::SerializedFileWriter,
    },
    schema::types::ColumnPath,
};

use super::{Column, Columns, schema};

/// The column in which no two rows have the same: a dictionary of it would be in vain.
const UNIQUE: &str = "finding_id";

/// A Parquet file that is being written, of which only what is not written yet is held.
pub struct TableFile {
    out: Box<dyn Write>,
    file: SerializedFileWriter<Vec<u8>>,
}

impl TableFile {
    /// Begins a file whose rows are called `row` and have these columns. Nothing is written before the first rows.
    ///
    /// # Errors
    ///
    /// Fails if two columns have one name.
    pub fn new(out: Box<dyn Write>, row: &str, columns: &[Column]) -> io::Result<Self> {
        let schema = schema::schema(row, columns).map_err(failed)?;
        let file = SerializedFileWriter::new(Vec::new(), schema, properties()?).map_err(failed)?;
        Ok(Self { out, file })
    }

    /// Writes rows as one row group, and forgets them. They must have the file's columns.
    ///
    /// # Errors
    ///
    /// Fails if they have other columns, or cannot be written.
    pub fn write(&mut self, rows: &mut Columns) -> io::Result<()> {
        let mut group = self.file.next_row_group().map_err(failed)?;
        rows.write(&mut group).map_err(failed)?;
        group.close().map_err(failed)?;
        self.file.flush()?;
        // Offsets are counted by the file itself, so that what was written need not be held.
        let bytes = std::mem::take(self.file.inner_mut());
        self.out.write_all(&bytes)
    }

    /// Ends the file, with what is said of it as a whole.
    ///
    /// # Errors
    ///
    /// Fails if it cannot be written.
    pub fn finish(mut self, about: impl IntoIterator<Item = (String, String)>) -> io::Result<()> {
        for (key, value) in about {
            self.file
                .append_key_value_metadata(KeyValue::new(key, value));
        }
        self.out
            .write_all(&self.file.into_inner().map_err(failed)?)?;
        self.out.flush()
    }
}

fn properties() -> io::Result<WriterPropertiesPtr> {
    let level = ZstdLevel::try_new(3).map_err(failed)?;
    let properties = WriterProperties::builder()
        .set_created_by(concat!("mfaudit version ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(Compression::ZSTD(level))
        .set_column_dictionary_enabled(ColumnPath::from(UNIQUE), false);
    Ok(Arc::new(properties.build()))
}

fn failed(error: ParquetError) -> io::Error {
    io::Error::other(error)
}
