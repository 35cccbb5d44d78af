#[cfg(feature = "cloud")]
mod cloud;
#[cfg(feature = "cloud")]
mod s3;

use std::{
    fs,
    future::Future,
    io::{self, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use super::*;

fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(future)
}

fn file(content: &str) -> fs::File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(content.as_bytes()).unwrap();
    file.seek(SeekFrom::Start(0)).unwrap();
    file
}

fn folder() -> (tempfile::TempDir, PathBuf, Store) {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("deep/er");
    let root: Location = format!("file://{}", path.display()).parse().unwrap();
    let store = Store::open(&root, &StorageOptions::default()).unwrap();
    (temporary, path, store)
}

#[test]
fn an_address_is_read_as_it_is_written() {
    for text in [
        "s3://bucket",
        "s3://bucket/a/b.mfaudit",
        "gs://b/x",
        "az://c/x%20y",
        "file:///tmp/x",
    ] {
        let location: Location = text.parse().unwrap();
        let shown = location.to_string();
        assert_eq!(shown, text.replace("%20", " "));
    }
    // A name is what it is: nothing in it is written in codes that were not there.
    for name in ["x~1[a]{b}|^*<>\" .mfaudit", "a%b", "a?b#c", "ü", "a=b+c&d"] {
        for root in ["s3://bucket/runs", "file:///runs"] {
            let root: Location = root.parse().unwrap();
            let location = root.join(name);
            assert_eq!(location.file_name(), name);
            assert_eq!(location.to_string().parse(), Ok(location.clone()));
            let split = Some((root.clone(), name.to_owned()));
            assert_eq!(location.split(), split);
            let path = location.local_path();
            let expected = root.local_path().map(|it| it.join(name));
            assert_eq!(path, expected);
        }
    }
    let location: Location = "s3://bucket/x~[1]^".parse().unwrap();
    assert_eq!(location.to_string(), "s3://bucket/x~[1]^");
    let location: Location = "s3://bucket/runs/".parse().unwrap();
    assert_eq!(location.join("a/b").to_string(), "s3://bucket/runs/a/b");
    assert_eq!(location.join("a/b").file_name(), "b");
}

#[test]
fn what_is_no_address_is_refused_without_saying_a_secret() {
    for (text, part) in [
        ("s3:///x", "bucket"),
        ("http://host/x", "s3://"),
        ("s3://key:hunter2@bucket/x", "credentials"),
        ("s3://key:hun?hunter2@bucket/x", "credentials"),
        ("s3://key:hun/hunter2@bucket/x", "no port"),
        ("hunter2@bucket/x", "s3://"),
        ("az://container/x?sig=hunter2", "`?`"),
        ("s3://bucket/a/../x", "`..`"),
        ("s3://bucket/a//x", "empty"),
        ("s3://bucket//x", "empty"),
        ("s3://buck et/x", "no bucket has such a name"),
        ("file:relative", "file:///FOLDER"),
        ("file://host/x", "three slashes"),
        ("file:///", "folder"),
        ("runs/today", "s3://"),
    ] {
        let error = text.parse::<Location>().unwrap_err().to_string();
        assert!(error.contains(part), "{text}: {error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
    assert!(Location::is_meant_by(Path::new("s3://b/x")));
    assert!(!Location::is_meant_by(Path::new("s3/x")));
}

#[test]
fn keys_show_no_secret() {
    let keys = AwsKeys {
        access_key_id: "AKIA".to_owned(),
        secret_access_key: "hunter2".to_owned(),
        session_token: Some("hunter3".to_owned()),
    };
    assert!(!format!("{keys:?}").contains("hunter"));
}

#[test]
fn nothing_is_overwritten_unless_asked() {
    let (_temporary, path, store) = folder();
    run(async {
        assert_eq!(store.read("x").await.unwrap(), None);
        assert!(!store.exists("x").await.unwrap());
        assert_eq!(store.create("x", "one").await.unwrap(), Written::New);
        assert_eq!(store.create("x", "two").await.unwrap(), Written::There);
        let error = store
            .upload("x", file("two"), Overwrite::Never)
            .await
            .unwrap_err();
        assert_eq!(error.trouble, Trouble::Exists);
        assert!(error.hint().contains("--overwrite"));
        assert_eq!(store.read("x").await.unwrap().unwrap(), "one");
        let again = store.upload("x", file("two"), Overwrite::Yes).await;
        again.unwrap();
        assert_eq!(store.read("x").await.unwrap().unwrap(), "two");
    });
    assert!(path.join("x").is_file());
}

#[test]
fn the_same_is_no_other_at_file_as_elsewhere() {
    let (_temporary, path, store) = folder();
    run(async {
        for _ in 0..2 {
            assert_eq!(store.create("x", "one").await.unwrap(), Written::New);
        }
        assert_eq!(store.create("x", "two").await.unwrap(), Written::There);
        assert_eq!(store.create("x", "o").await.unwrap(), Written::There);
        fs::create_dir(path.join("folder")).unwrap();
        let size = fs::metadata(path.join("folder")).unwrap().len();
        let content = "x".repeat(usize::try_from(size).unwrap());
        let written = store.create("folder", content).await.unwrap();
        assert_eq!(written, Written::There);
    });
    assert_eq!(run(store.read("x")).unwrap().unwrap(), "one");
}

#[test]
fn a_local_write_is_done_before_anybody_can_stop_waiting_for_it() {
    use futures_util::FutureExt;
    let (_temporary, _, store) = folder();
    let written = store.create("x", "one").now_or_never();
    assert_eq!(written.unwrap().unwrap(), Written::New);
    let sent = store
        .upload("y", file("two"), Overwrite::Yes)
        .now_or_never();
    sent.unwrap().unwrap();
    assert_eq!(run(store.read("y")).unwrap().unwrap(), "two");
}

#[test]
fn a_large_file_arrives_whole_and_leaves_no_part() {
    let (_temporary, path, store) = folder();
    let content: Vec<u8> = (0..20_000_000_u32).map(|it| it.to_le_bytes()[1]).collect();
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&content).unwrap();
    let again = || {
        let mut again = file.try_clone().unwrap();
        again.seek(SeekFrom::Start(0)).unwrap();
        again
    };
    run(async {
        store
            .upload("big", again(), Overwrite::Never)
            .await
            .unwrap();
        // What differs in its last byte alone is another.
        let mut differs = tempfile::tempfile().unwrap();
        let (_, but_one) = content.split_last().unwrap();
        differs.write_all(but_one).unwrap();
        differs.write_all(&[0xFF]).unwrap();
        differs.seek(SeekFrom::Start(0)).unwrap();
        let error = store
            .upload("big", differs, Overwrite::Never)
            .await
            .unwrap_err();
        assert_eq!(error.trouble, Trouble::Exists);
        let same = store.create_from("big", again()).await.unwrap();
        assert_eq!(same, Written::New);
        store.upload("big", again(), Overwrite::Yes).await.unwrap();
        let mut back = Vec::new();
        store.download("big", &mut back).await.unwrap();
        assert!(back == content);
        let names: Vec<_> = store
            .list("")
            .await
            .unwrap()
            .into_iter()
            .map(|it| it.name)
            .collect();
        assert_eq!(names, ["big"]);
    });
    assert_eq!(fs::read_dir(&path).unwrap().count(), 1);
}

#[test]
fn a_list_is_in_order_and_names_what_is_below() {
    let (_temporary, _, store) = folder();
    run(async {
        assert_eq!(store.list("none").await.unwrap(), []);
        for name in ["runs/b", "runs/a/c", "other"] {
            store.create(name, name.to_owned()).await.unwrap();
        }
        let listed = store.list("runs").await.unwrap();
        let names: Vec<_> = listed
            .iter()
            .map(|it| (it.name.as_str(), it.size))
            .collect();
        assert_eq!(names, [("a/c", 8), ("b", 6)]);
        assert_eq!(listed[0].at, store.root().join("runs/a/c"));
    });
}

#[test]
fn names_are_taken_as_they_are() {
    let (_temporary, path, store) = folder();
    run(async {
        for name in ["x~1", "[a]{b}", "a%41", "^|*\"<>?", "a#b"] {
            store.create(name, name.to_owned()).await.unwrap();
            assert_eq!(store.read(name).await.unwrap().unwrap(), name);
            assert!(store.exists(name).await.unwrap());
            assert!(path.join(name).is_file(), "{name}");
        }
        assert_eq!(store.list("").await.unwrap().len(), 5);
    });
}

#[test]
fn whose_trouble_it_is_decides_what_helps() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let (_temporary, _, store) = folder();
    run(store.create("x", "one")).unwrap();
    let error = run(store.download("x", &mut Full)).unwrap_err();
    assert_eq!(error.trouble, Trouble::Local);
    assert!(error.hint().contains("TMPDIR"), "{}", error.hint());
    for kind in [
        io::ErrorKind::PermissionDenied,
        io::ErrorKind::ReadOnlyFilesystem,
    ] {
        let error = StorageError::of_file("write", store.root(), kind.into());
        assert_eq!(error.hint(), "write to a folder that is yours");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_the_operating_system_said_of_a_file_is_told_without_the_temporary_one() {
    // Where nobody may make a file, not even the superuser.
    let root: Location = "file:///proc/self".parse().unwrap();
    let nowhere = Store::open(&root, &StorageOptions::default()).unwrap();
    let error = run(nowhere.create("x", "one")).unwrap_err();
    let cause = error.source.downcast_ref::<io::Error>().unwrap();
    assert!(cause.raw_os_error().is_some(), "{cause}");
    assert!(!cause.to_string().contains("_mfaudit-"), "{cause}");
}

#[test]
fn what_never_became_whole_is_not_listed() {
    let (_temporary, path, store) = folder();
    run(store.create("a/x", "one")).unwrap();
    fs::rename(path.join("a/x"), path.join("a/_mfaudit-1234.part")).unwrap();
    assert_eq!(run(store.list("")).unwrap(), []);
}

#[cfg(unix)]
#[test]
fn folders_and_files_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (_temporary, path, store) = folder();
    run(store.create("x", "one")).unwrap();
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.join("x")), 0o600);
    assert_eq!(mode(path), 0o700);
}

#[test]
fn encryption_is_not_taken_for_granted_where_there_is_none() {
    let at: Location = "file:///tmp/x".parse().unwrap();
    let options = StorageOptions {
        encryption: Encryption::S3Keys,
        ..StorageOptions::default()
    };
    let error = Store::open(&at, &options).unwrap_err();
    assert_eq!(error.trouble, Trouble::Options);
}
