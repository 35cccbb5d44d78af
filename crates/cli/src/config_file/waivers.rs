//! The sections `[[waiver]]` and `[waivers]`.

mod lint;
mod schema;

use std::{collections::BTreeMap, ops::Range};

use model::Date;
use rules::{Glob, MaxDays, Rule, Severity, Waiver, Waivers};

pub(super) use self::schema::{limits_schema, schema};
use super::{
    coverage_waivers::{day, mandatory},
    mistakes::Mistakes,
    rules::unknown_rule,
    table::Table,
    value,
};

pub(super) const SECTION: &str = "waiver";
pub(super) const LIMITS: &str = "waivers";
/// The most days that may be allowed.
const MOST_DAYS: u32 = 3650;

/// The waivers of the file, with where each stands.
#[derive(Debug, Default)]
pub(crate) struct WaiversSection {
    pub(crate) waivers: Waivers,
    places: Vec<Place>,
}

/// Where a waiver stands.
#[derive(Debug)]
struct Place {
    /// As people write it: file, line and column.
    text: String,
    table: Range<usize>,
    keys: BTreeMap<&'static str, Range<usize>>,
}

/// Takes the waivers out of the document. `known` is every rule there is.
pub(super) fn take(
    document: &mut Table<'_>,
    known: &[&'static Rule],
    mistakes: &mut Mistakes<'_>,
) -> WaiversSection {
    let mut section = WaiversSection::default();
    section.waivers.max_days = max_days(document, mistakes);
    for table in document.tables(SECTION, mistakes) {
        let place = Place::of(&table, mistakes);
        if let Some(waiver) = waiver(table, known, mistakes) {
            section.waivers.list.push(waiver);
            section.places.push(place);
        }
    }
    section
}

fn max_days(document: &mut Table<'_>, mistakes: &mut Mistakes<'_>) -> MaxDays {
    let mut max_days = MaxDays::default();
    let Some(mut table) = document.table(LIMITS, mistakes) else {
        return max_days;
    };
    if let Some(mut limits) = table.table("max-days", mistakes) {
        for severity in Severity::ALL {
            let name = severity.name();
            if let Some(value) = limits.take(name)
                && let Some(days) = value::number(name, value, 1, MOST_DAYS, mistakes)
            {
                max_days.set(severity, days);
            }
        }
        limits.end(mistakes);
    }
    table.end(mistakes);
    max_days
}

/// Reads every key before the first mistake ends it, so that all are told.
fn waiver(
    mut table: Table<'_>,
    known: &[&'static Rule],
    mistakes: &mut Mistakes<'_>,
) -> Option<Waiver> {
    let mut text = |key, example, mistakes: &mut Mistakes<'_>| {
        let place = table.key_span(key);
        mandatory(&mut table, key, example, mistakes).map(|it| (it, place.unwrap_or_default()))
    };
    let rule = text("rule", "\"iam-user-console-mfa\"", mistakes);
    let rule = rule.and_then(|(it, place)| rule_glob(&it, place, known, mistakes));
    let principal = text("principal", "\"break-glass-*\"", mistakes);
    let account = text("account", "\"222222222222\", or \"*\" for all", mistakes);
    let reason = text("reason", "\"why it is accepted\"", mistakes);
    let owner = text("owner", "\"who answers for it\"", mistakes);
    let created = date(&mut table, "created", "first", mistakes);
    let lasts = table.key_span("expires");
    let expires = date(&mut table, "expires", "last", mistakes);
    if lasts.is_none() {
        table.lacks("`expires`", "expires = 2026-12-31", mistakes);
    }
    let has_ticket = table.key_span("ticket").is_some();
    let ticket = table.text("ticket", mistakes);
    let ticket = ticket.map(|it| (*it.get_ref()).to_owned());
    table.end(mistakes);
    if let (Some(first), Some(last), Some(place)) = (created, expires, lasts)
        && last < first
    {
        mistakes.add(
            place,
            "`expires` lies before `created`: correct one of them",
        );
        return None;
    }
    if has_ticket && ticket.is_none() {
        return None;
    }
    Some(Waiver {
        rule: rule?,
        principal: Glob::new(principal?.0),
        account: Glob::new(account?.0),
        owner: owner?.0,
        reason: reason?.0,
        created,
        expires: expires?,
        ticket,
    })
}

fn rule_glob(
    text: &str,
    place: Range<usize>,
    known: &[&'static Rule],
    mistakes: &mut Mistakes<'_>,
) -> Option<Glob> {
    let glob = Glob::new(text);
    if known.iter().any(|it| glob.matches(it.id)) {
        return Some(glob);
    }
    mistakes.add(place, unknown_rule(text, known));
    None
}

fn date(
    table: &mut Table<'_>,
    key: &'static str,
    which: &str,
    mistakes: &mut Mistakes<'_>,
) -> Option<Date> {
    let value = table.take(key)?;
    let date = value.get_ref().as_datetime().and_then(day);
    if date.is_none() {
        let what = format!(
            "`{key}` is the {which} day, as a date without quotes and time: {key} = 2026-12-31"
        );
        mistakes.add(value.span(), what);
    }
    date
}

impl Place {
    fn of(table: &Table<'_>, mistakes: &Mistakes<'_>) -> Self {
        let keys = ["rule", "principal", "account", "created", "expires"];
        let span = |key| Some((key, table.key_span(key)?));
        Self {
            text: mistakes.place_of(table.span().start),
            table: table.span(),
            keys: keys.into_iter().filter_map(span).collect(),
        }
    }

    fn key(&self, key: &str) -> Range<usize> {
        self.keys.get(key).unwrap_or(&self.table).clone()
    }
}

impl WaiversSection {
    /// Returns where a waiver stands, by its position: file, line and column.
    pub(crate) fn place(&self, index: usize) -> &str {
        self.places.get(index).map_or("", |it| &it.text)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use rules::{Severity, Waivers};

    use crate::config_file::ConfigFile;

    fn read(text: &str) -> Result<Waivers, String> {
        let config = ConfigFile::parse(Path::new("c.toml"), text);
        config
            .map(|it| it.waivers.waivers)
            .map_err(|it| it.to_string())
    }

    const WHAT: &str = "[[waiver]]\nrule = \"root-*\"\nprincipal = \"root\"\naccount = \"*\"\n";
    const WHO: &str = "owner = \"ana\"\nreason = \"r\"\n";

    #[test]
    fn a_waiver_is_read_with_all_it_says() {
        let more = "expires = 2026-12-31\ncreated = 2026-11-24\nticket = \" SEC-1 \"\n";
        let waivers = read(&format!("{WHAT}{WHO}{more}")).unwrap();
        let [waiver] = waivers.list.as_slice() else {
            panic!("{waivers:?}")
        };
        let globs = [&waiver.rule, &waiver.principal, &waiver.account];
        assert_eq!(globs.map(rules::Glob::as_str), ["root-*", "root", "*"]);
        let told = (waiver.owner.as_str(), waiver.reason.as_str());
        assert_eq!(told, ("ana", "r"));
        assert_eq!(waiver.created.unwrap().to_string(), "2026-11-24");
        assert_eq!(waiver.expires.to_string(), "2026-12-31");
        assert_eq!(waiver.ticket.as_deref(), Some("SEC-1"));
        assert_eq!(waivers.max_days.of(Severity::Critical), 30);
    }

    #[test]
    fn the_longest_lives_are_set_by_severity() {
        for text in [
            "[waivers]\nmax-days = { critical = 7, low = 400 }\n",
            "[waivers.max-days]\ncritical = 7\nlow = 400\n",
        ] {
            let limits = read(text).unwrap().max_days;
            let days = Severity::ALL.map(|it| limits.of(it));
            assert_eq!(days, [365, 400, 180, 90, 7]);
        }
    }

    #[test]
    fn every_mistake_says_what_to_do() {
        let until = "expires = 2026-12-31\n";
        let without = |line: &str| format!("{WHAT}{WHO}{until}").replace(line, "");
        for (text, told) in [
            (
                without("rule = \"root-*\"\n"),
                "1:1: [[waiver]] has no `rule`: add rule = \"iam-user-console-mfa\"",
            ),
            (without("principal = \"root\"\n"), "has no `principal`"),
            (without("account = \"*\"\n"), "has no `account`"),
            (without("owner = \"ana\"\n"), "has no `owner`"),
            (without("reason = \"r\"\n"), "has no `reason`"),
            (
                without(until),
                "1:1: [[waiver]] has no `expires`: add expires = 2026-12-31",
            ),
            (
                format!("{WHAT}{WHO}{until}").replace("root-*", "root-user-mfs"),
                "2:1: there is no rule `root-user-mfs`: did you mean `root-user-mfa`?",
            ),
            (
                format!("{WHAT}{WHO}{until}").replace("root-*", "toor-*"),
                "2:1: there is no rule `toor-*`",
            ),
            (
                format!("{WHAT}{WHO}expires = \"2026-12-31\"\n"),
                "7:11: `expires` is the last day, as a date without quotes",
            ),
            (
                format!("{WHAT}{WHO}{until}created = 2026-12-31T00:00:00Z\n"),
                "8:11: `created` is the first day, as a date without quotes and time",
            ),
            (
                format!("{WHAT}{WHO}{until}created = 2027-01-01\n"),
                "7:1: `expires` lies before `created`",
            ),
            (
                format!("{WHAT}{WHO}{until}ticket = 7\n"),
                "8:10: `ticket` is a text, not of type integer",
            ),
            (
                format!("{WHAT}{WHO}{until}owners = \"x\"\n"),
                "8:1: unknown key `owners` in [[waiver]]: did you mean `owner`?",
            ),
            (
                "[waivers]\nmax-days = 30\n".to_owned(),
                "2:12: `max-days` is a table: write [waivers.max-days] above its keys",
            ),
            (
                "[waivers.max-days]\ncritical = 0\n".to_owned(),
                "2:12: `critical` is a number from 1 to 3650, not 0",
            ),
            (
                "[waivers.max-days]\ncriticle = 9\n".to_owned(),
                "2:1: unknown key `criticle` in [waivers.max-days]: did you mean `critical`?",
            ),
            (
                "[waiver]\nrule = \"*\"\n".to_owned(),
                "write [[waiver]] above each",
            ),
        ] {
            let error = read(&text).unwrap_err();
            assert!(error.contains(told), "{told}\n{error}");
            assert_eq!(error.lines().count(), 2, "one mistake: {error}");
        }
    }
}
