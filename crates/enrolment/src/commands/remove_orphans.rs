//! `mfaudit-enroll remove-orphans`: lists virtual devices that nobody has enabled, and deletes them if told to.

use program::{
    CliError, Environment, Kind,
    output::{print, say},
};

use super::connect;
use crate::{
    args::RemoveOrphans,
    calls::list_virtual_mfa_devices::unassigned,
    device_name::is_usual,
    pending::{Discarded, discard},
    refusal,
    who::Caller,
};

pub(super) async fn run(
    arguments: &RemoveOrphans,
    environment: &Environment,
) -> Result<(), CliError> {
    let connection = connect(&arguments.connection, environment).await?;
    let caller = Caller::ask(&connection).await?;
    let iam = connection.iam(&aws::Session::own(&caller.account));
    let serials = unassigned(&iam).await.map_err(|it| refusal::explain(&it))?;
    let wanted = |it: &String| {
        arguments
            .user
            .as_deref()
            .is_none_or(|user| is_usual(user, it))
    };
    let serials: Vec<_> = serials.into_iter().filter(wanted).collect();
    let account = &caller.account;
    if serials.is_empty() {
        return print(&format!(
            "No virtual device of account {account} is without an owner.\n"
        ));
    }
    let mut text = String::new();
    for serial in &serials {
        text.push_str(serial);
        text.push('\n');
    }
    print(&text)?;
    let count = serials.len();
    let devices = if count == 1 {
        "virtual device"
    } else {
        "virtual devices"
    };
    if !arguments.yes {
        say(&format!(
            "Nobody has enabled {count} {devices} of account {account}. One of them may be part of an enrolment that runs right now; AWS does not tell when a device was made. To delete them: --yes"
        ));
        return Ok(());
    }
    let mut left = 0;
    for serial in &serials {
        if discard(&iam, serial).await == Discarded::Left {
            left += 1;
        }
    }
    if left > 0 {
        let error = format!("{left} of {count} {devices} could not be deleted");
        return Err(CliError::new(Kind::Failed, error)
            .hint("the caller has to be allowed iam:DeleteVirtualMFADevice: `mfaudit-enroll policy` prints the statement"));
    }
    Ok(())
}
