//! What each form says of the same calls.

use serde_json::{Value, json};

use super::{Defaults, Names, Selection, cloudformation, document};
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
