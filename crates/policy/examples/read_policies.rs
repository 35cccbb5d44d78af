//! Reads policies as JSON lines, and writes what cannot be read or decided in each, and what each allows a user without MFA.

use std::{
    io::{self, BufRead, BufWriter, Write},
    sync::Arc,
};

use mfaudit_policy::{
    Document,
    engine::{Attached, Compiled, Level, MfaContext, Origin, PolicySet, Request, ServiceControl},
};
use serde_json::{Value, json};

fn problems(document: &Value) -> Vec<String> {
    match Document::parse(&document.to_string()) {
        Err(why) => vec![why.to_string()],
        Ok(document) => {
            let strange = document.all_unrecognized().map(|it| it.place.clone());
            let compiled = Compiled::new(&document);
            strange
                .chain(compiled.undecidable().map(|it| it.to_string()))
                .collect()
        }
    }
}

fn main() -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let policy: Value = serde_json::from_str(&line?)?;
        let member = |name: &str| policy.get(name).cloned().unwrap_or_default();
        let (name, document) = (member("name"), member("document"));
        let attached = Attached {
            origin: Origin {
                policy: name.to_string(),
                level: Level::User,
            },
            contents: Arc::new(Compiled::of_text(&document.to_string())),
        };
        let set = PolicySet::new(vec![attached], None, ServiceControl::None);
        let decision = set.decide(&Request {
            mfa: MfaContext::Absent,
            caller: None,
        });
        let told = json!({
            "name": name,
            "problems": problems(&document),
            "surely": decision.surely().brief(5),
            "possibly": decision.possibly().brief(5),
        });
        writeln!(out, "{told}")?;
    }
    out.flush()
}
