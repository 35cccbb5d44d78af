//! Tools that people have read, check and sign an evidence bundle.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use crate::bundle::{bytes, files, forge, stage};

/// Runs a tool that people have. Where the tests are a gate, one that is missing is a failure.
fn tool(folder: &Path, program: &str, args: &[&str], input: &[u8]) -> Option<i32> {
    let started = Command::new(program)
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let mut child = match started {
        Ok(child) => child,
        Err(error) => {
            let wanted = std::env::var_os("CI").is_some();
            assert!(!wanted, "{program} is not here: {error}");
            println!("left out: {program} is not here: {error}");
            return None;
        }
    };
    // A tool may have seen enough before the end.
    let _ = child.stdin.take().unwrap().write_all(input);
    Some(child.wait().unwrap().code().unwrap_or(-1))
}

#[test]
fn tar_and_sha256sum_read_a_bundle() {
    let stage = stage();
    std::fs::create_dir(stage.file("unpacked")).unwrap();
    let folder = stage.file("unpacked");
    let Some(status) = tool(&folder, "tar", &["-xf", "../evidence.tar"], b"") else {
        return;
    };
    assert_eq!(status, 0);
    for (name, _, content) in files(&bytes(&stage, "evidence.tar")) {
        assert_eq!(
            std::fs::read(folder.join(&name)).unwrap(),
            content,
            "{name}"
        );
    }
    if let Some(status) = tool(&folder, "sha256sum", &["-c", "SHA256SUMS"], b"") {
        assert_eq!(status, 0);
    }
}

#[test]
fn a_signature_of_ssh_keygen_detects_a_changed_bundle_and_a_wrong_key() {
    let stage = stage();
    let folder = stage.file("evidence.tar").parent().unwrap().to_owned();
    for key in ["audit", "wrong"] {
        let args = ["-q", "-t", "ed25519", "-N", "", "-C", "x", "-f", key];
        if tool(&folder, "ssh-keygen", &args, b"").is_none() {
            return;
        }
    }
    let signers = |key: &str| {
        let public = stage.read(&format!("{key}.pub"));
        let line = format!("audit@example.com namespaces=\"mfaudit-evidence\" {public}");
        std::fs::write(stage.file(&format!("{key}.signers")), line).unwrap();
    };
    signers("audit");
    signers("wrong");
    let sign = [
        "-Y",
        "sign",
        "-f",
        "audit",
        "-n",
        "mfaudit-evidence",
        "evidence.tar",
    ];
    assert_eq!(tool(&folder, "ssh-keygen", &sign, b""), Some(0));
    let verified = |signers: &str, bundle: &[u8]| {
        let identity = ["-I", "audit@example.com", "-n", "mfaudit-evidence"];
        let files = ["-f", signers, "-s", "evidence.tar.sig"];
        let args = [&["-Y", "verify"][..], &identity, &files].concat();
        tool(&folder, "ssh-keygen", &args, bundle) == Some(0)
    };
    let bundle = bytes(&stage, "evidence.tar");
    assert!(verified("audit.signers", &bundle));
    assert!(!verified("wrong.signers", &bundle));
    let mut changed = bundle.clone();
    changed[bundle.len() / 2] ^= 1;
    assert!(!verified("audit.signers", &changed));
    // Nor does it help to forge every digest: that is what a signature is for.
    let forged = forge(&bundle, "reports/report.csv", |it| {
        it.replacen("\nfail,", "\npass,", 1)
    });
    assert!(!verified("audit.signers", &forged));
}
