use crate::{
    Appearance, Colour, Links, Verbosity,
    formats::tests::{named, written},
    sample::{self, Sample},
};

fn page(sample: &Sample) -> String {
    let look = Appearance {
        width: 80,
        colour: Colour::Plain,
        links: Links::None,
        verbosity: Verbosity::Summary,
    };
    written(named("markdown"), sample, &look)
}

#[test]
fn the_page_tells_who_fails_what_was_not_seen_and_what_was_not_judged() {
    let page = page(&sample::mixed());
    for part in [
        "can sign in without MFA",
        "### Do first",
        "### Failures",
        "### Not seen",
        "### Not judged",
        "| critical | [root-user-mfa] | root | retail-legacy 100000000002 |",
        "\n[root-user-mfa]: https://github.com/mfaudit/mfaudit/blob/main/docs/rules/root-user-mfa.md\n",
        "| entry-denied | management account management 100000000001 | 1 |",
    ] {
        assert!(page.contains(part), "{part}:\n{page}");
    }
}

#[test]
fn nothing_that_others_named_is_more_than_text() {
    let page = page(&sample::hostile());
    for part in ["<script", "@SUM", "::error", "`cmd"] {
        assert!(!page.contains(part), "{part}");
    }
    for line in page.lines() {
        let start = line.trim_start();
        assert!(!start.starts_with("::") && !line.contains("##["), "{line}");
        let shape = line.replace("\\|", "");
        if shape.starts_with("| ") && shape.contains("[root-user-mfa]") {
            assert!([6, 8].contains(&shape.matches('|').count()), "{line}");
        }
    }
}

#[test]
fn a_page_of_which_nothing_was_seen_reads_like_none_that_passes() {
    let page = page(&sample::unseen());
    assert!(page.contains("nothing was seen"), "{page}");
    assert!(!page.contains("**PASS**"), "{page}");
}

#[test]
fn a_page_is_cut_below_900_kib_and_says_so() {
    let mut sample = sample::mixed();
    let users: Vec<_> = sample.records[1].iam_users.items.clone();
    let template = users[0].clone();
    sample.records[1].iam_users.items = (0..6000)
        .map(|it| {
            let mut user = template.clone();
            user.name = format!("{}-{it:05}", "n".repeat(58)).into();
            user.arn = format!("arn:aws:iam::100000000002:user/{}", user.name).parse().unwrap();
            user
        })
        .collect();
    let page = page(&sample);
    assert!(page.len() < 900 * 1024, "{}", page.len());
    assert!(page.len() > 890 * 1024, "{}", page.len());
    assert!(page.contains("**This list is cut: "), "{}", page.len());
    let rows = page.lines().filter(|it| it.starts_with("| high ") || it.starts_with("| critical ")).count();
    let cut = page.lines().find(|it| it.contains("This list is cut")).unwrap();
    let cut: usize = cut.split_whitespace().find_map(|it| it.parse().ok()).unwrap();
    let failing: usize = sample
        .judged()
        .iter()
        .flat_map(|(_, it)| it)
        .filter(|it| it.status == rules::Status::Fail)
        .count();
    assert_eq!(rows + cut, failing);
    assert!(page.contains("### Not judged"), "what stands below is whole");
}
