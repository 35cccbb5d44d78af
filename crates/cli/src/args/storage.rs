//! How what is written to object storage is written.

use std::path::Path;

use clap::{Args as ClapArgs, ValueEnum};
use delivery::storage::{Encryption, Overwrite};

use crate::error::{CliError, Kind};

#[derive(ClapArgs, Clone, Debug, Default)]
#[command(next_help_heading = "Storage")]
pub(crate) struct StorageArgs {
    /// Replace what is at an address already; without it, nothing at s3://, gs://, az:// or file:// is overwritten
    #[arg(long)]
    pub(crate) overwrite: bool,
    /// How S3 encrypts what is written there; else as the bucket says
    #[arg(long, value_name = "METHOD")]
    pub(crate) sse: Option<Sse>,
    /// The key of AWS KMS for it: an id, an ARN or an alias
    #[arg(long, value_name = "KEY", requires = "sse")]
    pub(crate) sse_kms_key_id: Option<String>,
}

/// Server-side encryption, by S3's own names.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Sse {
    /// With keys of S3
    #[value(name = "AES256")]
    Aes256,
    /// With a key of AWS KMS
    #[value(name = "aws:kms")]
    Kms,
}

impl StorageArgs {
    /// Refuses encryption that nothing of what is written would have.
    pub(crate) fn refuse_without_effect(
        &self,
        named: impl IntoIterator<Item: AsRef<Path>>,
    ) -> Result<(), CliError> {
        if self.sse == Some(Sse::Aes256) && self.sse_kms_key_id.is_some() {
            let what =
                "`--sse AES256` encrypts with keys of S3, and --sse-kms-key-id names another";
            let error = CliError::new(Kind::Usage, what);
            return Err(error.hint("say --sse aws:kms for that key, or leave it out"));
        }
        let is_in_s3 = |it: &Path| it.to_str().is_some_and(|it| it.starts_with("s3://"));
        if self.sse.is_some() && !named.into_iter().any(|it| is_in_s3(it.as_ref())) {
            let what = "encryption is asked for by --sse, and nothing is written to S3";
            let error = CliError::new(Kind::Usage, what);
            return Err(error.hint("leave --sse out, or name an address in s3://"));
        }
        Ok(())
    }

    pub(crate) fn encryption(&self) -> Encryption {
        match self.sse {
            None => Encryption::OfBucket,
            Some(Sse::Aes256) => Encryption::S3Keys,
            Some(Sse::Kms) => Encryption::Kms {
                key_id: self.sse_kms_key_id.clone(),
            },
        }
    }

    pub(crate) const fn overwrites(&self) -> Overwrite {
        if self.overwrite {
            Overwrite::Yes
        } else {
            Overwrite::Never
        }
    }
}
