//! Reads columns of the tables' files, row group by row group, and no others.

use std::fs::File;

use ::parquet::{
    basic::Type as Physical,
    column::reader::{ColumnReader, ColumnReaderImpl},
    data_type::{ByteArray, DataType},
    errors::ParquetError,
    file::{
        metadata::{ColumnChunkMetaData, RowGroupMetaData},
        reader::{FileReader, RowGroupReader, SerializedFileReader},
    },
};

use super::DatasetError;
use crate::storage::Location;

/// An open file of a table.
pub(super) struct TableReader {
    file: SerializedFileReader<File>,
    at: Location,
}

impl TableReader {
    pub(super) fn open(file: File, at: &Location) -> Result<Self, DatasetError> {
        Ok(Self {
            file: SerializedFileReader::new(file).map_err(|it| foreign(at, &it))?,
            at: at.clone(),
        })
    }

    /// Returns the row groups, of which nothing is read yet.
    pub(super) fn groups(&self) -> impl Iterator<Item = Result<Group<'_>, DatasetError>> {
        (0..self.file.num_row_groups()).map(|index| {
            let reader = self.file.get_row_group(index);
            Ok(Group {
                reader: reader.map_err(|it| foreign(&self.at, &it))?,
                at: &self.at,
            })
        })
    }
}

/// A row group.
pub(super) struct Group<'a> {
    reader: Box<dyn RowGroupReader + 'a>,
    at: &'a Location,
}

impl Group<'_> {
    fn metadata(&self) -> &RowGroupMetaData {
        self.reader.metadata()
    }

    /// Returns how many rows it has.
    pub(super) fn rows(&self) -> usize {
        usize::try_from(self.metadata().num_rows()).unwrap_or_default()
    }

    /// Returns the text that every row has in a column, if the file's statistics say that it is one.
    pub(super) fn only_text(&self, name: &str) -> Option<String> {
        let column = self.metadata().columns().iter();
        let column = column
            .clone()
            .find(|it| it.column_path().string() == name)?;
        let statistics = column.statistics()?;
        let exact = statistics.min_is_exact() && statistics.max_is_exact();
        let (min, max) = (statistics.min_bytes_opt()?, statistics.max_bytes_opt()?);
        if !exact || min != max || statistics.null_count_opt() != Some(0) {
            return None;
        }
        String::from_utf8(min.to_vec()).ok()
    }

    /// Returns a column of texts; `None` where a row has none.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<Option<ByteArray>>, DatasetError> {
        match self.column(name, Physical::BYTE_ARRAY)? {
            (ColumnReader::ByteArrayColumnReader(reader), nullable) => {
                self.values(reader, nullable)
            }
            _ => Err(self.no_column(name)),
        }
    }

    /// Returns a column of numbers or times.
    pub(super) fn numbers(&self, name: &str) -> Result<Vec<Option<i64>>, DatasetError> {
        match self.column(name, Physical::INT64)? {
            (ColumnReader::Int64ColumnReader(reader), nullable) => self.values(reader, nullable),
            _ => Err(self.no_column(name)),
        }
    }

    /// Returns a column of days since 1970-01-01.
    pub(super) fn days(&self, name: &str) -> Result<Vec<Option<i32>>, DatasetError> {
        match self.column(name, Physical::INT32)? {
            (ColumnReader::Int32ColumnReader(reader), nullable) => self.values(reader, nullable),
            _ => Err(self.no_column(name)),
        }
    }

    /// Returns a column of yes and no.
    pub(super) fn flags(&self, name: &str) -> Result<Vec<Option<bool>>, DatasetError> {
        match self.column(name, Physical::BOOLEAN)? {
            (ColumnReader::BoolColumnReader(reader), nullable) => self.values(reader, nullable),
            _ => Err(self.no_column(name)),
        }
    }

    fn no_column(&self, name: &str) -> DatasetError {
        DatasetError::Foreign {
            at: self.at.clone(),
            why: format!("it has no column `{name}` of the type that it must have"),
        }
    }

    fn column(&self, name: &str, physical: Physical) -> Result<(ColumnReader, bool), DatasetError> {
        let columns = self.metadata().columns();
        let found = columns
            .iter()
            .position(|it| it.column_path().string() == name && it.column_type() == physical)
            .ok_or_else(|| self.no_column(name))?;
        let descriptor = columns.get(found).map(ColumnChunkMetaData::column_descr);
        let levels = descriptor.map_or((0, 0), |it| (it.max_def_level(), it.max_rep_level()));
        if levels.0 > 1 || levels.1 > 0 {
            return Err(self.no_column(name));
        }
        let reader = self.reader.get_column_reader(found);
        Ok((reader.map_err(|it| foreign(self.at, &it))?, levels.0 == 1))
    }

    fn values<T: DataType>(
        &self,
        mut reader: ColumnReaderImpl<T>,
        nullable: bool,
    ) -> Result<Vec<Option<T::T>>, DatasetError> {
        let rows = self.rows();
        let (mut levels, mut values, mut read) = (Vec::new(), Vec::new(), 0);
        while read < rows {
            let levels = nullable.then_some(&mut levels);
            let more = reader.read_records(rows - read, levels, None, &mut values);
            let (records, _, _) = more.map_err(|it| foreign(self.at, &it))?;
            if records == 0 {
                let cut = ParquetError::EOF("a column has fewer values than rows".to_owned());
                return Err(foreign(self.at, &cut));
            }
            read += records;
        }
        if !nullable {
            return Ok(values.into_iter().map(Some).collect());
        }
        let mut values = values.into_iter();
        let present = |it: &i16| if *it == 0 { None } else { values.next() };
        Ok(levels.iter().map(present).collect())
    }
}

fn foreign(at: &Location, error: &ParquetError) -> DatasetError {
    DatasetError::Foreign {
        at: at.clone(),
        why: error.to_string(),
    }
}
