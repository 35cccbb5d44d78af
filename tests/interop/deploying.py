"""Runs what the recipes in deploy/ say, with a simulated organization in AWS's place."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
import yaml
from harness import BINARY, ROOT, SCRIPTS, Finished, environment, run, serving
from simulated import simulation

DEPLOY = ROOT / "deploy"
WORKFLOW = ROOT / ".github" / "workflows" / "release.yml"

# What an audit ends with that has come to a verdict.
VERDICTS = (0, 3, 4)

# Writes down what it was called with, an argument a line, and does it.
RECORDER = """#!/bin/sh
{{ printf '%s\\n' "$@"; echo; }} >>'{journal}'
exec '{binary}' "$@"
"""

# Writes down what it was called with, and answers what a file of its name says.
ACTOR = """#!/bin/sh
{{ printf '%s\\n' "$@"; echo; }} >>'{journal}'
{answer}
"""


def required(program: str, how: str) -> str:
    """Returns the path of a program that is no part of Python's environment; in CI it has to be there."""
    found = shutil.which(program)
    if found is None:
        reason = f"there is no {program} ({how})"
        assert os.environ.get("CI") != "true", reason
        pytest.skip(reason)
    return found


def documents(path: Path) -> list[dict]:
    """Reads the YAML documents of a file."""
    return [it for it in yaml.safe_load_all(path.read_text(encoding="utf-8")) if it is not None]


def document(path: Path) -> dict:
    """Reads the one YAML document of a file."""
    [it] = documents(path)
    return it


@dataclass
class Place:
    """A machine on which a recipe runs: a folder, programs, and an organization behind its endpoint."""

    folder: Path
    env: dict[str, str]

    @property
    def journal(self) -> Path:
        return self.folder / "journal"

    def calls(self) -> list[list[str]]:
        """Returns the arguments of every call of mfaudit so far."""
        if not self.journal.exists():
            return []
        return [it.split("\n") for it in self.journal.read_text(encoding="utf-8").split("\n\n") if it]

    def commands(self) -> list[str]:
        """Returns the subcommand of every call so far."""
        return [it[0] for it in self.calls()]

    def actor(self, name: str, answer: str = "exit 0") -> Path:
        """Puts a program on the PATH that writes down its arguments and does what is said in shell; returns where it writes."""
        journal = self.folder / f"{name}.calls"
        self._program(name, ACTOR.format(journal=journal, answer=answer))
        return journal

    def _program(self, name: str, text: str) -> None:
        program = self.folder / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(text, encoding="utf-8")
        program.chmod(0o755)

    def install(self) -> None:
        """Puts mfaudit on the PATH."""
        self._program("mfaudit", RECORDER.format(journal=self.journal, binary=BINARY))

    def shell(self, script: str, *arguments: object, shell: str = "bash", env: Mapping[str, str] | None = None) -> Finished:
        """Runs a script as CI systems do: the first command that fails ends it."""
        command = [shell, "-e", "-c", script, shell, *arguments]
        return run(command, self.env | dict(env or {}), self.folder)

    def script(self, program: Path, *arguments: object, env: Mapping[str, str] | None = None) -> Finished:
        """Runs one of the recipes' own programs."""
        return run([program, *arguments], self.env | dict(env or {}), self.folder)

    def mfaudit(self, *arguments: object, env: Mapping[str, str] | None = None) -> Finished:
        """Runs mfaudit itself."""
        return run([BINARY, *arguments], self.env | dict(env or {}), self.folder)


@contextmanager
def place(folder: Path, *arguments: object) -> Iterator[Place]:
    """Simulates an organization, and makes a machine that knows it."""
    chosen = arguments or ("--accounts=4", "--users=3", "--seed=5")
    folder.mkdir(exist_ok=True)
    with simulation(folder, *chosen, "--report-delay-ms=0", now=None) as simulated:
        path = os.pathsep.join([str(folder / "bin"), str(SCRIPTS), os.environ.get("PATH", os.defpath)])
        here = Place(folder, environment(folder, simulated.env | {"PATH": path, "TMPDIR": str(folder)}))
        here.install()
        yield here


@contextmanager
def object_storage(folder: Path) -> Iterator[tuple[object, dict[str, str]]]:
    """Runs moto's S3; yields a client, and the environment that leads to it."""
    command = [SCRIPTS / "moto_server", "-H", "127.0.0.1", "-p", "0"]
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_SESSION_TOKEN": ""}
    with serving(command, environment(folder), ready="Running on http://127.0.0.1") as lines:
        url = next(it.split("Running on ")[1].strip() for it in lines if "Running on http://127" in it)
        client = boto3.client(
            "s3",
            endpoint_url=url,
            region_name="us-east-1",
            aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
        )
        yield client, keys | {"AWS_ENDPOINT_URL": url, "AWS_REGION": "us-east-1"}


# Commands in documents


def code_blocks(text: str) -> list[str]:
    """Returns the fenced blocks that a person is to type."""
    return [it[1] for it in re.finditer(r"^ *```(?:sh|console|bash)\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE)]


def typed(block: str) -> list[str]:
    """Returns the lines of a block with their continuations, without prompts and comments."""
    joined = re.sub(r"\\\n\s*", "", block)
    lines = [re.sub(r"^\s*(\$ )?", "", it) for it in joined.splitlines()]
    return [it for it in lines if it and not it.startswith("#")]


def mfaudit_calls(text: str) -> list[list[str]]:
    """Returns the arguments of each mfaudit command that a person is to type, also of one that runs in a container."""
    found = []
    for line in (line for block in code_blocks(text) for line in typed(block)):
        for command in re.split(r"\s(?:&&|\|\||;|\|)\s", line):
            words = shlex.split(command, comments=True)
            # `> FILE` belongs to the shell.
            for sign in (">", ">>"):
                if sign in words:
                    words = words[: words.index(sign)]
            if words[:1] == ["mfaudit"]:
                found.append(words[1:])
            elif words[:2] == ["docker", "run"]:
                [at] = [i for i, it in enumerate(words) if it.startswith("ghcr.io/mfaudit/mfaudit")]
                found.append(words[at + 1 :])
    return found


def relocated(arguments: list[str], places: Mapping[str, object]) -> list[str]:
    """Puts folders of this machine in the place of a recipe's: the longest beginning first."""
    found = []
    for it in arguments:
        for old in sorted(places, key=len, reverse=True):
            it = it.replace(old, str(places[old]))
        found.append(it)
    return found


def in_container(container: dict, env: Mapping[str, str]) -> list[str]:
    """Returns a container's arguments with its variables put in, as Kubernetes does: unknown ones stay."""
    return [re.sub(r"\$\((\w+)\)", lambda it: env.get(it[1], it[0]), argument) for argument in container["args"]]


# What takes URLs, or works on what others wrote there.
WITH_URLS = {"discover", "history", "merge", "publish"}


def takes_urls(arguments: list[str]) -> bool:
    """Tells whether a command reads or writes object storage."""
    return arguments[0] in WITH_URLS or any("://" in it for it in arguments)


def may_end(arguments: list[str]) -> tuple[int, ...]:
    """Returns what a command that works may end with."""
    if arguments[0] in ("audit", "evaluate"):
        return VERDICTS
    # Something is always missing in an organization that is made up.
    return (0, 4) if arguments[0] == "doctor" else (0,)
