//! Pages of a listing, with tokens that say nothing to clients.

use data_encoding::BASE64;

use crate::faults::FaultKind;

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
    /// Its token leads back to the first page where there is no next one.
    Endless,
    /// It begins with an item that was on the page before.
    RepeatItem,
}

impl Quirk {
    /// Returns what a fault does to a page, if it is about pages.
    pub(crate) fn of(fault: &FaultKind) -> Option<Self> {
        let quirks = [
            (FaultKind::RepeatToken, Self::RepeatToken),
            (FaultKind::EmptyPage, Self::EmptyPage),
            (FaultKind::EndlessPages, Self::Endless),
            (FaultKind::RepeatAccount, Self::RepeatItem),
        ];
        quirks
            .into_iter()
            .find_map(|(kind, quirk)| (kind == *fault).then_some(quirk))
    }
}

/// Which part of a listing is asked for.
#[derive(Debug)]
pub(crate) struct Window<'a> {
    action: &'a str,
    start: usize,
    announced: bool,
    /// How often the listing has started anew.
    turn: u32,
    limit: usize,
}

/// The part of a listing that is served.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// The item that comes before the others, a second time.
    pub(crate) again: Option<usize>,
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
                turn: 0,
                limit,
            });
        };
        let text = String::from_utf8(BASE64.decode(token.as_bytes()).ok()?).ok()?;
        let mut parts = text.split(':');
        let (of, start, announced) = (parts.next()?, parts.next()?, parts.next()?);
        let turn = parts.next()?;
        (of == action && parts.next().is_none()).then_some(())?;
        Some(Self {
            action,
            start: start.parse().ok()?,
            announced: announced == "1",
            turn: turn.parse().ok()?,
            limit,
        })
    }

    /// Returns the page of a listing of `total` items.
    pub(crate) fn page(&self, total: usize, quirk: Quirk) -> Page {
        let start = self.start.min(total);
        let empty = match quirk {
            Quirk::None | Quirk::RepeatToken | Quirk::Endless | Quirk::RepeatItem => false,
            Quirk::EmptyPage => true,
            Quirk::EveryOtherEmpty => !self.announced,
        };
        if empty {
            return Page {
                start,
                end: start,
                again: None,
                next: Some(self.token(start, true, self.turn)),
            };
        }
        let again = (quirk == Quirk::RepeatItem && total > 0).then(|| start.saturating_sub(1));
        // The repeated item takes one of the page's places, unless it is the only one.
        let room = self.limit.saturating_sub(usize::from(again.is_some()));
        let end = start.saturating_add(room.max(1)).min(total);
        let next = match quirk {
            Quirk::RepeatToken => Some(self.token(start, true, self.turn)),
            Quirk::Endless if end >= total => Some(self.token(0, false, self.turn + 1)),
            Quirk::None
            | Quirk::EmptyPage
            | Quirk::EveryOtherEmpty
            | Quirk::Endless
            | Quirk::RepeatItem => (end < total).then(|| self.token(end, false, self.turn)),
        };
        Page {
            start,
            end,
            again,
            next,
        }
    }

    fn token(&self, start: usize, announced: bool, turn: u32) -> String {
        let announced = u8::from(announced);
        BASE64.encode(format!("{}:{start}:{announced}:{turn}", self.action).as_bytes())
    }
}

impl Page {
    /// Returns the page's items out of all items.
    pub(crate) fn of<'a, T>(&self, items: &'a [T]) -> impl Iterator<Item = &'a T> {
        let again = self.again.and_then(|it| items.get(it));
        let items = items.get(self.start..self.end).unwrap_or_default();
        again.into_iter().chain(items)
    }
}
