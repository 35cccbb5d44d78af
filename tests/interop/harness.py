"""Runs programs in an environment of their own, and reads what they report."""

from __future__ import annotations

import csv
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("MFAUDIT_BINARY", ROOT / "target" / "debug" / "mfaudit"))
ENROLL_BINARY = Path(os.environ.get("MFAUDIT_ENROLL_BINARY", BINARY.with_name("mfaudit-enroll")))
WORLDS = Path(__file__).resolve().parent / "worlds"
SCRIPTS = Path(sys.executable).parent

# Far more than anything here takes, so that what hangs fails with a message.
PATIENCE = 120

# A finding is about a rule, an account and a principal's ARN.
Subject = tuple[str, str, str]


def environment(home: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Returns an environment that knows nothing of this machine's AWS configuration and proxies."""
    names = {
        "PATH": f"{SCRIPTS}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    return names | dict(more or {})


@dataclass(frozen=True)
class Finished:
    """How a program ended, and what it wrote."""

    command: list[str]
    exit: int
    out: str
    err: str

    def __str__(self) -> str:
        return f"{' '.join(self.command)}\nexited with {self.exit}\n{self.err}"


def run(command: Iterable[object], env: Mapping[str, str], folder: Path | None = None) -> Finished:
    """Runs a program to its end."""
    command = [str(it) for it in command]
    done = subprocess.run(
        command,
        env=dict(env),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    return Finished(command, done.returncode, done.stdout, done.stderr)


class Server:
    """A program that runs until it is stopped, line by line."""

    def __init__(self, command: Iterable[object], env: Mapping[str, str]):
        self._process = subprocess.Popen(
            [str(it) for it in command],
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._seen: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self._process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def lines_until(self, text: str) -> list[str]:
        """Returns the lines up to the first that holds `text`."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                line = None
            assert line is not None, f"no line says {text!r}: {self._seen}"
            self._seen.append(line)
            if text in line:
                return self._seen

    def stop(self) -> int:
        """Stops the program as Ctrl-C does, and returns its exit code."""
        self._process.send_signal(signal.SIGINT)
        try:
            return self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise


@contextmanager
def serving(command: Iterable[object], env: Mapping[str, str], ready: str):
    """Runs a server, and yields the lines it wrote until it was ready."""
    server = Server(command, env)
    try:
        yield server.lines_until(ready)
    finally:
        server.stop()


@dataclass(frozen=True)
class Reported:
    """How the audit ended, and its report in every machine format."""

    finished: Finished
    document: dict
    csv_rows: list[dict[str, str]]
    ndjson_rows: list[dict]

    @property
    def exit(self) -> int:
        return self.finished.exit

    @property
    def statuses(self) -> dict[Subject, str]:
        """What the JSON document says of each subject."""
        return told_by(self.document["findings"])

    def of_rule(self, rule: str) -> dict[tuple[str, str], str]:
        """What the JSON document says of each account's principals by one rule."""
        return {key[1:]: status for key, status in self.statuses.items() if key[0] == rule}


def told_by(rows: Iterable[Mapping]) -> dict[Subject, str]:
    """Returns the status of each subject; one that is told twice is a mistake."""
    told: dict[Subject, str] = {}
    for row in rows:
        subject = (row["rule"], row["account_id"], row["principal_arn"])
        assert subject not in told, f"two findings are about {subject}"
        told[subject] = row["status"]
    return told


class Mfaudit:
    """The binary, with a home of its own."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._count = 0

    def run(self, *arguments: object, env: Mapping[str, str] | None = None) -> Finished:
        """Runs the binary to its end."""
        return run([BINARY, *arguments], environment(self._folder, env), self._folder)

    def report(self, *arguments: object, env: Mapping[str, str] | None = None) -> Reported:
        """Runs a command that writes reports, and reads them."""
        self._count += 1
        stem = self._folder / f"report-{self._count}"
        files = {name: stem.with_suffix(f".{name}") for name in ("json", "csv", "ndjson")}
        formats = [f"--format={name}={file}" for name, file in files.items()]
        finished = self.run(*arguments, *formats, env=env)
        assert finished.exit in (0, 3, 4), str(finished)
        document = json.loads(files["json"].read_text(encoding="utf-8"))
        with files["csv"].open(encoding="utf-8", newline="") as file:
            csv_rows = list(csv.DictReader(file, strict=True))
        lines = files["ndjson"].read_text(encoding="utf-8").splitlines()
        return Reported(finished, document, csv_rows, [json.loads(it) for it in lines])


def differences(expected: Mapping, actual: Mapping) -> list[str]:
    """Returns a line for each subject on which the two disagree."""
    return [
        f"{' '.join(subject)}: expected {expected.get(subject, 'no finding')}, "
        f"is {actual.get(subject, 'no finding')}"
        for subject in sorted(expected.keys() | actual.keys())
        if expected.get(subject) != actual.get(subject)
    ]
