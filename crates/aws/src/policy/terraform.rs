//! The audit role as a Terraform configuration.

use std::fmt::Write;

use super::{
    Defaults, Selection, hcl,
    parameters::{Parameter, ROLE_DESCRIPTION, parameters},
    statement::{Statement, Words, statements},
};

/// References, and so code: they stand in the configuration as they are.
const WORDS: Words<'static> = Words {
    partition: "${data.aws_partition.current.partition}",
    role: "${var.role_path}${var.role_name}",
    users: &[],
};

/// Returns the Terraform configuration of the audit role in one account, laid out as `terraform fmt` does.
///
/// `about` is a comment at its top. The defaults are texts to Terraform, whatever is in them.
pub fn terraform(selection: &Selection<'_>, about: &str, defaults: &Defaults) -> String {
    let mut text = String::new();
    for line in about.lines() {
        text.push_str(format!("# {line}").trim_end());
        text.push('\n');
    }
    text.push_str(SETTINGS);
    for it in parameters(defaults) {
        variable(&mut text, &it);
    }
    // Writing to a string cannot fail.
    let _ = write!(text, "{TRUST_BEGIN}{}{TRUST}", hcl::text(ROLE_DESCRIPTION));
    text.push_str(POLICY_BEGIN);
    for it in statements(&selection.calls().collect::<Vec<_>>(), &WORDS) {
        statement(&mut text, &it);
    }
    text.push_str(POLICY_END);
    text.push_str(OUTPUTS);
    text
}

fn variable(text: &mut String, it: &Parameter<'_>) {
    let name = it.snake;
    let default = it.default.map_or_else(String::new, |default| {
        format!("  default     = {}\n", hcl::text(default))
    });
    let longest = it.longest.map_or_else(String::new, |longest| {
        format!(" && length(var.{name}) <= {longest}")
    });
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        r#"
variable "{name}" {{
  description = {description}
  type        = string
{default}
  validation {{
    condition     = can(regex({pattern}, var.{name})){longest}
    error_message = {message}
  }}
}}
"#,
        description = hcl::text(it.description),
        pattern = hcl::text(it.pattern),
        // Terraform wants a sentence.
        message = hcl::text(&format!("The {name} must be {}.", it.must_be)),
    );
}

fn statement(text: &mut String, it: &Statement) {
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        r#"      {{
        Sid    = "{}"
        Effect = "Allow"
        Action = [
"#,
        it.sid
    );
    for action in &it.actions {
        let _ = writeln!(text, "          \"{action}\",");
    }
    let resources = it.resources.iter().map(|it| format!("\"{it}\""));
    let resources = resources.collect::<Vec<_>>().join(", ");
    let resources = match it.resources.as_slice() {
        [_] => resources,
        _ => format!("[{resources}]"),
    };
    let _ = writeln!(text, "        ]\n        Resource = {resources}");
    if let Some((key, value)) = &it.condition {
        let _ = write!(
            text,
            r#"        Condition = {{
          StringEquals = {{ "{key}" = "{value}" }}
        }}
"#
        );
    }
    text.push_str("      },\n");
}

const SETTINGS: &str = r#"
terraform {
  # The first that checks variables.
  required_version = ">= 0.13"

  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}
"#;

const TRUST_BEGIN: &str = r#"
data "aws_partition" "current" {}

resource "aws_iam_role" "audit" {
  name                 = var.role_name
  path                 = var.role_path
  max_session_duration = 3600
  description          = "#;

const TRUST: &str = r#"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { AWS = var.audit_principal_arn }
        Action    = "sts:AssumeRole"
        Condition = {
          StringEquals = merge(
            { "aws:PrincipalOrgID" = var.organization_id },
            var.external_id == "" ? {} : { "sts:ExternalId" = var.external_id },
          )
        }
      },
    ]
  })
}
"#;

const POLICY_BEGIN: &str = r#"
resource "aws_iam_role_policy" "audit" {
  name = "mfaudit"
  role = aws_iam_role.audit.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
"#;

const POLICY_END: &str = r"    ]
  })
}
";

const OUTPUTS: &str = r#"
output "role_arn" {
  description = "The role that mfaudit assumes"
  value       = aws_iam_role.audit.arn
}
"#;
