//! Failures that are not held.

use super::{Sample, build::failure_waiver, mixed};

/// An organization with failures that somebody answers for, or that are of a new user; with a waiver of every fate.
pub(crate) fn excused() -> Sample {
    let mut sample = mixed();
    sample.grace_days = [("iam-user-console-mfa", 30)].into();
    let of = |rule: &str, principal: &str, expires: &str, owner: &str, reason: &str| {
        failure_waiver([rule, principal, "*"], expires, owner, reason)
    };
    let mut dated = of("*", "hal", "2027-06-30", "dee", "no hardware token yet");
    dated.created = Some("2026-11-01".parse().unwrap());
    dated.ticket = Some("SEC-77".into());
    let mut planned = of("*", "ana", "2026-12-31", "ana", "on leave");
    planned.created = Some("2026-12-01".parse().unwrap());
    sample.finding_waivers.list = vec![
        of(
            "iam-user-console-mfa",
            "be*",
            "2026-12-05",
            "cloud-team",
            "moves to SSO",
        ),
        dated,
        planned,
        of(
            "iam-user-*",
            "dev",
            "2026-10-31",
            "ana",
            "waits for the vendor",
        ),
        of(
            "root-user-mfa",
            "root",
            "2027-03-31",
            "ben",
            "the safe is in Oslo",
        ),
        of("*", "nobody-*", "2026-12-31", "cho", "break-glass"),
        of(
            "iam-user-console-mfa",
            "eve",
            "2026-12-31",
            "cho",
            "break-glass",
        ),
        of(
            "iam-user-access-key-mfa",
            "*",
            "2026-12-31",
            "cho",
            "builds",
        ),
    ];
    sample
}
