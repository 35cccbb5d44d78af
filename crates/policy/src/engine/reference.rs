//! Which actions AWS has.

use std::sync::LazyLock;

use super::resource::Resource;

/// What stands for a name that nobody has heard of: no pattern matches it but one that matches every name.
pub(super) const UNHEARD: &str = "\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}";

/// AWS's list of actions, as of April 2026, with what `data/service_reference.py` takes from where.
#[derive(Debug)]
pub struct ServiceReference {
    services: Vec<Service>,
    entries: Vec<Entry>,
    resources: Vec<Resource>,
}

/// What an action does, as AWS classes it.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum AccessLevel {
    /// It grants permissions, or takes them away.
    PermissionsManagement,
    /// It changes something.
    Write,
    /// It changes tags.
    Tagging,
    /// It reads what is in a resource.
    Read,
    /// It lists resources.
    List,
}

#[derive(Debug)]
pub(super) struct Service {
    pub(super) prefix: &'static str,
    /// Where its actions begin and end among all; the last stands for any other one.
    pub(super) first: usize,
    pub(super) past: usize,
    /// Every resource that a service of that name may have.
    pub(super) kin: Vec<Resource>,
}

/// An action, or a stand-in for those that are not listed.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) service: usize,
    pub(super) name: &'static str,
    pub(super) level: Option<AccessLevel>,
    pub(super) targets: Targets,
}

/// On which kinds of resources an action is.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub(super) struct Targets {
    /// Each of these has to be allowed.
    pub(super) required: Vec<usize>,
    /// Any of these may be.
    pub(super) optional: Vec<usize>,
}

static REFERENCE: LazyLock<ServiceReference> =
    LazyLock::new(|| ServiceReference::read(include_str!("../../data/service-reference.txt")));

impl ServiceReference {
    /// Returns the list.
    pub fn get() -> &'static Self {
        &REFERENCE
    }

    /// Returns the actions in full, sorted: `iam:CreateUser`.
    pub fn actions(&self) -> impl Iterator<Item = String> {
        let listed = self.entries.iter().filter(|it| it.name != UNHEARD);
        listed.map(|it| format!("{}:{}", self.prefix(it.service), it.name))
    }

    /// Returns how AWS classes an action, whose case does not count.
    pub fn access_level(&self, action: &str) -> Option<AccessLevel> {
        self.entries.get(self.find(action)?)?.level
    }

    /// Tells whether an action, whose case does not count, is on resources. Of one that is not, policies say `*`.
    pub fn is_on_resources(&self, action: &str) -> bool {
        let entry = self.find(action).and_then(|it| self.entries.get(it));
        entry.is_some_and(|it| it.targets != Targets::default())
    }

    fn read(text: &'static str) -> Self {
        let mut all = Self {
            services: Vec::new(),
            entries: Vec::new(),
            resources: Vec::new(),
        };
        let mut resources_before = 0;
        for line in text.lines() {
            if let Some(prefix) = line.strip_prefix("service ") {
                all.finish_service();
                resources_before = all.resources.len();
                all.services.push(Service {
                    prefix,
                    first: all.entries.len(),
                    past: all.entries.len(),
                    kin: vec![Resource::kind(&format!("arn:*:{prefix}:*:*:*"))],
                });
            } else if let Some(arn) = line.strip_prefix("resource ") {
                all.resources.push(Resource::kind(arn));
                if let Some(service) = all.services.last_mut()
                    && let Some(named) = arn.split(':').nth(2)
                {
                    let kin = Resource::kind(&format!("arn:*:{named}:*:*:*"));
                    if !service.kin.contains(&kin) {
                        service.kin.push(kin);
                    }
                }
            } else {
                all.entry(line, resources_before);
            }
        }
        all.finish_service();
        let first = all.entries.len();
        all.services.push(Service {
            prefix: UNHEARD,
            first,
            past: first,
            kin: Vec::new(),
        });
        all.finish_service();
        all
    }

    /// Adds the stand-in for all that a service has besides.
    fn finish_service(&mut self) {
        let Some(number) = self.services.len().checked_sub(1) else {
            return;
        };
        self.entries.push(Entry {
            service: number,
            name: UNHEARD,
            level: None,
            targets: Targets::default(),
        });
        if let Some(service) = self.services.last_mut() {
            service.past = self.entries.len();
        }
    }

    fn entry(&mut self, line: &'static str, resources_before: usize) {
        let mut words = line.split(' ');
        let (Some(name), Some(level)) = (words.next(), words.next()) else {
            return;
        };
        let mut targets = Targets::default();
        for word in words {
            let (number, kind) = match word.strip_suffix('!') {
                Some(number) => (number, &mut targets.required),
                None => (word, &mut targets.optional),
            };
            kind.extend(number.parse::<usize>().map(|it| it + resources_before));
        }
        self.entries.push(Entry {
            service: self.services.len().saturating_sub(1),
            name,
            level: match level {
                "P" => Some(AccessLevel::PermissionsManagement),
                "W" => Some(AccessLevel::Write),
                "T" => Some(AccessLevel::Tagging),
                "R" => Some(AccessLevel::Read),
                "L" => Some(AccessLevel::List),
                _ => None,
            },
            targets,
        });
    }

    pub(super) fn services(&self) -> &[Service] {
        &self.services
    }

    /// Returns how many actions and stand-ins there are.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn entry_of(&self, index: usize) -> Option<&Entry> {
        self.entries.get(index)
    }

    pub(super) fn resource(&self, index: usize) -> Option<&Resource> {
        self.resources.get(index)
    }

    pub(super) fn service_of(&self, index: usize) -> Option<&Service> {
        self.services.get(self.entries.get(index)?.service)
    }

    pub(super) fn prefix(&self, service: usize) -> &'static str {
        self.services.get(service).map_or("", |it| it.prefix)
    }

    pub(super) fn service(&self, prefix: &str) -> Option<&Service> {
        let compare = |it: &Service| lower(it.prefix).cmp(lower(prefix));
        let place = self.services.binary_search_by(|it| {
            // What is unheard of stands last.
            if it.prefix == UNHEARD {
                std::cmp::Ordering::Greater
            } else {
                compare(it)
            }
        });
        self.services.get(place.ok()?)
    }

    /// Returns the places of a service's listed actions whose names begin so, whose case does not count.
    pub(super) fn places_of(&self, service: &Service, start: &str) -> std::ops::Range<usize> {
        let past = service.past.saturating_sub(1);
        let listed = self.entries.get(service.first..past).unwrap_or_default();
        let head = |it: &Entry| it.name.get(..start.len()).unwrap_or(it.name);
        let before = listed.partition_point(|it| lower(head(it)).lt(lower(start)));
        let until = listed.partition_point(|it| lower(head(it)).le(lower(start)));
        service.first + before..service.first + until
    }

    /// Returns the place of a listed action, whose case does not count.
    pub(super) fn find(&self, action: &str) -> Option<usize> {
        let (prefix, name) = action.split_once(':')?;
        let service = self.service(prefix)?;
        let listed = self
            .entries
            .get(service.first..service.past.saturating_sub(1))?;
        let place = listed.binary_search_by(|it| lower(it.name).cmp(lower(name)));
        Some(service.first + place.ok()?)
    }
}

fn lower(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().map(|it| it.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::{AccessLevel, ServiceReference};

    #[test]
    fn the_list_is_whole_and_in_order() {
        let reference = ServiceReference::get();
        assert!(reference.actions().count() > 20_000);
        for action in reference.actions() {
            assert!(reference.find(&action).is_some(), "{action}");
        }
        let level = |action: &str| reference.access_level(action);
        assert!(level("iam:CreateAccessKey").is_some());
        assert_eq!(level("IAM:createaccesskey"), level("iam:CreateAccessKey"));
        assert_eq!(level("s3:ListAllMyBuckets"), Some(AccessLevel::List));
        assert!(reference.is_on_resources("s3:GetObject"));
        assert!(!reference.is_on_resources("s3:ListAllMyBuckets"));
        assert_eq!(level("s3:Nothing"), None);
        assert_eq!(level("nothing:GetObject"), None);
    }
}
