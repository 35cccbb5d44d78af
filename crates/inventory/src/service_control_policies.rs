//! The organization's service control policies: read once a run, while accounts are collected, and noted in each record.

use std::{collections::BTreeMap, sync::Arc};

use aws::{Clock, Connection, Trouble};
use futures_util::{StreamExt, stream};
use model::{
    AccountKind, Dataset, Fact, GapReason, Observation, PolicyText, Record, ScpLevel,
    ServiceControlPolicy, Source, Timestamp,
};
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;

use crate::{
    Pace, RunDeadline,
    authorization::is_json,
    calls::{
        describe_policy::describe_policy,
        distinct,
        list_policies::{ListedPolicy, list_policies},
        list_roots::list_roots,
        list_targets_for_policy::list_targets_for_policy,
    },
    discover::within,
};

/// How many policies are asked about at once. AWS allows 5 such calls a second, 8 in a burst.
const AT_ONCE: usize = 4;

/// The service control policies of a run. Clones share what was read.
#[derive(Clone)]
pub struct ServiceControlPolicies(Arc<Shared>);

struct Shared {
    asker: Option<Asker>,
    clock: Clock,
    seen: OnceCell<Result<Seen, Trouble>>,
}

/// Who may still read them; `None` where somebody else did.
struct Asker {
    connection: Connection,
    pace: Pace,
    deadline: Option<RunDeadline>,
}

/// What somebody read of the service control policies, to be handed to who collects.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct SeenPolicies(Result<Seen, Trouble>);

/// What was read.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Seen {
    /// Whether the organization has such policies; else none is attached to anything.
    hold: bool,
    /// Those that are attached to anything, ordered by identifier.
    policies: Vec<ServiceControlPolicy>,
    /// Why the document of a policy was not had, by the policy's place.
    refused: BTreeMap<usize, Trouble>,
    /// The places of the policies that are attached to a root, unit or account.
    attached: BTreeMap<Box<str>, Vec<usize>>,
    at: Timestamp,
}

impl ServiceControlPolicies {
    /// Returns policies that are still to be read.
    pub fn new(
        connection: &Connection,
        pace: &Pace,
        clock: Clock,
        deadline: Option<RunDeadline>,
    ) -> Self {
        let asker = Asker {
            connection: connection.clone(),
            pace: pace.clone(),
            deadline,
        };
        Self(Arc::new(Shared {
            asker: Some(asker),
            clock,
            seen: OnceCell::new(),
        }))
    }

    /// Returns policies that somebody else read, or had no need to, since there are no members; AWS is not asked.
    pub fn of_seen(seen: Option<SeenPolicies>, clock: Clock) -> Self {
        Self(Arc::new(Shared {
            asker: None,
            clock,
            seen: OnceCell::new_with(seen.map(|it| it.0)),
        }))
    }

    /// Reads them, unless that was done, and returns what was read.
    pub async fn seen_policies(&self) -> SeenPolicies {
        SeenPolicies(self.seen().await.clone())
    }

    /// Reads them, unless that was done. Whoever comes while they are read waits for it.
    pub async fn read(&self) {
        self.seen().await;
    }

    /// Returns those that are attached to anything, ordered by identifier, as far as they were read.
    pub fn documents(&self) -> Vec<ServiceControlPolicy> {
        let seen = self.0.seen.get().and_then(|it| it.as_ref().ok());
        seen.map(|it| it.policies.clone()).unwrap_or_default()
    }

    async fn seen(&self) -> &Result<Seen, Trouble> {
        let read = async {
            let Some(asker) = &self.0.asker else {
                return Err(unclear("ListPolicies", "nobody read them".to_owned()));
            };
            let read = Box::pin(asker.ask(self.0.clock));
            within(asker.deadline, "ListPolicies", read)
                .await
                .and_then(|it| it)
        };
        self.0.seen.get_or_init(|| read).await
    }

    /// Notes in a record which hold for its account.
    pub(crate) async fn note(&self, record: &mut Record) {
        let account = &record.account;
        let (chain, at) = match account.kind {
            // Service control policies touch neither.
            AccountKind::Management | AccountKind::Standalone => {
                (Ok(Vec::new()), self.0.clock.now())
            }
            AccountKind::Member | AccountKind::Unstated => match self.seen().await {
                Err(trouble) => (Err(trouble.clone()), self.0.clock.now()),
                Ok(seen) => {
                    let path = &account.ou_path;
                    (seen.chain(account.kind, path, account.id.as_str()), seen.at)
                }
            },
        };
        record.service_control_policies = match chain {
            Ok(chain) => {
                let observation = record.observed(Observation {
                    source: Source::ListPolicies,
                    at: Some(at),
                });
                Fact::Known(chain, observation)
            }
            Err(trouble) => {
                Fact::Unknown(record.missing(trouble.gap(Dataset::ServiceControlPolicies)))
            }
        };
    }
}

impl Asker {
    async fn ask(&self, clock: Clock) -> Result<Seen, Trouble> {
        let (connection, pace) = (&self.connection, &self.pace);
        let roots = list_roots(connection, pace).await;
        if let Some(trouble) = roots.trouble {
            return Err(trouble);
        }
        let malformed = |detail| Trouble::new("ListRoots", GapReason::Malformed, detail);
        let says = roots.items.iter().map(|it| it.has_service_control_policies);
        let says = says.collect::<Option<Vec<_>>>();
        let says = says.ok_or_else(|| malformed("the answer does not say which policies hold"))?;
        if says.is_empty() {
            return Err(malformed("the organization has no root"));
        }
        let mut seen = Seen {
            hold: says.contains(&true),
            policies: Vec::new(),
            refused: BTreeMap::new(),
            attached: BTreeMap::new(),
            at: clock.now(),
        };
        if !seen.hold {
            return Ok(seen);
        }
        let listed = list_policies(connection, pace).await;
        if let Some(trouble) = listed.trouble {
            return Err(trouble);
        }
        let mut listed = distinct(listed.items, |it| Some(it.id.clone()));
        listed.sort_by(|one, other| one.id.cmp(&other.id));
        let asked = stream::iter(listed).map(|policy| self.about(policy));
        let mut answers = asked.buffered(AT_ONCE);
        while let Some(answer) = answers.next().await {
            if let Some(policy) = answer? {
                seen.add(policy);
            }
        }
        seen.at = clock.now();
        Ok(seen)
    }

    /// Asks about one policy; `None` if it is attached to nothing. Without all its targets, nobody can tell for which
    /// accounts it holds.
    async fn about(&self, policy: ListedPolicy) -> Result<Option<Read>, Trouble> {
        let (connection, pace) = (&self.connection, &self.pace);
        let targets = list_targets_for_policy(connection, pace, &policy.id).await;
        if let Some(trouble) = targets.trouble {
            return Err(trouble);
        }
        if targets.items.is_empty() {
            return Ok(None);
        }
        let document = describe_policy(connection, pace, &policy.id).await;
        Ok(Some(Read {
            policy,
            targets: distinct(targets.items, |it| Some(it.clone())),
            document,
        }))
    }
}

/// What was read of one policy.
struct Read {
    policy: ListedPolicy,
    targets: Vec<String>,
    document: Result<String, Trouble>,
}

impl Seen {
    fn add(&mut self, read: Read) {
        let place = self.policies.len();
        for target in read.targets {
            self.attached.entry(target.into()).or_default().push(place);
        }
        let text = match read.document {
            Ok(json) if is_json(&json) => PolicyText::Document(json.into()),
            Ok(_) => PolicyText::Unread("the document is not JSON".into()),
            Err(trouble) => {
                let why = format!("{}: {}", trouble.operation, trouble.detail);
                self.refused.insert(place, trouble);
                PolicyText::Unread(why.into())
            }
        };
        self.policies.push(ServiceControlPolicy {
            id: read.policy.id.into(),
            name: read.policy.name.into(),
            text,
        });
    }

    /// Returns the policies over an account, from the root's to its own, or why they are not known.
    fn chain(
        &self,
        kind: AccountKind,
        path: &str,
        account: &str,
    ) -> Result<Vec<ScpLevel>, Trouble> {
        if !self.hold {
            return Ok(Vec::new());
        }
        if kind == AccountKind::Unstated {
            let detail = "whether the account is the management account, which they do not touch, was not seen";
            return Err(unclear("DescribeOrganization", detail.to_owned()));
        }
        if !path.starts_with("r-") {
            let detail = "where the account is in the organization was not seen";
            return Err(unclear("ListAccounts", detail.to_owned()));
        }
        path.split('/')
            .chain([account])
            .map(|it| self.level(it))
            .collect()
    }

    fn level(&self, target: &str) -> Result<ScpLevel, Trouble> {
        // AWS lets nobody take away the last one. Where none is seen, the account was moved or created meanwhile.
        let attached = self.attached.get(target).ok_or_else(|| {
            let detail = format!("no policy is attached to {target}, where there must be one");
            unclear("ListTargetsForPolicy", detail)
        })?;
        if let Some(trouble) = attached.iter().find_map(|it| self.refused.get(it)) {
            return Err(trouble.clone());
        }
        let policies = attached.iter().filter_map(|it| self.policies.get(*it));
        Ok(ScpLevel {
            target: target.into(),
            policies: policies.map(|it| it.id.clone()).collect(),
        })
    }
}

fn unclear(operation: &str, detail: String) -> Trouble {
    Trouble::new(operation, GapReason::Unclear, detail)
}
