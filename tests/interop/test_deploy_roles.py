"""Who may take the roles, and what those of the sharded recipe may do."""

import json
import re

import pytest
from deploying import DEPLOY, document
from harness import ROOT
from test_deploy_history import BUCKET
from test_deploy_kubernetes import FOLDERS
from test_policy import assert_policy_is_sound

TRUSTS = sorted(DEPLOY.rglob("trust*.json"))
SHARDED = DEPLOY / "kubernetes" / "sharded"
PAGE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")

# How a session is opened, by who opens it.
ACTIONS = {
    "Federated": {"sts:AssumeRoleWithWebIdentity"},
    "AWS": {"sts:AssumeRole"},
    "ec2.amazonaws.com": {"sts:AssumeRole"},
    "pods.eks.amazonaws.com": {"sts:AssumeRole", "sts:TagSession"},
}


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def listed(value):
    return set(value if isinstance(value, list) else [value])


@pytest.mark.parametrize("path", TRUSTS, ids=[str(it.relative_to(DEPLOY)) for it in TRUSTS])
def test_a_trust_policy_lets_in_one_principal_and_is_told_in_the_page(path):
    policy = read(path)
    assert policy["Version"] == "2012-10-17"
    [statement] = policy["Statement"]
    assert statement["Effect"] == "Allow"
    [(kind, who)] = statement["Principal"].items()
    assert "*" not in who and not who.endswith(":root")
    assert listed(statement["Action"]) == ACTIONS[who if kind == "Service" else kind]
    if kind == "Federated":
        # Audience and subject, both whole, of the provider that is named.
        issuer = who.split(":oidc-provider/")[1]
        conditions = statement["Condition"]
        assert set(conditions) == {"StringEquals"}
        assert set(conditions["StringEquals"]) == {f"{issuer}:aud", f"{issuer}:sub"}
        assert conditions["StringEquals"][f"{issuer}:aud"] == "sts.amazonaws.com"
        assert "*" not in conditions["StringEquals"][f"{issuer}:sub"]
    assert f"](../deploy/{path.relative_to(DEPLOY)})" in PAGE


def test_github_s_subject_is_what_the_page_s_command_prints():
    [statement] = read(DEPLOY / "github-action" / "trust.json")["Statement"]
    subject = statement["Condition"]["StringEquals"]["token.actions.githubusercontent.com:sub"]
    assert re.fullmatch(r"repo:acme@\d+/audits@\d+:ref:refs/heads/main", subject)
    assert f"`{subject}`" in PAGE and "`repo:acme/audits:ref:refs/heads/main`" in PAGE
    [expression] = re.findall(r"gh api repos/acme/audits --jq '\"(.*)\"'", PAGE)
    owner_id, repository_id = re.findall(r"@(\d+)", subject)
    values = {".owner.login": "acme", ".owner.id": owner_id, ".name": "audits", ".id": repository_id}
    assert re.sub(r"\\\(([.\w]+)\)", lambda it: values[it[1]], expression) == subject


def test_the_trusted_service_account_is_the_one_that_pods_have():
    [statement] = read(DEPLOY / "kubernetes" / "trust-irsa.json")["Statement"]
    account = document(FOLDERS[0] / "service-account.yaml")["metadata"]
    subjects = [it for name, it in statement["Condition"]["StringEquals"].items() if name.endswith(":sub")]
    assert subjects == [f"system:serviceaccount:{account['namespace']}:{account['name']}"]
    # Tags of a session are carried on into the members' roles, which trust nobody to tag.
    [association] = re.findall(r"aws eks create-pod-identity-association (?:.*\\\n)*.*", PAGE)
    assert "--disable-session-tags" in association
    assert f"--namespace {account['namespace']} --service-account {account['name']} " in association


@pytest.mark.parametrize(("name", "reach"), [("runs-policy.json", "/runs/*"), ("history-policy.json", "/*")])
def test_the_sharded_roles_reach_their_part_of_the_bucket(name, reach):
    policy = read(SHARDED / name)
    assert_policy_is_sound(policy)
    objects, bucket = policy["Statement"]
    assert objects["Resource"] == f"arn:aws:s3:::{BUCKET}{reach}"
    assert bucket["Resource"] == f"arn:aws:s3:::{BUCKET}" and bucket["Action"] == ["s3:ListBucket"]


def test_the_sharded_bucket_is_reached_by_tls_alone():
    [statement] = read(SHARDED / "bucket-policy.json")["Statement"]
    assert statement["Effect"] == "Deny" and statement["Principal"] == "*" and statement["Action"] == "s3:*"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert statement["Resource"] == [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"]


@pytest.mark.parametrize(("folder", "role"), [(FOLDERS[0], "mfaudit-runner"), (FOLDERS[1], "mfaudit-runner"), (FOLDERS[2], "mfaudit-history")])
def test_each_pod_has_the_role_that_the_page_makes(folder, role):
    annotations = document(folder / "service-account.yaml")["metadata"]["annotations"]
    assert annotations["eks.amazonaws.com/role-arn"].endswith(f":role/{role}")
    assert f"aws iam create-role --role-name {role} " in PAGE
