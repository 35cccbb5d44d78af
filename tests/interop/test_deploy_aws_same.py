"""The Terraform configuration and the CloudFormation template, evaluated with the same values, come to the same."""

import re

import pytest
from test_deploy_aws import BUCKET, KNOWN, arn_of, configuration, of_type, policies, request, resolved, resources
from test_deploy_aws import template as template  # noqa: PLC0414
from test_terraform import argument, plain, read, read_expression

# What Terraform's references stand for.
VALUES = {
    "var.name": "mfaudit",
    "data.aws_partition.current.partition": "aws",
    "data.aws_region.current.name": "eu-central-1",
    "data.aws_caller_identity.current.account_id": "111111111111",
    "local.arn_prefix": "arn:aws",
    "local.place": "eu-central-1:111111111111",
    "aws_s3_bucket.history.arn": f"arn:aws:s3:::{BUCKET}",
    "aws_s3_bucket.history.id": BUCKET,
    "aws_kms_key.history.arn": arn_of("Key"),
    # CloudFormation's has the star at its end.
    "aws_cloudwatch_log_group.log.arn": arn_of("Log").removesuffix(":*"),
    "aws_ecs_cluster.audit.arn": arn_of("Cluster"),
    "aws_ecs_task_definition.audit.arn": KNOWN["Task"],
    "aws_iam_role.task.arn": arn_of("TaskRole"),
    "aws_iam_role.execution.arn": arn_of("ExecutionRole"),
    "aws_sqs_queue.failed.arn": arn_of("Failed"),
    "aws_sqs_queue.failed.name": "failed",
    "aws_sns_topic.alert.arn": "the topic",
    "aws_security_group.task.id": KNOWN["SecurityGroup.GroupId"],
    "var.subnets": ["subnet-0a", "subnet-0b"],
    'var.public_ip ? "ENABLED" : "DISABLED"': "DISABLED",
}
TEMPLATE_VALUES = {"Alert": "the topic", "Schedule": "rate(1 day)", "Failed.QueueName": "failed", "ScheduleRole.Arn": "the role"}


def evaluated(value):
    """Returns a part of the configuration as Terraform would write it."""
    if isinstance(value, list):
        return [evaluated(it) for it in value]
    if isinstance(value, dict):
        return {name.strip('"'): evaluated(it) for name, it in value.items()}
    if not isinstance(value, str):
        return value
    if value.startswith('"'):
        return re.sub(r"\$\{([^}]*)\}", lambda it: VALUES[it[1]], plain(value))
    return VALUES[re.fullmatch(r"\$\{(.*)\}", value)[1]]


@pytest.fixture(autouse=True)
def _values(monkeypatch):
    for name, value in TEMPLATE_VALUES.items():
        monkeypatch.setitem(KNOWN, name, value)


def json_of(block, key):
    return evaluated(argument("jsonencode", block[key]))


def only(template, kind):
    [found] = of_type(template, kind)
    return resolved(found)


def test_the_prefixes_are_what_this_test_takes_them_for():
    locals_ = {name: it for block in read(configuration())["locals"] for name, it in block.items()}
    for name in ("arn_prefix", "place"):
        assert evaluated(locals_[name]) == VALUES[f"local.{name}"]


@pytest.mark.parametrize("name", ["history", "log", "run"])
def test_roles_may_do_the_same(template, name):
    assert json_of(resources()["aws_iam_role_policy", name], "policy") == policies(template)[name]


@pytest.mark.parametrize(("ours", "theirs"), [("TaskRole", "task"), ("ExecutionRole", "execution"), ("ScheduleRole", "schedule")])
def test_roles_are_taken_by_the_same(template, ours, theirs):
    trust = resources()["aws_iam_role", theirs]["assume_role_policy"]
    if trust == "${local.ecs_trust}":
        [trust] = [it["ecs_trust"] for it in read(configuration())["locals"] if "ecs_trust" in it]
    wanted = resolved(template["Resources"][ours]["Properties"]["AssumeRolePolicyDocument"])
    assert evaluated(argument("jsonencode", trust)) == wanted


def test_the_bucket_refuses_the_same(template):
    assert json_of(resources()["aws_s3_bucket_policy", "history"], "policy") == only(template, "AWS::S3::BucketPolicy")["PolicyDocument"]


def test_the_same_may_tell(template):
    assert json_of(resources()["aws_sns_topic_policy", "alert"], "policy") == only(template, "AWS::SNS::TopicPolicy")["PolicyDocument"]


def test_the_same_is_told_in_the_same_words(template):
    rule = only(template, "AWS::Events::Rule")
    assert json_of(resources()["aws_cloudwatch_event_rule", "ended"], "event_pattern") == rule["EventPattern"]
    [wanted] = rule["Targets"]
    target = resources()["aws_cloudwatch_event_target", "ended"]
    assert evaluated(target["arn"]) == wanted["Arn"]
    [transformer] = evaluated(target["input_transformer"])
    assert transformer == {
        "input_paths": wanted["InputTransformer"]["InputPathsMap"],
        "input_template": wanted["InputTransformer"]["InputTemplate"],
    }


def test_the_alarm_is_the_same(template):
    wanted = only(template, "AWS::CloudWatch::Alarm")
    alarm = evaluated(resources()["aws_cloudwatch_metric_alarm", "failed"])
    pairs = {
        "Namespace": "namespace",
        "MetricName": "metric_name",
        "Statistic": "statistic",
        "Period": "period",
        "EvaluationPeriods": "evaluation_periods",
        "ComparisonOperator": "comparison_operator",
        "Threshold": "threshold",
        "TreatMissingData": "treat_missing_data",
        "AlarmActions": "alarm_actions",
    }
    assert {name: wanted[name] for name in pairs} == {name: alarm[it] for name, it in pairs.items()}
    assert {it["Name"]: it["Value"] for it in wanted["Dimensions"]} == alarm["dimensions"]
    queue, theirs = only(template, "AWS::SQS::Queue"), evaluated(resources()["aws_sqs_queue", "failed"])
    assert queue["MessageRetentionPeriod"] == theirs["message_retention_seconds"]
    assert queue["SqsManagedSseEnabled"] is theirs["sqs_managed_sse_enabled"] is True


def test_the_schedule_asks_for_the_same_and_tries_as_often(template):
    schedule = resources()["aws_scheduler_schedule", "audit"]
    [target] = schedule["target"]
    wanted = only(template, "AWS::Scheduler::Schedule")["Target"]
    [retries] = target["retry_policy"]
    assert retries == {
        "maximum_event_age_in_seconds": wanted["RetryPolicy"]["MaximumEventAgeInSeconds"],
        "maximum_retry_attempts": wanted["RetryPolicy"]["MaximumRetryAttempts"],
    }
    assert evaluated(target["dead_letter_config"]) == [{"arn": wanted["DeadLetterConfig"]["Arn"]}]
    assert evaluated(target["arn"]) == wanted["Arn"]
    [inner] = re.findall(r"replace\(replace\(jsonencode\((\{.*\})\), ", target["input"], re.DOTALL)
    asked = read_expression(inner)
    overrides = asked.pop("Overrides")["ContainerOverrides"]
    theirs = request(template)
    # What the containers are told is compared by test_terraform_asks_ecs_for_the_same.
    assert [plain(it["Name"]) for it in overrides] == [it["Name"] for it in theirs.pop("Overrides")["ContainerOverrides"]]
    assert evaluated(asked) == theirs


def test_a_request_that_is_tried_again_is_the_same_request(template):
    """The scheduler's execution id is another for each try."""
    assert request(template)["ClientToken"] == "<aws.scheduler.scheduled-time>"


def test_what_outlives_the_stack_does_not_outlive_a_first_deployment_that_failed(template):
    kept = {name: it["DeletionPolicy"] for name, it in template["Resources"].items() if "DeletionPolicy" in it}
    assert {name for name, it in kept.items() if it == "RetainExceptOnCreate"} == {"Key", "Bucket", "Log"}
    assert "Retain" not in kept.values()
    assert all(template["Resources"][name]["UpdateReplacePolicy"] == "Retain" for name in ("Key", "Bucket", "Log"))


def test_accounts_are_entered_in_the_partition_of_the_deployment(template, monkeypatch):
    monkeypatch.setitem(KNOWN, "AWS::Partition", "aws-us-gov")
    statements = {it["Sid"]: it for it in policies(template)["audit"]["Statement"]}
    assert statements["EnterAccounts"]["Resource"] == "arn:aws-us-gov:iam::*:role/mfaudit-audit"
