//! What can be done at AWS's web pages alone, as steps for one user, account and partition.

use model::Console;
use program::{CliError, Kind};

use crate::who::{Caller, Relation, Target};

/// Says that no API enrols a root user, and where it is done.
pub(crate) fn root_by_api(caller: &Caller) -> CliError {
    let account = &caller.account;
    let error = format!(
        "the root user of account {account} cannot be enrolled by API: AWS lets root users do it at the console alone"
    );
    CliError::new(Kind::Usage, error).hint(steps(&[
        &format!("{} as the root user of account {account}, with its email address", sign_in(caller)),
        "choose the account's name at the top right, then Security credentials",
        "choose Assign MFA device; a passkey or security key withstands phishing",
        "do it once more with a second device, for the day on which the first is lost",
        "or, in a member account whose root user nobody needs: leave it without credentials, by root access management in IAM",
    ]))
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
    let (account, user, sign_in) = (&caller.account, &target.user, sign_in(caller));
    let console = Console::of(&caller.arn.partition());
    let (sign_in, page) = match target.relation {
        Relation::Own => (
            format!("{sign_in} as {user} of account {account}"),
            console.map_or_else(
                || "choose your name at the top right, then Security credentials".to_owned(),
                |it| format!("open {}", it.own_credentials()),
            ),
        ),
        Relation::Other => (
            format!("{sign_in} to account {account}, as somebody who may manage {user}"),
            console.map_or_else(
                || format!("in IAM choose Users, {user}, then Security credentials"),
                |it| format!("open {}", it.credentials_of(user)),
            ),
        ),
    };
    steps(&[
        &sign_in,
        &page,
        "choose Assign MFA device, then Passkey or security key",
        "a passkey opens no session for the AWS CLI: an authenticator app beside it does",
    ])
}

/// Tells where to sign in; the address of not every partition's console is known.
fn sign_in(caller: &Caller) -> String {
    let partition = caller.arn.partition();
    Console::of(&partition).map_or_else(
        || format!("sign in at the console of the partition {partition}"),
        |it| format!("sign in at {}", it.sign_in()),
    )
}

fn steps(steps: &[&str]) -> String {
    let numbered = (1..)
        .zip(steps)
        .map(|(number, step)| format!("\n  {number}. {step}"));
    std::iter::once("at the console:".to_owned())
        .chain(numbered)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Caller, Relation, Target, passkey_steps};
    use crate::who::{CallerKind, MfaContext};

    #[test]
    fn a_partition_whose_console_is_not_known_gets_no_address() {
        let caller = |arn: &str| Caller {
            arn: arn.parse().unwrap(),
            account: "111122223333".parse().unwrap(),
            kind: CallerKind::Session,
            mfa: MfaContext::Unknown,
        };
        let target = |relation| Target {
            user: "a+b".to_owned(),
            arn: String::new(),
            relation,
            unseen: None,
        };
        let caller_of = |partition| caller(&format!("arn:{partition}:iam::111122223333:user/x"));
        for relation in [Relation::Own, Relation::Other] {
            let told = passkey_steps(&caller_of("aws-iso"), &target(relation));
            assert!(
                !told.contains("https://") && told.contains("partition aws-iso"),
                "{told}"
            );
        }
        let told = passkey_steps(&caller_of("aws-cn"), &target(Relation::Other));
        assert!(
            told.contains("https://console.amazonaws.cn/iam/home#/users/details/a%2Bb?"),
            "{told}"
        );
    }
}
