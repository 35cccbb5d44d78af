"""Readers that nobody here wrote read the reports: JSON Schema, csv, and line by line; and all tell the same."""

import json

import pytest
from harness import ROOT, WORLDS, told_by
from jsonschema import Draft202012Validator
from simulated import NOW, simulation


@pytest.fixture(scope="module")
def schema(mfaudit):
    file = ROOT / "docs" / "schema" / "report-v1.json"
    if file.is_file():
        return json.loads(file.read_text(encoding="utf-8"))
    printed = mfaudit.run("docs", "schema/report-v1.json")
    assert printed.exit == 0, str(printed)
    return json.loads(printed.out)


@pytest.fixture(scope="module")
def reports(mfaudit, tmp_path_factory):
    """Reports of the demo, of audits, and of a snapshot."""
    folder = tmp_path_factory.mktemp("simulator")
    clock = {"SOURCE_DATE_EPOCH": str(int(NOW.timestamp()))}
    made = {"demo": mfaudit.report("demo")}
    made["demo, every rule"] = mfaudit.report("demo", *every_rule(mfaudit))
    with simulation(folder, "--world", WORLDS / "clients.toml") as simulated:
        env = simulated.env | clock
        made["audit"] = mfaudit.report("audit", "--external-id", "correct-horse", env=env)
        made["live audit"] = mfaudit.report("audit", "--live", "--external-id", "correct-horse", env=env)
        made["audit of one account"] = mfaudit.report("audit", "--account", "self", env=env)
        made["refused audit"] = mfaudit.report("audit", env=env)
        snapshot = folder / "snapshot"
        collected = mfaudit.run("collect", "--external-id", "correct-horse", "--output", snapshot, env=env)
        assert collected.exit == 0, str(collected)
    made["snapshot"] = mfaudit.report("evaluate", snapshot)
    evidence = folder / "123456789012"
    evidence.mkdir()
    (evidence / "report.csv").write_text("user,password_enabled,mfa_active\nalice,true,false\n")
    made["saved evidence"] = mfaudit.report("evaluate", evidence)
    return made


def every_rule(mfaudit):
    listed = json.loads(mfaudit.run("demo", "--format", "json").out)["rules"]
    pages = mfaudit.run("rules", "list").out
    ids = {it["id"] for it in listed} | {it for line in pages.splitlines() for it in line.split()[:1] if "-" in it}
    return [f"--rule={it}" for it in sorted(ids)]


REPORTS = pytest.mark.parametrize(
    "which",
    [
        "demo",
        "demo, every rule",
        "audit",
        "live audit",
        "audit of one account",
        "refused audit",
        "snapshot",
        "saved evidence",
    ],
)


def test_the_schema_is_one(schema):
    Draft202012Validator.check_schema(schema)


@REPORTS
def test_the_document_is_valid(schema, reports, which):
    checker = Draft202012Validator.FORMAT_CHECKER
    errors = Draft202012Validator(schema, format_checker=checker).iter_errors(reports[which].document)
    assert not [f"{error.json_path}: {error.message}" for error in errors]


def test_the_schema_refuses_what_is_no_report(schema, reports):
    for change in ({"version": 2}, {"findings": None}, {"findings": [{}]}):
        wrong = reports["demo"].document | change
        assert list(Draft202012Validator(schema).iter_errors(wrong)), f"{change} is accepted"


@REPORTS
def test_all_formats_tell_the_same(reports, which):
    report = reports[which]
    assert report.statuses, "there is no finding"
    assert told_by(report.ndjson_rows) == report.statuses
    assert told_by(report.csv_rows) == report.statuses


@REPORTS
def test_rows_agree_in_every_column(reports, which):
    report = reports[which]
    for line, row in zip(report.ndjson_rows, report.csv_rows, strict=True):
        for name in ("severity", "principal_kind", "evidence_time", "gap_reason"):
            assert row[name] == (line[name] or ""), f"{name} of {row['principal_arn']}"
        assert row["evidence_source"] == ";".join(line["evidence_source"])
        assert row["controls"] == "; ".join(line["controls"])
        age = line["evidence_age_seconds"]
        assert row["evidence_age_seconds"] == ("" if age is None else str(age))


@REPORTS
def test_the_summary_counts_the_findings(reports, which):
    document = reports[which].document
    told = list(reports[which].statuses.values())
    counts = {name.replace("_", "-"): count for name, count in document["summary"]["findings"].items()}
    assert counts == {name: told.count(name) for name in counts}
    assert set(told) <= set(counts)
    assert sum(document["summary"]["failures_by_severity"].values()) == told.count("fail")


def test_no_cell_of_the_csv_is_a_formula(reports):
    for which, report in reports.items():
        for row in report.csv_rows:
            for name, cell in row.items():
                started = cell.startswith(("=", "+", "@", "\t")) or (cell.startswith("-") and not cell[1:].isdigit())
                assert not started, f"{which}: {name} is {cell!r}"
