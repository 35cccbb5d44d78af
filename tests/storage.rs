//! Object storage as an address in arguments: what is refused before the work, what stays when an upload fails, and how
//! a signal ends what hangs.

mod server;

use std::{
    fs,
    io::Read,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use simulator::World;

use self::server::{Habit, Server};
use crate::harness::{Run, Stage, mfaudit};

/// A stage with a snapshot of its organization, and a server in S3's place.
fn scene(habit: Habit) -> (Stage, Server) {
    let stage = Stage::new(World::generate(3, 2, 5));
    let run = stage.run(&["collect", "-o", "run.mfaudit"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    fs::create_dir(stage.file("temporary")).unwrap();
    (stage, Server::new(habit))
}

fn command(stage: &Stage, server: &Server, args: &[&str]) -> Command {
    let mut command = stage.command(args);
    command
        .envs([server.variable()])
        .env("TMPDIR", stage.file("temporary"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn terminate(child: &Child) {
    let mut kill = Command::new("kill");
    kill.args(["-TERM", &child.id().to_string()]);
    assert!(kill.status().unwrap().success());
}

/// Returns the files that were kept, as standard error tells them.
fn kept(stderr: &str) -> Vec<PathBuf> {
    let told = stderr.split("the file is kept: ").skip(1);
    let paths = told.map(|it| it.split([';', '\n']).next().unwrap().trim());
    paths.map(PathBuf::from).collect()
}

#[test]
fn a_report_that_cannot_go_up_takes_no_other_with_it() {
    let (stage, server) = scene(Habit::Refuses);
    let args = [
        "evaluate",
        "run.mfaudit",
        "--format",
        "csv=s3://bucket/x.csv",
        "--format",
        "json=s3://bucket/x.json",
        "--format",
        "html=here.html",
    ];
    let run = Run::of(command(&stage, &server, &args).output().unwrap());
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stderr.contains("s3:PutObject"), "{}", run.stderr);
    let kept = kept(&run.stderr);
    let [csv, json] = kept.as_slice() else {
        panic!("{}", run.stderr);
    };
    assert!(fs::read_to_string(csv).unwrap().starts_with("status,"));
    let json: serde_json::Value = serde_json::from_str(&fs::read_to_string(json).unwrap()).unwrap();
    assert!(json["findings"].is_array());
    assert!(stage.read("here.html").ends_with("</html>\n"));
}

#[test]
fn a_signal_ends_an_upload_that_hangs_and_the_file_is_kept() {
    let (stage, server) = scene(Habit::Hangs);
    // An audit has caught the signal before, while it collected.
    let audit = ["audit", "--format", "json=s3://bucket/x.json"];
    let evaluate = [
        "evaluate",
        "run.mfaudit",
        "--format",
        "json=s3://bucket/x.json",
    ];
    for args in [&audit[..], &evaluate[..]] {
        let child = command(&stage, &server, args).spawn().unwrap();
        server.sent.recv().unwrap();
        terminate(&child);
        let run = Run::of(child.wait_with_output().unwrap());
        assert_eq!(run.status, 1, "{}", run.stderr);
        assert!(run.stderr.contains("error: interrupted"), "{}", run.stderr);
        let kept = kept(&run.stderr);
        assert_eq!(kept.len(), 1, "{}", run.stderr);
        assert!(kept[0].is_file());
    }
}

#[test]
fn after_a_signal_nothing_goes_up_any_more_and_what_is_here_is_written() {
    let (stage, server) = scene(Habit::Hangs);
    let disk = format!("csv=file://{}", stage.file("disk/x.csv").display());
    let args = [
        "evaluate",
        "run.mfaudit",
        "--format",
        "ndjson=s3://bucket/x.ndjson",
        "--format",
        "json=s3://bucket/x.json",
        "--format",
        &disk,
        "--format",
        "html=here.html",
    ];
    let child = command(&stage, &server, &args).spawn().unwrap();
    server.sent.recv().unwrap();
    terminate(&child);
    let run = Run::of(child.wait_with_output().unwrap());
    assert_eq!(run.status, 1, "{}", run.stderr);
    let told = run.stderr.matches("error: ").count();
    assert_eq!(told, 1, "{}", run.stderr);
    assert!(run.stderr.contains("error: interrupted"), "{}", run.stderr);
    let kept = kept(&run.stderr);
    assert_eq!(kept.len(), 2, "{}", run.stderr);
    assert!(kept.iter().all(|it| it.is_file()));
    assert!(stage.read("here.html").ends_with("</html>\n"));
    assert!(stage.read("disk/x.csv").starts_with("status,"));
    // What was never begun was never sent.
    assert!(server.sent.try_recv().is_err());
}

/// A stage with a snapshot, and a server of the dataset that it was published into.
#[cfg(feature = "parquet")]
fn history(habit: Habit) -> (Stage, Server) {
    let (stage, _) = scene(habit);
    let dataset = format!("file://{}", stage.file("dataset").display());
    let run = stage.run(&["publish", "run.mfaudit", "--to", &dataset]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let server = Server::of_folder(stage.file("dataset"), "GET /bucket/findings/", habit);
    (stage, server)
}

#[cfg(feature = "parquet")]
const WITH_HISTORY: [&str; 6] = [
    "evaluate",
    "run.mfaudit",
    "--history",
    "s3://bucket",
    "--format",
    "html=x.html",
];

#[cfg(feature = "parquet")]
#[test]
fn a_signal_while_the_history_is_read_is_no_history_that_cannot_be_read() {
    let (stage, server) = history(Habit::Hangs);
    let child = command(&stage, &server, &WITH_HISTORY).spawn().unwrap();
    server.sent.recv().unwrap();
    terminate(&child);
    let run = Run::of(child.wait_with_output().unwrap());
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stderr.contains("error: interrupted"), "{}", run.stderr);
    assert!(!run.stderr.contains("warning:"), "{}", run.stderr);
    assert!(!stage.file("x.html").exists());
}

#[cfg(feature = "parquet")]
#[test]
fn a_history_that_cannot_be_read_is_gone_without_and_says_why_and_what_to_do() {
    let (stage, server) = history(Habit::Refuses);
    let run = Run::of(command(&stage, &server, &WITH_HISTORY).output().unwrap());
    assert!(matches!(run.status, 3 | 4), "{}", run.stderr);
    for part in [
        "warning: the report is without",
        "AccessDenied",
        "s3:GetObject",
    ] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    assert!(stage.read("x.html").ends_with("</html>\n"));
}

#[test]
fn a_list_that_went_up_and_is_not_found_there_is_not_to_be_put_there_by_hand() {
    let (stage, server) = scene(Habit::Forgets);
    let args = ["discover", "--to", "s3://bucket/run"];
    let run = Run::of(command(&stage, &server, &args).output().unwrap());
    assert_eq!(run.status, 1, "{}", run.stderr);
    let gone = "s3://bucket/run/accounts.jsonl is gone";
    assert!(run.stderr.contains(gone), "{}", run.stderr);
    assert!(!run.stderr.contains("by hand"), "{}", run.stderr);
    let left = fs::read_dir(stage.file("temporary")).unwrap();
    assert_eq!(left.count(), 0);
}

#[test]
fn a_signal_ends_an_audit_that_evaluates() {
    let stage = Stage::new(World::generate(60, 10, 5));
    let pipe = stage.file("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let child = stage.start(&["audit", "--format", "csv=pipe", "--rule", "iam-user-mfa"]);
    let mut pipe = fs::File::open(&pipe).unwrap();
    // What has begun to come never ends, since nobody takes the rest.
    pipe.read_exact(&mut [0]).unwrap();
    terminate(&child);
    let run = Run::of(child.wait_with_output().unwrap());
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stderr.contains("error: interrupted"), "{}", run.stderr);
}

#[test]
fn a_copy_of_what_is_fetched_is_its_owner_s_alone_and_no_signal_leaves_it() {
    use std::os::unix::fs::PermissionsExt;
    let stage = Stage::new(World::generate(60, 10, 5));
    let run = stage.run(&["collect", "-o", "run.mfaudit"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let temporary = stage.file("temporary");
    fs::create_dir(&temporary).unwrap();
    let pipe = stage.file("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let address = format!("file://{}", stage.file("run.mfaudit").display());
    let mut command = stage.command(&["evaluate", &address, "--format", "csv=pipe"]);
    let mut child = command.env("TMPDIR", &temporary).spawn().unwrap();
    let mut pipe = fs::File::open(&pipe).unwrap();
    pipe.read_exact(&mut [0]).unwrap();
    let kept: Vec<_> = fs::read_dir(&temporary).unwrap().collect();
    assert_eq!(kept.len(), 1);
    let found = kept[0].as_ref().unwrap().metadata().unwrap();
    assert_eq!(found.permissions().mode() & 0o777, 0o700);
    // Who ends the run at once removes it, too.
    terminate(&child);
    child.wait().unwrap();
    assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0);
}

#[test]
fn an_address_with_a_secret_in_it_is_refused_without_saying_it() {
    for address in [
        "s3://AKIA:hunter2@bucket/x",
        "s3://AKIA:hun?hunter2@bucket/x",
        "az://container/x?sig=hunter2",
    ] {
        for args in [
            &["discover", "--to", address][..],
            &["merge", address, "-o", "x"],
            &["publish", "x", "--to", address],
            &["history", address],
            &["audit", "--history", address],
            &["evaluate", address],
            &["evaluate", "x", "--format", &format!("csv={address}")],
        ] {
            let run = Run::of(mfaudit(args).output().unwrap());
            assert_eq!(run.status, 2, "{args:?}: {}", run.stderr);
            assert!(!run.stderr.contains("hun"), "{args:?}: {}", run.stderr);
            assert!(
                run.stderr.contains("it may have no `?`")
                    || run.stderr.contains("credentials do not belong"),
                "{args:?}: {}",
                run.stderr
            );
        }
    }
}

#[test]
fn encryption_that_nothing_would_have_is_refused() {
    let key = ["--sse", "AES256", "--sse-kms-key-id", "alias/runs"];
    let stage = Stage::new(World::generate(1, 1, 5));
    let in_s3 = "csv=s3://bucket/x.csv";
    let run = stage.run(&[&["evaluate", "x", "--format", in_s3], &key[..]].concat());
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(run.stderr.contains("--sse aws:kms"), "{}", run.stderr);
    for args in [
        &["evaluate", "x", "--format", "csv=x.csv"][..],
        &["collect", "-o", "x"],
        &["merge", "s3://bucket/x", "-o", "x"],
        &["audit", "--snapshot", "x"],
    ] {
        let run = stage.run(&[args, &["--sse", "AES256"]].concat());
        assert_eq!(run.status, 2, "{args:?}: {}", run.stderr);
        let what = "nothing is written to S3";
        assert!(run.stderr.contains(what), "{args:?}: {}", run.stderr);
    }
}

#[test]
fn what_is_no_object_s_name_is_found_before_the_work() {
    let stage = Stage::new(World::generate(1, 1, 5));
    let folder = format!("csv=file://{}", stage.file("folder").display());
    fs::create_dir(stage.file("folder")).unwrap();
    for (output, status, what) in [
        ("csv=s3://bucket/folder/", 2, "a folder, with the slash"),
        ("csv=s3://bucket", 2, "names no object"),
        (&folder, 1, "name a file in it"),
    ] {
        // The snapshot is not there either, and is looked for later.
        let run = stage.run(&["evaluate", "missing.mfaudit", "--format", output]);
        assert_eq!(run.status, status, "{output}: {}", run.stderr);
        assert!(run.stderr.contains(what), "{output}: {}", run.stderr);
    }
}
