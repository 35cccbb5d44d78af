//! Not a call: how every paged call is read to its end.

use std::collections::BTreeSet;

use aws::Trouble;
use model::GapReason;

/// The most pages of one list. IAM holds 5000 users and may put as few on a page as it likes.
const MOST_PAGES: usize = 20_000;
/// The most items of one list: Organizations holds 50 000 accounts at most, IAM 5000 users.
const MOST_ITEMS: usize = 100_000;
/// The most pages without anything on them, one after the other.
const MOST_EMPTY: usize = 100;

/// One page of a list.
pub(crate) struct Page<T> {
    /// What is on it.
    pub(crate) items: Vec<T>,
    /// Where the next one begins; `None` after the last.
    pub(crate) next: Option<String>,
}

/// A list, as far as it could be read.
pub(crate) struct Pages<T> {
    /// What was read.
    pub(crate) items: Vec<T>,
    /// What kept the rest from being read; `None` if the list is whole.
    pub(crate) trouble: Option<Trouble>,
}

/// Whether more pages are wanted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Wanted {
    /// Yes.
    More,
    /// No: what was looked for was found.
    Enough,
}

/// Returns the list of an answer. An answer without one is no empty list: AWS writes that as an empty array.
pub(crate) fn present<T>(operation: &str, list: Option<Vec<T>>) -> Result<Vec<T>, Trouble> {
    list.ok_or_else(|| Trouble::new(operation, GapReason::Malformed, "the answer holds no list"))
}

/// Returns each thing once, by its identifier; one without is a thing of its own. A list that changes while it is read
/// can have the same thing on two pages, and how many there are decides.
pub(crate) fn distinct<T, I: Ord>(mut items: Vec<T>, id: impl Fn(&T) -> Option<I>) -> Vec<T> {
    let mut seen = BTreeSet::new();
    items.retain(|it| id(it).is_none_or(|id| seen.insert(id)));
    items
}

/// Reads every page.
pub(crate) async fn pages<T>(
    operation: &str,
    fetch: impl AsyncFnMut(Option<String>) -> Result<Page<T>, Trouble>,
) -> Pages<T> {
    let mut items = Vec::new();
    let read = each_page(operation, fetch, async |page| {
        items.extend(page);
        Wanted::More
    });
    let trouble = read.await.err();
    Pages { items, trouble }
}

/// Reads page after page and hands each on as it comes. An empty page with a token is not the last; a token that
/// comes twice, or a list longer than any can be, would be a loop without end, and is an error.
///
/// # Errors
///
/// Returns what kept the rest from being read.
pub(crate) async fn each_page<T>(
    operation: &str,
    mut fetch: impl AsyncFnMut(Option<String>) -> Result<Page<T>, Trouble>,
    mut each: impl AsyncFnMut(Vec<T>) -> Wanted,
) -> Result<(), Trouble> {
    let malformed = |detail: String| Trouble::new(operation, GapReason::Malformed, detail);
    let mut seen = BTreeSet::new();
    let mut token = None;
    let (mut items, mut empty) = (0, 0);
    loop {
        // Boxed: a call of the SDK is a large future.
        let page = Box::pin(fetch(token)).await?;
        items += page.items.len();
        empty = if page.items.is_empty() { empty + 1 } else { 0 };
        if each(page.items).await == Wanted::Enough {
            return Ok(());
        }
        token = page.next.filter(|it| !it.is_empty());
        let Some(next) = &token else {
            return Ok(());
        };
        if !seen.insert(next.clone()) {
            return Err(malformed(format!(
                "AWS gave the same page token twice, after {items} items"
            )));
        }
        if seen.len() > MOST_PAGES || items > MOST_ITEMS || empty > MOST_EMPTY {
            return Err(malformed(format!(
                "the list has no end: {} pages with {items} items",
                seen.len()
            )));
        }
    }
}
