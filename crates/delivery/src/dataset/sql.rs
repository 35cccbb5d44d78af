//! The tables, views and queries, as engines take them. They are what the tests run, and what `docs/history.md` says.

use std::fmt::Write;

use reporting::columnar::Kind;

use super::{
    Query,
    tables::{Field, RUNS, TABLES, Table},
};

/// What stands for the dataset's address in what is returned.
pub const PLACEHOLDER: &str = "${URL}";

/// The statements that define the views, as every engine takes them.
pub(super) const VIEWS: &str = include_str!("sql/views.sql");

/// The views that questions are made of, in order of what needs what.
const KEPT: [&str; 3] = ["mentions", "gone", "episodes"];

/// A query engine.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Engine {
    /// `DuckDB`.
    DuckDb,
    /// Amazon Athena; Trino but for the definitions of the tables.
    Athena,
    /// Apache Spark.
    Spark,
}

impl Engine {
    /// Every engine.
    pub const ALL: [Self; 3] = [Self::DuckDb, Self::Athena, Self::Spark];

    /// Returns its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DuckDb => "duckdb",
            Self::Athena => "athena",
            Self::Spark => "spark",
        }
    }

    /// Returns the statements that define the tables over the dataset's files.
    pub fn tables(self) -> String {
        match self {
            Self::DuckDb => include_str!("sql/duckdb.sql").to_owned(),
            Self::Spark => {
                let tables = TABLES.iter().map(|it| spark(it));
                format!("{SPARK}{}", tables.collect::<String>())
            }
            Self::Athena => TABLES.iter().map(|it| athena(it)).collect(),
        }
    }

    /// Returns the statements that define the views, which show whole runs alone.
    pub fn views(self) -> String {
        match self {
            // What the questions have in common is computed once: DuckDB would do so at each mention.
            Self::DuckDb => KEPT.iter().fold(VIEWS.to_owned(), |views, name| {
                views.replace(
                    &format!("CREATE OR REPLACE VIEW {name} AS"),
                    &format!("CREATE OR REPLACE TEMP TABLE {name} AS"),
                )
            }),
            // A view that lasts cannot be of tables that do not.
            Self::Spark => VIEWS.replace("CREATE OR REPLACE VIEW", "CREATE OR REPLACE TEMPORARY VIEW"),
            // Athena lists the tables' files in an order of its own.
            Self::Athena => VIEWS.replace(
                "WHERE r.schema_version <= 1;",
                "WHERE r.schema_version <= 1 AND r.published_at < current_timestamp - interval '15' minute;",
            ),
        }
    }

    /// Returns everything: tables, views, and the queries, each under a comment with its name.
    pub fn script(self) -> String {
        let mut text = format!("{}\n{}", self.tables(), self.views());
        for query in Query::ALL {
            // Writing to a string cannot fail.
            let _ = write!(text, "\n-- {}\n{};\n", query.name(), query.sql().trim_end());
        }
        text
    }
}

/// What stands above the tables of Spark.
const SPARK: &str = "-- The tables' files, the commits first: a run whose commit is listed has all its files. Spark lists the files here and
-- does not look again: run these in each session, in this order.
";

fn spark(table: &Table) -> String {
    let name = table.name;
    let mut columns = columns(table);
    if name != RUNS.name {
        columns.extend(PARTITIONS.map(|it| format!("  {it}")));
    }
    format!(
        "CREATE OR REPLACE TEMPORARY VIEW {name}_files (\n{}\n) USING parquet\nOPTIONS (path '{PLACEHOLDER}/{name}', pathGlobFilter '*.parquet');\n",
        columns.join(",\n"),
    )
}

/// The columns that are in the names of folders.
const PARTITIONS: [&str; 2] = ["`date` date", "`organization` string"];

fn columns(table: &Table) -> Vec<String> {
    let column = |it: &Field| {
        let kind = match it.column.kind {
            Kind::Text | Kind::SharedText => "string",
            Kind::Time => "timestamp",
            Kind::Day => "date",
            Kind::Number => "bigint",
            Kind::Flag => "boolean",
        };
        format!("  `{}` {kind}", it.column.name)
    };
    table.fields.iter().map(column).collect()
}

fn athena(table: &Table) -> String {
    let columns = columns(table);
    let name = table.name;
    let (partitions, projection) = if name == RUNS.name {
        (String::new(), String::new())
    } else {
        (
            format!("PARTITIONED BY ({})\n", PARTITIONS.join(", ")),
            format!(
                "\nTBLPROPERTIES (\n  'projection.enabled' = 'true',\n  'projection.date.type' = 'date',\n  \
                 'projection.date.format' = 'yyyy-MM-dd',\n  'projection.date.range' = '2006-01-01,NOW+1DAYS',\n  \
                 'projection.organization.type' = 'enum',\n  'projection.organization.values' = '${{ORGANIZATION}}',\n  \
                 'storage.location.template' = '{PLACEHOLDER}/{name}/date=${{date}}/organization=${{organization}}/'\n)"
            ),
        )
    };
    format!(
        "CREATE EXTERNAL TABLE IF NOT EXISTS {name}_files (\n{}\n)\n{partitions}STORED AS PARQUET\n\
         LOCATION '{PLACEHOLDER}/{name}/'{projection};\n",
        columns.join(",\n"),
    )
}
