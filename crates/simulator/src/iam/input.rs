//! Checks the members of IAM's input, and tells of all that is wrong with them at once, as AWS does.

use crate::call::Call;
use crate::error::ApiError;

/// What is wrong with a call's input so far.
pub(super) struct Checks<'a> {
    call: &'a Call<'a>,
    broken: Vec<String>,
}

/// What a text has to be: how long, and of which characters besides letters and digits.
pub(super) struct Form {
    least: usize,
    most: usize,
    legal: fn(char) -> bool,
    pattern: &'static str,
}

/// The name of a device.
pub(super) const DEVICE_NAME: Form = Form {
    least: 1,
    most: 226,
    legal: is_of_name,
    pattern: r"[\w+=,.@-]+",
};

/// The name of a user.
pub(super) const USER_NAME: Form = Form {
    most: 128,
    ..DEVICE_NAME
};

/// The serial number of a device.
pub(super) const SERIAL: Form = Form {
    least: 9,
    most: 256,
    legal: |it| is_of_name(it) || "/:".contains(it),
    pattern: r"[\w+=/:,.@-]+",
};

/// A one-time password.
pub(super) const CODE: Form = Form {
    least: 6,
    most: 6,
    legal: |it| it.is_ascii_digit(),
    pattern: r"[\d]+",
};

fn is_of_name(it: char) -> bool {
    it.is_ascii_alphanumeric() || "_+=,.@-".contains(it)
}

impl<'a> Checks<'a> {
    pub(super) fn of(call: &'a Call<'a>) -> Self {
        Self {
            call,
            broken: Vec::new(),
        }
    }

    /// Returns a member that must be there.
    pub(super) fn required(&mut self, member: &str, form: &Form) -> &'a str {
        if self.call.text(member).is_none() {
            self.note("null", &shown(member), "not be null");
        }
        self.optional(member, form).unwrap_or_default()
    }

    /// Returns a member that may be absent.
    pub(super) fn optional(&mut self, member: &str, form: &Form) -> Option<&'a str> {
        let text = self.call.text(member)?;
        let (value, member) = (format!("'{text}'"), shown(member));
        let length = text.chars().count();
        if length < form.least {
            let constraint = format!("have length greater than or equal to {}", form.least);
            self.note(&value, &member, &constraint);
        }
        if length > form.most {
            let constraint = format!("have length less than or equal to {}", form.most);
            self.note(&value, &member, &constraint);
        }
        if !text.chars().all(form.legal) {
            let constraint = format!("satisfy regular expression pattern: {}", form.pattern);
            self.note(&value, &member, &constraint);
        }
        Some(text)
    }

    /// Returns the path, which is a slash or has one at both ends.
    pub(super) fn path(&mut self) -> &'a str {
        let path = self.call.text("Path").unwrap_or("/");
        let inside = path.strip_prefix('/').and_then(|it| it.strip_suffix('/'));
        let inside = inside.is_some_and(|it| it.chars().all(|it| it.is_ascii_graphic()));
        if path != "/" && !(inside && path.len() > 2) {
            let pattern =
                r"satisfy regular expression pattern: (\u002F)|(\u002F[\u0021-\u007E]+\u002F)";
            self.note(&format!("'{path}'"), "path", pattern);
        }
        if path.len() > 512 {
            let constraint = "have length less than or equal to 512";
            self.note(&format!("'{path}'"), "path", constraint);
        }
        path
    }

    /// Returns the error, if anything is wrong.
    pub(super) fn done(self) -> Result<(), ApiError> {
        match self.broken.len() {
            0 => Ok(()),
            1 => Err(self.error("1 validation error")),
            count => Err(self.error(&format!("{count} validation errors"))),
        }
    }

    fn error(&self, count: &str) -> ApiError {
        ApiError::validation(format!("{count} detected: {}", self.broken.join("; ")))
    }

    fn note(&mut self, value: &str, member: &str, constraint: &str) {
        self.broken.push(format!(
            "Value {value} at '{member}' failed to satisfy constraint: Member must {constraint}"
        ));
    }
}

/// Returns a member as messages call it: `VirtualMFADeviceName` is `virtualMFADeviceName`.
fn shown(member: &str) -> String {
    let mut rest = member.chars();
    let first = rest.next().map(|it| it.to_ascii_lowercase());
    first.into_iter().chain(rest).collect()
}
