//! Everything observed of an account, of which names are hidden. Every field is named, so that a new one is thought about.

use model::{
    AccessKey, Account, AdministratorAccess, DenyingPolicy, FidoCertifications, Gap, IamRole,
    IamUser, Listing, MfaDevice, Policy, PolicyPath, PolicySet, PolicyText, Record, RootUser,
    ScpLevel, ServiceControlPolicy, ServiceSpecificCredential,
    snapshot::{AccountList, Header, Parameters, ScopeFilter},
};
use serde_json::Value;

use super::Redactor;

impl Redactor {
    /// Returns a record of which judges say the same, but for names; users and roles are in the order of their pseudonyms,
    /// for their order would tell their names.
    pub(super) fn record(&self, record: &Record) -> Record {
        let Record {
            account,
            observations,
            gaps,
            root_user,
            iam_users,
            identity_providers,
            password_policy,
            unassigned_virtual_mfa_devices,
            iam_roles,
            policies,
            policy_sets,
            service_control_policies,
            organization_features,
            owner_tag,
            notes,
        } = record;
        let mut users = listing(iam_users, |it| self.user(it));
        let mut roles = listing(iam_roles, |it| self.role(it));
        if self.what.hides_names() {
            users.items.sort_by(|a, b| a.name.cmp(&b.name));
            roles.items.sort_by(|a, b| a.name.cmp(&b.name));
        }
        let owner = |it: &Option<Box<str>>| it.as_deref().map(|it| self.name(it).into());
        Record {
            account: self.whole_account(account),
            observations: observations.clone(),
            gaps: gaps.iter().map(|it| self.gap(it)).collect(),
            root_user: RootUser {
                mfa_devices: listing(&root_user.mfa_devices, |it| self.device(it)),
                ..root_user.clone()
            },
            iam_users: users,
            identity_providers: identity_providers.clone(),
            password_policy: password_policy.clone(),
            unassigned_virtual_mfa_devices: listing(unassigned_virtual_mfa_devices, |it| {
                self.serial_number(it)
            }),
            iam_roles: roles,
            policies: policies.iter().map(|it| self.named_policy(it)).collect(),
            policy_sets: policy_sets.iter().map(|it| self.policy_set(it)).collect(),
            service_control_policies: service_control_policies
                .map(|it| it.iter().map(|it| self.scp_level(it)).collect()),
            organization_features: organization_features.clone(),
            owner_tag: owner_tag.map(owner),
            notes: notes.iter().map(|it| self.message(it)).collect(),
        }
    }

    fn whole_account(&self, account: &Account) -> Account {
        let Account {
            id,
            name,
            partition,
            kind,
            state,
            scope,
            ou_path,
        } = account;
        Account {
            id: self.account(id),
            name: self.name(name),
            partition: partition.clone(),
            kind: *kind,
            state: state.clone(),
            scope: *scope,
            ou_path: self.unit(ou_path),
        }
    }

    fn gap(&self, gap: &Gap) -> Gap {
        let Gap {
            dataset,
            reason,
            operation,
            detail,
            policy,
        } = gap;
        Gap {
            dataset: *dataset,
            reason: *reason,
            operation: operation.clone(),
            detail: self.message(detail),
            policy: policy.as_ref().map(|it| DenyingPolicy {
                kind: it.kind,
                arn: it.arn.as_deref().map(|it| self.arn_text(it)),
            }),
        }
    }

    fn device(&self, device: &MfaDevice) -> MfaDevice {
        MfaDevice {
            serial_number: self.serial_number(&device.serial_number),
            kind: device.kind,
            enabled_at: device.enabled_at,
        }
    }

    fn user(&self, user: &IamUser) -> IamUser {
        let IamUser {
            name,
            arn,
            created_at,
            password,
            password_last_used,
            password_last_changed,
            mfa,
            mfa_devices,
            fido_certifications,
            access_keys,
            signing_certificate,
            service_specific_credentials,
            direct_policies,
            administrator_access,
            policies,
        } = user;
        let certified = |it: &FidoCertifications| FidoCertifications {
            serial_number: self.serial_number(&it.serial_number),
            certifications: it.certifications.clone(),
        };
        let key = |it: &AccessKey| AccessKey {
            id: it.id.as_deref().map(|it| self.credential(it).into()),
            status: it.status,
            created_at: it.created_at.clone(),
            last_used: it.last_used.clone(),
        };
        let credential = |it: &ServiceSpecificCredential| ServiceSpecificCredential {
            id: self.credential(&it.id).into(),
            ..it.clone()
        };
        IamUser {
            name: self.name(name).into(),
            arn: self.arn(arn),
            created_at: created_at.clone(),
            password: password.clone(),
            password_last_used: password_last_used.clone(),
            password_last_changed: password_last_changed.clone(),
            mfa: mfa.clone(),
            mfa_devices: listing(mfa_devices, |it| self.device(it)),
            fido_certifications: fido_certifications
                .as_ref()
                .map(|it| it.map(|it| it.iter().map(certified).collect())),
            access_keys: access_keys.map(|it| it.iter().map(key).collect()),
            signing_certificate: signing_certificate.clone(),
            service_specific_credentials: service_specific_credentials
                .map(|it| it.iter().map(credential).collect()),
            direct_policies: direct_policies
                .map(|it| it.iter().map(|it| self.name(it).into()).collect()),
            administrator_access: administrator_access.map(|it| match it {
                AdministratorAccess::Administrator(how) => {
                    AdministratorAccess::Administrator(self.message(how).into())
                }
                AdministratorAccess::NotAdministrator => AdministratorAccess::NotAdministrator,
            }),
            policies: policies.clone(),
        }
    }

    fn named_policy(&self, policy: &Policy) -> Policy {
        let Policy { name, text } = policy;
        Policy {
            name: match name.parse() {
                Ok(arn) => self.arn(&arn).as_str().into(),
                Err(_) => self.name(name).into(),
            },
            text: self.policy_text(text),
        }
    }

    fn policy_text(&self, text: &PolicyText) -> PolicyText {
        match text {
            PolicyText::Document(it) => PolicyText::Document(self.policy(it).into()),
            PolicyText::Unread(why) => PolicyText::Unread(self.message(why).into()),
        }
    }

    fn policy_set(&self, set: &PolicySet) -> PolicySet {
        let PolicySet { policies, boundary } = set;
        let path = |it: &PolicyPath| match it {
            PolicyPath::UserInline => PolicyPath::UserInline,
            PolicyPath::User => PolicyPath::User,
            PolicyPath::GroupInline(group) => PolicyPath::GroupInline(self.name(group).into()),
            PolicyPath::Group(group) => PolicyPath::Group(self.name(group).into()),
        };
        PolicySet {
            policies: policies.iter().map(|(it, id)| (path(it), *id)).collect(),
            boundary: *boundary,
        }
    }

    fn scp_level(&self, level: &ScpLevel) -> ScpLevel {
        let ScpLevel { target, policies } = level;
        ScpLevel {
            target: match target.parse() {
                Ok(account) => self.account(&account).as_str().into(),
                Err(_) if self.what.hides_accounts() => self.text(target).into(),
                Err(_) => target.clone(),
            },
            policies: policies.clone(),
        }
    }

    fn role(&self, role: &IamRole) -> IamRole {
        let IamRole {
            name,
            arn,
            trust_policy,
        } = role;
        IamRole {
            name: self.name(name).into(),
            arn: self.arn(arn),
            trust_policy: self.policy(trust_policy).into(),
        }
    }

    /// Returns a policy document whose values name nobody; what is no document is hidden whole.
    fn policy(&self, text: &str) -> String {
        match serde_json::from_str(text) {
            Ok(document) => self.value(document).to_string(),
            Err(_) => self.text(text),
        }
    }

    fn value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.message(&text)),
            Value::Array(items) => items.into_iter().map(|it| self.value(it)).collect(),
            Value::Object(entries) => {
                let entries = entries.into_iter();
                entries.map(|(key, it)| (key, self.value(it))).collect()
            }
            other @ (Value::Null | Value::Bool(_) | Value::Number(_)) => other,
        }
    }

    /// Returns a header that names nobody.
    pub(super) fn header(&self, header: &Header) -> Header {
        let Header {
            format,
            tool_version,
            mode,
            collected_at,
            caller,
            organization,
            scope,
            parameters,
            endpoint,
            identity_center,
            service_control_policies,
            account_list,
            shard,
            notes,
        } = header;
        let organization = organization.as_ref().map(|it| model::Organization {
            id: self.organization(&it.id),
            management_account: self.account(&it.management_account),
        });
        Header {
            format: *format,
            tool_version: tool_version.clone(),
            mode: *mode,
            collected_at: *collected_at,
            caller: caller.as_ref().map(|it| self.arn(it)),
            organization,
            scope: self.scope(scope),
            parameters: Parameters {
                datasets: parameters.datasets.clone(),
                role: self.name_with_path(&parameters.role),
                root_access: parameters.root_access,
                owner_tag: parameters.owner_tag.as_deref().map(|it| self.message(it)),
                collection_sha256: parameters.collection_sha256.clone(),
            },
            endpoint: endpoint.as_deref().map(|it| self.message(it)),
            identity_center: *identity_center,
            service_control_policies: service_control_policies
                .iter()
                .map(|it| ServiceControlPolicy {
                    id: it.id.clone(),
                    name: self.name(&it.name).into(),
                    text: self.policy_text(&it.text),
                })
                .collect(),
            account_list: match account_list {
                AccountList::Whole => AccountList::Whole,
                AccountList::Cut(why) => AccountList::Cut(self.message(why)),
            },
            shard: shard.clone(),
            notes: notes.iter().map(|it| self.message(it)).collect(),
        }
    }

    pub(super) fn scope(&self, scope: &ScopeFilter) -> ScopeFilter {
        let ids = |ids: &[model::AccountId]| ids.iter().map(|it| self.account(it)).collect();
        let units = scope.organizational_units.iter();
        ScopeFilter {
            accounts: ids(&scope.accounts),
            excluded_accounts: ids(&scope.excluded_accounts),
            organizational_units: units.map(|it| self.unit(it)).collect(),
        }
    }
}

fn listing<T, U>(of: &Listing<T>, hide: impl FnMut(&T) -> U) -> Listing<U> {
    Listing {
        items: of.items.iter().map(hide).collect(),
        observation: of.observation,
        gap: of.gap,
    }
}
