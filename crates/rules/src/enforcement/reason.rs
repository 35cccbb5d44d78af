//! Outcomes as reasons: fragments that stand alone in a spreadsheet's cell, and are not longer than one can read there.

use model::Dataset;
use policy::engine::{ActionSet, Cite, Enforcement, Hang, Leak, LeakKind, Level, Missing};

/// How many actions are named.
const ACTIONS: usize = 3;
/// How many statements, or leaks, are named.
const STATEMENTS: usize = 2;
/// How many characters a reason has at most: names in policies are anybody's.
const LONGEST: usize = 900;

/// Says that nothing else is allowed, and by what.
pub(crate) fn enforced(by: &[Cite]) -> String {
    if by.is_empty() {
        return "no policy allows the user anything without MFA but to enrol a device".to_owned();
    }
    let statements = statements(by);
    clipped(format!(
        "without MFA the user can only enrol a device, by {statements}"
    ))
}

/// Says what can be done without MFA, and why nothing denies it.
pub(crate) fn not_enforced(outcome: &Enforcement, role: Option<&str>) -> String {
    let Enforcement::NotEnforced {
        context,
        actions,
        allowed_by,
        because,
    } = outcome
    else {
        return outcome.to_string();
    };
    let because = missing(because);
    let text = match (role, allowed_by) {
        (Some(role), _) => format!(
            "the role {role} can be assumed {context}, since its trust policy names the user; {because}"
        ),
        (None, Some(by)) => format!(
            "{} can be done {context}, by {by}; {because}",
            named(actions)
        ),
        (None, None) => format!("{} can be done {context}; {because}", named(actions)),
    };
    clipped(text)
}

/// Says why something is not denied.
fn missing(because: &Missing) -> String {
    match because {
        Missing::NoStatement => "no statement asks for MFA".to_owned(),
        Missing::OtherActions(by) => format!("{} asks for MFA, of other actions", statements(by)),
        Missing::Leaks(leaks) => leaks_told(leaks),
    }
}

/// Says what gets past statements that ask for MFA.
pub(crate) fn leaks(leaks: &[Leak], role: Option<&str>) -> String {
    let told = leaks_told(leaks);
    clipped(match role {
        Some(role) => {
            format!("{told}; it is about the role {role}, whose trust policy names the user")
        }
        None => told,
    })
}

fn leaks_told(leaks: &[Leak]) -> String {
    let distinct = distinct(leaks);
    let told: Vec<_> = distinct
        .iter()
        .take(STATEMENTS)
        .map(|it| leak(it))
        .collect();
    let more = distinct.len() - told.len();
    let rest = if more > 0 {
        format!("; and {more} more")
    } else {
        String::new()
    };
    format!("{}{rest}", told.join("; "))
}

/// Returns the leaks, of those of one statement and kind in several contexts the first.
pub(super) fn distinct(leaks: &[Leak]) -> Vec<&Leak> {
    let mut kept: Vec<&Leak> = Vec::new();
    for leak in leaks {
        let is_same = |it: &&Leak| it.statement == leak.statement && it.kind == leak.kind;
        if !kept.iter().any(is_same) {
            kept.push(leak);
        }
    }
    kept
}

/// Says what gets past one statement.
pub(super) fn leak(leak: &Leak) -> String {
    let (statement, context) = (&leak.statement, leak.context);
    let actions = named(&leak.actions);
    match &leak.kind {
        LeakKind::Skipped => {
            format!(
                "the condition of {statement} does not hold {context}, which lets past {actions}"
            )
        }
        LeakKind::Exempts => {
            format!("{statement} exempts more than self service: {actions}, {context}")
        }
        LeakKind::OtherResources => {
            format!("{statement} leaves out resources, which lets past {actions}, {context}")
        }
        LeakKind::Admits => {
            format!("the condition of {statement} also holds {context}, which lets past {actions}")
        }
        LeakKind::AllowedBy(by) => {
            format!("what {statement} allows with MFA, {by} allows {context}: {actions}")
        }
        LeakKind::Hangs(on) => format!("whether {statement} applies {context} hangs on {on}"),
    }
}

/// Says what it hangs on, and of which kind of fact that is.
pub(crate) fn hanging(outcome: &Enforcement, role: Option<&str>) -> (Dataset, String) {
    let Enforcement::Unclear {
        context,
        example,
        hangs_on,
        by,
        ..
    } = outcome
    else {
        return (Dataset::UserPolicies, outcome.to_string());
    };
    let dataset = by.as_ref().map_or(Dataset::UserPolicies, dataset);
    let by = by.as_ref().map_or_else(String::new, |it| match hangs_on {
        Hang::Unread(_) => format!(", {}", it.origin),
        Hang::Key(_)
        | Hang::Operator { .. }
        | Hang::Element(_)
        | Hang::Variable(_)
        | Hang::Resource(_) => format!(", in {it}"),
    });
    let text = match role {
        Some(role) => {
            format!("whether the role {role} can be assumed {context} hangs on {hangs_on}{by}")
        }
        None => format!("whether {example} can be done {context} hangs on {hangs_on}{by}"),
    };
    (dataset, clipped(text))
}

/// Returns which kind of fact a statement is of.
pub(crate) fn dataset(cite: &Cite) -> Dataset {
    match cite.origin.level {
        Level::ServiceControl(_) => Dataset::ServiceControlPolicies,
        Level::Trust => Dataset::RoleTrust,
        Level::UserInline
        | Level::User
        | Level::GroupInline(_)
        | Level::Group(_)
        | Level::Boundary => Dataset::UserPolicies,
    }
}

/// Names some statements.
pub(crate) fn statements(all: &[Cite]) -> String {
    let told: Vec<_> = all
        .iter()
        .take(STATEMENTS)
        .map(ToString::to_string)
        .collect();
    let more = all.len() - told.len();
    let rest = if more > 0 {
        format!(", and {more} more")
    } else {
        String::new()
    };
    format!("{}{rest}", told.join(", "))
}

/// Names some actions.
pub(super) fn named(actions: &ActionSet) -> String {
    let mut named = actions.examples(ACTIONS);
    if named.is_empty() {
        named = actions.names().take(ACTIONS).collect();
    }
    let more = actions.len().saturating_sub(named.len());
    match more {
        0 => named.join(", "),
        1 => format!("{} and 1 more action", named.join(", ")),
        more => format!("{} and {more} more actions", named.join(", ")),
    }
}

fn clipped(text: String) -> String {
    if text.chars().count() <= LONGEST {
        return text;
    }
    let mut clipped: String = text.chars().take(LONGEST - 1).collect();
    clipped.push('…');
    clipped
}
