"""People who enrol devices in a simulated organization, with an authenticator that nobody here wrote."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyotp
from harness import BINARY, ENROLL_BINARY, WORLDS, Finished, environment, run
from simulated import CommandLine, Simulation, account_of, simulation, world
from terminal import DARK, Terminal, scan

ACCOUNT = "222222222222"
ALIAS = "example-shop"
RULE = "iam-user-console-mfa"

# The document of the world's policy, in whose place the program's own is put.
EMPTY = "'{}'"

FIRST = "First code: "
SECOND = "Second code, as soon as another is shown: "

# How long a code is shown.
STEP = 30


def serial(name: str) -> str:
    """Returns the serial number of a virtual device."""
    return f"arn:aws:iam::{ACCOUNT}:mfa/{name}"


def described(user: str) -> dict:
    """Returns the description of a user."""
    users = account_of(world("enrolment.toml"), ACCOUNT)["user"]
    return next(it for it in users if it["name"] == user)


def app_of_bob() -> pyotp.TOTP:
    """Returns the authenticator of the user who has one from the start."""
    [device] = described("bob")["mfa"]
    return pyotp.TOTP(device["seed"])


@dataclass
class Shop:
    """The running organization, and what people do in it."""

    simulated: Simulation
    folder: Path
    _journal: Path
    _running: ExitStack

    def env(self, user: str) -> dict[str, str]:
        """Returns the environment of a user, with the access key of the user's own."""
        [key] = described(user)["access-keys"]
        mine = {"AWS_ACCESS_KEY_ID": key["id"], "TMPDIR": str(self.folder / "tmp")}
        return environment(self.folder / "home", self.simulated.env | mine)

    def credentials(self, user: str) -> dict:
        """Returns the credentials of a user, as clients take them."""
        env = self.env(user)
        return {
            "AccessKeyId": env["AWS_ACCESS_KEY_ID"],
            "SecretAccessKey": env["AWS_SECRET_ACCESS_KEY"],
            "SessionToken": None,
        }

    @contextmanager
    def enrolling(self, user: str, *arguments: object, columns: int = 80, env: dict | None = None):
        """Runs `mfaudit enroll` in a terminal."""
        command = [BINARY, "enroll", *arguments]
        terminal = Terminal(command, self.env(user) | (env or {}), self.folder / "work", columns)
        try:
            yield terminal
        finally:
            terminal.close()

    def run(self, user: str, *arguments: object) -> Finished:
        """Runs `mfaudit-enroll` without a terminal, to its end."""
        return run([ENROLL_BINARY, *arguments], self.env(user), self.folder / "work")

    @property
    def iam(self):
        """IAM of the account, as the audit's role sees it."""
        return self.simulated.client("iam", self.simulated.enter(ACCOUNT))

    def aws(self, user: str) -> CommandLine:
        """The AWS command line, as a user."""
        return CommandLine(self.simulated, self.folder / "home", self.credentials(user))

    def devices(self, user: str) -> list[str]:
        """Returns the serial numbers of a user's devices."""
        return [it["SerialNumber"] for it in self.iam.list_mfa_devices(UserName=user)["MFADevices"]]

    def orphans(self) -> list[str]:
        """Returns the serial numbers of the virtual devices that nobody has enabled."""
        listed = self.iam.list_virtual_mfa_devices(AssignmentStatus="Unassigned")
        return [it["SerialNumber"] for it in listed["VirtualMFADevices"]]

    def asked(self) -> list[tuple[str, str]]:
        """Stops the simulator, and returns the operations that were asked for, each with its outcome."""
        return [(it["operation"], it["outcome"]) for it in map(json.loads, self.journal().splitlines())]

    def journal(self) -> str:
        """Stops the simulator, and returns its journal."""
        self._running.close()
        return self._journal.read_text(encoding="utf-8")


@contextmanager
def shop(folder: Path, more: str = "", skew: int = 0, policy: str | None = None):
    """Serves the organization, with more at the end of its description; AWS's clock is ahead by so many seconds.

    Its people may do what the policy says: by default, what the program prints.
    """
    for name in ("home", "tmp", "work", "simulator"):
        (folder / name).mkdir()
    if policy is None:
        printed = run([ENROLL_BINARY, "policy"], environment(folder / "home"))
        assert printed.exit == 0, str(printed)
        policy = printed.out
    text = (WORLDS / "enrolment.toml").read_text(encoding="utf-8")
    assert EMPTY in text
    quoted = f"'''{policy}'''"
    file, journal = folder / "simulator" / "world.toml", folder / "simulator" / "journal"
    text = f"clock-skew-seconds = {skew}\n{text.replace(EMPTY, quoted)}{more}"
    file.write_text(text, encoding="utf-8")
    with ExitStack() as running:
        arguments = ("--world", file, "--journal", journal)
        simulated = running.enter_context(simulation(folder / "simulator", *arguments, now=None))
        yield Shop(simulated, folder, journal, running)


def app_of(terminal: Terminal) -> pyotp.TOTP:
    """Waits until the first code is asked for, and scans the QR code on the screen with an authenticator."""
    terminal.expect(FIRST)
    return scanned(scan(terminal.screen.photograph(DARK)))


def scanned(codes: list[str]) -> pyotp.TOTP:
    """Returns an authenticator that scanned the only QR code that there is."""
    assert len(codes) == 1, f"there are {len(codes)} QR codes"
    app = pyotp.parse_uri(codes[0])
    assert isinstance(app, pyotp.TOTP)
    return app


def pair(app: pyotp.TOTP, off: int = 0) -> tuple[str, str]:
    """Returns the code that an authenticator showed last and the one it shows now, if its clock is off by so much.

    AWS takes codes of hours ago, so that nobody has to wait for the next one.
    """
    now = int(time.time()) + off
    return app.at(now - STEP), app.at(now)


def give(terminal: Terminal, first: str, second: str) -> None:
    """Types two codes; the first one was asked for already."""
    terminal.type(first)
    terminal.answer(SECOND, second)
