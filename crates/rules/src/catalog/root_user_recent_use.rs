use model::{Dataset, Fact, LastUse, RootUser, Timestamp};

use crate::{Check, Context, Control, Judgement, Setting, SettingKind, SettingValue, Severity, Unseen, Verdict, rule::rule};

/// Settings of `root-user-recent-use`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Settings {
    /// The days for which a use is recent.
    pub max_days: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { max_days: 90 }
    }
}

const MOST_DAYS: u32 = 3650;

static SETTINGS: &[Setting] = &[Setting {
    key: "max-days",
    about: "the days for which a use counts as recent",
    kind: SettingKind::Number { min: 1, max: MOST_DAYS },
    get: |it| SettingValue::Number(it.root_user_recent_use.max_days),
    set: |it, value| match value {
        SettingValue::Number(days) if (1..=MOST_DAYS).contains(&days) => {
            it.root_user_recent_use.max_days = days;
        }
        SettingValue::Number(_) | SettingValue::Switch(_) | SettingValue::Choice(_) | SettingValue::Actions(_) => {}
    },
}];

rule! {
    /// ## What it checks
    /// Neither the password nor an access key of the root user was used in the last 90 days (`max-days`). A use exactly
    /// 90 days ago is no longer recent; a date in the future is. "No information" and "N/A" mean never, as far as AWS's
    /// records go. It is judged in every partition.
    ///
    /// ## Why it matters
    /// Hardly any task needs the root user. A use that nobody planned is an intruder's, and one that somebody did is a
    /// habit that no policy can restrain.
    ///
    /// ## How to fix it
    /// Find out who it was and why (CloudTrail, `userIdentity.type` = `Root`), and give that work to a role. Alarm on
    /// the next use. For member accounts remove the root credentials, from the management account.
    ///
    /// ## What others say
    /// Prowler (`iam_avoid_root_usage`) asks about the last day, and looks no further than the first credential that
    /// was ever used; Steampipe (`iam_root_last_used`) has the comparison the wrong way round. Security Hub retired
    /// its control (IAM.20).
    {
        id: "root-user-recent-use",
        title: "Root user was used lately",
        severity: Severity::High,
        controls: &[
            Control::cis_aws("1.2.0", "1.1"),
            Control::cis_aws("1.4.0", "1.7"),
            Control::cis_aws("1.5.0", "1.7"),
            Control::cis_aws("2.0.0", "1.7"),
            Control::cis_aws("3.0.0", "1.7"),
            Control::cis_aws("4.0.1", "1.7"),
            Control::cis_aws("5.0.0", "1.6"),
            Control::cis_aws("6.0.0", "2.6"),
            Control::cis_aws("7.0.0", "2.7"),
            Control::iso_27001("A.5.15"),
            Control::cis_controls("4.7"),
            Control::csa_ccm("IAM-09"),
            Control::csa_ccm("IAM-10"),
            Control::nis2("11.3.2.b"),
            Control::nis2("11.3.2.c"),
        ],
        requires: &[Dataset::RootUse],
        settings: SETTINGS,
        check: Check::RootUser(judge),
    }
}

fn judge(root: &RootUser, context: &Context<'_>) -> Judgement {
    let max_days = context.settings.root_user_recent_use.max_days;
    for (credential, fact) in [("password", &root.password_last_used), ("access key", &root.access_key_last_used)] {
        if let Some(when) = recent(fact, max_days, context) {
            context.read(fact)?;
            return Ok(Verdict::Fail(
                format!("the root user's {credential} was used at {when}, within {max_days} days").into(),
            ));
        }
    }
    let mut last = None;
    for fact in [&root.password_last_used, &root.access_key_last_used] {
        last = last.max(old(fact, context)?);
    }
    Ok(Verdict::Pass(match last {
        None => "the root user was never used, as far as AWS's records go".into(),
        Some(when) => format!("the root user was last used at {when}, over {max_days} days ago").into(),
    }))
}

/// Returns when a credential was used, if that is known to be recent.
fn recent(fact: &Fact<LastUse>, max_days: u32, context: &Context<'_>) -> Option<Timestamp> {
    let LastUse::At(when) = fact.known()? else {
        return None;
    };
    let now = context.now(Dataset::RootUse).ok()?;
    (now.seconds_since(*when) < i64::from(max_days) * 86_400).then_some(*when)
}

/// Reads when a credential that was not used lately was used. Only a date needs to know what day it is.
fn old(fact: &Fact<LastUse>, context: &Context<'_>) -> Result<Option<Timestamp>, Unseen> {
    match context.read(fact)? {
        LastUse::NeverRecorded => Ok(None),
        LastUse::At(when) => context.now(Dataset::RootUse).map(|_| Some(*when)),
    }
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use crate::{
        RunContext,
        example::{Expect, RootFacts, example, known, root_user, time},
    };
    let used = |password: Option<&str>, key: Option<&str>| {
        let mut record = root_user(RootFacts { password: true, mfa: true, ..RootFacts::default() });
        let at = |it: Option<&str>| known(it.map_or(LastUse::NeverRecorded, |it| LastUse::At(time(it))));
        record.root_user.password_last_used = at(password);
        record.root_user.access_key_last_used = at(key);
        record
    };
    let mut half = used(None, Some("2026-11-20T00:00:00Z"));
    half.root_user.password_last_used = Fact::unasked(Dataset::RootUse);
    let mut unclear = used(None, Some("2025-11-20T00:00:00Z"));
    unclear.root_user.password_last_used = Fact::unasked(Dataset::RootUse);
    let mut undated = example("a date, and no day it is", used(Some("2020-01-01T00:00:00Z"), None), Expect::Indeterminate);
    undated.run = RunContext::at(None);
    let mut never = example("never, and no day it is", used(None, None), Expect::Pass);
    never.run = RunContext::at(None);
    vec![
        undated,
        never,
        example("`no_information` and N/A", used(None, None), Expect::Pass),
        example("a password used yesterday", used(Some("2026-11-23T12:00:00Z"), None), Expect::Fail),
        example("a key used yesterday", used(None, Some("2026-11-23T12:00:00Z")), Expect::Fail),
        example("an old password, a key used yesterday", used(Some("2020-01-01T00:00:00Z"), Some("2026-11-23T12:00:00Z")), Expect::Fail),
        example("90 days ago to the second", used(Some("2026-08-26T12:00:00Z"), None), Expect::Pass),
        example("a second less than 90 days ago", used(Some("2026-08-26T12:00:01Z"), None), Expect::Fail),
        example("tomorrow", used(Some("2026-11-25T12:00:00Z"), None), Expect::Fail),
        example("two days ago, where one day is recent", used(Some("2026-11-22T12:00:00Z"), None), Expect::Pass)
            .with(|it| it.root_user_recent_use.max_days = 1),
        example("a recent key, an unknown password", half, Expect::Fail),
        example("an old key, an unknown password", unclear, Expect::Indeterminate),
    ]
}
