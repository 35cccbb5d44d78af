//! Refuses an answer that ends in its middle: an interceptor on every client that reads XML.

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{
            Intercept, context::AfterDeserializationInterceptorContextRef, dyn_dispatch_hint,
        },
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;

/// Fails an answer whose XML is not whole.
///
/// The SDK takes the end of the text for the end of every element that is open, so that a list which was cut would be
/// a shorter list, and a user's only MFA device none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WholeAnswer;

#[dyn_dispatch_hint]
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
