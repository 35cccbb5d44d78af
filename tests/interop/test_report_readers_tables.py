"""Readers that nobody here wrote read the tables: csv, openpyxl, DuckDB, Arrow, and Prometheus's own parser; and all
tell what the JSON report tells."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from datetime import datetime, timezone

import duckdb
import openpyxl
import pexpect
import pyarrow
import pyarrow.parquet
import pytest
from harness import BINARY, environment
from report_readers import READERS
from report_totals import prometheus_families

FORMATS = ("json", "csv", "ndjson", "coverage", "xlsx", "parquet", "markdown", "prometheus", "table")

RUNS = pytest.mark.parametrize(
    "which", ["demo", "demo, every rule", "zero findings", "made up", "all unseen", "hostile"]
)


def test_the_runs_are_what_they_are_called(runs):
    assert not runs["zero findings"].told
    assert runs["demo"].told
    for it in runs["all unseen"].document["summary"]["by_rule"]:
        assert it["findings"]["indeterminate"] == sum(it["findings"].values()) > 0
    hostile = runs["hostile"]
    assert any(waived for *_, waived in hostile.told)
    assert any("<script>" in arn for _, _, arn, _, _ in hostile.told)
    assert {status for *_, status, _ in hostile.told} == {"pass", "fail", "not-applicable", "indeterminate"}
    assert any(it["owner"] and "<script>" in it["owner"] for it in hostile.document["findings"])


@RUNS
def test_csv_tells_the_same(runs, which):
    assert READERS["csv"].told(runs[which]) == runs[which].told


@RUNS
def test_ndjson_tells_the_same(runs, which):
    assert READERS["ndjson"].told(runs[which]) == runs[which].told


@RUNS
def test_the_workbook_tells_the_same(runs, which):
    assert READERS["openpyxl"].told(runs[which]) == runs[which].told
    for row, line in zip(runs[which].sheet("coverage"), runs[which].rows("coverage"), strict=True):
        for name, cell in line.items():
            # A name that spreadsheets would run has an apostrophe in CSV, and none where it is typed as text.
            assert str(row[name] if row[name] is not None else "") in (cell, cell[1:]), name
    summary = runs[which].document["summary"]
    waivers = Counter((it["of"], it["state"]) for it in runs[which].sheet("waivers"))
    expected = [("failures", it["state"]) for it in summary["waivers"]]
    expected += [("coverage", it["state"]) for it in summary["coverage_waivers"]]
    assert waivers == Counter(expected)


@RUNS
def test_a_workbook_is_typed_and_can_be_filtered(runs, which):
    workbook = openpyxl.load_workbook(runs[which].file("xlsx"))
    assert workbook.sheetnames == ["summary", "findings", "coverage", "waivers"]
    for name in workbook.sheetnames:
        cells = [it for row in workbook[name].iter_rows() for it in row if it.value is not None]
        # `n` is a number, `d` a date; a formula would be `f`, a link would have an address.
        assert {it.data_type for it in cells} <= {"s", "n", "d", "b", "inlineStr"}
        assert not [it for it in cells if it.hyperlink]
        if name != "summary":
            assert workbook[name].freeze_panes == "A2"
            assert workbook[name].auto_filter.ref.startswith("A1:")
            assert workbook[name].column_dimensions["A"].width > 8
    collected = datetime.fromisoformat(runs[which].document["collected_at"])
    assert workbook.properties.created.replace(tzinfo=timezone.utc) == collected
    by_arn = {(it["rule"], it["principal_arn"]): it for it in runs[which].document["findings"]}
    for row in runs[which].sheet("findings"):
        finding = by_arn[row["rule"], row["principal_arn"]]
        time = row["evidence_time"] and row["evidence_time"].replace(tzinfo=timezone.utc)
        assert time == (finding["evidence_time"] and datetime.fromisoformat(finding["evidence_time"]))
        assert row["evidence_age_seconds"] == finding["evidence_age_seconds"]


@RUNS
def test_arrow_reads_the_same(runs, which):
    file = pyarrow.parquet.ParquetFile(runs[which].file("parquet"))
    rows = file.read().to_pylist()
    assert READERS["arrow"].told(runs[which]) == runs[which].told
    types = {it.name: it.type for it in file.schema_arrow}
    assert types["evidence_time"] == pyarrow.timestamp("ms", tz="UTC")
    assert types["waiver_expires"] == pyarrow.date32()
    assert types["age_days"] == pyarrow.int64()
    assert types["waived"] == pyarrow.bool_()
    nullable = {it.name for it in file.schema_arrow if it.nullable}
    assert "gap_reason" in nullable and "status" not in nullable
    assert file.metadata.created_by.startswith("mfaudit version ")
    if rows:
        assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    findings = runs[which].document["findings"]
    for row, finding in zip(rows, findings, strict=True):
        for name in ("account_name", "ou_path", "reason", "gap_reason", "owner", "password_unused_days"):
            assert row[name] == finding[name], "what others named is told as it is"
        assert row["finding_id"] == finding["id"]
        evidence = finding["evidence_time"]
        assert row["evidence_time"] == (evidence and datetime.fromisoformat(evidence))
        assert (row["gap_reason"] is None) == (row["status"] != "indeterminate")
    metadata = {key.decode(): value.decode() for key, value in file.metadata.metadata.items()}
    summary = runs[which].document["summary"]
    assert int(metadata["mfaudit.accounts_not_fully_seen"]) == summary["coverage"]["accounts_short"]
    assert float(metadata["mfaudit.coverage_percent"]) == summary["coverage"]["percent"]


@RUNS
def test_duckdb_reads_the_same(runs, which):
    assert READERS["duckdb"].told(runs[which]) == runs[which].told
    file = str(runs[which].file("parquet"))
    query = "SELECT max(epoch(evidence_time)), count(*) FROM read_parquet(?)"
    latest, count = duckdb.execute(query, [file]).fetchone()
    findings = runs[which].document["findings"]
    times = [datetime.fromisoformat(it["evidence_time"]).timestamp() for it in findings if it["evidence_time"]]
    assert (latest, count) == (max(times, default=None), len(findings))


@RUNS
def test_prometheus_counts_the_same(runs, which):
    counts = {rule: Counter() for rule in runs[which].counts}
    families = prometheus_families(runs[which])
    for sample in families["mfaudit_findings"].samples:
        counts[sample.labels["rule"]][sample.labels["status"]] += int(sample.value)
    for rule, expected in runs[which].counts.items():
        assert {status: counts[rule][status] for status in expected} == expected
    document = runs[which].document
    summary = document["summary"]

    def value(name: str) -> float | None:
        family = families.get(f"mfaudit_{name}")
        return family.samples[0].value if family else None

    assert value("coverage_ratio") == pytest.approx(summary["coverage"]["percent"] / 100, abs=1e-9)
    assert value("exit_code") == summary["exit_code"]
    assert value("collected_timestamp_seconds") == datetime.fromisoformat(document["collected_at"]).timestamp()
    oldest = summary["oldest_evidence_time"]
    assert value("oldest_evidence_timestamp_seconds") == (oldest and datetime.fromisoformat(oldest).timestamp())
    ous = {it.labels["ou"]: it.value for it in families["mfaudit_ou_accounts"].samples}
    assert sorted(ous.values()) == sorted(it["accounts"] for it in summary["by_ou"])
    short = {it.labels["seen"]: it.value for it in families["mfaudit_accounts"].samples}
    assert short["not-fully"] == summary["coverage"]["accounts_short"]
    severities = {it.labels["severity"]: it.value for it in families.get("mfaudit_failures", NONE).samples}
    assert {it: severities.get(it, 0) for it in summary["failures_by_severity"]} == summary["failures_by_severity"]


class NONE:
    samples = ()


def test_prometheus_never_reads_as_fine_when_nothing_was_seen(runs):
    families = prometheus_families(runs["all unseen"])
    for sample in families["mfaudit_findings"].samples:
        assert sample.labels["status"] == "indeterminate"
    assert families["mfaudit_complete"].samples[0].value == 0
    assert families["mfaudit_gate_open"].samples[0].value == 0
    assert "mfaudit_can_sign_in_without_mfa" not in families


@RUNS
def test_markdown_counts_the_same(runs, which):
    page = runs[which].text("markdown")
    section = page.split("### Findings by rule\n\n")[1].split("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines()[2:]]
    counts = {
        re.sub(r"[\[\]]", "", rule): {
            "fail": int(fail),
            "indeterminate": int(gap),
            "pass": int(passing),
            "not-applicable": int(other),
        }
        for rule, _, fail, _, gap, passing, other in rows
        if rule != "**all**"
    }
    assert counts == runs[which].counts
    listed = {status for *_, status, _ in runs[which].told}
    if "fail" in listed:
        failures = page.split("### Failures\n")[1].split("\n### ")[0]
        lines = [it for it in failures.splitlines() if re.match(r"\| (critical|high|medium|low|info) \|", it)]
        assert len(lines) == sum(it["fail"] for it in counts.values())
    assert len(page.encode()) < 900 * 1024


@RUNS
def test_the_table_counts_the_same(runs, which):
    marks = Counter(re.findall(r"^ (pass|FAIL|n/a|GAP) ", runs[which].text("table"), re.MULTILINE))
    told = Counter(status for *_, status, _ in runs[which].told)
    names = {"pass": "pass", "fail": "FAIL", "not-applicable": "n/a", "indeterminate": "GAP"}
    assert {names[it]: count for it, count in told.items()} == dict(marks)


def test_names_that_others_chose_are_text_on_a_page_and_in_metrics(runs):
    for format in ("markdown", "prometheus", "table", "csv"):
        text = runs["hostile"].text(format)
        assert "\u202e" not in text and "\u200b" not in text
    page = runs["hostile"].text("markdown")
    assert "<script" not in page and "<b>" not in page
    assert "@everyone" not in page and "@team" not in page
    assert not [it for it in page.splitlines() if it.lstrip().startswith("::") or "##[" in it]
    assert "www.example.com" not in page and "http://" not in page


def test_the_same_run_makes_the_same_bytes(runs):
    for format in FORMATS:
        same = runs["demo"].file(format).read_bytes() == runs["demo again"].file(format).read_bytes()
        assert same, format


@pytest.mark.parametrize("format", ["xlsx", "parquet"])
def test_what_is_no_text_does_not_go_to_a_terminal(tmp_path, format):
    spawned = pexpect.spawn(str(BINARY), ["demo", "--format", format], env=environment(tmp_path), encoding="utf-8")
    spawned.expect(pexpect.EOF)
    spawned.close()
    assert spawned.exitstatus == 2
    assert f"--format {format}=report.{format}" in spawned.before


@pytest.mark.parametrize("format", ["xlsx", "parquet"])
def test_what_is_no_text_goes_through_a_pipe(runs, tmp_path, format):
    done = subprocess.run(
        [BINARY, "demo", "--format", format],
        env=environment(tmp_path),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    assert done.stdout == runs["demo"].file(format).read_bytes()
