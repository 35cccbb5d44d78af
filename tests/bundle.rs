//! An evidence bundle: whole or not at all, the same bytes again, and not one byte of it can be changed unseen.

use std::{collections::BTreeMap, fmt::Write};

use sha2::{Digest, Sha256};
use simulator::World;

use crate::harness::{Run, Stage};

const CONFIG: &str = r#"
[gate]
fail-on = "critical"

[[owner]]
file = "teams.csv"

[[waiver]]
rule = "*"
principal = "*"
account = "*"
owner = "canary-owner"
reason = "until the move"
created = 2026-11-20
expires = 2026-11-30

[[rule]]
id = "custom-named"
title = "A user of that name"
severity = "low"
subject = "iam-user"
fails-if = "user.name.startsWith('a')"
"#;

/// Returns a stage with a snapshot, a configuration, and a bundle of both.
pub(crate) fn stage() -> Stage {
    let stage = Stage::new(World::demo());
    std::fs::write(stage.file("mfaudit.toml"), CONFIG).unwrap();
    let id = World::demo().accounts[0].id.clone();
    let owners = format!("account,owner\n{id},canary-team\n");
    std::fs::write(stage.file("teams.csv"), owners).unwrap();
    let run = stage.run(&["collect", "--output", "run.mfaudit"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    bundle(&stage, "evidence.tar");
    stage
}

fn bundle(stage: &Stage, name: &str) {
    let run = stage.run(&[
        "bundle",
        "run.mfaudit",
        "-o",
        name,
        "--framework",
        "cis-aws",
    ]);
    assert_eq!(run.status, 0, "{}", run.stderr);
}

/// Who is told of a run changes no verdict, and is nobody else's business.
#[test]
fn who_is_told_is_not_in_a_bundle() {
    let stage = stage();
    let notify =
        "[[notify]]\nurl-env = \"NONE\"\nlink = \"https://canary.example/\"\nbody = \"json\"\n";
    std::fs::write(stage.file("mfaudit.toml"), format!("{CONFIG}{notify}")).unwrap();
    bundle(&stage, "told.tar");
    let archive = bytes(&stage, "told.tar");
    let config = files(&archive)
        .into_iter()
        .find(|(name, ..)| name.ends_with("config/mfaudit.toml"));
    let config = String::from_utf8(config.unwrap().2).unwrap();
    assert!(config.contains("canary-owner"), "{config}");
    assert!(
        !config.contains("notify") && !config.contains("canary.example"),
        "{config}"
    );
    let run = verify(&stage, "told.tar");
    assert_eq!(run.status, 0, "{}", run.stderr);
}

fn verify(stage: &Stage, name: &str) -> Run {
    stage.run(&["verify", name])
}

pub(crate) fn bytes(stage: &Stage, name: &str) -> Vec<u8> {
    std::fs::read(stage.file(name)).unwrap()
}

/// The files of an archive, each with its header, in order.
pub(crate) fn files(archive: &[u8]) -> Vec<(String, Vec<u8>, Vec<u8>)> {
    let mut files = Vec::new();
    let mut rest = archive;
    while rest[0] != 0 {
        let (header, after) = rest.split_at(512);
        let name = header[..100].split(|it| *it == 0).next().unwrap();
        let length = std::str::from_utf8(&header[124..135]).unwrap();
        let length = usize::from_str_radix(length, 8).unwrap();
        let name = String::from_utf8(name.to_vec()).unwrap();
        files.push((name, header.to_vec(), after[..length].to_vec()));
        rest = &after[length.next_multiple_of(512)..];
    }
    files
}

fn archive(files: &[(String, Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (_, header, content) in files {
        archive.extend(header);
        archive.extend(content);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, it| {
            write!(text, "{it:02x}").unwrap();
            text
        })
}

/// Changes a file to one of the same length, and every digest with it, as someone could who may write the bundle.
pub(crate) fn forge(archived: &[u8], name: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut files = files(archived);
    let place = |files: &[(String, _, _)], name: &str| {
        files
            .iter()
            .position(|it: &(String, _, _)| it.0 == name)
            .unwrap()
    };
    let mut replace = |name: &str, change: &dyn Fn(&str) -> String| {
        let index = place(&files, name);
        let before = files[index].2.clone();
        let text = change(std::str::from_utf8(&before).unwrap());
        assert_eq!(text.len(), before.len(), "{name}");
        files[index].2 = text.into_bytes();
        (sha256(&before), sha256(&files[index].2))
    };
    let (before, now) = replace(name, &change);
    if name != "manifest.json" {
        let manifest = replace("manifest.json", &|it| it.replace(&before, &now));
        replace("SHA256SUMS", &|it| it.replace(&manifest.0, &manifest.1));
    }
    replace("SHA256SUMS", &|it| it.replace(&before, &now));
    archive(&files)
}

fn verified(stage: &Stage, archive: &[u8]) -> Run {
    std::fs::write(stage.file("other.tar"), archive).unwrap();
    verify(stage, "other.tar")
}

#[test]
fn a_bundle_holds_everything_a_verdict_rests_on() {
    let stage = stage();
    let run = verify(&stage, "evidence.tar");
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(
        run.stdout.contains("judged anew: the same bytes"),
        "{}",
        run.stdout
    );
    let files: BTreeMap<_, _> = (files(&bytes(&stage, "evidence.tar")).into_iter())
        .map(|(name, _, content)| (name, content))
        .collect();
    assert_eq!(files["snapshot.mfaudit"], bytes(&stage, "run.mfaudit"));
    for report in [
        "reports/report.json",
        "reports/report.csv",
        "reports/coverage.csv",
    ] {
        assert!(!files[report].is_empty(), "{report}");
    }
    let text = |name: &str| String::from_utf8(files[name].clone()).unwrap();
    assert!(text("config/mfaudit.toml").contains("canary-owner"));
    assert!(text("config/owners-1.csv").contains("canary-team"));
    assert!(text("reports/report.csv").contains("canary-team"));
    let manifest: serde_json::Value = serde_json::from_str(&text("manifest.json")).unwrap();
    for key in ["caller", "scope", "parameters", "collected_at"] {
        assert!(!manifest["run"][key].is_null(), "{key}");
    }
    assert_eq!(manifest["tool_version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(
        manifest["judged"]["frameworks"][0]
            .as_str()
            .unwrap()
            .split('@')
            .next(),
        Some("cis-aws")
    );
    // The population is that of the organization, those who are not judged included.
    let population = text("population.csv");
    let world = World::demo();
    for account in &world.accounts {
        assert!(population.contains(&account.id), "{}", account.id);
    }
    let of_kind = |kind: &str| population.lines().filter(|it| it.starts_with(kind)).count();
    assert_eq!(of_kind("account,"), world.accounts.len());
    for (kind, count) in [
        ("account,", "accounts"),
        ("iam-user,", "iam_users"),
        ("root-user,", "root_users"),
    ] {
        assert_eq!(manifest["population"][count], of_kind(kind), "{kind}");
    }
    assert!(manifest["population"]["accounts_with_unlisted_users"].as_u64() > Some(0));
}

#[test]
fn the_same_snapshot_makes_the_same_bytes_readable_by_their_owner_alone() {
    let stage = stage();
    bundle(&stage, "again.tar");
    assert_eq!(bytes(&stage, "evidence.tar"), bytes(&stage, "again.tar"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(stage.file("again.tar"))
            .unwrap()
            .permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
    }
}

#[test]
fn a_bundle_that_cannot_be_made_leaves_what_was_there() {
    let stage = stage();
    let before = bytes(&stage, "evidence.tar");
    let mut snapshot = bytes(&stage, "run.mfaudit");
    snapshot.truncate(snapshot.len() - 40);
    std::fs::write(stage.file("cut.mfaudit"), snapshot).unwrap();
    let run = stage.run(&["bundle", "cut.mfaudit", "-o", "evidence.tar"]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert_eq!(bytes(&stage, "evidence.tar"), before);
    let folder = stage.file("evidence.tar");
    let names = std::fs::read_dir(folder.parent().unwrap()).unwrap();
    for name in names {
        let name = name.unwrap().file_name().into_string().unwrap();
        assert!(!name.starts_with(".mfaudit-"), "{name} is left over");
    }
}

#[test]
fn a_changed_byte_is_detected_in_every_part_of_every_file() {
    let stage = stage();
    let archive = bytes(&stage, "evidence.tar");
    let mut places = Vec::new();
    let mut begin = 0;
    for (_, _, content) in files(&archive) {
        let end = begin + 512 + content.len();
        // Name, mode, time, checksum, the header's end; the content's first, middle and last byte; what follows.
        let of_file = [0, 102, 140, 150, 511, 512, 512 + content.len() / 2];
        places.extend(of_file.map(|it| begin + it));
        places.extend([end - 1, end.next_multiple_of(512) - 1]);
        begin = end.next_multiple_of(512);
    }
    places.extend([begin, begin + 600, archive.len() - 1]);
    for place in places {
        let mut changed = archive.clone();
        changed[place] ^= 1;
        let run = verified(&stage, &changed);
        assert_eq!(run.status, 1, "byte {place}: {}{}", run.stdout, run.stderr);
        assert!(run.stdout.is_empty(), "byte {place}: {}", run.stdout);
    }
}

#[test]
fn files_that_were_added_removed_renamed_or_moved_are_detected() {
    let stage = stage();
    let whole = bytes(&stage, "evidence.tar");
    let apart = files(&whole);
    let refused = |archived: Vec<u8>, what: &str| {
        let run = verified(&stage, &archived);
        assert_eq!(run.status, 1, "{what}: {}", run.stdout);
        assert!(
            run.stderr.contains("cannot verify"),
            "{what}: {}",
            run.stderr
        );
    };
    assert_eq!(verified(&stage, &archive(&apart)).status, 0);
    for index in 0..apart.len() {
        let mut fewer = apart.clone();
        let gone = fewer.remove(index);
        refused(archive(&fewer), &format!("without {}", gone.0));
        let mut twice = apart.clone();
        twice.insert(index, gone);
        refused(archive(&twice), "a file twice");
    }
    let mut moved = apart.clone();
    moved.swap(0, 1);
    refused(archive(&moved), "another order");
    refused([whole.as_slice(), &[0]].concat(), "a byte more");
    refused([whole.as_slice(), &[0; 512]].concat(), "a block more");
    refused(whole[..whole.len() - 1].to_vec(), "a byte less");
    refused(whole[..whole.len() / 2].to_vec(), "half");
    refused(Vec::new(), "nothing");
    refused(b"PK\x03\x04 something else".to_vec(), "something else");
}

#[test]
fn a_report_that_does_not_follow_from_the_snapshot_is_detected_though_every_digest_is_right() {
    let stage = stage();
    let forged = forge(&bytes(&stage, "evidence.tar"), "reports/report.csv", |it| {
        it.replacen("\nfail,", "\npass,", 1)
    });
    let run = verified(&stage, &forged);
    assert_eq!(run.status, 1, "{}", run.stdout);
    assert!(run.stderr.contains("reports/report.csv"), "{}", run.stderr);
    let forged = forge(&bytes(&stage, "evidence.tar"), "manifest.json", |it| {
        it.replacen("\"iam_users\": 1", "\"iam_users\": 2", 1)
    });
    let run = verified(&stage, &forged);
    assert_eq!(run.status, 1, "{}", run.stdout);
    assert!(run.stderr.contains("manifest.json"), "{}", run.stderr);
}

#[test]
fn another_version_compares_verdicts_and_lists_what_changed() {
    let stage = stage();
    let version = env!("CARGO_PKG_VERSION");
    let earlier = "0".repeat(version.len());
    let earlier = forge(&bytes(&stage, "evidence.tar"), "manifest.json", |it| {
        let key = |version: &str| format!("\"tool_version\": \"{version}\"");
        it.replace(&key(version), &key(&earlier))
    });
    let run = verified(&stage, &earlier);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stdout.contains("the same verdicts"), "{}", run.stdout);
    let changed = forge(&earlier, "reports/report.csv", |it| {
        it.replacen("\nfail,", "\npass,", 2)
    });
    let run = verified(&stage, &changed);
    assert_eq!(run.status, 3, "{}{}", run.stdout, run.stderr);
    assert!(
        run.stdout.contains(": pass is now fail: "),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("  arn:aws:iam::"), "{}", run.stdout);
}

#[test]
fn a_newer_manifest_is_refused() {
    let stage = stage();
    let newer = forge(&bytes(&stage, "evidence.tar"), "manifest.json", |it| {
        it.replacen("\"version\": 1", "\"version\": 9", 1)
    });
    let run = verified(&stage, &newer);
    assert_eq!(run.status, 1, "{}", run.stdout);
    assert!(run.stderr.contains("use a newer one"), "{}", run.stderr);
}
