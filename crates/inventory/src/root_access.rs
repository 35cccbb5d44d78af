//! Root users of member accounts, looked at by a session of their own.

use aws::{Connection, RootToAssume, Trouble};
use model::{
    AccountId, AccountKind, ConsolePassword, Dataset, Fact, FeatureState, MfaDevice, Observation,
    OrganizationFeatures, Partition, Presence, Record, Source, snapshot::RootAccess,
};

use crate::{
    assemble::{Answer, Timed},
    calls::{
        get_login_profile::get_login_profile, list_access_keys::list_access_keys,
        list_mfa_devices::list_mfa_devices,
        list_organizations_features::list_organizations_features,
        list_signing_certificates::list_signing_certificates,
    },
    deadline::Deadline,
    door::{Door, Hallway, Way},
};

/// Decides once, before the first account, whether sessions of root users are used: never or always; and returns what
/// a reader should know of it, as a sentence without a full stop.
///
/// Where they are wanted always, they are tried even if the organization does not seem to allow them: each account then
/// says why not.
pub fn decide_root_access(
    features: Option<&SeenFeatures>,
    wanted: RootAccess,
) -> (RootAccess, Option<String>) {
    if wanted == RootAccess::Never {
        return (wanted, None);
    }
    let not_used = |why: &str| match wanted {
        RootAccess::Always => {
            let note = format!("AssumeRoot is tried in every member account, though {why}");
            (RootAccess::Always, Some(note))
        }
        RootAccess::Auto | RootAccess::Never => {
            let as_the_role = "so that root users are seen as the audit role sees them";
            let note = format!("AssumeRoot is not used, {as_the_role}: {why}");
            (RootAccess::Never, Some(note))
        }
    };
    match features.map(|it| &it.0) {
        None => not_used("whether it is allowed was not asked"),
        Some(Ok(seen)) => match seen.value.root_credentials_management {
            FeatureState::Enabled => (RootAccess::Always, None),
            FeatureState::NotEnabled => {
                not_used("RootCredentialsManagement is not enabled in the organization")
            }
        },
        Some(Err(trouble)) => not_used(&format!(
            "whether it is allowed was not seen ({})",
            trouble.detail
        )),
    }
}

/// Which features of central root access the organization has, as far as that was seen.
#[derive(Clone, Debug, serde::Deserialize, serde::Serialize)]
pub struct SeenFeatures(Answer<OrganizationFeatures>);

impl SeenFeatures {
    /// Asks, once a run.
    pub async fn ask(connection: &Connection, own_account: &AccountId, clock: aws::Clock) -> Self {
        let asked = list_organizations_features(connection, own_account).await;
        Self(asked.map(|value| Timed {
            value,
            at: Some(clock.now()),
        }))
    }

    /// Notes it in a record.
    pub(crate) fn note(&self, record: &mut Record) {
        record.organization_features = match &self.0 {
            Ok(seen) => {
                let observation = record.observed(Observation {
                    source: Source::ListOrganizationsFeatures,
                    at: seen.at,
                });
                Fact::Known(seen.value, observation)
            }
            Err(trouble) => {
                Fact::Unknown(record.missing(trouble.gap(Dataset::OrganizationFeatures)))
            }
        };
    }
}

/// What a session of a root user told.
#[derive(Clone, Debug)]
pub(crate) struct RootReads {
    pub(crate) password: Answer<ConsolePassword>,
    pub(crate) access_key: Answer<Presence>,
    pub(crate) signing_certificate: Answer<Presence>,
    pub(crate) mfa_devices: Answer<Vec<MfaDevice>>,
}

impl RootReads {
    /// Tells whether nothing was told.
    pub(crate) const fn is_unseen(&self) -> bool {
        self.password.is_err()
            && self.access_key.is_err()
            && self.signing_certificate.is_err()
            && self.mfa_devices.is_err()
    }

    fn none(trouble: &Trouble) -> Self {
        Self {
            password: Err(trouble.clone()),
            access_key: Err(trouble.clone()),
            signing_certificate: Err(trouble.clone()),
            mfa_devices: Err(trouble.clone()),
        }
    }
}

/// Tells whether AWS lets anyone have a session of this account's root user. The management account's is out of reach.
pub(crate) fn is_reachable(kind: AccountKind) -> bool {
    kind == AccountKind::Member
}

/// Looks at a member account's root user.
pub(crate) async fn read_root(
    hallway: &Hallway,
    account: &AccountId,
    partition: &Partition,
    deadline: Deadline,
    clock: aws::Clock,
) -> RootReads {
    let root = root_of(account, partition);
    let door = Door::new(hallway.clone(), account.clone(), Way::Root(root), deadline);
    if let Err(trouble) = door.enter().await {
        return RootReads::none(&trouble);
    }
    let (password, keys, certificate, devices) = tokio::join!(
        door.ask("GetLoginProfile", async |iam| get_login_profile(&iam, None)
            .await),
        door.ask("ListAccessKeys", async |iam| list_access_keys(&iam, None)
            .await),
        door.ask("ListSigningCertificates", async |iam| {
            list_signing_certificates(&iam, None).await
        }),
        door.ask("ListMFADevices", async |iam| list_mfa_devices(&iam, None)
            .await),
    );
    let at = Some(clock.now());
    RootReads {
        password: password.map(|value| Timed { value, at }),
        access_key: keys
            .map(|all| presence(&all))
            .map(|value| Timed { value, at }),
        signing_certificate: certificate
            .map(|all| presence(&all))
            .map(|value| Timed { value, at }),
        mfa_devices: devices.map(|value| Timed { value, at }),
    }
}

fn presence<T>(all: &[T]) -> Presence {
    if all.is_empty() {
        Presence::Absent
    } else {
        Presence::Present
    }
}

/// Returns a member account's root user, to be had for looking at its credentials and for nothing else.
///
/// Source: "AWS managed policies for root tasks" in the IAM user guide.
pub(crate) fn root_of(account: &AccountId, partition: &Partition) -> RootToAssume {
    RootToAssume {
        account: account.clone(),
        task_policy_arn: format!(
            "arn:{partition}:iam::aws:policy/root-task/IAMAuditRootUserCredentials"
        ),
    }
}
