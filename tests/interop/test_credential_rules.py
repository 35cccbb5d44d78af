"""The rules that a credential report decides, stated plainly in Python, on reports that other projects published.

The statement reads the CSV with Python's own reader and dates with Python's own type, and shares nothing with the tool.
"""

import base64
import csv
import io
import json
import os
import re
from datetime import datetime, timedelta, timezone

import pytest
from harness import ROOT

REPORTS = ROOT.parent / "shared" / "evidence" / "credential-report"

# One day for all of them: some of their dates are before it, some at it, some behind it.
NOW = datetime(2023, 6, 1, tzinfo=timezone.utc)
ACCOUNT = "123456789012"
ROOT_USER = "<root_account>"

PASS, FAIL, NOT_APPLICABLE, INDETERMINATE = "pass", "fail", "not-applicable", "indeterminate"
NOTHING = {"", "n/a", "no_information"}
NO_TIME = NOTHING | {"not_supported"}


def reports():
    """Every published report that is one: CSV, or what the AWS command line printed."""
    if not REPORTS.is_dir():
        return []
    return sorted(it for it in REPORTS.iterdir() if text_of(it) is not None)


def text_of(file):
    content = file.read_bytes()
    if file.suffix == ".json":
        document = json.loads(content)
        if not isinstance(document.get("Content"), str):
            return None
        text = document["Content"]
        if any(it in text for it in ",<_"):
            return text
        return base64.b64decode("".join(text.split())).decode()
    return content.decode("utf-8-sig")


def rows_of(text):
    """Returns the rows by user; a row of another length than the header says nothing but whose it is."""
    reader = csv.reader(io.StringIO(text))
    header = [it.strip().lower() for it in next(reader)]
    users = {}
    for row in reader:
        if not any(row) or [it.strip().lower() for it in row] == header:
            continue
        whole = len(row) == len(header)
        named = dict(zip(header, row))
        name, arn = named.get("user", "").strip(), named.get("arn", "")
        # A row is the root user's by its name, which no IAM user can have, or by its ARN.
        name = ROOT_USER if name == ROOT_USER or whole and arn.endswith(":root") else name
        if not whole and not arn.endswith(name):
            continue
        facts = named if whole else None
        users.setdefault((arn.split(":")[4] if arn.count(":") >= 5 else "", name), []).append(facts)
    return users


def agreed(rows, fact):
    """A fact that every row of a user tells alike; None where one does not tell, or two differ."""
    told = [None if row is None else fact(row) for row in rows]
    return told[0] if all(it == told[0] for it in told) else None


def word(row, column):
    return row[column].strip().lower() if column in row else None


def flag(column):
    return lambda row: {"true": True, "false": False}.get(word(row, column))


def password(row):
    return {"true": True, "false": False, "not_supported": False}.get(word(row, "password_enabled"))


NEVER = "never"


def moment(text):
    text = text.strip()
    if text.endswith("Z"):
        text = text[:-1] + "+00:00"
    when = datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=timezone.utc)


def use(column):
    """A time, NEVER, or None where the report does not tell."""

    def of(row):
        text = word(row, column)
        if text is None or text in {"", "not_supported"}:
            return None
        return NEVER if text in {"n/a", "no_information"} else moment(row[column])

    return of


def time(column):
    def of(row):
        text = word(row, column)
        return None if text is None or text in NO_TIME else moment(row[column])

    return of


def change(row):
    """A time, NEVER where AWS has no record of one, or None where the report does not tell."""
    text = word(row, "password_last_changed")
    if text is None or text == "":
        return None
    return NEVER if text in NO_TIME else moment(row["password_last_changed"])


def keys(row):
    """The keys as (active, created, used); None where the report does not tell of them."""
    more = word(row, "additional_credentials_info")
    if more is not None and more not in NO_TIME:
        return None
    found = []
    for number in "12":
        active = flag(f"access_key_{number}_active")(row)
        if active is None:
            return None
        created = time(f"access_key_{number}_last_rotated")(row)
        if active or created is not None:
            found.append((active, created, use(f"access_key_{number}_last_used_date")(row)))
    return tuple(found)


def certificate(row):
    one, other = flag("cert_1_active")(row), flag("cert_2_active")(row)
    if True in (one, other):
        return True
    return False if one is False and other is False else None


def older(when, days):
    return NOW - when > timedelta(days=days)


def each(active, is_bad):
    """Fails if one is bad for certain, passes if none can be."""
    if not active:
        return NOT_APPLICABLE
    told = [is_bad(it) for it in active]
    if True in told:
        return FAIL
    return INDETERMINATE if None in told else PASS


def unused_password(rows):
    used, changed = agreed(rows, use("password_last_used")), agreed(rows, change)
    for when in (used, changed):
        if when not in (None, NEVER) and not older(when, 45):
            return PASS
    if None in (used, changed):
        return INDETERMINATE
    if used == NEVER and changed == NEVER:
        created = agreed(rows, time("user_creation_time"))
        if created is None:
            return INDETERMINATE
        return FAIL if older(created, 45) else PASS
    return FAIL


def idle(key):
    _, created, used = key
    if used is None or used == NEVER and created is None:
        return None
    return older(created if used == NEVER else used, 45)


def initial(created_user):
    def of(key):
        _, created, used = key
        if used not in (None, NEVER):
            return False
        if None in (created, created_user):
            return None
        if abs(created - created_user) > timedelta(minutes=5):
            return False
        return None if used is None else True

    return of


def statuses(rows):
    """The plain statement of each rule about IAM users that a credential report decides."""
    has_password, mfa = agreed(rows, password), agreed(rows, flag("mfa_active"))
    all_keys, signs = agreed(rows, keys), agreed(rows, certificate)
    created = agreed(rows, time("user_creation_time"))
    active = None if all_keys is None else [it for it in all_keys if it[0]]

    def of_mfa():
        return INDETERMINATE if mfa is None else PASS if mfa else FAIL

    def console(then):
        return {None: INDETERMINATE, False: NOT_APPLICABLE}.get(has_password) or then()

    def of_keys(then):
        return INDETERMINATE if active is None else then()

    def of_service():
        if not active:
            return NOT_APPLICABLE
        return {None: INDETERMINATE, True: NOT_APPLICABLE}.get(has_password) or of_mfa()

    def of_both():
        if has_password is None:
            return INDETERMINATE
        if has_password and active:
            return FAIL
        return PASS if has_password or active else NOT_APPLICABLE

    return {
        "iam-user-console-mfa": console(of_mfa),
        "iam-user-mfa": of_mfa(),
        "iam-user-access-key-mfa": of_keys(of_service),
        "iam-user-unused-password": console(lambda: unused_password(rows)),
        "iam-user-unused-access-key": of_keys(lambda: each(active, idle)),
        "iam-user-access-key-rotation": of_keys(
            lambda: each(active, lambda it: None if it[1] is None else older(it[1], 90))
        ),
        "iam-user-single-access-key": of_keys(
            lambda: [NOT_APPLICABLE, PASS, FAIL][min(len(active), 2)]
        ),
        "iam-user-initial-access-key": console(lambda: of_keys(lambda: each(active, initial(created)))),
        "iam-user-password-and-access-key": of_keys(of_both),
        "iam-user-signing-certificate": INDETERMINATE if signs is None else FAIL if signs else PASS,
    }


def root_statuses(rows):
    used = [agreed(rows, use(it)) for it in ("password_last_used", "access_key_1_last_used_date")]
    second = agreed(rows, use("access_key_2_last_used_date"))
    key_use = [used[1], second]
    # Of keys the report tells the latest use of both, or nothing.
    uses = [used[0], None if None in key_use else max((it for it in key_use if it != NEVER), default=NEVER)]
    recent = any(it not in (None, NEVER) and NOW - it < timedelta(days=90) for it in uses)
    key = [agreed(rows, flag(f"access_key_{it}_active")) for it in "12"]
    signs = [agreed(rows, flag(f"cert_{it}_active")) for it in "12"]

    def any_of(flags):
        return FAIL if True in flags else INDETERMINATE if None in flags else PASS

    return {
        "root-user-access-key": any_of(key),
        "root-user-signing-certificate": any_of(signs),
        "root-user-recent-use": FAIL if recent else INDETERMINATE if None in uses else PASS,
    }


def test_the_reports_are_at_hand():
    if not REPORTS.is_dir():
        pytest.skip(f"there is no folder {os.path.relpath(REPORTS, ROOT)} with the reports of other projects")
    assert len(reports()) > 20


@pytest.mark.parametrize("file", reports(), ids=lambda it: it.name)
def test_a_plain_statement_of_each_rule_agrees(mfaudit, file):
    rows = rows_of(text_of(file)) if "user" in text_of(file).splitlines()[0].lower() else None
    day = NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
    arguments = ["evaluate", file, "--as-of", day, "--account", ACCOUNT, "--ruleset", "all"]
    finished = mfaudit.run(*arguments)
    if rows is None or finished.exit == 1:
        assert finished.exit == 1 or rows is None, str(finished)
        return
    told = {}
    for it in mfaudit.report(*arguments).document["findings"]:
        arn, kind = it["principal_arn"], it["principal_kind"]
        if kind in ("iam-user", "root-user"):
            name = ROOT_USER if kind == "root-user" else re.split("[:/]", arn)[-1]
            told[(it["account_id"], name, it["rule"])] = it["status"]
    checked = 0
    for (account, name), of_user in rows.items():
        stated = root_statuses(of_user) if name == ROOT_USER else statuses(of_user)
        accounts = {key[0] for key in told if key[1] == name}
        accounts = {account} if account in accounts else accounts
        assert accounts or not name, f"{file.name}: nothing is told of {name}"
        for rule, status in stated.items():
            for account in accounts:
                assert told[(account, name, rule)] == status, f"{file.name}: {rule} of {name}"
                checked += 1
    assert checked or not any(name for _, name in rows), file.name
