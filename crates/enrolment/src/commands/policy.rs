//! `mfaudit-enroll policy`: prints what enrolling needs to be allowed.

use aws::policy::{Whose, managing_devices};
use program::{CliError, Kind, output};

use crate::{
    CALLS,
    args::{Policy, PolicyFor},
};

pub(super) fn run(arguments: &Policy) -> Result<(), CliError> {
    let whose = match arguments.whose {
        PolicyFor::Own => Whose::Own,
        PolicyFor::Administrator => Whose::Everyones,
    };
    let document = managing_devices(CALLS, &arguments.partition, whose);
    let text = serde_json::to_string_pretty(&document)
        .map_err(|error| CliError::new(Kind::Failed, error))?;
    output::print(&(text + "\n"))
}
