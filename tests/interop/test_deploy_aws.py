"""The Terraform configuration and the CloudFormation template make the same, and grant no more than an audit needs."""

import json
import re

import boto3
import pytest
from botocore.validate import ParamValidator
from cfnlint.decode import cfn_yaml
from deploying import DEPLOY
from test_policy import assert_policy_is_sound, printed
from test_terraform import argument, blocks, plain, read

TERRAFORM = DEPLOY / "terraform"
TEMPLATE = DEPLOY / "cloudformation" / "mfaudit.yaml"
BUCKET = "mfaudit-history-111111111111"
TIME = "<aws.scheduler.scheduled-time>"


def configuration():
    return "\n".join(it.read_text(encoding="utf-8") for it in sorted(TERRAFORM.glob("*.tf")))


def resources():
    """Returns Terraform's resources, by type and name."""
    found = {}
    for block in read(configuration())["resource"]:
        for kind, named in block.items():
            for name, body in named.items():
                found[plain(kind), plain(name)] = body
    return found


@pytest.fixture(scope="module")
def template():
    return cfn_yaml.load(str(TEMPLATE))


def of_type(template, kind):
    return [it.get("Properties", {}) for it in template["Resources"].values() if it["Type"] == kind]


# Values of the template's references.
KNOWN = {
    "AWS::Partition": "aws",
    "AWS::AccountId": "111111111111",
    "AWS::Region": "eu-central-1",
    "Bucket": BUCKET,
    "Bucket.Arn": f"arn:aws:s3:::{BUCKET}",
    "PublicIp": "DISABLED",
    "SubnetList": 'subnet-0a","subnet-0b',
    "SecurityGroup.GroupId": "sg-0a",
    "Task": "arn:aws:ecs:eu-central-1:111111111111:task-definition/mfaudit:1",
    "Log": "/mfaudit/audit",
}


def arn_of(name):
    service = {"Key": "kms", "Cluster": "ecs", "Failed": "sqs", "Log": "logs", "TaskRole": "iam", "ExecutionRole": "iam"}[name]
    rest = {"kms": "key/0a", "ecs": "cluster/mfaudit", "sqs": "failed", "logs": "log-group:/mfaudit/audit:*", "iam": f"role/{name}"}
    region = "" if service == "iam" else "eu-central-1"
    return f"arn:aws:{service}:{region}:111111111111:{rest[service]}"


def resolved(value):
    """Returns a part of the template as CloudFormation would write it."""
    if isinstance(value, list):
        return [resolved(it) for it in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"Ref": name}:
            return KNOWN[name]
        case {"Fn::GetAtt": name}:
            name = name if isinstance(name, str) else ".".join(name)
            return KNOWN.get(name) or arn_of(name.removesuffix(".Arn"))
        case {"Fn::Sub": text}:
            text = text if isinstance(text, str) else text[0]
            return re.sub(r"\$\{([\w:.]+)\}", lambda it: KNOWN.get(it[1]) or arn_of(it[1].removesuffix(".Arn")), text)
    return {name: resolved(it) for name, it in value.items()}


def policies(template):
    """Returns the template's role policies by name."""
    return {
        it["PolicyName"]: resolved(it["PolicyDocument"])
        for role in of_type(template, "AWS::IAM::Role")
        for it in role["Policies"]
    }


def test_the_audit_s_policy_is_what_mfaudit_prints(mfaudit, template):
    wanted = printed(mfaudit, "--for", "management")
    file = (TERRAFORM / "audit-policy.json").read_text(encoding="utf-8")
    assert file == mfaudit.run("policy", "--for", "management").out
    assert policies(template)["audit"] == wanted
    # Terraform's is the file, in the deployment's partition.
    policy = resources()["aws_iam_role_policy", "audit"]["policy"]
    assert policy == '${replace(file("${path.module}/audit-policy.json"), "arn:aws:", "${local.arn_prefix}:")}'
    assert set(re.findall(r"arn:[\w-]+:", file)) == {"arn:aws:"}


@pytest.mark.parametrize("name", ["audit", "history", "log", "run"])
def test_the_roles_policies_pass_parliament(template, name):
    document = policies(template)[name]
    if name != "audit":
        assert not [it for it in document["Statement"] if it["Resource"] == "*"]
    assert_policy_is_sound(json.loads(json.dumps(document)))


def test_only_aws_s_services_of_this_account_may_take_the_roles(template):
    for role in of_type(template, "AWS::IAM::Role"):
        [statement] = resolved(role["AssumeRolePolicyDocument"])["Statement"]
        assert statement["Principal"]["Service"] in {"ecs-tasks.amazonaws.com", "scheduler.amazonaws.com"}
        assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": "111111111111"}


def test_the_bucket_is_locked_encrypted_private_and_reached_by_tls_alone(template):
    [bucket] = of_type(template, "AWS::S3::Bucket")
    assert bucket["ObjectLockEnabled"] is True and bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    [encryption] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    [policy] = of_type(template, "AWS::S3::BucketPolicy")
    [statement] = resolved(policy["PolicyDocument"])["Statement"]
    assert statement["Effect"] == "Deny" and statement["Principal"] == "*" and statement["Action"] == "s3:*"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}

    made = resources()
    assert made["aws_s3_bucket", "history"]["object_lock_enabled"] in (True, "${true}", "true")
    block = made["aws_s3_bucket_public_access_block", "history"]
    settings = {"block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"}
    assert settings <= set(block) and all(str(block[it]).lower().strip("${}") == "true" for it in settings)
    assert plain(made["aws_s3_bucket_versioning", "history"]["versioning_configuration"][0]["status"]) == "Enabled"
    [rule] = made["aws_s3_bucket_server_side_encryption_configuration", "history"]["rule"]
    assert plain(rule["apply_server_side_encryption_by_default"][0]["sse_algorithm"]) == "aws:kms"
    denied = argument("jsonencode", made["aws_s3_bucket_policy", "history"]["policy"])["Statement"][0]
    assert plain(denied["Effect"]) == "Deny" and "SecureTransport" in str(denied["Condition"])


# The run


def request(template):
    """Returns the request that the template's schedule sends to ECS."""
    [schedule] = of_type(template, "AWS::Scheduler::Schedule")
    return json.loads(resolved(schedule["Target"]["Input"]))


def commands(template):
    """Returns each container's command, in the template."""
    return {it["Name"]: it["Command"] for it in request(template)["Overrides"]["ContainerOverrides"]}


def commands_of_terraform():
    """Returns each container's command, in the Terraform configuration, with its names put in."""
    text = (TERRAFORM / "task.tf").read_text(encoding="utf-8")
    texts = dict(re.findall(r'^  (history|run) += "(.*)"$', text, re.MULTILINE))

    def known(it):
        return {"aws_s3_bucket.history.id": BUCKET, "local.history": texts["history"], "local.run": texts["run"]}[it[1]]

    found = {}
    for name in ("audit", "publish"):
        [listed] = re.findall(rf"^  {name} += (?:concat\(\s*)?\[(.*?)\]", text, re.MULTILINE | re.DOTALL)
        words = re.findall(r'"([^"]*)"', listed)
        while any("${" in it for it in words):
            words = [re.sub(r"\$\{([\w.]+)\}", known, it) for it in words]
        found[name] = words
    return found


def lowered(value):
    """Returns a universal target's input by the names of the service's own model."""
    if isinstance(value, list):
        return [lowered(it) for it in value]
    if not isinstance(value, dict):
        return value
    return {name[0].lower() + name[1:]: lowered(it) for name, it in value.items()}


def test_the_schedule_s_request_is_one_that_ecs_knows(template):
    shape = boto3.client("ecs", region_name="eu-central-1").meta.service_model.operation_model("RunTask").input_shape
    report = ParamValidator().validate(lowered(request(template)), shape)
    assert not report.has_errors(), report.generate_report()
    assert len(request(template)["ClientToken"]) <= 64


def test_terraform_asks_ecs_for_the_same(template):
    assert commands_of_terraform() == commands(template)


def test_every_run_has_a_folder_of_its_own(template):
    written = [it for it in commands(template)["audit"] if "s3://" in it]
    assert len(written) == 3 and all(f"/runs/{TIME}/" in it for it in written)


def test_the_history_grows_whatever_the_gate_said_and_the_gate_is_heard(template):
    [task] = of_type(template, "AWS::ECS::TaskDefinition")
    audit, publish = task["ContainerDefinitions"]
    assert audit["Essential"] is False and publish["Essential"] is True
    assert publish["DependsOn"] == [{"ContainerName": "audit", "Condition": "COMPLETE"}]
    for it in (audit, publish):
        assert it["ReadonlyRootFilesystem"] is True and it["LinuxParameters"]["Capabilities"] == {"Drop": ["ALL"]}
        assert it["User"] == "65532:65532" and [mount["ContainerPath"] for mount in it["MountPoints"]] == ["/scratch"]
    [rule] = of_type(template, "AWS::Events::Rule")
    assert {"containers": {"exitCode": [{"anything-but": [0]}]}} in rule["EventPattern"]["detail"]["$or"]
    [schedule] = of_type(template, "AWS::Scheduler::Schedule")
    assert schedule["Target"]["DeadLetterConfig"]["Arn"] == {"Fn::GetAtt": ["Failed", "Arn"]}
    assert blocks(read(configuration()), "resource", "aws_cloudwatch_metric_alarm")


def test_the_kinds_of_resources_are_the_same(template):
    pairs = {
        "AWS::S3::Bucket": "aws_s3_bucket",
        "AWS::KMS::Key": "aws_kms_key",
        "AWS::IAM::Role": "aws_iam_role",
        "AWS::ECS::TaskDefinition": "aws_ecs_task_definition",
        "AWS::Scheduler::Schedule": "aws_scheduler_schedule",
        "AWS::SNS::Topic": "aws_sns_topic",
        "AWS::SQS::Queue": "aws_sqs_queue",
        "AWS::CloudWatch::Alarm": "aws_cloudwatch_metric_alarm",
        "AWS::Events::Rule": "aws_cloudwatch_event_rule",
        "AWS::Logs::LogGroup": "aws_cloudwatch_log_group",
    }
    made = [kind for kind, _ in resources()]
    for ours, theirs in pairs.items():
        assert len(of_type(template, ours)) == made.count(theirs) > 0, ours
