use aws::{Resource, Service, Site, Trouble, api_call};
use aws_sdk_iam::Client;
use model::{ConsolePassword, Dataset};

api_call! {
    /// Tells whether a user has a console password now: to confirm a failing user, and for users the report does not
    /// know.
    {
        service: Service::Iam,
        operation: "GetLoginProfile",
        actions: &["iam:GetLoginProfile"],
        site: Site::Member,
        resource: Resource::Any,
        feeds: &[Dataset::LoginProfiles],
        without: "failing users cannot be confirmed, and are a gap",
    }
}

/// Returns whether the user has a console password. `NoSuchEntity` is AWS's way to say that it has none.
pub(crate) async fn get_login_profile(iam: &Client, user: Option<&str>) -> Result<ConsolePassword, Trouble> {
    match iam.get_login_profile().set_user_name(user.map(str::to_owned)).send().await {
        Ok(_) => Ok(ConsolePassword::Set),
        Err(error) => {
            let trouble = Trouble::from_sdk(CALL.operation, &error);
            if trouble.code == "NoSuchEntity" { Ok(ConsolePassword::NotSet) } else { Err(trouble) }
        }
    }
}
