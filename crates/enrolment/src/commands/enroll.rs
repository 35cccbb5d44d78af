//! `mfaudit-enroll`: from nothing to a device that is enabled and proven, or back to nothing.

mod outcome;
mod seed_display;
mod serial_numbers;

use aws::{Connection, Session, Trouble};
use aws_sdk_iam::Client;
use model::MfaDevice;
use program::{CliError, Environment, Kind, output::say};

use self::{
    seed_display::check_display,
    serial_numbers::{check_serials, is_passkey},
};
use super::{
    bind::{BUSY_TRIES, BUSY_WAIT, Binding},
    connect,
};
use crate::{
    args::Enroll,
    calls::{
        create_virtual_mfa_device::{Created, create_virtual_mfa_device},
        list_mfa_devices::list_mfa_devices,
        list_virtual_mfa_devices::{VirtualDevice, list_virtual_mfa_devices, unassigned},
    },
    code_entry::{CodeEntry, Knowledge},
    console,
    device_name::{DeviceName, name_of},
    interrupt::Interrupt,
    mfa_session, orphans,
    pending::{Discarded, deleting, discard},
    preflight::{Checks, stop_at_limit},
    qr_png::QrPng,
    refusal,
    who::{Caller, Target},
};

pub(super) async fn run(arguments: &Enroll, environment: &Environment) -> Result<(), CliError> {
    // Whatever can be wrong with the arguments is, before anything is made.
    let codes = CodeEntry::of(arguments.codes.as_deref())?;
    check_serials(arguments)?;
    check_display(arguments)?;
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
                Err(CliError::interrupted())
            }
        };
        let knowledge = match enabled {
            Ok(knowledge) => knowledge,
            Err(error) => match discard(iam, serial).await {
                // AWS took the codes, whatever came of the answer.
                Discarded::Enabled => Knowledge::Nothing,
                Discarded::Deleted | Discarded::Left => return Err(error),
            },
        };
        if let Some(png) = &mut png {
            png.keep();
        }
        self.finish(iam, serial, knowledge, known, png.as_ref())
            .await
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
        let mut tries = 0;
        loop {
            tries += 1;
            let made = create_virtual_mfa_device(iam, name, &self.arguments.device.tags).await;
            let trouble = match made {
                Ok(created) => return Ok(created),
                Err(trouble) => trouble,
            };
            if refusal::is_busy(&trouble) && tries < BUSY_TRIES {
                tokio::time::sleep(BUSY_WAIT).await;
                continue;
            }
            if is_doubtful(&trouble) {
                self.unmake(iam, name).await;
            }
            return Err(refusal::explain(&trouble));
        }
    }

    /// Deletes the device if it was made although the answer was lost or broken: its seed is told only once.
    async fn unmake(&self, iam: &Client, name: &DeviceName) {
        let account = self.caller.account.to_string();
        let serial = name.serial_number(&self.caller.partition(), &account);
        match unassigned(iam).await {
            Ok(devices) if devices.contains(&serial) => {
                discard(iam, &serial).await;
            }
            Ok(_) => {}
            Err(_) => say(&format!(
                "Whether {serial} was made was not seen. If it was, and nobody has enabled it, this deletes it:\n  {}",
                deleting(&serial)
            )),
        }
    }
}

/// Tells whether AWS may have done what it was asked, although it did not say so.
fn is_doubtful(trouble: &Trouble) -> bool {
    let of_service = ["InternalFailure", "ServiceFailure", "ServiceUnavailable"];
    trouble.code.is_empty() || of_service.contains(&trouble.code.as_str())
}
