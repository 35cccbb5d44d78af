//! What a published run was judged by, in one number: a run is judged once. What decides what is collected has another
//! number, in `collection_digest`.

use crate::{
    args::RuleArgs,
    bundle,
    config_file::{ConfigFile, Options},
    error::{CliError, Kind},
    given::Given,
};

/// The sections that decide what stands in a run's tables. Where reports go, who is told, and what the gate makes of a run
/// change nothing of it.
const SECTIONS: [&str; 5] = ["rules", "rule", "waiver", "waivers", "owner"];

/// Returns the SHA-256 of the rules, settings, waivers and owners in force, wherever they were set, in hexadecimal.
pub(crate) fn of(config: &ConfigFile, rules: &RuleArgs, given: &Given) -> Result<String, CliError> {
    let options = Options {
        rules: Some(rules),
        ..Options::default()
    };
    // Comments say where values come from, and are left behind here.
    let criteria: toml::Table = toml::from_str(&config.print(&options, given)?).map_err(failed)?;
    let text = toml::to_string(&judged_by(criteria)).map_err(failed)?;
    Ok(bundle::digest(text.as_bytes()).map_err(failed)?.0)
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> CliError {
    CliError::new(Kind::Failed, error)
}

/// Keeps what decides, and sorts what means the same in any order and however often it is said. Of two owners
/// of one thing the last counts: they keep their order.
fn judged_by(mut criteria: toml::Table) -> toml::Table {
    criteria.retain(|section, _| SECTIONS.contains(&section));
    let rules = criteria
        .get_mut("rules")
        .and_then(toml::Value::as_table_mut);
    for (_, names) in rules.into_iter().flatten() {
        sort(names);
    }
    for section in ["rule", "waiver"] {
        if let Some(list) = criteria.get_mut(section) {
            sort(list);
        }
    }
    criteria
}

fn sort(list: &mut toml::Value) {
    if let Some(list) = list.as_array_mut() {
        list.sort_by_cached_key(toml::Value::to_string);
        list.dedup();
    }
}

#[cfg(test)]
mod tests {
    use super::judged_by;

    fn criteria(text: &str) -> toml::Table {
        judged_by(toml::from_str(text).unwrap())
    }

    #[test]
    fn what_decides_nothing_of_a_run_is_left_out() {
        let judged = criteria("[rules]\nadd = [\"a\"]\n[[waiver]]\nrule = \"a\"\n");
        let more = "[rules]\nadd = [\"a\"]\n[gate]\nfail-on = \"low\"\n[[waiver]]\nrule = \"a\"\n[[coverage-waiver]]\nou = \"x\"\n\
            [[notify]]\nbody = \"json\"\n[[report]]\nformat = \"csv\"\n";
        assert_eq!(judged, criteria(more));
        assert_ne!(judged, criteria("[rules]\nadd = [\"a\"]\n"));
    }

    #[test]
    fn order_counts_for_owners_alone() {
        let rules = |one: &str, other: &str| {
            criteria(&format!(
                "[rules]\nadd = [\"{one}\", \"{other}\"]\n[[rule]]\nid = \"{one}\"\n[[rule]]\nid = \"{other}\"\n\
                [[waiver]]\nrule = \"{one}\"\n[[waiver]]\nrule = \"{other}\"\n"
            ))
        };
        assert_eq!(rules("a", "b"), rules("b", "a"));
        let owners = |one: &str, other: &str| {
            criteria(&format!(
                "[[owner]]\nname = \"{one}\"\n[[owner]]\nname = \"{other}\"\n"
            ))
        };
        assert_ne!(owners("a", "b"), owners("b", "a"));
    }
}
