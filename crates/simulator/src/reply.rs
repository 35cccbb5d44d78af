//! Answers, and what the connection does to them.

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

use crate::error::{ApiError, Service};
use crate::xml::Xml;

/// What an operation returns.
pub(crate) enum Output {
    /// The Query protocol's way to say that all went well and there is no more to say.
    Done,
    Xml(Xml),
    Json(Value),
}

/// What the connection does to an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Effect {
    #[default]
    None,
    /// It closes without a byte.
    Disconnect,
    /// It is reset without a byte.
    Reset,
    /// It closes in the middle of the body.
    Truncate,
    /// It falls silent in the middle of the body.
    Stall,
    /// It says nothing at all.
    Silence,
    /// It lets so many bytes of the body through in a second.
    Slow(u32),
}

/// An answer as it goes out.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) request_id: String,
    pub(crate) body: String,
    pub(crate) effect: Effect,
    pub(crate) wait: Duration,
    /// What the `Date` header says, in seconds since 1970; without it, the real time.
    pub(crate) date: Option<i64>,
}

impl fmt::Debug for Reply {
    /// Shows the answer without its body, which may hold a secret.
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("Reply")
            .field("status", &self.status)
            .field("request_id", &self.request_id)
            .field("effect", &self.effect)
            .finish_non_exhaustive()
    }
}

impl Reply {
    /// Writes a result or an error by the protocol of the service.
    pub(crate) fn write(
        service: Service,
        action: &str,
        result: Result<Output, ApiError>,
        request_id: String,
    ) -> Self {
        let (status, body) = match result {
            Ok(Output::Done) => (200, Xml::done(action, service.namespace(), &request_id)),
            Ok(Output::Xml(xml)) => (200, xml.answer(action, service.namespace(), &request_id)),
            Ok(Output::Json(value)) => (200, value.to_string()),
            Err(error) if service == Service::Organizations => (error.status, json_error(&error)),
            Err(error) => (error.status, xml_error(&error, service, &request_id)),
        };
        let content_type = match service {
            Service::Organizations => "application/x-amz-json-1.1",
            Service::Iam | Service::Sts => "text/xml",
        };
        Self {
            status,
            content_type,
            request_id,
            body,
            effect: Effect::None,
            wait: Duration::ZERO,
            date: None,
        }
    }
}

fn json_error(error: &ApiError) -> String {
    let mut body = json!({ "__type": error.code, "Message": error.message });
    if let (Some(reason), Some(members)) = (error.reason, body.as_object_mut()) {
        members.insert("Reason".into(), reason.into());
    }
    body.to_string()
}

fn xml_error(error: &ApiError, service: Service, request_id: &str) -> String {
    let mut xml = Xml::default();
    xml.element("Error", |xml| {
        xml.text(
            "Type",
            if error.status < 500 {
                "Sender"
            } else {
                "Receiver"
            },
        );
        xml.text("Code", &error.code)
            .text("Message", &error.message);
    });
    xml.text("RequestId", request_id);
    format!(
        "<ErrorResponse xmlns=\"{}\">{}</ErrorResponse>",
        service.namespace(),
        xml.into_string()
    )
}
