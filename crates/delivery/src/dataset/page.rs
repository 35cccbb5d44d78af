//! The page that documents the dataset.

use std::fmt::Write;

use reporting::columnar::{Kind, Presence};

use super::{
    Query, SCHEMA_VERSION,
    sql::{Engine, VIEWS},
    tables::{RUNS, TABLES, Table},
};

/// Returns `docs/history.md`.
pub fn page() -> String {
    let mut queries = String::new();
    for query in Query::ALL {
        // Writing to a string cannot fail.
        let _ = write!(
            queries,
            "\n### {}\n\n{}.\n\n```sql\n{};\n```\n",
            query.name(),
            query.title(),
            query.sql().trim_end()
        );
    }
    let schema: String = TABLES.iter().map(|it| schema(it)).collect();
    let text = include_str!("history.md")
        .replace("{{version}}", &SCHEMA_VERSION.to_string())
        .replace("{{schema}}", &schema)
        .replace("{{duckdb}}", &Engine::DuckDb.tables())
        .replace("{{spark}}", &Engine::Spark.tables())
        .replace("{{athena}}", &Engine::Athena.tables())
        .replace("{{views}}", VIEWS)
        .replace("{{queries}}", &queries);
    format!("{}\n", text.trim_end())
}

fn schema(table: &Table) -> String {
    let mut text = format!(
        "\n### {}\n\nA row is {}.\n\n| column | type | null | |\n|---|---|---|---|\n",
        table.name, table.row
    );
    for field in table.fields {
        let kind = match field.column.kind {
            Kind::Text | Kind::SharedText => "text",
            Kind::Time => "timestamp",
            Kind::Day => "date",
            Kind::Number => "bigint",
            Kind::Flag => "boolean",
        };
        let null = match field.column.presence {
            Presence::Always => "never",
            Presence::Sometimes => "possible",
        };
        let name = field.column.name;
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| `{name}` | {kind} | {null} | {} |", field.about);
    }
    if table.name != RUNS.name {
        text.push_str("\n`date` and `organization` are the folders'.\n");
    }
    text
}
