use aws::{Resource, Service, Site, Trouble, api_call};
use aws_sdk_iam::{Client, types::User};
use model::{Arn, GapReason};

api_call! {
    /// Tells whether the user exists, and its ARN with its path.
    {
        service: Service::Iam,
        operation: "GetUser",
        actions: &["iam:GetUser"],
        site: Site::Enrolment,
        resource: Resource::User,
        feeds: &[],
        without: "a name that does not exist is found later, and a user's path is not known",
    }
}

/// Returns the ARN of a user.
pub(crate) async fn get_user(iam: &Client, user: &str) -> Result<Arn, Trouble> {
    let answer = iam.get_user().user_name(user).send().await;
    let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
    let arn = answer.user().map(User::arn).unwrap_or_default();
    arn.parse().map_err(|_| {
        Trouble::new(
            CALL.operation,
            GapReason::Malformed,
            format!("`{arn}` is not an ARN"),
        )
    })
}
