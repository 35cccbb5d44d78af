//! The command line of the program that enrols.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use program::connection::ConnectionArgs;

use crate::{
    codes::Code,
    device_name::{DeviceName, is_name},
};

/// Enrols an MFA device for an IAM user
///
/// Without a command it enrols an authenticator app for whoever calls: it shows the QR code, asks for two codes, enables the
/// device, and proves that AWS has it. What a failure leaves is removed again.
#[derive(Debug, Parser)]
#[command(
    name = "mfaudit-enroll",
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Exit codes:\n  0  it was done\n  1  AWS refused, or it was interrupted; nothing half-done is left, or the error names it\n  2  the command line is wrong, or asks for what no API can do"
)]
pub struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) enroll: Enroll,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Enrol a device (what is done without a command)
    #[command(alias = "enrol")]
    Enroll(Enroll),
    /// Tell AWS by two codes how far a device's clock is off
    Resync(Resync),
    /// List the MFA devices of a user
    Devices(Devices),
    /// List virtual devices that nobody has enabled, and delete them with --yes
    RemoveOrphans(RemoveOrphans),
    /// Print the policy that permits what this program does
    Policy(Policy),
}

#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "User")]
pub(crate) struct Target {
    /// The IAM user; by default whoever calls
    #[arg(long, value_name = "NAME", value_parser = user_name)]
    pub(crate) user: Option<String>,
    /// A device that is enabled already, to open a session with MFA
    #[arg(long, value_name = "SERIAL", requires = "mfa_code")]
    pub(crate) mfa_serial: Option<String>,
    /// The code that this device shows now
    #[arg(long, value_name = "CODE", requires = "mfa_serial")]
    pub(crate) mfa_code: Option<Code>,
}

#[derive(Args, Debug)]
pub(crate) struct Enroll {
    #[command(flatten)]
    pub(crate) target: Target,
    #[command(flatten)]
    pub(crate) device: Device,
    #[command(flatten)]
    pub(crate) show: SeedDisplay,
    /// Two consecutive codes of the device, for scripts: nothing is asked
    #[arg(long, num_args = 2, value_names = ["FIRST", "SECOND"], help_heading = "Codes")]
    pub(crate) codes: Option<Vec<Code>>,
    /// Go on although the check of permissions says that it will not work
    #[arg(long, help_heading = "Checks")]
    pub(crate) ignore_permissions: bool,
    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Device")]
pub(crate) struct Device {
    /// The name of the virtual device, with its path if it has one; by default the user's
    #[arg(long, value_name = "NAME", conflicts_with_all = ["serial", "hardware"])]
    pub(crate) name: Option<DeviceName>,
    /// A tag for the virtual device; needs the permission to tag
    #[arg(long = "tag", value_name = "KEY=VALUE", value_parser = tag, conflicts_with_all = ["serial", "hardware"])]
    pub(crate) tags: Vec<(String, String)>,
    /// A virtual device that exists already and that nobody has enabled
    #[arg(long, value_name = "ARN", conflicts_with = "hardware")]
    pub(crate) serial: Option<String>,
    /// A hardware token, by the serial number printed on it
    #[arg(long, value_name = "SERIAL")]
    pub(crate) hardware: Option<String>,
    /// A passkey or security key: prints the steps, since no API enrols one
    #[arg(long, visible_alias = "fido", conflicts_with_all = ["serial", "hardware", "name", "codes"])]
    pub(crate) passkey: bool,
    /// The root user: prints the steps, since no API enrols one
    #[arg(long, conflicts_with_all = ["serial", "hardware", "name", "codes", "user"])]
    pub(crate) root: bool,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "QR code")]
pub(crate) struct SeedDisplay {
    /// How the QR code is shown
    #[arg(long, value_name = "STYLE", default_value = "auto")]
    pub(crate) qr: QrStyle,
    /// Also write the QR code to this new file, which only you can read; delete it afterwards
    #[arg(long, value_name = "FILE")]
    pub(crate) qr_png: Option<PathBuf>,
    /// Also print the secret as text, to be typed into an app that cannot scan
    #[arg(long)]
    pub(crate) show_secret: bool,
}

/// How the QR code is shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum QrStyle {
    /// In black and white on a terminal, as `plain` elsewhere
    Auto,
    /// In black and white, by colour codes
    Colour,
    /// In the text's own colour, for light text on a dark background
    Plain,
    /// In the text's own colour, for dark text on a light background
    Inverted,
    /// Not at all
    None,
}

#[derive(Args, Debug)]
pub(crate) struct Resync {
    #[command(flatten)]
    pub(crate) target: Target,
    /// The device; by default the only one of the user that shows codes
    #[arg(long, value_name = "SERIAL", help_heading = "Device")]
    pub(crate) serial: Option<String>,
    /// Two consecutive codes of the device, for scripts: nothing is asked
    #[arg(long, num_args = 2, value_names = ["FIRST", "SECOND"], help_heading = "Codes")]
    pub(crate) codes: Option<Vec<Code>>,
    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
}

#[derive(Args, Debug)]
pub(crate) struct Devices {
    #[command(flatten)]
    pub(crate) target: Target,
    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
}

#[derive(Args, Debug)]
pub(crate) struct RemoveOrphans {
    /// Only devices that bear a name this program gives to devices of this user
    #[arg(long, value_name = "NAME", value_parser = user_name, help_heading = "User")]
    pub(crate) user: Option<String>,
    /// Delete them
    #[arg(long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
}

#[derive(Args, Debug)]
pub(crate) struct Policy {
    /// Whose devices it is about
    #[arg(long = "for", value_name = "WHO", default_value = "self")]
    pub(crate) whose: PolicyFor,
    /// The partition that its ARNs are in
    #[arg(long, value_name = "NAME", default_value = "aws", value_parser = partition)]
    pub(crate) partition: String,
}

/// Whose devices a policy is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum PolicyFor {
    /// Those of whoever it is attached to
    #[value(name = "self")]
    Own,
    /// Those of every user of the account
    Administrator,
}

/// Reads the name of an IAM user; the characters are those of the IAM API reference.
fn user_name(text: &str) -> Result<String, String> {
    if (1..=64).contains(&text.len()) && is_name(text) {
        return Ok(text.to_owned());
    }
    Err("the name of a user has 1 to 64 letters, digits and characters of `_+=,.@-`".to_owned())
}

fn tag(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("a tag is KEY=VALUE".to_owned()),
    }
}

fn partition(text: &str) -> Result<String, String> {
    let is_one = text.starts_with("aws")
        && text
            .bytes()
            .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-');
    if is_one {
        Ok(text.to_owned())
    } else {
        Err("a partition is called like aws, aws-us-gov".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::Arguments;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn enrolling_needs_no_command() {
        let read = |args: &[&str]| {
            let args = std::iter::once("mfaudit-enroll").chain(args.iter().copied());
            Arguments::try_parse_from(args)
        };
        assert_eq!(
            read(&["--user", "alice"])
                .unwrap()
                .enroll
                .target
                .user
                .unwrap(),
            "alice"
        );
        assert!(
            read(&["enroll", "--user", "alice"])
                .unwrap()
                .command
                .is_some()
        );
        assert!(read(&["devices"]).unwrap().command.is_some());
        for wrong in [
            &["--user", "a b"] as &[&str],
            &["--codes", "123456"],
            &["--codes", "12345", "123456"],
            &["--mfa-serial", "x"],
            &["--tag", "novalue"],
            &["--root", "--user", "alice"],
        ] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
    }
}
