//! What goes wrong in an account, and which gaps that can leave.

use model::{Dataset, Gap, GapReason};
use proptest::{collection::vec, prelude::*};
use simulator::{Fault, FaultKind, PolicyKind};

/// What is asked of an account, exactly and by wildcards.
const ACTIONS: [&str; 16] = [
    "sts:AssumeRole",
    "sts:AssumeRoot",
    "iam:GetAccountSummary",
    "iam:GenerateCredentialReport",
    "iam:GetCredentialReport",
    "iam:ListUsers",
    "iam:ListVirtualMFADevices",
    "iam:GetLoginProfile",
    "iam:ListMFADevices",
    "iam:ListAccessKeys",
    "iam:ListSigningCertificates",
    "iam:GetAccountAuthorizationDetails",
    "iam:List*",
    "iam:*",
    "sts:*",
    "*",
];

/// How long one account may take.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Patience {
    /// So long that retries come to their end.
    Long,
    /// So short that an answer which does not come costs the test little.
    Short,
}

/// Something that can leave gaps in an account.
#[derive(Clone, Debug)]
pub(super) struct Cause {
    /// What it befalls, with a wildcard at most at the end.
    action: String,
    /// The only dataset it can befall; `None` for any.
    dataset: Option<Dataset>,
    reasons: Vec<GapReason>,
}

impl Cause {
    pub(super) fn new(action: &str, reasons: &[GapReason]) -> Self {
        Self {
            action: action.to_owned(),
            dataset: None,
            reasons: reasons.to_vec(),
        }
    }

    /// Returns the refusal of a session of the root user, or of what is asked in it.
    pub(super) fn of_root_session(action: &str) -> Self {
        Self {
            dataset: Some(Dataset::RootMfaDevices),
            ..Self::new(action, &[GapReason::AccessDenied])
        }
    }

    pub(super) fn of_fault(fault: &Fault) -> Self {
        Self::new(&fault.action, reasons(&fault.kind))
    }

    /// Tells whether the gap can be its doing. Whatever takes an account's time leaves none for its other calls.
    pub(super) fn explains(&self, gap: &Gap) -> bool {
        let service = if gap.operation.starts_with("Assume") {
            "sts"
        } else {
            "iam"
        };
        let action = format!("{service}:{}", gap.operation);
        let befalls = match self.action.strip_suffix('*') {
            Some(start) => action.starts_with(start),
            None => self.action == action,
        };
        // An entry that is denied is another thing than a call that is.
        let reason = match (gap.operation.as_str(), gap.reason) {
            ("AssumeRole", GapReason::AccessDenied) => return false,
            ("AssumeRole", GapReason::EntryDenied) => GapReason::AccessDenied,
            (_, reason) => reason,
        };
        self.reasons.contains(&reason)
            && (befalls || reason == GapReason::Deadline)
            && self.dataset.is_none_or(|it| it == gap.dataset)
    }
}

/// Tells whether a gap is no fault's doing: no call shows it, nobody asked, or the report does not say.
pub(super) const fn is_natural(reason: GapReason) -> bool {
    matches!(
        reason,
        GapReason::NotVisible | GapReason::NotRequested | GapReason::NotInEvidence
    )
}

/// Returns the reasons of the gaps that a fault can leave. What is tried again costs time, and may cost all of it.
fn reasons(kind: &FaultKind) -> &'static [GapReason] {
    use GapReason as R;
    match kind {
        FaultKind::Deny { .. } => &[R::AccessDenied],
        FaultKind::Throttle { .. } => &[R::Throttled, R::Deadline],
        FaultKind::Status(_) => &[R::Failed, R::Deadline],
        FaultKind::ExpiredToken => &[R::ExpiredCredentials],
        FaultKind::Disconnect | FaultKind::Reset => &[R::Unreachable, R::Deadline],
        FaultKind::Truncated => &[R::Unreachable, R::Malformed, R::Deadline],
        FaultKind::Malformed
        | FaultKind::HtmlBody
        | FaultKind::RepeatToken
        | FaultKind::EmptyPage => &[R::Malformed],
        FaultKind::EndlessPages => &[R::Malformed, R::Deadline],
        FaultKind::Hang { .. } | FaultKind::HalfClosed => &[R::Deadline],
        FaultKind::Slow { bytes_per_second } if *bytes_per_second < 1000 => &[R::Deadline],
        // These change nothing, or the order and number of things that are known apart.
        FaultKind::Slow { .. }
        | FaultKind::Delay { .. }
        | FaultKind::WrongContentType
        | FaultKind::RepeatAccount => &[],
        FaultKind::Sometimes { kind, .. } => reasons(kind),
    }
}

fn denials() -> impl Strategy<Value = FaultKind> {
    let policies = [
        PolicyKind::Identity,
        PolicyKind::IdentityDeny,
        PolicyKind::ServiceControl,
        PolicyKind::Boundary,
        PolicyKind::Session,
    ];
    let message = prop_oneof![4 => Just(None), 1 => Just(Some("No.".to_owned()))];
    (prop::sample::select(policies.to_vec()), message)
        .prop_map(|(policy, message)| FaultKind::Deny { message, policy })
}

fn throttlings() -> impl Strategy<Value = FaultKind> {
    prop::sample::select(vec!["Throttling", "RequestLimitExceeded", "LimitExceeded"]).prop_map(
        |code| FaultKind::Throttle {
            code: code.to_owned(),
        },
    )
}

/// Returns what goes wrong and is over soon.
fn quick() -> impl Strategy<Value = FaultKind> {
    let others = vec![
        FaultKind::Malformed,
        FaultKind::Malformed,
        FaultKind::HtmlBody,
        FaultKind::Truncated,
        FaultKind::Disconnect,
        FaultKind::Reset,
        FaultKind::Status(500),
        FaultKind::Status(503),
        FaultKind::ExpiredToken,
        FaultKind::RepeatToken,
        FaultKind::EmptyPage,
        FaultKind::RepeatAccount,
        FaultKind::WrongContentType,
        FaultKind::Slow {
            bytes_per_second: 8000,
        },
        FaultKind::Delay { ms: 150 },
    ];
    prop_oneof![
        4 => denials(),
        3 => throttlings(),
        14 => prop::sample::select(others),
    ]
}

/// Returns what takes an account's whole time.
fn lasting() -> impl Strategy<Value = FaultKind> {
    prop_oneof![
        3 => Just(FaultKind::Hang { seconds: 600 }),
        3 => Just(FaultKind::HalfClosed),
        2 => Just(FaultKind::Slow { bytes_per_second: 20 }),
        1 => Just(FaultKind::EndlessPages),
    ]
}

fn kind(patience: Patience) -> impl Strategy<Value = FaultKind> {
    let lasting_too = u32::from(patience == Patience::Short);
    let kind = prop_oneof![2 => quick(), lasting_too => lasting()];
    let rate =
        prop_oneof![4 => Just(None), 1 => (1..10_u8).prop_map(|it| Some(f64::from(it) / 10.0))];
    (kind, rate).prop_map(|(kind, rate)| match rate {
        Some(rate) => FaultKind::Sometimes {
            rate,
            kind: Box::new(kind),
        },
        None => kind,
    })
}

fn fault(patience: Patience) -> impl Strategy<Value = Fault> {
    let times = prop_oneof![3 => Just(None), 1 => (1..4_u32).prop_map(Some)];
    let after = prop_oneof![3 => Just(None), 1 => (1..3_u32).prop_map(Some)];
    let parts = (
        prop::sample::select(&ACTIONS[..]),
        kind(patience),
        times,
        after,
    );
    parts.prop_map(|(action, kind, times, after)| {
        // Whoever is told so on entering has no credentials of its own left, and the run stops.
        let enters = action.starts_with("sts:") || action == "*";
        let action = if is_expiry(&kind) && enters {
            "iam:*"
        } else {
            action
        };
        Fault {
            account: None,
            action: action.to_owned(),
            after,
            times,
            kind,
        }
    })
}

fn is_expiry(kind: &FaultKind) -> bool {
    if let FaultKind::Sometimes { kind, .. } = kind {
        return is_expiry(kind);
    }
    *kind == FaultKind::ExpiredToken
}

/// Returns what goes wrong in one account: nothing, or up to three things.
pub(super) fn schedule(patience: Patience) -> impl Strategy<Value = Vec<Fault>> {
    prop_oneof![1 => Just(Vec::new()), 6 => vec(fault(patience), 1..4)]
}

/// Returns those that the caller's own account can have. It is not entered, is asked by Organizations and STS too,
/// and is asked with the caller's own credentials, without which the run stops.
pub(super) fn of_own_account(faults: Vec<Fault>) -> Vec<Fault> {
    let may_have = |it: &Fault| it.action.starts_with("iam:") && !is_expiry(&it.kind);
    faults.into_iter().filter(may_have).collect()
}

/// Returns what goes wrong with the list of accounts, none of which may change what is found.
pub(super) fn of_listing() -> impl Strategy<Value = Vec<Fault>> {
    let once = prop::sample::select(vec![
        FaultKind::RepeatAccount,
        FaultKind::EmptyPage,
        FaultKind::Status(503),
        FaultKind::Throttle {
            code: "TooManyRequestsException".to_owned(),
        },
        FaultKind::Disconnect,
    ]);
    let fault = prop_oneof![
        1 => Just((FaultKind::RepeatAccount, None)),
        3 => once.prop_map(|kind| (kind, Some(1))),
    ];
    let fault = (fault, 0..3_u32).prop_map(|((kind, times), after)| Fault {
        account: None,
        action: "organizations:ListAccounts".to_owned(),
        after: Some(after),
        times,
        kind,
    });
    vec(fault, 0..4)
}

/// Leaves at most one empty page. The simulator gives one token for all empty pages at the same place, and a token
/// that comes twice is an error.
pub(super) fn once_empty(mut listing: Vec<Fault>, mut had: bool) -> Vec<Fault> {
    listing.retain(|it| it.kind != FaultKind::EmptyPage || !std::mem::replace(&mut had, true));
    listing
}
