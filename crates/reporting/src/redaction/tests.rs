//! What must hold of pseudonyms, and of everything that is made of a redacted run.

use std::collections::BTreeSet;

use model::{AccountId, Arn};
use proptest::prelude::*;
use rules::{Gate, Severity, Strictness, WaiverUses};

use super::{Redaction, RedactionKey, Redactor, Told, vocabulary::WORDS};
use crate::{
    Accounts, Appearance, Colour, FORMATS, Format, Links, Outcome, Owners, Placement, Row, Tally,
    Verbosity,
    formats::tests::paper::Paper,
    sample::{self, Sample},
};

fn redactor(what: Redaction) -> Redactor {
    Redactor::new(RedactionKey::new(&[7; 32]), what)
}

/// Writes a sample as a run does, redacted.
fn written(format: &Format, sample: &Sample, redactor: &Redactor, owners: &Owners) -> String {
    let criteria = sample.criteria();
    let told = Told::new(
        Some(redactor),
        &sample.header,
        &criteria,
        owners.clone(),
        &sample.waivers,
    );
    let waivers = told.coverage_waivers.clone();
    let mut tally = Tally::new(&told.header, &told.criteria.rules, waivers)
        .with_frameworks(&told.criteria)
        .compared(told.criteria.baseline.as_ref())
        .with_owners(told.owners.clone());
    let day = sample.header.collected_at.and_then(model::Date::of);
    let mut uses = WaiverUses::new(criteria.waivers.clone(), &criteria.rules, day);
    let judged: Vec<_> = sample.judged();
    let judged: Vec<_> = (judged.iter())
        .map(|(record, findings)| {
            let of_record = told.record(record);
            uses.count(&record.account, findings);
            let findings = told.findings(&of_record, findings);
            tally.add(&of_record, &findings);
            (of_record, findings)
        })
        .collect();
    let gate = Gate {
        fail_on: Severity::High,
        min_coverage: 10_000,
        strictness: Strictness::Visible,
    };
    let tally = tally.with_waiver_uses(uses.told_as(&told.criteria.waivers));
    let decision = gate.decide(tally.totals());
    let summary = tally.finish(Outcome {
        exit_code: 0,
        decision,
        fail_on: gate.fail_on,
        min_coverage: gate.min_coverage,
        listed: Vec::new(),
        remark: None,
    });
    let paper = Paper::endless();
    let look = Appearance {
        width: 100,
        colour: Colour::Plain,
        links: Links::None,
        verbosity: Verbosity::Everything,
    };
    let mut sink = (format.open)(Box::new(paper.clone()), &look);
    if format.summary == Placement::Above {
        sink.summary(&summary).unwrap();
    }
    if format.accounts == Accounts::Told {
        for (record, _) in &judged {
            sink.account(&summary.ledger(record)).unwrap();
        }
    }
    for (record, findings) in &judged {
        for finding in findings.iter() {
            let row = Row::new(record, finding, sample.header.collected_at)
                .owned_by(told.owners.of(record, &finding.subject))
                .with_waivers(&told.criteria.waivers);
            sink.finding(&row).unwrap();
        }
    }
    if format.summary == Placement::Below {
        sink.summary(&summary).unwrap();
    }
    sink.end().unwrap();
    // Bytes, since a format need not be text.
    String::from_utf8_lossy(&paper.text.take()).into_owned()
}

/// Returns what names somebody or something in a sample, by what hides it.
fn canaries(sample: &Sample) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut names, mut ids) = (BTreeSet::new(), BTreeSet::new());
    for record in &sample.records {
        let account = &record.account;
        names.insert(account.name.clone());
        ids.insert(account.id.as_str().to_owned());
        ids.extend(account.ou_path.split('/').map(str::to_owned));
        names.extend(record.iam_users.items.iter().map(|it| it.name.to_string()));
    }
    ids.extend(sample.header.organization.iter().map(|it| it.id.clone()));
    let waivers = sample.waivers.iter();
    names.extend(waivers.flat_map(|it| [it.owner.clone(), it.reason.clone()]));
    let waivers = sample.finding_waivers.list.iter();
    names.extend(waivers.flat_map(|it| [it.owner.clone(), it.reason.clone()]));
    // A word of our own messages, or a short one, is found everywhere.
    let is_rare = |it: &String| it.len() > 4 && WORDS.binary_search(&it.as_str()).is_err();
    let rare = |all: BTreeSet<String>| all.into_iter().filter(is_rare).collect();
    (rare(names), rare(ids))
}

/// Not the adversary's, which gives units, owners and rules the same names.
fn samples() -> [Sample; 6] {
    [
        sample::mixed(),
        sample::compared(),
        sample::waived(),
        sample::excused(),
        sample::saved_evidence(),
        sample::standalone(),
    ]
}

#[test]
fn no_name_and_no_identifier_is_in_any_format_of_a_redacted_report() {
    for sample in samples() {
        let (names, ids) = canaries(&sample);
        for what in Redaction::ALL {
            for format in FORMATS {
                let text = written(format, &sample, &redactor(what), &Owners::default());
                let hidden = [(&names, what.hides_names()), (&ids, what.hides_accounts())];
                for canary in hidden.iter().filter(|(_, it)| *it).flat_map(|(it, _)| *it) {
                    let told = text.lines().find(|it| it.contains(canary.as_str()));
                    let name = format.name;
                    assert!(told.is_none(), "{canary} in {name}, {what:?}: {told:?}");
                }
            }
        }
    }
}

#[test]
fn the_canaries_are_in_a_report_that_is_not_redacted() {
    let sample = sample::mixed();
    let (names, ids) = canaries(&sample);
    assert!(!names.is_empty() && !ids.is_empty());
    let json = FORMATS.iter().find(|it| it.name == "json").unwrap();
    let hides_ids = written(
        json,
        &sample,
        &redactor(Redaction::Accounts),
        &Owners::default(),
    );
    assert!(names.iter().any(|it| hides_ids.contains(it.as_str())));
    let hides_names = written(
        json,
        &sample,
        &redactor(Redaction::Names),
        &Owners::default(),
    );
    assert!(ids.iter().any(|it| hides_names.contains(it.as_str())));
}

#[test]
fn owners_are_found_by_who_they_own_and_told_under_a_pseudonym() {
    let sample = sample::mixed();
    let record = &sample.records[1];
    let mut owners = Owners::default();
    owners.of_unit("Workloads", "canary-platform");
    owners.of_principal(record.iam_users.items[0].arn.as_str(), "canary-ana");
    let redactor = redactor(Redaction::All);
    let csv = FORMATS.iter().find(|it| it.name == "csv").unwrap();
    let text = written(csv, &sample, &redactor, &owners);
    assert!(!text.contains("canary"), "{text}");
    for owner in ["canary-platform", "canary-ana"] {
        assert!(text.contains(&redactor.name(owner)), "{owner}: {text}");
    }
}

#[test]
fn verdicts_are_those_of_the_run() {
    for sample in samples().into_iter().chain([sample::hostile()]) {
        let criteria = sample.criteria();
        let redactor = redactor(Redaction::All);
        let told = Told::new(
            Some(&redactor),
            &sample.header,
            &criteria,
            Owners::default(),
            &[],
        );
        for (record, findings) in sample.judged() {
            let of_record = told.record(record);
            let hidden = told.findings(&of_record, &findings);
            let mut expected: Vec<_> = (findings.iter())
                .map(|it| {
                    let arn = redactor.arn(&it.subject.arn);
                    (it.rule.id, arn, it.status, it.waiver, it.change, it.gap)
                })
                .collect();
            let mut actual: Vec<_> = (hidden.iter())
                .map(|it| {
                    let arn = it.subject.arn.clone();
                    (it.rule.id, arn, it.status, it.waiver, it.change, it.gap)
                })
                .collect();
            let order = |a: &(&str, Arn, _, _, _, _), b: &(&str, Arn, _, _, _, _)| {
                (a.0, &a.1).cmp(&(b.0, &b.1))
            };
            expected.sort_by(order);
            actual.sort_by(order);
            assert_eq!(actual, expected);
        }
    }
}

#[test]
fn users_stand_in_the_order_of_their_pseudonyms() {
    let sample = sample::mixed();
    let redactor = redactor(Redaction::Names);
    for record in &sample.records {
        let told = redactor.record(record);
        let names: Vec<_> = told.iam_users.items.iter().map(|it| &it.name).collect();
        assert!(names.is_sorted(), "{names:?}");
    }
}

#[test]
fn the_words_are_in_order_and_no_message_of_aws_loses_more_than_names() {
    assert!(WORDS.is_sorted());
    let redactor = redactor(Redaction::All);
    let told = redactor.message(
        "User: arn:aws:sts::111122223333:assumed-role/mfaudit-audit/canary is not authorized to perform: iam:ListUsers on \
         resource: * with an explicit deny in a service control policy: arn:aws:organizations::111122223333:policy/o-ab12cd34ef/service_control_policy/p-canary1",
    );
    let account = redactor.account(&"111122223333".parse().unwrap());
    let name = |it| redactor.name(it);
    assert_eq!(
        told,
        format!(
            "User: arn:aws:sts::{account}:assumed-role/{}/{} is not authorized to perform: iam:ListUsers on \
             resource: * with an explicit deny in a service control policy: \
             arn:aws:organizations::{account}:policy/{}/service_control_policy/{}",
            name("mfaudit-audit"),
            name("canary"),
            redactor.organization("o-ab12cd34ef"),
            name("p-canary1"),
        )
    );
    let told = redactor.message("The user with name ana.smith@example.com cannot be found.");
    let ana = redactor.name("ana.smith@example.com");
    assert_eq!(told, format!("The user with name {ana} cannot be found."));
}

#[test]
fn a_pseudonym_is_the_key_s_and_names_are_the_same_in_any_case() {
    let one = redactor(Redaction::All);
    let other = Redactor::new(RedactionKey::new(&[8; 32]), Redaction::All);
    let account: AccountId = "111122223333".parse().unwrap();
    assert_eq!(one.name("Ana"), one.name("ana"));
    assert_ne!(one.name("ana"), one.name("anb"));
    assert_ne!(one.name("ana"), other.name("ana"));
    assert_ne!(one.account(&account), other.account(&account));
    assert_eq!(format!("{one:?}").matches('7').count(), 0);
}

#[test]
fn what_is_aws_s_own_is_kept_and_what_kind_a_device_is_too() {
    let redactor = redactor(Redaction::All);
    for text in [
        "arn:aws:iam::aws:policy/AdministratorAccess",
        "arn:aws-cn:iam::aws:policy/job-function/ViewOnlyAccess",
    ] {
        assert_eq!(redactor.arn_text(text), text);
    }
    for serial in [
        "arn:aws:iam::111122223333:mfa/canary",
        "arn:aws:iam::111122223333:mfa/root-account-mfa-device",
        "arn:aws:iam::111122223333:u2f/user/canary/key-CANARY",
        "GAHT12345678",
    ] {
        let hidden = redactor.serial_number(serial);
        assert!(!hidden.to_ascii_lowercase().contains("canary"), "{hidden}");
        let kind = model::MfaDeviceKind::of(serial);
        assert_eq!(model::MfaDeviceKind::of(&hidden), kind, "{hidden}");
    }
}

proptest! {
    #[test]
    fn no_two_accounts_share_a_pseudonym(a in 0_u64..1_000_000_000_000, b in 0_u64..1_000_000_000_000) {
        let key = RedactionKey::new(&[7; 32]);
        prop_assert!(key.permuted(a) < 1_000_000_000_000);
        prop_assert_eq!(key.permuted(a) == key.permuted(b), a == b);
    }

    #[test]
    fn no_text_of_names_survives(name in "[a-z]{6,12}x[0-9]", before in "[ :'(\"]{1,2}", after in "[ :'.)\"]{1,2}") {
        let text = format!("the user{before}{name}{after}is denied");
        let told = redactor(Redaction::Names).message(&text);
        prop_assert!(!told.contains(&name), "{}", told);
    }

    #[test]
    fn an_arn_stays_one_and_loses_its_names(path in "(/canary[a-z]{0,3}){0,3}", name in "canary[a-zA-Z0-9+=,.@_-]{0,9}") {
        let arn: Arn = format!("arn:aws:iam::111122223333:user{path}/{name}").parse().unwrap();
        let hidden = redactor(Redaction::All).arn(&arn);
        prop_assert!(!hidden.as_str().contains("canary") && !hidden.as_str().contains("111122223333"));
        prop_assert_eq!(hidden.resource().split('/').count(), arn.resource().split('/').count());
        prop_assert!(hidden.resource().starts_with("user/"));
    }
}
