//! Object storage, as commands use it: where a file is named, an address of storage may stand.

mod bridge;
mod credentials;

use std::{
    cell::OnceCell,
    fs::File,
    future::Future,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use aws::{CallerCredentials, ConnectOptions, Proxy};
use delivery::storage::{
    Location, Overwrite, Provider, StorageError, StorageOptions, Store, Trouble,
};
use program::connection;

use self::{bridge::Bridge, credentials::FromCaller};
use crate::{
    args::StorageArgs,
    config::Environment,
    error::{CliError, Kind},
    interrupt,
    output::{self, Output},
};

/// The way to object storage. Nothing is opened or asked before an address is used.
pub(crate) struct Storage {
    args: StorageArgs,
    profile: Option<String>,
    ca_bundle: Option<PathBuf>,
    environment: Environment,
    bridge: Arc<Bridge>,
    caller: OnceCell<Arc<CallerCredentials>>,
    /// Holds copies of what was fetched, as long as they are read.
    copies: OnceCell<tempfile::TempDir>,
}

impl Storage {
    /// Returns the way to storage, by the credentials of the environment, for who writes to what is named.
    pub(crate) fn to_write(
        environment: &Environment,
        args: &StorageArgs,
        named: impl IntoIterator<Item: AsRef<Path>>,
    ) -> Result<Self, CliError> {
        args.refuse_without_effect(named)?;
        Self::new(environment, args)
    }

    fn new(environment: &Environment, args: &StorageArgs) -> Result<Self, CliError> {
        Ok(Self {
            args: args.clone(),
            profile: None,
            ca_bundle: None,
            environment: environment.clone(),
            bridge: Arc::new(Bridge::new()?),
            caller: OnceCell::new(),
            copies: OnceCell::new(),
        })
    }

    /// Returns the way for who only reads.
    pub(crate) fn to_read(environment: &Environment) -> Result<Self, CliError> {
        Self::new(environment, &StorageArgs::default())
    }

    /// Returns the same with the profile and the certificates of a connection.
    pub(crate) fn of_connection(mut self, args: &connection::ConnectionArgs) -> Self {
        self.profile.clone_from(&args.profile);
        self.ca_bundle.clone_from(&args.ca_bundle);
        self
    }

    /// Does some work with storage and waits for it, from inside another runtime too.
    pub(crate) fn block_on<T: Send>(
        &self,
        work: impl Future<Output = T> + Send,
    ) -> Result<T, CliError> {
        self.bridge.run(work)
    }

    /// Opens the folder at an address.
    pub(crate) fn open(&self, at: &Location) -> Result<Store, CliError> {
        let certificates = connection::ca_bundle(self.ca_bundle.as_deref(), &self.environment)?;
        let mut options = StorageOptions {
            encryption: self.args.encryption(),
            ca_bundle: certificates.as_ref().map(|it| it.1.clone()),
            warn: Some(warn),
            ..StorageOptions::default()
        };
        if at.provider() == Provider::S3 {
            let caller = self.caller(certificates)?;
            options.aws_region = caller.region().map(str::to_owned);
            options.aws_credentials = Some(Arc::new(FromCaller(caller)));
        }
        Store::open(at, &options).map_err(storage_error)
    }

    fn caller(
        &self,
        certificates: Option<(PathBuf, Vec<u8>)>,
    ) -> Result<Arc<CallerCredentials>, CliError> {
        if let Some(caller) = self.caller.get() {
            return Ok(Arc::clone(caller));
        }
        let options = ConnectOptions {
            user_agent: crate::connect::USER_AGENT.to_owned(),
            profile: self.profile.clone(),
            ca_bundle: certificates,
            proxy: Proxy::FromEnvironment,
            ..ConnectOptions::default()
        };
        let loaded = self.block_on(async move { CallerCredentials::load(&options).await })?;
        let loaded = Arc::new(loaded.map_err(|error| CliError::new(Kind::Usage, error))?);
        Ok(Arc::clone(self.caller.get_or_init(|| loaded)))
    }

    /// Returns what a file that is named is on this machine: itself, or a copy of what an address names.
    pub(crate) fn fetch(&self, named: &Path) -> Result<PathBuf, CliError> {
        let Some(at) = location(named)? else {
            return Ok(named.to_owned());
        };
        let (store, name) = self.object(named, &at)?;
        let copies = self.copies()?;
        // Two that are compared may have one name.
        let folder = tempfile::Builder::new().prefix("copy-").tempdir_in(copies);
        let folder = folder
            .map_err(|error| output::cannot_write(copies, error))?
            .keep();
        let path = folder.join(&name);
        let mut file =
            File::create_new(&path).map_err(|error| output::cannot_write(&path, error))?;
        self.block_on(store.download(&name, &mut file))?
            .map_err(storage_error)?;
        Ok(path)
    }

    /// Returns the same of several.
    pub(crate) fn fetch_all(&self, named: &[PathBuf]) -> Result<Vec<PathBuf>, CliError> {
        named.iter().map(|it| self.fetch(it)).collect()
    }

    fn copies(&self) -> Result<&Path, CliError> {
        if self.copies.get().is_none() {
            let mut builder = tempfile::Builder::new();
            builder.prefix("mfaudit-");
            // A snapshot is as secret here as it was there.
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                builder.permissions(std::fs::Permissions::from_mode(0o700));
            }
            let folder = builder.tempdir();
            let folder =
                folder.map_err(|error| output::cannot_write(&std::env::temp_dir(), error))?;
            interrupt::remove_in_the_end(folder.path().to_owned());
            let _ = self.copies.set(folder);
        }
        Ok(self.copies.get().map_or(Path::new("."), |it| it.path()))
    }

    /// Opens what a name stands for: a file, or an object that is written when it is whole. Found before the work is
    /// done: an object that is there and may not be overwritten.
    pub(crate) fn output(&self, named: &Path) -> Result<Output, CliError> {
        let Some(destination) = self.destination(named)? else {
            return Output::file(named);
        };
        let to = destination.at.to_string();
        let name = destination.name.clone();
        let forward = move |file: tempfile::NamedTempFile| {
            let sent = destination.send(file.path());
            if sent.is_err() {
                // Where it cannot be kept, it is where it was until the machine clears it away.
                let _ = file.keep();
            }
            sent
        };
        Output::forwarded(to, &name, Box::new(forward))
    }

    /// Returns where an address leads; `None` for a file of this machine.
    pub(crate) fn destination(&self, named: &Path) -> Result<Option<Destination>, CliError> {
        let Some(at) = location(named)? else {
            return Ok(None);
        };
        let (store, name) = self.object(named, &at)?;
        if at.local_path().is_some_and(|it| it.is_dir()) {
            let is_folder = io::Error::from(io::ErrorKind::IsADirectory);
            return Err(output::cannot_write(named, is_folder));
        }
        let overwrite = self.args.overwrites();
        if overwrite == Overwrite::Never
            && self.block_on(store.exists(&name))?.map_err(storage_error)?
        {
            let what = format!("there is something at {at} already");
            let error = CliError::new(Kind::Output, what);
            return Err(error.hint("name another place, or say --overwrite"));
        }
        Ok(Some(Destination {
            at,
            store,
            name,
            overwrite,
            bridge: Arc::clone(&self.bridge),
        }))
    }

    /// Opens the folder that an object is in; `named` is what it was called.
    fn object(&self, named: &Path, at: &Location) -> Result<(Store, String), CliError> {
        let nameless = |what: &str| {
            let error = CliError::new(Kind::Usage, format!("{at} names {what}"));
            error.hint("add the file's name: s3://BUCKET/run.mfaudit")
        };
        if named.to_string_lossy().ends_with('/') {
            return Err(nameless("a folder, with the slash at its end"));
        }
        let (folder, name) = at.split().ok_or_else(|| nameless("no object"))?;
        Ok((self.open(&folder)?, name))
    }
}

/// Where an object goes that is not written yet.
pub(crate) struct Destination {
    at: Location,
    store: Store,
    name: String,
    overwrite: Overwrite,
    bridge: Arc<Bridge>,
}

impl Destination {
    /// Returns what the object is called.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Sends a file that is whole. Where that fails, the error says that it is still where it was.
    pub(crate) fn send(&self, path: &Path) -> Result<(), CliError> {
        let kept =
            |error: CliError| error.hint_first(format!("the file is kept: {}", path.display()));
        let file = File::open(path).map_err(|error| output::cannot_write(path, error))?;
        let work = self.store.upload(&self.name, file, self.overwrite);
        let sent = if self.at.provider() == Provider::File {
            self.bridge.run_to_its_end(work)
        } else {
            self.bridge.run(work)
        };
        let sent = sent.map_err(kept)?;
        sent.map_err(|error| kept(storage_error(error)))
    }
}

/// Reads a name as an address, if it is meant as one.
pub(crate) fn location(named: &Path) -> Result<Option<Location>, CliError> {
    if !Location::is_meant_by(named) {
        return Ok(None);
    }
    let text = named.to_string_lossy();
    let read = text
        .parse()
        .map_err(|error| CliError::new(Kind::Usage, error))?;
    Ok(Some(read))
}

/// Says what went wrong with storage, and what to do.
pub(crate) fn storage_error(error: StorageError) -> CliError {
    let hint = error.hint();
    let kind = match error.trouble {
        Trouble::Options | Trouble::NotBuilt => Kind::Usage,
        Trouble::NotFound
        | Trouble::NoBucket
        | Trouble::Exists
        | Trouble::Busy
        | Trouble::Denied
        | Trouble::Expired
        | Trouble::Local
        | Trouble::Failed => {
            if error.doing == "write" {
                Kind::Output
            } else {
                Kind::Failed
            }
        }
    };
    CliError::new(kind, error).hint(hint)
}

/// Says what is left over in storage.
fn warn(error: &StorageError) {
    let cause = std::error::Error::source(error);
    let cause = cause.map_or_else(String::new, |it| format!(": {it}"));
    output::say(&format!(
        "warning: {error}{cause}; nobody takes it for data, and it can be removed by hand"
    ));
}
