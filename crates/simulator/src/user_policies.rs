//! What an IAM user's policies say: its own, those attached to it, and those of its groups.

use crate::policy::{Document, Opinion, Question};
use crate::world::{AWS_POLICIES, Account, Partition, User, aws_policy};

/// The policies of one user.
pub(crate) struct UserPolicies {
    documents: Vec<Document>,
    /// The permissions boundary, if there is one; it says nothing if it is not known.
    boundary: Option<Document>,
}

impl UserPolicies {
    pub(crate) fn of(partition: Partition, account: &Account, user: &User) -> Self {
        let groups = || {
            let has = |name: &str| user.groups.iter().any(|it| it == name);
            account.groups.iter().filter(move |it| has(&it.name))
        };
        let inline = user.inline_policies.values();
        let inline = inline.chain(groups().flat_map(|it| it.inline_policies.values()));
        let attached = user.policies.iter();
        let attached = attached.chain(groups().flat_map(|it| &it.policies));
        let written = inline.filter_map(|it| Document::parse(it).ok());
        let named = attached.filter_map(|it| document(partition, account, it));
        Self {
            documents: written.chain(named).collect(),
            boundary: user
                .boundary
                .as_ref()
                .map(|it| document(partition, account, it).unwrap_or_default()),
        }
    }

    /// Tells what the identity-based policies say together.
    pub(crate) fn opinion(&self, question: &Question) -> Opinion {
        let mut opinion = Opinion::Silence;
        for document in &self.documents {
            match document.opinion(question) {
                Opinion::Deny => return Opinion::Deny,
                Opinion::Allow => opinion = Opinion::Allow,
                Opinion::Silence => {}
            }
        }
        opinion
    }

    /// Tells what the permissions boundary says; without one, nothing is out of bounds.
    pub(crate) fn boundary(&self, question: &Question) -> Opinion {
        match &self.boundary {
            None => Opinion::Allow,
            Some(document) => document.opinion(question),
        }
    }

    /// Returns the names of the keys that the conditions ask for.
    pub(crate) fn condition_keys(&self) -> impl Iterator<Item = &str> {
        let documents = self.documents.iter().chain(&self.boundary);
        documents.flat_map(Document::condition_keys)
    }
}

/// Returns the document of a policy of the account's own, by name or ARN, or of one of AWS's whose document is known.
fn document(partition: Partition, account: &Account, policy: &str) -> Option<Document> {
    if let Some(name) = aws_policy(partition, policy) {
        let (_, text) = AWS_POLICIES.iter().find(|it| it.0 == name)?;
        let begin = format!("arn:{}:", partition.name());
        return Document::parse(&text.replace("arn:aws:", &begin)).ok();
    }
    let own = account.policies.iter().find(|it| {
        let arn = || partition.iam(&account.id, &format!("policy{}{}", it.path, it.name));
        it.name == policy || (policy.starts_with("arn:") && arn() == policy)
    });
    Document::parse(&own?.document).ok()
}
