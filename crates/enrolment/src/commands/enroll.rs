//! `mfaudit-enroll`: from nothing to a device that is enabled and proven, or back to nothing.

use std::io::{IsTerminal, stdout};

use aws::{Connection, Session};
use aws_sdk_iam::Client;
use model::{MfaDevice, MfaDeviceKind};
use program::{
    CliError, Environment, Kind,
    output::{print, say},
};

use super::{bind::Binding, connect};
use crate::{
    args::{Enroll, QrStyle, Show},
    calls::{
        create_virtual_mfa_device::{Created, create_virtual_mfa_device},
        list_account_aliases::list_account_aliases,
        list_mfa_devices::list_mfa_devices,
        list_virtual_mfa_devices::{VirtualDevice, list_virtual_mfa_devices, unassigned},
    },
    code_entry::{CodeEntry, Knowledge},
    console,
    device_name::{DeviceName, name_of},
    interrupt::Interrupt,
    mfa_session, orphans,
    pending::{Discarded, discard},
    preflight::{Checks, stop_at_limit},
    qr::{Ink, Qr},
    qr_png::QrPng,
    refusal,
    seed::Seed,
    verify::{Verified, verify},
    who::{Caller, Relation, Target},
};

pub(super) async fn run(arguments: &Enroll, environment: &Environment) -> Result<(), CliError> {
    // Whatever can be wrong with the arguments is, before anything is made.
    let codes = CodeEntry::of(arguments.codes.as_deref())?;
    check_serials(arguments)?;
    let connection = connect(&arguments.connection, environment).await?;
    let mut caller = Caller::ask(&connection).await?;
    if arguments.device.root {
        return Err(console::root_by_api(&caller));
    }
    let session = mfa_session::of_arguments(&connection, &mut caller, &arguments.target).await?;
    let iam = connection.iam(&session);
    let target = Target::find(&caller, &iam, arguments.target.user.as_deref()).await?;
    if arguments.device.passkey || is_passkey(arguments) {
        return Err(console::passkey_by_api(&caller, &target));
    }
    let enrolment = Enrolment {
        arguments,
        environment,
        connection: &connection,
        caller,
        target,
    };
    enrolment.run(session, codes).await
}

/// One enrolment.
struct Enrolment<'a> {
    arguments: &'a Enroll,
    environment: &'a Environment,
    connection: &'a Connection,
    caller: Caller,
    target: Target,
}

/// The device that is enrolled.
enum Device {
    /// It is to be made.
    New(DeviceName),
    /// It exists: a hardware token, or a virtual device that nobody has enabled.
    Existing(String),
}

impl Enrolment<'_> {
    async fn run(mut self, session: Session, codes: CodeEntry) -> Result<(), CliError> {
        let mut iam = self.connection.iam(&session);
        let devices = list_mfa_devices(&iam, &self.target.user).await;
        let mut checks = Checks::default();
        checks.who(self.connection, &self.caller, &self.target);
        checks.devices(&devices);
        checks.clock(self.connection);
        let known = devices.unwrap_or_default();
        stop_at_limit(&self.target, &known)?;
        checks.print()?;
        let (connection, caller, target) = (self.connection, &mut self.caller, &self.target);
        if let Some(session) = mfa_session::if_demanded(connection, caller, target, &known).await? {
            iam = self.connection.iam(&session);
        }
        let device = self.device(&iam).await?;
        self.check_permissions(&mut checks, &iam, &device).await?;
        match device {
            Device::New(name) => self.enrol_new(&iam, &name, codes, &known).await,
            Device::Existing(serial) => self.enrol_existing(&iam, &serial, codes, &known).await,
        }
    }

    /// Returns the device: the one that is named, or a new one under the first name that is free.
    async fn device(&self, iam: &Client) -> Result<Device, CliError> {
        let given = &self.arguments.device;
        if let Some(serial) = given.serial.as_ref().or(given.hardware.as_ref()) {
            return Ok(Device::Existing(serial.clone()));
        }
        let user = &self.target.user;
        let devices = match list_virtual_mfa_devices(iam).await {
            Ok(devices) => orphans::offer(iam, user, devices).await,
            // A name that is taken is found when the device is made.
            Err(_) => Vec::new(),
        };
        match &given.name {
            None => Ok(Device::New(DeviceName::free(user, &devices))),
            Some(name) => {
                self.stop_if_taken(name, &devices)?;
                Ok(Device::New(name.clone()))
            }
        }
    }

    fn stop_if_taken(&self, name: &DeviceName, devices: &[VirtualDevice]) -> Result<(), CliError> {
        let same =
            |it: &&VirtualDevice| name_of(&it.serial_number).eq_ignore_ascii_case(&name.name);
        let Some(taken) = devices.iter().find(same) else {
            return Ok(());
        };
        let error = format!(
            "a virtual device called `{}` exists already (EntityAlreadyExists): {}; nothing was made",
            name.name, taken.serial_number
        );
        let other = DeviceName::free(&self.target.user, devices).name;
        Err(CliError::new(Kind::Failed, error).hint(format!(
            "take another name, such as --name {other}; if an earlier enrolment left it, `mfaudit-enroll remove-orphans` shows and deletes it"
        )))
    }

    async fn check_permissions(
        &self,
        checks: &mut Checks,
        iam: &Client,
        device: &Device,
    ) -> Result<(), CliError> {
        let of_user: &[&str] = &["iam:EnableMFADevice", "iam:ListMFADevices"];
        let mut needs = vec![(of_user, self.target.arn.as_str())];
        let serial;
        if let Device::New(name) = device {
            let account = self.caller.account.to_string();
            serial = name.serial_number(&self.caller.partition(), &account);
            let of_device: &[&str] = &["iam:CreateVirtualMFADevice", "iam:DeleteVirtualMFADevice"];
            needs.insert(0, (of_device, serial.as_str()));
        }
        checks.permissions(iam, &self.caller, &needs).await;
        checks.print()?;
        if self.arguments.ignore_permissions {
            return Ok(());
        }
        checks.stop_if_missing()
    }

    async fn enrol_new(
        &self,
        iam: &Client,
        name: &DeviceName,
        mut codes: CodeEntry,
        known: &[MfaDevice],
    ) -> Result<(), CliError> {
        let mut png = self
            .arguments
            .show
            .qr_png
            .as_deref()
            .map(QrPng::make)
            .transpose()?;
        let label = self.label(iam).await;
        // From here on Ctrl-C ends nothing by itself: what was made has to be unmade first.
        let mut interrupt = Interrupt::listen().map_err(|it| CliError::new(Kind::Failed, it))?;
        let created = self.create(iam, name).await?;
        let serial = created.serial_number.as_str();
        let binding = Binding {
            connection: self.connection,
            iam,
            user: &self.target.user,
            serial_number: serial,
            seed: Some(&created.seed),
        };
        let work = async {
            say(&format!(
                "Made the virtual device {serial}. It counts once two of its codes are given."
            ));
            self.show(&created.seed, name, &label, png.as_mut())?;
            binding.enable(&mut codes).await
        };
        let enabled = tokio::select! {
            enabled = work => enabled,
            () = interrupt.heard() => {
                say("");
                Err(CliError::new(Kind::Failed, "interrupted"))
            }
        };
        match enabled {
            Ok(knowledge) => {
                if let Some(png) = &mut png {
                    png.keep();
                }
                self.finish(iam, serial, knowledge, known, png.as_ref())
                    .await
            }
            Err(error) => match discard(iam, serial).await {
                // AWS took the codes, whatever came of the answer.
                Discarded::Enabled => {
                    self.finish(iam, serial, Knowledge::Nothing, known, None)
                        .await
                }
                Discarded::Deleted | Discarded::Left => Err(error),
            },
        }
    }

    async fn enrol_existing(
        &self,
        iam: &Client,
        serial: &str,
        mut codes: CodeEntry,
        known: &[MfaDevice],
    ) -> Result<(), CliError> {
        let binding = Binding {
            connection: self.connection,
            iam,
            user: &self.target.user,
            serial_number: serial,
            seed: None,
        };
        if codes.can_ask_again() {
            say(&format!(
                "Give two codes that {serial} shows one after the other."
            ));
        }
        let knowledge = binding.enable(&mut codes).await?;
        self.finish(iam, serial, knowledge, known, None).await
    }

    /// Makes the device. This is not interrupted, since a device whose answer never came would be left unseen.
    async fn create(&self, iam: &Client, name: &DeviceName) -> Result<Created, CliError> {
        let trouble = match create_virtual_mfa_device(iam, name, &self.arguments.device.tags).await
        {
            Ok(created) => return Ok(created),
            Err(trouble) => trouble,
        };
        if trouble.code.is_empty() {
            // The answer was lost or broken; the device may be there all the same, and its seed is told only once.
            let account = self.caller.account.to_string();
            let serial = name.serial_number(&self.caller.partition(), &account);
            if unassigned(iam).await.is_ok_and(|it| it.contains(&serial)) {
                discard(iam, &serial).await;
            }
        }
        Err(refusal::explain(&trouble))
    }

    /// Returns what the app shows behind the device's name: the account's alias, or its id.
    async fn label(&self, iam: &Client) -> String {
        let alias = list_account_aliases(iam).await.ok().flatten();
        alias.unwrap_or_else(|| self.caller.account.to_string())
    }

    fn show(
        &self,
        seed: &Seed,
        name: &DeviceName,
        label: &str,
        png: Option<&mut QrPng>,
    ) -> Result<(), CliError> {
        let uri = seed.uri(&name.name, label);
        let qr = Qr::of(&uri)?;
        if let Some(png) = png {
            png.write(&qr)?;
            say(&format!("The QR code is in {} too.", png.path().display()));
        }
        let Show {
            qr: style,
            show_secret,
            ..
        } = &self.arguments.show;
        let terminal = stdout().is_terminal();
        let ink = match style {
            QrStyle::Auto if terminal => Some(Ink::Colour),
            QrStyle::Colour => Some(Ink::Colour),
            QrStyle::Auto | QrStyle::Plain => Some(Ink::LightText),
            QrStyle::Inverted => Some(Ink::DarkText),
            QrStyle::None => None,
        };
        if let Some(ink) = ink {
            if terminal && self.environment.width() < qr.width() {
                let (needs, has) = (qr.width(), self.environment.width());
                say(&format!(
                    "The terminal has {has} columns, and the QR code needs {needs}: make it wider, or use --qr-png or --show-secret."
                ));
            }
            let text = zeroize::Zeroizing::new(format!("\n{}\n", qr.to_text(ink)));
            print(&text)?;
        }
        if *show_secret {
            let text = zeroize::Zeroizing::new(format!("secret: {}\n", seed.expose()));
            print(&text)?;
        }
        say(
            "Scan it with an authenticator app. The app then shows six digits, and new ones every 30 seconds.",
        );
        Ok(())
    }

    /// Proves that AWS has the device, and tells what was done and what to do next.
    async fn finish(
        &self,
        iam: &Client,
        serial: &str,
        knowledge: Knowledge,
        known: &[MfaDevice],
        png: Option<&QrPng>,
    ) -> Result<(), CliError> {
        let user = &self.target.user;
        let proven = match verify(iam, user, serial).await {
            Verified::Listed(device) => {
                let since = device
                    .enabled_at
                    .map_or_else(String::new, |it| format!(" since {it}"));
                format!("{user} has the device {serial}{since}, as ListMFADevices tells.")
            }
            Verified::Unseen(trouble) => {
                format!(
                    "AWS took the codes: {serial} is enabled for {user}. That it is listed was not seen ({}).",
                    refusal::explain(&trouble)
                )
            }
            Verified::NotListed => {
                let error =
                    format!("AWS took the codes of {serial}, but does not list it for {user}");
                return Err(CliError::new(Kind::Failed, error).hint(
                    "look again in a minute: `mfaudit-enroll devices`; enrol it again if it is not there then",
                ));
            }
        };
        let mut text = format!("{proven}\n");
        if let Some(advice) = knowledge.advice() {
            text.push_str(&format!("{advice}\n"));
        }
        text.push_str(&self.next_steps(serial, known));
        if let Some(png) = png {
            text.push_str(&format!(
                "- Delete {}: whoever reads it can make the codes of this device.\n",
                png.path().display()
            ));
        }
        print(&text)
    }

    fn next_steps(&self, serial: &str, known: &[MfaDevice]) -> String {
        let mut text = "\nNext\n".to_owned();
        let others = known
            .iter()
            .filter(|it| &*it.serial_number != serial)
            .count();
        if others == 0 {
            let whose = match self.target.relation {
                Relation::Own => format!("mfaudit enroll --mfa-serial {serial} --mfa-code CODE"),
                Relation::Other => format!("mfaudit enroll --user {}", self.target.user),
            };
            text.push_str(&format!(
                "- Enrol a second device, for the day on which this one is lost:\n    {whose}\n"
            ));
        }
        text.push_str(&format!(
            "- Use MFA with the AWS CLI: for a role, `mfa_serial = {serial}` in its profile; for the user's own key\n    aws sts get-session-token --serial-number {serial} --token-code CODE\n  A new device is known to STS after some seconds.\n"
        ));
        text
    }
}

/// Refuses serial numbers that are of another kind of device than the option's.
fn check_serials(arguments: &Enroll) -> Result<(), CliError> {
    let device = &arguments.device;
    let usage = |error: String, hint: &str| Err(CliError::new(Kind::Usage, error).hint(hint));
    if let Some(serial) = &device.hardware {
        match MfaDeviceKind::of(serial) {
            MfaDeviceKind::HardwareTotp | MfaDeviceKind::Fido => {}
            MfaDeviceKind::VirtualTotp => {
                return usage(
                    format!("{serial} is a virtual device, no hardware token"),
                    "name it with --serial",
                );
            }
            MfaDeviceKind::Sms | MfaDeviceKind::Unrecognized => {
                return usage(
                    format!("`{serial}` is no serial number of a hardware token"),
                    "it is printed on the token, such as GAHT12345678",
                );
            }
        }
    }
    match device.serial.as_deref() {
        Some(serial)
            if !matches!(
                MfaDeviceKind::of(serial),
                MfaDeviceKind::VirtualTotp | MfaDeviceKind::Fido
            ) =>
        {
            usage(
                format!("`{serial}` is no ARN of a virtual device"),
                "its form is arn:aws:iam::111122223333:mfa/NAME; a hardware token is named with --hardware",
            )
        }
        _ => Ok(()),
    }
}

/// Tells whether the device that is named is a passkey.
fn is_passkey(arguments: &Enroll) -> bool {
    let named = [&arguments.device.serial, &arguments.device.hardware];
    let mut named = named.into_iter().flatten();
    named.any(|it| MfaDeviceKind::of(it) == MfaDeviceKind::Fido)
}
