"""The AWS command line and moto agree with the program that enrols, and nothing that it leaves holds a seed."""

import base64
import json
import re

import pytest
import zstandard
from enrolling import FIRST, SECOND, codes, desk, files, scan, seed_of, serial
from harness import ENROLL_BINARY, SCRIPTS, environment, run
from moto_organization import aws_environment, client, moto


@pytest.fixture
def at_desk(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    with desk(home) as it:
        yield it


def aws(at_desk, *arguments):
    """Runs the AWS command line as alice."""
    finished = run([SCRIPTS / "aws", "--output", "json", *arguments], at_desk.env("alice"), at_desk.home)
    assert finished.exit == 0, str(finished)
    return json.loads(finished.out) if finished.out else None


def test_the_two_commands_of_the_tutorials_come_to_the_same(at_desk, tmp_path):
    made = aws(
        at_desk,
        *["iam", "create-virtual-mfa-device", "--virtual-mfa-device-name", "by-hand"],
        *["--outfile", tmp_path / "seed.txt", "--bootstrap-method", "Base32StringSeed"],
    )
    by_hand = made["VirtualMFADevice"]["SerialNumber"]
    first, second = codes((tmp_path / "seed.txt").read_text(encoding="ascii"))
    enabling = ["iam", "enable-mfa-device", "--user-name", "alice", "--serial-number", by_hand]
    aws(at_desk, *enabling, "--authentication-code1", first, "--authentication-code2", second)
    [theirs] = aws(at_desk, "iam", "list-mfa-devices")["MFADevices"]
    at_desk.iam().deactivate_mfa_device(UserName="alice", SerialNumber=by_hand)

    terminal = at_desk.terminal("alice", "--name", "guided")
    terminal.until(FIRST)
    first, second = codes(seed_of(scan(terminal.photograph())))
    terminal.child.sendline(first)
    terminal.answer(SECOND, second)
    assert terminal.end() == 0, terminal.text
    [ours] = aws(at_desk, "iam", "list-mfa-devices")["MFADevices"]

    assert theirs.keys() == ours.keys()
    assert ours["UserName"] == theirs["UserName"] == "alice"
    assert (theirs["SerialNumber"], ours["SerialNumber"]) == (serial("by-hand"), serial("guided"))


def test_a_device_that_the_aws_command_line_made_is_enabled_by_its_serial_number(at_desk, tmp_path):
    aws(
        at_desk,
        *["iam", "create-virtual-mfa-device", "--virtual-mfa-device-name", "by-hand"],
        *["--outfile", tmp_path / "seed.txt", "--bootstrap-method", "Base32StringSeed"],
    )
    pair = codes((tmp_path / "seed.txt").read_text(encoding="ascii"))
    finished = at_desk.enroll("alice", "--serial", serial("by-hand"), "--codes", *pair)
    assert finished.exit == 0, str(finished)
    assert at_desk.devices("alice") == [serial("by-hand")]


def test_moto_has_what_was_enrolled_in_it(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    with moto(home) as endpoint:
        iam, env = client("iam", endpoint), environment(home, aws_environment(endpoint))
        iam.create_user(UserName="alice")
        # moto takes any two codes.
        enrolled = run([ENROLL_BINARY, "--user", "alice", "--codes", "123456", "654321"], env, home)
        assert enrolled.exit == 0, str(enrolled)
        [device] = iam.list_mfa_devices(UserName="alice")["MFADevices"]
        assert device["SerialNumber"].endswith(":mfa/alice")
        listed = run([ENROLL_BINARY, "devices", "--user", "alice"], env, home)
        assert listed.exit == 0, str(listed)
        assert device["SerialNumber"] in listed.out


def spellings(seed: str) -> list[bytes]:
    """Returns the ways in which a seed could be written."""
    raw = base64.b32decode(seed)
    texts = [seed, seed.lower(), raw.hex(), raw.hex().upper()]
    encoded = [base64.b64encode(it).rstrip(b"=") for it in (seed.encode(), raw)]
    return [raw, *encoded, *(it.encode() for it in texts)]


def test_no_log_file_process_report_or_snapshot_holds_the_seed(at_desk, mfaudit):
    logs = {"RUST_LOG": "trace", "MFAUDIT_LOG": "trace"}
    terminal = at_desk.terminal("alice", **logs)
    terminal.until(FIRST)
    uri = scan(terminal.photograph())
    seed = seed_of(uri)
    seen = {"the terminal": terminal.text.encode()}
    for name in ("cmdline", "environ"):
        with open(f"/proc/{terminal.child.pid}/{name}", "rb") as file:
            seen[name] = file.read()
        assert seen[name]
    first, second = codes(seed)
    terminal.child.sendline(first)
    terminal.answer(SECOND, second)
    assert terminal.end() == 0, terminal.text
    seen["the terminal at the end"] = terminal.text.encode()
    assert 'operation="EnableMFADevice" status=200' in plain(terminal.text)

    snapshot = at_desk.home / "run.mfaudit"
    formats = [f"--format={it}={at_desk.home / it}" for it in ("json", "csv", "ndjson", "coverage", "table")]
    finished = mfaudit.run("audit", "--snapshot", snapshot, *formats, env=at_desk.simulated.env | logs)
    assert finished.exit in (0, 3, 4), str(finished)
    seen["the audit's log"] = finished.err.encode()
    told = mfaudit.run("evaluate", snapshot, "--format", "json")
    seen["the snapshot's report"] = told.out.encode()
    with snapshot.open("rb") as file:
        lines = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True).read()
    assert serial("alice").encode() in lines
    seen["what the snapshot holds"] = lines
    assert files(at_desk.home)
    for path in files(at_desk.home):
        seen[str(path)] = path.read_bytes()

    for place, content in seen.items():
        for spelling in spellings(seed):
            assert spelling not in content, f"{place} holds the seed"


def plain(text: str) -> str:
    """Returns a text without its colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)
