"""An organization in moto, and the truth about it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import boto3
from harness import SCRIPTS, environment, serving

RULE = "iam-user-console-mfa"
PASSWORD = "correct-Horse-7-battery"

# Each kind of user that accounts are filled with: its name, its path, whether it has a password, its devices, and what
# the rule has to say. `{account}` stands for the account's id.
KINDS = [
    ("bare", "/", True, [], "fail"),
    ("bare-with-keys", "/", True, ["keys"], "fail"),
    # A comma is legal in a user's name, and so is what a spreadsheet takes for a formula.
    ("rossi,maria", "/", True, [], "fail"),
    ("=cmd+1@x", "/", True, [], "fail"),
    ("n" * 64, "/deep/er/", True, [], "fail"),
    # A virtual device of the user's name that nobody has enabled protects nobody.
    ("no-device-enabled", "/", True, ["unassigned"], "fail"),
    ("virtual", "/", True, ["virtual"], "pass"),
    ("virtual,with=comma", "/admins/", True, ["virtual"], "pass"),
    ("passkey", "/", True, ["arn:aws:iam::{account}:u2f/user/passkey/key-ABCDEFGHIJKLMNOPQRSTUVWXYZ"], "pass"),
    ("token", "/", True, ["GAHT12345678"], "pass"),
    ("two-devices", "/", True, ["virtual", "arn:aws:iam::{account}:u2f/user/two-devices/k-A2"], "pass"),
    # An ordinary user whose device has the name that the root user's has by default.
    ("root-account-mfa-device", "/", True, ["virtual"], "pass"),
    ("service", "/service/", False, ["keys"], "not-applicable"),
    ("nothing", "/", False, [], "not-applicable"),
    ("device-without-password", "/", False, ["virtual"], "not-applicable"),
]


@dataclass
class Organization:
    """The accounts in moto, and what a right audit finds."""

    endpoint: str
    accounts: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    # Of each account and user's ARN, what the rule has to say.
    truth: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def env(self) -> dict[str, str]:
        return aws_environment(self.endpoint)


def aws_environment(endpoint: str) -> dict[str, str]:
    """Returns the environment that makes any SDK talk to moto, as its first account."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }


def client(service: str, endpoint: str, credentials: dict | None = None, region: str = "us-east-1"):
    """Returns an SDK client for moto."""
    given = credentials or {"AccessKeyId": "test", "SecretAccessKey": "test", "SessionToken": None}
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )


@contextmanager
def moto_organization(home: Path, size: int, statuses: set[str]):
    """Runs moto with an organization of `size` active accounts, whose users are those of which the rule says `statuses`."""
    # A set MOTO_ACCOUNT_ID would put everything into one account; this environment has none.
    command = [SCRIPTS / "moto_server", "-H", "127.0.0.1", "-p", "0"]
    with serving(command, environment(home), ready="Running on ") as lines:
        organization = Organization(endpoint=lines[-1].split("Running on ")[1].strip())
        _seed(organization, size, [kind for kind in KINDS if kind[4] in statuses])
        yield organization


def _seed(organization: Organization, size: int, kinds: list) -> None:
    organizations = client("organizations", organization.endpoint)
    organizations.create_organization(FeatureSet="ALL")
    for number in range(1, size + 1):
        made = organizations.create_account(Email=f"a{number}@example.com", AccountName=f"account {number}")
        # The last one is closed once it has users, and then out of scope.
        if number == size:
            organization.closed.append(made["CreateAccountStatus"]["AccountId"])
    pages = organizations.get_paginator("list_accounts").paginate()
    listed = [it["Id"] for page in pages for it in page["Accounts"]]
    organization.accounts = [it for it in listed if it not in organization.closed]
    for number, account in enumerate(organization.accounts):
        # The accounts differ: one has every kind of user, one has none, the others lack some.
        here = [it for place, it in enumerate(kinds) if number == 0 or (place + number) % 4]
        _fill(organization, account, [] if number == size - 1 else here)
    for account in organization.closed:
        _fill(organization, account, kinds)
        for subject in [it for it in organization.truth if it[0] == account]:
            del organization.truth[subject]
        organizations.close_account(AccountId=account)


def _fill(organization: Organization, account: str, kinds: list) -> None:
    sts = client("sts", organization.endpoint)
    role = f"arn:aws:iam::{account}:role/seed"
    iam = client(
        "iam",
        organization.endpoint,
        sts.assume_role(RoleArn=role, RoleSessionName="seed")["Credentials"],
    )
    for name, path, password, things, status in kinds:
        arn = iam.create_user(UserName=name, Path=path)["User"]["Arn"]
        assert arn.split(":")[4] == account, f"moto made {arn} in another account than {account}"
        if password:
            iam.create_login_profile(UserName=name, Password=PASSWORD)
        for thing in things:
            _give(iam, account, name, thing)
        organization.truth[account, arn] = status


def _give(iam, account: str, user: str, thing: str) -> None:
    if thing == "keys":
        iam.create_access_key(UserName=user)
        return
    serial = thing.replace("{account}", account)
    if thing in ("virtual", "unassigned"):
        made = iam.create_virtual_mfa_device(VirtualMFADeviceName=user)
        serial = made["VirtualMFADevice"]["SerialNumber"]
    if thing != "unassigned":
        iam.enable_mfa_device(
            UserName=user,
            SerialNumber=serial,
            AuthenticationCode1="123456",
            AuthenticationCode2="654321",
        )
