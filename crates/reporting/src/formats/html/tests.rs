//! What must hold of the page beside what holds of every format.

use std::collections::BTreeSet;

use super::{FORMAT, SCRIPT, STYLE, policy, text};
use crate::{
    Appearance, Colour, Links, Verbosity,
    formats::tests::{named, written},
    sample::{self, Sample},
};

const LOOK: Appearance = Appearance {
    width: 80,
    colour: Colour::Plain,
    links: Links::None,
    verbosity: Verbosity::Summary,
};

fn page(sample: &Sample) -> String {
    written(&FORMAT, sample, &LOOK)
}

fn data(page: &str) -> serde_json::Value {
    let (_, rest) = page.split_once("id=\"data\">").unwrap();
    let (data, _) = rest.split_once("</script>").unwrap();
    serde_json::from_str(data).unwrap()
}

type Told = BTreeSet<(String, String, String, String, String)>;

/// Reads findings back from columns, as a program would that knows them.
fn told_by_page(page: &str) -> Told {
    let data = data(page);
    let text = |it: &serde_json::Value| it.as_str().unwrap().to_owned();
    let mut told = Told::new();
    for part in data["findings"].as_array().unwrap() {
        let cell = |column: &str, row: usize| {
            let same_in_all = &part[column];
            let of_row = same_in_all.get(row).unwrap_or(same_in_all);
            of_row.as_i64().unwrap()
        };
        let at = |column: &str, row| usize::try_from(cell(column, row)).unwrap();
        for row in 0..usize::try_from(part["count"].as_u64().unwrap()).unwrap() {
            told.insert((
                text(&data["rules"][at("rule", row)]["id"]),
                text(&part["texts"][at("account", row)]),
                text(&part["texts"][at("arn", row)]),
                text(&data["statuses"][at("status", row)]),
                format!(
                    "{} {}",
                    cell("waiver", row) >= 0,
                    part["ids"].as_str().unwrap().get(row * 16..row * 16 + 16).unwrap()
                ),
            ));
        }
    }
    told
}

fn told_by_json(sample: &Sample) -> Told {
    let json: serde_json::Value = serde_json::from_str(&written(named("json"), sample, &LOOK)).unwrap();
    let findings = json["findings"].as_array().unwrap().iter();
    let text = |it: &serde_json::Value, key: &str| it[key].as_str().unwrap().to_owned();
    let told = findings.map(|it| {
        (
            text(it, "rule"),
            text(it, "account_id"),
            text(it, "principal_arn"),
            text(it, "status"),
            format!("{} {}", !it["waiver"].is_null(), text(it, "id")),
        )
    });
    told.collect()
}

#[test]
fn the_page_s_data_tell_what_json_tells() {
    for sample in [
        sample::mixed(),
        sample::hostile(),
        sample::excused(),
        sample::compared(),
        sample::large(),
        sample::unseen(),
        sample::nothing_in_scope(),
    ] {
        assert_eq!(told_by_page(&page(&sample)), told_by_json(&sample));
    }
}

#[test]
fn every_account_is_told_those_that_were_skipped_too() {
    let sample = sample::mixed();
    let data = data(&page(&sample));
    let told: Vec<_> = data["accounts"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    let expected: Vec<_> = sample.records.iter().map(|it| it.account.id.as_str()).collect();
    assert_eq!(told, expected);
}

#[test]
fn names_are_never_markup() {
    let page = page(&sample::hostile());
    assert!(!page.contains("<script>alert"));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert_eq!(page.matches("<script").count(), 2, "the data and the script");
    assert_eq!(page.matches("</script").count(), 2);
    let names = sample::HOSTILE.map(str::to_owned);
    let data = data(&page);
    let told = data["accounts"].as_array().unwrap().iter();
    let told: Vec<_> = told.map(|it| it["name"].as_str().unwrap().to_owned()).collect();
    assert_eq!(told, names);
}

#[test]
fn the_page_asks_nobody_for_anything() {
    let page = page(&sample::mixed());
    let policy = text::escaped(&policy::policy(STYLE, SCRIPT)).replace("&#39;", "'");
    assert!(page.contains("http-equiv=\"Content-Security-Policy\""));
    assert!(page.replace("&#39;", "'").contains(&policy));
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"));
    for word in [" src=", "url(", "@import", "fetch(", "XMLHttpRequest", " style=\"", "innerHTML", "insertAdjacentHTML", "onclick=\""] {
        assert!(!page.contains(word), "{word}");
    }
}

#[test]
fn without_scripts_the_first_findings_are_told_and_how_many_there_are() {
    let page = page(&sample::large());
    let (_, plain) = page.split_once("<div id=\"plain\">").unwrap();
    let (plain, _) = plain.split_once("</div>\n</section>").unwrap();
    let findings: usize = sample::large().judged().iter().map(|(_, it)| it.len()).sum();
    assert!(findings > 500);
    assert_eq!(plain.matches("<tr>").count(), 1 + 500);
    assert!(plain.contains(&format!("The first 500 of {findings} findings")));
    let failures = plain.matches("<span class=\"tag fail\">").count();
    let (first, _) = plain.split_once("tag pass").unwrap();
    assert_eq!(first.matches("<span class=\"tag fail\">").count(), failures, "failures stand first");
}

#[test]
fn a_unit_s_bar_tells_accounts_that_fail_that_were_not_seen_and_that_pass() {
    let page = page(&sample::mixed());
    let (_, units) = page.split_once("<ul class=\"bars\">").unwrap();
    let (units, _) = units.split_once("</ul>").unwrap();
    assert!(units.contains("href=\"#ou=Quarantine\""), "{units}");
    assert!(units.contains("not seen"), "{units}");
}

#[test]
fn every_line_of_what_to_do_first_has_a_command_and_its_findings() {
    let page = page(&sample::mixed());
    let (_, steps) = page.split_once("<ol class=\"steps\">").unwrap();
    let (steps, _) = steps.split_once("</ol>").unwrap();
    assert!(steps.contains("href=\"#status=fail&amp;rule=root-user-mfa&amp;waiver=held\""));
    assert!(steps.contains("<code class=\"command\">mfaudit remediate run.mfaudit"));
    assert!(steps.contains("#status=indeterminate&amp;cause=0\""));
}

/// The pages that tests in a browser look at, in the folder that `MFAUDIT_PAGES` names.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a test in a browser reads files; nothing is written unless it asks"
)]
fn pages_for_the_browser_are_written_where_it_asks() {
    let Some(folder) = std::env::var_os("MFAUDIT_PAGES") else { return };
    let folder = std::path::PathBuf::from(folder);
    for (name, sample) in [
        ("mixed", sample::mixed()),
        ("hostile", sample::hostile()),
        ("excused", sample::excused()),
        ("compared", sample::compared()),
        ("framework", sample::framework()),
        ("clean", sample::clean()),
        ("unseen", sample::unseen()),
        ("empty", sample::nothing_in_scope()),
        ("large", sample::large()),
        ("over-time", sample::over_time()),
        ("vast", sample::vast(100_000)),
    ] {
        std::fs::write(folder.join(format!("{name}.html")), page(&sample)).unwrap();
    }
}
