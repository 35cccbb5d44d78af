//! What is wrong with waivers on a day, beyond what keeps the file from being read.

use std::path::{Path, PathBuf};

use model::Date;
use rules::{AccountKey, Rule, Severity, SubjectKind, Term, Waiver, Waivers};

use super::WaiversSection;
use crate::{
    config_file::{ConfigFile, DEFAULT, mistakes::Mistakes, read_to_string, unreadable},
    error::CliError,
};

impl ConfigFile {
    /// Reads the file that was named, else the default one, which must be there; and looks at its waivers as of `day`.
    /// Returns what could be read, and whether there are mistakes.
    pub(crate) fn check_waivers(
        named: Option<&Path>,
        day: Date,
    ) -> Result<(Self, Result<(), CliError>), CliError> {
        let path = named.map_or_else(|| PathBuf::from(DEFAULT), Path::to_owned);
        let text = read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
        let (config, mut mistakes) = Self::parts(&path, &text);
        config
            .waivers
            .lint(&config.rules.known(), day, &mut mistakes);
        Ok((config, mistakes.none_or(())))
    }
}

impl WaiversSection {
    /// Adds what is wrong with the waivers on `day`. `known` is every rule there is, with the severity it has.
    fn lint(&self, known: &[&'static Rule], day: Date, mistakes: &mut Mistakes<'_>) {
        let waivers = &self.waivers;
        for (index, (waiver, place)) in waivers.list.iter().zip(&self.places).enumerate() {
            if day > waiver.expires {
                let what = format!("expired on {}: renew or remove it", waiver.expires);
                mistakes.add(place.key("expires"), what);
                continue;
            }
            if let Some(what) = too_long(waivers, waiver, known, day) {
                mistakes.add(place.key("expires"), what);
            }
            if let Some(what) = no_account(waiver) {
                mistakes.add(place.key("account"), what);
            }
            if let Some(what) = no_principal(waiver, known) {
                mistakes.add(place.key("principal"), what);
            }
            let earlier = waivers.list.iter().zip(&self.places).take(index);
            let mut same = earlier.filter(|(it, _)| is_same(it, waiver) && day <= it.expires);
            if let Some((_, first)) = same.next() {
                let what = format!("says the same as {}: remove one", first.text);
                mistakes.add(place.table.clone(), what);
            }
        }
    }

    /// Returns the last day on which a waiver holds for every rule that it is for.
    pub(crate) fn last_day(&self, waiver: &Waiver, known: &[&'static Rule]) -> Date {
        let severities = severities(waiver, known);
        let days = severities.map(|(it, _)| self.waivers.last_day(waiver, it));
        days.min().unwrap_or(waiver.expires)
    }
}

fn severities<'a>(
    waiver: &'a Waiver,
    known: &'a [&'static Rule],
) -> impl Iterator<Item = (Severity, &'static str)> {
    let rules = known.iter().filter(|it| waiver.rule.matches(it.id));
    rules.map(|it| (it.severity, it.id))
}

fn is_same(one: &Waiver, other: &Waiver) -> bool {
    (&one.rule, &one.principal, &one.account) == (&other.rule, &other.principal, &other.account)
}

/// The worst severity has the shortest life: what is right for it is right for all.
fn too_long(
    waivers: &Waivers,
    waiver: &Waiver,
    known: &[&'static Rule],
    day: Date,
) -> Option<String> {
    let is_too_long = |severity: Severity| match waiver.created {
        Some(_) => waivers.last_day(waiver, severity) < waiver.expires,
        None => waivers.term(waiver, severity, day) == Term::TooLong,
    };
    let wrong = severities(waiver, known).filter(|(severity, _)| is_too_long(*severity));
    let (severity, rule) = wrong.min_by_key(|(it, _)| waivers.max_days.of(*it))?;
    let most = waivers.max_days.of(severity);
    let last = waiver.created.unwrap_or(day).plus_days(most)?;
    let since = match waiver.created {
        Some(_) => "its `created`",
        None => "now, since it has no `created`",
    };
    Some(format!(
        "holds for too long: {severity} failures ({rule}) may be waived for {most} days from {since}: let it end on \
         {last} or before, or raise `max-days` in [waivers]"
    ))
}

fn no_account(waiver: &Waiver) -> Option<String> {
    let text = waiver.account.as_str();
    let fixed = text.chars().filter(|it| *it != '*').count();
    let fits = if text.contains('*') {
        fixed <= 12
    } else {
        fixed == 12
    };
    let is_wrong = waiver.account_key() == AccountKey::Id && !fits;
    is_wrong.then(|| format!("`{text}` can match no account: an account id has twelve digits"))
}

fn no_principal(waiver: &Waiver, known: &[&'static Rule]) -> Option<String> {
    let text = waiver.principal.as_str();
    let nobody = |why: &str| Some(format!("`{text}` can match nobody: {why}"));
    if text.chars().any(|it| !('!'..='~').contains(&it)) {
        return nobody("ARNs and names have no spaces and no letters beyond ASCII");
    }
    // What a wildcard hides may be anything.
    let fixed = text.split(['*', '?']).next().unwrap_or_default();
    if fixed.starts_with("arn:") {
        return no_arn(waiver, fixed, fixed == text).and_then(|it| nobody(&it));
    }
    if "arn:".starts_with(fixed) && fixed != text {
        return None;
    }
    if text.contains(['/', ':']) {
        return nobody("a name has no path; an ARN begins with `arn:`");
    }
    let mut rules = known.iter().filter(|it| waiver.rule.matches(it.id));
    let possible = rules.any(|rule| match rule.check.subject() {
        SubjectKind::IamUser | SubjectKind::IamRole => true,
        SubjectKind::RootUser => waiver.principal.matches("root"),
        SubjectKind::Account => waiver.principal.matches("account"),
        SubjectKind::Organization => waiver.principal.matches("organization"),
    });
    if possible {
        return None;
    }
    nobody(
        "its rules are about root users, accounts or the organization, which are called `root`, `account` and \
            `organization`",
    )
}

/// Says why no principal has an ARN that begins with `fixed`, or is it if it is `whole`.
fn no_arn(waiver: &Waiver, fixed: &str, whole: bool) -> Option<String> {
    let parts: Vec<_> = fixed.splitn(6, ':').collect();
    let complete = |index: usize| {
        let part = parts.get(index).copied();
        part.filter(|_| whole || index + 1 < parts.len())
    };
    if whole && parts.len() < 6 {
        return Some("it is no whole ARN".to_owned());
    }
    if complete(2).is_some_and(|it| it != "iam") {
        return Some("users, roles and root users are of the service `iam`".to_owned());
    }
    if let Some(account) = complete(4)
        && waiver.account_key() == AccountKey::Id
        && !waiver.account.matches(account)
    {
        return Some(format!(
            "its account {account} is none of `{}`",
            waiver.account
        ));
    }
    let resource = parts.get(5)?;
    let fits = |kind: &str| resource.starts_with(kind) || (!whole && kind.starts_with(resource));
    let is_resource = *resource == "root" || ["root", "user/", "role/"].into_iter().any(fits);
    (!is_resource).then(|| "users are `user/…`, roles `role/…`, and root users `root`".to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use rules::CATALOG;

    use crate::config_file::ConfigFile;

    fn told(text: &str, day: &str) -> String {
        let (config, mut mistakes) = ConfigFile::parts(Path::new("c.toml"), text);
        let day = day.parse().unwrap();
        config.waivers.lint(CATALOG, day, &mut mistakes);
        mistakes
            .none_or(())
            .map_or_else(|it| it.to_string(), |()| String::new())
    }

    fn waiver(rule: &str, principal: &str, account: &str, dates: &str) -> String {
        format!(
            "[[waiver]]\nrule = \"{rule}\"\nprincipal = \"{principal}\"\naccount = \"{account}\"\nowner = \"ana\"\n\
             reason = \"r\"\n{dates}\n"
        )
    }

    #[test]
    fn what_expired_or_lasts_for_too_long_is_told() {
        let root = |dates: &str| waiver("root-user-mfa", "root", "*", dates);
        let day = "2026-11-24";
        assert_eq!(told(&root("expires = 2026-12-24"), day), "");
        assert_eq!(told(&root("expires = 2026-11-24"), day), "", "its last day");
        let expired = told(&root("expires = 2026-11-23"), day);
        assert!(
            expired.contains("c.toml:7:1: expired on 2026-11-23: renew or remove it"),
            "{expired}"
        );
        let long = told(&root("expires = 2026-12-25"), day);
        let expected = "c.toml:7:1: holds for too long: critical failures (root-user-mfa) may be waived for 30 days \
                        from now, since it has no `created`: let it end on 2026-12-24 or before";
        assert!(long.contains(expected), "{long}");
        let dated = root("created = 2026-11-01\nexpires = 2026-12-02");
        let long = told(&dated, day);
        assert!(
            long.contains("c.toml:8:1: holds for too long")
                && long.contains("from its `created`: let it end on 2026-12-01 or before"),
            "{long}"
        );
        let allowed = format!("{dated}[waivers.max-days]\ncritical = 31\n");
        assert_eq!(told(&allowed, day), "");
        // Among the rules of a pattern the one with the shortest life counts.
        let all = told(&waiver("*", "*", "*", "expires = 2026-12-25"), day);
        assert!(all.contains("critical failures"), "{all}");
        let users = waiver("iam-user-console-mfa", "*", "*", "expires = 2027-02-22");
        assert_eq!(told(&users, day), "");
    }

    #[test]
    fn a_pattern_that_can_match_nothing_is_told() {
        let check = |rule: &str, principal: &str, account: &str| {
            let told = told(
                &waiver(rule, principal, account, "expires = 2026-12-24"),
                "2026-11-24",
            );
            assert!(
                told.lines().count() != 1 && told.lines().count() < 3,
                "{told}"
            );
            told
        };
        let arn = "arn:aws:iam::111122223333:";
        for (principal, account) in [
            ("*", "*"),
            ("ci-*", "1111*"),
            ("?oot", "????????????"),
            ("a?n:x:y/*", "sandbox"),
            ("*:user/ci/*", "*"),
            ("arn:*", "*"),
            ("arn:aws:iam::*:user/ci/*", "222222222222"),
            (&format!("{arn}user/alice"), "111122223333"),
            (&format!("{arn}u*"), "1*"),
            (&format!("{arn}root"), "*"),
            (&format!("{arn}role/x"), "sandbox"),
        ] {
            assert_eq!(check("*", principal, account), "", "{principal} {account}");
        }
        for (principal, account, expected) in [
            (
                "alice smith",
                "*",
                "3:1: `alice smith` can match nobody: ARNs",
            ),
            ("user/alice", "*", "a name has no path"),
            ("user/*", "*", "a name has no path"),
            ("arn:aws:iam", "*", "it is no whole ARN"),
            ("arn:aws:sts::1:x", "*", "of the service `iam`"),
            ("arn:aws:sts:*", "*", "of the service `iam`"),
            (
                &format!("{arn}user/alice"),
                "222222222222",
                "its account 111122223333 is none of `222222222222`",
            ),
            (&format!("{arn}user/*"), "2*", "its account 111122223333"),
            (&format!("{arn}alice"), "*", "users are `user/…`"),
            (&format!("{arn}al*"), "*", "users are `user/…`"),
            (
                "alice",
                "11112222333",
                "4:1: `11112222333` can match no account",
            ),
            ("alice", "1111222233334*", "can match no account"),
        ] {
            let told = check("*", principal, account);
            assert!(told.contains(expected), "{expected}: {told}");
        }
        let of_root = check("root-user-*", "alice", "*");
        assert!(
            of_root.contains("its rules are about root users"),
            "{of_root}"
        );
        assert_eq!(check("root-user-*", "r*", "*"), "");
    }

    #[test]
    fn what_is_said_twice_is_told_and_what_is_renewed_is_not() {
        let until = |day: &str| waiver("root-*", "root", "*", &format!("expires = {day}"));
        let twice = until("2026-12-01") + &until("2026-12-02");
        let told_twice = told(&twice, "2026-11-24");
        assert!(
            told_twice.contains("c.toml:8:1: says the same as c.toml:1:1: remove one"),
            "{told_twice}"
        );
        let renewed = until("2026-11-23") + &until("2026-12-02");
        assert!(!told(&renewed, "2026-11-24").contains("the same"));
    }

    #[test]
    fn what_cannot_be_read_does_not_hide_what_is_wrong_with_the_rest() {
        let text =
            waiver("root-*", "root", "*", "") + &waiver("*", "*", "*", "expires = 2026-01-01");
        let told = told(&text, "2026-11-24");
        assert!(
            told.contains("c.toml:1:1: [[waiver]] has no `expires`"),
            "{told}"
        );
        assert!(
            told.contains("c.toml:14:1: expired on 2026-01-01"),
            "{told}"
        );
    }
}
