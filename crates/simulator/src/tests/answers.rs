//! What IAM's operations answer, and their errors.

use super::{Client, element, elements, error_of};
use crate::world::World;

const USERS: &str = r#"
    unassigned-devices = ["left-over"]
    alias = "shop"
    providers = 2
    [account.root]
    created = 2020-01-01T00:00:00Z
    password = {}
    access-keys = [{}]
    mfa = [{ kind = "virtual", name = "GoogleAuth", enabled = 2021-01-01 }, { kind = "fido", name = "safe" }]
    [[account.user]]
    name = "bob"
    path = "/team/"
    created = 2024-01-01T00:00:00Z
    password = { last-used = 2026-01-01T00:00:00Z, reset-required = true }
    access-keys = [{ id = "AKIABOB0000000000001", last-used = 2026-02-02T00:00:00Z, last-used-service = "s3" }, { status = "Inactive" }]
    mfa = [
        { kind = "virtual" },
        { kind = "fido", name = "key1", certifications = { FIDO = "L1" } },
        { kind = "hardware", serial = "GAHT00000001" },
        { kind = "sms" },
        { kind = "raw", serial = "arn:aws:iam::222222222222:palm/bob" },
    ]
    [[account.user]]
    name = "eve"
    signing-certificates = 2
"#;

fn client() -> Client {
    let world =
        super::ORGANIZATION.replace("[[account.role]]", &format!("{USERS}\n[[account.role]]"));
    let mut client = Client::of(World::from_toml(&world).unwrap());
    client.enter("arn:aws:iam::222222222222:role/audit", "");
    client
}

#[test]
fn the_summary_has_every_key_and_counts_all_devices() {
    let body = client().iam("GetAccountSummary", "").body;
    let (keys, values) = (elements(&body, "key"), elements(&body, "value"));
    assert_eq!(keys.len(), 34);
    let value = |key: &str| values[keys.iter().position(|it| it == key).unwrap()].clone();
    for (key, expected) in [
        ("AccountMFAEnabled", "1"),
        ("AccountPasswordPresent", "1"),
        ("AccountAccessKeysPresent", "1"),
        ("AccountSigningCertificatesPresent", "0"),
        ("MFADevices", "8"),
        ("MFADevicesInUse", "7"),
        ("Providers", "2"),
        ("Users", "2"),
        ("UsersQuota", "5000"),
    ] {
        assert_eq!(value(key), expected, "{key}");
    }
}

#[test]
fn serial_numbers_tell_the_kind() {
    let serials = elements(
        &client().iam("ListMFADevices", "UserName=bob").body,
        "SerialNumber",
    );
    assert_eq!(serials[0], "arn:aws:iam::222222222222:mfa/bob");
    assert!(serials[1].starts_with("arn:aws:iam::222222222222:u2f/user/bob/key1-"));
    assert_eq!(
        serials[2..],
        [
            "GAHT00000001",
            "arn:aws:iam::222222222222:sms-mfa/bob",
            "arn:aws:iam::222222222222:palm/bob"
        ]
    );
}

#[test]
fn virtual_devices_tell_their_owner() {
    let client = client();
    let body = client.iam("ListVirtualMFADevices", "").body;
    let serial = |name: &str| format!("arn:aws:iam::222222222222:mfa/{name}");
    assert_eq!(
        elements(&body, "SerialNumber"),
        [serial("GoogleAuth"), serial("bob"), serial("left-over")]
    );
    assert_eq!(
        elements(&body, "Arn"),
        [
            "arn:aws:iam::222222222222:root",
            "arn:aws:iam::222222222222:user/team/bob"
        ]
    );
    assert_eq!(elements(&body, "UserName"), ["bob"]);
    assert_eq!(elements(&body, "EnableDate").len(), 2);
    let of = |status: &str| {
        let body = client
            .iam(
                "ListVirtualMFADevices",
                &format!("AssignmentStatus={status}"),
            )
            .body;
        elements(&body, "SerialNumber").len()
    };
    assert_eq!((of("Assigned"), of("Unassigned"), of("Any")), (2, 1, 3));
    assert_eq!(
        client
            .iam("ListVirtualMFADevices", "AssignmentStatus=Lost")
            .status,
        400
    );
}

#[test]
fn users_and_their_credentials_are_served() {
    let client = client();
    let users = client.iam("ListUsers", "").body;
    assert_eq!(
        elements(&users, "PasswordLastUsed"),
        ["2026-01-01T00:00:00Z"]
    );
    assert_eq!(elements(&users, "Path"), ["/team/", "/"]);
    assert_eq!(
        elements(
            &client.iam("ListUsers", "PathPrefix=/team/").body,
            "UserName"
        ),
        ["bob"]
    );
    assert!(element(&users, "UserId").unwrap().starts_with("AIDA"));
    let profile = client.iam("GetLoginProfile", "UserName=bob").body;
    assert_eq!(element(&profile, "PasswordResetRequired").unwrap(), "true");
    let keys = client.iam("ListAccessKeys", "UserName=bob").body;
    assert_eq!(elements(&keys, "Status"), ["Active", "Inactive"]);
    let used = client
        .iam("GetAccessKeyLastUsed", "AccessKeyId=AKIABOB0000000000001")
        .body;
    assert_eq!(
        element(&used, "LastUsedDate").unwrap(),
        "2026-02-02T00:00:00Z"
    );
    let unused = client
        .iam(
            "GetAccessKeyLastUsed",
            &format!("AccessKeyId={}", elements(&keys, "AccessKeyId")[1]),
        )
        .body;
    assert_eq!(
        (element(&unused, "LastUsedDate"), element(&unused, "Region")),
        (None, Some("N/A".into()))
    );
    assert_eq!(
        elements(&client.iam("ListAccountAliases", "").body, "member"),
        ["shop"]
    );
    assert_eq!(
        element(&client.iam("ListUserTags", "UserName=bob").body, "Tags").unwrap(),
        ""
    );
    assert_eq!(
        element(&client.iam("GetUser", "UserName=eve").body, "UserName").unwrap(),
        "eve"
    );
}

#[test]
fn signing_certificates_are_listed_with_their_user() {
    let body = client().iam("ListSigningCertificates", "UserName=eve").body;
    assert_eq!(elements(&body, "UserName"), ["eve", "eve"]);
    assert_eq!(elements(&body, "Status"), ["Active", "Active"]);
    let ids = elements(&body, "CertificateId");
    assert_ne!(ids[0], ids[1]);
    assert!(ids.iter().all(|it| it.len() == 32));
    assert_eq!(elements(&body, "UploadDate").len(), 2);
    let none = client().iam("ListSigningCertificates", "UserName=bob").body;
    assert_eq!(element(&none, "Certificates").unwrap(), "");
}

#[test]
fn only_fido_devices_can_be_looked_at() {
    let client = client();
    let serials = elements(
        &client.iam("ListMFADevices", "UserName=bob").body,
        "SerialNumber",
    );
    let fido = client
        .iam(
            "GetMFADevice",
            &format!("SerialNumber={}&UserName=bob", serials[1]),
        )
        .body;
    assert_eq!(
        (
            element(&fido, "key").unwrap(),
            element(&fido, "value").unwrap()
        ),
        ("FIDO".into(), "L1".into())
    );
    let by_serial = client.iam("GetMFADevice", &format!("SerialNumber={}", serials[1]));
    assert_eq!(element(&by_serial.body, "UserName").unwrap(), "bob");
    let of = |user: &str| {
        let input = format!("SerialNumber={}&UserName={user}", serials[1]);
        error_of(&client.iam("GetMFADevice", &input))
    };
    assert_eq!((of("eve").0, of("eve").1), (404, "NoSuchEntity".into()));
    assert_eq!(of("ann").2, "The user with name ann cannot be found.");
    let (status, code, message) =
        error_of(&client.iam("GetMFADevice", &format!("SerialNumber={}", serials[0])));
    assert_eq!((status, code.as_str()), (400, "ValidationError"));
    assert!(message.contains("Currently, only hardware FIDO security keys are supported"));
}

#[test]
fn what_does_not_exist_is_named() {
    let client = client();
    let error = |action, more| error_of(&client.iam(action, more));
    let none = |message: &str| (404, "NoSuchEntity".to_owned(), message.to_owned());
    assert_eq!(
        error("GetUser", "UserName=nobody"),
        none("The user with name nobody cannot be found.")
    );
    assert_eq!(
        error("GetLoginProfile", "UserName=eve"),
        none("Login Profile for User eve cannot be found.")
    );
    let missing = "Must specify userName when calling with non-User credentials";
    assert_eq!(
        error("ListMFADevices", ""),
        (400, "ValidationError".into(), missing.into())
    );
    assert_eq!(error("DeleteUser", "UserName=eve").1, "InvalidAction");
}
