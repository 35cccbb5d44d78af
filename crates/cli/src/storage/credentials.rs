//! The credentials that storage is reached with.

use std::{future::Future, pin::Pin, sync::Arc};

use aws::CallerCredentials;
use delivery::storage::{AwsCredentials, AwsKeys};

/// The caller's credentials, for storage.
#[derive(Debug)]
pub(super) struct FromCaller(pub(super) Arc<CallerCredentials>);

impl AwsCredentials for FromCaller {
    fn keys(&self) -> Pin<Box<dyn Future<Output = Result<AwsKeys, String>> + Send + '_>> {
        Box::pin(async {
            let keys = self.0.keys().await?;
            Ok(AwsKeys {
                access_key_id: keys.access_key_id,
                secret_access_key: keys.secret_access_key,
                session_token: keys.session_token,
            })
        })
    }
}
