//! Not one byte of a bundle can be changed unseen.

use std::path::Path;

use model::snapshot::{AccountList, IdentityCenter, Mode, Parameters, ScopeFilter};

use super::{
    CONFIG, MANIFEST, SNAPSHOT, SUMS, digest,
    manifest::{FileFacts, Judged, Manifest, RunFacts, SCHEMA, VERSION},
    population::Counts,
    read,
    write::{pack, put, sums},
};
use crate::output::Output;

/// Packs a bundle of a few bytes.
fn packed(folder: &Path) -> Vec<u8> {
    std::fs::create_dir(folder.join("config")).unwrap();
    let facts = |name: &str| {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        let (sha256, length) = digest(bytes.as_slice()).unwrap();
        FileFacts {
            name: name.to_owned(),
            length,
            sha256,
        }
    };
    put(&folder.join(SNAPSHOT), b"snapshot").unwrap();
    put(&folder.join(CONFIG), &[b'#'; 512]).unwrap();
    let manifest = Manifest {
        schema: SCHEMA.to_owned(),
        version: VERSION,
        tool_version: "0.0.0".to_owned(),
        run: RunFacts {
            collected_at: "2026-11-24T06:00:00Z".parse().ok(),
            collected_with: "0.0.0".to_owned(),
            mode: Mode::Live,
            caller: None,
            organization: None,
            scope: ScopeFilter::default(),
            parameters: Parameters::default(),
            endpoint: None,
            identity_center: IdentityCenter::NotSeen,
            account_list: AccountList::Whole,
            notes: Vec::new(),
        },
        judged: Judged {
            rules: Vec::new(),
            frameworks: Vec::new(),
            formats: Vec::new(),
            exit_code: 0,
        },
        population: Counts::default(),
        files: vec![facts(SNAPSHOT), facts(CONFIG)],
    };
    let text = serde_json::to_string(&manifest).unwrap();
    put(&folder.join(MANIFEST), text.as_bytes()).unwrap();
    let mut listed = manifest.files.clone();
    listed.push(facts(MANIFEST));
    put(&folder.join(SUMS), sums(&listed).as_bytes()).unwrap();
    let path = folder.join("bundle.tar");
    pack(folder, &manifest, Output::file(&path).unwrap()).unwrap();
    std::fs::read(path).unwrap()
}

fn is_believed(bytes: &[u8]) -> bool {
    read::check(bytes, None).is_ok()
}

#[test]
fn every_changed_byte_is_detected() {
    let folder = tempfile::tempdir().unwrap();
    let whole = packed(folder.path());
    assert!(is_believed(&whole));
    for place in 0..whole.len() {
        // The second turns a letter's case, which parsers of text like to overlook.
        for bit in [0x01, 0x20] {
            let mut changed = whole.clone();
            changed[place] ^= bit;
            assert!(!is_believed(&changed), "byte {place}, bit {bit}");
        }
    }
}

#[test]
fn every_cut_is_detected() {
    let folder = tempfile::tempdir().unwrap();
    let whole = packed(folder.path());
    for length in (0..whole.len()).step_by(61) {
        assert!(!is_believed(&whole[..length]), "{length} bytes");
    }
}

#[test]
fn a_name_that_leads_elsewhere_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["../x", "/x", "a/../../x", ".x", "a//b", "a/b/c"] {
        let mut archive = super::tar::header(name, 1, 0).unwrap().to_vec();
        archive.resize(512 * 4, 0);
        let path = folder.path().join("bundle.tar");
        std::fs::write(&path, archive).unwrap();
        let refused = read::unpack(&path, &folder.path().join("unpacked")).unwrap_err();
        assert!(
            refused.to_string().contains("has no place"),
            "{name}: {refused}"
        );
    }
    assert!(!folder.path().join("x").exists());
}

#[test]
fn a_file_that_is_too_large_for_the_archive_is_refused() {
    assert!(super::tar::header("a", 0o777_7777_7777, 0).is_ok());
    assert!(super::tar::header("a", 0o1000_0000_0000, 0).is_err());
    assert!(super::tar::header(&"a".repeat(101), 1, 0).is_err());
}
