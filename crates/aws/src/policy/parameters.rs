//! What whoever deploys the audit role may set, whatever form it is written in.

/// What a template's parameters are if nobody sets them.
#[derive(Clone, Debug, Default)]
pub struct Defaults {
    /// The ARN of the principal that audits.
    pub audit_principal_arn: Option<String>,
    /// The organization.
    pub organization_id: Option<String>,
    /// The external id.
    pub external_id: Option<String>,
    /// The role's name.
    pub role_name: String,
    /// The role's path, with a slash at both ends.
    pub role_path: String,
}

/// A parameter of the template, or a variable of the configuration.
pub(super) struct Parameter<'a> {
    /// The name as `CloudFormation` spells such.
    pub(super) camel: &'static str,
    /// The name as Terraform spells such.
    pub(super) snake: &'static str,
    /// What it is.
    pub(super) description: &'static str,
    /// The regular expression that it matches, in what Java and RE2 have in common: a repetition of more than a
    /// thousand is not among it.
    pub(super) pattern: &'static str,
    /// The most characters it has, where the pattern does not say.
    pub(super) longest: Option<usize>,
    /// What it must be, after "must be".
    pub(super) must_be: &'static str,
    /// The value if nobody sets it.
    pub(super) default: Option<&'a str>,
}

/// Returns the parameters.
///
/// The characters and lengths are those of the IAM and STS API references.
pub(super) fn parameters(defaults: &Defaults) -> [Parameter<'_>; 5] {
    [
        Parameter {
            camel: "AuditPrincipalArn",
            snake: "audit_principal_arn",
            description: "ARN of the role or user that runs mfaudit; nobody else may assume this role",
            pattern: "^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/.+$",
            longest: None,
            must_be: "the ARN of an IAM role or user",
            default: defaults.audit_principal_arn.as_deref(),
        },
        Parameter {
            camel: "OrganizationId",
            snake: "organization_id",
            description: "The organization the audit principal must be in",
            pattern: "^o-[a-z0-9]{10,32}$",
            longest: None,
            must_be: "the id of an organization, such as o-a1b2c3d4e5",
            default: defaults.organization_id.as_deref(),
        },
        Parameter {
            camel: "ExternalId",
            snake: "external_id",
            description: "External id the audit principal must give; empty for none",
            pattern: "^([A-Za-z0-9_+=,.@:/-]{2,})?$",
            longest: Some(1224),
            must_be: "empty, or 2 to 1224 letters, digits and _+=,.@:/-",
            default: Some(defaults.external_id.as_deref().unwrap_or_default()),
        },
        Parameter {
            camel: "RoleName",
            snake: "role_name",
            description: "Name of the role",
            pattern: "^[A-Za-z0-9+=,.@_-]{1,64}$",
            longest: None,
            must_be: "1 to 64 letters, digits and +=,.@_-",
            default: Some(&defaults.role_name),
        },
        Parameter {
            camel: "RolePath",
            snake: "role_path",
            description: "Path of the role",
            pattern: "^/([!-~]+/)?$",
            longest: Some(512),
            must_be: "a path with a slash at both ends, of at most 512 printable characters",
            default: Some(&defaults.role_path),
        },
    ]
}

/// What the role is for, as AWS shows it.
pub(super) const ROLE_DESCRIPTION: &str =
    "Read-only role of mfaudit, which reports who can sign in without MFA";
