//! The section `[role]`.

use super::{
    section::{Key, Section},
    value::{Kind, Value},
};
use crate::{args::RoleArgs, values};

pub(super) static SECTION: Section<RoleArgs> = Section {
    name: "role",
    about: "The role that is assumed in every account but the caller's own",
    keys: &[
        Key {
            name: "name",
            about: "The role's name",
            kind: Kind::Text(|it| values::role_name(it).map(drop)),
            flag: ("role_name", "--role-name"),
            get: |it| Some(Value::Text(it.role_name.clone())),
            set: |it, value| {
                if let Value::Text(name) = value {
                    it.role_name.clone_from(name);
                }
            },
        },
        Key {
            name: "path",
            about: "The role's path",
            kind: Kind::Text(|it| values::role_path(it).map(drop)),
            flag: ("role_path", "--role-path"),
            get: |it| Some(Value::Text(it.role_path.clone())),
            set: |it, value| {
                if let Value::Text(path) = value
                    && let Ok(path) = values::role_path(path)
                {
                    it.role_path = path;
                }
            },
        },
        Key {
            name: "external-id",
            about: "The external id that the role's trust policy demands",
            kind: Kind::Text(|_| Ok(())),
            flag: ("external_id", "--external-id"),
            get: |it| it.external_id.clone().map(Value::Text),
            set: |it, value| {
                if let Value::Text(id) = value {
                    it.external_id = Some(id.clone());
                }
            },
        },
        Key {
            name: "session-policy",
            about: "Whether the assumed role is shrunk to the read calls that are made",
            kind: Kind::Switch,
            flag: ("no_session_policy", "--no-session-policy"),
            get: |it| Some(Value::Switch(!it.no_session_policy)),
            set: |it, value| {
                if let Value::Switch(on) = value {
                    it.no_session_policy = !on;
                }
            },
        },
    ],
};
