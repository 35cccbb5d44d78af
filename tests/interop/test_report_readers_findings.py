"""Readers that nobody here wrote read what is made for code scanning, CI servers, SIEMs and Security Hub: Microsoft's SARIF
Multitool, junitparser, py-ocsf-models, botocore and moto; and all tell what the JSON report tells."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections import Counter
from pathlib import Path

import pytest
from botocore.validate import ParamValidator
from harness import ROOT, environment, run, serving
from junitparser import JUnitXml
from moto_organization import aws_environment, client
from py_ocsf_models import OCSF_VERSION
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding
from py_ocsf_models.objects.cloud import Cloud
from report_readers import READERS, import_findings, sarif_run, told_by_asff_findings
from report_runs import distinct

FORMATS = ("json", "sarif", "junit", "ocsf", "asff")

RUNS = pytest.mark.parametrize(
    "which",
    ["demo", "demo, every rule", "zero findings", "failures alone", "made up", "all unseen", "hostile"],
)


def test_the_runs_hold_what_they_are_for(runs):
    statuses = {which: Counter(it[3] for it in made.told) for which, made in runs.items()}
    assert set(statuses["hostile"]) == {"pass", "fail", "not-applicable", "indeterminate"}
    assert statuses["all unseen"]["indeterminate"] > 10
    assert not runs["zero findings"].told
    assert any(waived for *_, waived in runs["hostile"].told)
    assert any("<script>" in it for it in runs["hostile"].names)
    assert any("\u202e" in it for it in runs["hostile"].names)


def test_equal_snapshots_give_equal_bytes(runs):
    for format in FORMATS:
        assert runs["demo"].file(format).read_bytes() == runs["demo again"].file(format).read_bytes(), format


@RUNS
def test_no_file_holds_what_a_terminal_obeys(runs, which):
    for format in FORMATS:
        for it in runs[which].text(format).replace("\n", ""):
            assert it.isprintable() or it == " ", f"{format}: {it!r}"


# SARIF


def multitool() -> Path:
    """Returns the program that `tests/run interop` installs by npm."""
    installed = os.environ.get("MFAUDIT_NPM")
    if installed is None:
        pytest.skip("the SARIF Multitool is not installed: tests/run interop does, where there is npm")
    system = "darwin" if sys.platform == "darwin" else "linux"
    return Path(installed) / "node_modules" / "@microsoft" / f"sarif-multitool-{system}" / "Sarif.Multitool"


@RUNS
def test_the_sarif_multitool_has_nothing_against_sarif(runs, which, tmp_path):
    verdict = tmp_path / "verdict.sarif"
    # Without code, there are notes about code.
    arguments = ["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning", "--kind", "Fail", "--output", verdict]
    env = environment(tmp_path, {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"})
    done = run([multitool(), "validate", runs[which].file("sarif"), *arguments], env, tmp_path)
    told = json.loads(verdict.read_text(encoding="utf-8-sig"))
    [checked] = told["runs"]
    assert checked["invocations"][0]["executionSuccessful"], str(done)
    assert not [f"{it['ruleId']}: {it['message']}" for it in checked.get("results", [])]


def test_the_sarif_multitool_tells_what_is_wrong(runs, tmp_path):
    wrong = json.loads(runs["demo"].text("sarif"))
    del wrong["runs"][0]["results"][0]["locations"]
    file = tmp_path / "wrong.sarif"
    file.write_text(json.dumps(wrong), encoding="utf-8")
    env = environment(tmp_path, {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"})
    done = run([multitool(), "validate", file, "--rule-kind", "Sarif;Ghas"], env, tmp_path)
    assert "GH1" in done.out, str(done)


@RUNS
def test_sarif_tells_what_fails_and_what_could_not_be_judged(runs, which):
    reader = READERS["sarif"]
    assert reader.told(runs[which]) == reader.expected(runs[which].told)
    results = sarif_run(runs[which])["results"]
    kinds = [it["kind"] for it in results]
    assert kinds == sorted(kinds), "failures come first"
    assert len({it["partialFingerprints"]["primaryLocationLineHash"] for it in results}) == len(results)


@RUNS
def test_sarif_says_whether_everything_was_seen(runs, which):
    document = runs[which].document
    seen = document["summary"]["findings"]["indeterminate"] == 0 and not document["summary"]["gaps"]
    [invocation] = sarif_run(runs[which])["invocations"]
    assert invocation["executionSuccessful"] == seen
    errors = [it for it in invocation["toolExecutionNotifications"] if it["level"] == "error"]
    assert bool(errors) == (not seen)


@RUNS
def test_sarif_lists_every_rule_that_was_evaluated(runs, which):
    rules = [it["id"] for it in sarif_run(runs[which])["tool"]["driver"]["rules"]]
    assert rules == [it["rule"] for it in runs[which].document["summary"]["by_rule"]]


# JUnit


@RUNS
def test_junit_tells_what_json_tells(runs, which):
    assert READERS["junitparser"].told(runs[which]) == runs[which].told


@RUNS
def test_the_counts_of_junit_are_those_that_a_reader_counts(runs, which):
    report = JUnitXml.fromfile(str(runs[which].file("junit")))
    stated = [(it.tests, it.failures, it.errors, it.skipped) for it in (report, *report)]
    report.update_statistics()
    for suite in report:
        suite.update_statistics()
    assert stated == [(it.tests, it.failures, it.errors, it.skipped) for it in (report, *report)]


# OCSF


@RUNS
def test_ocsf_tells_what_json_tells(runs, which):
    assert READERS["py-ocsf-models"].told(runs[which]) == runs[which].told
    lines = runs[which].lines("ocsf")
    names, uids = set(), set()
    for line in lines:
        event = ComplianceFinding.model_validate(line)
        account = Cloud.model_validate(line["cloud"]).account
        assert event.metadata.version == OCSF_VERSION
        assert (event.class_uid, event.type_uid) == (2003, 200300 + event.activity_id)
        if account.name != account.uid:
            names.add(account.name)
        uids |= {event.finding_info.uid, event.metadata.uid}
    assert names == runs[which].names
    assert len(uids) == 2 * len(lines)


def test_py_ocsf_models_refuses_what_is_no_finding(runs):
    line = runs["demo"].lines("ocsf")[0]
    for key in ("metadata", "compliance", "finding_info", "time"):
        with pytest.raises(ValueError, match=key):
            ComplianceFinding.model_validate({it: line[it] for it in line if it != key})


# ASFF


def mistakes(value, shape, at="") -> list[str]:
    """Returns what a value holds that its shape's enumerations and patterns do not allow; botocore leaves them to AWS."""
    match shape.type_name:
        case "structure":
            return [it for key in value for it in mistakes(value[key], shape.members[key], f"{at}.{key}")]
        case "list":
            return [it for index, item in enumerate(value) for it in mistakes(item, shape.member, f"{at}[{index}]")]
        case "map":
            return [it for key in value for it in mistakes(value[key], shape.value, f"{at}.{key}")]
        case "string":
            allowed = not shape.enum or value in shape.enum
            matches = re.search(shape.metadata.get("pattern", ""), value)
            return [] if allowed and matches else [f"{at} is {value!r}"]
    return []


@RUNS
def test_botocore_takes_every_batch(runs, which):
    for batch in runs[which].lines("asff"):
        assert 1 <= len(batch) <= 100
        assert len({it["AwsAccountId"] for it in batch}) == 1
        report = ParamValidator().validate({"Findings": batch}, import_findings())
        assert not report.has_errors(), report.generate_report()
        assert not mistakes({"Findings": batch}, import_findings())
        for finding in batch:
            assert len(json.dumps(finding)) < 240_000
            assert len(finding["Title"]) <= 256 and len(finding["Description"]) <= 1024
            assert len(finding["ProductFields"]) <= 50
            assert all(len(it) <= 2048 for it in finding["ProductFields"].values())


def test_botocore_refuses_what_security_hub_does_not_know(runs):
    [finding, *_] = runs["demo"].lines("asff")[0]
    for change in ({"Workflows": {}}, {"Title": None}, {"Resources": {}}):
        assert ParamValidator().validate({"Findings": [finding | change]}, import_findings()).has_errors()
    assert mistakes({"Findings": [finding | {"RecordState": "OPEN"}]}, import_findings())


@RUNS
def test_asff_tells_what_json_tells(runs, which):
    findings = [it for batch in runs[which].lines("asff") for it in batch]
    assert READERS["botocore"].told(runs[which]) == runs[which].told
    names = {it["ProductFields"].get("mfaudit/AccountName") for it in findings} - {None}
    assert names == runs[which].names
    assert len({it["Id"] for it in findings}) == len(findings)


def loop_of_the_guide() -> str:
    guide = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    [loop] = re.findall(r"```bash\n# send-to-security-hub [^\n]*\n(.*?)```", guide, re.DOTALL)
    return loop


@pytest.mark.skipif(not shutil.which("jq"), reason="there is no jq")
@pytest.mark.parametrize(("which", "times"), [("demo", 1), ("hostile", 2)])
def test_the_guide_s_loop_sends_every_finding_to_its_account(runs, which, times, tmp_path):
    made = runs[which]
    accounts = {it[1] for it in made.told}
    server = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
    with serving(server, environment(tmp_path), ready="Running on http") as lines:
        endpoint = re.search(r"http://[\d.:]+", lines[-1])[0]
        env = environment(tmp_path, aws_environment(endpoint))
        script = tmp_path / "send.sh"
        script.write_text(loop_of_the_guide(), encoding="utf-8")
        for _ in range(times):
            sent = run(["bash", "-u", script, made.file("asff"), "eu-west-1", "sender"], env, tmp_path)
            assert sent.exit == 0, str(sent)
        arrived = []
        for account in sorted(accounts):
            role = f"arn:aws:iam::{account}:role/sender"
            session = client("sts", endpoint).assume_role(RoleArn=role, RoleSessionName="reader")
            hub = client("securityhub", endpoint, session["Credentials"], region="eu-west-1")
            pages = hub.get_paginator("get_findings").paginate()
            of_account = [it for page in pages for it in page["Findings"]]
            product = f"arn:aws:securityhub:eu-west-1:{account}:product/{account}/default"
            assert {it["ProductArn"] for it in of_account} == {product}
            assert {it["AwsAccountId"] for it in of_account} == {account}
            arrived += of_account
        assert distinct(told_by_asff_findings(arrived)) == made.told
