//! What an API call is, and the guard that lets no other call through.

use std::fmt;

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{
            Intercept, context::BeforeSerializationInterceptorContextRef, dyn_dispatch_hint,
        },
        orchestrator::Metadata,
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;
use model::Dataset;

/// A call this tool makes, and everything derived from it.
#[derive(Debug)]
pub struct ApiCall {
    /// The service.
    pub service: Service,
    /// The operation, as the SDK and CloudTrail name it.
    pub operation: &'static str,
    /// The IAM actions that permit the call; empty for a call that needs no permission.
    pub actions: &'static [&'static str],
    /// Where the call is made.
    pub site: Site,
    /// The resources the actions must be allowed on.
    pub resource: Resource,
    /// The datasets the answer feeds; empty for a call that serves discovery or entry.
    pub feeds: &'static [Dataset],
    /// What happens without the permission: which gap opens, or what is done instead.
    pub without: &'static str,
    /// Why the call is made, for the permissions page.
    pub doc: &'static str,
}

/// An AWS service, by the identifier the SDK gives it.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Service {
    /// AWS Identity and Access Management.
    Iam,
    /// AWS Organizations.
    Organizations,
    /// AWS Security Token Service.
    Sts,
}

impl Service {
    const fn sdk_id(self) -> &'static str {
        match self {
            Self::Iam => "IAM",
            Self::Organizations => "Organizations",
            Self::Sts => "STS",
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Iam => "iam",
            Self::Organizations => "organizations",
            Self::Sts => "sts",
        })
    }
}

/// Where a call is made.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Site {
    /// With the caller's own credentials, once a run or once an account: the management account or a delegated
    /// administrator.
    Management,
    /// In each audited account.
    Member,
    /// With the caller's own credentials, and only where root users are looked at by sessions of their own.
    RootAccess,
    /// In the account of a user whose MFA devices are managed.
    Enrolment,
}

/// The resources that a call's actions must be allowed on.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Resource {
    /// `*`: the action knows no narrower one that fits every account.
    Any,
    /// The audit role in every account.
    AuditRole,
    /// The root user of every member account, in a session that may only read its credentials.
    MemberRoot,
    /// The users whose MFA devices are managed.
    User,
    /// The virtual MFA devices of the account; their names are free.
    VirtualMfaDevice,
}

/// Fails every call that is not in a registry, before it is sent.
#[derive(Clone, Copy, Debug)]
pub struct DeclaredCallsOnly(pub &'static [&'static ApiCall]);

// The hook is the first at which the SDK has named the operation; at an earlier one nothing would get through.
#[dyn_dispatch_hint]
impl Intercept for DeclaredCallsOnly {
    fn name(&self) -> &'static str {
        "DeclaredCallsOnly"
    }

    fn read_before_serialization(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let call = config
            .load::<Metadata>()
            .ok_or("the SDK named no operation")?;
        let declared =
            |it: &&ApiCall| it.service.sdk_id() == call.service() && it.operation == call.name();
        if self.0.iter().copied().any(|it| declared(&it)) {
            return Ok(());
        }
        Err(format!("{}:{} is not a declared call", call.service(), call.name()).into())
    }
}

/// Declares an API call as `CALL`. The doc comment becomes the permissions page's entry.
#[macro_export]
macro_rules! api_call {
    ($(#[doc = $doc:literal])+ { $($field:ident: $value:expr),+ $(,)? }) => {
        $(#[doc = $doc])+
        pub(super) static CALL: $crate::ApiCall = $crate::ApiCall {
            doc: concat!($($doc, "\n"),+),
            $($field: $value,)+
        };
    };
}
