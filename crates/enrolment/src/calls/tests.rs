//! What must hold of every call.

use aws::Site;

use super::CALLS;

#[test]
fn every_call_says_what_it_needs_and_what_happens_without() {
    for call in CALLS {
        assert_eq!(call.site, Site::Enrolment, "{}", call.operation);
        assert!(
            !call.without.is_empty() && !call.doc.is_empty(),
            "{}",
            call.operation
        );
        for action in call.actions {
            let expected = format!("{}:{}", call.service, call.operation);
            assert_eq!(*action, expected);
        }
    }
}

#[test]
fn only_these_calls_change_anything() {
    let reads = ["Get", "List", "Simulate"];
    let writes: Vec<_> = CALLS
        .iter()
        .map(|it| it.operation)
        .filter(|it| !reads.iter().any(|begin| it.starts_with(begin)))
        .collect();
    let expected = [
        "CreateVirtualMFADevice",
        "EnableMFADevice",
        "ResyncMFADevice",
        "DeleteVirtualMFADevice",
    ];
    assert_eq!(writes, expected);
}
