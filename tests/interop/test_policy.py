"""What `mfaudit policy` prints is a policy, or a template, to tools that know AWS's own lists."""

import json

import parliament
import pytest
from harness import ENROLL_BINARY, SCRIPTS, environment, run

SITES = pytest.mark.parametrize("site", ["member", "management"])

OPTIONS = pytest.mark.parametrize(
    "options",
    [
        [],
        ["--external-id", "correct-horse"],
        ["--principal", "arn:aws:iam::111111111111:role/audit/runner", "--organization", "o-exampleorg"],
        ["--role-path", "/security/", "--role-name", "auditor"],
        ["--rule", "root-user-mfa"],
        [
            *["--principal", "arn:aws:iam::111111111111:user/runner", "--organization", "o-exampleorg"],
            *["--external-id", "correct-horse", "--role-path", "/security/"],
        ],
    ],
    ids=["plain", "external-id", "principal", "role", "one-rule", "all"],
)

# Findings that are no mistake of the policy, and why.
ACCEPTED = {
    # An audit reads every user of the account, and of most of its actions AWS accepts no other resource.
    "RESOURCE_STAR",
}


def printed(mfaudit, *arguments):
    finished = mfaudit.run("policy", *arguments)
    assert finished.exit == 0, str(finished)
    return json.loads(finished.out)


def assert_policy_is_sound(document):
    analyzed = parliament.analyze_policy_string(json.dumps(document))
    findings = [parliament.enhance_finding(it) for it in analyzed.findings]
    unaccepted = [f"{it.issue} ({it.severity}): {it.detail}" for it in findings if it.issue not in ACCEPTED]
    assert not unaccepted, "\n".join(unaccepted)
    for statement in document["Statement"]:
        assert statement["Effect"] == "Allow"
        assert not [it for it in statement["Action"] if "*" in it], "an action has a wildcard"


def resolved(value, parameters):
    """Returns a part of a template as CloudFormation would write it for a member account."""
    if isinstance(value, list):
        return [resolved(it, parameters) for it in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"Ref": name}:
            return parameters[name]
        case {"Fn::Sub": text}:
            for name, given in parameters.items():
                text = text.replace(f"${{{name}}}", given)
            assert "${" not in text, f"nothing resolves {text}"
            return text
        case {"Fn::If": [condition, yes, no]}:
            assert condition == "HasExternalId"
            return resolved(yes if parameters["ExternalId"] else no, parameters)
    return {name: resolved(it, parameters) for name, it in value.items()}


def role_of(template):
    [role] = [it for it in template["Resources"].values() if it["Type"] == "AWS::IAM::Role"]
    given = {name: it.get("Default") for name, it in template["Parameters"].items()}
    given["AuditPrincipalArn"] = given["AuditPrincipalArn"] or "arn:aws:iam::111111111111:role/runner"
    given["OrganizationId"] = given["OrganizationId"] or "o-exampleorg"
    return resolved(role["Properties"], {"AWS::Partition": "aws", **given})


@OPTIONS
@SITES
def test_the_template_passes_cfn_lint(mfaudit, tmp_path, site, options):
    template = tmp_path / "template.json"
    template.write_text(json.dumps(printed(mfaudit, "--for", site, "--as", "cloudformation", *options)))
    command = [SCRIPTS / "cfn-lint", "--include-checks", "I", "--format", "parseable", "--template", template]
    linted = run(command, environment(tmp_path))
    assert linted.exit == 0, f"{linted}\n{linted.out}"


@OPTIONS
@SITES
def test_the_policy_passes_parliament(mfaudit, site, options):
    assert_policy_is_sound(printed(mfaudit, "--for", site, *options))


@OPTIONS
@SITES
def test_the_template_s_policies_pass_parliament(mfaudit, site, options):
    role = role_of(printed(mfaudit, "--for", site, "--as", "cloudformation", *options))
    assert role["Policies"]
    for policy in role["Policies"]:
        assert_policy_is_sound(policy["PolicyDocument"])


@SITES
def test_the_template_grants_what_the_policy_says(mfaudit, site):
    options = ["--role-path", "/security/", "--role-name", "auditor"]
    [policy] = role_of(printed(mfaudit, "--for", site, "--as", "cloudformation", *options))["Policies"]
    assert policy["PolicyDocument"] == printed(mfaudit, "--for", site, *options)


@SITES
def test_only_the_audit_principal_of_the_organization_is_trusted(mfaudit, site):
    principal = "arn:aws:iam::111111111111:role/runner"
    options = ["--principal", principal, "--organization", "o-exampleorg", "--external-id", "correct-horse"]
    role = role_of(printed(mfaudit, "--for", site, "--as", "cloudformation", *options))
    [statement] = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Action"] == "sts:AssumeRole"
    assert statement["Principal"] == {"AWS": principal}
    assert statement["Condition"] == {
        "StringEquals": {"aws:PrincipalOrgID": "o-exampleorg", "sts:ExternalId": "correct-horse"}
    }


@pytest.mark.parametrize("whose", ["self", "administrator"])
def test_the_policy_for_enrolling_passes_parliament(tmp_path, whose):
    printed = run([ENROLL_BINARY, "policy", "--for", whose], environment(tmp_path))
    assert printed.exit == 0, str(printed)
    assert_policy_is_sound(json.loads(printed.out))


def test_parliament_would_find_an_action_that_does_not_exist(mfaudit):
    document = printed(mfaudit, "--for", "member")
    document["Statement"][0]["Action"].append("iam:ListUserz")
    with pytest.raises(AssertionError, match="UNKNOWN_ACTION"):
        assert_policy_is_sound(document)
