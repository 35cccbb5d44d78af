"""A person enrols a device in a terminal, with an authenticator app, and the next audit passes."""

import signal

import pyotp
import pytest
import zxingcpp
from enrolling import (
    ACCOUNT,
    BOBS_SEED,
    DARK_TERMINAL,
    FIRST,
    LIGHT_TERMINAL,
    SECOND,
    codes,
    desk,
    photograph,
    scan,
    seed_of,
    serial,
)
from PIL import Image

RULE = "iam-user-console-mfa"
ALICE = (ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/alice")


@pytest.fixture
def at_desk(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    with desk(home) as it:
        yield it


def audited(mfaudit, at_desk) -> str:
    """Returns how an audit judges alice."""
    report = mfaudit.report("audit", "--rule", RULE, env=at_desk.simulated.env)
    return report.of_rule(RULE)[ALICE]


def test_a_scanned_code_and_two_codes_of_an_app_make_the_next_audit_pass(at_desk, mfaudit):
    assert audited(mfaudit, at_desk) == "fail"
    terminal = at_desk.terminal("alice")
    terminal.until(FIRST)
    uri = scan(terminal.photograph())
    first, second = codes(seed_of(uri))
    terminal.child.sendline(first)
    terminal.answer(SECOND, second)
    terminal.until("alice has the device")
    assert terminal.end() == 0, terminal.text
    assert at_desk.devices("alice") == [serial("alice")]
    assert at_desk.orphans() == []
    assert audited(mfaudit, at_desk) == "pass"


@pytest.mark.parametrize("colours", [DARK_TERMINAL, LIGHT_TERMINAL], ids=["dark", "light"])
@pytest.mark.parametrize("columns", [80, 200])
def test_the_code_on_the_terminal_the_picture_and_the_secret_are_the_same(at_desk, colours, columns):
    png = at_desk.home / "qr.png"
    terminal = at_desk.terminal("alice", "--qr-png", png, "--show-secret", columns=columns)
    terminal.until("secret: ")
    terminal.child.expect(r"([A-Z2-7]+)\r\n")
    secret = terminal.child.match[1]
    terminal.until(FIRST)
    uri = scan(terminal.photograph(colours))
    assert scan(Image.open(png)) == uri
    assert seed_of(uri) == secret
    app = pyotp.parse_uri(uri)
    assert (app.digits, app.interval, app.digest().name) == (6, 30, "sha1")
    assert (app.name, app.issuer) == (f"alice@{ACCOUNT}", "Amazon Web Services")
    assert png.stat().st_mode & 0o777 == 0o600
    first, second = codes(secret)
    terminal.child.sendline(first)
    terminal.answer(SECOND, second)
    assert terminal.end() == 0, terminal.text


@pytest.mark.parametrize(
    ("style", "colours"),
    [("plain", DARK_TERMINAL), ("auto", DARK_TERMINAL), ("inverted", LIGHT_TERMINAL)],
)
def test_a_code_without_colours_is_read_from_what_was_piped(at_desk, style, colours):
    finished = at_desk.enroll("alice", "--qr", style, "--show-secret")
    assert finished.exit == 1, str(finished)
    assert "\x1b" not in finished.out
    uri = scan(photograph(finished.out, 80, colours))
    assert f"secret: {seed_of(uri)}\n" in finished.out
    assert at_desk.orphans() == [], "nobody gave two codes"


def test_an_orphan_is_found_at_the_next_start_and_deleted_when_asked_to(at_desk):
    terminal = at_desk.terminal("alice")
    terminal.until(FIRST)
    terminal.child.kill(signal.SIGKILL)
    assert terminal.end() is None
    assert (at_desk.devices("alice"), at_desk.orphans()) == ([], [serial("alice")])

    terminal = at_desk.terminal("alice")
    terminal.until(f"An earlier enrolment left {serial('alice')}")
    terminal.answer("[y/N] ", "y")
    terminal.until(f"Deleted {serial('alice')}")
    terminal.until(FIRST)
    first, second = codes(seed_of(scan(terminal.photograph())))
    terminal.child.sendline(first)
    terminal.answer(SECOND, second)
    assert terminal.end() == 0, terminal.text
    assert (at_desk.devices("alice"), at_desk.orphans()) == ([serial("alice")], [])


def test_an_orphan_that_is_kept_costs_only_its_name(at_desk):
    terminal = at_desk.terminal("alice")
    terminal.until(FIRST)
    terminal.child.kill(signal.SIGKILL)
    terminal.end()

    terminal = at_desk.terminal("alice")
    terminal.answer("[y/N] ", "")
    terminal.until(FIRST)
    first, second = codes(seed_of(scan(terminal.photograph())))
    terminal.child.sendline(first)
    terminal.answer(SECOND, second)
    assert terminal.end() == 0, terminal.text
    assert (at_desk.devices("alice"), at_desk.orphans()) == ([serial("alice-2")], [serial("alice")])


@pytest.mark.parametrize("question", [FIRST, SECOND])
def test_ctrl_c_leaves_nothing(at_desk, question):
    terminal = at_desk.terminal("alice")
    if question == SECOND:
        terminal.answer(FIRST, "123456")
    terminal.until(question)
    terminal.child.sendintr()
    terminal.until(f"Deleted {serial('alice')}")
    assert terminal.end() == 1, terminal.text
    assert (at_desk.devices("alice"), at_desk.orphans()) == ([], [])


def test_codes_that_are_the_same_or_swapped_are_told_and_tried_again(at_desk):
    terminal = at_desk.terminal("alice")
    terminal.until(FIRST)
    first, second = codes(seed_of(scan(terminal.photograph())))
    terminal.child.sendline(second)
    terminal.answer(SECOND, second)
    terminal.until("That is the same code")
    terminal.answer(SECOND, first)
    terminal.until("The codes are swapped")
    terminal.give([first, second])
    assert terminal.end() == 0, terminal.text
    assert at_desk.devices("alice") == [serial("alice")]


def test_a_second_device_is_enrolled_with_a_code_of_the_first(at_desk):
    terminal = at_desk.terminal("bob")
    terminal.answer(f"The code that {serial('bob')} shows now: ", codes(BOBS_SEED)[1])
    terminal.until(FIRST)
    first, second = codes(seed_of(scan(terminal.photograph())))
    terminal.child.sendline(first)
    terminal.answer(SECOND, second)
    assert terminal.end() == 0, terminal.text
    assert at_desk.devices("bob") == [serial("bob"), serial("bob-2")]


def test_the_reader_would_tell_a_code_that_is_dark_where_it_should_be_light(at_desk):
    finished = at_desk.enroll("alice", "--qr", "plain")
    image = photograph(finished.out, 80, LIGHT_TERMINAL)
    assert not zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode, try_invert=False)
