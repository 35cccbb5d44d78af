"""The reports of one run, and what readers that nobody here wrote make of each: the same findings, or the same totals."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import botocore.session
import duckdb
import openpyxl
import pyarrow.parquet
import pytest
from botocore.validate import ParamValidator
from harness import WORLDS, Finished, Mfaudit, environment, run
from junitparser import Error, Failure, JUnitXml, Skipped
from prometheus_client.parser import text_string_to_metric_families
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding
from py_ocsf_models.events.findings.status_id import StatusID
from py_ocsf_models.objects.cloud import Cloud
from py_ocsf_models.objects.compliance_status import StatusID as ComplianceStatus
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
        return distinct(told_by_json(self))

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


def told_by_json(made: Run) -> Iterable[tuple]:
    return told_by_objects(made.document["findings"])


def told_by_ndjson(made: Run) -> Iterable[tuple]:
    # What is no finding stands behind them, and has no status.
    return told_by_objects(it for it in made.lines("ndjson") if "status" in it)


def told_by_csv(made: Run) -> Iterable[tuple]:
    for it in made.rows("csv"):
        yield it["rule"], it["account_id"], it["principal_arn"], it["status"], bool(it["waiver_expires"])


def told_by_openpyxl(made: Run) -> Iterable[tuple]:
    for it in made.sheet("findings"):
        yield it["rule"], it["account_id"], it["principal_arn"], it["status"], it["waived"]


COLUMNS = ["rule", "account_id", "principal_arn", "status", "waived"]


def told_by_duckdb(made: Run) -> Iterable[tuple]:
    query = f"SELECT {', '.join(COLUMNS)} FROM read_parquet(?)"
    return duckdb.execute(query, [str(made.file("parquet"))]).fetchall()


def told_by_arrow(made: Run) -> Iterable[tuple]:
    table = pyarrow.parquet.read_table(made.file("parquet"), columns=COLUMNS)
    return (tuple(it[name] for name in COLUMNS) for it in table.to_pylist())


def sarif_run(made: Run) -> dict:
    [only] = json.loads(made.text("sarif"))["runs"]
    return only


def told_by_sarif(made: Run) -> Iterable[tuple]:
    statuses = {"fail": "fail", "open": "indeterminate"}
    for it in sarif_run(made)["results"]:
        [location] = it["locations"]
        yield (
            it["ruleId"],
            location["physicalLocation"]["artifactLocation"]["uri"].removeprefix("aws/"),
            location["logicalLocations"][0]["fullyQualifiedName"],
            statuses[it["kind"]],
            bool(it["suppressions"]),
        )


def junit_status(case) -> tuple[str, bool]:
    [end] = case.result or [None]
    match end:
        case None:
            return "pass", False
        case Failure():
            return "fail", False
        case Error():
            return "indeterminate", False
        case Skipped():
            waived = end.message.startswith("waived until ")
            assert waived or end.message.startswith("not applicable: ")
            return ("fail", True) if waived else ("not-applicable", False)
    raise AssertionError(end)


def told_by_junitparser(made: Run) -> Iterable[tuple]:
    for suite in JUnitXml.fromfile(str(made.file("junit"))):
        [account] = [it.value for it in suite.properties() if it.name == "account_id"]
        for it in suite:
            yield it.classname, account, it.name, *junit_status(it)


def told_by_ocsf_models(made: Run) -> Iterable[tuple]:
    statuses = {
        ComplianceStatus.Pass: "pass",
        ComplianceStatus.Fail: "fail",
        ComplianceStatus.Other: "not-applicable",
        ComplianceStatus.Unknown: "indeterminate",
    }
    for line in made.lines("ocsf"):
        event = ComplianceFinding.model_validate(line)
        # The model knows no cloud, which is of a profile.
        account = Cloud.model_validate(line["cloud"]).account
        [resource] = event.resources
        status = statuses[event.compliance.status_id]
        yield event.compliance.control, account.uid, resource.uid, status, event.status_id == StatusID.Suppressed


def told_by_asff_findings(findings: Iterable[dict]) -> Iterable[tuple]:
    statuses = {
        ("PASSED", "ARCHIVED"): "pass",
        ("FAILED", "ACTIVE"): "fail",
        ("NOT_AVAILABLE", "ARCHIVED"): "not-applicable",
        ("WARNING", "ACTIVE"): "indeterminate",
    }
    for it in findings:
        yield (
            it["GeneratorId"].removeprefix("mfaudit/"),
            it["AwsAccountId"],
            it["ProductFields"]["mfaudit/PrincipalArn"],
            statuses[it["Compliance"]["Status"], it["RecordState"]],
            it["ProductFields"].get("mfaudit/Waived") == "true",
        )


@cache
def import_findings():
    """Returns the shape of what `BatchImportFindings` takes."""
    service = botocore.session.get_session().get_service_model("securityhub")
    return service.operation_model("BatchImportFindings").input_shape


def told_by_botocore(made: Run) -> Iterable[tuple]:
    for batch in made.lines("asff"):
        report = ParamValidator().validate({"Findings": batch}, import_findings())
        assert not report.has_errors(), report.generate_report()
        yield from told_by_asff_findings(batch)


class Scripts(HTMLParser):
    """Keeps what a page's script elements hold."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[tuple[dict, str]] = []
        self._open = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self._open = tag == "script"
        if self._open:
            self.found.append((dict(attrs), ""))

    def handle_endtag(self, tag):
        self._open = False

    def handle_data(self, data):
        if self._open:
            attributes, text = self.found[-1]
            self.found[-1] = attributes, text + data


# Without a browser, the page's script ends where it begins to change the page; what reads the data is there by then.
READ_PAGE = """
const vm = require('node:vm');
const { script, data } = JSON.parse(require('node:fs').readFileSync(process.argv[1], 'utf8'));
const page = vm.createContext({ given: data });
try {
  vm.runInContext(script, page);
} catch (error) {
  if (error.message !== 'document is not defined') throw error;
}
const told = vm.runInContext(`
  const data = readData(given);
  const rows = [];
  for (let row = 0; row < data.count; row += 1) {
    const account = data.accounts[data.column.account[row]];
    rows.push([
      data.rules[data.column.rule[row]].id,
      account.id,
      data.text('arn', row),
      data.statuses[data.column.status[row]],
      data.column.waiver[row] !== NONE,
    ]);
  }
  JSON.stringify(rows)`, page);
process.stdout.write(told);
"""


def told_by_page(made: Run) -> Iterable[tuple]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node to run the page's script")
    scripts = Scripts(made.text("html")).found
    [data] = [text for attributes, text in scripts if attributes.get("id") == "data"]
    [script] = [text for attributes, text in scripts if "type" not in attributes]
    parts = made.stem.with_suffix(".page.json")
    parts.write_text(json.dumps({"script": script, "data": data}), encoding="utf-8")
    done = run([node, "-e", READ_PAGE, parts], environment(made.stem.parent))
    assert done.exit == 0, str(done)
    return (tuple(it) for it in json.loads(done.out))


@dataclass(frozen=True)
class Reader:
    """How somebody else reads a format, and what the format leaves out by definition."""

    format: str
    read: Callable[[Run], Iterable[tuple]]
    leaves_out: frozenset[str] = frozenset()

    def told(self, made: Run) -> Told:
        return distinct(self.read(made))

    def expected(self, told: Told) -> Told:
        """Returns what of a run's findings the format holds."""
        return {it for it in told if it[3] not in self.leaves_out}


# The formats that tell findings. Only code scanning has no use for what is well: there, no result means that.
# JUnit says "skipped" of what is waived and of what does not apply, and which of both in its message.
READERS = {
    "json": Reader("json", told_by_json),
    "csv": Reader("csv", told_by_csv),
    "ndjson": Reader("ndjson", told_by_ndjson),
    "sarif": Reader("sarif", told_by_sarif, leaves_out=frozenset({"pass", "not-applicable"})),
    "junitparser": Reader("junit", told_by_junitparser),
    "py-ocsf-models": Reader("ocsf", told_by_ocsf_models),
    "botocore": Reader("asff", told_by_botocore),
    "openpyxl": Reader("xlsx", told_by_openpyxl),
    "duckdb": Reader("parquet", told_by_duckdb),
    "arrow": Reader("parquet", told_by_arrow),
    "page": Reader("html", told_by_page),
}

# By rule and status, how many findings; by rule and "waived", how many of the failures a waiver holds.
Totals = Counter[tuple[str, str]]


def totals_of(told: Told) -> Totals:
    """Counts what is told."""
    totals = Counter((rule, status) for rule, _, _, status, _ in told)
    totals.update((rule, "waived") for rule, *_, waived in told if waived)
    return totals


def totals_by_markdown(made: Run) -> Totals:
    section = made.text("markdown").split("### Findings by rule\n\n")[1].split("\n\n")[0]
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines()[2:]]
    totals: Totals = Counter()
    for rule, _, *numbers in lines:
        for what, number in zip(("fail", "waived", "indeterminate", "pass", "not-applicable"), numbers, strict=True):
            totals[re.sub(r"[\[\]*]", "", rule), what] = int(number)
    every = {what: totals.pop(("all", what)) for what in (*STATUSES, "waived")}
    assert every == {what: sum(it for (_, of), it in totals.items() if of == what) for what in every}
    return totals


def prometheus_families(made: Run) -> dict:
    return {it.name: it for it in text_string_to_metric_families(made.text("prometheus"))}


def totals_by_prometheus(made: Run) -> Totals:
    families = prometheus_families(made)
    totals: Totals = Counter()
    for it in families["mfaudit_findings"].samples:
        totals[it.labels["rule"], it.labels["status"]] += int(it.value)
    excused = families["mfaudit_failures_excused"].samples if "mfaudit_failures_excused" in families else ()
    for it in excused:
        if it.labels["why"] == "waived":
            totals[it.labels["rule"], "waived"] += int(it.value)
    return totals


def totals_by_table(made: Run) -> Totals:
    """Counts the lines of the table's list. Which of them are waived, the table says in its head, of all rules at once."""
    names = {"pass": "pass", "FAIL": "fail", "n/a": "not-applicable", "GAP": "indeterminate"}
    listed: list[tuple[str, str]] = []
    is_open = False
    for line in made.text("table").splitlines():
        begun = re.match(r" (pass|FAIL|n/a|GAP) +(\S+)", line)
        rest = re.match(r" {7}(\S+)", line)
        if begun:
            listed.append((begun[2], names[begun[1]]))
        elif rest and is_open:
            # A rule's name may be longer than its column.
            rule, status = listed.pop()
            listed.append((rule + rest[1], status))
        is_open = bool(begun or (is_open and line.strip()))
    return Counter(listed)


def waived_by_table(made: Run) -> tuple[int, int]:
    """Returns how many failures there are, and how many of them are waived, as the table's head says."""
    told = re.search(r"^WAIVED +of (\d+) failures?: (\d+) waived", made.text("table"), re.MULTILINE)
    assert told, made.text("table")[:2000]
    return int(told[1]), int(told[2])
