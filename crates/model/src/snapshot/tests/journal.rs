//! What must hold of every journal, whole or cut.

use std::io::Cursor;

use proptest::prelude::*;

use super::{
    super::{
        AccountList, Discovered, FORMAT_VERSION, IdentityCenter, Journal, JournalFile,
        RecordSource, SnapshotError,
    },
    sample::{account, bytes, header, id, record, records, records_of},
};
use crate::{Account, Dataset, Fact, Gap, GapReason, Record};

fn journal(announced: &[Account], records: &[&Record]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut journal = Journal::new(&mut out, &header()).unwrap();
    for account in announced {
        journal.announce(account).unwrap();
    }
    for record in records {
        journal.append(record).unwrap();
    }
    journal.discovered(&discovered()).unwrap();
    out
}

/// What leaves the header as it was.
fn discovered() -> Discovered {
    Discovered {
        identity_center: header().identity_center,
        service_control_policies: Vec::new(),
        ..Discovered::default()
    }
}

fn open(file: &[u8]) -> Result<JournalFile<Cursor<&[u8]>>, SnapshotError> {
    JournalFile::open(Cursor::new(file))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_journal_in_any_order_makes_the_same_snapshot(
        (records, shuffled) in records().prop_flat_map(|it| {
            let order: Vec<usize> = (0..it.len()).collect();
            (Just(it), Just(order).prop_shuffle())
        })
    ) {
        let announced: Vec<_> = records.iter().map(|it| it.account.clone()).collect();
        let shuffled: Vec<_> = shuffled.into_iter().map(|it| &records[it]).collect();
        let file = journal(&announced, &shuffled);
        let mut opened = open(&file).unwrap();
        prop_assert_eq!(opened.header(), &header());
        let read = records_of(&mut opened).unwrap();
        prop_assert_eq!(&read, &records);
        prop_assert_eq!(bytes(&read), bytes(&records));
    }
}

#[test]
fn a_journal_cut_anywhere_keeps_its_whole_lines() {
    let records = [record(1), record(2), record(3)];
    let announced: Vec<_> = records.iter().map(|it| it.account.clone()).collect();
    let file = journal(&announced, &records.iter().collect::<Vec<_>>());
    let first_line = file.iter().position(|it| *it == b'\n').unwrap() + 1;
    for cut in first_line..=file.len() {
        let whole = file[..cut].split(|it| *it == b'\n').count() - 2;
        let (accounts, recorded) = (whole.min(3), whole.saturating_sub(3).min(3));
        let mut opened = open(&file[..cut]).unwrap();
        assert_eq!(opened.progress(), (recorded, accounts), "cut at {cut}");
        assert_eq!(
            opened.header().account_list.is_whole(),
            cut == file.len(),
            "cut at {cut}"
        );
        let lines = file[..cut].iter().rposition(|it| *it == b'\n').unwrap() + 1;
        assert_eq!(opened.whole_length(), lines as u64, "cut at {cut}");
        let read = records_of(&mut opened).unwrap();
        assert_eq!(read.len(), accounts, "cut at {cut}");
        assert_eq!(read[..recorded], records[..recorded], "cut at {cut}");
        for left in &read[recorded..] {
            assert!(left.iam_users.gap.is_some(), "cut at {cut}");
        }
    }
    for cut in 0..first_line - 1 {
        assert!(open(&file[..cut]).is_err(), "cut at {cut}");
    }
}

#[test]
fn an_account_without_a_record_is_all_gaps_of_an_interrupted_run() {
    let left = account(2, "left");
    let file = journal(&[account(1, "done"), left.clone()], &[&record(1)]);
    let mut opened = open(&file).unwrap();
    assert!(opened.has_record(&id(1)) && !opened.has_record(&id(2)) && !opened.has_record(&id(3)));
    let read = records_of(&mut opened).unwrap();
    let left_out = &read[1];
    assert_eq!(left_out.account, left);
    assert!(left_out.is_consistent());
    assert!(left_out.observations.is_empty() && left_out.iam_users.items.is_empty());
    assert!(matches!(left_out.root_user.mfa, Fact::Unknown(_)));
    for dataset in Dataset::ALL
        .iter()
        .filter(|it| **it != Dataset::IdentityCenter)
    {
        let gaps = left_out.gaps.iter();
        assert!(
            gaps.clone().all(|it| it.reason == GapReason::Interrupted),
            "{dataset}"
        );
        assert_eq!(
            crate::cell(left_out, *dataset),
            crate::Cell::NotSeen,
            "{dataset}"
        );
    }
}

#[test]
fn a_record_counts_wherever_its_announcement_stands() {
    let record = record(1);
    let announcement = journal(std::slice::from_ref(&record.account), &[]);
    let first_line = announcement.iter().position(|it| *it == b'\n').unwrap() + 1;
    let late = [
        journal(&[], &[&record]),
        announcement[first_line..].to_vec(),
    ]
    .concat();
    assert_eq!(records_of(&mut open(&late).unwrap()).unwrap(), [record]);
}

#[test]
fn a_journal_that_was_cut_goes_on_behind_its_last_whole_line() {
    let records = [record(1), record(2)];
    let announced: Vec<_> = records.iter().map(|it| it.account.clone()).collect();
    let whole = journal(&announced, &records.iter().collect::<Vec<_>>());
    let line_ends: Vec<_> = (0..whole.len()).filter(|it| whole[*it] == b'\n').collect();
    // In the middle of the second record.
    let mut opened = open(&whole[..line_ends[3] + 20]).unwrap();
    assert_eq!(opened.pending().unwrap(), [announced[1].clone()]);
    assert!(opened.is_announced(&id(2)) && !opened.is_announced(&id(3)));
    let length = usize::try_from(opened.whole_length()).unwrap();
    let mut file = whole[..length].to_vec();
    let mut journal = Journal::resume(&mut file, &opened);
    journal.append(&records[1]).unwrap();
    journal.discovered(&discovered()).unwrap();
    let known = JournalFile::written(Cursor::new(&whole[..]), journal);
    assert_eq!(file, whole);
    // What the writer knows is what a reader finds.
    let mut found = open(&whole).unwrap();
    for mut read in [known, open(&whole).unwrap()] {
        assert_eq!(read.header(), found.header());
        assert_eq!(read.whole_length(), found.whole_length());
        assert_eq!(
            records_of(&mut read).unwrap(),
            records_of(&mut found).unwrap()
        );
        found.restart().unwrap();
    }
}

#[test]
fn a_record_that_the_way_to_aws_left_short_is_asked_for_again() {
    let whole = record(1);
    for (reason, again) in [
        (GapReason::Unreachable, true),
        (GapReason::ExpiredCredentials, true),
        (GapReason::Interrupted, true),
        (GapReason::EntryDenied, false),
        (GapReason::AccessDenied, false),
        (GapReason::Throttled, false),
        (GapReason::Deadline, false),
    ] {
        let short = Record::unseen(whole.account.clone(), |it| Gap::new(it, reason));
        let file = journal(&[], &[&short]);
        let pending = open(&file).unwrap().pending().unwrap();
        assert_eq!(!pending.is_empty(), again, "{reason}");
        let file = journal(&[], &[&whole, &short]);
        let mut opened = open(&file).unwrap();
        let kept = if again { &whole } else { &short };
        let read = records_of(&mut opened).unwrap();
        assert_eq!(read, std::slice::from_ref(kept), "{reason}");
    }
}

#[test]
fn paths_of_units_get_their_names_when_the_journal_is_read() {
    let mut out = Vec::new();
    let mut journal = Journal::new(&mut out, &header()).unwrap();
    let mut seen = record(1);
    seen.account.ou_path = "ou-ab12-prodprod/ou-ab12-unseenun".to_owned();
    journal.append(&seen).unwrap();
    journal
        .announce(&Account {
            ou_path: "ou-ab12-prodprod".to_owned(),
            ..account(2, "left")
        })
        .unwrap();
    let units = [("ou-ab12-prodprod".to_owned(), "Prod".to_owned())];
    let discovered = Discovered {
        organization: None,
        units: units.into(),
        account_list: AccountList::Cut("the time allowed ran out".to_owned()),
        identity_center: IdentityCenter::InUse,
        service_control_policies: Vec::new(),
        notes: vec!["one more".to_owned()],
    };
    journal.discovered(&discovered).unwrap();
    let mut opened = open(&out).unwrap();
    let paths: Vec<_> = records_of(&mut opened)
        .unwrap()
        .into_iter()
        .map(|it| it.account.ou_path)
        .collect();
    assert_eq!(paths, ["Prod/ou-ab12-unseenun", "Prod"]);
    assert_eq!(opened.header().account_list, discovered.account_list);
    assert_eq!(opened.header().identity_center, IdentityCenter::InUse);
    assert_eq!(opened.header().notes.last().unwrap(), "one more");
}

#[test]
fn more_accounts_than_a_batch_are_all_read_and_read_again() {
    let records: Vec<_> = (0..50).map(record).collect();
    let file = journal(&[], &records.iter().rev().collect::<Vec<_>>());
    let mut opened = open(&file).unwrap();
    assert_eq!(records_of(&mut opened).unwrap(), records);
    opened.restart().unwrap();
    assert_eq!(records_of(&mut opened).unwrap(), records);
}

#[test]
fn a_journal_of_a_newer_format_is_refused_by_its_number() {
    let newer = FORMAT_VERSION + 1;
    let text = String::from_utf8(journal(&[], &[])).unwrap();
    let text = text.replacen(
        &format!("\"format\":{FORMAT_VERSION}"),
        &format!("\"format\":{newer}"),
        1,
    );
    assert!(matches!(open(text.as_bytes()), Err(SnapshotError::Newer(it)) if it == newer));
    let unheard_of = format!("{{\"header\":{{\"format\":{newer},\"unheard-of\":[]}}}}\n");
    assert!(matches!(open(unheard_of.as_bytes()), Err(SnapshotError::Newer(it)) if it == newer));
}

#[test]
fn a_broken_line_before_the_last_is_refused() {
    let whole = journal(&[], &[&record(1)]);
    for line in ["{\"record\":{}}\n", "{\"footer\":{}}\n", "\n", "nonsense\n"] {
        let file = [&whole[..], line.as_bytes()].concat();
        assert!(open(&file).is_err(), "{line:?}");
    }
    let second_header = [&whole[..], &journal(&[], &[])].concat();
    assert!(matches!(
        open(&second_header),
        Err(SnapshotError::Altered(_))
    ));
}

#[test]
fn what_is_no_journal_is_refused() {
    for text in ["", "\n", "{}\n", "user,arn\n", "{\"index\":[]}\n"] {
        assert!(
            matches!(open(text.as_bytes()), Err(SnapshotError::NotASnapshot)),
            "{text:?}"
        );
    }
}
