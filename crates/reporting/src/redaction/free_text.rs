//! Texts that nobody knows beforehand: AWS's own messages, notes. What is known to name nobody is kept, word by word.

use model::{AccountId, Source};

use super::{Redactor, vocabulary::WORDS};

/// What words are made of; everything else parts them.
fn is_of_word(it: char) -> bool {
    it.is_alphanumeric() || "+=,.@_-:/*".contains(it) || !it.is_ascii() && !it.is_whitespace()
}

/// What may stand around a word without being part of it.
const AROUND: &[char] = &['.', ',', ':', '='];

impl Redactor {
    /// Returns a message of which only words are kept that are known to name nobody. AWS's messages name users in ways
    /// that change: what is not known is hidden.
    pub(super) fn message(&self, text: &str) -> String {
        if !self.what.hides_names() {
            return self.identifiers(text);
        }
        each(text, is_of_word, |word, told| self.word(word, told))
    }

    fn word(&self, word: &str, told: &mut String) {
        let core = word.trim_matches(AROUND);
        let (before, after) = word.split_once(core).unwrap_or((word, ""));
        told.push_str(before);
        if core.starts_with("arn:") {
            told.push_str(&self.arn_text(core));
        } else if is_of_organization(core) || is_account(core) || is_credential(core) {
            told.push_str(&self.identifiers(core));
        } else if is_known(core) {
            told.push_str(core);
        } else {
            told.push_str(&self.name(core));
        }
        told.push_str(after);
    }

    /// Returns a text in which every identifier of an account, an organization, a unit or a credential is hidden, if they
    /// are to be.
    pub(super) fn identifiers(&self, text: &str) -> String {
        let is_of_identifier = |it: char| it.is_ascii_alphanumeric() || it == '-';
        each(text, is_of_identifier, |word, told| {
            if is_credential(word) {
                told.push_str(&self.credential(word));
            } else if !self.what.hides_accounts() {
                told.push_str(word);
            } else if word.starts_with("ou-") && is_of_organization(word) {
                told.push_str(&self.unit(word));
            } else if is_of_organization(word) {
                told.push_str(&self.organization(word));
            } else {
                self.accounts_in(word, told);
            }
        })
    }

    /// Replaces every run of exactly twelve digits.
    fn accounts_in(&self, word: &str, told: &mut String) {
        let replaced = each(
            word,
            |it| it.is_ascii_digit(),
            |digits, told| match digits.parse::<AccountId>() {
                Ok(id) => told.push_str(self.account(&id).as_str()),
                Err(_) => told.push_str(digits),
            },
        );
        told.push_str(&replaced);
    }
}

/// Hands every longest run of such characters over, and keeps what is between.
fn each(
    text: &str,
    is_of_run: impl Fn(char) -> bool,
    mut hide: impl FnMut(&str, &mut String),
) -> String {
    let mut told = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let between = rest.find(&is_of_run).unwrap_or(rest.len());
        let (kept, from) = rest.split_at(between);
        told.push_str(kept);
        let end = from.find(|it| !is_of_run(it)).unwrap_or(from.len());
        let (run, after) = from.split_at(end);
        if !run.is_empty() {
            hide(run, &mut told);
        }
        rest = after;
    }
    told
}

/// Tells whether a word names nobody: a word of our or AWS's sentences, a number, an action, an operation.
fn is_known(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    if word.is_empty() || WORDS.binary_search(&lower.as_str()).is_ok() {
        return true;
    }
    // Not twelve: that is an account.
    let is_number = word.len() < 12 && word.bytes().all(|it| it.is_ascii_digit());
    let parts = || lower.split(['-', '/', ':', '_', '.']);
    let is_known_part = |it: &str| {
        it.is_empty()
            || WORDS.binary_search(&it).is_ok()
            || it.len() < 6 && it.bytes().all(|it| it.is_ascii_digit())
    };
    is_number || is_operation(word) || parts().count() > 1 && parts().all(is_known_part)
}

/// Tells whether a word is an operation that facts come from, or an action: `ListUsers`, `iam:ListUsers`.
fn is_operation(word: &str) -> bool {
    let (service, operation) = word.split_once(':').unwrap_or(("", word));
    let of_service = ["", "iam", "sts", "organizations", "account", "sso"].contains(&service);
    of_service && (SOURCES.iter().any(|it| it.to_string() == operation) || is_other(operation))
}

/// Tells whether a word is an operation that is asked along the way.
fn is_other(operation: &str) -> bool {
    const OTHERS: [&str; 24] = [
        "AssumeRole",
        "AssumeRoleWithSAML",
        "AssumeRoleWithWebIdentity",
        "AssumeRoot",
        "DescribeAccount",
        "DescribeOrganization",
        "DescribeOrganizationalUnit",
        "DescribePolicy",
        "GenerateCredentialReport",
        "GetCallerIdentity",
        "ListAWSServiceAccessForOrganization",
        "ListAccounts",
        "ListAccountsForParent",
        "ListChildren",
        "ListGroupsForUser",
        "ListOpenIDConnectProviders",
        "ListOrganizationalUnitsForParent",
        "ListParents",
        "ListRoles",
        "ListRoots",
        "ListSAMLProviders",
        "ListTargetsForPolicy",
        "TagSession",
        "SetSourceIdentity",
    ];
    OTHERS.contains(&operation)
}

const SOURCES: [Source; 16] = [
    Source::GetAccessKeyLastUsed,
    Source::GetAccountAuthorizationDetails,
    Source::GetAccountPasswordPolicy,
    Source::GetAccountSummary,
    Source::GetCredentialReport,
    Source::GetLoginProfile,
    Source::GetMfaDevice,
    Source::ListAccessKeys,
    Source::ListMfaDevices,
    Source::ListOrganizationsFeatures,
    Source::ListPolicies,
    Source::ListServiceSpecificCredentials,
    Source::ListSigningCertificates,
    Source::ListTagsForResource,
    Source::ListUsers,
    Source::ListVirtualMfaDevices,
];

fn is_account(word: &str) -> bool {
    word.parse::<AccountId>().is_ok()
}

/// Tells whether a word has the form of the identifier of an organization, its root or a unit.
pub(super) fn is_of_organization(word: &str) -> bool {
    let is_lower = |it: &str| {
        it.bytes()
            .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())
    };
    let is_long = |it: &str, least: usize| (least..=32).contains(&it.len()) && is_lower(it);
    match word.split_once('-') {
        Some(("o", rest)) => is_long(rest, 8),
        Some(("r", rest)) => is_long(rest, 4),
        Some(("ou", rest)) => rest
            .split_once('-')
            .is_some_and(|(root, unit)| is_long(root, 4) && is_long(unit, 8)),
        Some(_) | None => false,
    }
}

/// Tells whether a word has the form of the identifier of an access key or another credential, which holds the account.
fn is_credential(word: &str) -> bool {
    const KINDS: [&str; 9] = [
        "AKIA", "ASIA", "ABIA", "ACCA", "AIDA", "AROA", "AGPA", "ANPA", "ASCA",
    ];
    let is_upper = |it: u8| it.is_ascii_uppercase() || it.is_ascii_digit();
    word.len() >= 16 && KINDS.iter().any(|it| word.starts_with(it)) && word.bytes().all(is_upper)
}
