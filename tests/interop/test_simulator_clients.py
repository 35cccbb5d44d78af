"""boto3 and the AWS command line read from the simulator what its world says."""

import csv
import io
import json
import time

import pytest
from botocore.exceptions import ClientError
from harness import SCRIPTS, WORLDS, differences, environment, run
from simulated import (
    NOW,
    account_of,
    arn,
    console_status,
    root_status,
    simulation,
    world,
)

OWN = "111111111111"
ENTERED = "222222222222"
DENIED_DEVICES = "333333333333"
FORBIDDEN = "444444444444"
FAULTY = "666666666666"
EXTERNAL_ID = "correct-horse"


@pytest.fixture(scope="module")
def described():
    return world("clients.toml")


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    with simulation(tmp_path_factory.mktemp("simulator"), "--world", WORLDS / "clients.toml") as it:
        yield it


@pytest.fixture(scope="module")
def iam(simulated):
    """IAM of the caller's own account."""
    return simulated.client("iam")


@pytest.fixture(scope="module")
def aws(simulated, tmp_path_factory):
    """The AWS command line, which gets its environment from what the simulator printed."""
    folder = tmp_path_factory.mktemp("cli")
    (folder / "exports").write_text(simulated.exports, encoding="utf-8")

    def call(*arguments):
        script = 'eval "$(cat exports)" && exec "$@"'
        command = ["sh", "-c", script, "sh", SCRIPTS / "aws", "--output", "json", *arguments]
        return run(command, environment(folder), folder)

    def answer(*arguments):
        finished = call(*arguments)
        assert finished.exit == 0, str(finished)
        return json.loads(finished.out)

    call.answer = answer
    return call


def at(time):
    """Returns a point in time as the credential report writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_the_printed_lines_are_an_environment_for_a_shell(aws):
    identity = aws.answer("sts", "get-caller-identity")
    assert identity["Account"] == OWN
    assert identity["Arn"] == f"arn:aws:iam::{OWN}:user/mfaudit"


def assert_accounts_are_those_described(described, listed):
    by_id = {it["Id"]: it for it in listed}
    assert sorted(by_id) == sorted(it["id"] for it in described["account"])
    assert len(by_id) == len(listed), "an account is listed twice"
    organization = described["organization"]["id"]
    for account in described["account"]:
        told, id = by_id[account["id"]], account["id"]
        assert told["Name"] == account["name"]
        assert told["Email"] == account.get("email", f"aws+{id}@example.com")
        assert told["Arn"] == f"arn:aws:organizations::{OWN}:account/{organization}/{id}"
        assert told["State"] == account.get("state", "ACTIVE")
        assert told["Status"] == account.get("state", "ACTIVE")
        assert told["JoinedMethod"] == account["joined"].get("method", "CREATED")
        [path] = told["Paths"]
        assert path.startswith(f"{organization}/r-into/") and path.endswith(f"/{id}/")
        units = account.get("ou", "").split("/") if account.get("ou") else []
        assert path.count("/ou-") == len(units), f"{path} is not in {units}"


def test_boto3_lists_the_accounts_page_by_page(simulated, described):
    pages = simulated.client("organizations").get_paginator("list_accounts")
    answers = list(pages.paginate(PaginationConfig={"PageSize": 2}))
    assert [len(it["Accounts"]) for it in answers] == [2, 2, 2]
    listed = [it for answer in answers for it in answer["Accounts"]]
    assert_accounts_are_those_described(described, listed)
    joined = {it["Id"]: it["JoinedTimestamp"] for it in listed}
    assert joined == {it["id"]: it["joined"]["at"] for it in described["account"]}


def test_the_command_line_lists_the_accounts(aws, described):
    listed = aws.answer("organizations", "list-accounts", "--page-size", "2")["Accounts"]
    assert_accounts_are_those_described(described, listed)


def test_organizational_units_lead_to_their_accounts(simulated, described):
    organizations = simulated.client("organizations")
    root = organizations.list_roots()["Roots"][0]
    assert root["Id"] == "r-into"
    found = {}

    def walk(parent, path):
        accounts = organizations.get_paginator("list_accounts_for_parent").paginate(ParentId=parent)
        found.update({it["Id"]: path for page in accounts for it in page["Accounts"]})
        units = organizations.get_paginator("list_organizational_units_for_parent").paginate(ParentId=parent)
        for unit in [it for page in units for it in page["OrganizationalUnits"]]:
            walk(unit["Id"], f"{path}/{unit['Name']}".strip("/"))

    walk(root["Id"], "")
    assert found == {it["id"]: it.get("ou", "") for it in described["account"]}


def test_boto3_reads_service_control_policies_and_what_they_are_attached_to(simulated, described):
    organizations = simulated.client("organizations")
    [kind] = organizations.list_roots()["Roots"][0]["PolicyTypes"]
    assert kind == {"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}
    pages = organizations.get_paginator("list_policies").paginate(Filter="SERVICE_CONTROL_POLICY")
    listed = {it["Id"]: it for page in pages for it in page["Policies"]}
    assert set(listed) == {"p-FullAWSAccess", *(it["id"] for it in described["scp"])}
    assert {id for id, it in listed.items() if it["AwsManaged"]} == {"p-FullAWSAccess"}
    attached = {}
    for id, summary in listed.items():
        policy = organizations.describe_policy(PolicyId=id)["Policy"]
        assert policy["PolicySummary"] == summary
        assert json.loads(policy["Content"])["Statement"]
        targets = organizations.get_paginator("list_targets_for_policy")
        pages = targets.paginate(PolicyId=id, PaginationConfig={"PageSize": 2})
        attached[id] = [it for page in pages for it in page["Targets"]]
    full = attached.pop("p-FullAWSAccess")
    assert [it["TargetId"] for it in full if it["Type"] == "ROOT"] == ["r-into"]
    units = [it for it in full if it["Type"] == "ORGANIZATIONAL_UNIT"]
    assert {it["Name"] for it in units} == {it["name"] for it in described["ou"]}
    accounts = {it["TargetId"] for it in full if it["Type"] == "ACCOUNT"}
    assert accounts == {it["id"] for it in described["account"]}
    for scp in described["scp"]:
        [target] = attached[scp["id"]]
        assert scp["target"].rsplit("/", 1)[-1] in (target["TargetId"], target["Name"])
    with pytest.raises(ClientError) as refused:
        organizations.describe_policy(PolicyId="p-nosuchpolicy")
    assert refused.value.response["Error"]["Code"] == "PolicyNotFoundException"


def test_users_come_in_pages_and_all_of_them(iam, described):
    first = iam.list_users()
    assert first["IsTruncated"] and len(first["Users"]) == 2
    assert len(iam.list_users(MaxItems=1)["Users"]) == 1
    listed = [it for page in iam.get_paginator("list_users").paginate() for it in page["Users"]]
    users = account_of(described, OWN)["user"]
    assert [it["UserName"] for it in listed] == [it["name"] for it in users]
    for told, user in zip(listed, users, strict=True):
        assert told["Arn"] == arn(OWN, user)
        assert told["Path"] == user.get("path", "/")
        assert told["UserId"].startswith("AIDA")
        assert told["CreateDate"] == user["created"]
        assert told.get("PasswordLastUsed") == user.get("password", {}).get("last-used")


def test_the_command_line_follows_the_pages_of_users(aws, described):
    listed = aws.answer("iam", "list-users")["Users"]
    assert [it["UserName"] for it in listed] == [it["name"] for it in account_of(described, OWN)["user"]]
    some = aws.answer("iam", "list-users", "--path-prefix", "/service/")["Users"]
    assert [it["UserName"] for it in some] == ["Service_", "Service"]


def read_report(iam):
    report = iam.get_credential_report()
    assert report["ReportFormat"] == "text/csv"
    text = report["Content"].decode()
    assert not text.endswith("\n") and "\r" not in text
    return report["GeneratedTime"], list(csv.DictReader(io.StringIO(text), strict=True))


def test_the_credential_report_is_csv_with_a_row_for_each_user(iam, described):
    generated, rows = read_report(iam)
    assert (NOW - generated).total_seconds() == 3000
    assert len(rows[0]) == 22
    assert all(None not in it and None not in it.values() for it in rows), "a row has too many or too few fields"
    account = account_of(described, OWN)
    root, *rest = rows
    assert root["user"] == "<root_account>" and root["arn"] == f"arn:aws:iam::{OWN}:root"
    assert (root["password_enabled"], root["mfa_active"]) == ("true", "true")
    assert root["password_next_rotation"] == "not_supported"
    expected = [it for it in account["user"] if it.get("in-report", True)] + account["deleted-user"]
    names = [it["user"] for it in rest]
    assert names == sorted((it["name"] for it in expected), key=str.lower)
    by_name = {it["user"]: it for it in rest}
    for user in expected:
        row, password = by_name[user["name"]], user.get("password")
        assert row["arn"] == arn(OWN, user)
        assert row["user_creation_time"] == at(user["created"])
        assert row["password_enabled"] == ("true" if password else "false")
        mfa = user.get("report", {}).get("mfa-active", bool(user.get("mfa")))
        assert row["mfa_active"] == ("true" if mfa else "false"), user["name"]
        used = "no_information" if password else "N/A"
        if password and "last-used" in password:
            used = at(password["last-used"])
        assert row["password_last_used"] == used
        assert row["password_last_changed"] == (at(password["last-changed"]) if password else "N/A")
    assert by_name["rossi,maria"]["password_next_rotation"] == "2026-12-01T09:00:00Z"


def test_keys_are_in_the_report_by_their_ids_and_not_their_age(iam):
    _, rows = read_report(iam)
    row = next(it for it in rows if it["user"] == "=noah+1")
    assert (row["access_key_1_active"], row["access_key_1_last_rotated"]) == ("false", "2025-01-01T09:00:00Z")
    assert row["access_key_1_last_used_date"] == row["access_key_1_last_used_service"] == "N/A"
    assert (row["access_key_2_active"], row["access_key_2_last_rotated"]) == ("true", "2024-01-01T09:00:00Z")
    assert (row["access_key_2_last_used_service"], row["access_key_2_last_used_region"]) == ("s3", "us-east-1")


def test_a_report_is_generated_before_it_is_there(simulated):
    iam = simulated.client("iam", simulated.enter(ENTERED, ExternalId=EXTERNAL_ID))
    with pytest.raises(iam.exceptions.CredentialReportNotPresentException) as absent:
        iam.get_credential_report()
    assert absent.value.response["ResponseMetadata"]["HTTPStatusCode"] == 410
    started = iam.generate_credential_report()
    assert started["State"] == "STARTED" and started["Description"]
    with pytest.raises(iam.exceptions.CredentialReportNotReadyException):
        iam.get_credential_report()
    deadline = time.monotonic() + 60
    while iam.generate_credential_report()["State"] != "COMPLETE":
        assert time.monotonic() < deadline, "the report is never complete"
        time.sleep(0.1)
    generated, rows = read_report(iam)
    assert generated == NOW
    assert [(it["user"], it["password_enabled"], it["mfa_active"]) for it in rows] == [
        ("<root_account>", "false", "false"),
        ("dave", "true", "false"),
    ]


def test_virtual_devices_name_their_owners(iam, aws, described):
    pages = iam.get_paginator("list_virtual_mfa_devices").paginate()
    listed = [it for page in pages for it in page["VirtualMFADevices"]]
    owners = {it["SerialNumber"]: it.get("User", {}).get("Arn") for it in listed}
    prefix = f"arn:aws:iam::{OWN}"
    assert owners == {
        f"{prefix}:mfa/GoogleAuth": f"{prefix}:root",
        f"{prefix}:mfa/alice": f"{prefix}:user/admins/alice",
        f"{prefix}:mfa/maria": f"{prefix}:user/rossi,maria",
        f"{prefix}:mfa/carol": None,
    }
    root = next(it["User"] for it in listed if it["SerialNumber"].endswith("GoogleAuth"))
    assert root["UserId"] == OWN and "UserName" not in root and "Path" not in root
    assert all(("EnableDate" in it) == ("User" in it) for it in listed)
    by_cli = aws.answer("iam", "list-virtual-mfa-devices")["VirtualMFADevices"]
    assert {it["SerialNumber"]: it.get("User", {}).get("Arn") for it in by_cli} == owners
    unassigned = aws.answer("iam", "list-virtual-mfa-devices", "--assignment-status", "Unassigned")
    assert [it["SerialNumber"] for it in unassigned["VirtualMFADevices"]] == [f"{prefix}:mfa/carol"]


def test_the_devices_of_a_user_tell_their_kind_by_their_serial(iam, described):
    pages = iam.get_paginator("list_mfa_devices").paginate(UserName="alice")
    listed = [it for page in pages for it in page["MFADevices"]]
    assert {it["UserName"] for it in listed} == {"alice"}
    fido, virtual, hardware = (it["SerialNumber"] for it in listed)
    assert fido.startswith(f"arn:aws:iam::{OWN}:u2f/user/alice/yubikey-")
    assert virtual == f"arn:aws:iam::{OWN}:mfa/alice"
    assert hardware == "GAHT12345678"
    alice = account_of(described, OWN)["user"][0]
    assert [it["EnableDate"] for it in listed] == [it["enabled"] for it in alice["mfa"]]
    assert iam.list_mfa_devices(UserName="carol")["MFADevices"] == []


def test_a_role_has_no_devices_of_its_own(simulated):
    iam = simulated.client("iam", simulated.enter(ENTERED, ExternalId=EXTERNAL_ID))
    with pytest.raises(ClientError, match="Must specify userName when calling with non-User credentials"):
        iam.list_mfa_devices()


def test_a_user_without_password_has_no_login_profile(iam, aws):
    profile = iam.get_login_profile(UserName="carol")["LoginProfile"]
    assert profile["PasswordResetRequired"] is True
    assert at(profile["CreateDate"]) == "2026-10-01T09:05:00Z"
    assert iam.get_login_profile(UserName="alice")["LoginProfile"]["PasswordResetRequired"] is False
    with pytest.raises(iam.exceptions.NoSuchEntityException) as missing:
        iam.get_login_profile(UserName="Service_")
    assert missing.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    assert "Login Profile for User Service_ cannot be found" in str(missing.value)
    refused = aws("iam", "get-login-profile", "--user-name", "Service_")
    assert refused.exit != 0 and "(NoSuchEntity)" in refused.err, str(refused)


def test_access_keys_have_their_status(iam, aws):
    keys = iam.list_access_keys(UserName="=noah+1")["AccessKeyMetadata"]
    assert {it["AccessKeyId"]: it["Status"] for it in keys} == {
        "AKIAZZZZZZZZZZZZZZZZ": "Active",
        "AKIAAAAAAAAAAAAAAAAA": "Inactive",
    }
    by_cli = aws.answer("iam", "list-access-keys", "--user-name", "=noah+1")["AccessKeyMetadata"]
    assert [it["AccessKeyId"] for it in by_cli] == [it["AccessKeyId"] for it in keys]
    used = iam.get_access_key_last_used(AccessKeyId="AKIAZZZZZZZZZZZZZZZZ")
    assert used["UserName"] == "=noah+1" and used["AccessKeyLastUsed"]["ServiceName"] == "s3"
    unused = iam.get_access_key_last_used(AccessKeyId="AKIAAAAAAAAAAAAAAAAA")["AccessKeyLastUsed"]
    assert "LastUsedDate" not in unused and unused["Region"] == "N/A"


def test_the_account_summary_tells_of_the_root_user(simulated, iam):
    own = iam.get_account_summary()["SummaryMap"]
    assert (own["AccountMFAEnabled"], own["AccountPasswordPresent"], own["AccountAccessKeysPresent"]) == (1, 1, 0)
    assert own["Users"] == 9
    entered = simulated.client("iam", simulated.enter(DENIED_DEVICES, ExternalId=EXTERNAL_ID))
    other = entered.get_account_summary()["SummaryMap"]
    assert (other["AccountMFAEnabled"], other["AccountPasswordPresent"], other["AccountAccessKeysPresent"]) == (0, 1, 1)


def test_a_role_without_trust_is_refused_in_aws_words(simulated, aws):
    words = (
        f"User: arn:aws:iam::{OWN}:user/mfaudit is not authorized to perform: sts:AssumeRole "
        "on resource: arn:aws:iam::{account}:role/mfaudit-audit"
    )
    for account, more in ((FORBIDDEN, {}), (ENTERED, {}), (ENTERED, {"ExternalId": "wrong-horse"})):
        with pytest.raises(ClientError) as refused:
            simulated.enter(account, **more)
        error = refused.value.response
        assert error["Error"]["Code"] == "AccessDenied"
        assert error["Error"]["Message"] == words.format(account=account)
        assert error["ResponseMetadata"]["HTTPStatusCode"] == 403
    role = f"arn:aws:iam::{FORBIDDEN}:role/mfaudit-audit"
    by_cli = aws("sts", "assume-role", "--role-arn", role, "--role-session-name", "interop")
    assert by_cli.exit != 0 and words.format(account=FORBIDDEN) in by_cli.err, str(by_cli)


def test_a_session_is_that_of_its_role(simulated):
    credentials = simulated.enter(ENTERED, ExternalId=EXTERNAL_ID)
    identity = simulated.client("sts", credentials).get_caller_identity()
    assert identity["Account"] == ENTERED
    assert identity["Arn"] == f"arn:aws:sts::{ENTERED}:assumed-role/mfaudit-audit/interop"


def test_a_service_control_policy_is_named_in_the_refusal(simulated):
    iam = simulated.client("iam", simulated.enter(DENIED_DEVICES, ExternalId=EXTERNAL_ID))
    with pytest.raises(ClientError) as refused:
        iam.list_mfa_devices(UserName="erin")
    error = refused.value.response["Error"]
    assert error["Code"] == "AccessDenied"
    assert "with an explicit deny in a service control policy" in error["Message"]
    assert "p-interop001" in error["Message"]


def test_an_expired_token_is_refused_and_a_throttled_call_succeeds_in_the_end(simulated):
    iam = simulated.client("iam", simulated.enter(FAULTY))
    with pytest.raises(ClientError) as expired:
        iam.list_users()
    assert expired.value.response["Error"]["Code"] == "ExpiredToken"
    answer = iam.get_account_summary()
    assert answer["ResponseMetadata"]["RetryAttempts"] == 2


def test_unknown_credentials_are_refused(simulated):
    stranger = {"AccessKeyId": "AKIASTRANGER00000000", "SecretAccessKey": "x", "SessionToken": None}
    with pytest.raises(ClientError) as refused:
        simulated.client("iam", stranger).list_users()
    assert refused.value.response["Error"]["Code"] == "InvalidClientTokenId"


# Enough accounts for three pages of ListAccounts, some closed and some without the role.
GENERATED = ("--accounts", "45", "--users", "6", "--seed", "11")


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    with simulation(tmp_path_factory.mktemp("simulator"), *GENERATED) as it:
        yield it


@pytest.fixture(scope="module")
def truth(generated):
    """What boto3 finds by asking for everything: the statuses, and the accounts that refuse entry."""
    return judged_by_boto3(generated)


def judged_by_boto3(simulated):
    own = simulated.client("sts").get_caller_identity()["Account"]
    pages = simulated.client("organizations").get_paginator("list_accounts").paginate()
    accounts = [it for page in pages for it in page["Accounts"]]
    statuses, locked = {}, set()
    for account in [it["Id"] for it in accounts if it["State"] == "ACTIVE"]:
        try:
            iam = simulated.client("iam", None if account == own else simulated.enter(account))
        except ClientError as error:
            assert error.response["Error"]["Code"] == "AccessDenied"
            locked.add(account)
            continue
        summary = iam.get_account_summary()["SummaryMap"]
        root = f"arn:aws:iam::{account}:root"
        keys = summary["AccountAccessKeysPresent"]
        credentials = summary["AccountPasswordPresent"] or keys or summary["AccountSigningCertificatesPresent"]
        statuses["root-user-mfa", account, root] = root_status(credentials, summary["AccountMFAEnabled"])
        statuses["root-user-access-key", account, root] = "fail" if keys else "pass"
        for page in iam.get_paginator("list_users").paginate():
            for user in page["Users"]:
                name = user["UserName"]
                devices = iam.list_mfa_devices(UserName=name)["MFADevices"]
                status = console_status(has_password(iam, name), bool(devices))
                statuses["iam-user-console-mfa", account, user["Arn"]] = status
    return statuses, locked, [it["Id"] for it in accounts]


def has_password(iam, name):
    try:
        iam.get_login_profile(UserName=name)
    except iam.exceptions.NoSuchEntityException:
        return False
    return True


def test_both_clients_list_a_generated_organization(generated, truth, tmp_path):
    _, _, accounts = truth
    assert len(set(accounts)) == len(accounts) == 45
    env = environment(tmp_path, generated.env)
    listed = run([SCRIPTS / "aws", "--output", "json", "organizations", "list-accounts"], env)
    assert listed.exit == 0, str(listed)
    assert [it["Id"] for it in json.loads(listed.out)["Accounts"]] == accounts


def test_the_same_seed_makes_the_same_organization(truth, tmp_path):
    with simulation(tmp_path, *GENERATED) as again:
        pages = again.client("organizations").get_paginator("list_accounts").paginate()
        assert [it["Id"] for page in pages for it in page["Accounts"]] == truth[2]
    with simulation(tmp_path, *GENERATED[:-1], "12") as other:
        pages = other.client("organizations").get_paginator("list_accounts").paginate()
        assert [it["Id"] for page in pages for it in page["Accounts"]] != truth[2]


# The rules whose statuses are stated here.
STATED = ("root-user-mfa", "root-user-access-key", "iam-user-console-mfa")
RULES = [it for rule in STATED for it in ("--rule", rule)]


@pytest.mark.parametrize("mode", [[], ["--live"]], ids=["report-first", "live"])
def test_an_audit_agrees_with_boto3(generated, truth, mfaudit, mode):
    expected, locked, _ = truth
    assert locked, "the generated organization has an account that refuses entry"
    # The audit's clock is the simulator's, so that the age of a report is what the world says.
    clock = {"SOURCE_DATE_EPOCH": str(int(NOW.timestamp()))}
    report = mfaudit.report("audit", *mode, *RULES, env=generated.env | clock)
    seen = {it: status for it, status in report.statuses.items() if it[1] not in locked}
    wrong = differences(expected, seen)
    assert not wrong, "\n".join(wrong)
    unseen = {it: status for it, status in report.statuses.items() if it[1] in locked}
    assert {it[1] for it in unseen} == locked and set(unseen.values()) == {"indeterminate"}
    assert {"pass", "fail", "not-applicable"} == set(expected.values())
    assert report.exit == 3


def judged_by_description(described, account):
    """What the description of an account says now, whatever the cached report says."""
    account = account_of(described, account)
    id, root = account["id"], account["root"]
    keys = bool(root.get("access-keys"))
    owner = f"arn:aws:iam::{id}:root"
    statuses = {
        ("root-user-mfa", id, owner): root_status("password" in root or keys, "mfa" in root),
        ("root-user-access-key", id, owner): "fail" if keys else "pass",
    }
    for user in account["user"]:
        status = console_status("password" in user, "mfa" in user)
        statuses["iam-user-console-mfa", id, arn(id, user)] = status
    return statuses


@pytest.mark.parametrize("mode", [[], ["--live"]], ids=["report-first", "live"])
def test_an_audit_sees_what_is_so_now_and_not_what_a_cached_report_says(described, mfaudit, tmp_path, mode):
    # A world of its own, whose faults no other test has used up.
    with simulation(tmp_path, "--world", WORLDS / "clients.toml") as simulated:
        env = simulated.env | {"SOURCE_DATE_EPOCH": str(int(NOW.timestamp()))}
        report = mfaudit.report("audit", *mode, *RULES, "--external-id", EXTERNAL_ID, env=env)
    expected = {}
    for account in (OWN, ENTERED, DENIED_DEVICES):
        expected |= judged_by_description(described, account)
    seen = {it: status for it, status in report.statuses.items() if it[1] not in (FORBIDDEN, FAULTY)}
    wrong = differences(expected, seen)
    assert not wrong, "\n".join(wrong)
    assert {status for it, status in report.statuses.items() if it[1] == FORBIDDEN} == {"indeterminate"}
    # Its root user has no credentials, and it has no users: there is nothing to fail.
    faulty = {it[0]: status for it, status in report.statuses.items() if it[1] == FAULTY}
    assert faulty["root-user-mfa"] == "not-applicable", faulty
    assert faulty.get("iam-user-console-mfa", "indeterminate") == "indeterminate", faulty
    assert report.exit == 3
