//! `mfaudit policy-check`: tells what policy documents come to without MFA, from the documents alone.

mod answer;
mod read;
mod write;

#[cfg(test)]
mod tests;

use std::{path::PathBuf, sync::Arc};

use policy::engine::{
    Attached, Compiled, Level, Origin, PolicySet, ScpLevel, SelfService, ServiceControl,
    self_management_policy, service_control_policy,
};

use self::{
    answer::{Answer, Outcome},
    read::ReadPolicy,
};
use crate::{
    args::{PolicyCheck, PolicyCheckForm, Recommended},
    config_file::ConfigFile,
    error::CliError,
    exit::ExitStatus,
    output,
};

const FULL: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
/// What the target of service control policies is called: whatever they are attached to.
const TARGET: &str = "the target";

pub(super) fn run(args: &PolicyCheck) -> Result<ExitStatus, CliError> {
    if let Some(recommended) = args.recommended {
        output::print(&document(recommended, &args.partition))?;
        return Ok(ExitStatus::Clean);
    }
    let config = ConfigFile::read(args.config.config.as_deref())?;
    let settings = config.rules.criteria_of(&[]).settings;
    let self_service =
        SelfService::new(settings.iam_user_mfa_enforced.self_service.iter().copied());
    let all = |files: &[PathBuf]| -> Result<Vec<ReadPolicy>, CliError> {
        files.iter().map(|it| read::policy(it)).collect()
    };
    let given = Given {
        identity: all(&args.files)?,
        over: all(&args.scp)?,
        boundary: args.boundary.as_deref().map(read::policy).transpose()?,
    };
    let answer = given.answer(&self_service);
    let text = match args.format {
        PolicyCheckForm::Text => answer.text(),
        PolicyCheckForm::Json => answer.json()?,
    };
    output::print(&text)?;
    Ok(match answer.outcome() {
        Outcome::Enforced => ExitStatus::Clean,
        Outcome::NotEnforced => ExitStatus::Failures,
        Outcome::Unclear => ExitStatus::Incomplete,
    })
}

fn document(which: Recommended, partitions: &[String]) -> String {
    let partitions: Vec<_> = partitions.iter().map(String::as_str).collect();
    match which {
        Recommended::Policy => self_management_policy(&partitions),
        Recommended::Scp => service_control_policy(),
    }
}

/// The documents that were given.
struct Given {
    identity: Vec<ReadPolicy>,
    over: Vec<ReadPolicy>,
    boundary: Option<ReadPolicy>,
}

impl Given {
    fn answer(&self, self_service: &SelfService) -> Answer {
        let mut assumed = vec!["the user has a console password and an access key"];
        let attach = |it: &ReadPolicy, level: Level| attached(&it.name, level, &it.contents);
        let full = || Arc::new(Compiled::of_text(FULL));
        let identity = self.identity.iter().map(|it| attach(it, Level::User));
        let mut identity: Vec<_> = identity.collect();
        if identity.is_empty() {
            assumed.push("its own policies allow everything, since none was given");
            identity.push(attached("that allows everything", Level::User, &full()));
        }
        let boundary = self.boundary.as_ref();
        let boundary = boundary.map(|it| attach(it, Level::Boundary));
        let level = || Level::ServiceControl(TARGET.to_owned());
        let mut over: Vec<_> = self.over.iter().map(|it| attach(it, level())).collect();
        let over = if over.is_empty() {
            assumed.push("no service control policy is over its account, since none was given");
            ServiceControl::None
        } else {
            assumed.push("the service control policies are attached to one target, and every other level allows everything");
            if !self.over.iter().any(|it| it.contents.allows()) {
                assumed.push(
                    "FullAWSAccess is attached beside them, since none of them allows anything",
                );
                over.push(attached("FullAWSAccess", level(), &full()));
            }
            ServiceControl::Levels(vec![ScpLevel {
                target: TARGET.to_owned(),
                policies: over,
            }])
        };
        let set = PolicySet::new(identity, boundary, over);
        let all = self.identity.iter().chain(&self.over);
        let unknown = all
            .chain(&self.boundary)
            .flat_map(|it| it.contents.undecidable().map(|on| (it.name.clone(), on)));
        let unknown: Vec<_> = unknown.collect();
        Answer::new(&set, self_service, assumed, &unknown)
    }
}

fn attached(name: &str, level: Level, contents: &Arc<Compiled>) -> Attached {
    Attached {
        origin: Origin {
            policy: name.to_owned(),
            level,
        },
        contents: Arc::clone(contents),
    }
}
