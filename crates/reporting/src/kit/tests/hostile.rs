//! Text that others chose is text alone, in pages, commands and the table.

use std::collections::BTreeMap;

use serde_json::json;

use super::{files, page, report, rows, user, with};

#[test]
fn hostile_text_is_text_everywhere() {
    let hostile = [
        "$(reboot)",
        "`id`",
        "a;b'c",
        "=cmd|' /C calc'!A1",
        "@SUM(1)",
        "-rf",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "a|b",
        "a\n```\nrm -rf /\n# x",
        "\u{202e}ana",
    ];
    for text in hostile {
        let told = with(user(&text.replace('\n', " ")), "account_name", json!(text));
        let told = with(with(told, "reason", json!(text)), "owner", json!(text));
        let by = json!({ "owner": text, "reason": text, "expires": text });
        let waived = with(with(user("other"), "waiver", by), "owner", json!(text));
        for (path, page) in files(&report(&[told, waived])) {
            if path != "mail-merge.csv" {
                check_page(&page, text);
            }
            if path == "mail-merge.csv" {
                for cell in rows(&page).iter().flat_map(BTreeMap::values) {
                    let starts = |it: &[char]| cell.starts_with(it);
                    assert!(!starts(&['=', '+', '-', '@', '\t', '\r']), "{cell:?}");
                }
            }
        }
    }
}

/// Outside of code, nothing stands that Markdown makes something of; in it, every name is quoted.
fn check_page(page: &str, text: &str) {
    let mut fenced = None;
    for line in page.lines() {
        if line.starts_with("```") {
            fenced = if fenced.is_some() { None } else { Some(()) };
            continue;
        }
        if fenced.is_some() {
            assert!(!line.contains("$(") || line.contains("'$("), "{line}");
            assert!(!line.starts_with("rm -rf"), "{line}");
            assert!(!line.contains("--user-name -"), "{line}");
        } else {
            assert!(
                !line.contains("<img") && !line.contains("](javascript"),
                "{line}"
            );
            assert!(!line.starts_with("# x"), "{line}");
        }
        assert!(!line.contains('\u{202e}'), "{line}");
    }
    assert!(fenced.is_none(), "a block is open: {text}");
}

#[test]
fn a_name_that_cannot_be_pasted_has_no_command() {
    let page = page(&[user("a\u{202e}b")]);
    assert!(page.contains("No command is given"), "{page}");
    assert!(!page.contains("```"), "{page}");
}
