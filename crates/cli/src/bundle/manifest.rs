//! What a bundle says of itself.

use model::snapshot::{Header, IdentityCenter, Parameters, ScopeFilter};
use serde::{Deserialize, Serialize};

use super::population::Counts;

/// What a manifest calls itself.
pub(crate) const SCHEMA: &str = "mfaudit-bundle";
/// The version of the manifest's form.
pub(crate) const VERSION: u32 = 1;

/// What a bundle says of itself.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Manifest {
    /// Always `mfaudit-bundle`.
    pub(crate) schema: String,
    /// The version of its form.
    pub(crate) version: u32,
    /// The version of mfaudit that judged and reported.
    pub(crate) tool_version: String,
    /// What was asked, when, of whom.
    pub(crate) run: RunFacts,
    /// How it was judged.
    pub(crate) judged: Judged,
    /// How many accounts and principals there are, in each state.
    pub(crate) population: Counts,
    /// Every other file but the list of digests, in the order of the archive.
    pub(crate) files: Vec<FileFacts>,
}

/// What was asked, when, of whom.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct RunFacts {
    pub(crate) collected_at: Option<model::Timestamp>,
    pub(crate) collected_with: String,
    pub(crate) mode: model::snapshot::Mode,
    pub(crate) caller: Option<model::Arn>,
    pub(crate) organization: Option<model::Organization>,
    pub(crate) scope: ScopeFilter,
    pub(crate) parameters: Parameters,
    pub(crate) endpoint: Option<String>,
    pub(crate) identity_center: IdentityCenter,
    pub(crate) account_list: model::snapshot::AccountList,
    pub(crate) notes: Vec<String>,
}

/// How the run was judged: what the configuration in the bundle does not say.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Judged {
    /// The rules, in order.
    pub(crate) rules: Vec<String>,
    /// The frameworks reported on, each as `NAME@VERSION`.
    pub(crate) frameworks: Vec<String>,
    /// The names of the reports' formats.
    pub(crate) formats: Vec<String>,
    /// The code that the gate ends with.
    pub(crate) exit_code: u8,
}

/// A file of the bundle.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct FileFacts {
    /// Its name.
    pub(crate) name: String,
    /// Its bytes.
    pub(crate) length: u64,
    /// Its SHA-256, in hexadecimal.
    pub(crate) sha256: String,
}

impl RunFacts {
    /// Returns what a snapshot's header says.
    pub(crate) fn of(header: &Header) -> Self {
        Self {
            collected_at: header.collected_at,
            collected_with: header.tool_version.clone(),
            mode: header.mode,
            caller: header.caller.clone(),
            organization: header.organization.clone(),
            scope: header.scope.clone(),
            parameters: header.parameters.clone(),
            endpoint: header.endpoint.clone(),
            identity_center: header.identity_center,
            account_list: header.account_list.clone(),
            notes: header.notes.clone(),
        }
    }
}

impl Manifest {
    /// Returns the time of every file of the archive, which is the snapshot's.
    pub(crate) fn time(&self) -> u64 {
        let seconds = self.run.collected_at.map(model::Timestamp::epoch_seconds);
        seconds.map_or(0, |it| u64::try_from(it).unwrap_or_default())
    }
}
