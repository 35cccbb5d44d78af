//! Not a call: refuses an answer that ends in its middle.

use aws_sdk_iam::{
    config::{
        ConfigBag, Intercept, RuntimeComponents,
        interceptors::AfterDeserializationInterceptorContextRef,
    },
    error::BoxError,
};

/// Fails an answer of IAM whose XML is not whole.
///
/// The SDK takes the end of the text for the end of every element that is open, so that a list which was cut would be
/// a shorter list, and a user's only MFA device none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WholeAnswer;

impl Intercept for WholeAnswer {
    fn name(&self) -> &'static str {
        "WholeAnswer"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        let body = response.body().bytes().unwrap_or_default();
        let whole = body.trim_ascii_end().ends_with(b"Response>");
        // What is an error already says more than that it is cut.
        if whole || !response.status().is_success() || context.output_or_error().is_err() {
            return Ok(());
        }
        Err("the answer ends in its middle".into())
    }
}
