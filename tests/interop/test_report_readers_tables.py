"""Readers that nobody here wrote read the tables: csv, openpyxl, DuckDB, Arrow, and Prometheus's own parser; and all
tell what the JSON report tells."""

from __future__ import annotations

import csv
import json
import re
import subprocess
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import duckdb
import openpyxl
import pexpect
import pyarrow
import pyarrow.parquet
import pytest
from harness import BINARY, WORLDS, Finished, environment
from prometheus_client.parser import text_string_to_metric_families
from simulated import NOW, simulation

FORMATS = {
    "json": "json",
    "csv": "csv",
    "ndjson": "ndjson",
    "coverage": "ledger.csv",
    "xlsx": "xlsx",
    "parquet": "parquet",
    "markdown": "md",
    "prometheus": "prom",
    "table": "txt",
}

# Of whom, by which rule, in which account; the verdict, and whether a waiver holds.
Told = set[tuple[str, str, str, str, bool]]

WAIVERS = """
[[waiver]]
rule = "iam-user-console-mfa"
principal = "=1+1"
account = "111111111111"
owner = "=HYPERLINK(\\"http://example.com\\")"
reason = "<script>alert(1)</script>]]>%0A::error::|`x`\\u202E"
ticket = "@team"
expires = 2026-11-30

[[coverage-waiver]]
account = "444444444444"
owner = "+sum"
reason = "]]> | <b>"
expires = 2026-12-31
"""


@dataclass(frozen=True)
class Run:
    """The reports of one run."""

    finished: Finished
    stem: Path

    def file(self, format: str) -> Path:
        return self.stem.with_suffix(f".{FORMATS[format]}")

    def text(self, format: str) -> str:
        return self.file(format).read_text(encoding="utf-8")

    @property
    def document(self) -> dict:
        return json.loads(self.text("json"))

    @property
    def told(self) -> Told:
        """What the JSON report tells."""
        return told_by_json(self.document["findings"])

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """What the JSON report counts: by rule, by status."""
        of_rules = self.document["summary"]["by_rule"]
        return {it["rule"]: {k.replace("_", "-"): v for k, v in it["findings"].items()} for it in of_rules}


def told_by_json(findings) -> Told:
    return told_by(
        (it["rule"], it["account_id"], it["principal_arn"], it["status"], it["waiver"] is not None) for it in findings
    )


def told_by(rows) -> Told:
    """Returns a set of rows, none of which stands twice."""
    rows = list(rows)
    assert len(set(rows)) == len(rows)
    return set(rows)


@pytest.fixture(scope="module")
def runs(mfaudit, tmp_path_factory) -> dict[str, Run]:
    folder = tmp_path_factory.mktemp("runs")
    clock = {"SOURCE_DATE_EPOCH": str(int(NOW.timestamp()))}

    def run(name: str, *arguments: object, env=None) -> Run:
        stem = folder / name.replace(" ", "-").replace(",", "")
        made = Run(mfaudit_run(*arguments, *asked(stem), env=env), stem)
        assert made.finished.exit in (0, 3, 4), str(made.finished)
        return made

    def asked(stem: Path):
        return ["--verbose", *(f"--format={name}={stem}.{suffix}" for name, suffix in FORMATS.items())]

    mfaudit_run = mfaudit.run
    made = {"demo": run("demo", "demo"), "demo again": run("demo again", "demo")}
    made["demo, every rule"] = run("demo every", "demo", "--ruleset", "all")
    made["zero findings"] = run("zero", "demo", "--rule", "organization-root-credentials-management", "--status", "fail")
    with simulation(folder, "--accounts=15", "--users=8", "--seed=7", "--report-delay-ms=0") as simulated:
        made["made up"] = run("made up", "audit", "--ruleset", "all", env=simulated.env | clock)
        three = ["root-user-mfa", "root-user-access-key", "iam-user-console-mfa"]
        nobody = ["--role-name", "nobody", "--exclude-account", management(simulated), *(f"--rule={it}" for it in three)]
        made["all unseen"] = run("unseen", "audit", *nobody, env=simulated.env | clock)
    config = folder / "waivers.toml"
    config.write_text(WAIVERS, encoding="utf-8")
    with simulation(folder, "--world", WORLDS / "hostile.toml") as simulated:
        hostile = ["audit", "--config", config, "--owner-tag", "owner", "--ruleset", "all"]
        made["hostile"] = run("hostile", *hostile, env=simulated.env | clock)
    return made


def management(simulated) -> str:
    """Returns the account the caller is of."""
    return simulated.client("sts").get_caller_identity()["Account"]


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
    with runs[which].file("csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    told = ((it["rule"], it["account_id"], it["principal_arn"], it["status"], bool(it["waiver_expires"])) for it in rows)
    assert told_by(told) == runs[which].told


@RUNS
def test_ndjson_tells_the_same(runs, which):
    lines = [json.loads(it) for it in runs[which].text("ndjson").splitlines()]
    assert told_by_json(it for it in lines if "status" in it) == runs[which].told


@RUNS
def test_the_workbook_tells_the_same(runs, which):
    rows = sheet(runs[which], "findings")
    told = ((it["rule"], it["account_id"], it["principal_arn"], it["status"], it["waived"]) for it in rows)
    assert told_by(told) == runs[which].told
    with runs[which].file("coverage").open(encoding="utf-8", newline="") as file:
        ledger = list(csv.DictReader(file, strict=True))
    for row, line in zip(sheet(runs[which], "coverage"), ledger, strict=True):
        for name, cell in line.items():
            # A name that spreadsheets would run has an apostrophe in CSV, and none where it is typed as text.
            assert str(row[name] if row[name] is not None else "") in (cell, cell[1:]), name
    summary = runs[which].document["summary"]
    waivers = Counter((it["of"], it["state"]) for it in sheet(runs[which], "waivers"))
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
    for row in sheet(runs[which], "findings"):
        finding = by_arn[row["rule"], row["principal_arn"]]
        time = row["evidence_time"] and row["evidence_time"].replace(tzinfo=timezone.utc)
        assert time == (finding["evidence_time"] and datetime.fromisoformat(finding["evidence_time"]))
        assert row["evidence_age_seconds"] == finding["evidence_age_seconds"]


def sheet(run: Run, name: str) -> list[dict]:
    rows = openpyxl.load_workbook(run.file("xlsx"), read_only=True)[name].iter_rows(values_only=True)
    heads = next(rows)
    return [dict(zip(heads, it, strict=False)) for it in rows if any(cell is not None for cell in it)]


@RUNS
def test_arrow_reads_the_same(runs, which):
    file = pyarrow.parquet.ParquetFile(runs[which].file("parquet"))
    rows = file.read().to_pylist()
    told = ((it["rule"], it["account_id"], it["principal_arn"], it["status"], it["waived"]) for it in rows)
    assert told_by(told) == runs[which].told
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
    query = "SELECT rule, account_id, principal_arn, status, waived FROM read_parquet(?)"
    file = str(runs[which].file("parquet"))
    assert told_by(duckdb.execute(query, [file]).fetchall()) == runs[which].told
    query = "SELECT max(epoch(evidence_time)), count(*) FROM read_parquet(?)"
    latest, count = duckdb.execute(query, [file]).fetchone()
    findings = runs[which].document["findings"]
    times = [datetime.fromisoformat(it["evidence_time"]).timestamp() for it in findings if it["evidence_time"]]
    assert (latest, count) == (max(times, default=None), len(findings))


@RUNS
def test_prometheus_counts_the_same(runs, which):
    counts = {rule: Counter() for rule in runs[which].counts}
    families = {it.name: it for it in text_string_to_metric_families(runs[which].text("prometheus"))}
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
    families = {it.name: it for it in text_string_to_metric_families(runs["all unseen"].text("prometheus"))}
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
