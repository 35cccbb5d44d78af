"""A simulated organization, and what a reader of its description expects."""

from __future__ import annotations

import json
import re
import tomllib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import boto3
from harness import BINARY, SCRIPTS, WORLDS, environment, run, serving

# When the worlds' dates are meant to be read.
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=timezone.utc)

ROLE = "mfaudit-audit"


@dataclass(frozen=True)
class Simulation:
    """A running simulator."""

    exports: str
    env: dict[str, str]

    def client(self, service: str, credentials: dict | None = None):
        """Returns an SDK client, as the caller or with the credentials of a role."""
        given = credentials or {
            "AccessKeyId": self.env["AWS_ACCESS_KEY_ID"],
            "SecretAccessKey": self.env["AWS_SECRET_ACCESS_KEY"],
            "SessionToken": None,
        }
        return boto3.client(
            service,
            endpoint_url=self.env["AWS_ENDPOINT_URL"],
            region_name=self.env["AWS_REGION"],
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
        )

    def enter(self, account: str, **more: str) -> dict:
        """Returns credentials of the audit role of an account."""
        role = f"arn:aws:iam::{account}:role/{ROLE}"
        sts = self.client("sts")
        return sts.assume_role(RoleArn=role, RoleSessionName="interop", **more)["Credentials"]


@contextmanager
def simulation(home: Path, *arguments: object, now: datetime | None = NOW):
    """Runs `mfaudit simulate` with these arguments."""
    clock = {"SOURCE_DATE_EPOCH": str(int(now.timestamp()))} if now else {}
    command = [BINARY, "simulate", *arguments]
    with serving(command, environment(home, clock), ready="serving until stopped") as lines:
        exports = [it for it in lines if it.startswith("export ")]
        pairs = [re.fullmatch(r"export (\w+)=(.*)", it).groups() for it in exports]
        yield Simulation("\n".join(exports) + "\n", dict(pairs))


def world(name: str) -> dict:
    """Reads the description of a world."""
    return tomllib.loads((WORLDS / name).read_text(encoding="utf-8"))


def account_of(description: dict, account: str) -> dict:
    """Returns the description of one account."""
    return next(it for it in description["account"] if it["id"] == account)


def arn(account: str, user: dict) -> str:
    """Returns a user's ARN."""
    return f"arn:aws:iam::{account}:user{user.get('path', '/')}{user['name']}"


def console_status(password: bool, mfa: bool) -> str:
    """Judges a user as iam-user-console-mfa has to."""
    if not password:
        return "not-applicable"
    return "pass" if mfa else "fail"


def root_status(credentials: bool, mfa: bool) -> str:
    """Judges a root user as root-user-mfa has to."""
    return console_status(credentials, mfa)


class CommandLine:
    """The AWS command line, as the caller or with the credentials of a session or a user."""

    def __init__(self, simulated: Simulation, home: Path, credentials: dict | None = None):
        self._simulated = simulated
        self._home = home
        given = {} if credentials is None else {
            "AWS_ACCESS_KEY_ID": credentials["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": credentials["SecretAccessKey"],
            "AWS_SESSION_TOKEN": credentials["SessionToken"],
        }
        # A user's own key comes without a token.
        given = {name: it for name, it in given.items() if it is not None}
        self._env = environment(home, simulated.env | given)

    def with_credentials(self, credentials: dict) -> CommandLine:
        """Returns the command line with the credentials of a session."""
        return CommandLine(self._simulated, self._home, credentials)

    def answer(self, *arguments: str) -> dict:
        """Returns what a command prints, which must succeed."""
        finished = run([SCRIPTS / "aws", "--output", "json", *arguments], self._env)
        assert finished.exit == 0, str(finished)
        return json.loads(finished.out)

    def refusal(self, *arguments: str) -> tuple[str, str]:
        """Returns the code and the message of the error that a command ends with."""
        finished = run([SCRIPTS / "aws", *arguments], self._env)
        assert finished.exit != 0, str(finished)
        told = re.search(r"An error occurred \((\w+)\) when calling the \w+ operation: (.*)", finished.err)
        assert told, str(finished)
        return told[1], told[2]
