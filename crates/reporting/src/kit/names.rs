//! The names of the owners' pages: safe on every file system, and one for each owner.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use sha2::{Digest, Sha256};

/// The page of what nobody answers for. No owner's page begins with an underscore.
const UNOWNED: &str = "owners/_unowned.md";
/// How long a name may be, so that a digest, an extension and a folder fit on every file system.
const LONGEST: usize = 60;

/// The names of the owners' pages.
#[derive(Debug)]
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    /// Returns the names for these owners.
    pub(super) fn of<'a>(owners: impl Iterator<Item = Option<&'a str>>) -> Self {
        let mut taken = BTreeSet::new();
        let mut names = BTreeMap::new();
        for owner in owners.flatten() {
            let slug = slug(owner);
            let mut name = slug.clone();
            let mut more = 2;
            while !taken.insert(name.clone()) {
                name = format!("{slug}-{more}");
                more += 1;
            }
            names.insert(owner.to_owned(), format!("owners/{name}.md"));
        }
        Self(names)
    }

    /// Returns the path of an owner's page.
    pub(super) fn page(&self, owner: Option<&str>) -> &str {
        let page = owner.and_then(|it| self.0.get(it));
        page.map_or(UNOWNED, String::as_str)
    }
}

/// Returns the owner's name if it can be a file's; else what is left of it, with a digest of the whole.
fn slug(owner: &str) -> String {
    let mut slug = String::new();
    for it in owner.chars().map(|it| it.to_ascii_lowercase()) {
        if it.is_ascii_alphanumeric() {
            slug.push(it);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(LONGEST);
    let slug = slug.trim_end_matches('-');
    if slug == owner && !is_reserved(slug) {
        return slug.to_owned();
    }
    let digest = digest(owner);
    if slug.is_empty() {
        format!("owner-{digest}")
    } else {
        format!("{slug}-{digest}")
    }
}

/// Tells whether a file system takes the name for a device's.
fn is_reserved(slug: &str) -> bool {
    let numbered = |it: &str| {
        let number = slug.strip_prefix(it);
        number.is_some_and(|it| it.len() == 1 && it.chars().all(|it| it.is_ascii_digit()))
    };
    matches!(slug, "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

/// Returns eight digits that are the same for the same owner in every run, and hardly so for any other.
fn digest(owner: &str) -> String {
    let bytes = Sha256::digest(owner.as_bytes());
    bytes.iter().take(4).fold(String::new(), |mut out, it| {
        // Writing to a string cannot fail.
        let _ = write!(out, "{it:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Names, UNOWNED, slug};

    #[test]
    fn a_plain_name_is_the_page_s_name() {
        for owner in ["platform", "team-7", "42"] {
            assert_eq!(slug(owner), owner);
        }
    }

    #[test]
    fn every_owner_has_a_page_of_its_own_that_stays_in_the_folder() {
        let long = "x".repeat(300);
        let owners = [
            "Team A",
            "team-a",
            "team a",
            "TEAM-A",
            "../../etc/passwd",
            "..",
            ".",
            "/",
            "con",
            "lpt1",
            "_unowned",
            "unowned",
            "漢字",
            "漢字 ",
            "a\u{202e}b\n",
            &long,
            "-rf",
            "README",
        ];
        let names = Names::of(owners.iter().map(|it| Some(*it)));
        let pages: BTreeSet<_> = owners.iter().map(|it| names.page(Some(it))).collect();
        assert_eq!(pages.len(), owners.len(), "{pages:?}");
        assert!(!pages.contains(UNOWNED));
        for page in pages {
            let name = page.strip_prefix("owners/").unwrap();
            let name = name.strip_suffix(".md").unwrap();
            let legal = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
            assert!(name.chars().all(legal), "{page}");
            assert!(!name.is_empty() && !name.starts_with('-'), "{page}");
            assert!(
                name.len() < 100 && name != "con" && name != "lpt1",
                "{page}"
            );
        }
    }

    #[test]
    fn owners_whose_names_would_be_the_same_are_told_apart() {
        // What is left of the second is what the first is called, whatever the digest.
        let other = slug("Team A");
        let names = Names::of([Some(other.as_str()), Some("Team A")].into_iter());
        let first = names.page(Some(&other)).to_owned();
        assert_ne!(first, names.page(Some("Team A")));
    }

    #[test]
    fn nobody_s_page_is_the_unowned_one() {
        assert_eq!(Names::of(std::iter::empty()).page(None), UNOWNED);
    }
}
