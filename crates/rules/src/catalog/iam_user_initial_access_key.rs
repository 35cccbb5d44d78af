use model::{AccessKey, AccessKeyStatus, ConsolePassword, Dataset, IamUser, LastUse};

use crate::{Check, Context, Control, Judgement, Setting, SettingKind, SettingValue, Severity, Unseen, Verdict, rule::rule};

/// Settings of `iam-user-initial-access-key`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Settings {
    /// The minutes within which a key counts as made with the user.
    pub minutes: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { minutes: 5 }
    }
}

static SETTINGS: &[Setting] = &[Setting {
    key: "minutes",
    about: "the minutes within which a key counts as made with the user",
    kind: SettingKind::Number { min: 0, max: 1440 },
    get: |it| SettingValue::Number(it.iam_user_initial_access_key.minutes),
    set: |it, value| match value {
        SettingValue::Number(number) if (0..=1440).contains(&number) => it.iam_user_initial_access_key.minutes = number,
        SettingValue::Number(_) | SettingValue::Switch(_) | SettingValue::Choice(_) | SettingValue::Actions(_) => {}
    },
}];

rule! {
    /// ## What it checks
    /// No IAM user with a console password has an active access key that was created along with the user, within 5 minutes
    /// (`minutes`), and was never used. A user without a password or without an active key is not applicable.
    ///
    /// ## Why it matters
    /// A key that was made because a form offered it is one that nobody needs.
    ///
    /// ## How to fix it
    /// Delete the key. Who needs one makes one.
    {
        id: "iam-user-initial-access-key",
        title: "IAM user got an access key with its console password",
        severity: Severity::Medium,
        controls: &[
            Control::cis_aws("1.2.0", "1.21"),
            Control::cis_aws("1.4.0", "1.11"),
            Control::cis_aws("1.5.0", "1.11"),
            Control::cis_aws("2.0.0", "1.11"),
            Control::cis_aws("3.0.0", "1.11"),
            Control::cis_aws("4.0.1", "1.11"),
            Control::cis_aws("5.0.0", "1.10"),
            Control::cis_aws("6.0.0", "2.10"),
        ],
        requires: &[Dataset::LoginProfiles, Dataset::AccessKeys, Dataset::AccessKeyUse],
        settings: SETTINGS,
        check: Check::IamUser(judge),
    }
}

fn judge(user: &IamUser, context: &Context<'_>) -> Judgement {
    if *context.read(&user.password)? == ConsolePassword::NotSet {
        return Ok(Verdict::NotApplicable("the user has no console password".into()));
    }
    let keys = context.read(&user.access_keys)?;
    let mut active = keys.iter().filter(|it| it.status == AccessKeyStatus::Active).peekable();
    if active.peek().is_none() {
        return Ok(Verdict::NotApplicable("the user has no active access key".into()));
    }
    let minutes = context.settings.iam_user_initial_access_key.minutes;
    let mut unseen = None;
    for key in active {
        match is_initial(key, user, minutes, context) {
            Ok(Initial::Yes) => {
                return Ok(Verdict::Fail("an access key was created with the user and never used".into()));
            }
            Ok(Initial::No) => {}
            Err(gap) => unseen = Some(gap),
        }
    }
    match unseen {
        Some(gap) => Err(gap),
        None => Ok(Verdict::Pass("every active access key was used, or created for itself".into())),
    }
}

/// Whether a key came with its user.
enum Initial {
    Yes,
    No,
}

/// One of the two facts may be enough to tell that it did not.
fn is_initial(key: &AccessKey, user: &IamUser, minutes: u32, context: &Context<'_>) -> Result<Initial, Unseen> {
    if matches!(key.last_used.known(), Some(LastUse::At(_))) {
        context.read(&key.last_used)?;
        return Ok(Initial::No);
    }
    let after = context.read(&key.created_at)?.seconds_since(*context.read(&user.created_at)?);
    if after.abs() > i64::from(minutes) * 60 {
        return Ok(Initial::No);
    }
    context.read(&key.last_used)?;
    Ok(Initial::Yes)
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use model::Fact;

    use crate::example::{Expect, HIDDEN, UserFacts, active_key, example, iam_user, known, time, user_with};
    let with = |keys: Vec<AccessKey>| {
        user_with(UserFacts { password: true, ..UserFacts::default() }, |it| {
            it.created_at = known(time("2026-01-01T00:00:00Z"));
            it.access_keys = known(keys);
        })
    };
    let hidden = |created: &str| AccessKey { last_used: Fact::Unknown(HIDDEN), ..active_key(created, None) };
    let inactive = || AccessKey { status: AccessKeyStatus::Inactive, ..active_key("2026-01-01T00:00:02Z", None) };
    vec![
        example("made with the user, never used", with(vec![active_key("2026-01-01T00:00:02Z", None)]), Expect::Fail),
        example("made 5 minutes later", with(vec![active_key("2026-01-01T00:05:00Z", None)]), Expect::Fail),
        example("made a second after that", with(vec![active_key("2026-01-01T00:05:01Z", None)]), Expect::Pass),
        example("made an hour later, where that is soon", with(vec![active_key("2026-01-01T01:00:00Z", None)]), Expect::Fail)
            .with(|it| it.iam_user_initial_access_key.minutes = 60),
        example("made with the user, and used", with(vec![active_key("2026-01-01T00:00:02Z", Some("2026-02-01T00:00:00Z"))]), Expect::Pass),
        example("in the second place", with(vec![active_key("2026-03-01T00:00:00Z", None), active_key("2026-01-01T00:00:02Z", None)]), Expect::Fail),
        example("made with the user, use not seen", with(vec![hidden("2026-01-01T00:00:02Z")]), Expect::Indeterminate),
        example("made later, use not seen", with(vec![hidden("2026-03-01T00:00:00Z")]), Expect::Pass),
        example("switched off", with(vec![inactive()]), Expect::NotApplicable),
        example("no key", with(Vec::new()), Expect::NotApplicable),
        example("no password", iam_user(UserFacts { active_key: true, ..UserFacts::default() }), Expect::NotApplicable),
    ]
}
