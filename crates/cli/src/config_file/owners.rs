//! The section `[[owner]]`: who answers for what.

use std::path::PathBuf;

use model::AccountId;
use serde_json::{Value as Json, json};

use super::{mistakes::Mistakes, table::Table};

pub(super) const SECTION: &str = "owner";
/// What an entry may be about; it is about one of them.
const ABOUT: [&str; 5] = ["account", "ou", "principal", "tag", "file"];

/// Where owners are told.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum OwnerSource {
    /// An account has this owner.
    Account(AccountId, String),
    /// The accounts in and below an organizational unit have this owner.
    Unit(String, String),
    /// A principal, by its ARN, has this owner.
    Principal(String, String),
    /// Each account's tag with this key names its owner.
    Tag(String),
    /// A CSV file tells, relative to the configuration.
    File(PathBuf),
}

/// Takes the owners out of the document.
pub(super) fn take(document: &mut Table<'_>, mistakes: &mut Mistakes<'_>) -> Vec<OwnerSource> {
    let mut sources = Vec::new();
    let mut has_tag = false;
    for table in document.tables(SECTION, mistakes) {
        let span = table.span();
        let Some(source) = source(table, mistakes) else {
            continue;
        };
        if matches!(source, OwnerSource::Tag(_)) && std::mem::replace(&mut has_tag, true) {
            mistakes.add(
                span,
                "a second `tag`: one tag names the owners of all accounts",
            );
            continue;
        }
        sources.push(source);
    }
    sources
}

fn source(mut table: Table<'_>, mistakes: &mut Mistakes<'_>) -> Option<OwnerSource> {
    let spans = ABOUT.map(|key| table.key_span(key));
    let values = ABOUT.map(|key| table.text(key, mistakes));
    let name_span = table.key_span("name");
    let name = table.text("name", mistakes);
    let mut said = spans.iter().flatten();
    let (first, second) = (said.next(), said.next());
    if let Some(second) = second {
        mistakes.add(
            second.clone(),
            "an owner is of one thing: write another [[owner]] for this",
        );
    } else if first.is_none() {
        let what = format!("any of `{}`", ABOUT.join("`, `"));
        table.lacks(&what, "ou = \"Workloads/Prod\"", mistakes);
    }
    let by_name = spans.iter().take(3).any(Option::is_some);
    match name_span {
        None if by_name => {
            table.lacks("`name`", "name = \"who answers for it\"", mistakes);
        }
        Some(span) if !by_name && first.is_some() => {
            mistakes.add(
                span,
                "a tag or a file tells the names itself: leave `name` out",
            );
        }
        Some(_) | None => {}
    }
    table.end(mistakes);
    let name = || name.as_ref().map(|it| (*it.get_ref()).to_owned());
    let [account, ou, principal, tag, file] = values;
    if let Some(text) = account {
        let id = text.get_ref().parse();
        return match id {
            Ok(id) => Some(OwnerSource::Account(id, name()?)),
            Err(error) => {
                let error: model::InvalidAccountId = error;
                mistakes.add(text.span(), format!("{error}: write all twelve in quotes"));
                None
            }
        };
    }
    if let Some(text) = ou {
        let path = text.get_ref().trim_matches('/').to_owned();
        return Some(OwnerSource::Unit(path, name()?));
    }
    if let Some(text) = principal {
        if text.get_ref().parse::<model::Arn>().is_err() {
            let what = "`principal` is an ARN: \"arn:aws:iam::222222222222:user/alice\"";
            mistakes.add(text.span(), what);
            return None;
        }
        return Some(OwnerSource::Principal(
            (*text.get_ref()).to_owned(),
            name()?,
        ));
    }
    if let Some(text) = tag {
        return Some(OwnerSource::Tag((*text.get_ref()).to_owned()));
    }
    let text = file?;
    Some(OwnerSource::File(text.get_ref().into()))
}

/// Returns the section's part of the file's schema.
pub(super) fn schema() -> Json {
    let text = |about: &str| json!({ "description": about, "type": "string", "minLength": 1 });
    let named = |key: &str| json!({ "required": [key, "name"] });
    let alone = |key: &str| json!({ "required": [key], "properties": { "name": false } });
    json!({
        "description": "Who answers for what",
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "name": text("Who answers for it"),
                "account": {
                    "description": "The account's twelve digits",
                    "type": "string",
                    "pattern": "^[0-9]{12}$",
                },
                "ou": text("The path of an organizational unit, as reports show it"),
                "principal": text("The ARN of a user, role or root user"),
                "tag": text("The key of the accounts' tag that names their owners"),
                "file": text("A CSV file with the columns account, principal and owner, relative to this file"),
            },
            "oneOf": [named("account"), named("ou"), named("principal"), alone("tag"), alone("file")],
            "additionalProperties": false,
        },
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::OwnerSource;
    use crate::config_file::ConfigFile;

    fn read(text: &str) -> Result<Vec<OwnerSource>, String> {
        let config = ConfigFile::parse(Path::new("c.toml"), text);
        config.map(|it| it.owners).map_err(|it| it.to_string())
    }

    #[test]
    fn each_owner_is_of_one_thing() {
        let text = "[[owner]]\nname = \"platform\"\nou = \"/Workloads/\"\n\
                    [[owner]]\nname = \"ana\"\naccount = \"222222222222\"\n\
                    [[owner]]\nname = \"ben\"\nprincipal = \"arn:aws:iam::222222222222:user/ben\"\n\
                    [[owner]]\ntag = \"Owner\"\n[[owner]]\nfile = \"owners.csv\"\n";
        let owners = read(text).unwrap();
        assert_eq!(
            owners[0],
            OwnerSource::Unit("Workloads".into(), "platform".into())
        );
        assert_eq!(owners[3], OwnerSource::Tag("Owner".into()));
        assert!(matches!(&owners[4], OwnerSource::File(path) if path == Path::new("owners.csv")));
        assert_eq!(owners.len(), 5);
    }

    #[test]
    fn every_mistake_says_what_to_do() {
        for (keys, told) in [
            ("name = \"a\"", "has no any of `account`"),
            (
                "ou = \"A\"",
                "has no `name`: add name = \"who answers for it\"",
            ),
            (
                "name = \"a\"\ntag = \"b\"",
                "2:1: a tag or a file tells the names itself",
            ),
            (
                "name = \"a\"\nou = \"b\"\naccount = \"222222222222\"",
                "an owner is of one thing",
            ),
            ("name = \"a\"\naccount = \"2\"", "`2` is not an account id"),
            ("name = \"a\"\nprincipal = \"ben\"", "`principal` is an ARN"),
            ("tag = \"a\"\nkey = 1", "unknown key `key` in [[owner]]"),
            ("tag = \"a\"\n[[owner]]\ntag = \"b\"", "a second `tag`"),
        ] {
            let error = read(&format!("[[owner]]\n{keys}\n")).unwrap_err();
            assert!(error.contains(told), "{told}\n{error}");
        }
    }
}
