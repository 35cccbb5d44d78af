//! Not a call: how every paged call is read to its end.

use std::collections::BTreeSet;

use aws::Trouble;
use model::GapReason;

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

/// Returns the list of an answer. An answer without one is no empty list: AWS writes that as an empty array.
pub(crate) fn present<T>(operation: &str, list: Option<Vec<T>>) -> Result<Vec<T>, Trouble> {
    list.ok_or_else(|| Trouble::new(operation, GapReason::Malformed, "the answer holds no list"))
}

/// Reads every page. An empty page with a token is not the last; a token that comes twice would be a loop without
/// end, and is an error.
pub(crate) async fn pages<T>(
    operation: &str,
    mut fetch: impl AsyncFnMut(Option<String>) -> Result<Page<T>, Trouble>,
) -> Pages<T> {
    let mut items = Vec::new();
    let mut seen = BTreeSet::new();
    let mut token = None;
    loop {
        let page = match fetch(token).await {
            Ok(page) => page,
            Err(trouble) => {
                return Pages {
                    items,
                    trouble: Some(trouble),
                };
            }
        };
        items.extend(page.items);
        token = page.next.filter(|it| !it.is_empty());
        let Some(next) = &token else {
            return Pages {
                items,
                trouble: None,
            };
        };
        if !seen.insert(next.clone()) {
            let detail = format!(
                "AWS gave the same page token twice, after {} items",
                items.len()
            );
            let trouble = Trouble::new(operation, GapReason::Malformed, detail);
            return Pages {
                items,
                trouble: Some(trouble),
            };
        }
    }
}
