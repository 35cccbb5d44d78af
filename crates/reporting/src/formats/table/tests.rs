//! The table, as people read it.

use model::snapshot::AccountList;

use crate::{
    Appearance, Colour, Links, Verbosity,
    formats::tests::{named, written},
    sample::{self, Sample},
};

fn table(sample: &Sample, width: usize, verbosity: Verbosity) -> String {
    let look = Appearance {
        width,
        colour: Colour::Plain,
        links: Links::None,
        verbosity,
    };
    let text = written(named("table"), sample, &look);
    text.replace(concat!("mfaudit ", env!("CARGO_PKG_VERSION")), "mfaudit X.Y.Z")
}

#[test]
fn every_situation_reads_right() {
    let samples = [
        ("mixed", sample::mixed()),
        ("clean", sample::clean()),
        ("clean_with_gaps", sample::clean_with_gaps()),
        ("unseen", sample::unseen()),
        ("standalone", sample::standalone()),
        ("nothing_in_scope", sample::nothing_in_scope()),
        ("saved_evidence", sample::saved_evidence()),
        ("hostile", sample::hostile()),
        ("large", sample::large()),
        ("waived", sample::waived()),
        ("excused", sample::excused()),
        ("compared", sample::compared()),
    ];
    for (name, sample) in samples {
        for width in [80, 200] {
            let text = table(&sample, width, Verbosity::Summary);
            insta::assert_snapshot!(format!("{name}_{width}"), text);
        }
    }
    let text = table(&sample::mixed(), 100, Verbosity::Everything);
    insta::assert_snapshot!("mixed_everything_100", text);
    let text = table(&sample::framework(), 100, Verbosity::Summary);
    insta::assert_snapshot!("framework_100", text);
    let text = table(&sample::waived(), 100, Verbosity::Everything);
    insta::assert_snapshot!("waived_everything_100", text);
    let text = table(&sample::excused(), 100, Verbosity::Everything);
    insta::assert_snapshot!("excused_everything_100", text);
}

/// Whoever waives everything reads that nothing was seen before he reads that the gate is open.
#[test]
fn an_organization_that_is_waived_as_a_whole_never_reads_as_seen() {
    let mut sample = sample::waived();
    sample.records.drain(..2);
    let text = table(&sample, 200, Verbosity::Summary);
    for told in [
        "GAPS   nothing was seen in any of 2 accounts, so no one was judged",
        "WAIVED 2 accounts not fully seen in OU Sandbox are waived until 2026-12-31",
        "EXIT   0: no failure of severity high or worse; nothing was fully seen, and all of it is waived",
    ] {
        assert!(text.contains(told), "{told}\n{text}");
    }
    assert!(!text.contains("PASS"), "{text}");
}

#[test]
fn a_list_of_accounts_that_was_cut_is_no_pass() {
    for (mut sample, label) in [(sample::clean(), "GAPS"), (sample::nothing_in_scope(), "NONE")] {
        sample.header.account_list = AccountList::Cut("throttled: ListAccounts".to_owned());
        let text = table(&sample, 200, Verbosity::Summary);
        assert!(text.contains("the list of accounts was not read to its end (throttled: ListAccounts)"), "{text}");
        assert!(text.contains(label) && text.contains("EXIT   4: the list of accounts"), "{text}");
        assert!(!text.contains("PASS"), "{text}");
    }
}
