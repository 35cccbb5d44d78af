//! Files that are derived from code are committed, and equal to what the code says.
//!
//! Run with `BLESS=1` to rewrite them.

use std::{collections::BTreeSet, env, fs, path::Path};

use crate::harness::{Run, mfaudit, root};

fn assert_derived(path: &str, actual: &str) {
    let path = root().join(path);
    if env::var_os("BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, actual).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == actual,
        "{} is not what the code says: run the tests with BLESS=1",
        path.display()
    );
}

fn page(name: &str) -> String {
    let run = Run::of(mfaudit(&["docs", name]).output().unwrap());
    assert_eq!(run.status, 0, "{}", run.stderr);
    run.stdout
}

#[test]
fn the_documentation_says_what_the_code_says() {
    for name in page("pages").lines() {
        assert_derived(&format!("docs/{name}"), &page(name));
    }
}

#[test]
fn no_page_is_left_of_a_rule_that_is_gone() {
    let expected: BTreeSet<_> = page("pages")
        .lines()
        .filter_map(|it| it.strip_prefix("rules/").map(str::to_owned))
        .collect();
    let files = fs::read_dir(root().join("docs/rules")).unwrap();
    let actual: BTreeSet<_> = files
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(actual, expected);
}

#[test]
fn the_samples_are_the_demo_s_reports() {
    let folder = tempfile::tempdir().unwrap();
    let formats = "table,csv,json,ndjson,coverage,markdown,prometheus,html,sarif,junit,ocsf,asff";
    let path = folder.path().to_str().unwrap();
    let args = ["demo", "--output-dir", path, "--formats", formats];
    let run = Run::of(mfaudit(&args).output().unwrap());
    assert_eq!(run.status, 0, "{}", run.stderr);
    let files: Vec<_> = fs::read_dir(path)
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    assert_eq!(files.len(), formats.split(',').count());
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap();
        let text = fs::read_to_string(&file).unwrap();
        assert_derived(&format!("reports/sample/{name}"), &text);
    }
}

/// The README's sample is the demo's table, so that it cannot rot.
#[test]
fn the_readme_shows_the_demo_s_table() {
    const BEGIN: &str = "```text\n";
    let run = Run::of(mfaudit(&["demo"]).output().unwrap());
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let (before, rest) = readme.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once("```").unwrap();
    assert_derived(
        "README.md",
        &format!("{before}{BEGIN}{}```{after}", run.stdout),
    );
}

/// Every relative link of every page leads to a file.
#[test]
fn links_lead_somewhere() {
    let mut pages = Vec::new();
    for folder in [".", "docs", "docs/rules", "reports"] {
        let entries = fs::read_dir(root().join(folder)).unwrap();
        let paths = entries.map(|it| it.unwrap().path());
        pages.extend(paths.filter(|it| it.extension().is_some_and(|it| it == "md")));
    }
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        for link in text
            .split("](")
            .skip(1)
            .filter_map(|it| it.split(')').next())
        {
            let target = link.split('#').next().unwrap();
            if !target.is_empty() && !target.contains("://") {
                assert!(leads(&page, target), "{}: {link}", page.display());
            }
        }
    }
}

fn leads(page: &Path, target: &str) -> bool {
    page.parent().unwrap().join(target).exists()
}
