"""Runs that write a report in every format, and what the JSON report tells."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from harness import WORLDS, Finished, Mfaudit
from simulated import NOW, simulation

SUFFIXES = {
    "json": "json",
    "csv": "csv",
    "ndjson": "ndjson",
    "coverage": "ledger.csv",
    "xlsx": "xlsx",
    "parquet": "parquet",
    "html": "html",
    "sarif": "sarif",
    "junit": "xml",
    "ocsf": "ocsf",
    "asff": "asff",
    "markdown": "md",
    "prometheus": "prom",
    "table": "txt",
}

STATUSES = frozenset({"pass", "fail", "not-applicable", "indeterminate"})

# By which rule, in which account, of whom; the verdict, and whether a waiver holds.
Told = set[tuple[str, str, str, str, bool]]

# A waiver whose every word is meant for somebody who obeys words.
HOSTILE_WAIVERS = """
[[waiver]]
rule = "iam-user-console-mfa"
principal = "=1+1"
account = "111111111111"
owner = "=HYPERLINK(\\"http://example.com\\")"
reason = "]]></skipped><script>alert(1)</script>%0A::error::|`x`|[x](http://example.com)\\u202E"
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
        return self.stem.with_suffix(f".{SUFFIXES[format]}")

    def text(self, format: str) -> str:
        return self.file(format).read_text(encoding="utf-8")

    def lines(self, format: str) -> list:
        return [json.loads(it) for it in self.text(format).splitlines()]

    def rows(self, format: str) -> list[dict[str, str]]:
        with self.file(format).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, strict=True))

    def sheet(self, name: str) -> list[dict]:
        rows = openpyxl.load_workbook(self.file("xlsx"), read_only=True)[name].iter_rows(values_only=True)
        heads = next(rows)
        return [dict(zip(heads, it, strict=False)) for it in rows if any(cell is not None for cell in it)]

    @property
    def document(self) -> dict:
        return json.loads(self.text("json"))

    @property
    def told(self) -> Told:
        """What the JSON report tells."""
        return distinct(told_by_objects(self.document["findings"]))

    @property
    def names(self) -> set[str]:
        """The accounts' names, as the JSON report tells them."""
        return {it["account_name"] for it in self.document["findings"] if it["account_name"]}

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """What the JSON report counts: by rule, by status."""
        of_rules = self.document["summary"]["by_rule"]
        return {it["rule"]: {k.replace("_", "-"): v for k, v in it["findings"].items()} for it in of_rules}


def reported(mfaudit: Mfaudit, stem: Path, *arguments: object, env=None) -> Run:
    """Runs a command that writes reports in every format; the table lists everything."""
    asked = [f"--format={name}={stem}.{suffix}" for name, suffix in SUFFIXES.items()]
    made = Run(mfaudit.run(*arguments, "--verbose", *asked, env=env), stem)
    assert made.finished.exit in (0, 3, 4), str(made.finished)
    return made


def runs(mfaudit: Mfaudit, folder: Path) -> dict[str, Run]:
    """Makes reports of organizations of all kinds."""
    clock = {"SOURCE_DATE_EPOCH": str(int(NOW.timestamp()))}
    made: dict[str, Run] = {}

    def report(name: str, *arguments: object, env=None) -> None:
        made[name] = reported(mfaudit, folder / re.sub(r"\W+", "-", name), *arguments, env=env)

    report("demo", "demo")
    report("demo again", "demo")
    report("demo, every rule", "demo", "--ruleset", "all")
    report("zero findings", "demo", "--rule", "organization-root-credentials-management", "--status", "fail")
    report("failures alone", "demo", "--status", "fail")
    with simulation(folder, "--accounts=15", "--users=8", "--seed=7", "--report-delay-ms=0") as simulated:
        env = simulated.env | clock
        report("made up", "audit", "--ruleset", "all", env=env)
        three = ["root-user-mfa", "root-user-access-key", "iam-user-console-mfa"]
        caller = simulated.client("sts").get_caller_identity()["Account"]
        nobody = ["--role-name", "nobody", "--exclude-account", caller, *(f"--rule={it}" for it in three)]
        report("all unseen", "audit", *nobody, env=env)
    config = folder / "waivers.toml"
    config.write_text(HOSTILE_WAIVERS, encoding="utf-8")
    with simulation(folder, "--world", WORLDS / "hostile.toml") as simulated:
        hostile = ["audit", "--config", config, "--owner-tag", "owner", "--ruleset", "all"]
        report("hostile", *hostile, env=simulated.env | clock)
    return made


def distinct(rows: Iterable[tuple]) -> Told:
    """Returns a set of rows, none of which stands twice."""
    rows = list(rows)
    assert len(set(rows)) == len(rows)
    return set(rows)


def told_by_objects(findings: Iterable[dict]) -> Iterable[tuple]:
    for it in findings:
        yield it["rule"], it["account_id"], it["principal_arn"], it["status"], it["waiver"] is not None
