"""One snapshot, judged once and written in every format: whoever reads a report, with software that nobody here wrote,
is told the same findings, or the same totals; also where names are hidden."""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import duckdb
import openpyxl
import pytest
from harness import ROOT, WORLDS
from report_readers import READERS
from report_runs import STATUSES, SUFFIXES, Run, reported
from report_totals import totals_by_markdown, totals_by_prometheus, totals_by_table, totals_of, waived_by_table
from simulated import NOW, simulation

CLOCK = {"SOURCE_DATE_EPOCH": str(int(NOW.timestamp()))}

# Another organization every time; pytest prints which.
SEED = int(os.environ["MFAUDIT_SEED"])

ORGANIZATIONS = {
    "demo": ["--world", ROOT / "crates" / "simulator" / "src" / "worlds" / "demo.toml"],
    "made up": ["--accounts=15", "--users=8", f"--seed={SEED}", "--report-delay-ms=0"],
    "hostile": ["--world", WORLDS / "hostile.toml"],
}

# Of the users who fail the same rule, those with an "n" are waived.
WAIVERS = """
[[waiver]]
rule = "iam-user-*"
account = "*"
principal = "*:user/*n*"
owner = "=HYPERLINK(\\"http://example.com\\")"
reason = "]]></skipped><script>alert(1)</script>%0A::error::|`x`\\u202E"
ticket = "@team"
expires = 2026-12-10
"""


@dataclass(frozen=True)
class Judged:
    """One snapshot and its reports, with names and without."""

    snapshot: Path
    key: Path
    plain: Run
    redacted: Run


@pytest.fixture(scope="module", params=ORGANIZATIONS, ids=lambda it: f"{it} {SEED}" if it == "made up" else it)
def judged(request, mfaudit, tmp_path_factory) -> Judged:
    folder = tmp_path_factory.mktemp("judged")
    config, snapshot, key = folder / "waivers.toml", folder / "run.mfaudit", folder / "team.key"
    config.write_text(WAIVERS, encoding="utf-8")
    with simulation(folder, *ORGANIZATIONS[request.param]) as simulated:
        every = ["--ruleset", "all", "--owner-tag", "owner"]
        collected = mfaudit.run("collect", "--output", snapshot, *every, env=simulated.env | CLOCK)
        assert collected.exit == 0, str(collected)
    judge = ["evaluate", snapshot, "--config", config, "--ruleset", "all"]
    plain = reported(mfaudit, folder / "plain", *judge)
    redacted = reported(mfaudit, folder / "redacted", *judge, "--redact", "names", "--redact-key", key)
    return Judged(snapshot, key, plain, redacted)


BOTH = pytest.mark.parametrize("which", ["plain", "redacted"])


def test_there_is_something_to_agree_on(judged):
    told = judged.plain.told
    assert {status for *_, status, _ in told} == STATUSES
    failures = {(rule, waived) for rule, _, _, status, waived in told if status == "fail"}
    assert {waived for rule, waived in failures if rule == "iam-user-console-mfa"} == {True, False}
    assert {status for *_, status, waived in told if waived} == {"fail"}


@BOTH
@pytest.mark.parametrize("reader", READERS)
def test_every_reader_is_told_the_same_findings(judged, which, reader):
    made = getattr(judged, which)
    assert READERS[reader].told(made) == READERS[reader].expected(made.told)


@BOTH
@pytest.mark.parametrize("totals", [totals_by_markdown, totals_by_prometheus, totals_by_table])
def test_every_summary_tells_the_same_totals(judged, which, totals):
    made = getattr(judged, which)
    expected = totals_of(made.told)
    if totals is totals_by_table:
        waived = sum(count for (_, what), count in expected.items() if what == "waived")
        failed = sum(count for (_, what), count in expected.items() if what == "fail")
        assert waived_by_table(made) == (failed, waived)
        expected = Counter({key: count for key, count in expected.items() if key[1] != "waived"})
    # What is not there is none.
    assert totals(made) == expected


def test_findings_without_names_are_the_same_ones(judged, mfaudit):
    listed = mfaudit.run("unredact", judged.snapshot, "--redact-key", judged.key)
    assert listed.exit == 0, str(listed)
    names = dict(line.split("\t", 1) for line in listed.out.splitlines())

    def named(arn: str) -> str:
        return re.sub(r"name-[0-9a-f]+", lambda it: names[it[0]], arn)

    told = {(rule, account, named(arn), status, waived) for rule, account, arn, status, waived in judged.redacted.told}
    assert told == judged.plain.told


def chosen_names(judged: Judged) -> set[str]:
    """Returns what people called users, roles, accounts, and the parts of paths, but for what may be a word of any text."""
    findings = judged.plain.document["findings"]
    named = [it["principal_arn"] for it in findings if it["principal_kind"] in ("iam-user", "iam-role")]
    parts = {part for arn in named for part in arn.split("/")[1:]} | judged.plain.names
    return {it for it in parts if not re.fullmatch("[a-z]*", it)}


def cells_by_openpyxl(made: Run) -> list[str]:
    workbook = openpyxl.load_workbook(made.file("xlsx"))
    properties = [str(it) for it in vars(workbook.properties).values()]
    return properties + [str(it) for sheet in workbook for row in sheet.iter_rows(values_only=True) for it in row]


def cells_by_duckdb(made: Run) -> list[str]:
    file = str(made.file("parquet"))
    rows = duckdb.execute("SELECT * FROM read_parquet(?)", [file]).fetchall()
    metadata = duckdb.execute("SELECT decode(key), decode(value) FROM parquet_kv_metadata(?)", [file]).fetchall()
    statistics = duckdb.execute("SELECT stats_min_value, stats_max_value FROM parquet_metadata(?)", [file]).fetchall()
    return [str(it) for row in (*rows, *metadata, *statistics) for it in row]


@pytest.mark.parametrize("cells", [cells_by_openpyxl, cells_by_duckdb])
def test_no_cell_holds_a_name_where_names_are_hidden(judged, cells):
    names = chosen_names(judged)
    shown, hidden = cells(judged.plain), cells(judged.redacted)
    assert len(shown) == len(hidden)
    # What cannot be seen in a name is spelt out where somebody looks at it.
    assert not [name for name in names if name.isprintable() and not any(name in it for it in shown)]
    assert not [(name, it) for it in hidden for name in names if name in it]


# The beginning of a user's name in the hostile organization, which a narrow column holds.
SECRET = "wJalrXUtn"
TEXTS = [it for it in SUFFIXES if it not in ("xlsx", "parquet")]


@pytest.mark.parametrize("format", TEXTS)
def test_no_text_holds_a_secret_that_is_a_name_where_names_are_hidden(judged, format):
    holds_users = format not in ("coverage", "prometheus")
    has_secret = any(SECRET in arn for _, _, arn, _, _ in judged.plain.told)
    assert (SECRET in judged.plain.text(format)) == (holds_users and has_secret)
    assert SECRET not in judged.redacted.text(format)
