//! The types of the columns.

use std::sync::Arc;

use ::parquet::{
    basic::{LogicalType, Repetition, TimeUnit, Type as Physical},
    errors::ParquetError,
    schema::types::{Type, TypePtr},
};

use super::{Column, Kind, Presence};

/// Returns the type of a row of that name.
pub(super) fn schema(row: &str, columns: &[Column]) -> Result<TypePtr, ParquetError> {
    let fields = columns.iter().map(field).collect::<Result<_, _>>()?;
    let row = Type::group_type_builder(row).with_fields(fields);
    Ok(Arc::new(row.build()?))
}

fn field(column: &Column) -> Result<TypePtr, ParquetError> {
    let (physical, logical) = match column.kind {
        Kind::Text | Kind::SharedText => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Time => (
            Physical::INT64,
            Some(LogicalType::timestamp(true, TimeUnit::MILLIS)),
        ),
        Kind::Day => (Physical::INT32, Some(LogicalType::Date)),
        Kind::Number => (Physical::INT64, None),
        Kind::Flag => (Physical::BOOLEAN, None),
    };
    let repetition = match column.presence {
        Presence::Always => Repetition::REQUIRED,
        Presence::Sometimes => Repetition::OPTIONAL,
    };
    let field = Type::primitive_type_builder(column.name, physical)
        .with_repetition(repetition)
        .with_logical_type(logical);
    Ok(Arc::new(field.build()?))
}
