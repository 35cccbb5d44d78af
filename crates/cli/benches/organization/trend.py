"""Answers one of the documented questions about a dataset of runs, by the SQL that `mfaudit history --sql duckdb` printed.

Prints the rows as CSV, times in UTC.
"""

import csv
import re
import sys
from datetime import UTC, datetime

import duckdb

script, name = sys.argv[1:]
with open(script, encoding="utf-8") as file:
    # The questions follow the tables and views, each under a comment that is its name alone.
    definitions, *rest = re.split(r"^-- ([a-z-]+)\n", file.read(), flags=re.M)
questions = dict(zip(rest[::2], rest[1::2], strict=True))
connection = duckdb.connect(config={"threads": 2})
connection.execute(definitions)
answer = connection.execute(questions[name])


def plain(value):
    """A value as `mfaudit history --form csv` has it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(value).lower() if isinstance(value, bool) else value


out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow([it[0] for it in answer.description])
for row in answer.fetchall():
    out.writerow(map(plain, row))
