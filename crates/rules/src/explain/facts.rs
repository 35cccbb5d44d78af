//! The facts of a record, each with its name, and where it stands.

use model::{
    Dataset as D, Fact, GapId, IamUser, Listing, Observation, ObservationId, Record, RootUser,
};

use super::{FactTold, told};
use crate::{RunContext, Subject, SubjectKind, enforcement, trace::place};

/// The facts of a record, each with where it stands.
pub(super) struct Facts<'a> {
    record: &'a Record,
    all: Vec<(usize, Owner, FactTold)>,
}

/// Whose fact it is.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Owner {
    Subject,
    Account,
    OtherUser,
}

impl<'a> Facts<'a> {
    /// Returns every fact of the record, from a subject's point of view: the facts of other users are named after them.
    pub(super) fn of(record: &'a Record, subject: &Subject, run: &RunContext) -> Self {
        let mut facts = Self {
            record,
            all: Vec::new(),
        };
        let owner = match subject.kind {
            SubjectKind::RootUser => Owner::Subject,
            SubjectKind::IamUser
            | SubjectKind::IamRole
            | SubjectKind::Account
            | SubjectKind::Organization => Owner::Account,
        };
        facts.root_user(&record.root_user, owner);
        facts.account(record, run);
        for user in &record.iam_users.items {
            if user.arn == subject.arn {
                facts.user(user, Owner::Subject, "");
            } else {
                facts.user(user, Owner::OtherUser, &format!("{}: ", user.name));
            }
        }
        facts
    }

    /// Returns the fact that stands at a place.
    pub(super) fn at(&self, place: usize) -> Option<&FactTold> {
        let found = self.all.iter().find(|(at, ..)| *at == place);
        found.map(|(.., fact)| fact)
    }

    pub(super) fn observation(&self, id: ObservationId) -> Option<Observation> {
        self.record.observation(id)
    }

    /// Returns the facts of the subject, and of its account if it is one.
    pub(super) fn about_subject(
        &self,
        subject: &Subject,
    ) -> impl Iterator<Item = (usize, &FactTold)> {
        let of_account = matches!(
            subject.kind,
            SubjectKind::Account | SubjectKind::Organization
        );
        let is_about =
            move |owner: Owner| owner == Owner::Subject || of_account && owner == Owner::Account;
        let about = self
            .all
            .iter()
            .filter(move |(_, owner, _)| is_about(*owner));
        about.map(|(at, _, fact)| (*at, fact))
    }

    fn root_user(&mut self, root: &RootUser, owner: Owner) {
        let mut add = |fact: Named<'_>| self.add(owner, "", fact);
        add(Named::of(
            "root password",
            D::RootCredentials,
            &root.password,
            |it| told::password(*it),
        ));
        add(Named::of(
            "root access key",
            D::RootCredentials,
            &root.access_key,
            |it| told::presence(*it),
        ));
        let certificate = &root.signing_certificate;
        add(Named::of(
            "root signing certificate",
            D::RootCredentials,
            certificate,
            |it| told::presence(*it),
        ));
        add(Named::of("root MFA", D::RootMfa, &root.mfa, |it| {
            told::mfa(*it)
        }));
        add(Named::listed(
            "root MFA devices",
            D::RootMfaDevices,
            &root.mfa_devices,
            told::device,
        ));
        let app = &root.virtual_mfa_device;
        add(Named::of(
            "root authenticator app",
            D::RootVirtualMfaDevices,
            app,
            |it| told::presence(*it),
        ));
        let used = &root.password_last_used;
        add(Named::of(
            "root password's last use",
            D::RootUse,
            used,
            |it| told::last_use(*it),
        ));
        let used = &root.access_key_last_used;
        add(Named::of(
            "root access keys' last use",
            D::RootUse,
            used,
            |it| told::last_use(*it),
        ));
    }

    fn account(&mut self, record: &Record, run: &RunContext) {
        let mut add = |fact: Named<'_>| self.add(Owner::Account, "", fact);
        add(Named::counted("IAM users", D::IamUsers, &record.iam_users));
        add(Named::counted("IAM roles", D::RoleTrust, &record.iam_roles));
        let providers = &record.identity_providers;
        add(Named::of(
            "identity providers",
            D::IdentityProviders,
            providers,
            ToString::to_string,
        ));
        let policy = &record.password_policy;
        add(Named::of(
            "password policy",
            D::PasswordPolicy,
            policy,
            |it| told::password_policy(*it),
        ));
        let devices = &record.unassigned_virtual_mfa_devices;
        add(Named::listed(
            "unassigned virtual MFA devices",
            D::UnassignedVirtualMfaDevices,
            devices,
            ToString::to_string,
        ));
        let over = &record.service_control_policies;
        add(Named::of(
            "service control policies",
            D::ServiceControlPolicies,
            over,
            |it| enforcement::chain(record, it, &run.policies),
        ));
        let features = &record.organization_features;
        add(Named::of(
            "organization features",
            D::OrganizationFeatures,
            features,
            |it| told::features(*it),
        ));
    }

    fn user(&mut self, of: &IamUser, owner: Owner, prefix: &str) {
        let mut add = |fact: Named<'_>| self.add(owner, prefix, fact);
        add(Named::of(
            "creation",
            D::IamUsers,
            &of.created_at,
            ToString::to_string,
        ));
        add(Named::of(
            "console password",
            D::LoginProfiles,
            &of.password,
            |it| told::password(*it),
        ));
        let used = &of.password_last_used;
        add(Named::of(
            "password's last use",
            D::PasswordUse,
            used,
            |it| told::last_use(*it),
        ));
        let changed = &of.password_last_changed;
        add(Named::of(
            "password's last change",
            D::PasswordUse,
            changed,
            |it| it.map_or_else(|| "no record of it".to_owned(), |it| it.to_string()),
        ));
        add(Named::of("MFA", D::MfaStatus, &of.mfa, |it| told::mfa(*it)));
        add(Named::listed(
            "MFA devices",
            D::MfaDevices,
            &of.mfa_devices,
            told::device,
        ));
        if let Some(fact) = &of.fido_certifications {
            add(Named::of(
                "security keys' certifications",
                D::FidoCertifications,
                fact,
                |it| told::certifications(it),
            ));
        }
        add(Named::of(
            "access keys",
            D::AccessKeys,
            &of.access_keys,
            |it| told::keys(it),
        ));
        for (index, key) in of.access_keys.known().into_iter().flatten().enumerate() {
            let key_name = key
                .id
                .as_deref()
                .map_or_else(|| (index + 1).to_string(), str::to_owned);
            let name = format!("access key {key_name}'s creation");
            add(Named::of(
                &name,
                D::AccessKeys,
                &key.created_at,
                ToString::to_string,
            ));
            let name = format!("access key {key_name}'s last use");
            add(Named::of(&name, D::AccessKeyUse, &key.last_used, |it| {
                told::last_use(*it)
            }));
        }
        let certificate = &of.signing_certificate;
        add(Named::of(
            "signing certificate",
            D::SigningCertificates,
            certificate,
            |it| told::presence(*it),
        ));
        let credentials = &of.service_specific_credentials;
        add(Named::of(
            "service-specific credentials",
            D::ServiceSpecificCredentials,
            credentials,
            |it| told::service_credentials(it),
        ));
        self.policies_of(of, owner, prefix);
    }

    fn policies_of(&mut self, of: &IamUser, owner: Owner, prefix: &str) {
        let record = self.record;
        let mut add = |fact: Named<'_>| self.add(owner, prefix, fact);
        let policies = &of.direct_policies;
        add(Named::of(
            "own policies",
            D::DirectPolicies,
            policies,
            |it| told::names(it),
        ));
        add(Named::of(
            "policies that apply",
            D::UserPolicies,
            &of.policies,
            |it| enforcement::policies(record, *it),
        ));
        let access = &of.administrator_access;
        add(Named::of(
            "administrator access",
            D::AdministratorAccess,
            access,
            told::administrator,
        ));
    }

    fn add(&mut self, owner: Owner, prefix: &str, fact: Named<'_>) {
        let told = FactTold {
            name: format!("{prefix}{}", fact.name),
            dataset: fact.dataset,
            value: fact.value,
            observation: fact.observation.and_then(|it| self.record.observation(it)),
            gap: fact.gap,
        };
        self.all.push((fact.at, owner, told));
    }
}

/// A fact with its name.
struct Named<'n> {
    name: &'n str,
    at: usize,
    dataset: D,
    value: Option<String>,
    observation: Option<ObservationId>,
    gap: Option<GapId>,
}

impl<'n> Named<'n> {
    fn of<T>(name: &'n str, dataset: D, fact: &Fact<T>, show: impl Fn(&T) -> String) -> Self {
        Self {
            name,
            at: place(fact),
            dataset,
            value: fact.known().map(show),
            observation: fact.observation(),
            gap: fact.get().err(),
        }
    }

    fn listed<T>(
        name: &'n str,
        dataset: D,
        list: &Listing<T>,
        show: impl Fn(&T) -> String,
    ) -> Self {
        let items: Vec<_> = list.items.iter().map(show).collect();
        let value = if items.is_empty() {
            list.gap.is_none().then(|| "none".to_owned())
        } else {
            Some(items.join(", "))
        };
        Self::listing(name, dataset, list, value)
    }

    fn counted<T>(name: &'n str, dataset: D, list: &Listing<T>) -> Self {
        let seen = list.gap.is_none() || !list.items.is_empty();
        let value = seen.then(|| format!("{} listed", list.items.len()));
        Self::listing(name, dataset, list, value)
    }

    fn listing<T>(name: &'n str, dataset: D, list: &Listing<T>, value: Option<String>) -> Self {
        Self {
            name,
            at: place(list),
            dataset,
            value,
            observation: list.observation,
            gap: list.gap,
        }
    }
}
