//! Grace: the failure of a new user counts once the user is old enough.

use std::collections::HashMap;

use model::{Arn, IamUser, Record, Timestamp};

use crate::{Criteria, Finding, Status, SubjectKind};

const DAY: i64 = 24 * 60 * 60;

/// Marks the failures of users that are new at `now`. Where a time is not known there is no grace.
pub(crate) fn mark(
    record: &Record,
    findings: &mut [Finding],
    criteria: &Criteria,
    now: Option<Timestamp>,
) {
    let Some(now) = now.filter(|_| criteria.grace_days.values().any(|it| *it > 0)) else {
        return;
    };
    let all = record.iam_users.items.iter();
    let users: HashMap<&Arn, &IamUser> = all.map(|it| (&it.arn, it)).collect();
    for finding in findings {
        if finding.status == Status::Fail && finding.subject.kind == SubjectKind::IamUser {
            let user = users.get(&finding.subject.arn);
            let created = user.and_then(|it| it.created_at.known());
            let days = criteria.grace_days(finding.rule);
            finding.grace_until = created.and_then(|it| until(*it, days, now));
        }
    }
}

/// Returns when the grace of who was created then ends, if it has not ended at `now`.
///
/// A run reads on after it began, so a user may be younger than the run; one that is to be created on a later day has
/// a date that cannot be believed.
fn until(created: Timestamp, days: u32, now: Timestamp) -> Option<Timestamp> {
    let end = Timestamp::from_epoch_seconds(created.epoch_seconds() + i64::from(days) * DAY)?;
    (end > now && created.seconds_since(now) < DAY).then_some(end)
}

#[cfg(test)]
mod tests {
    use model::{Fact, ObservationId};
    use proptest::prelude::*;

    use super::{DAY, until};
    use crate::{
        CATALOG, Criteria, Finding, RunContext, Status, default_rules, evaluate_record,
        example::{NOW, UserFacts, iam_user, time},
    };

    const RULE: &str = "iam-user-console-mfa";

    fn days(days: u32) -> Criteria {
        Criteria {
            grace_days: [(RULE, days)].into(),
            ..Criteria::of(CATALOG)
        }
    }

    /// Judges a user without MFA that was created then.
    fn judged(created: Option<&str>, criteria: &Criteria, now: Option<&str>) -> Vec<Finding> {
        let mut record = iam_user(UserFacts {
            password: true,
            ..UserFacts::default()
        });
        if let Some(created) = created {
            record.iam_users.items[0].created_at = Fact::Known(time(created), ObservationId(0));
        }
        let findings = evaluate_record(&record, criteria, &RunContext::at(now.map(time)));
        let failing = findings.into_iter().filter(|it| it.status == Status::Fail);
        failing.collect()
    }

    fn grace(created: Option<&str>, of_days: u32, now: Option<&str>) -> Option<String> {
        let failing = judged(created, &days(of_days), now);
        let of_rule = failing.iter().find(|it| it.rule.id == RULE).unwrap();
        assert_eq!(of_rule.is_held(), of_rule.grace_until.is_none());
        of_rule.grace_until.map(|it| it.to_string())
    }

    #[test]
    fn a_new_user_s_failure_stays_one_and_is_not_held_until_the_user_is_old_enough() {
        let yesterday = Some("2026-11-23T12:00:00Z");
        let end = Some("2026-11-30T12:00:00Z".to_owned());
        assert_eq!(grace(yesterday, 7, Some(NOW)), end);
        assert_eq!(grace(yesterday, 7, Some("2026-11-30T11:59:59Z")), end);
        assert_eq!(grace(yesterday, 7, Some("2026-11-30T12:00:00Z")), None);
        assert_eq!(grace(yesterday, 0, Some(NOW)), None);
        assert_eq!(
            grace(yesterday, 1, Some(NOW)),
            None,
            "it ends to the second"
        );
    }

    #[test]
    fn what_is_not_known_has_no_grace() {
        assert_eq!(grace(None, 7, Some(NOW)), None);
        assert_eq!(grace(Some("2026-11-23T12:00:00Z"), 7, None), None);
    }

    #[test]
    fn a_date_in_the_future_is_believed_for_a_day() {
        let of = |created| grace(Some(created), 7, Some(NOW)).is_some();
        assert!(of("2026-11-24T12:10:00Z") && of("2026-11-25T11:59:59Z"));
        assert!(!of("2026-11-25T12:00:00Z") && !of("2099-01-01T00:00:00Z"));
    }

    #[test]
    fn a_rule_without_grace_is_not_touched_by_another_s() {
        let failing = judged(Some("2026-11-23T12:00:00Z"), &days(7), Some(NOW));
        let others = failing.iter().filter(|it| it.rule.id != RULE);
        let others: Vec<_> = others.collect();
        assert!(!others.is_empty() && others.iter().all(|it| it.is_held()));
        let unset = judged(
            Some("2026-11-23T12:00:00Z"),
            &Criteria::of(&default_rules()),
            Some(NOW),
        );
        assert!(unset.iter().all(Finding::is_held));
    }

    proptest! {
        #[test]
        fn grace_is_for_those_whose_age_is_less_than_so_many_days(
            age in -2 * DAY..10 * DAY,
            of_days in 0_u32..9,
        ) {
            let now = time(NOW);
            let created = model::Timestamp::from_epoch_seconds(now.epoch_seconds() - age).unwrap();
            let expected = age < i64::from(of_days) * DAY && age > -DAY;
            prop_assert_eq!(until(created, of_days, now).is_some(), expected);
        }
    }
}
