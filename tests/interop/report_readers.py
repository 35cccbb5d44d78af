"""What readers that nobody here wrote make of the reports that tell findings: of each, the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

import botocore.session
import duckdb
import pyarrow.parquet
from botocore.validate import ParamValidator
from junitparser import Error, Failure, JUnitXml, Skipped
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding
from py_ocsf_models.events.findings.status_id import StatusID
from py_ocsf_models.objects.cloud import Cloud
from py_ocsf_models.objects.compliance_status import StatusID as ComplianceStatus
from report_page import told_by_page
from report_runs import Run, Told, distinct, told_by_objects


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
