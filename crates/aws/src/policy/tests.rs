//! What each form says of the same calls.

use serde_json::{Value, json};

use super::{Defaults, Names, Selection, cloudformation, document, terraform};
use crate::{ApiCall, Resource, Service, Site};

static READ: ApiCall = call(Service::Iam, "ListUsers", &["iam:ListUsers"], Resource::Any);
static ENTER: ApiCall = call(
    Service::Sts,
    "AssumeRole",
    &["sts:AssumeRole"],
    Resource::AuditRole,
);
static ENTER_AS_ROOT: ApiCall = call(
    Service::Sts,
    "AssumeRoot",
    &["sts:AssumeRoot"],
    Resource::MemberRoot,
);

const fn call(
    service: Service,
    operation: &'static str,
    actions: &'static [&'static str],
    resource: Resource,
) -> ApiCall {
    ApiCall {
        service,
        operation,
        actions,
        site: Site::Management,
        resource,
        feeds: &[],
        without: "",
        doc: "",
    }
}

/// A call of every resource.
const SELECTION: Selection<'static> = Selection {
    calls: &[&ENTER_AS_ROOT, &READ, &ENTER],
    sites: &[Site::Management],
    datasets: None,
};

fn defaults() -> Defaults {
    Defaults {
        role_name: "auditor".to_owned(),
        role_path: "/security/".to_owned(),
        ..Defaults::default()
    }
}

#[test]
fn the_document_has_one_statement_for_each_resource() {
    let names = Names {
        partition: "aws-us-gov".to_owned(),
        role: "security/auditor".to_owned(),
    };
    let expected = json!({ "Version": "2012-10-17", "Statement": [
        { "Sid": "Read", "Effect": "Allow", "Action": ["iam:ListUsers"], "Resource": "*" },
        {
            "Sid": "EnterAccounts",
            "Effect": "Allow",
            "Action": ["sts:AssumeRole"],
            "Resource": "arn:aws-us-gov:iam::*:role/security/auditor",
        },
        {
            "Sid": "AuditRootUsers",
            "Effect": "Allow",
            "Action": ["sts:AssumeRoot"],
            "Resource": "arn:aws-us-gov:iam::*:root",
            "Condition": { "StringEquals": {
                "sts:TaskPolicyArn": "arn:aws-us-gov:iam::aws:policy/root-task/IAMAuditRootUserCredentials",
            }},
        },
    ]});
    assert_eq!(document(&SELECTION, &names), expected);
}

#[test]
fn the_template_leaves_the_partition_and_the_role_to_the_stack() {
    let template = cloudformation(&SELECTION, "", &defaults());
    let statements = template
        .pointer("/Resources/AuditRole/Properties/Policies/0/PolicyDocument/Statement")
        .unwrap();
    let of = |sid: &str| -> &Value {
        let statements = statements.as_array().unwrap();
        statements.iter().find(|it| it["Sid"] == sid).unwrap()
    };
    assert_eq!(of("Read")["Resource"], "*");
    assert_eq!(
        of("EnterAccounts")["Resource"],
        json!({ "Fn::Sub": "arn:${AWS::Partition}:iam::*:role${RolePath}${RoleName}" })
    );
    assert_eq!(
        of("AuditRootUsers")["Resource"],
        json!({ "Fn::Sub": "arn:${AWS::Partition}:iam::*:root" })
    );
    assert_eq!(
        of("AuditRootUsers")["Condition"],
        json!({ "StringEquals": { "sts:TaskPolicyArn": {
            "Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/root-task/IAMAuditRootUserCredentials"
        }}})
    );
}

#[test]
fn a_call_that_needs_no_permission_makes_no_statement() {
    static FREE: ApiCall = call(Service::Sts, "GetCallerIdentity", &[], Resource::Any);
    let names = Names {
        partition: "aws".to_owned(),
        role: "auditor".to_owned(),
    };
    let document = super::permitting(&[&FREE], &names);
    assert_eq!(document["Statement"], json!([]));
}

#[test]
fn every_default_is_in_the_template_and_what_has_none_must_be_given() {
    let given = Defaults {
        organization_id: Some("o-exampleorg".to_owned()),
        ..defaults()
    };
    let template = cloudformation(&SELECTION, "", &given);
    let default = |name: &str| template["Parameters"][name]["Default"].clone();
    assert_eq!(default("AuditPrincipalArn"), Value::Null);
    assert_eq!(default("OrganizationId"), "o-exampleorg");
    assert_eq!(default("ExternalId"), "");
    assert_eq!(default("RoleName"), "auditor");
    assert_eq!(default("RolePath"), "/security/");
}

#[test]
fn the_configuration_leaves_the_partition_and_the_role_to_terraform() {
    let text = terraform(&SELECTION, "A role.\n\nFor all.", &defaults());
    assert!(
        text.starts_with("# A role.\n#\n# For all.\n\nterraform {"),
        "{text}"
    );
    for expected in [
        r#"        Sid    = "AuditRootUsers"
        Effect = "Allow"
        Action = [
          "sts:AssumeRoot",
        ]
        Resource = "arn:${data.aws_partition.current.partition}:iam::*:root"
        Condition = {
          StringEquals = { "sts:TaskPolicyArn" = "arn:${data.aws_partition.current.partition}:iam::aws:policy/root-task/IAMAuditRootUserCredentials" }
        }
"#,
        r#"        Resource = "arn:${data.aws_partition.current.partition}:iam::*:role${var.role_path}${var.role_name}""#,
        "variable \"role_path\" {\n  description = \"Path of the role\"\n  type        = string\n  default     = \"/security/\"\n",
        "variable \"organization_id\" {\n  description = \"The organization the audit principal must be in\"\n  type        = string\n\n  validation",
    ] {
        assert!(text.contains(expected), "no {expected} in {text}");
    }
}

#[test]
fn a_default_cannot_become_code() {
    let hostile = "\"\n}\nresource \"null\" ${file(\"/etc/passwd\")} %{ if true } \\";
    let given = Defaults {
        audit_principal_arn: Some(hostile.to_owned()),
        organization_id: Some(hostile.to_owned()),
        external_id: Some(hostile.to_owned()),
        role_name: hostile.to_owned(),
        role_path: hostile.to_owned(),
    };
    let text = terraform(&SELECTION, "", &given);
    let plain = terraform(
        &SELECTION,
        "",
        &Defaults {
            audit_principal_arn: Some("x".to_owned()),
            organization_id: Some("x".to_owned()),
            external_id: Some("x".to_owned()),
            role_name: "x".to_owned(),
            role_path: "x".to_owned(),
        },
    );
    // But for the defaults, each on a line of its own, nothing differs.
    let others = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|it| !it.starts_with("  default "));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(others(&text), others(&plain));
    let quoted =
        r#"  default     = "\"\n}\nresource \"null\" $${file(\"/etc/passwd\")} %%{ if true } \\""#;
    assert_eq!(text.lines().filter(|it| *it == quoted).count(), 5, "{text}");
}
