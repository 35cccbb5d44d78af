//! The catalog: one file for each rule.

/// Compiles and registers the rules. A rule that is not listed here is not compiled.
macro_rules! catalog {
    ($($module:ident),+ $(,)?) => {
        $(pub(crate) mod $module;)+

        /// Every rule, in the order reports list them.
        pub static CATALOG: &[&crate::Rule] = &[$(&$module::RULE),+];

        #[cfg(test)]
        pub(crate) fn examples() -> Vec<(&'static crate::Rule, Vec<crate::example::Example>)> {
            vec![$((&$module::RULE, $module::examples())),+]
        }
    };
}

catalog! {
    root_user_mfa,
    root_user_access_key,
    root_user_hardware_mfa,
    root_user_phishing_resistant_mfa,
    root_user_backup_mfa,
    root_user_signing_certificate,
    root_user_recent_use,
    root_user_credentials_removed,
    organization_root_credentials_management,
    organization_root_sessions,
    account_password_policy,
    account_unassigned_virtual_mfa,
    iam_user_console_mfa,
    iam_user_mfa,
    iam_user_access_key_mfa,
    iam_user_admin_mfa,
    iam_user_phishing_resistant_mfa,
    iam_user_hardware_mfa,
    iam_user_sms_mfa,
    iam_user_fido_certification,
    iam_user_backup_mfa,
    iam_user_unused_password,
    iam_user_unused_access_key,
    iam_user_access_key_rotation,
    iam_user_single_access_key,
    iam_user_initial_access_key,
    iam_user_password_and_access_key,
    iam_user_signing_certificate,
    iam_user_service_specific_credential,
    iam_user_direct_policy,
    iam_user_in_federated_organization,
    iam_user_mfa_enforced,
    iam_user_mfa_enforcement_bypass,
    iam_role_trust_mfa,
}

mod age;
pub(crate) mod root_credentials;

#[cfg(test)]
mod property_authorization;
#[cfg(test)]
mod property_root;
#[cfg(test)]
mod property_user;
#[cfg(test)]
mod tests;
