//! The credential report: its states, its content, its age.

use std::time::Duration;

use data_encoding::BASE64;

use super::{Client, ORGANIZATION, element, error_of};
use crate::world::{Device, Report, World};

const CACHED: &str = r#"
    report = { age-seconds = 3600 }
    [account.root]
    created = 2025-08-25T13:49:23Z
    password = { last-changed = 2026-09-12T01:41:52Z }
    [[account.user]]
    name = "b-keys"
    path = "/team/"
    created = 2026-09-11T13:14:49Z
    access-keys = [
        { id = "AKIA2", created = 2026-01-02T00:00:00Z },
        { id = "AKIA1", status = "Inactive", created = 2026-09-11T13:14:50Z, last-used = 2026-10-01T00:00:00Z, last-used-region = "N/A", last-used-service = "s3" },
    ]
    [[account.user]]
    name = "a,b"
    created = 2026-09-11T13:14:44Z
    password = { last-used = 2026-11-01T10:00:00Z, last-changed = 2026-09-11T13:14:45Z, next-rotation = 2026-12-10T13:14:45Z }
    mfa = [{ kind = "virtual" }]
    report = { mfa-active = false }
    [[account.user]]
    name = "Anna"
    created = 2026-11-24T08:30:00Z
    in-report = false
    [[account.deleted-user]]
    name = "Zoe"
    created = 2026-01-01
    password = {}
"#;

/// A member with a cached report, whose tables come before its role.
fn cached() -> Client {
    let world = ORGANIZATION.replace("[[account.role]]", &format!("{CACHED}\n[[account.role]]"));
    let mut client = Client::of(World::from_toml(&world).unwrap());
    client.enter("arn:aws:iam::222222222222:role/audit", "");
    client
}

fn content(client: &Client) -> String {
    let reply = client.iam("GetCredentialReport", "");
    assert_eq!(reply.status, 200, "{}", reply.body);
    String::from_utf8(
        BASE64
            .decode(element(&reply.body, "Content").unwrap().as_bytes())
            .unwrap(),
    )
    .unwrap()
}

#[test]
fn a_report_goes_through_the_states_that_aws_shows() {
    let client = Client::in_member("");
    assert_eq!(
        error_of(&client.iam("GetCredentialReport", "")),
        (410, "ReportNotPresent".into(), "Unknown".into())
    );
    let started = client.iam("GenerateCredentialReport", "");
    assert_eq!(element(&started.body, "State").unwrap(), "STARTED");
    let description = "No report exists. Starting a new report generation task";
    assert_eq!(element(&started.body, "Description").unwrap(), description);
    let complete = client.iam("GenerateCredentialReport", "");
    assert_eq!(element(&complete.body, "State").unwrap(), "COMPLETE");
    assert_eq!(element(&complete.body, "Description"), None);
    let report = client.iam("GetCredentialReport", "");
    assert_eq!(element(&report.body, "ReportFormat").unwrap(), "text/csv");
    assert_eq!(
        element(&report.body, "GeneratedTime").unwrap(),
        "2026-11-24T09:00:00Z"
    );
}

#[test]
fn a_report_in_the_making_is_not_ready() {
    let world = World::from_toml(ORGANIZATION).unwrap();
    let mut client = Client::with_delay(world, Duration::from_hours(1));
    client.enter("arn:aws:iam::222222222222:role/audit", "");
    client.iam("GenerateCredentialReport", "");
    assert_eq!(
        error_of(&client.iam("GetCredentialReport", "")),
        (404, "ReportInProgress".into(), "Unknown".into())
    );
    let again = client.iam("GenerateCredentialReport", "");
    assert_eq!(element(&again.body, "State").unwrap(), "INPROGRESS");
}

#[test]
fn a_stuck_report_is_never_ready() {
    let client = Client::in_member("");
    client.state.update(|world| {
        world.accounts[1].report = Report {
            age_seconds: None,
            stuck: true,
        }
    });
    let states = || element(&client.iam("GenerateCredentialReport", "").body, "State").unwrap();
    assert_eq!(
        [states(), states(), states()],
        ["STARTED", "INPROGRESS", "INPROGRESS"]
    );
    assert_eq!(client.iam("GetCredentialReport", "").status, 404);
}

#[test]
fn a_report_older_than_four_hours_has_expired() {
    let client = Client::in_member("");
    client
        .state
        .update(|world| world.accounts[1].report.age_seconds = Some(4 * 3600));
    assert_eq!(client.iam("GetCredentialReport", "").status, 200);
    client
        .state
        .update(|world| world.accounts[1].report.age_seconds = Some(4 * 3600 + 1));
    assert_eq!(
        error_of(&client.iam("GetCredentialReport", "")),
        (410, "ReportExpired".into(), "Unknown".into())
    );
    assert_eq!(
        element(&client.iam("GenerateCredentialReport", "").body, "State").unwrap(),
        "STARTED"
    );
    client.iam("GenerateCredentialReport", "");
    let report = client.iam("GetCredentialReport", "");
    assert_eq!(
        element(&report.body, "GeneratedTime").unwrap(),
        "2026-11-24T09:00:00Z"
    );
}

#[test]
fn a_cached_report_has_the_rows_that_aws_writes() {
    let expected = "\
user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated
<root_account>,arn:aws:iam::222222222222:root,2025-08-25T13:49:23Z,true,no_information,2026-09-12T01:41:52Z,not_supported,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A
\"a,b\",\"arn:aws:iam::222222222222:user/a,b\",2026-09-11T13:14:44Z,true,2026-11-01T10:00:00Z,2026-09-11T13:14:45Z,2026-12-10T13:14:45Z,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A
b-keys,arn:aws:iam::222222222222:user/team/b-keys,2026-09-11T13:14:49Z,false,N/A,N/A,N/A,false,false,2026-09-11T13:14:50Z,2026-10-01T00:00:00Z,N/A,s3,true,2026-01-02T00:00:00Z,N/A,N/A,N/A,false,N/A,false,N/A
Zoe,arn:aws:iam::222222222222:user/Zoe,2026-01-01T00:00:00Z,true,no_information,2026-01-01T00:00:00Z,N/A,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A";
    let client = cached();
    assert_eq!(content(&client), expected);
    let report = client.iam("GetCredentialReport", "");
    assert_eq!(
        element(&report.body, "GeneratedTime").unwrap(),
        "2026-11-24T08:00:00Z"
    );
}

#[test]
fn a_cached_report_outlives_what_it_tells_of() {
    let client = cached();
    client.state.update(|world| world.accounts[1].users.clear());
    assert!(content(&client).contains("b-keys"));
    assert_eq!(
        element(&client.iam("GenerateCredentialReport", "").body, "State").unwrap(),
        "COMPLETE"
    );
    assert_eq!(
        super::elements(&client.iam("ListUsers", "").body, "UserName"),
        Vec::<String>::new()
    );
}

#[test]
fn a_generated_report_tells_the_truth_and_keeps_to_it() {
    let mut client = cached();
    client
        .state
        .update(|world| world.accounts[1].report = Report::default());
    client.iam("GenerateCredentialReport", "");
    client
        .state
        .update(|world| world.accounts[1].users[0].mfa = vec![Device::default()]);
    client.token = client.token.take();
    let text = content(&client);
    assert!(!text.contains("Zoe"));
    assert!(text.contains("\nAnna,"));
    let mfa_active = |name: &str| {
        let row = text
            .lines()
            .find(|it| it.starts_with(name))
            .unwrap()
            .to_owned();
        row.split(',').nth_back(14).unwrap().to_owned()
    };
    assert_eq!(mfa_active("\"a,b\""), "true");
    assert_eq!(mfa_active("b-keys"), "false");
}

#[test]
fn the_extra_column_comes_last() {
    let client = cached();
    client
        .state
        .update(|world| world.report_extra_column = true);
    client
        .state
        .update(|world| world.accounts[1].report.age_seconds = Some(60));
    for (place, line) in content(&client).lines().enumerate() {
        let last = line.rsplit(',').next().unwrap();
        assert_eq!(
            last,
            if place == 0 {
                "additional_credentials_info"
            } else {
                "N/A"
            }
        );
    }
}
