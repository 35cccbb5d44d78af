//! Sessions that AWS ends before their time.

use model::snapshot::RootAccess;

use super::*;
use crate::contract_tests::stage::{MEMBER, organization};

fn expired(action: &str, times: Option<u32>) -> Fault {
    Fault {
        account: Some(MEMBER.to_owned()),
        times,
        ..fault(action, FaultKind::ExpiredToken)
    }
}

#[tokio::test]
async fn a_session_that_has_ended_is_renewed_once_and_the_answer_is_had() {
    for action in ["GetAccountSummary", "ListUsers", "GetCredentialReport"] {
        let fault = expired(&format!("iam:{action}"), Some(1));
        let stage = Stage::with(organization(""), vec![fault]).await;
        let record = stage.member().await;
        assert!(is_whole(&record), "{action}: {:?}", record.gaps);
        assert_eq!(stage.asked(MEMBER, "AssumeRole"), 2, "{action}");
        assert_eq!(stage.asked(MEMBER, action), 2, "{action}");
    }
}

#[tokio::test]
async fn a_session_that_ends_again_is_a_gap_of_that_call() {
    let stage = Stage::with(organization(""), vec![expired("iam:ListUsers", None)]).await;
    let record = stage.member().await;
    let gap = record.gap(record.iam_users.gap.unwrap()).unwrap();
    assert_eq!(gap.reason, GapReason::ExpiredCredentials);
    assert_eq!(
        stage.asked(MEMBER, "ListUsers"),
        2,
        "renewed once, and no more"
    );
    assert!(record.root_user.password.known().is_some());
}

#[tokio::test]
async fn a_root_users_session_is_renewed_once() {
    for times in [Some(1), None] {
        let mut world = organization("[account.root]\npassword = {}\nsigning-certificates = 1");
        let organization = world.organization.as_mut().unwrap();
        organization.trusted_services = vec!["iam.amazonaws.com".to_owned()];
        organization.features = vec!["RootCredentialsManagement".to_owned()];
        let fault = expired("iam:ListSigningCertificates", times);
        let stage = Stage::with(world, vec![fault]).await;
        let records = stage.audit(|it| it.root_access = RootAccess::Always).await;
        let record = records
            .iter()
            .find(|it| it.account.id.as_str() == MEMBER)
            .unwrap();
        let certificate = &record.root_user.signing_certificate;
        assert_eq!(
            certificate.known(),
            Some(&model::Presence::Present),
            "the summary tells it too"
        );
        assert_eq!(stage.asked(MEMBER, "ListSigningCertificates"), 2);
        assert_eq!(stage.asked(MEMBER, "AssumeRoot"), 2, "{times:?}");
        assert!(record.root_user.mfa_devices.gap.is_none(), "{times:?}");
    }
}
