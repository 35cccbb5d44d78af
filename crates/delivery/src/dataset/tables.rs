//! The tables: their columns, and what these say.

use reporting::columnar::{Column, Kind, Presence};

/// A table.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Its name, which is its folder's.
    pub name: &'static str,
    /// What a row is.
    pub row: &'static str,
    /// Its columns. New ones come last.
    pub fields: &'static [Field],
}

/// A column and what it says.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The column.
    pub column: Column,
    /// What it says.
    pub about: &'static str,
}

impl Table {
    /// Returns the columns.
    pub fn columns(&self) -> Vec<Column> {
        self.fields.iter().map(|it| it.column).collect()
    }
}

const fn always(name: &'static str, kind: Kind, about: &'static str) -> Field {
    field(name, kind, Presence::Always, about)
}

const fn sometimes(name: &'static str, kind: Kind, about: &'static str) -> Field {
    field(name, kind, Presence::Sometimes, about)
}

const fn field(name: &'static str, kind: Kind, presence: Presence, about: &'static str) -> Field {
    Field {
        column: Column {
            name,
            kind,
            presence,
        },
        about,
    }
}

use Kind::{Day, Flag, Number, SharedText, Text, Time};

const PUBLICATION: Field = always(
    "publication",
    SharedText,
    "the attempt to publish that wrote the row; it counts if a row of `runs` has it",
);
const ACCOUNT: Field = always("account_id", SharedText, "the account");

/// The commits: one file and one row a run.
pub static RUNS: Table = Table {
    name: "runs",
    row: "one committed run, with its totals",
    fields: &[
        always(
            "run_id",
            SharedText,
            "when it was collected, and the first digits of the snapshot's SHA-256",
        ),
        PUBLICATION,
        always("schema_version", Number, "the version of this schema"),
        always(
            "tool_version",
            SharedText,
            "the version of mfaudit that published it",
        ),
        always(
            "snapshot_sha256",
            SharedText,
            "the SHA-256 of the snapshot file",
        ),
        always(
            "criteria_sha256",
            SharedText,
            "the SHA-256 of the rules, settings, waivers and owners it was judged by",
        ),
        always(
            "organization",
            SharedText,
            "the organization; the account, for one that is in none",
        ),
        always("date", Day, "the day it was collected, in UTC"),
        always(
            "epoch_day",
            Number,
            "the same as days since 1970-01-01: days between runs are a difference in every engine",
        ),
        always("collected_at", Time, "when collecting began"),
        always(
            "published_at",
            Time,
            "when the commit was made, after all else was written; by the clock of the machine, whatever SOURCE_DATE_EPOCH says",
        ),
        always(
            "lists_all_accounts",
            Flag,
            "whether the accounts of the organization were listed whole and all asked for: only then is one that is missing gone",
        ),
        always(
            "rules",
            SharedText,
            "the rules that were evaluated, each between spaces",
        ),
        always("accounts", Number, "accounts that were audited"),
        always(
            "accounts_not_audited",
            Number,
            "accounts that are listed and not active",
        ),
        always(
            "accounts_short",
            Number,
            "audited accounts of which something was not seen",
        ),
        always(
            "accounts_unseen",
            Number,
            "audited accounts of which nothing was seen",
        ),
        always(
            "cells",
            Number,
            "audited accounts × datasets that the rules need",
        ),
        always("cells_seen", Number, "those of them that were seen"),
        always("principals", Number, "rows in `principals`"),
        always(
            "principals_without_mfa",
            Number,
            "principals known to be able to sign in without MFA",
        ),
        always(
            "principals_undecided",
            Number,
            "principals of which that is not known",
        ),
        always("devices", Number, "rows in `devices`"),
        always("coverage_rows", Number, "rows in `coverage`"),
        always("findings", Number, "rows in `findings`"),
        always("failures", Number, "findings that fail, waived or not"),
        always("failures_waived", Number, "those of them that are waived"),
        always(
            "indeterminate",
            Number,
            "findings without a verdict, since a fact was not seen",
        ),
    ],
};

/// What each rule said of each subject.
pub static FINDINGS: Table = Table {
    name: "findings",
    row: "what one rule says of one subject in one run",
    fields: &[
        PUBLICATION,
        always(
            "finding_id",
            Text,
            "the name of rule and subject, the same in every run",
        ),
        always("rule", SharedText, "the rule"),
        always("severity", SharedText, "how bad a failure of it is"),
        always(
            "status",
            SharedText,
            "`pass`, `fail`, `not-applicable` or `indeterminate`",
        ),
        ACCOUNT,
        always(
            "subject_kind",
            SharedText,
            "`root-user`, `iam-user`, `iam-role`, `account` or `organization`",
        ),
        always("subject_arn", SharedText, "what was judged"),
        always("reason", SharedText, "why the status is what it is"),
        sometimes(
            "evidence_time",
            Time,
            "when the oldest answer it rests on held",
        ),
        sometimes(
            "gap_reason",
            SharedText,
            "why there is no verdict; null where there is one",
        ),
        always("waived", Flag, "whether a waiver holds for the failure"),
        sometimes(
            "owner",
            SharedText,
            "who answers for it; null if nobody is known to",
        ),
    ],
};

/// Who could sign in.
pub static PRINCIPALS: Table = Table {
    name: "principals",
    row: "one root user or IAM user in one run",
    fields: &[
        PUBLICATION,
        ACCOUNT,
        always("principal_arn", Text, "the principal"),
        always("principal_kind", SharedText, "`root-user` or `iam-user`"),
        always("principal_name", SharedText, "the user's name; `root`"),
        sometimes(
            "created_at",
            Time,
            "when the user was created; null if not seen, and for root users",
        ),
        sometimes(
            "password_set",
            Flag,
            "whether it has a console password; null if not seen",
        ),
        sometimes("password_gap", SharedText, "why `password_set` is null"),
        sometimes(
            "mfa_enabled",
            Flag,
            "whether any MFA device is enabled; null if not seen",
        ),
        sometimes("mfa_gap", SharedText, "why `mfa_enabled` is null"),
        sometimes(
            "signs_in_without_mfa",
            Flag,
            "whether it fails `root-user-mfa` or `iam-user-console-mfa`; null where that rule has no verdict",
        ),
        sometimes(
            "access_key_active",
            Flag,
            "whether it has an active access key; null if not seen",
        ),
        sometimes(
            "mfa_devices",
            Number,
            "how many devices; null if the list was not seen whole",
        ),
        sometimes(
            "password_last_used",
            Time,
            "when the password was last used; null if never or not seen",
        ),
        sometimes(
            "administrator",
            Flag,
            "whether it may do everything; null if not seen, or not asked",
        ),
    ],
};

/// The MFA devices that are enabled.
pub static DEVICES: Table = Table {
    name: "devices",
    row: "one enabled MFA device that was seen in one run",
    fields: &[
        PUBLICATION,
        ACCOUNT,
        always("principal_arn", SharedText, "whose it is"),
        always("principal_kind", SharedText, "`root-user` or `iam-user`"),
        always("serial_number", Text, "the serial number"),
        always(
            "device_kind",
            SharedText,
            "`fido`, `virtual-totp`, `hardware-totp`, `sms` or `unrecognized`",
        ),
        sometimes(
            "enabled_at",
            Time,
            "when it was enabled; null where AWS does not say",
        ),
    ],
};

/// What was seen of each account.
pub static COVERAGE: Table = Table {
    name: "coverage",
    row: "how far one dataset of one account was seen in one run; one row without a dataset for an account that is listed and not audited",
    fields: &[
        PUBLICATION,
        ACCOUNT,
        always(
            "account_name",
            SharedText,
            "its name; empty where none is known",
        ),
        always(
            "account_kind",
            SharedText,
            "`management`, `member`, `standalone` or `unstated`",
        ),
        always("account_state", SharedText, "`active`, `closed` and so on"),
        always("ou_path", SharedText, "the organizational units above it"),
        sometimes(
            "dataset",
            SharedText,
            "the kind of fact; null for an account that was not audited",
        ),
        sometimes(
            "seen",
            SharedText,
            "`seen`, `not-visible`, `partly` or `not-seen`",
        ),
        sometimes(
            "gap_reason",
            SharedText,
            "why something is missing, the first reason if there are several",
        ),
    ],
};

/// Every table, the commits first.
pub static TABLES: [&Table; 5] = [&RUNS, &FINDINGS, &PRINCIPALS, &DEVICES, &COVERAGE];
