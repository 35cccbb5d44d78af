//! Files and folders, and what is refused.

use super::*;

#[test]
fn what_is_no_evidence_is_named_with_what_was_expected() {
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(REPORT.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    for (content, why) in [
        (&b""[..], "the file is empty"),
        (b" \n\t", "the file is empty"),
        (
            b"hello",
            "no credential report: the header has no column `user`",
        ),
        (b"a,b\n1,2\n", "the header has no column `user`"),
        (
            b"user,arn\nalice,x\n",
            "the header has no column `mfa_active`",
        ),
        (b"<ListUsersResponse/>", "no credential report"),
        (b"{}", "the JSON is another answer's"),
        (b"{\"Roles\": []}", "the JSON is another answer's"),
        (b"[]", "the JSON is another answer's"),
        (b"[7]", "the JSON is not as expected"),
        (b"{\"Users\": 7}", "the JSON is not as expected"),
        (b"{\n  \"Users\": [\n    {},\n  ]\n}", "line 4"),
        (b"{\"Content\": \"!!!\"}", "neither CSV nor base64"),
        (b"{\"Content\": \"aGVsbG8=\"}", "no credential report"),
        (
            b"{\"Users\": [{\"Arn\": \"arn:aws:iam::111122223333:user/x\"}]}",
            "has no name",
        ),
        (b"PK\x03\x04\x00\x00", "no credential report"),
        (&utf16, "no credential report"),
    ] {
        let (error, text) = refused(&[("dir/file.x", content)], given(ACCOUNT));
        assert!(matches!(error, EvidenceError::NotEvidence { .. }), "{text}");
        assert!(
            text.starts_with("dir/file.x: ") && text.contains(why),
            "{why}: {text}"
        );
        assert!(text.contains("expected a credential report (CSV"), "{text}");
    }
}

#[test]
fn one_file_that_is_no_evidence_refuses_the_folder() {
    let files: [(&str, &[u8]); 2] = [("a.csv", REPORT.as_bytes()), ("notes.txt", b"call Bob")];
    assert!(
        refused(&files, EvidenceOptions::default())
            .1
            .starts_with("notes.txt: ")
    );
}

#[test]
fn hidden_files_are_left_out() {
    let files: [(&str, &[u8]); 3] = [
        ("report.csv", REPORT.as_bytes()),
        (".DS_Store", b"\x00"),
        (".git/config", b"x"),
    ];
    assert_is_the_report(
        &one(&files, EvidenceOptions::default()),
        "beside hidden files",
    );
}

#[test]
fn a_folder_without_files_is_an_error() {
    let empty: [&[(&str, &[u8])]; 2] = [&[], &[(".hidden", b"x")]];
    for files in empty {
        let (error, text) = refused(files, EvidenceOptions::default());
        assert!(
            matches!(error, EvidenceError::NoFiles(_)) && text.starts_with("no file in "),
            "{text}"
        );
    }
}

#[test]
fn a_file_that_does_not_exist_is_an_error_that_names_it() {
    let error = Evidence::open(
        &[PathBuf::from("/nowhere/at/all.csv")],
        EvidenceOptions::default(),
    )
    .err()
    .unwrap();
    assert_eq!(error.to_string(), "cannot read /nowhere/at/all.csv");
}

#[test]
fn a_file_may_be_given_by_itself() {
    let folder = folder(&[("report.csv", REPORT.as_bytes()), ("other.txt", b"x")]);
    let mut evidence = Evidence::open(
        &[folder.path().join("report.csv")],
        EvidenceOptions::default(),
    )
    .unwrap();
    assert_is_the_report(&all(&mut evidence).remove(0), "by itself");
}

#[test]
fn reading_twice_gives_the_same_twice_in_account_order() {
    let files: Vec<(String, Vec<u8>)> = (0..20_u64)
        .map(|it| {
            let account = format!("{:012}", 900_000_000_000 - it);
            (
                format!("{it:02}.csv"),
                REPORT.replace(ACCOUNT, &account).into_bytes(),
            )
        })
        .collect();
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, content)| (name.as_str(), content.as_slice()))
        .collect();
    let (mut evidence, _folder) = open(&files, EvidenceOptions::default()).unwrap();
    let first = all(&mut evidence);
    assert_eq!(first.len(), 20);
    assert!(first.is_sorted_by(|one, other| one.account.id < other.account.id));
    evidence.restart().unwrap();
    assert_eq!(all(&mut evidence), first);
}

#[cfg(unix)]
#[test]
fn a_link_back_to_the_folder_is_not_followed() {
    let folder = folder(&[("a/report.csv", REPORT.as_bytes())]);
    std::os::unix::fs::symlink(folder.path(), folder.path().join("a/again")).unwrap();
    let mut evidence =
        Evidence::open(&[folder.path().to_owned()], EvidenceOptions::default()).unwrap();
    assert_is_the_report(&all(&mut evidence).remove(0), "beside a link");
}
