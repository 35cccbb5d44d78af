//! Virtual devices from their creation to their end.

use data_encoding::BASE64;

use super::{Desk, element, elements, refusal, virtual_serial, wrong_pair};

fn content(desk: &Desk) -> String {
    assert_eq!(desk.status("GenerateCredentialReport", ""), 200);
    let answer = desk.client.iam("GetCredentialReport", "");
    let content = element(&answer.body, "Content").unwrap();
    String::from_utf8(BASE64.decode(content.as_bytes()).unwrap()).unwrap()
}

#[test]
fn a_device_is_created_and_then_enabled() {
    let desk = Desk::of("");
    let answer = desk.client.iam(
        "CreateVirtualMFADevice",
        "VirtualMFADeviceName=phone&Path=/a/b/&Tags.member.1.Key=k&Tags.member.1.Value=v",
    );
    assert_eq!(answer.status, 200, "{}", answer.body);
    let serial = virtual_serial("a/b/phone");
    assert_eq!(element(&answer.body, "SerialNumber").unwrap(), serial);
    assert_eq!(elements(&answer.body, "Key"), ["k"]);
    assert_eq!(elements(&answer.body, "Value"), ["v"]);
    let bytes = |tag| {
        let text = element(&answer.body, tag).unwrap();
        BASE64.decode(text.as_bytes()).unwrap()
    };
    assert!(bytes("QRCodePNG").starts_with(b"\x89PNG"));
    let seed = String::from_utf8(bytes("Base32StringSeed")).unwrap();
    assert_eq!(seed.len(), 64);
    assert_eq!(desk.client.state.device_seed(&serial), Some(seed));
    assert_eq!(desk.virtual_devices("Unassigned"), [serial.as_str()]);
    assert!(desk.virtual_devices("Assigned").is_empty());
    assert!(desk.devices("bob").is_empty());

    assert_eq!(desk.enable("bob", &serial, 0).0, 200);
    assert!(desk.virtual_devices("Unassigned").is_empty());
    assert_eq!(desk.virtual_devices("Assigned"), [serial.as_str()]);
    assert_eq!(desk.devices("bob"), [serial.as_str()]);
    let listed = desk.client.iam("ListMFADevices", "UserName=bob").body;
    assert_eq!(
        element(&listed, "EnableDate").unwrap(),
        "2026-11-24T09:00:00Z"
    );
}

#[test]
fn an_answer_without_a_result_has_no_element_for_it() {
    let desk = Desk::of("");
    let serial = desk.create("phone");
    let codes = [-1, 0].map(|it| desk.code(&serial, it));
    let more = super::pair_of("bob", &serial, &codes);
    let body = desk.client.iam("EnableMFADevice", &more).body;
    assert!(body.starts_with("<EnableMFADeviceResponse"), "{body}");
    assert!(!body.contains("Result"), "{body}");
}

#[test]
fn a_report_of_before_goes_on_and_a_new_one_tells_of_the_device() {
    let row = |report: &str| {
        let mut rows = report.lines();
        let row = rows.find(|it| it.starts_with("bob,")).unwrap();
        row.split(',').nth(7).unwrap().to_owned()
    };
    let desk = Desk::of("");
    assert_eq!(row(&content(&desk)), "false");
    desk.enrol("bob", "phone");
    assert_eq!(row(&content(&desk)), "false");
    let fresh = Desk::of("");
    fresh.enrol("bob", "phone");
    assert_eq!(row(&content(&fresh)), "true");
}

#[test]
fn a_name_is_taken_by_devices_of_anyone() {
    let desk = Desk::of("");
    let taken = refusal(409, "EntityAlreadyExists", "MFA device already exists.");
    let again = || desk.iam("CreateVirtualMFADevice", "VirtualMFADeviceName=phone");
    let serial = desk.create("phone");
    assert_eq!(again(), taken);
    assert_eq!(desk.enable("bob", &serial, 0).0, 200);
    assert_eq!(again(), taken);
    let elsewhere = "VirtualMFADeviceName=phone&Path=/other/";
    assert_eq!(desk.status("CreateVirtualMFADevice", elsewhere), 200);
}

#[test]
fn a_device_has_one_owner_and_is_enabled_once() {
    let desk = Desk::of("");
    let serial = desk.enrol("alice", "phone");
    let exists = |message| refusal(409, "EntityAlreadyExists", message);
    assert_eq!(
        desk.enable("alice", &serial, 2),
        exists("MFA Device for user alice already exists.")
    );
    assert_eq!(
        desk.enable("bob", &serial, 2),
        exists("MFA Device is already in use.")
    );
}

#[test]
fn what_does_not_exist_cannot_be_enabled() {
    let desk = Desk::of("");
    let missing = |more: &str| {
        let (status, code, message) = desk.iam("EnableMFADevice", more);
        assert_eq!((status, code.as_str()), (404, "NoSuchEntity"), "{more}");
        message
    };
    let codes = ["123456", "654321"];
    let serial = virtual_serial("phone");
    assert_eq!(
        missing(&super::pair_of("bob", &serial, &codes)),
        format!("VirtualMFADevice with serial number {serial} does not exist.")
    );
    missing(&super::pair_of("bob", "GAHT00000000", &codes));
    desk.create("phone");
    assert_eq!(
        missing(&super::pair_of("carol", &serial, &codes)),
        "The user with name carol cannot be found."
    );
}

#[test]
fn a_device_in_use_is_not_deleted() {
    let desk = Desk::of("");
    let serial = desk.enrol("alice", "phone");
    let delete = || desk.iam("DeleteVirtualMFADevice", &format!("SerialNumber={serial}"));
    let message = "MFA VirtualDevice in use. Must deactivate first.";
    assert_eq!(delete(), refusal(409, "DeleteConflict", message));
    let both = format!("UserName=alice&SerialNumber={serial}");
    assert_eq!(desk.status("DeactivateMFADevice", &both), 200);
    assert!(desk.devices("alice").is_empty());
    assert_eq!(desk.virtual_devices("Unassigned"), [serial.as_str()]);
    assert_eq!(delete().0, 200);
    assert!(desk.virtual_devices("Any").is_empty());
    assert_eq!(delete().1, "NoSuchEntity");
}

#[test]
fn a_device_is_taken_from_its_owner_only() {
    let desk = Desk::of("");
    let serial = desk.enrol("alice", "phone");
    let take = |user: &str| {
        let both = format!("UserName={user}&SerialNumber={serial}");
        desk.iam("DeactivateMFADevice", &both)
    };
    let invalid = refusal(404, "NoSuchEntity", "MFA Device invalid for user.");
    assert_eq!(take("bob"), invalid);
    assert_eq!(take("alice").0, 200);
    assert_eq!(take("alice"), invalid);
}

#[test]
fn a_device_of_the_same_name_has_another_seed() {
    let desk = Desk::of("");
    let serial = desk.create("phone");
    let seed = desk.client.state.device_seed(&serial);
    let only = format!("SerialNumber={serial}");
    assert_eq!(desk.status("DeleteVirtualMFADevice", &only), 200);
    assert_eq!(desk.client.state.device_seed(&serial), None);
    let old = crate::totp(&seed.clone().unwrap(), super::START - 30).unwrap();
    desk.create("phone");
    let new = desk.client.state.device_seed(&serial);
    assert!(new.is_some() && new != seed);
    let codes = [old, desk.code(&serial, 0)];
    let more = super::pair_of("bob", &serial, &codes);
    assert_eq!(desk.iam("EnableMFADevice", &more), wrong_pair());
}

#[test]
fn left_over_devices_are_listed_whatever_they_are_written_as() {
    let settings = format!(
        "unassigned-devices = [\"plain\", {{ name = \"deep\", path = \"/a/\", seed = \"{}\" }}]",
        super::SEED
    );
    let desk = Desk::in_account(&settings, super::USERS);
    let (plain, deep) = (virtual_serial("plain"), virtual_serial("a/deep"));
    assert_eq!(desk.virtual_devices("Unassigned"), [&*plain, &*deep]);
    let listed = desk.client.iam("ListVirtualMFADevices", "").body;
    assert!(!listed.contains("EnableDate") && !listed.contains("<User>"));
    assert_eq!(desk.enable("bob", &deep, 0).0, 200);
    let codes = ["123456", "123457"];
    let without_seed = super::pair_of("alice", &plain, &codes);
    assert_eq!(desk.iam("EnableMFADevice", &without_seed), wrong_pair());
    assert_eq!(desk.virtual_devices("Unassigned"), [&*plain]);
}

#[test]
fn input_has_the_form_that_aws_documents() {
    let desk = Desk::of("");
    desk.create("phone");
    let serial = virtual_serial("phone");
    let many = (1..=51)
        .map(|it| format!("&Tags.member.{it}.Key=k{it}"))
        .collect::<Vec<_>>()
        .concat();
    let codes = |first: &str, second: &str| super::pair_of("bob", &serial, &[first, second]);
    for (action, more) in [
        ("CreateVirtualMFADevice", String::new()),
        (
            "CreateVirtualMFADevice",
            "VirtualMFADeviceName=a%20b".into(),
        ),
        (
            "CreateVirtualMFADevice",
            "VirtualMFADeviceName=a&Path=x".into(),
        ),
        (
            "CreateVirtualMFADevice",
            format!("VirtualMFADeviceName=a{many}"),
        ),
        ("EnableMFADevice", codes("12345", "123456")),
        ("EnableMFADevice", codes("123456", "1234567")),
        ("EnableMFADevice", codes("12345a", "123456")),
        ("ResyncMFADevice", codes("12345a", "123456")),
        (
            "EnableMFADevice",
            format!("UserName=bob&SerialNumber={serial}"),
        ),
        ("DeactivateMFADevice", "UserName=bob".into()),
        ("DeleteVirtualMFADevice", String::new()),
    ] {
        let (status, code, message) = desk.iam(action, &more);
        assert_eq!((status, code.as_str()), (400, "ValidationError"), "{more}");
        assert!(message.contains("validation error"), "{message}");
    }
    let (_, _, message) = desk.iam("EnableMFADevice", &codes("12345", "x"));
    assert!(
        message.starts_with("3 validation errors detected: "),
        "{message}"
    );
}

#[test]
fn what_is_refused_changes_nothing_and_what_is_answered_in_vain_does() {
    let name = "VirtualMFADeviceName=phone";
    for (kind, made) in [
        (r#"{ throttle = { code = "Throttling" } }"#, false),
        (r#"{ deny = { policy = "identity" } }"#, false),
        (r#""disconnect""#, true),
        (r#""malformed""#, true),
    ] {
        let fault = format!("[[fault]]\naction = \"iam:CreateVirtualMFADevice\"\nkind = {kind}\n");
        let desk = Desk::of(&fault);
        let body = format!("Action=CreateVirtualMFADevice&Version=2010-05-08&{name}");
        desk.client.state.answer(&crate::request::Request {
            body: body.into_bytes(),
            ..desk.client.signed("iam")
        });
        let devices = desk.virtual_devices("Unassigned");
        assert_eq!(devices == [virtual_serial("phone")], made, "{kind}");
    }
}
