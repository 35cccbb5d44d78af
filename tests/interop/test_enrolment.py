"""A person enrols a device in a real terminal, and the audit sees it."""

import re
import time

import pyotp
import pytest
from enrolling import ACCOUNT, FIRST, RULE, SECOND, STEP, app_of, app_of_bob, give, pair, serial
from simulated import account_of, world

ALICE = (ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/alice")


def status(mfaudit, shop, user):
    """What the audit says of a user, by the caller of the simulator."""
    return mfaudit.report("audit", env=shop.simulated.env).of_rule(RULE)[user]


def test_whoever_fails_the_audit_passes_it_after_the_dialogue(shop, mfaudit):
    assert status(mfaudit, shop, ALICE) == "fail"
    with shop.enrolling("alice") as terminal:
        app = app_of(terminal)
        give(terminal, *pair(app))
        terminal.expect(f"alice has the device {serial('alice')} since ")
        terminal.expect("Enrol a second device")
        assert terminal.end() == 0, terminal.written
    assert "An earlier enrolment" not in terminal.written
    assert shop.devices("alice") == [serial("alice")] and not shop.orphans()
    assert status(mfaudit, shop, ALICE) == "pass"
    outcomes = shop.asked()
    for operation in ("CreateVirtualMFADevice", "EnableMFADevice"):
        assert [it for it in outcomes if it[0] == operation] == [(operation, "200")]
    assert "DeleteVirtualMFADevice" not in dict(outcomes)


def test_the_checks_say_who_calls_and_what_is_allowed_before_anything_is_made(shop):
    with shop.enrolling("alice") as terminal:
        app_of(terminal)
        before, _ = terminal.written.split("Made the virtual device")
        terminal.interrupt()
        assert terminal.end() == 1
    told = [tuple(re.split(r"\s{2,}", it)) for it in before.splitlines()]
    actions = ["CreateVirtualMFADevice", "DeleteVirtualMFADevice", "EnableMFADevice", "ListMFADevices"]
    assert told == [
        ("ok", "caller", ALICE[1]),
        ("ok", "user", "alice (the caller itself)"),
        ("note", "endpoint", f"{shop.simulated.env['AWS_ENDPOINT_URL']}, not AWS's own"),
        ("ok", "devices", "none yet; AWS allows 8"),
        ("ok", "clock", "this machine's is right"),
        *[("ok", "permissions", f"iam:{it}") for it in actions],
    ]


def test_wrong_codes_are_told_before_they_are_sent_and_right_ones_end_it(shop):
    with shop.enrolling("alice") as terminal:
        app = app_of(terminal)
        first, second = pair(app)
        give(terminal, second, first)
        terminal.expect("The codes are swapped")
        terminal.expect("Nothing was sent.")
        terminal.answer(FIRST, app.at(int(time.time()) - 3 * STEP))
        terminal.answer(SECOND, app.at(int(time.time())))
        terminal.expect("There was another code between these two")
        terminal.answer(FIRST, first[:5])
        terminal.expect("That is no code: a code has six digits, this has 5.")
        # Apps show a space between the halves.
        terminal.answer(FIRST, f"{first[:3]} {first[3:]}")
        terminal.answer(SECOND, first)
        terminal.expect("That is the same code.")
        terminal.answer(SECOND, second)
        assert terminal.end() == 0, terminal.written
    assert shop.devices("alice") == [serial("alice")] and not shop.orphans()
    asked = shop.asked()
    for operation in ("CreateVirtualMFADevice", "EnableMFADevice"):
        assert [it for it in asked if it[0] == operation] == [(operation, "200")]


def test_codes_of_another_entry_are_refused_and_the_device_stays(shop):
    other = pyotp.TOTP(pyotp.random_base32())
    with shop.enrolling("alice") as terminal:
        app = app_of(terminal)
        give(terminal, *pair(other))
        terminal.expect("InvalidAuthenticationCode")
        terminal.expect("the codes are not of the device that was just made")
        terminal.expect(FIRST)
        give(terminal, *pair(app))
        assert terminal.end() == 0, terminal.written
    asked = shop.asked()
    assert [it for it in asked if it[0] == "EnableMFADevice"] == [
        ("EnableMFADevice", "InvalidAuthenticationCode"),
        ("EnableMFADevice", "200"),
    ]
    assert [it[1] for it in asked if it[0] == "CreateVirtualMFADevice"] == ["200"]


# Half a minute later, each is still told as three minutes.
@pytest.mark.parametrize(("off", "side"), [(-150, "behind"), (180, "ahead of")])
def test_a_clock_that_is_some_minutes_off_is_accepted_and_told(shop, off, side):
    with shop.enrolling("alice") as terminal:
        app = app_of(terminal)
        give(terminal, *pair(app, off))
        terminal.expect(f"3 minutes {side} AWS's")
        terminal.expect("mfaudit-enroll resync")
        assert terminal.end() == 0, terminal.written
    assert shop.devices("alice") == [serial("alice")]


@pytest.mark.parametrize(("off", "side"), [(-9 * 3600, "behind"), (9 * 3600, "ahead of")])
def test_a_clock_that_is_nine_hours_off_is_refused_and_told(shop, off, side):
    with shop.enrolling("alice") as terminal:
        app = app_of(terminal)
        give(terminal, *pair(app, off))
        terminal.expect("InvalidAuthenticationCode")
        terminal.expect(f"its clock is 9 hours {side} AWS's")
        terminal.expect(FIRST)
        # The clock is set right.
        give(terminal, *pair(app))
        assert terminal.end() == 0, terminal.written
    assert shop.devices("alice") == [serial("alice")]


def test_whoever_has_a_device_shows_it_in_the_dialogue_and_enrols_a_second(shop):
    first = app_of_bob()
    with shop.enrolling("bob") as terminal:
        terminal.expect("AWS adds another only in a session that was opened with MFA.")
        terminal.answer(f"The code that {serial('bob')} shows now: ", "12345")
        terminal.expect("That is no code: a code has six digits, this has 5.")
        terminal.answer(f"The code that {serial('bob')} shows now: ", first.now())
        give(terminal, *pair(app_of(terminal)))
        assert terminal.end() == 0, terminal.written
    assert "Enrol a second device" not in terminal.written
    assert sorted(shop.devices("bob")) == [serial("bob"), serial("bob-2")] and not shop.orphans()


def test_without_a_terminal_whoever_has_a_device_is_told_how_to_show_it(shop):
    finished = shop.run("bob", "--codes", "123456", "654321")
    assert finished.exit == 1, str(finished)
    assert f"--mfa-serial {serial('bob')} --mfa-code CODE" in " ".join(finished.err.split())
    assert shop.devices("bob") == [serial("bob")] and not shop.orphans()


def test_a_hardware_token_is_enrolled_by_the_number_on_it(shop, mfaudit):
    [token] = account_of(world("enrolment.toml"), ACCOUNT)["hardware-tokens"]
    with shop.enrolling("alice", "--hardware", token["serial"]) as terminal:
        terminal.expect(FIRST)
        give(terminal, *pair(pyotp.TOTP(token["seed"])))
        assert terminal.end() == 0, terminal.written
    assert not set("█▀▄") & set(terminal.written), "there is nothing to scan"
    assert shop.devices("alice") == [token["serial"]]
    assert status(mfaudit, shop, ALICE) == "pass"
    assert "CreateVirtualMFADevice" not in dict(shop.asked())


def test_resync_takes_two_codes_in_the_terminal(shop):
    app = app_of_bob()
    with shop.enrolling("bob", "resync") as terminal:
        terminal.expect(FIRST)
        give(terminal, *pair(app, 3600))
        assert terminal.end() == 0, terminal.written
    assert ("ResyncMFADevice", "200") in shop.asked()
