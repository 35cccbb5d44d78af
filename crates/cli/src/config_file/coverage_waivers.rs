//! The section `[[coverage-waiver]]`.

use model::Date;
use rules::{CoverageWaiver, WaiverScope};
use serde_json::{Value as Json, json};
use toml::{Spanned, value::Datetime};

use super::{mistakes::Mistakes, table::Table};

pub(super) const SECTION: &str = "coverage-waiver";

/// Takes the coverage waivers out of the document.
pub(super) fn take(document: &mut Table<'_>, mistakes: &mut Mistakes<'_>) -> Vec<CoverageWaiver> {
    let tables = document.tables(SECTION, mistakes);
    tables
        .into_iter()
        .filter_map(|it| waiver(it, mistakes))
        .collect()
}

/// Reads every key before the first mistake ends it, so that all are told.
fn waiver(mut table: Table<'_>, mistakes: &mut Mistakes<'_>) -> Option<CoverageWaiver> {
    let scope = scope(&mut table, mistakes);
    let reason = mandatory(
        &mut table,
        "reason",
        "\"why not all is seen there\"",
        mistakes,
    );
    let owner = mandatory(&mut table, "owner", "\"who answers for it\"", mistakes);
    let expires = expires(&mut table, mistakes);
    table.end(mistakes);
    Some(CoverageWaiver {
        scope: scope?,
        reason: reason?,
        owner: owner?,
        expires: expires?,
    })
}

fn scope(table: &mut Table<'_>, mistakes: &mut Mistakes<'_>) -> Option<WaiverScope> {
    let (account_span, ou_span) = (table.key_span("account"), table.key_span("ou"));
    let account = table.text("account", mistakes);
    let ou = table.text("ou", mistakes);
    match (account_span, ou_span) {
        (Some(_), Some(second)) => {
            let what = "a waiver has either `account` or `ou`: write two waivers";
            mistakes.add(second, what);
            None
        }
        (None, None) => {
            table.lacks(
                "`account` or `ou`",
                "account = \"222222222222\" or ou = \"Sandbox\"",
                mistakes,
            );
            None
        }
        (Some(_), None) => account_scope(&account?, mistakes),
        (None, Some(_)) => ou_scope(&ou?, mistakes),
    }
}

fn account_scope(text: &Spanned<&str>, mistakes: &mut Mistakes<'_>) -> Option<WaiverScope> {
    match text.get_ref().parse() {
        Ok(id) => Some(WaiverScope::Account(id)),
        Err(error) => {
            let error: model::InvalidAccountId = error;
            mistakes.add(text.span(), format!("{error}: write all twelve in quotes"));
            None
        }
    }
}

fn ou_scope(text: &Spanned<&str>, mistakes: &mut Mistakes<'_>) -> Option<WaiverScope> {
    let path = text.get_ref().trim_matches('/');
    if path.is_empty() {
        let what = "`ou` names no unit: write the names from the root, as reports show them: \"Workloads/Prod\"; an \
                    account at the root is waived by `account`";
        mistakes.add(text.span(), what);
        return None;
    }
    Some(WaiverScope::Ou(path.to_owned()))
}

/// Takes a text that must be there.
pub(super) fn mandatory(
    table: &mut Table<'_>,
    key: &'static str,
    example: &str,
    mistakes: &mut Mistakes<'_>,
) -> Option<String> {
    if table.key_span(key).is_none() {
        table.lacks(&format!("`{key}`"), &format!("{key} = {example}"), mistakes);
    }
    table
        .text(key, mistakes)
        .map(|it| (*it.get_ref()).to_owned())
}

fn expires(table: &mut Table<'_>, mistakes: &mut Mistakes<'_>) -> Option<Date> {
    const EXAMPLE: &str = "expires = 2026-12-31";
    let Some(value) = table.take("expires") else {
        table.lacks("`expires`", EXAMPLE, mistakes);
        return None;
    };
    let day = value.get_ref().as_datetime().and_then(day);
    if day.is_none() {
        let what =
            format!("`expires` is the last day, as a date without quotes and time: {EXAMPLE}");
        mistakes.add(value.span(), what);
    }
    day
}

/// Returns the day that a date without a time is.
pub(super) fn day(it: &Datetime) -> Option<Date> {
    let (Some(date), None) = (it.date, it.time) else {
        return None;
    };
    Date::new(
        i16::try_from(date.year).ok()?,
        i8::try_from(date.month).ok()?,
        i8::try_from(date.day).ok()?,
    )
}

/// Returns the schema of the list.
pub(super) fn schema() -> Json {
    let text = |about: &str| json!({ "description": about, "type": "string", "minLength": 1 });
    json!({
        "description": "Accounts and units whose gaps somebody answers for until a day",
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "account": {
                    "description": "The account's twelve digits",
                    "type": "string",
                    "pattern": "^[0-9]{12}$",
                },
                "ou": text("The path of an organizational unit, as reports show it"),
                "reason": text("Why not all is seen there"),
                "owner": text("Who answers for it"),
                "expires": {
                    "description": "The last day, as a date without quotes",
                    "type": "string",
                    "format": "date",
                },
            },
            "required": ["reason", "owner", "expires"],
            "oneOf": [{ "required": ["account"] }, { "required": ["ou"] }],
            "additionalProperties": false,
        },
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use rules::{CoverageWaiver, WaiverScope};

    use crate::config_file::ConfigFile;

    fn read(text: &str) -> Result<Vec<CoverageWaiver>, String> {
        let config = ConfigFile::parse(Path::new("c.toml"), text);
        config
            .map(|it| it.coverage_waivers)
            .map_err(|it| it.to_string())
    }

    const REST: &str = "reason = \"r\"\nowner = \"o\"\nexpires = 2026-12-31\n";

    #[test]
    fn a_waiver_is_read_with_all_it_says() {
        let text = "[[coverage-waiver]]\nou = \"/Sandbox/Labs/\"\nreason = \" being closed \"\nowner = \"ana\"\n\
                    expires = 2024-02-29\n[[coverage-waiver]]\naccount = \"000000000001\"\n";
        let waivers = read(&format!("{text}{REST}")).unwrap();
        let [first, second] = waivers.as_slice() else {
            panic!("{waivers:?}")
        };
        assert_eq!(first.scope, WaiverScope::Ou("Sandbox/Labs".to_owned()));
        assert_eq!(
            (first.reason.as_str(), first.owner.as_str()),
            ("being closed", "ana")
        );
        assert_eq!(first.expires.to_string(), "2024-02-29");
        assert_eq!(second.scope.value(), "000000000001");
    }

    #[test]
    fn every_mistake_says_what_to_do() {
        for (keys, rest, told) in [
            (
                "",
                REST,
                "has no `account` or `ou`: add account = \"222222222222\" or ou = \"Sandbox\"",
            ),
            (
                "account = 222222222222\n",
                REST,
                "2:11: `account` is a text, not of type integer: put it in quotes",
            ),
            (
                "account = \"22\"\n",
                REST,
                "2:11: `22` is not an account id (twelve digits)",
            ),
            (
                "account = \"222222222222\"\nou = \"A\"\n",
                REST,
                "3:1: a waiver has either `account` or `ou`",
            ),
            ("ou = \"/\"\n", REST, "2:6: `ou` names no unit"),
            (
                "ou = \"A\"\n",
                "reason = \"r\"\nowner = \"o\"\n",
                "1:1: [[coverage-waiver]] has no `expires`: add expires = 2026-12-31",
            ),
            (
                "ou = \"A\"\n",
                "owner = \"o\"\nexpires = 2026-12-31\n",
                "has no `reason`",
            ),
            (
                "ou = \"A\"\n",
                "reason = \"r\"\nexpires = 2026-12-31\n",
                "has no `owner`",
            ),
            (
                "ou = \"A\"\n",
                "reason = \" \"\nowner = \"o\"\nexpires = 2026-12-31\n",
                "3:10: `reason` is empty",
            ),
            (
                "ou = \"A\"\n",
                "reason = \"r\"\nowner = \"o\"\nexpires = \"2026-12-31\"\n",
                "5:11: `expires` is the last day, as a date without quotes",
            ),
            (
                "ou = \"A\"\n",
                "reason = \"r\"\nowner = \"o\"\nexpires = 2026-12-31T00:00:00Z\n",
                "without quotes and time",
            ),
            (
                "ou = \"A\"\nowners = \"x\"\n",
                REST,
                "3:1: unknown key `owners` in [[coverage-waiver]]: did you mean `owner`?",
            ),
            (
                "ou = \"A\"\nzzz = 1\n",
                REST,
                "known are account, ou, reason, owner, expires",
            ),
        ] {
            let error = read(&format!("[[coverage-waiver]]\n{keys}{rest}")).unwrap_err();
            assert!(error.contains(told), "{told}\n{error}");
            assert_eq!(error.lines().count(), 2, "one mistake: {error}");
        }
    }

    #[test]
    fn a_section_of_another_form_is_a_mistake() {
        for text in [
            "[coverage-waiver]\nou = \"A\"\n",
            "coverage-waiver = [1]\n",
            "coverage-waiver = 1\n",
        ] {
            let error = read(text).unwrap_err();
            assert!(
                error.contains("write [[coverage-waiver]] above each"),
                "{error}"
            );
        }
    }
}
