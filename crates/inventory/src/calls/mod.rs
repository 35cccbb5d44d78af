//! The calls: one file for each API operation.

/// Compiles and registers the calls. A call that is not listed here is not compiled.
macro_rules! calls {
    ($($module:ident),+ $(,)?) => {
        $(pub(crate) mod $module;)+

        /// Every call this crate can make: the audit makes no other, and none changes anything in IAM.
        pub static CALLS: &[&aws::ApiCall] = &[$(&$module::CALL),+];

        #[cfg(test)]
        const MODULES: &[&str] = &[$(stringify!($module)),+];
    };
}

calls! {
    get_caller_identity,
    describe_organization,
    list_accounts,
    list_roots,
    list_organizational_units_for_parent,
    list_accounts_for_parent,
    list_aws_service_access_for_organization,
    list_organizations_features,
    list_policies,
    describe_policy,
    list_targets_for_policy,
    list_tags_for_resource,
    assume_role,
    assume_root,
    get_account_summary,
    generate_credential_report,
    get_credential_report,
    list_users,
    list_virtual_mfa_devices,
    get_login_profile,
    list_mfa_devices,
    get_mfa_device,
    list_access_keys,
    list_signing_certificates,
    list_service_specific_credentials,
    get_access_key_last_used,
    get_account_password_policy,
    get_account_authorization_details,
}

mod page;

pub(crate) use page::{Page, Pages, Wanted, distinct, each_page, pages, present};

#[cfg(test)]
mod tests;
