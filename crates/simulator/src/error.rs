//! What AWS answers instead of a result.

use std::borrow::Cow;

/// A service, with what its protocol needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    Iam,
    Organizations,
    Sts,
}

impl Service {
    /// Returns the name in credential scopes and in actions.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Iam => "iam",
            Self::Organizations => "organizations",
            Self::Sts => "sts",
        }
    }

    /// Returns the namespace of its XML.
    pub(crate) fn namespace(self) -> &'static str {
        match self {
            Self::Iam => "https://iam.amazonaws.com/doc/2010-05-08/",
            Self::Sts => "https://sts.amazonaws.com/doc/2011-06-15/",
            Self::Organizations => "",
        }
    }

    /// Returns an error that the JSON protocol calls by another name, with another status, than the Query protocol.
    pub(crate) fn error(
        self,
        query: (&'static str, u16),
        json: &'static str,
        message: impl Into<String>,
    ) -> ApiError {
        match self {
            Self::Organizations => ApiError::new(json, 400, message),
            Self::Iam | Self::Sts => ApiError::new(query.0, query.1, message),
        }
    }

    /// Returns the refusal of an action.
    pub(crate) fn denied(self, message: impl Into<String>) -> ApiError {
        self.error(("AccessDenied", 403), "AccessDeniedException", message)
    }
}

/// An error as a client sees it.
#[derive(Clone, Debug)]
pub(crate) struct ApiError {
    pub(crate) code: Cow<'static, str>,
    pub(crate) status: u16,
    pub(crate) message: String,
    /// The `Reason` of `InvalidInputException` and its kin.
    pub(crate) reason: Option<&'static str>,
}

impl ApiError {
    pub(crate) fn new(
        code: impl Into<Cow<'static, str>>,
        status: u16,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code: code.into(),
            status,
            message: message.into(),
            reason: None,
        }
    }

    /// Returns the Query services' error for input that does not fit the model.
    pub(crate) fn validation(message: impl Into<String>) -> Self {
        Self::new("ValidationError", 400, message)
    }

    /// Returns the Query services' error for one value that breaks one constraint.
    pub(crate) fn constraint(value: &str, member: &str, constraint: &str) -> Self {
        Self::validation(format!(
            "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must {constraint}"
        ))
    }

    /// Returns IAM's error for something that does not exist.
    pub(crate) fn no_such_entity(message: impl Into<String>) -> Self {
        Self::new("NoSuchEntity", 404, message)
    }

    /// Returns the error of Organizations for input that does not fit.
    pub(crate) fn invalid_input(reason: &'static str) -> Self {
        Self {
            reason: Some(reason),
            ..Self::new(
                "InvalidInputException",
                400,
                "You specified an invalid value.",
            )
        }
    }
}
