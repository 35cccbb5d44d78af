//! What is written is under another name until it is whole, which nobody takes for data: Spark, Hive, Athena and Trino
//! pass over names that begin with `_`, and Spark does so only if there is no `=` in them.

use uuid::Uuid;

/// How such a name begins.
pub(super) const BEGIN: &str = "_mfaudit-";
/// How it ends.
pub(super) const END: &str = ".part";

/// Returns a name that nothing has.
pub(super) fn name() -> String {
    format!("{BEGIN}{}{END}", Uuid::new_v4().simple())
}

/// Tells whether a name, with the folders before it, is of something that never became whole.
pub(super) fn is_one(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.starts_with(BEGIN) && file.ends_with(END)
}
