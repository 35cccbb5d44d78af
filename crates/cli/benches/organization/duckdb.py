"""Lists the users with a console password and no MFA device of a folder of credential reports, in SQL on two threads.

Prints the seconds it took, the interpreter's start left out, and writes the ARNs to a file.
"""

import sys
import time

import duckdb

folder, out = sys.argv[1:]
connection = duckdb.connect(config={"threads": 2})
began = time.perf_counter()
connection.execute(
    f"""
    copy (
        select arn from read_csv('{folder}/*.csv', header = true, all_varchar = true)
        where "user" <> '<root_account>' and password_enabled = 'true' and mfa_active = 'false'
    ) to '{out}' (header false)
    """
)
print(time.perf_counter() - began)
