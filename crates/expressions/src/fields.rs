//! What expressions may say of their subjects: the one place that names, explains and types it.

use model::Dataset as D;

/// A thing that has fields.
#[derive(Debug)]
pub(crate) struct Object {
    /// What it is, as a sentence without a full stop.
    pub(crate) about: &'static str,
    /// Its fields.
    pub(crate) fields: &'static [Field],
}

/// Something that is known, or not, of a thing.
#[derive(Debug)]
pub(crate) struct Field {
    /// The name.
    pub(crate) name: &'static str,
    /// What it tells, as a sentence without a full stop.
    pub(crate) about: &'static str,
    /// The dataset it is a fact of; `None` for what is known of every subject, or is of no dataset.
    pub(crate) dataset: Option<D>,
    /// What it may be.
    pub(crate) kind: Kind,
}

/// What a field may be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// True or false.
    Bool,
    /// A whole number.
    Number,
    /// A text.
    Text,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A thing with fields.
    Object(&'static Object),
    /// Several things with fields.
    Objects(&'static Object),
    /// Several texts.
    Texts,
}

impl Object {
    /// Returns the field of that name.
    pub(crate) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|it| it.name == name)
    }
}

const fn told(name: &'static str, about: &'static str, kind: Kind) -> Field {
    Field {
        name,
        about,
        dataset: None,
        kind,
    }
}

const fn fact(dataset: D, name: &'static str, about: &'static str, kind: Kind) -> Field {
    Field {
        name,
        about,
        dataset: Some(dataset),
        kind,
    }
}

/// The kinds of account.
pub(crate) const ACCOUNT_KINDS: &[&str] = &["management", "member", "standalone"];
/// The kinds of MFA device.
pub(crate) const DEVICE_KINDS: &[&str] = &[
    "fido",
    "hardware-totp",
    "sms",
    "unrecognized",
    "virtual-totp",
];

/// The fields of an account that all subjects share.
macro_rules! account_fields {
    ($($more:expr),* $(,)?) => {
        &[
            told("id", "The twelve digits", Kind::Text),
            told("name", "The account's name; not known where no organization told it", Kind::Text),
            told("partition", "The partition: aws, aws-us-gov, aws-cn", Kind::Text),
            told("kind", "The account's part in its organization", Kind::Choice(ACCOUNT_KINDS)),
            told(
                "ou_path",
                "The names of the organizational units above it, joined by `/`; not known of an account that is in none, for one whose unit was not seen looks the same",
                Kind::Text,
            ),
            $($more),*
        ]
    };
}

static ACCOUNT_OF: Object = Object {
    about: "The account that the subject belongs to",
    fields: account_fields![],
};

static DEVICE: Object = Object {
    about: "An MFA device that is enabled",
    fields: &[
        told(
            "serial_number",
            "The serial number, an ARN for all but hardware tokens",
            Kind::Text,
        ),
        told(
            "kind",
            "The kind, as the serial number tells",
            Kind::Choice(DEVICE_KINDS),
        ),
        told("age_days", "Whole days since it was enabled", Kind::Number),
    ],
};

static ACCESS_KEY: Object = Object {
    about: "An access key",
    fields: &[
        told(
            "id",
            "The identifier, AKIA…; a credential report does not tell it",
            Kind::Text,
        ),
        told("is_active", "Whether it can be used", Kind::Bool),
        told("age_days", "Whole days since it was created", Kind::Number),
        fact(
            D::AccessKeyUse,
            "was_used",
            "Whether AWS recorded that it was ever used",
            Kind::Bool,
        ),
        fact(
            D::AccessKeyUse,
            "idle_days",
            "Whole days since it was last used or, if that was never recorded, since it was created",
            Kind::Number,
        ),
    ],
};

static SERVICE_CREDENTIAL: Object = Object {
    about: "A credential for one service",
    fields: &[
        told("id", "The identifier", Kind::Text),
        told(
            "service",
            "The service: codecommit.amazonaws.com",
            Kind::Text,
        ),
        told("is_active", "Whether it can be used", Kind::Bool),
        told(
            "expires",
            "Whether it ceases to be valid some day",
            Kind::Bool,
        ),
        told("age_days", "Whole days since it was created", Kind::Number),
    ],
};

/// The fields of an IAM user.
macro_rules! user_fields {
    ($($more:expr),* $(,)?) => {
        &[
            told("name", "The name", Kind::Text),
            told("path", "The path, with a slash at both ends: `/` or `/people/`", Kind::Text),
            told("arn", "The Amazon Resource Name", Kind::Text),
            $($more,)*
            told("age_days", "Whole days since the user was created", Kind::Number),
            fact(D::LoginProfiles, "has_password", "Whether a console password is set", Kind::Bool),
            fact(
                D::PasswordUse,
                "password_age_days",
                "Whole days since the password was set or changed; without a value where none is set, or AWS has no record of it",
                Kind::Number,
            ),
            fact(
                D::PasswordUse,
                "password_was_used",
                "Whether AWS recorded that the password was ever used; without a value where none is set",
                Kind::Bool,
            ),
            fact(
                D::PasswordUse,
                "password_idle_days",
                "Whole days since the password was last used or, if that was never recorded, since it was set or changed; without a value where none is set, or AWS has no record of either",
                Kind::Number,
            ),
            fact(D::MfaStatus, "has_mfa", "Whether at least one MFA device is enabled", Kind::Bool),
            fact(D::MfaDevices, "mfa_devices", "The MFA devices that are enabled", Kind::Objects(&DEVICE)),
            fact(D::AccessKeys, "access_keys", "The access keys, active or not", Kind::Objects(&ACCESS_KEY)),
            fact(D::AccessKeys, "active_access_keys", "The access keys that can be used", Kind::Objects(&ACCESS_KEY)),
            fact(D::SigningCertificates, "has_signing_certificate", "Whether there is an active signing certificate", Kind::Bool),
            fact(
                D::ServiceSpecificCredentials,
                "service_specific_credentials",
                "The credentials for single services, active or not",
                Kind::Objects(&SERVICE_CREDENTIAL),
            ),
            fact(D::DirectPolicies, "direct_policies", "The names of the policies attached to the user itself, or written into it", Kind::Texts),
            fact(
                D::AdministratorAccess,
                "is_administrator",
                "Whether the user may do everything in its account; looked at only where the user can act without MFA, so `when` must leave out the others",
                Kind::Bool,
            ),
        ]
    };
}

/// What may be said of an IAM user.
pub(crate) static IAM_USER: Object = Object {
    about: "An IAM user",
    fields: user_fields![told(
        "account",
        "The user's account",
        Kind::Object(&ACCOUNT_OF)
    )],
};

static USER_OF: Object = Object {
    about: "An IAM user of the account",
    fields: user_fields![],
};

/// What may be said of a root user.
pub(crate) static ROOT_USER: Object = Object {
    about: "An account's root user",
    fields: &[
        told(
            "account",
            "The root user's account",
            Kind::Object(&ACCOUNT_OF),
        ),
        fact(
            D::RootCredentials,
            "has_password",
            "Whether a password is set",
            Kind::Bool,
        ),
        fact(
            D::RootCredentials,
            "has_access_key",
            "Whether there is an access key",
            Kind::Bool,
        ),
        fact(
            D::RootCredentials,
            "has_signing_certificate",
            "Whether there is a signing certificate",
            Kind::Bool,
        ),
        fact(
            D::RootUse,
            "password_was_used",
            "Whether AWS recorded that the password was ever used",
            Kind::Bool,
        ),
        fact(
            D::RootUse,
            "password_idle_days",
            "Whole days since the password was last used; without a value where that was never recorded",
            Kind::Number,
        ),
        fact(
            D::RootUse,
            "access_key_was_used",
            "Whether AWS recorded that an access key was ever used, be it still there or not",
            Kind::Bool,
        ),
        fact(
            D::RootUse,
            "access_key_idle_days",
            "Whole days since an access key was last used; without a value where that was never recorded",
            Kind::Number,
        ),
        fact(
            D::RootMfa,
            "has_mfa",
            "Whether at least one MFA device is enabled",
            Kind::Bool,
        ),
        fact(
            D::RootVirtualMfaDevices,
            "has_virtual_mfa_device",
            "Whether an authenticator app is among the MFA devices",
            Kind::Bool,
        ),
        fact(
            D::RootMfaDevices,
            "mfa_devices",
            "The MFA devices that are enabled",
            Kind::Objects(&DEVICE),
        ),
    ],
};

static PASSWORD_POLICY: Object = Object {
    about: "The rules that passwords of IAM users must meet",
    fields: &[
        told(
            "is_custom",
            "Whether the account has its own; else AWS's default applies",
            Kind::Bool,
        ),
        told(
            "minimum_length",
            "The least number of characters",
            Kind::Number,
        ),
        told(
            "reuse_prevention",
            "How many former passwords may not be used again; 0 if every one may",
            Kind::Number,
        ),
        told(
            "max_age_days",
            "The days after which a password must be changed; 0 if it need not be",
            Kind::Number,
        ),
    ],
};

/// What may be said of an account.
pub(crate) static ACCOUNT: Object = Object {
    about: "An account",
    fields: account_fields![
        fact(
            D::IamUsers,
            "iam_users",
            "The IAM users",
            Kind::Objects(&USER_OF)
        ),
        fact(
            D::IdentityProviders,
            "identity_provider_count",
            "How many SAML and OpenID Connect providers there are",
            Kind::Number
        ),
        fact(
            D::PasswordPolicy,
            "password_policy",
            "The password policy in force",
            Kind::Object(&PASSWORD_POLICY)
        ),
        fact(
            D::UnassignedVirtualMfaDevices,
            "unassigned_virtual_mfa_devices",
            "The serial numbers of the virtual MFA devices that belong to nobody",
            Kind::Texts,
        ),
        fact(
            D::OrganizationFeatures,
            "has_central_root_credentials",
            "Whether the organization manages its members' root credentials centrally",
            Kind::Bool,
        ),
        fact(
            D::OrganizationFeatures,
            "has_root_sessions",
            "Whether the organization lets sessions of members' root users be taken",
            Kind::Bool
        ),
        fact(
            D::IdentityCenter,
            "uses_identity_center",
            "Whether the organization uses IAM Identity Center",
            Kind::Bool
        ),
    ],
};
