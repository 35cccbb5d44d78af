//! The catalog: one file for each rule.

/// Compiles and registers the rules. A rule that is not listed here is not compiled.
macro_rules! catalog {
    ($($module:ident),+ $(,)?) => {
        $(mod $module;)+

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
    iam_user_console_mfa,
    iam_user_mfa,
    iam_user_access_key_mfa,
    iam_user_admin_mfa,
    iam_user_direct_policy,
    iam_role_trust_mfa,
}

mod root_credentials;

#[cfg(test)]
mod property_authorization;
#[cfg(test)]
mod tests;
