use aws::{Resource, Service, Site, Trouble, api_call};
use aws_sdk_iam::Client;
use model::{Dataset, GapReason, PasswordPolicy};

api_call! {
    /// Tells what the account demands of passwords.
    {
        service: Service::Iam,
        operation: "GetAccountPasswordPolicy",
        actions: &["iam:GetAccountPasswordPolicy"],
        site: Site::Member,
        resource: Resource::Any,
        feeds: &[Dataset::PasswordPolicy],
        without: "the password policy is not seen",
    }
}

/// Returns the account's password policy. `NoSuchEntity` is AWS's word for none, where its default applies.
pub(crate) async fn get_account_password_policy(iam: &Client) -> Result<PasswordPolicy, Trouble> {
    let answer = match iam.get_account_password_policy().send().await {
        Ok(answer) => answer,
        Err(error) => {
            let trouble = Trouble::from_sdk(CALL.operation, &error);
            let none = trouble.code == "NoSuchEntity" && trouble.reason != GapReason::AccessDenied;
            return if none { Ok(PasswordPolicy::Default) } else { Err(trouble) };
        }
    };
    let Some(policy) = answer.password_policy else {
        return Err(Trouble::new(CALL.operation, GapReason::Malformed, "the answer has no `PasswordPolicy`"));
    };
    let number = |it: Option<i32>| it.and_then(|it| u32::try_from(it).ok()).filter(|it| *it > 0);
    let Some(minimum_length) = number(policy.minimum_password_length) else {
        return Err(Trouble::new(CALL.operation, GapReason::Malformed, "the answer has no `MinimumPasswordLength`"));
    };
    Ok(PasswordPolicy::Custom {
        minimum_length,
        reuse_prevention: number(policy.password_reuse_prevention),
        max_age_days: number(policy.max_password_age).filter(|_| policy.expire_passwords),
    })
}
