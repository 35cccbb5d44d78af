//! Pages of a listing, with tokens that say nothing to clients.

use data_encoding::BASE64;

/// What a page does wrong, or at least unexpectedly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Quirk {
    #[default]
    None,
    /// Its token leads to the same page again.
    RepeatToken,
    /// It is empty; its token leads on.
    EmptyPage,
    /// It is empty, and so is every other one.
    EveryOtherEmpty,
}

/// Which part of a listing is asked for.
#[derive(Debug)]
pub(crate) struct Window<'a> {
    action: &'a str,
    start: usize,
    announced: bool,
    limit: usize,
}

/// The part of a listing that is served.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) next: Option<String>,
}

impl<'a> Window<'a> {
    /// Reads a token, which must be one that this action has given.
    pub(crate) fn open(action: &'a str, token: Option<&str>, limit: usize) -> Option<Self> {
        let Some(token) = token else {
            return Some(Self {
                action,
                start: 0,
                announced: false,
                limit,
            });
        };
        let text = String::from_utf8(BASE64.decode(token.as_bytes()).ok()?).ok()?;
        let mut parts = text.split(':');
        let (of, start, announced) = (parts.next()?, parts.next()?, parts.next()?);
        (of == action && parts.next().is_none()).then_some(())?;
        Some(Self {
            action,
            start: start.parse().ok()?,
            announced: announced == "1",
            limit,
        })
    }

    /// Returns the page of a listing of `total` items.
    pub(crate) fn page(&self, total: usize, quirk: Quirk) -> Page {
        let start = self.start.min(total);
        let empty = match quirk {
            Quirk::None | Quirk::RepeatToken => false,
            Quirk::EmptyPage => true,
            Quirk::EveryOtherEmpty => !self.announced,
        };
        if empty {
            return Page {
                start,
                end: start,
                next: Some(self.token(start, true)),
            };
        }
        let end = start.saturating_add(self.limit).min(total);
        let next = match quirk {
            Quirk::RepeatToken => Some(self.token(start, true)),
            Quirk::None | Quirk::EmptyPage | Quirk::EveryOtherEmpty => {
                (end < total).then(|| self.token(end, false))
            }
        };
        Page { start, end, next }
    }

    fn token(&self, start: usize, announced: bool) -> String {
        BASE64.encode(format!("{}:{start}:{}", self.action, u8::from(announced)).as_bytes())
    }
}

impl Page {
    /// Returns the page's items out of all items.
    pub(crate) fn of<'a, T>(&self, items: &'a [T]) -> &'a [T] {
        items.get(self.start..self.end).unwrap_or_default()
    }
}
