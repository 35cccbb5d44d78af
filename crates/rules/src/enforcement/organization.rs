//! The policies that a run shares: the organization's service control policies, and documents that were made ready before.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use model::{PolicyText, ServiceControlPolicy, snapshot::Header};
use policy::engine::{Attached, Compiled, Level, Library, Origin};

/// How many libraries share the documents, so that threads seldom wait for each other.
const LIBRARIES: usize = 16;
/// How many documents each holds: what many accounts have is few, and what one account has comes once.
const DOCUMENTS: usize = 64;

/// The policies that a run shares.
#[derive(Debug)]
pub(crate) struct RunPolicies {
    organization: Option<String>,
    over: BTreeMap<Box<str>, Over>,
    libraries: Vec<Mutex<Library>>,
}

/// A service control policy, which is made ready when first it is needed.
#[derive(Debug)]
struct Over {
    name: String,
    text: PolicyText,
    contents: OnceLock<Arc<Compiled>>,
}

impl Default for RunPolicies {
    fn default() -> Self {
        let library = || Mutex::new(Library::new(DOCUMENTS));
        Self {
            organization: None,
            over: BTreeMap::new(),
            libraries: (0..LIBRARIES).map(|_| library()).collect(),
        }
    }
}

impl RunPolicies {
    /// Returns what a snapshot's header tells.
    pub(crate) fn of(header: &Header) -> Self {
        Self {
            organization: header.organization.as_ref().map(|it| it.id.clone()),
            ..Self::with(&header.service_control_policies)
        }
    }

    /// Returns these service control policies.
    pub(crate) fn with(over: &[ServiceControlPolicy]) -> Self {
        let over = over.iter().map(|it| {
            let name = match &*it.name {
                "" => it.id.to_string(),
                name => format!("{name} ({})", it.id),
            };
            let over = Over {
                name,
                text: it.text.clone(),
                contents: OnceLock::new(),
            };
            (it.id.clone(), over)
        });
        Self {
            over: over.collect(),
            ..Self::default()
        }
    }

    /// Returns the identifier of the organization.
    pub(super) fn organization(&self) -> Option<&str> {
        self.organization.as_deref()
    }

    /// Returns the name of a service control policy.
    pub(super) fn name<'a>(&'a self, id: &'a str) -> &'a str {
        self.over.get(id).map_or(id, |it| &it.name)
    }

    /// Returns a service control policy as one of a target.
    pub(super) fn over(&self, id: &str, target: &str) -> Attached {
        let contents = match self.over.get(id) {
            Some(it) => Arc::clone(it.contents.get_or_init(|| match &it.text {
                PolicyText::Document(text) => Arc::new(Compiled::of_text(text)),
                PolicyText::Unread(why) => Arc::new(Compiled::unread(why)),
            })),
            None => Arc::new(Compiled::unread("the snapshot does not hold it")),
        };
        Attached {
            origin: Origin {
                policy: self.name(id).to_owned(),
                level: Level::ServiceControl(target.to_owned()),
            },
            contents,
        }
    }

    /// Returns a document made ready.
    pub(super) fn document(&self, text: &PolicyText) -> Arc<Compiled> {
        let text = match text {
            PolicyText::Document(text) => text,
            PolicyText::Unread(why) => return Arc::new(Compiled::unread(why)),
        };
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        let count = u64::try_from(self.libraries.len().max(1)).unwrap_or(1);
        let number = usize::try_from(hasher.finish() % count).unwrap_or_default();
        match self.libraries.get(number) {
            Some(library) => {
                let mut library = library.lock().unwrap_or_else(PoisonError::into_inner);
                library.compiled(text)
            }
            None => Arc::new(Compiled::of_text(text)),
        }
    }
}
