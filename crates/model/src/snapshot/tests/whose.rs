//! Whose a run is.

use super::{
    super::{Header, Whose},
    sample::{header, record},
};

#[test]
fn a_run_is_its_organization_s_or_its_only_account_s() {
    // The caller's account is not the one that is audited.
    let alone = Header {
        organization: None,
        ..header()
    };
    let whose = |header: &Header, accounts: &[u64]| {
        let mut whose = Whose::of(header);
        for number in accounts {
            whose.add(&record(*number));
        }
        whose.get().map(str::to_owned)
    };
    assert_eq!(whose(&header(), &[]).as_deref(), Some("o-a1b2c3d4e5"));
    assert_eq!(whose(&header(), &[1, 2]).as_deref(), Some("o-a1b2c3d4e5"));
    assert_eq!(whose(&alone, &[3]).as_deref(), Some("100000000003"));
    assert_eq!(whose(&alone, &[3, 4]), None);
    assert_eq!(whose(&alone, &[]), None);
}
