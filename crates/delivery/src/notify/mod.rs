//! Notifications: what changed in a run, told to a webhook.
//!
//! A [`Message`] is what a notification tells, a [`Template`] makes a body of it, a [`Webhook`] sends that, signed, and tries
//! again where that may help. A webhook's address is as secret as its key: neither is in an error, a log or a `Debug`.

mod address;
mod changes;
mod message;
mod retry;
mod sample;
mod signature;
mod template;
mod webhook;

#[cfg(test)]
mod tests;

pub use self::{
    address::{InvalidUrl, host, is_secret},
    changes::{BySeverity, Changes, Compared, Failure, Gone, NewFailures, SeenLess},
    message::{Ending, Listed, Message, Occasion, Run, Totals},
    retry::Trouble,
    signature::sign,
    template::{Content, Template, TemplateError},
    webhook::{Parts, Undelivered, Webhook},
};
