"""What readers make of the reports that count."""

from __future__ import annotations

import re
from collections import Counter

from prometheus_client.parser import text_string_to_metric_families
from report_runs import STATUSES, Run, Told

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
