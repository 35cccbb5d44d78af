"""The seed of a device is on the screen, and nowhere else that lasts."""

import base64
import os
import re
from pathlib import Path

import pytest
import zstandard
from enrolling import ACCOUNT, RULE, SECOND, app_of, give, pair, serial
from harness import Mfaudit
from PIL import Image
from terminal import scan

# What would make the program and the SDK in it say everything: at `trace` the SDK logs what IAM answers.
LOUD = pytest.mark.parametrize(
    "loud",
    [
        {"RUST_LOG": "trace"},
        {"MFAUDIT_LOG": "trace"},
        {"RUST_LOG": "aws_smithy_runtime::client::orchestrator=trace,aws_sdk_iam=trace,hyper_util=trace"},
        {"RUST_LOG": "trace", "RUST_BACKTRACE": "full", "LOG_SENSITIVE_BODIES": "true"},
    ],
    ids=["all", "own-variable", "modules", "sensitive"],
)

# What a file begins with that was packed as snapshots are.
ZSTD = b"\x28\xb5\x2f\xfd"

# A part of the seed that is so long is not there by chance.
PART = 16


def canaries(seed):
    """Returns the seed in every form in which it could stand somewhere, and parts of it."""
    raw = base64.b32decode(seed)
    parts = [seed[at : at + PART] for at in range(len(seed) - PART + 1)]
    grouped = " ".join(seed[at : at + 4] for at in range(0, len(seed), 4))
    plain = [*(it.encode() for it in parts), *(it.lower().encode() for it in parts), grouped.encode(), raw]
    plain += [grouped.lower().encode(), raw.hex().encode(), raw.hex().upper().encode(), seed.encode().hex().encode()]
    # A list of numbers, as a debugger shows bytes.
    plain += [", ".join(map(str, it)).encode() for it in (raw[:PART], seed[:PART].encode())]
    for text in (seed.encode(), seed.lower().encode(), raw):
        for before in range(3):
            # What comes before decides how it is written; the ends depend on what is around.
            for encode in (base64.b64encode, base64.urlsafe_b64encode):
                plain.append(encode(b"\0" * before + text)[4:-4])
    return plain


def found(seed, content):
    """Returns the canaries that a content holds."""
    return [it for it in canaries(seed) if it in content]


def files(folder):
    """Returns all files in a folder with what is in them, unpacked too."""
    for file in sorted(it for it in folder.rglob("*") if it.is_file()):
        content = file.read_bytes()
        yield file, content
        if content.startswith(ZSTD):
            unpacked = zstandard.ZstdDecompressor().stream_reader(content, read_across_frames=True)
            yield file, unpacked.read()


def assert_in_no_file(seed, folder, but=()):
    seen = 0
    for file, content in files(folder):
        seen += 1
        assert not found(seed, content), f"the seed is in {file}"
        # A picture that a program saved, whatever its name.
        if content.startswith(b"\x89PNG") and file not in but:
            with Image.open(file) as image:
                assert not [it for it in scan(image) if seed in it], f"the seed is in {file}"
    return seen


def assert_not_seen_from_outside(seed, pid):
    """What every process of the same user can see of one."""
    process = Path("/proc") / str(pid)
    if not process.is_dir():
        return
    for name in ("cmdline", "environ", "comm", "stat", "status"):
        assert not found(seed, (process / name).read_bytes()), f"the seed is in {process / name}"
    children = [it for it in process.glob("task/*/children") if it.read_text(encoding="ascii").strip()]
    assert not children, "it runs another program"
    opened = [os.readlink(it) for it in (process / "fd").iterdir()]
    assert not [it for it in opened if "(deleted)" in it], f"it keeps a file without a name: {opened}"


def test_the_search_finds_what_it_is_for():
    seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    raw = base64.b32decode(seed)
    for before in (b"", b"x", b"xy"):
        for text in (seed.encode(), seed.lower().encode(), raw):
            assert found(seed, base64.b64encode(before + text + b"z"))
    for content in (seed[3:25], seed.lower(), raw.hex(), f"[{', '.join(map(str, raw))}]"):
        assert found(seed, b"before " + content.encode() + b" after")
    assert not found(seed, b"GEZDGNBV GY3TQOJQ nothing of it")


@LOUD
def test_the_seed_is_in_no_log_and_no_file_and_not_in_the_process_list(shop, loud):
    file = shop.folder / "work" / "qr.png"
    with shop.enrolling("alice", "--qr-png", file, env=loud) as terminal:
        app = app_of(terminal)
        assert_not_seen_from_outside(app.secret, terminal.pid)
        assert_in_no_file(app.secret, shop.folder, but=[file])
        first, second = pair(app)
        terminal.type(first)
        terminal.expect(SECOND)
        assert_not_seen_from_outside(app.secret, terminal.pid)
        terminal.type(second)
        assert terminal.end() == 0, terminal.written
    told = terminal.written
    assert not found(app.secret, told.encode())
    # A log line may be broken by colours.
    assert not found(app.secret, re.sub(r"\x1b\[[\d;]*m", "", told).encode())
    shop.journal()
    assert assert_in_no_file(app.secret, shop.folder, but=[file]) >= 3
    with Image.open(file) as image:
        assert len(scan(image)) == 1


@LOUD
def test_codes_that_are_wrong_and_an_end_before_its_time_log_no_seed_either(shop, loud):
    with shop.enrolling("alice", env=loud) as terminal:
        app = app_of(terminal)
        first, second = pair(app)
        give(terminal, second, first)
        terminal.expect("The codes are swapped")
        give_wrong(terminal)
        terminal.expect("InvalidAuthenticationCode")
        terminal.interrupt()
        assert terminal.end() == 1
    assert not found(app.secret, terminal.written.encode())
    assert_in_no_file(app.secret, shop.folder)


def give_wrong(terminal):
    terminal.expect("First code: ")
    give(terminal, "000000", "999999")


def formats(mfaudit):
    """Returns the names of all report formats."""
    told = mfaudit.run("audit", "--help").out
    listed = told.split("--format <")[1].split("--status <")[0]
    names = re.findall(r"^\s+- ([a-z-]+): ", listed, re.MULTILINE)
    assert {"table", "csv", "json", "ndjson"} <= set(names), names
    return names


def test_neither_snapshot_nor_report_nor_journal_holds_the_seed(shop):
    with shop.enrolling("alice") as terminal:
        app = app_of(terminal)
        give(terminal, *pair(app))
        assert terminal.end() == 0, terminal.written
    folder = shop.folder / "audit"
    folder.mkdir()
    mfaudit, loud = Mfaudit(folder), shop.simulated.env | {"RUST_LOG": "trace"}
    snapshot = folder / "snapshot"
    collected = mfaudit.run("collect", "--output", snapshot, env=loud)
    assert collected.exit == 0, str(collected)
    names = formats(mfaudit)
    reports = [f"--format={name}={folder / name}" for name in names]
    audited = mfaudit.run("audit", "--verbose", *reports, env=loud)
    assert audited.exit in (3, 4), str(audited)
    statuses = mfaudit.report("evaluate", snapshot).of_rule(RULE)
    assert statuses[ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/alice"] == "pass", "the snapshot has the device"
    for finished in (collected, audited):
        assert not found(app.secret, (finished.out + finished.err).encode())
    journal = shop.journal()
    assert "EnableMFADevice" in journal and not found(app.secret, journal.encode())
    assert assert_in_no_file(app.secret, shop.folder) > len(names)
    assert serial("alice").encode() in dict(files(snapshot.parent))[snapshot], "the snapshot was unpacked"
