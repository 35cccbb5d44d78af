//! IAM: the reading operations that an audit uses, and those that enrol MFA devices.

mod account;
mod authorization;
mod certificates;
mod devices;
mod enable;
mod input;
mod keys;
mod owner;
mod password_policy;
mod report;
mod report_file;
mod service_credentials;
mod simulate_policy;
mod users;
mod virtual_devices;

pub(crate) use self::report::Reports;
use crate::call::Call;
use crate::error::ApiError;
use crate::paging::Window;
use crate::reply::Output;
use crate::xml::Xml;

/// Answers a call.
pub(crate) fn dispatch(call: &Call) -> Result<Output, ApiError> {
    match call.name {
        "CreateVirtualMFADevice" => virtual_devices::create_virtual_mfa_device(call),
        "DeleteVirtualMFADevice" => virtual_devices::delete_virtual_mfa_device(call),
        "EnableMFADevice" => enable::enable_mfa_device(call),
        "ResyncMFADevice" => enable::resync_mfa_device(call),
        "DeactivateMFADevice" => enable::deactivate_mfa_device(call),
        _ => read(call).map(Output::Xml),
    }
}

/// Answers a call that changes nothing.
fn read(call: &Call) -> Result<Xml, ApiError> {
    match call.name {
        "GenerateCredentialReport" => report::generate(call),
        "GetCredentialReport" => report::get(call),
        "GetAccountSummary" => account::get_account_summary(call),
        "GetAccountAuthorizationDetails" => authorization::get_account_authorization_details(call),
        "ListAccountAliases" => account::list_account_aliases(call),
        "ListOrganizationsFeatures" => account::list_organizations_features(call),
        "ListUsers" => users::list_users(call),
        "GetUser" => users::get_user(call),
        "ListUserTags" => users::list_user_tags(call),
        "GetLoginProfile" => users::get_login_profile(call),
        "ListMFADevices" => devices::list_mfa_devices(call),
        "ListVirtualMFADevices" => devices::list_virtual_mfa_devices(call),
        "GetMFADevice" => devices::get_mfa_device(call),
        "ListAccessKeys" => keys::list_access_keys(call),
        "ListSigningCertificates" => certificates::list_signing_certificates(call),
        "GetAccountPasswordPolicy" => password_policy::get_account_password_policy(call),
        "ListServiceSpecificCredentials" => {
            service_credentials::list_service_specific_credentials(call)
        }
        "SimulatePrincipalPolicy" => simulate_policy::simulate_principal_policy(call),
        "GetAccessKeyLastUsed" => keys::get_access_key_last_used(call),
        other => {
            let message = format!("Could not find operation {other} for version 2010-05-08");
            Err(ApiError::new("InvalidAction", 400, message))
        }
    }
}

/// Writes a page of a listing, and what leads to the next one.
fn write_page<T>(
    call: &Call,
    tag: &str,
    items: &[T],
    mut write: impl FnMut(&mut Xml, &T),
) -> Result<Xml, ApiError> {
    let page = window(call)?.page(items.len(), call.quirk);
    let mut xml = Xml::default();
    xml.text("IsTruncated", page.next.is_some());
    xml.element(tag, |xml| {
        for item in page.of(items) {
            xml.element("member", |xml| write(xml, item));
        }
    });
    xml.optional("Marker", page.next);
    Ok(xml)
}

fn window<'a>(call: &Call<'a>) -> Result<Window<'a>, ApiError> {
    let asked = match call.input.number("MaxItems") {
        Ok(None) => 100,
        Ok(Some(it)) if it < 1 => {
            return Err(ApiError::constraint(
                &it.to_string(),
                "maxItems",
                "have value greater than or equal to 1",
            ));
        }
        Ok(Some(it)) if it > 1000 => {
            return Err(ApiError::constraint(
                &it.to_string(),
                "maxItems",
                "have value less than or equal to 1000",
            ));
        }
        Ok(Some(it)) => usize::try_from(it).unwrap_or(1000),
        Err(text) => {
            return Err(ApiError::new(
                "MalformedInput",
                400,
                format!("maxItems `{text}` is not a number."),
            ));
        }
    };
    let limit = call
        .world
        .iam_page_size
        .map_or(asked, |most| asked.min(most.max(1)));
    let invalid = || ApiError::validation("Invalid Marker.");
    Window::open(call.name, call.text("Marker"), limit).ok_or_else(invalid)
}
