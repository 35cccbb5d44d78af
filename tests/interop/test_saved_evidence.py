"""Evidence that the AWS command line saved is judged offline as the world it was saved from."""

import base64
import json
import os
import re
from datetime import timedelta

import pytest
from harness import ROOT, SCRIPTS, WORLDS, differences, environment, run
from simulated import NOW, account_of, arn, console_status, simulation, world

OWN = "111111111111"
RULE = "iam-user-console-mfa"
ROOT_RULE = "root-user-mfa"

# When the report of the world was made, and when everything else was saved.
REPORT_TIME = NOW - timedelta(seconds=3000)

EVIDENCE = ROOT.parent / "shared" / "evidence"


@pytest.fixture(scope="module")
def account():
    return account_of(world("clients.toml"), OWN)


@pytest.fixture(scope="module")
def saved(tmp_path_factory, account):
    """What a person saves with the AWS command line, by the file's name."""
    home = tmp_path_factory.mktemp("cli")
    with simulation(home, "--world", WORLDS / "clients.toml") as simulated:
        env = environment(home, simulated.env)

        def answer(*arguments):
            finished = run([SCRIPTS / "aws", "--output", "json", "iam", *arguments], env, home)
            assert finished.exit == 0, str(finished)
            return finished.out

        files = {
            "get-credential-report.json": answer("get-credential-report"),
            "get-account-summary.json": answer("get-account-summary"),
            "list-users.json": answer("list-users"),
            "list-virtual-mfa-devices.json": answer("list-virtual-mfa-devices"),
        }
        for user in account["user"]:
            name = user["name"]
            files[f"{name}.json"] = answer("list-mfa-devices", "--user-name", name)
    content = json.loads(files["get-credential-report.json"])["Content"]
    files["credential-report.csv"] = base64.b64decode(content).decode()
    return files


def write(folder, saved, names):
    """Saves some of the files in FOLDER/<account>/, and returns FOLDER."""
    inner = folder / OWN
    inner.mkdir(parents=True)
    for name in names:
        (inner / name).write_text(saved[name], encoding="utf-8")
    return folder


def as_of(time):
    return ["--as-of", time.strftime("%Y-%m-%dT%H:%M:%SZ")]


def of_report(account):
    """What the credential report says of each user, at its time."""
    users = [it for it in account["user"] if it.get("in-report", True)] + account["deleted-user"]
    return {
        (OWN, arn(OWN, it)): console_status(
            "password" in it, it.get("report", {}).get("mfa-active", bool(it.get("mfa")))
        )
        for it in users
    }


def of_everything(account):
    """What all answers together say, at the later time: whether a user has a password, only the report tells."""
    return {
        (OWN, arn(OWN, it)): console_status("password" in it, bool(it.get("mfa")))
        if it.get("in-report", True)
        else "indeterminate"
        for it in account["user"]
    }


def assert_root_user_passes(report):
    assert report.of_rule(ROOT_RULE) == {(OWN, f"arn:aws:iam::{OWN}:root"): "pass"}


@pytest.mark.parametrize("name", ["get-credential-report.json", "credential-report.csv"])
def test_a_report_alone_tells_what_held_at_its_time(saved, account, mfaudit, tmp_path, name):
    folder = write(tmp_path, saved, [name])
    report = mfaudit.report("evaluate", folder, *as_of(REPORT_TIME))
    wrong = differences(of_report(account), report.of_rule(RULE))
    assert not wrong, "\n".join(wrong)
    assert_root_user_passes(report)
    assert report.exit == 3
    # What needs no answer has no time.
    findings = [it for it in report.document["findings"] if it["evidence_source"]]
    times = {it["evidence_time"] for it in findings}
    assert times == {"2026-11-24T08:10:00Z"}


def test_the_csv_alone_needs_no_time(saved, account, mfaudit, tmp_path):
    report = mfaudit.report("evaluate", write(tmp_path, saved, ["credential-report.csv"]))
    wrong = differences(of_report(account), report.of_rule(RULE))
    assert not wrong, "\n".join(wrong)


def test_all_answers_together_tell_what_held_when_they_were_saved(saved, account, mfaudit, tmp_path):
    folder = write(tmp_path, saved, [it for it in saved if it != "credential-report.csv"])
    report = mfaudit.report("evaluate", folder, *as_of(NOW))
    wrong = differences(of_everything(account), report.of_rule(RULE))
    assert not wrong, "\n".join(wrong)
    assert_root_user_passes(report)
    assert report.exit == 3


def test_of_answers_that_tell_no_time_none_overrides_the_report(saved, account, mfaudit, tmp_path):
    folder = write(tmp_path, saved, [it for it in saved if it != "credential-report.csv"])
    report = mfaudit.report("evaluate", folder)
    expected = of_everything(account)
    for user in account["user"]:
        if "report" in user:
            expected[OWN, arn(OWN, user)] = "indeterminate"
    # A list that may be the earlier one does not delete a user; the report stands, as of its time.
    for user in account["deleted-user"]:
        expected[OWN, arn(OWN, user)] = of_report(account)[OWN, arn(OWN, user)]
    wrong = differences(expected, report.of_rule(RULE))
    assert not wrong, "\n".join(wrong)
    assert_root_user_passes(report)


def test_a_report_saved_twice_is_one_report(saved, mfaudit, tmp_path):
    both = write(tmp_path / "both", saved, ["get-credential-report.json", "credential-report.csv"])
    one = write(tmp_path / "one", saved, ["get-credential-report.json"])
    for more in [[], as_of(NOW)]:
        # The CSV tells no time: neither its own nor the given one takes the place of the report's.
        assert mfaudit.run("evaluate", both, "--format", "csv", *more).out == mfaudit.run(
            "evaluate", one, "--format", "csv", *more
        ).out


def test_two_reports_without_a_time_are_refused(saved, mfaudit, tmp_path):
    folder = write(tmp_path, saved, ["get-credential-report.json", "credential-report.csv"])
    report = next(folder.rglob("credential-report.csv"))
    report.write_text(report.read_text(encoding="utf-8").replace("true", "false"), encoding="utf-8")
    finished = mfaudit.run("evaluate", folder)
    assert finished.exit == 1, str(finished)
    assert "get-credential-report.json" in finished.err and "credential-report.csv" in finished.err


# The two ways to name a list of devices, which itself names no user if it is empty.
@pytest.mark.parametrize("pattern", ["{}.json", "list-mfa-devices.{}.json"])
def test_an_empty_list_of_devices_is_of_the_user_its_file_names(saved, account, mfaudit, tmp_path, pattern):
    folder = write(tmp_path, saved, ["get-credential-report.json"])
    without = [it for it in account["user"] if "mfa" not in it]
    for user in without:
        file = folder / OWN / pattern.format(user["name"])
        file.write_text(saved[f"{user['name']}.json"], encoding="utf-8")
    report = mfaudit.report("evaluate", folder, *as_of(NOW))
    expected = of_report(account)
    for user in without:
        if (OWN, arn(OWN, user)) in expected:
            expected[OWN, arn(OWN, user)] = console_status("password" in user, False)
    told = report.of_rule(RULE)
    # Of a user that the report does not know, the list of devices is all that is known.
    assert told.pop((OWN, f"arn:aws:iam::{OWN}:user/created-since"), "indeterminate") == "indeterminate"
    wrong = differences(expected, told)
    assert not wrong, "\n".join(wrong)


def test_a_list_that_was_cut_is_not_taken_for_whole(saved, account, mfaudit, tmp_path):
    folder = write(tmp_path, saved, [])
    users = json.loads(saved["list-users.json"])["Users"][:3]
    lists = {"cut": {"Users": users, "NextToken": "eyJNYXJrZXIiOiBudWxsfQ=="}, "whole": {"Users": users}}
    told = {}
    for name, content in lists.items():
        (folder / OWN / "list-users.json").write_text(json.dumps(content), encoding="utf-8")
        report = mfaudit.report("evaluate", folder, *as_of(NOW))
        told[name] = report.of_rule(RULE)
    listed = {(OWN, it["Arn"]) for it in users}
    assert told["whole"].keys() == listed
    unlisted = told["cut"].keys() - listed
    assert len(unlisted) == 1, f"nothing says that users are missing: {told['cut']}"
    assert set(told["cut"].values()) == {"indeterminate"}


def foreign_reports():
    """Returns the credential reports of other projects, with the statuses that people agreed on."""
    expected = EVIDENCE / "expected_credential_reports.json"
    if not EVIDENCE.is_dir():
        return []
    return sorted(json.loads(expected.read_text(encoding="utf-8")).items())


def test_the_reports_of_other_projects_are_at_hand():
    if EVIDENCE.is_dir():
        return
    # They are kept beside the repository, not in it, so even CI may lack them.
    pytest.skip(f"there is no folder {os.path.relpath(EVIDENCE, ROOT)} with the reports of other projects")


@pytest.mark.parametrize(
    ("name", "expected"), foreign_reports(), ids=[name for name, _ in foreign_reports()]
)
def test_a_report_of_another_project_gives_the_agreed_statuses(mfaudit, name, expected):
    file = EVIDENCE / "credential-report" / name
    more = ["--account", "123456789012"] if "needs" in expected else []
    if RULE not in expected:
        assert_told_apart_or_refused(mfaudit, file, more)
        return
    report = mfaudit.report("evaluate", file, *more)
    told = {"fail": [], "pass": [], "indeterminate": []}
    for row in report.document["findings"]:
        # Users without a password, and the account where the list of users is unknown, are not among the agreed.
        if row["rule"] == RULE and row["principal_kind"] == "iam-user" and row["status"] in told:
            told[row["status"]].append(re.split("[:/]", row["principal_arn"])[-1])
    assert {status: sorted(names) for status, names in told.items()} == {
        status: sorted(names) for status, names in expected[RULE].items()
    }
    assert set(report.of_rule(ROOT_RULE).values()) == {expected[ROOT_RULE]}


def assert_told_apart_or_refused(mfaudit, file, more):
    """A report without a user column is refused, or its two users are told apart by their ARNs."""
    finished = mfaudit.run("evaluate", file, *more)
    if finished.exit == 1:
        assert str(file.name) in finished.err, str(finished)
        return
    rows = mfaudit.report("evaluate", file, *more).document["findings"]
    users = {it["principal_arn"] for it in rows if it["principal_kind"] == "iam-user"}
    assert len(users) == 2, f"{file.name} tells of {users}"
