//! The configuration's own rules beside the tool's.

use rules::{Criteria, Rule};

use crate::{
    args::RuleArgs,
    config_file::Custom,
    error::{CliError, Kind},
};

/// Adds the configuration's rules: those that were named, or all if none was.
///
/// # Errors
///
/// Fails if one was named that the configuration does not have.
pub(crate) fn join(
    criteria: &mut Criteria,
    args: &RuleArgs,
    custom: &[Custom],
) -> Result<(), CliError> {
    for named in args.rules.iter().filter(|it| it.is_custom()) {
        find(&named.id, custom)?;
    }
    let is_chosen = |it: &&Custom| {
        args.rules.is_empty() || args.rules.iter().any(|named| named.id == it.rule.id)
    };
    let chosen = custom.iter().filter(is_chosen).map(|it| it.rule);
    criteria.rules.extend(chosen);
    Ok(())
}

/// Returns the configuration's rule of that name.
///
/// # Errors
///
/// Fails if there is none.
pub(crate) fn find(id: &str, custom: &[Custom]) -> Result<&'static Rule, CliError> {
    let found = custom.iter().find(|it| it.rule.id == id);
    found.map(|it| it.rule).ok_or_else(|| {
        let what = format!("the configuration has no rule `{id}`");
        let hint = if custom.is_empty() {
            "write it in mfaudit.toml as a [[rule]], or name another file with --config".to_owned()
        } else {
            let known: Vec<_> = custom.iter().map(|it| it.rule.id).collect();
            format!("it has {}", known.join(", "))
        };
        CliError::new(Kind::Usage, what).hint(hint)
    })
}
