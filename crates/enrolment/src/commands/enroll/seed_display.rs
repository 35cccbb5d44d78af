//! Hands the seed of a new device to the person, as a QR code and as text if asked for.

use std::io::{IsTerminal, stdout};

use aws_sdk_iam::Client;
use program::{
    CliError, Kind,
    output::{print, say},
};
use zeroize::Zeroizing;

use super::Enrolment;
use crate::{
    args::{Enroll, QrStyle, SeedDisplay},
    calls::list_account_aliases::list_account_aliases,
    device_name::DeviceName,
    qr::{Ink, Qr},
    qr_png::QrPng,
    seed::Seed,
};

/// Refuses to make a device whose seed nobody would see.
pub(super) fn check_display(arguments: &Enroll) -> Result<(), CliError> {
    let (device, show) = (&arguments.device, &arguments.show);
    let is_new = device.serial.is_none() && device.hardware.is_none();
    let shows_nothing = show.qr == QrStyle::None && show.qr_png.is_none() && !show.show_secret;
    if is_new && shows_nothing && !device.root && !device.passkey {
        let error = "with --qr none nothing would show the new device's secret";
        return Err(CliError::new(Kind::Usage, error).hint("add --qr-png FILE or --show-secret"));
    }
    Ok(())
}

impl Enrolment<'_> {
    /// Returns what the app shows behind the device's name: the account's alias, or its id.
    pub(super) async fn label(&self, iam: &Client) -> String {
        let alias = list_account_aliases(iam).await.ok().flatten();
        alias.unwrap_or_else(|| self.caller.account.to_string())
    }

    /// Shows the seed in every way that was asked for.
    pub(super) fn show(
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
        let SeedDisplay {
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
            let text = Zeroizing::new(format!("\n{}\n", qr.to_text(ink)));
            print(&text)?;
        }
        if *show_secret {
            let text = Zeroizing::new(format!("secret: {}\n", seed.expose()));
            print(&text)?;
        }
        let add = if ink.is_none() && self.arguments.show.qr_png.is_none() {
            "Type the secret into an authenticator app."
        } else {
            "Scan the QR code with an authenticator app."
        };
        say(&format!(
            "{add} The app then shows six digits, and new ones every 30 seconds."
        ));
        Ok(())
    }
}
