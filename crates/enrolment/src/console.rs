//! What can be done at AWS's web pages alone, as steps for one user, account and partition.

use program::{CliError, Kind};

use crate::who::{Caller, Relation, Target};

/// Says that no API enrols a root user, and where it is done.
pub(crate) fn root_by_api(caller: &Caller) -> CliError {
    let (account, host) = (&caller.account, caller.arn.partition().console_host());
    let error = format!(
        "the root user of account {account} cannot be enrolled by API: AWS lets root users do it at the console alone"
    );
    CliError::new(Kind::Usage, error).hint(steps(
        "at the console",
        &[
            &format!("sign in at https://{host}/ as the root user of account {account}, with its email address"),
            "choose the account's name at the top right, then Security credentials",
            "choose Assign MFA device; a passkey or security key withstands phishing",
            "do it once more with a second device, for the day on which the first is lost",
            "or, in a member account whose root user nobody needs: leave it without credentials, by root access management in IAM",
        ],
    ))
}

/// Says that no API enrols a passkey, and where it is done.
pub(crate) fn passkey_by_api(caller: &Caller, target: &Target) -> CliError {
    let user = &target.user;
    let account = &caller.account;
    let error = format!(
        "a passkey or security key cannot be enrolled by API: AWS lets users do it at the console alone (user {user}, account {account})"
    );
    CliError::new(Kind::Usage, error).hint(passkey_steps(caller, target))
}

/// Returns the steps that enrol a passkey.
pub(crate) fn passkey_steps(caller: &Caller, target: &Target) -> String {
    let (account, host) = (&caller.account, caller.arn.partition().console_host());
    let user = &target.user;
    let (sign_in, page) = match target.relation {
        Relation::Own => (
            format!("sign in at https://{host}/ as {user} of account {account}"),
            format!("open https://{host}/iam/home#/security_credentials"),
        ),
        Relation::Other => (
            format!(
                "sign in at https://{host}/ to account {account}, as somebody who may manage {user}"
            ),
            format!(
                "open https://{host}/iam/home#/users/details/{}?section=security_credentials",
                user.replace('+', "%2B")
            ),
        ),
    };
    steps(
        "at the console",
        &[
            &sign_in,
            &page,
            "choose Assign MFA device, then Passkey or security key",
            "a passkey opens no session for the AWS CLI: an authenticator app beside it does",
        ],
    )
}

fn steps(place: &str, steps: &[&str]) -> String {
    let numbered = (1..)
        .zip(steps)
        .map(|(number, step)| format!("\n  {number}. {step}"));
    std::iter::once(format!("{place}:"))
        .chain(numbered)
        .collect()
}
