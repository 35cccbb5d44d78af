//! The documented fields are those that are read, with the types that are documented.

use crate::{
    Expression, SubjectKind,
    fields::{Kind, Object},
    schema,
    tests::subject::Stage,
};

/// Returns, for every documented field, an expression that reads it and holds whatever it is.
fn readings(object: &Object, at: &str) -> Vec<String> {
    let mut all = Vec::new();
    for field in object.fields {
        let path = format!("{at}.{}", field.name);
        match field.kind {
            Kind::Bool => all.push(format!("{path} || !{path}")),
            Kind::Number => all.push(format!("{path} >= 0 || {path} < 0")),
            Kind::Text => all.push(format!("{path}.contains('')")),
            Kind::Choice(words) => all.push(format!("{path} in ['{}']", words.join("', '"))),
            Kind::Texts => all.push(format!("{path}.all(it, it.contains(''))")),
            Kind::Object(object) => all.extend(readings(object, &path)),
            Kind::Objects(object) => {
                // Two deep is as deep as lists are in lists.
                let name = if at.contains("member") {
                    "inner"
                } else {
                    "member"
                };
                let of_each = readings(object, name);
                all.push(format!("size({path}) > 0"));
                all.extend(
                    of_each
                        .into_iter()
                        .map(|it| format!("{path}.all({name}, {it})")),
                );
            }
        }
    }
    all
}

#[test]
fn every_documented_field_is_read_with_its_type() {
    let stage = Stage::whole();
    let mut count = 0;
    for kind in SubjectKind::ALL {
        for text in readings(kind.object(), kind.variable()) {
            let expression =
                Expression::read(&text, kind).unwrap_or_else(|it| panic!("{text}: {it:?}"));
            assert_eq!(stage.holds(&expression, kind), Ok(true), "{text}");
            count += 1;
        }
    }
    assert!(count > 80, "{count}");
}

#[test]
fn without_a_time_nothing_of_days_has_a_verdict_and_the_rest_has() {
    let stage = Stage {
        now: None,
        ..Stage::whole()
    };
    for kind in SubjectKind::ALL {
        for text in readings(kind.object(), kind.variable()) {
            let expression = Expression::read(&text, kind).unwrap();
            let days = ["age_days >", "idle_days >"]
                .iter()
                .any(|it| text.contains(it))
                && !text.contains("max_age_days");
            assert_eq!(stage.holds(&expression, kind).is_err(), days, "{text}");
        }
    }
}

#[test]
fn names_and_explanations_are_in_order() {
    fn walk(object: &Object) {
        assert!(!object.about.is_empty() && !object.about.ends_with('.'));
        let mut names: Vec<_> = object.fields.iter().map(|it| it.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), object.fields.len(), "{}", object.about);
        for field in object.fields {
            assert!(
                field.about.starts_with(char::is_uppercase),
                "{}",
                field.name
            );
            assert!(!field.about.ends_with('.'), "{}", field.name);
            match field.kind {
                Kind::Object(it) | Kind::Objects(it) => walk(it),
                Kind::Bool | Kind::Number | Kind::Text | Kind::Choice(_) | Kind::Texts => {}
            }
        }
    }
    for kind in SubjectKind::ALL {
        walk(kind.object());
    }
}

#[test]
fn the_schema_has_every_field_and_its_dataset() {
    let schema = schema();
    let user = &schema["properties"]["user"]["properties"];
    assert_eq!(user["has_mfa"]["type"], "boolean");
    assert_eq!(user["has_mfa"]["x-dataset"], "mfa-status");
    let key = &user["access_keys"]["items"]["properties"];
    assert_eq!(key["idle_days"]["type"], "integer");
    let account = &schema["properties"]["account"]["properties"];
    assert_eq!(account["kind"]["enum"][0], "management");
    assert!(account["iam_users"]["items"]["properties"]["has_mfa"].is_object());
}
