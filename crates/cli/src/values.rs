//! How values of the command line are read, and refused.

use std::{ffi::OsStr, fmt::Write, path::PathBuf, time::Duration};

use clap::{
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
    error::ErrorKind,
};
use delivery::storage::{InvalidLocation, Location};
use model::Dataset;
use reporting::{FORMATS, Format, Redaction};
use rules::{
    CATALOG, FRAMEWORK_VERSIONS, FRAMEWORKS, FrameworkVersion, PREFIX, Ruleset, Severity, Status,
    is_short_for, versions_of,
};

use crate::{
    args::{AccountOrSelf, FrameworkFilter, Report, RuleName},
    nearest::{advice, nearest},
};

pub(crate) fn rule() -> impl TypedValueParser<Value = RuleName> {
    RuleParser
}

/// Reads the name of a rule of the catalog; or one that only the configuration, which is not read yet, can have.
#[derive(Clone)]
struct RuleParser;

impl RuleParser {
    fn of_catalog() -> PossibleValuesParser {
        PossibleValuesParser::new(CATALOG.iter().map(|it| it.id))
    }
}

impl TypedValueParser for RuleParser {
    type Value = RuleName;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<RuleName, clap::Error> {
        let custom = value.to_str().filter(|it| it.starts_with(PREFIX));
        let id = match custom {
            Some(id) => id.to_owned(),
            None => Self::of_catalog().parse_ref(command, argument, value)?,
        };
        Ok(RuleName { id })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(CATALOG.iter().map(|it| PossibleValue::new(it.id))))
    }
}

pub(crate) fn location() -> impl TypedValueParser<Value = Location> {
    LocationParser
}

/// Reads an address of storage. What is none may hold a password, and so is not said again, as clap would.
#[derive(Clone)]
struct LocationParser;

impl TypedValueParser for LocationParser {
    type Value = Location;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Location, clap::Error> {
        value
            .to_string_lossy()
            .parse()
            .map_err(|error: InvalidLocation| {
                let what = argument.map_or_else(|| "an address".to_owned(), |it| format!("'{it}'"));
                let text = format!("invalid value for {what}: {error}\n");
                clap::Error::raw(ErrorKind::ValueValidation, text).with_cmd(command)
            })
    }
}

pub(crate) fn ruleset() -> impl TypedValueParser<Value = &'static Ruleset> {
    PossibleValuesParser::new(Ruleset::all().map(|it| it.id))
        .try_map(|id| Ruleset::find(&id).ok_or("unknown ruleset"))
}

/// Reads the version of a framework that can be reported on.
pub(crate) fn framework(text: &str) -> Result<&'static FrameworkVersion, String> {
    let name = text.split('@').next().unwrap_or(text);
    rules::find_framework(text).ok_or_else(|| {
        let versions: Vec<_> = versions_of(name).map(|it| it.version).collect();
        if !versions.is_empty() {
            return format!("no such version of `{name}` (there are {})", versions.join(", "));
        }
        if FRAMEWORKS.iter().any(|it| it.id == name) {
            return format!(
                "the requirements of `{name}` are not listed here, only rules that are evidence for them: \
                 mfaudit rules --framework {name}"
            );
        }
        let mut known: Vec<_> = FRAMEWORK_VERSIONS.iter().map(|it| it.framework).collect();
        known.dedup();
        format!("there is no framework `{name}`: {}", advice(name, &known))
    })
}

/// Reads a framework, or a version of one, that rules may be evidence for.
pub(crate) fn framework_filter(text: &str) -> Result<FrameworkFilter, String> {
    let (name, version) = match text.split_once('@') {
        Some((name, version)) => (name, Some(version)),
        None => (text, None),
    };
    let framework = FRAMEWORKS.iter().find(|it| it.id == name).ok_or_else(|| {
        let known: Vec<_> = FRAMEWORKS.iter().map(|it| it.id).collect();
        format!("there is no framework `{name}`: {}", advice(name, &known))
    })?;
    let Some(version) = version else {
        return Ok(FrameworkFilter {
            framework: framework.id,
            version: None,
        });
    };
    let of_rules = CATALOG
        .iter()
        .flat_map(|it| it.controls)
        .filter(|it| it.framework == name);
    let mut known: Vec<_> = versions_of(name).map(|it| it.version).collect();
    known.extend(of_rules.map(|it| it.version).filter(|it| !it.is_empty()));
    known.sort_unstable();
    known.dedup();
    let exact = known.iter().find(|it| **it == version);
    let found = exact.or_else(|| known.iter().find(|it| is_short_for(version, it)));
    match found {
        Some(version) => Ok(FrameworkFilter {
            framework: framework.id,
            version: Some(version),
        }),
        None if known.is_empty() => Err(format!("`{name}` has no versions")),
        None => Err(format!(
            "no such version of `{name}` (there are {})",
            known.join(", ")
        )),
    }
}

/// Reads the name of a format.
pub(crate) fn format() -> impl TypedValueParser<Value = &'static Format> {
    PossibleValuesParser::new(FORMATS.iter().map(|it| it.name)).try_map(|name| {
        let named = FORMATS.iter().copied().find(|it| it.name == name);
        named.ok_or("unknown format")
    })
}

pub(crate) fn redaction() -> impl TypedValueParser<Value = Redaction> {
    PossibleValuesParser::new(Redaction::ALL.map(Redaction::name)).try_map(|name| {
        let named = Redaction::ALL.into_iter().find(|it| it.name() == name);
        named.ok_or("unknown redaction")
    })
}

pub(crate) fn dataset() -> impl TypedValueParser<Value = Dataset> {
    PossibleValuesParser::new(Dataset::ALL.iter().map(|it| it.name())).try_map(|name| {
        let named = Dataset::ALL.iter().find(|it| it.name() == name);
        named.copied().ok_or("unknown dataset")
    })
}

pub(crate) fn severity() -> impl TypedValueParser<Value = Severity> {
    PossibleValuesParser::new(Severity::ALL.map(Severity::name))
        .try_map(|it| it.parse::<Severity>())
}

pub(crate) fn status() -> impl TypedValueParser<Value = Status> {
    PossibleValuesParser::new(Status::ALL.map(Status::name)).try_map(|name| {
        let mut all = Status::ALL.into_iter();
        all.find(|it| it.name() == name).ok_or("unknown status")
    })
}

pub(crate) fn report(text: &str) -> Result<Report, String> {
    let (name, file) = match text.split_once('=') {
        Some((name, file)) => (name, Some(file)),
        None => (text, None),
    };
    let format = FORMATS
        .iter()
        .copied()
        .find(|it| it.name == name)
        .ok_or_else(|| {
            let known: Vec<_> = FORMATS.iter().map(|it| it.name).collect();
            let near = nearest(name, known.iter().copied());
            let did_you_mean = near
                .map(|it| format!("; did you mean `{it}`?"))
                .unwrap_or_default();
            format!(
                "there is no format `{name}` (there are {}){did_you_mean}",
                known.join(", ")
            )
        })?;
    match file {
        Some("") => Err(format!("`{name}=` names no file")),
        file => Ok(Report {
            format,
            file: file.map(PathBuf::from),
        }),
    }
}

pub(crate) fn formats_help() -> String {
    let mut help =
        "Write the report in this format, to standard output or to a file; repeatable. Formats:\n"
            .to_owned();
    for format in FORMATS {
        // Writing to a string cannot fail.
        let _ = write!(help, "\n- {}: {}", format.name, format.about);
    }
    help
}

pub(crate) fn account_or_self(text: &str) -> Result<AccountOrSelf, String> {
    if text == "self" {
        return Ok(AccountOrSelf::Own);
    }
    text.parse()
        .map(AccountOrSelf::Account)
        .map_err(|error: model::InvalidAccountId| error.to_string())
}

/// Reads a percentage with up to two decimals, as hundredths of a percent.
pub(crate) fn percent(text: &str) -> Result<u32, String> {
    let number = text
        .trim()
        .trim_end_matches('%')
        .parse::<f64>()
        .ok()
        .filter(|it| (0.0..=100.0).contains(it));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 10 000"
    )]
    let hundredths = number.map(|it| (it * 100.0).round() as u32);
    hundredths.ok_or_else(|| "a percentage is a number from 0 to 100".to_owned())
}

/// The characters and the length are those of the IAM API reference for role names.
pub(crate) fn role_name(text: &str) -> Result<String, String> {
    if let Some((path, name)) = text.rsplit_once('/') {
        return Err(format!(
            "a role's name has no slash: say --role-path /{}/ --role-name {name}",
            path.trim_matches('/')
        ));
    }
    let legal = |it: char| it.is_ascii_alphanumeric() || "+=,.@_-".contains(it);
    if (1..=64).contains(&text.len()) && text.chars().all(legal) {
        Ok(text.to_owned())
    } else {
        Err("a role's name has 1 to 64 letters, digits and +=,.@_-".to_owned())
    }
}

pub(crate) fn role_path(text: &str) -> Result<String, String> {
    let trimmed = text.trim_matches('/');
    if trimmed.chars().any(|it| !('!'..='~').contains(&it)) || trimmed.len() > 500 {
        return Err("a role's path has printable characters without spaces: /security/".to_owned());
    }
    Ok(if trimmed.is_empty() {
        "/".to_owned()
    } else {
        format!("/{trimmed}/")
    })
}

/// Reads a length of time: a whole number with `s`, `m` or `h` behind it.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let (digits, seconds) = match text.as_bytes().last() {
        Some(b's') => (&text[..text.len() - 1], 1),
        Some(b'm') => (&text[..text.len() - 1], 60),
        Some(b'h') => (&text[..text.len() - 1], 3600),
        _ => (text, 0),
    };
    let number = digits
        .parse::<u32>()
        .ok()
        .filter(|it| *it > 0 && seconds > 0);
    number
        .map(|it| Duration::from_secs(u64::from(it) * seconds))
        .ok_or_else(|| {
            "a length of time is a number of seconds, minutes or hours: 90s, 45m, 2h".to_owned()
        })
}
