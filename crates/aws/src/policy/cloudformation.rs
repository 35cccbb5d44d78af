//! The audit role as a `CloudFormation` template.

use serde_json::{Map, Value, json};

use super::{
    Defaults, Selection,
    parameters::{Parameter, ROLE_DESCRIPTION, parameters},
    statement::{Words, statements},
};

const WORDS: Words<'static> = Words {
    partition: "${AWS::Partition}",
    role: "${RolePath}${RoleName}",
    users: &[],
};

/// Returns the `CloudFormation` template of the audit role: for a `StackSet` that reaches every member account, or,
/// since `StackSets` do not deploy to the management account, for a plain stack there.
pub fn cloudformation(selection: &Selection<'_>, description: &str, defaults: &Defaults) -> Value {
    let statements: Value = statements(&selection.calls().collect::<Vec<_>>(), &WORDS)
        .iter()
        .map(|it| it.to_json(|arn| json!({ "Fn::Sub": arn })))
        .collect();
    let parameters: Map<String, Value> = parameters(defaults).iter().map(parameter).collect();
    let organization = json!({ "Ref": "OrganizationId" });
    let trust_condition = json!({ "Fn::If": [
        "HasExternalId",
        { "aws:PrincipalOrgID": organization, "sts:ExternalId": { "Ref": "ExternalId" } },
        { "aws:PrincipalOrgID": organization },
    ]});
    json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": description,
        "Parameters": parameters,
        "Conditions": {
            "HasExternalId": { "Fn::Not": [{ "Fn::Equals": [{ "Ref": "ExternalId" }, ""] }] }
        },
        "Resources": { "AuditRole": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "RoleName": { "Ref": "RoleName" },
                "Path": { "Ref": "RolePath" },
                "Description": ROLE_DESCRIPTION,
                "MaxSessionDuration": 3600,
                "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": [{
                    "Effect": "Allow",
                    "Principal": { "AWS": { "Ref": "AuditPrincipalArn" } },
                    "Action": "sts:AssumeRole",
                    "Condition": { "StringEquals": trust_condition },
                }]},
                "Policies": [{
                    "PolicyName": "mfaudit",
                    "PolicyDocument": { "Version": "2012-10-17", "Statement": statements },
                }],
            },
        }},
        "Outputs": { "RoleArn": {
            "Description": "The role that mfaudit assumes",
            "Value": { "Fn::GetAtt": ["AuditRole", "Arn"] },
        }},
    })
}

fn parameter(it: &Parameter<'_>) -> (String, Value) {
    let mut parameter = json!({
        "Type": "String",
        "Description": it.description,
        "AllowedPattern": it.pattern,
        "ConstraintDescription": format!("must be {}", it.must_be),
    });
    if let Some(map) = parameter.as_object_mut() {
        if let Some(longest) = it.longest {
            map.insert("MaxLength".to_owned(), json!(longest));
        }
        if let Some(default) = it.default {
            map.insert("Default".to_owned(), json!(default));
        }
    }
    (it.camel.to_owned(), parameter)
}
