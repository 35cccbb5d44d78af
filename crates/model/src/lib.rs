//! The vocabulary every other crate speaks: what was observed of an AWS account, and what could not be.
//!
//! Data flows one way: discovery and collection fill [`Record`]s, one for each account, and everything
//! downstream (rules, reports, the gate) is a pure function of them. A [`Fact`] is a value with its source
//! and time, or the [`Gap`] where it should be; nothing may be concluded from a gap.

mod account;
mod account_settings;
mod arn;
mod console;
mod coverage;
mod dataset;
mod date;
mod fact;
mod mfa_device;
mod policies;
mod principal;
mod record;
pub mod snapshot;
mod timestamp;

pub use crate::{
    account::{
        Account, AccountId, AccountKind, AccountState, InvalidAccountId, Organization, Partition,
        Scope,
    },
    account_settings::{FeatureState, IamRole, OrganizationFeatures, PasswordPolicy},
    arn::{Arn, InvalidArn},
    console::Console,
    coverage::{Cell, cell, each_gap},
    dataset::Dataset,
    date::{Date, InvalidDate},
    fact::{
        DenyingPolicy, Fact, Gap, GapId, GapReason, Listing, Observation, ObservationId,
        PolicyKind, Source,
    },
    mfa_device::{FidoCertifications, MfaDevice, MfaDeviceKind},
    policies::{
        Policy, PolicyId, PolicyPath, PolicySet, PolicySetId, PolicyText, ScpLevel,
        ServiceControlPolicy,
    },
    principal::{
        AccessKey, AccessKeyStatus, AdministratorAccess, ConsolePassword, IamUser, LastUse,
        MfaStatus, Presence, RootUser, ServiceSpecificCredential,
    },
    record::Record,
    timestamp::{InvalidTimestamp, Timestamp},
};
