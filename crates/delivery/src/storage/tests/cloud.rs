//! What S3 answers, and what is made of it.

use std::{
    io::{Seek, SeekFrom, Write},
    sync::Mutex,
};

use super::{
    super::*,
    file, run,
    s3::{Deed, Request, Scene, error},
};

const BIG: usize = 17 * 1024 * 1024;

fn big() -> std::fs::File {
    let mut file = tempfile::tempfile().unwrap();
    let mut content = vec![7; BIG];
    content[BIG / 2] = 8;
    file.write_all(&content).unwrap();
    file.seek(SeekFrom::Start(0)).unwrap();
    file
}

#[test]
fn what_others_are_at_work_on_is_tried_again() {
    for code in ["ConditionalRequestConflict", "OperationAborted"] {
        let mut left = 2;
        let scene = Scene::new(move |it, _| {
            if it.method == "PUT" && left > 0 {
                left -= 1;
                return Deed::refused(409, code);
            }
            Deed::Proper
        });
        let written = run(scene.store.create("x", "one")).unwrap();
        assert_eq!((written, scene.object("x")), (Written::New, b"one".into()));
        assert_eq!(scene.asked("PUT x"), 3);
    }
}

#[test]
fn a_conflict_that_does_not_end_is_an_error_and_no_object_that_is_there() {
    let scene = Scene::new(|it, _| match it.method.as_str() {
        "PUT" => Deed::refused(409, "ConditionalRequestConflict"),
        _ => Deed::Proper,
    });
    let error = run(scene.store.create("x", "one")).unwrap_err();
    assert_eq!(error.trouble, Trouble::Busy);
    let cause = error.source.to_string();
    assert_eq!(cause, "409 Conflict, ConditionalRequestConflict: so it is");
    let error = run(scene.store.upload("x", file("one"), Overwrite::Never)).unwrap_err();
    assert_eq!(error.trouble, Trouble::Busy);
    assert_eq!(scene.keys(), [""; 0]);
}

#[test]
fn another_object_is_told_only_once_it_was_seen() {
    let scene = Scene::new(|it, bucket| {
        if it.method == "PUT" {
            bucket.objects.insert("x".to_owned(), b"two".into());
            return Deed::refused(409, "ConditionalRequestConflict");
        }
        Deed::Proper
    });
    let written = run(scene.store.create("x", "one")).unwrap();
    assert_eq!(
        (written, scene.object("x")),
        (Written::There, b"two".into())
    );
    let error = run(scene.store.upload("x", file("one"), Overwrite::Never)).unwrap_err();
    assert_eq!(error.trouble, Trouble::Exists);
}

#[test]
fn a_write_whose_answer_is_lost_is_no_other_s() {
    // Once, so that the library asks again; or always.
    for times in [1, 3] {
        let mut left = times;
        let scene = Scene::new(move |it, _| {
            if it.method == "PUT" && left > 0 {
                left -= 1;
                return Deed::done_but(500, "InternalError");
            }
            Deed::Proper
        });
        run(scene.store.upload("x", file("one"), Overwrite::Never)).unwrap();
        assert_eq!(scene.object("x"), b"one");
    }
}

#[test]
fn what_never_arrived_is_sent_again() {
    // More often than the library repeats a request.
    let mut left = 4;
    let scene = Scene::new(move |it, _| {
        if it.method == "PUT" && left > 0 {
            left -= 1;
            return Deed::refused(503, "SlowDown");
        }
        Deed::Proper
    });
    let written = run(scene.store.create("x", "one")).unwrap();
    assert_eq!((written, scene.object("x")), (Written::New, b"one".into()));
    assert_eq!(scene.asked("PUT x"), 5);
}

#[test]
fn a_copy_whose_answer_is_lost_is_no_other_s() {
    let mut left = 1;
    let scene = Scene::new(move |it, _| {
        if completes(it, "f/big") && left > 0 {
            left -= 1;
            return Deed::done_but(500, "InternalError");
        }
        Deed::Proper
    });
    run(scene.store.upload("f/big", big(), Overwrite::Never)).unwrap();
    assert_eq!(scene.object("f/big").len(), BIG);
    assert_eq!(scene.keys(), ["f/big"]);
}

/// What is asked when an upload in parts, or a copy, becomes an object.
fn completes(it: &Request, begin: &str) -> bool {
    it.method == "POST" && it.key.starts_with(begin) && it.query.starts_with("uploadId")
}

#[test]
fn parts_whose_completion_was_not_answered_are_seen_to_be_whole() {
    // The library asks again, and there is no such upload any more.
    for (begin, overwrite) in [("f/_mfaudit-", Overwrite::Never), ("f/big", Overwrite::Yes)] {
        let mut left = 1;
        let scene = Scene::new(move |it, _| {
            if completes(it, begin) && left > 0 {
                left -= 1;
                return Deed::done_but(500, "InternalError");
            }
            Deed::Proper
        });
        if overwrite == Overwrite::Yes {
            let mut bucket = scene.bucket.lock().unwrap();
            bucket.objects.insert("f/big".to_owned(), b"old".into());
        }
        run(scene.store.upload("f/big", big(), overwrite)).unwrap();
        assert_eq!(scene.object("f/big").len(), BIG, "{begin}");
        assert_eq!(scene.keys(), ["f/big"], "{begin}");
    }
}

#[test]
fn what_may_have_become_of_parts_is_removed_though_nothing_tells() {
    let scene = Scene::new(|it, _| match it.method.as_str() {
        "POST" if completes(it, "f/_mfaudit-") => Deed::done_but(500, "InternalError"),
        "GET" if it.key.starts_with("f/_mfaudit-") => Deed::refused(403, "AccessDenied"),
        _ => Deed::Proper,
    });
    let error = run(scene.store.upload("f/big", big(), Overwrite::Never)).unwrap_err();
    assert_eq!(error.to_string(), "cannot write s3://b/f/big");
    assert_eq!(error.trouble, Trouble::Failed);
    assert_eq!(scene.keys(), [""; 0]);
}

#[test]
fn an_upload_that_is_gone_is_no_object_that_is_missing() {
    for (begin, overwrite) in [("f/_mfaudit-", Overwrite::Never), ("f/big", Overwrite::Yes)] {
        let scene = Scene::new(move |it, _| {
            if completes(it, begin) {
                return Deed::refused(404, "NoSuchUpload");
            }
            Deed::Proper
        });
        let error = run(scene.store.upload("f/big", big(), overwrite)).unwrap_err();
        assert_eq!(error.trouble, Trouble::Failed);
        let cause = error.source.to_string();
        assert_eq!(cause, "404 Not Found, NoSuchUpload: so it is");
        assert_eq!(scene.keys(), [""; 0]);
        assert!(scene.bucket.lock().unwrap().uploads.is_empty());
    }
}

#[test]
fn a_large_file_does_not_take_the_place_of_one_that_came_meanwhile() {
    let scene = Scene::new(|it, bucket| {
        if it.method == "POST" && it.key == "f/big" && it.query.starts_with("uploads") {
            bucket.objects.insert(it.key.clone(), b"other".into());
        }
        Deed::Proper
    });
    let error = run(scene.store.upload("f/big", big(), Overwrite::Never)).unwrap_err();
    assert_eq!(error.trouble, Trouble::Exists);
    assert_eq!(scene.object("f/big"), b"other");
    assert_eq!(scene.keys(), ["f/big"]);
    assert!(scene.bucket.lock().unwrap().uploads.is_empty());
}

#[test]
fn a_part_that_cannot_be_removed_is_told_and_nobody_takes_it_for_data() {
    static WARNED: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let mut scene = Scene::new(|it, _| {
        if it.query.starts_with("delete") {
            return Deed::refused(403, "AccessDenied");
        }
        Deed::Proper
    });
    scene.store.warn = Some(|it| WARNED.lock().unwrap().push(it.to_string()));
    run(scene.store.upload("f/big.parquet", big(), Overwrite::Never)).unwrap();
    let keys = scene.keys();
    let [left, big] = keys.as_slice() else {
        panic!("{keys:?}");
    };
    assert_eq!(big, "f/big.parquet");
    assert!(left.starts_with("f/_mfaudit-"), "{left}");
    let told = format!("cannot remove the part s3://b/{left}");
    assert_eq!(*WARNED.lock().unwrap(), [told]);
}

#[test]
fn an_upload_that_is_refused_says_why_though_it_cannot_be_ended() {
    static WARNED: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let mut scene = Scene::new(|it, _| match (it.method.as_str(), it.query.as_str()) {
        ("PUT", part) if part.contains("partNumber") => Deed::refused(400, "BadDigest"),
        ("DELETE", _) => Deed::refused(403, "AccessDenied"),
        _ => Deed::Proper,
    });
    scene.store.warn = Some(|it| WARNED.lock().unwrap().push(it.to_string()));
    let error = run(scene.store.upload("f/big", big(), Overwrite::Never)).unwrap_err();
    assert_eq!(error.to_string(), "cannot write s3://b/f/big");
    let cause = error.source.to_string();
    assert_eq!(cause, "400 Bad Request, BadDigest: so it is");
    let warned = WARNED.lock().unwrap();
    assert_eq!(warned.len(), 1);
    assert!(
        warned[0].starts_with("cannot remove the parts of"),
        "{warned:?}"
    );
}

#[test]
fn an_answer_is_told_without_the_token_in_it() {
    let body = "<Error><Code>ExpiredToken</Code>\n<Message>The provided token has expired.</Message><Token-0>hunter2</Token-0></Error>";
    let scene = Scene::new(|_, _| Deed::Refused(400, body.to_owned()));
    let errors = [
        run(scene.store.read("x")).unwrap_err(),
        run(scene.store.create("x", "one")).unwrap_err(),
        run(scene.store.exists("x")).unwrap_err(),
        run(scene.store.list("")).unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.trouble, Trouble::Expired);
        assert_eq!(error.hint(), "sign in again");
        let cause = error.source.to_string();
        assert_eq!(
            cause,
            "400 Bad Request, ExpiredToken: The provided token has expired."
        );
        assert!(!format!("{error:?}").contains("hunter2"));
    }
}

#[test]
fn a_bucket_that_is_missing_is_no_object_that_is_missing() {
    let scene = Scene::new(|_, _| Deed::Refused(404, error("NoSuchBucket")));
    let mut nowhere = Vec::new();
    let errors = [
        run(scene.store.read("x")).unwrap_err(),
        run(scene.store.create("x", "one")).unwrap_err(),
        run(scene.store.exists("x")).unwrap_err(),
        run(scene.store.list("")).unwrap_err(),
        run(scene.store.download("x", &mut nowhere)).unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.trouble, Trouble::NoBucket, "{error}");
    }
    let scene = Scene::new(|_, _| Deed::Proper);
    assert_eq!(run(scene.store.read("x")).unwrap(), None);
    assert!(!run(scene.store.exists("x")).unwrap());
}
