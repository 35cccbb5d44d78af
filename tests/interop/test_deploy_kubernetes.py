"""The Kubernetes recipes: what pods may do, how much they get, and what the daily one runs."""

import re
from pathlib import Path

import pytest
from deploying import DEPLOY, VERDICTS, document, in_container, place, relocated
from harness import ROOT

KUBERNETES = DEPLOY / "kubernetes"
CRONJOBS = [KUBERNETES / it / "cronjob.yaml" for it in ("cronjob", "sharded/collect", "sharded/merge")]
FOLDERS = [it.parent for it in CRONJOBS]
EACH = pytest.mark.parametrize("folder", FOLDERS, ids=["cronjob", "collect", "merge"])
# What is applied when somebody wants to look.
BY_HAND = ("reader.yaml",)
MEBIBYTES = {"Mi": 1, "Gi": 1024}


def pod_of(folder: Path) -> dict:
    return document(folder / "cronjob.yaml")["spec"]["jobTemplate"]["spec"]["template"]["spec"]


def containers_of(folder: Path) -> list[dict]:
    """Returns the containers in the order in which they run."""
    pod = pod_of(folder)
    assert len(pod["containers"]) == 1, "containers that run at once have no order"
    return [*pod.get("initContainers", []), *pod["containers"]]


@EACH
def test_pods_may_do_nothing_that_an_audit_does_not_need(folder):
    pod = pod_of(folder)
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for it in containers_of(folder):
        assert it["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert "command" not in it, "the image says what runs"
        # Whatever writes, writes into a volume.
        mounted = {mount["mountPath"] for mount in it["volumeMounts"]}
        variables = {variable["name"]: variable.get("value") for variable in it["env"]}
        assert variables["TMPDIR"] in mounted


@EACH
def test_the_user_is_the_image_s(folder):
    context = pod_of(folder)["securityContext"]
    dockerfile = (DEPLOY / "container" / "Dockerfile").read_text(encoding="utf-8")
    assert f"\nUSER {context['runAsUser']}:{context['runAsGroup']}\n" in dockerfile


def measured() -> list[float]:
    """Returns what docs/performance.md says of memory, in MiB: a collection, and reports of a million findings but workbooks."""
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    [collected] = re.findall(r"peak memory at 50000 accounts \| ([\d.]+) MiB", page)
    reports = re.findall(r"formats: (?:csv|ndjson|ocsf|parquet): [\d, ]+ MiB at a quarter of the findings, ([\d, ]+) MiB at all", page)
    assert len(reports) == 4
    return [float(collected), *(float(it) for line in reports for it in line.split(", "))]


@EACH
def test_memory_is_twice_what_was_measured(folder):
    most = max(measured())
    for it in containers_of(folder):
        number, unit = re.fullmatch(r"(\d+)(Mi|Gi)", it["resources"]["limits"]["memory"]).groups()
        limit = int(number) * MEBIBYTES[unit]
        assert 2 * most <= limit <= 4 * most, f"{most} MiB were measured, and {limit} MiB are allowed"
        assert {"cpu", "memory"} <= set(it["resources"]["requests"])


@EACH
def test_only_https_and_names_leave_the_namespace(folder):
    policy = document(folder / "network-policy.yaml")["spec"]
    assert policy["podSelector"] == {} and policy["ingress"] == []
    assert set(policy["policyTypes"]) == {"Ingress", "Egress"}
    [https, agent, names] = policy["egress"]
    assert https["ports"] == [{"protocol": "TCP", "port": 443}]
    # A pod that reached the instance's metadata would have its node's role.
    assert "169.254.169.254/32" in https["to"][0]["ipBlock"]["except"]
    # What gives EKS's pods their credentials, at the one address that it has.
    assert {it["ipBlock"]["cidr"] for it in agent["to"]} == {"169.254.170.23/32", "fd00:ec2::23/128"}
    assert agent["ports"] == [{"protocol": "TCP", "port": 80}]
    # Which pods answer names, differs from cluster to cluster.
    assert {(it["protocol"], it["port"]) for it in names["ports"]} == {("UDP", 53), ("TCP", 53)} and "to" not in names


@EACH
def test_pods_are_who_the_service_account_says(folder):
    account = document(folder / "service-account.yaml")
    assert account["metadata"]["name"] == pod_of(folder)["serviceAccountName"]
    assert account["automountServiceAccountToken"] is False
    assert re.fullmatch(r"arn:aws:iam::\d{12}:role/mfaudit-\w+", account["metadata"]["annotations"]["eks.amazonaws.com/role-arn"])


@EACH
def test_everything_is_in_the_kustomization_and_in_its_namespace(folder):
    kustomization = document(folder / "kustomization.yaml")
    files = {it.name for it in folder.glob("*.yaml")} - {"kustomization.yaml", *BY_HAND}
    assert set(kustomization["resources"]) == files
    [image] = kustomization["images"]
    assert {it["image"] for it in containers_of(folder)} == {image["name"]}
    for name in files:
        made = document(folder / name)
        where = made["metadata"]["name"] if made["kind"] == "Namespace" else made["metadata"]["namespace"]
        assert where == kustomization["namespace"], name


@EACH
def test_a_verdict_is_not_tried_again(folder):
    job = document(folder / "cronjob.yaml")["spec"]["jobTemplate"]["spec"]
    [rule] = [it for it in job["podFailurePolicy"]["rules"] if it["action"] == "FailJob"]
    tried_again = "backoffLimitPerIndex" in job
    assert set(rule["onExitCodes"]["values"]) == ({2} if tried_again else {2, *VERDICTS} - {0})
    assert pod_of(folder)["restartPolicy"] == "Never", "podFailurePolicy needs it"


def test_the_reader_sees_the_volume_and_may_do_no_more_than_the_audit():
    reader = document(FOLDERS[0] / "reader.yaml")["spec"]
    audit = pod_of(FOLDERS[0])
    assert reader["securityContext"] == audit["securityContext"]
    assert reader["automountServiceAccountToken"] is False and reader["restartPolicy"] == "Never"
    [container] = reader["containers"]
    assert container["securityContext"] == containers_of(FOLDERS[0])[0]["securityContext"]
    [mount] = container["volumeMounts"]
    assert mount["readOnly"] is True
    [volume] = [it for it in audit["volumes"] if it["name"] == mount["name"]]
    assert reader["volumes"][0]["persistentVolumeClaim"]["claimName"] == volume["persistentVolumeClaim"]["claimName"]
    [evaluate] = [it for it in containers_of(FOLDERS[0]) if it["name"] == "evaluate"]
    assert f"{mount['mountPath']}/reports" in evaluate["args"]
    page = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    assert f"mfaudit-reader:{mount['mountPath']}/reports" in page


def test_the_two_parts_meet_in_one_folder():
    """They find each other by the name of their Jobs, which Kubernetes makes of the CronJob's name and the minute it was due."""
    collect, merge = (document(it / "cronjob.yaml") for it in FOLDERS[1:])
    assert collect["metadata"]["name"] == merge["metadata"]["name"]
    assert collect["metadata"]["namespace"] != merge["metadata"]["namespace"]
    for key in ("schedule", "timeZone", "concurrencyPolicy"):
        assert collect["spec"][key] == merge["spec"][key]
    literals = [dict(it.split("=", 1) for it in document(folder / "kustomization.yaml")["configMapGenerator"][0]["literals"]) for folder in FOLDERS[1:]]
    assert literals[0]["BUCKET"] == literals[1]["BUCKET"]
    job = collect["spec"]["jobTemplate"]["spec"]
    assert job["completionMode"] == "Indexed"
    assert job["completions"] == job["parallelism"] == int(literals[0]["SHARDS"])
    for folder in FOLDERS[1:]:
        for it in containers_of(folder):
            variables = {variable["name"]: variable for variable in it["env"]}
            path = variables["JOB_NAME"]["valueFrom"]["fieldRef"]["fieldPath"]
            assert path == "metadata.labels['batch.kubernetes.io/job-name']"


def test_the_daily_pod_collects_and_judges(tmp_path):
    with place(tmp_path) as here:
        folders = {"/scratch": tmp_path / "work", "/history": tmp_path / "history"}
        for it in folders.values():
            it.mkdir()
        steps = {it["name"]: relocated(in_container(it, {}), folders) for it in containers_of(FOLDERS[0])}
        assert list(steps) == ["collect", "publish", "evaluate"]
        collected = here.mfaudit(*steps["collect"])
        assert collected.exit == 0, str(collected)
        for _ in range(2):
            # The second day finds the first one's reports.
            judged = here.mfaudit(*steps["evaluate"])
            assert judged.exit == 3, str(judged)
        reports = {it.name for it in (tmp_path / "history" / "reports").iterdir()}
        assert reports == {"report.html", "report.json", "coverage.csv"}
