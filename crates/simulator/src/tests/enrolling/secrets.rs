//! A seed is shown once, to whoever creates the device, and nowhere else.

use super::{Desk, SEED, element, elements};
use crate::tests::server::{exchange, post};
use crate::{Options, Simulator, World, totp};

/// Returns a desk with seeds of every kind of device.
fn desk() -> Desk {
    let settings = format!(
        "unassigned-devices = [{{ name = \"spare\", seed = \"{SEED}\" }}]\n\
         hardware-tokens = [{{ serial = \"GAHT12345678\", seed = \"{SEED}\" }}]\n\
         root = {{ mfa = [{{ seed = \"{SEED}\" }}] }}"
    );
    let users = format!("{}mfa = [{{ seed = \"{SEED}\" }}]", super::USERS);
    Desk::in_account(&settings, &users)
}

#[test]
fn no_debug_output_shows_a_seed() {
    let desk = desk();
    let created = desk
        .client
        .iam("CreateVirtualMFADevice", "VirtualMFADeviceName=phone");
    assert!(created.body.contains("Base32StringSeed"));
    let shown = element(&created.body, "Base32StringSeed").unwrap();
    let seed = desk
        .client
        .state
        .device_seed(&super::virtual_serial("phone"))
        .unwrap();
    let mut texts = vec![
        format!("{created:?}"),
        format!("{:?}", desk.client.state.authenticators),
    ];
    desk.client.state.update(|it| texts.push(format!("{it:?}")));
    for text in texts {
        for secret in [SEED, &seed, &shown] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

#[test]
fn no_listing_tells_a_seed() {
    let mut desk = desk();
    desk.show(&super::virtual_serial("bob"), 0);
    for (action, more) in [
        ("ListVirtualMFADevices", ""),
        ("ListMFADevices", "UserName=bob"),
        ("GetUser", "UserName=bob"),
        ("GetAccountAuthorizationDetails", ""),
    ] {
        let answer = desk.client.iam(action, more);
        assert_eq!(answer.status, 200, "{action}");
        assert!(!answer.body.contains(SEED), "{action}");
        assert!(elements(&answer.body, "Base32StringSeed").is_empty());
        assert!(elements(&answer.body, "QRCodePNG").is_empty());
    }
}

#[test]
fn the_journal_tells_operations_and_neither_seeds_nor_codes() {
    let mut desk = Desk::of("");
    let serial = desk.enrol("bob", "phone");
    let codes = [-1, 0, 1].map(|it| desk.code(&serial, it));
    desk.show(&serial, 1);
    let mut journal = Vec::new();
    desk.client.state.journal.write(&mut journal).unwrap();
    let journal = String::from_utf8(journal).unwrap();
    let seed = desk.client.state.device_seed(&serial).unwrap();
    assert!(journal.contains("EnableMFADevice"), "{journal}");
    for secret in codes.iter().chain([&seed]) {
        assert!(!journal.contains(secret.as_str()), "{journal}");
    }
}

#[test]
fn every_devices_seed_can_be_had_by_its_serial_number() {
    let desk = desk();
    let seed = |serial: &str| desk.client.state.device_seed(serial);
    let [spare, bob, root] = ["spare", "bob", "root-account-mfa-device"].map(super::virtual_serial);
    for serial in [spare.as_str(), &bob, &root, "GAHT12345678"] {
        assert_eq!(seed(serial).as_deref(), Some(SEED), "{serial}");
    }
    assert_eq!(seed("arn:aws:iam::222222222222:mfa/other"), None);
}

#[tokio::test]
async fn a_running_simulator_has_the_seed_of_a_device() {
    let world = World::from_toml(super::ORGANIZATION).unwrap();
    let simulator = Simulator::start(world, Options::default()).await.unwrap();
    let body = "Action=CreateVirtualMFADevice&Version=2010-05-08&VirtualMFADeviceName=phone";
    let answer = exchange(&simulator, post(body)).await;
    let serial = element(&answer, "SerialNumber").unwrap();
    let seed = simulator.device_seed(&serial).unwrap();
    assert_eq!(totp(&seed, 0).unwrap().len(), 6);
    assert_eq!(simulator.device_seed("other"), None);
    assert!(!format!("{:?}", simulator.journal()).contains(&seed));
}
