//! The steps for IAM users: to enrol a device, or to delete a password that nobody uses.

use model::Console;

use super::{Steps, linked};
use crate::kit::{case::Case, shell};

/// The two codes that enabling takes.
const CODES: &str = "--authentication-code1 CODE1 --authentication-code2 CODE2";

/// An IAM user whose name can stand in a command.
#[derive(Debug)]
pub(in crate::kit) struct User {
    console: Option<Console>,
    /// The name.
    plain: String,
    /// The name as a word of a shell.
    word: String,
    /// The name as the value of `--user-name`.
    pub(super) option: String,
    /// The serial number of a virtual device that is called like the user.
    serial: String,
    unused_days: Option<i64>,
}

impl User {
    /// Returns the user of a case; `None` if its name is none that can be pasted.
    pub(in crate::kit) fn of(case: &Case) -> Option<Self> {
        let partition = case.subject.arn.partition();
        let name = case.name();
        Some(Self {
            console: Console::of(&partition),
            plain: name.to_owned(),
            word: shell::word(name)?,
            option: shell::option("user-name", name)?,
            serial: shell::word(&format!(
                "arn:{partition}:iam::{}:mfa/{name}",
                case.account_id
            ))?,
            unused_days: case.password_unused_days,
        })
    }

    /// Returns the page where an administrator finds the user's devices and keys.
    pub(super) fn page(&self) -> Option<String> {
        self.console.map(|it| it.credentials_of(&self.plain))
    }

    /// Returns the command that enrols a device, by whoever has the profile.
    pub(super) fn enroll(&self) -> String {
        let separator = if self.plain.starts_with('-') {
            '='
        } else {
            ' '
        };
        format!(
            "mfaudit enroll --profile PROFILE --user{separator}{}",
            self.word
        )
    }

    /// Returns the steps to a first device.
    pub(in crate::kit) fn enrol(&self) -> Steps {
        Steps::new("Enrol an MFA device")
            .link(self.console.map(Console::own_credentials))
            .command(self.enroll())
            .text("**The user**, with an access key of its own in the profile:")
            .commands(["mfaudit enroll --profile PROFILE"])
            .text(
                "Or with the AWS CLI alone. The first command writes a picture, which an authenticator app scans. It \
                 holds the secret: nobody else may see it, and it is deleted at the end. `CODE1` and `CODE2` are two \
                 codes that the app shows one right after the other. If they are refused, set the phone's clock, and \
                 take two new ones.",
            )
            .commands([self.create(), self.enable(), "rm mfa-device.png".to_owned()])
            .text(format!(
                "Or in the console: {}, \"Assign MFA device\". A passkey or security key is registered there and \
                 nowhere else.",
                self.own_page()
            ))
            .text("**An administrator**, while the user is there with the authenticator app:")
            .commands([self.enroll()])
            .text(format!(
                "Or in the console: {}, \"Assign MFA device\".",
                linked("the user's page", self.page().as_deref())
            ))
            .text("Then sign out and in again: a session has MFA only if it began with it.")
    }

    /// Returns the steps to a second device, which the user's own plain access key may not add.
    pub(in crate::kit) fn second_device(&self) -> Steps {
        Steps::new("Enrol a second MFA device")
            .link(self.console.map(Console::own_credentials))
            .command(self.enroll())
            .text(
                "**The user**. AWS lets a user who has a device add another only in a session that began with MFA; \
                 `SERIAL` is the serial number of the device that is there, and `CODE` what it shows:",
            )
            .commands(["mfaudit enroll --profile PROFILE --mfa-serial SERIAL --mfa-code CODE"])
            .text(format!(
                "Or in the console, signed in with MFA: {}, \"Assign MFA device\".",
                self.own_page()
            ))
            .text("**An administrator**, while the user is there:")
            .commands([self.enroll()])
    }

    /// Returns the steps to a passkey or security key, which no API registers.
    pub(in crate::kit) fn security_key(&self, advice: &str) -> Steps {
        let points = vec![
            format!(
                "Sign in as the user, with MFA, and open {}.",
                self.own_page()
            ),
            "\"Assign MFA device\", \"Passkey or security key\".".to_owned(),
            "Register a second one, to be kept elsewhere; then remove the other devices."
                .to_owned(),
        ];
        Steps::new("Register a passkey or security key")
            .link(self.console.map(Console::own_credentials))
            .text(advice)
            .text("No API and no command registers one; it is done in the console:")
            .points(points)
    }

    /// Returns the steps that delete the console password.
    pub(in crate::kit) fn delete_password(&self) -> Steps {
        let unused = self.unused_days.map_or_else(String::new, |days| {
            format!("It was not used for {days} days. ")
        });
        let delete = format!("aws iam delete-login-profile {}", self.option);
        Steps::new("Delete the console password, which nobody uses")
            .link(self.page())
            .command(delete.clone())
            .text(format!(
                "{unused}A password that nobody uses needs no MFA device: it needs to go. Look first whether anybody \
                 signed in since this was seen, and whether there are access keys, which go on working:"
            ))
            .commands([
                format!("aws iam get-user {} --query User.PasswordLastUsed", self.option),
                format!("aws iam list-access-keys {}", self.option),
            ])
            .text("Ask whoever is behind the user. Then:")
            .commands([delete])
            .text(format!(
                "Or in the console: {}, \"Manage console access\". If the password is needed after all, enrol a \
                 device instead:",
                linked("the user's page", self.page().as_deref())
            ))
            .commands([self.enroll()])
    }

    fn own_page(&self) -> String {
        let link = self.console.map(Console::own_credentials);
        linked("Security credentials", link.as_deref())
    }

    fn create(&self) -> String {
        let separator = if self.plain.starts_with('-') {
            '='
        } else {
            ' '
        };
        format!(
            "(umask 077; aws iam create-virtual-mfa-device --virtual-mfa-device-name{separator}{} --outfile \
             mfa-device.png --bootstrap-method QRCodePNG)",
            self.word
        )
    }

    fn enable(&self) -> String {
        format!(
            "aws iam enable-mfa-device {} --serial-number {} {CODES}",
            self.option, self.serial
        )
    }
}
