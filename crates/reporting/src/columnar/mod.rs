//! Tables of typed columns, as Apache Parquet keeps them: written row group by row group, in memory that does not grow.

mod column;
#[cfg(feature = "parquet")]
mod columns;
#[cfg(feature = "parquet")]
mod schema;
#[cfg(feature = "parquet")]
mod table_file;

pub use self::column::{Column, Kind, Presence, Value};
#[cfg(feature = "parquet")]
pub use self::{columns::Columns, table_file::TableFile};
