//! One user: its credentials, the policies over it, and what they come to.

use std::{rc::Rc, sync::Arc};

use model::{AccessKeyStatus, ConsolePassword, Dataset, IamUser, ScpLevel};
use policy::engine::{Bypass, Caller, Credential, Enforcement, Leak, SelfService};

use super::account::UserSet;
use crate::{Context, Unseen};

/// A user that can sign in, and the policies over it.
#[derive(Debug)]
pub(crate) struct JudgedUser<'a> {
    context: &'a Context<'a>,
    pub(super) credentials: Vec<Credential>,
    pub(super) set: Rc<UserSet>,
    pub(super) caller: Caller,
}

/// Whether a user can do nothing without MFA but enrol a device.
#[derive(Clone, Debug)]
pub(crate) struct UserEnforcement {
    pub(crate) outcome: Arc<Enforcement>,
    /// The role that it is about, which a trust policy opens to the user.
    pub(crate) role: Option<String>,
}

/// Whether statements that mean to enforce MFA leak.
#[derive(Clone, Debug)]
pub(crate) struct UserBypass {
    pub(crate) outcome: Arc<Bypass>,
    /// The role that it is about, which a trust policy opens to the user.
    pub(crate) role: Option<String>,
}

/// Reads what is to be known of a user; `None` if it has nothing to sign in with.
pub(crate) fn judged<'a>(
    user: &IamUser,
    context: &'a Context<'a>,
) -> Result<Option<JudgedUser<'a>>, Unseen> {
    let keys = context.read(&user.access_keys)?;
    let has_key = keys.iter().any(|it| it.status == AccessKeyStatus::Active);
    let mut credentials = Vec::new();
    if *context.read(&user.password)? == ConsolePassword::Set {
        credentials.push(Credential::Password);
    }
    if has_key {
        credentials.push(Credential::AccessKey);
    }
    if credentials.is_empty() {
        return Ok(None);
    }
    let id = *context.read(&user.policies)?;
    // Whatever a user's own policies say, nobody knows what is over them.
    let over = context.read(&context.record.service_control_policies)?;
    Ok(Some(JudgedUser {
        credentials,
        set: context
            .policies
            .set(context.record, id, over, context.run_policies()),
        caller: caller(user, over, context),
        context,
    }))
}

fn caller(user: &IamUser, over: &[ScpLevel], context: &Context<'_>) -> Caller {
    let organization = context.run_policies().organization();
    // A chain is there in an organization alone.
    let organization = organization.filter(|_| !over.is_empty());
    let mut units = over.iter().filter(|it| it.target.contains('-')).peekable();
    let path = organization.zip(units.peek().is_some().then_some(units));
    Caller {
        arn: user.arn.to_string(),
        name: user.name.to_string(),
        account: user.arn.account().to_owned(),
        user_id: None,
        organization: organization.map(str::to_owned),
        organization_path: path.map(|(organization, units)| {
            let units = units.map(|it| format!("{}/", it.target));
            format!("{organization}/{}", units.collect::<String>())
        }),
        tags: None,
    }
}

impl JudgedUser<'_> {
    pub(super) fn self_service(&self) -> &SelfService {
        self.context.policies.self_service(self.context.settings)
    }

    /// Tells whether the user can do nothing without MFA but enrol a device.
    pub(crate) fn enforcement(&self) -> Result<UserEnforcement, Unseen> {
        let of = |set: &policy::engine::PolicySet| {
            set.enforcement(&self.credentials, self.self_service(), Some(&self.caller))
        };
        let mut worst = UserEnforcement {
            outcome: of(&self.set.policies),
            role: None,
        };
        if matches!(*worst.outcome, Enforcement::NotEnforced { .. }) {
            return Ok(worst);
        }
        let mut unread = None;
        for door in self.doors()? {
            let trust = match &door.trust {
                Ok(trust) => trust,
                Err(why) => {
                    unread.get_or_insert((&door.role, why));
                    continue;
                }
            };
            let set = self.set.policies.assuming(&door.role, trust, &self.caller);
            let Some(outcome) = set.map(|it| of(&it)) else {
                continue;
            };
            let role = Some(door.role.clone());
            match *outcome {
                Enforcement::NotEnforced { .. } => return Ok(UserEnforcement { outcome, role }),
                Enforcement::Unclear { .. } if !is_unclear(&worst.outcome) => {
                    worst = UserEnforcement { outcome, role };
                }
                Enforcement::NoCredentials
                | Enforcement::Enforced { .. }
                | Enforcement::Unclear { .. } => {}
            }
        }
        match unread {
            Some((role, why)) if !is_unclear(&worst.outcome) => Err(self.unread(role, why)),
            _ => Ok(worst),
        }
    }

    /// Tells whether statements that mean to enforce MFA leak.
    pub(crate) fn bypass(&self) -> Result<UserBypass, Unseen> {
        let own = self
            .set
            .bypass(&self.credentials, self.self_service(), &self.caller);
        let mut worst = UserBypass {
            outcome: own,
            role: None,
        };
        if matches!(*worst.outcome, Bypass::Leaks(_) | Bypass::NotAttempted) {
            return Ok(worst);
        }
        let mut unread = None;
        for door in self.doors()? {
            let trust = match &door.trust {
                Ok(trust) => trust,
                Err(why) => {
                    unread.get_or_insert((&door.role, why));
                    continue;
                }
            };
            let Some(set) = self.set.policies.assuming(&door.role, trust, &self.caller) else {
                continue;
            };
            let outcome = set.bypass(&self.credentials, self.self_service(), Some(&self.caller));
            let role = Some(door.role.clone());
            match outcome {
                Bypass::Leaks(_) => {
                    let outcome = Arc::new(outcome);
                    return Ok(UserBypass { outcome, role });
                }
                Bypass::Unclear(_) if !matches!(*worst.outcome, Bypass::Unclear(_)) => {
                    worst = UserBypass {
                        outcome: Arc::new(outcome),
                        role,
                    };
                }
                Bypass::NotAttempted | Bypass::Tight(_) | Bypass::Unclear(_) => {}
            }
        }
        match unread {
            Some((role, why)) if !matches!(*worst.outcome, Bypass::Unclear(_)) => {
                Err(self.unread(role, why))
            }
            _ => Ok(worst),
        }
    }

    /// Returns the roles that a trust policy may open to the user. Where nothing that is asked without MFA could open any,
    /// roles are not looked at.
    fn doors(&self) -> Result<&[super::account::Door], Unseen> {
        let any = self.set.any_role().enforcement(
            &self.credentials,
            self.self_service(),
            Some(&self.caller),
        );
        if matches!(*any, Enforcement::Enforced { .. }) {
            return Ok(&[]);
        }
        let roles = self.context.read_all(&self.context.record.iam_roles)?;
        Ok(self.context.policies.doors(roles))
    }

    fn unread(&self, role: &str, why: &str) -> Unseen {
        let why = format!("whom the role {role} lets in cannot be told: {why}");
        self.context.hangs(Dataset::RoleTrust, why)
    }
}

fn is_unclear(outcome: &Enforcement) -> bool {
    matches!(outcome, Enforcement::Unclear { .. })
}

/// Returns the leaks that are certain, or else those that there may be.
pub(super) fn leaks_of(bypass: &Bypass) -> &[Leak] {
    match bypass {
        Bypass::Leaks(leaks) | Bypass::Unclear(leaks) => leaks,
        Bypass::NotAttempted | Bypass::Tight(_) => &[],
    }
}
