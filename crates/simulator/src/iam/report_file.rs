//! The credential report as a file: AWS's columns, words and order.

use std::borrow::Cow;
use std::fmt::Display;

use crate::world::{AccessKey, Account, Partition, Password, ROOT, Timestamp, User, World};

/// Which state of the account a report tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Basis {
    /// The state before the start, where the world says what was different.
    Cached,
    /// The state of the world.
    Current,
}

const COLUMNS: &str = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,\
password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,\
access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,\
access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,\
cert_1_last_rotated,cert_2_active,cert_2_last_rotated";

const NONE: &str = "N/A";

/// Writes the report, without a line end after the last row.
pub(super) fn write(account: &Account, basis: Basis, world: &World) -> String {
    let mut rows = vec![COLUMNS.to_owned()];
    if world.partition.reports_root() {
        rows.push(root_row(account, world.partition));
    }
    rows.extend(
        users(account, basis)
            .into_iter()
            .map(|user| user_row(account, world.partition, user, basis)),
    );
    if world.report_extra_column {
        for (place, row) in rows.iter_mut().enumerate() {
            row.push_str(if place == 0 {
                ",additional_credentials_info"
            } else {
                ",N/A"
            });
        }
    }
    rows.join("\n")
}

fn users(account: &Account, basis: Basis) -> Vec<&User> {
    let mut users: Vec<&User> = match basis {
        Basis::Current => account.users.iter().collect(),
        Basis::Cached => account
            .users
            .iter()
            .filter(|it| it.in_report)
            .chain(&account.deleted_users)
            .collect(),
    };
    users.sort_by_cached_key(|it| (it.name.to_lowercase(), it.name.clone()));
    users
}

fn root_row(account: &Account, partition: Partition) -> String {
    let (id, root) = (&account.id, &account.root);
    let mut row = Row::default();
    row.add("<root_account>")
        .add(partition.iam(id, "root"))
        .add(root.created);
    row.add_password(root.password.as_ref(), root.created);
    row.add("not_supported").add(!root.mfa.is_empty());
    row.add_keys(id, ROOT, &root.access_keys);
    row.add_certificates(root.signing_certificates, root.created);
    row.0
}

fn user_row(account: &Account, partition: Partition, user: &User, basis: Basis) -> String {
    let mut password = user.password.clone();
    let mut mfa_active = !user.mfa.is_empty();
    if basis == Basis::Cached {
        let reported = &user.report;
        mfa_active = reported.mfa_active.unwrap_or(mfa_active);
        password = match reported.password_enabled {
            Some(false) => None,
            Some(true) => Some(password.unwrap_or_default()),
            None => password,
        };
        if let Some(password) = &mut password {
            password.last_used = reported.password_last_used.or(password.last_used);
            password.last_changed = reported.password_last_changed.or(password.last_changed);
        }
    }
    let mut row = Row::default();
    row.add(&user.name)
        .add(user.arn_in(partition, &account.id))
        .add(user.created);
    row.add_password(password.as_ref(), user.created);
    row.add_time(password.and_then(|it| it.next_rotation))
        .add(mfa_active);
    row.add_keys(&account.id, &user.name, &user.access_keys);
    row.add_certificates(user.signing_certificates, user.created);
    row.0
}

/// A row of the report, which grows field by field.
#[derive(Default)]
struct Row(String);

impl Row {
    fn add(&mut self, field: impl Display) -> &mut Self {
        if !self.0.is_empty() {
            self.0.push(',');
        }
        self.0.push_str(&quote(&field.to_string()));
        self
    }

    fn add_time(&mut self, time: Option<Timestamp>) -> &mut Self {
        match time {
            Some(time) => self.add(time),
            None => self.add(NONE),
        }
    }

    fn add_password(&mut self, password: Option<&Password>, created: Timestamp) {
        let Some(password) = password else {
            self.add(false).add(NONE).add(NONE);
            return;
        };
        self.add(true);
        match password.last_used {
            Some(time) => self.add(time),
            None => self.add("no_information"),
        };
        self.add(password.last_changed.unwrap_or(created));
    }

    /// Adds two keys in the order of their ids, which says nothing of their age.
    fn add_keys(&mut self, account: &str, owner: &str, keys: &[AccessKey]) {
        let mut keys: Vec<_> = keys
            .iter()
            .enumerate()
            .map(|(place, it)| (it.id(account, owner, place), it))
            .collect();
        keys.sort_by(|one, other| one.0.cmp(&other.0));
        let mut keys = keys.into_iter();
        for _ in 0..2 {
            let Some((_, key)) = keys.next() else {
                self.add(false).add(NONE).add(NONE).add(NONE).add(NONE);
                continue;
            };
            self.add(key.status == "Active")
                .add(key.created)
                .add_time(key.last_used);
            match key.last_used {
                Some(_) => self.add(&key.last_used_region).add(&key.last_used_service),
                None => self.add(NONE).add(NONE),
            };
        }
    }

    fn add_certificates(&mut self, active: u32, created: Timestamp) {
        for place in 0..2 {
            let active = place < active;
            self.add(active).add_time(active.then_some(created));
        }
    }
}

fn quote(field: &str) -> Cow<'_, str> {
    if field.contains([',', '"', '\n', '\r']) {
        Cow::Owned(format!("\"{}\"", field.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(field)
    }
}
