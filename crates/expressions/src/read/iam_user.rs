//! Reads what expressions may say of an IAM user.

use cel::Value;
use model::{
    AccessKey, AccessKeyStatus, AdministratorAccess, ConsolePassword, Dataset, GapId, IamUser,
    LastUse, MfaStatus, Presence, ServiceSpecificCredential,
};

use super::{Reading, list, text};
use crate::{Step, needs::Needs};

impl Reading<'_> {
    /// Reads an IAM user.
    pub(super) fn iam_user(&mut self, user: &IamUser, needs: &Needs) -> Value {
        self.object(needs, |it, name, needs| match name {
            "name" => text(&user.name),
            "path" => text(path(user)),
            "arn" => text(user.arn.as_str()),
            "account" => it.account_of(needs),
            "age_days" => it.fact(&user.created_at, |it, at| it.days(Dataset::IamUsers, *at)),
            "has_password" => it.truth(&user.password, &ConsolePassword::Set),
            "password_age_days" | "password_was_used" | "password_idle_days" => {
                it.password(user, name)
            }
            "has_mfa" => it.truth(&user.mfa, &MfaStatus::Enabled),
            "mfa_devices" => it.devices(&user.mfa_devices, Dataset::MfaDevices, needs),
            "access_keys" => it.access_keys(user, needs, |_| true),
            "active_access_keys" => {
                it.access_keys(user, needs, |it| it.status == AccessKeyStatus::Active)
            }
            "has_signing_certificate" => it.truth(&user.signing_certificate, &Presence::Present),
            "service_specific_credentials" => {
                it.fact(&user.service_specific_credentials, |it, all| {
                    let each = all.iter().map(|one| it.service_credential(one, needs));
                    list(each.collect())
                })
            }
            "direct_policies" => it.fact(&user.direct_policies, |_, it| Self::texts(it)),
            "is_administrator" => it.fact(&user.administrator_access, |_, it| {
                Value::Bool(matches!(it, AdministratorAccess::Administrator(_)))
            }),
            _ => it.unread(),
        })
    }

    /// A password that is not set has neither an age nor a use.
    fn password(&mut self, user: &IamUser, name: &str) -> Value {
        if let Some(ConsolePassword::NotSet) = user.password.known() {
            self.steps.push(Step::fact(&user.password));
            return self.unknown(GapId::undefined(Dataset::PasswordUse));
        }
        let changed = &user.password_last_changed;
        // AWS may have no record of the change.
        let age = |it: &mut Self| {
            it.fact(changed, |it, at| match at {
                Some(at) => it.days(Dataset::PasswordUse, *at),
                None => it.unknown(GapId::undefined(Dataset::PasswordUse)),
            })
        };
        match name {
            "password_age_days" => age(self),
            "password_was_used" => self.fact(&user.password_last_used, |_, it| {
                Value::Bool(matches!(it, LastUse::At(_)))
            }),
            _ => self.fact(&user.password_last_used, |it, used| match used {
                LastUse::At(at) => it.days(Dataset::PasswordUse, *at),
                LastUse::NeverRecorded => age(it),
            }),
        }
    }

    fn access_keys(
        &mut self,
        user: &IamUser,
        needs: &Needs,
        wanted: impl Fn(&AccessKey) -> bool,
    ) -> Value {
        self.fact(&user.access_keys, |it, keys| {
            let wanted = keys.iter().filter(|key| wanted(key));
            list(wanted.map(|key| it.access_key(key, needs)).collect())
        })
    }

    fn access_key(&mut self, key: &AccessKey, needs: &Needs) -> Value {
        let created = &key.created_at;
        let age = |it: &mut Self| it.fact(created, |it, at| it.days(Dataset::AccessKeys, *at));
        self.object(needs, |it, name, _| match name {
            "id" => match &key.id {
                Some(id) => text(id),
                None => it.unknown(GapId::unsaid(Dataset::AccessKeys)),
            },
            "is_active" => Value::Bool(key.status == AccessKeyStatus::Active),
            "age_days" => age(it),
            "was_used" => it.fact(&key.last_used, |_, it| {
                Value::Bool(matches!(it, LastUse::At(_)))
            }),
            "idle_days" => it.fact(&key.last_used, |it, used| match used {
                LastUse::At(at) => it.days(Dataset::AccessKeyUse, *at),
                LastUse::NeverRecorded => age(it),
            }),
            _ => it.unread(),
        })
    }

    fn service_credential(&mut self, one: &ServiceSpecificCredential, needs: &Needs) -> Value {
        const DATASET: Dataset = Dataset::ServiceSpecificCredentials;
        self.object(needs, |it, name, _| match name {
            "id" => text(&one.id),
            "service" => text(&one.service),
            "is_active" => Value::Bool(one.status == AccessKeyStatus::Active),
            "expires" => Value::Bool(one.expires_at.is_some()),
            "age_days" => match one.created_at {
                Some(at) => it.days(DATASET, at),
                None => it.unknown(GapId::unsaid(DATASET)),
            },
            _ => it.unread(),
        })
    }
}

/// Returns the path in a user's ARN: `/people/` of `arn:aws:iam::111122223333:user/people/alice`.
fn path(user: &IamUser) -> &str {
    let resource = user.arn.resource();
    let resource = resource.strip_prefix("user").unwrap_or(resource);
    match resource.rfind('/') {
        Some(last) => resource.get(..=last).unwrap_or("/"),
        None => "/",
    }
}
