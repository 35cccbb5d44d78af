//! Reads what expressions may say of an account.

use cel::Value;
use model::{
    AccountKind, AccountState, Dataset, FeatureState, GapId, PasswordPolicy,
    snapshot::IdentityCenter,
};

use super::{Reading, list, number, text};
use crate::{Step, needs::Needs};

impl Reading<'_> {
    /// Reads the account as a subject.
    pub(super) fn account(&mut self, needs: &Needs) -> Value {
        let record = self.facts.record;
        self.object(needs, |it, name, needs| match name {
            "iam_users" => it.listing(&record.iam_users, |it, user| it.iam_user(user, needs)),
            "identity_provider_count" => it.fact(&record.identity_providers, |_, count| {
                number((*count).into())
            }),
            "password_policy" => it.fact(&record.password_policy, |it, policy| {
                it.password_policy(*policy, needs)
            }),
            "unassigned_virtual_mfa_devices" => {
                it.listing(&record.unassigned_virtual_mfa_devices, |_, it| text(it))
            }
            "has_central_root_credentials" => it.fact(&record.organization_features, |_, it| {
                Value::Bool(it.root_credentials_management == FeatureState::Enabled)
            }),
            "has_root_sessions" => it.fact(&record.organization_features, |_, it| {
                Value::Bool(it.root_sessions == FeatureState::Enabled)
            }),
            "uses_identity_center" => it.uses_identity_center(),
            of_any => it.account_field(of_any),
        })
    }

    fn uses_identity_center(&mut self) -> Value {
        self.steps.push(Step::IdentityCenter);
        match self.facts.identity_center {
            IdentityCenter::InUse => Value::Bool(true),
            IdentityCenter::NotInUse => Value::Bool(false),
            IdentityCenter::NotSeen => self.unknown(GapId::unsaid(Dataset::IdentityCenter)),
        }
    }

    /// Reads the account of another subject.
    pub(super) fn account_of(&mut self, needs: &Needs) -> Value {
        self.object(needs, |it, name, _| it.account_field(name))
    }

    /// What no list of the organization's accounts told is not known: an empty text is no name.
    fn account_field(&mut self, name: &str) -> Value {
        let account = &self.facts.record.account;
        let unplaced = GapId::unplaced(self.kind.dataset());
        let told = account.state != AccountState::Unstated;
        match name {
            "id" => text(account.id.as_str()),
            "partition" => text(account.partition.as_str()),
            "name" if told || !account.name.is_empty() => text(&account.name),
            // An account at the root and one whose unit was not seen look the same.
            "ou_path" if !account.ou_path.is_empty() => text(&account.ou_path),
            "kind" => match account.kind {
                AccountKind::Management => text("management"),
                AccountKind::Member => text("member"),
                AccountKind::Standalone => text("standalone"),
                AccountKind::Unstated => self.unknown(unplaced),
            },
            "name" | "ou_path" => self.unknown(unplaced),
            _ => self.unread(),
        }
    }

    fn password_policy(&mut self, policy: PasswordPolicy, needs: &Needs) -> Value {
        // AWS's default, which the IAM user guide tells.
        let (custom, length, reuse, age) = match policy {
            PasswordPolicy::Default => (false, 8, None, None),
            PasswordPolicy::Custom {
                minimum_length,
                reuse_prevention,
                max_age_days,
            } => (true, minimum_length, reuse_prevention, max_age_days),
        };
        let or_none = |it: Option<u32>| number(it.unwrap_or_default().into());
        self.object(needs, |it, name, _| match name {
            "is_custom" => Value::Bool(custom),
            "minimum_length" => number(length.into()),
            "reuse_prevention" => or_none(reuse),
            "max_age_days" => or_none(age),
            _ => it.unread(),
        })
    }

    /// Returns a list of texts.
    pub(super) fn texts(texts: &[Box<str>]) -> Value {
        list(texts.iter().map(|it| text(it)).collect())
    }
}
