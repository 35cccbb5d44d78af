//! Reads the members of STS's input, and says what is wrong with them.

use crate::call::Call;
use crate::error::ApiError;

/// Returns a member that must be there; messages call it `shown`.
pub(super) fn required<'a>(
    call: &Call<'a>,
    member: &str,
    shown: &str,
) -> Result<&'a str, ApiError> {
    let message = format!(
        "1 validation error detected: Value null at '{shown}' failed to satisfy constraint: Member must not be null"
    );
    call.text(member)
        .ok_or_else(|| ApiError::validation(message))
}

/// Returns how long a session is to last, in seconds.
pub(super) fn read_duration(
    call: &Call,
    (least, most): (i64, i64),
    usual: i64,
) -> Result<i64, ApiError> {
    let member = "durationSeconds";
    let broken = |it: i64, constraint: &str, bound: i64| {
        let constraint = format!("have value {constraint} than or equal to {bound}");
        Err(ApiError::constraint(&it.to_string(), member, &constraint))
    };
    match call.input.number("DurationSeconds") {
        Ok(None) => Ok(usual),
        Ok(Some(it)) if it < least => broken(it, "greater", least),
        Ok(Some(it)) if it > most => broken(it, "less", most),
        Ok(Some(it)) => Ok(it),
        Err(text) => Err(ApiError::new(
            "MalformedInput",
            400,
            format!("{member} `{text}` is not a number."),
        )),
    }
}

/// Checks a text's length, and that it has no signs but letters, digits and `signs`.
pub(super) fn check_text(
    member: &str,
    text: &str,
    length: (usize, usize),
    signs: &str,
    pattern: &str,
) -> Result<(), ApiError> {
    if text.len() < length.0 {
        let constraint = format!("have length greater than or equal to {}", length.0);
        return Err(ApiError::constraint(text, member, &constraint));
    }
    if text.len() > length.1 {
        let constraint = format!("have length less than or equal to {}", length.1);
        return Err(ApiError::constraint(text, member, &constraint));
    }
    if !text
        .chars()
        .all(|it| it.is_ascii_alphanumeric() || signs.contains(it))
    {
        return Err(ApiError::constraint(
            text,
            member,
            &format!("satisfy regular expression pattern: {pattern}"),
        ));
    }
    Ok(())
}
