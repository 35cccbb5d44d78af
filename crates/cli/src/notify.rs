//! Tells the receivers of `[[notify]]` what changed, once the reports are written. Whatever becomes of that, the verdict and
//! the exit code stand.

mod changed;
mod ending;
mod message;
mod named;

use std::{fmt::Display, io, path::Path};

use aws::Clock;
use delivery::notify::{Content, Parts, Template, Webhook};
use futures_util::future::join_all;
use program::connection;
use reporting::{Redactor, Summary};
use secrecy::SecretString;

use crate::{
    config::Environment,
    config_file::{Body, ConfigFile, Notification, Trigger},
    connect::USER_AGENT,
    error::{CliError, Kind},
    interrupt::interrupted,
    output,
};

/// The most characters of a link. Slack takes 3000, in which some characters count for five.
const LONGEST_LINK: usize = 2000;

/// The notifications that were asked for, each ready to be sent: their secrets read, their templates tried.
pub(crate) struct Notifications {
    list: Vec<(Notification, Webhook, Option<String>)>,
    /// What the configuration is called.
    file: String,
    /// Whether names or accounts are pseudonyms.
    redacted: bool,
}

/// What a run knows before it begins that notifications depend on.
pub(crate) struct Before<'a> {
    /// The earlier run to compare with.
    pub(crate) baseline: Option<&'a Path>,
    /// The certificates to trust besides the system's.
    pub(crate) ca_bundle: Option<&'a Path>,
    /// What hides names, if anything does.
    pub(crate) redactor: Option<&'a Redactor>,
    /// Whether nobody is told, so that no secret is needed.
    pub(crate) silent: bool,
}

/// Tries the templates, without what is secret.
pub(crate) fn check(config: &ConfigFile) -> Result<(), CliError> {
    for it in &config.notifications {
        template(config, it)?;
    }
    Ok(())
}

impl Notifications {
    /// Reads what the notifications need, so that what is missing is found before the work is done.
    pub(crate) fn prepare(
        config: &ConfigFile,
        before: &Before<'_>,
        environment: &Environment,
    ) -> Result<Self, CliError> {
        let mut list = Vec::new();
        if before.silent {
            check(config)?;
        }
        for it in config.notifications.iter().filter(|_| !before.silent) {
            let wrong = |what: &dyn Display| usage(config, it, what);
            let secret = |kept| named::read(config, it, kept, environment);
            let ca_bundle = connection::ca_bundle(before.ca_bundle, environment)?;
            let parts = Parts {
                url: secret(&it.url)?.into(),
                secret: (it.secret.as_ref().map(secret).transpose()?).map(SecretString::from),
                template: template(config, it)?,
                timeout: it.timeout,
                retry_wait: it.retry_wait,
                ca_bundle: ca_bundle.map(|(_, pem)| pem),
                user_agent: USER_AGENT,
                clock: || Clock::System.now().epoch_seconds(),
            };
            let hook = Webhook::new(parts).map_err(|error| {
                let of_url = format!("the webhook's address is of no use: {error}");
                wrong(&of_url)
            })?;
            let link = it.link.as_ref().map(secret).transpose()?;
            if let Some(link) = &link
                && !(link.starts_with("https://") || link.starts_with("http://"))
            {
                return Err(wrong(&"the link is no address: https://HOST/PATH"));
            }
            let length = link.as_ref().map_or(0, |it| it.chars().count());
            if length > LONGEST_LINK {
                let what = format!("the link has {length} characters, and may have {LONGEST_LINK}");
                return Err(wrong(&what));
            }
            let blind = before.baseline.is_none() && it.on.iter().any(|it| it.needs_baseline());
            if blind && !it.on.contains(&Trigger::Always) {
                output::say(&format!(
                    "note: without --baseline nobody knows what changed, so {} is told of this run whatever it finds",
                    hook.host()
                ));
            }
            list.push((it.clone(), hook, link));
        }
        Ok(Self {
            list,
            file: config.name.clone(),
            redacted: before.redactor.is_some(),
        })
    }

    /// Sends what there is to tell of a run, and says on standard error what did not arrive.
    pub(crate) fn send(&self, summary: &Summary) {
        let told = self.list.iter().filter_map(|(it, hook, link)| {
            let message = message::of(summary, it, self.redacted, link.clone())?;
            Some((it, hook, message))
        });
        let told: Vec<_> = told.collect();
        if told.is_empty() {
            return;
        }
        let sent = on_a_thread(async {
            let sending = told.iter().map(async |(it, hook, message)| {
                let result = hook.send(message).await;
                match result {
                    Ok(()) => output::say(&format!("note: {} was told", hook.host())),
                    Err(error) => self.warn(it, hook.host(), &error),
                }
            });
            tokio::select! {
                _ = join_all(sending) => {}
                () = interrupted() => {
                    output::say("warning: interrupted before every notification was sent; the verdict stands");
                }
            }
        });
        if let Err(error) = sent {
            output::say(&format!(
                "warning: no notification was sent: {error}; the verdict stands"
            ));
        }
    }

    fn warn(&self, it: &Notification, host: &str, error: &dyn Display) {
        let file = reporting::visible(&self.file);
        output::say(&format!(
            "warning: the notification to {host} ({file}:{}) did not arrive: {error}; the verdict stands",
            it.line
        ));
    }
}

/// Runs a future to its end on a thread of its own: the caller may be on a runtime, which cannot wait for another.
fn on_a_thread(future: impl Future<Output = ()> + Send) -> io::Result<()> {
    let run = || {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        let runtime = builder.enable_all().build()?;
        runtime.block_on(future);
        // What still hangs in the network must not hold up the exit.
        runtime.shutdown_background();
        Ok(())
    };
    std::thread::scope(|scope| {
        let thread = scope.spawn(run);
        let failed = |_| Err(io::Error::other("the thread that sends them failed"));
        thread.join().unwrap_or_else(failed)
    })
}

fn template(config: &ConfigFile, it: &Notification) -> Result<Template, CliError> {
    let lines = usize::try_from(it.lines).unwrap_or_default();
    match &it.body {
        Body::Json => Ok(Template::json()),
        Body::Slack => Template::slack(lines).map_err(|error| usage(config, it, &error)),
        Body::Teams => Template::teams(lines).map_err(|error| usage(config, it, &error)),
        Body::Template { path, content_type } => {
            let path = config.folder.join(path);
            let source = named::text_of(&path).map_err(|error| usage(config, it, &error))?;
            let template = Template::parse(source, Content::of(content_type), lines);
            template.map_err(|error| {
                let what = format!("the template {} cannot be used: {error}", path.display());
                let error = usage(config, it, &what);
                error.hint("docs/notifications.md tells what a template is given; JSON needs no quotes around {{ … }}")
            })
        }
    }
}

fn usage(config: &ConfigFile, it: &Notification, what: &dyn Display) -> CliError {
    let file = reporting::visible(&config.name);
    let what = format!("{file}:{}: [[notify]]: {what}", it.line);
    CliError::new(Kind::Usage, what)
}
