"""Answers one of the documented questions about a dataset of runs, by the SQL that `mfaudit history --sql duckdb` printed.

Prints the rows as CSV, times in UTC.
"""

import csv
import sys
from datetime import UTC, datetime

import duckdb

script, name = sys.argv[1:]
with open(script, encoding="utf-8") as file:
    definitions, *queries = file.read().split("\n-- " + name + "\n")
connection = duckdb.connect(config={"threads": 2})
# What stands before the first question defines tables and views.
connection.execute(definitions.split("\nSELECT organization")[0])
answer = connection.execute(queries[0].split(";")[0])
out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow([it[0] for it in answer.description])
for row in answer.fetchall():
    out.writerow(
        it.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(it, datetime) else it for it in row
    )
