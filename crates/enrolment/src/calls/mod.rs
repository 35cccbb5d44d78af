//! The calls: one file for each API operation.

/// Compiles and registers the calls. A call that is not listed here is not compiled.
macro_rules! calls {
    ($($module:ident),+ $(,)?) => {
        $(pub(crate) mod $module;)+

        /// Every call this crate can make. No other crate of ours declares a call that changes anything in IAM.
        pub static CALLS: &[&aws::ApiCall] = &[$(&$module::CALL),+];
    };
}

calls! {
    get_caller_identity,
    get_session_token,
    get_user,
    list_account_aliases,
    list_mfa_devices,
    get_mfa_device,
    list_virtual_mfa_devices,
    simulate_principal_policy,
    create_virtual_mfa_device,
    enable_mfa_device,
    resync_mfa_device,
    delete_virtual_mfa_device,
}

#[cfg(test)]
mod tests;
