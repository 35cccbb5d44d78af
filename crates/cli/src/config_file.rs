//! The configuration file, `mfaudit.toml`: a module for each of its sections, and every mistake at once.

mod bundled;
mod collection;
mod coverage_waivers;
mod custom_rules;
mod gate;
mod mistakes;
#[cfg_attr(
    not(feature = "notify"),
    expect(dead_code, reason = "it is read, and a mistake")
)]
mod notify;
mod origin;
mod owners;
mod print;
mod reports;
mod role;
mod rules;
mod rulesets;
mod schema;
mod scope;
mod section;
mod table;
#[cfg(test)]
mod tests;
mod value;
mod waivers;

use std::{
    io,
    path::{Path, PathBuf},
};

use ::rules::{CATALOG, CoverageWaiver, Criteria};
use reporting::Owners;
use toml::de::DeTable;

#[cfg(feature = "notify")]
pub(crate) use self::notify::{Body, Kept, Trigger};
pub(crate) use self::{
    custom_rules::Custom,
    notify::Notification,
    owners::OwnerSource,
    print::Options,
    rules::RulesSection,
    schema::{default_audit, schema},
};
use self::{
    mistakes::Mistakes, reports::ReportsSection, section::Stated, table::Table,
    waivers::WaiversSection,
};
use crate::{
    args::{AssumeRoot, CollectionArgs, GateArgs, RoleArgs, RuleArgs, ScopeArgs},
    error::{CliError, Kind},
    given::Given,
    output, owners_file,
};

/// The file that is read where none is named.
const DEFAULT: &str = "mfaudit.toml";

/// What the configuration file says.
#[derive(Debug, Default)]
pub(crate) struct ConfigFile {
    /// The file's name; empty if there is none.
    pub(crate) name: String,
    /// The file's text.
    text: String,
    scope: Stated<ScopeArgs>,
    /// `[role]`.
    pub(crate) role: Stated<RoleArgs>,
    /// `[collection]`.
    pub(crate) collection: Stated<CollectionArgs>,
    /// `[rules]`.
    pub(crate) rules: RulesSection,
    /// `[gate]`.
    pub(crate) gate: Stated<GateArgs>,
    /// `[[report]]`.
    pub(crate) reports: ReportsSection,
    /// `[[coverage-waiver]]`.
    pub(crate) coverage_waivers: Vec<CoverageWaiver>,
    /// `[[owner]]`.
    pub(crate) owners: Vec<OwnerSource>,
    /// `[[notify]]`.
    #[cfg_attr(not(feature = "notify"), expect(dead_code, reason = "none is sent"))]
    pub(crate) notifications: Vec<Notification>,
    /// The folder that paths of the file are relative to.
    pub(crate) folder: PathBuf,
    /// `[[waiver]]`, and `[waivers]`.
    pub(crate) waivers: WaiversSection,
    /// `[[rule]]`.
    pub(crate) custom_rules: Vec<Custom>,
}

impl ConfigFile {
    /// Reads the file that was named, else the default one if there is one, and says so: a file that nobody named
    /// must not change a verdict in silence.
    pub(crate) fn read(named: Option<&Path>) -> Result<Self, CliError> {
        let path = named.unwrap_or(Path::new(DEFAULT));
        match read_to_string(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && named.is_none() => {
                Ok(Self::default())
            }
            Err(error) => Err(unreadable(path, &error)),
            Ok(text) => {
                if named.is_none() {
                    output::say(&format!(
                        "note: {DEFAULT} in the working directory is used; --config FILE names another"
                    ));
                }
                Self::parse(path, &text)
            }
        }
    }

    /// Reads the file that was named, else the default one, which must be there.
    pub(crate) fn check(named: Option<&Path>) -> Result<Self, CliError> {
        let path = named.map_or_else(|| PathBuf::from(DEFAULT), Path::to_owned);
        let text = read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
        Self::parse(&path, &text)
    }

    /// Returns who answers for what.
    pub(crate) fn owners(&self) -> Result<Owners, CliError> {
        let mut owners = Owners::default();
        for source in &self.owners {
            match source {
                OwnerSource::Account(id, name) => owners.of_account(id.clone(), name),
                OwnerSource::Unit(path, name) => owners.of_unit(path, name),
                OwnerSource::Principal(arn, name) => owners.of_principal(arn, name),
                OwnerSource::Tag(_) => owners.by_tag(),
                OwnerSource::File(path) => {
                    owners_file::read(&self.folder.join(path), &mut owners)?;
                }
            }
        }
        Ok(owners)
    }

    /// Returns the key of the accounts' tag that names their owners.
    pub(crate) fn owner_tag(&self) -> Option<&str> {
        self.owners.iter().find_map(|it| match it {
            OwnerSource::Tag(key) => Some(key.as_str()),
            OwnerSource::Account(..)
            | OwnerSource::Unit(..)
            | OwnerSource::Principal(..)
            | OwnerSource::File(..) => None,
        })
    }

    fn parse(path: &Path, text: &str) -> Result<Self, CliError> {
        let (config, mistakes) = Self::parts(path, text);
        mistakes.none_or(config)
    }

    /// Returns what could be read, and what could not.
    fn parts<'a>(path: &'a Path, text: &'a str) -> (Self, Mistakes<'a>) {
        let mut mistakes = Mistakes::new(path, text);
        let (document, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            mistakes.add(error.span().unwrap_or_default(), error.message());
        }
        // What could be read in spite of them is checked too, so that all is told at once.
        let errors = mistakes.count();
        let mut config = Self::of(Table::new(&document), &mut mistakes);
        config.name = path.display().to_string();
        path.parent()
            .unwrap_or(Path::new(""))
            .clone_into(&mut config.folder);
        text.clone_into(&mut config.text);
        mistakes.without_consequences(errors);
        (config, mistakes)
    }

    /// Takes the sections out of the document. What is left is unknown.
    fn of(mut document: Table<'_>, mistakes: &mut Mistakes<'_>) -> Self {
        let config = Self::sections(&mut document, mistakes);
        document.end(mistakes);
        config
    }

    fn sections(document: &mut Table<'_>, mistakes: &mut Mistakes<'_>) -> Self {
        // The other sections may name them.
        let custom_rules = custom_rules::take(document, mistakes);
        let own = custom_rules.iter().map(|it| it.rule);
        let known = CATALOG.iter().copied().chain(own).collect();
        let rules = rules::take(document, known, mistakes);
        let waivers = waivers::take(document, &rules.known(), mistakes);
        Self {
            name: String::new(),
            text: String::new(),
            scope: scope::take(document, mistakes),
            role: role::SECTION.take(document, mistakes),
            collection: collection::SECTION.take(document, mistakes),
            rules,
            gate: gate::SECTION.take(document, mistakes),
            reports: reports::take(document, mistakes),
            coverage_waivers: coverage_waivers::take(document, mistakes),
            owners: owners::take(document, mistakes),
            notifications: notify::take(document, mistakes),
            folder: PathBuf::new(),
            waivers,
            custom_rules,
        }
    }

    /// Returns what this run is judged by.
    pub(crate) fn criteria(&self, flags: &RuleArgs) -> Result<Criteria, CliError> {
        Ok(Criteria {
            waivers: self.waivers.waivers.clone(),
            ..self.rules.criteria(flags)?
        })
    }

    /// Sets what the file says of the scope.
    pub(crate) fn scope(&self, options: &mut ScopeArgs, given: &Given) {
        scope::apply(&self.scope, options, given);
    }

    /// Sets what a run is told, where the command line does not.
    pub(crate) fn apply_to_run(
        &self,
        scope: &mut ScopeArgs,
        role: &mut RoleArgs,
        collection: &mut CollectionArgs,
        given: &Given,
    ) {
        self.scope(scope, given);
        self.role.apply(role, given);
        self.collection.apply(collection, given);
    }

    /// Sets when root users are looked at, for a command that collects nothing else.
    pub(crate) fn assume_root(&self, option: &mut AssumeRoot, given: &Given) {
        let stated = self.collection.value("assume-root");
        if !given.has("assume_root")
            && let Some(when) = stated.and_then(collection::assume_root_of)
        {
            *option = when;
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the configuration file"
)]
fn read_to_string(path: &Path) -> io::Result<String> {
    std::fs::read_to_string(path)
}

fn unreadable(path: &Path, error: &io::Error) -> CliError {
    let what = format!("cannot read the configuration {}: {error}", path.display());
    let error = CliError::new(Kind::Usage, what);
    error.hint("name a TOML file with --config; the guide tells what may stand in it")
}
