//! What must hold of every explanation.

use rules::{Criteria, RunContext};

use super::ExplanationDocument;
use crate::{
    Appearance, Colour, Links, Verbosity,
    sample::{self, Sample},
};

const PLAIN: Appearance = Appearance {
    width: 80,
    colour: Colour::Plain,
    links: Links::None,
    verbosity: Verbosity::Everything,
};

fn all(sample: &Sample) -> Vec<ExplanationDocument> {
    let criteria = Criteria::of(&sample.rules);
    let run = RunContext::of(&sample.header);
    let mut documents = Vec::new();
    for (record, findings) in sample.judged() {
        for finding in findings {
            let rule = finding.rule.id;
            let why = rules::explain(record, rule, &finding.subject, &criteria, &run).unwrap();
            documents.push(ExplanationDocument::new(record, &sample.header, &why));
        }
    }
    documents
}

#[test]
fn every_finding_of_every_kind_is_explained() {
    for sample in [sample::mixed(), sample::unseen(), sample::saved_evidence()] {
        for document in all(&sample) {
            let page = document.page(&PLAIN);
            for heading in [
                "WHY",
                "DECIDED BY",
                "EVIDENCE FOR",
                "OTHER TOOLS",
                "HOW TO FIX ",
            ] {
                assert!(page.contains(&format!("\n{heading}")), "{heading}\n{page}");
            }
            let is_missing = document.status == "indeterminate";
            assert_eq!(page.contains("WHAT IS MISSING"), is_missing, "{page}");
            // Commands and ARNs are not broken.
            let breaks = |line: &&str| line.chars().count() > 80 && line.trim().contains(' ');
            let long: Vec<_> = page.lines().filter(breaks).collect();
            assert!(
                long.iter()
                    .all(|it| it.trim_start().starts_with("mfaudit ") || it.contains("aws ")),
                "{long:?}"
            );
        }
    }
}

#[test]
fn hostile_names_stay_text() {
    let documents = all(&sample::hostile());
    assert!(!documents.is_empty());
    for document in documents {
        let page = document.page(&PLAIN);
        let json = document.json().unwrap();
        for text in [&page, &json] {
            let obeyed = |it: char| {
                it != '\n' && (it.is_control() || ('\u{202a}'..='\u{202e}').contains(&it))
            };
            assert!(!text.contains(obeyed), "{text:?}");
        }
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(read["principal_arn"], *document.principal_arn);
    }
}

#[test]
fn headings_are_bold_only_where_colours_are_wanted() {
    let document = all(&sample::standalone()).remove(0);
    let colour = Appearance {
        colour: Colour::Ansi,
        ..PLAIN
    };
    assert!(document.page(&colour).contains("\u{1b}[1mWHY\u{1b}[0m"));
    assert!(!document.page(&PLAIN).contains('\u{1b}'));
}
