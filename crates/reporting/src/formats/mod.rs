//! The formats: one file each.

/// Compiles and registers the formats. A format that is not listed here is not compiled.
macro_rules! formats {
    ($($(#[$when:meta])? $module:ident),+ $(,)?) => {
        $($(#[$when])? mod $module;)+

        /// Every format, in the order `--help` lists them.
        pub static FORMATS: &[&crate::Format] = &[$($(#[$when])? &$module::FORMAT),+];
    };
}

formats! {
    table,
    csv,
    json,
    ndjson,
    coverage,
    markdown,
    #[cfg(feature = "xlsx")]
    xlsx,
    #[cfg(feature = "parquet")]
    parquet,
    prometheus,
    html,
    sarif,
    junit,
    ocsf,
    asff,
}

pub(crate) use self::table::{
    Meaning, change_counts, change_label, diff_table, rows_table, trend_table,
};

#[cfg(test)]
pub(crate) mod tests;
