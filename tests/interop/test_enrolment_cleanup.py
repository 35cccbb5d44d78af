"""Whatever ends an enrolment before its time, no device stays behind unseen."""

import time

import pytest
from enrolling import FIRST, SECOND, app_of, give, pair, serial
from enrolling import shop as shop_in
from harness import PATIENCE

# Where a person can be when it ends.
PLACES = pytest.mark.parametrize("prompt", [FIRST, SECOND], ids=["first", "second"])


def reach(terminal, prompt):
    """Goes on until a prompt, and returns the authenticator."""
    app = app_of(terminal)
    if prompt == SECOND:
        terminal.type(pair(app)[0])
        terminal.expect(SECOND)
    return app


@PLACES
def test_ctrl_c_deletes_the_device(shop, prompt):
    with shop.enrolling("alice") as terminal:
        reach(terminal, prompt)
        assert shop.orphans() == [serial("alice")]
        terminal.interrupt()
        terminal.expect(f"Deleted {serial('alice')}: nobody had enabled it.")
        assert terminal.end() == 1, terminal.written
    assert not shop.orphans() and not shop.devices("alice")


@PLACES
def test_a_closed_window_deletes_the_device(shop, prompt):
    with shop.enrolling("alice") as terminal:
        reach(terminal, prompt)
        assert terminal.vanish() == 1
    assert not shop.orphans() and not shop.devices("alice")


@PLACES
def test_the_end_of_what_is_typed_deletes_the_device(shop, prompt):
    with shop.enrolling("alice") as terminal:
        reach(terminal, prompt)
        terminal.end_input()
        terminal.expect("standard input ended")
        assert terminal.end() == 1, terminal.written
    assert not shop.orphans()


@PLACES
def test_what_a_kill_leaves_is_offered_for_deletion_at_the_next_start(shop, prompt):
    with shop.enrolling("alice") as terminal:
        reach(terminal, prompt)
        terminal.kill()
    assert shop.orphans() == [serial("alice")] and not shop.devices("alice")
    with shop.enrolling("alice") as terminal:
        terminal.expect(f"An earlier enrolment left {serial('alice')}: nobody has enabled it.")
        terminal.answer("Delete it?", "y")
        terminal.expect(f"Deleted {serial('alice')}")
        give(terminal, *pair(app_of(terminal)))
        assert terminal.end() == 0, terminal.written
    assert shop.devices("alice") == [serial("alice")] and not shop.orphans()
    assert [it for it in shop.asked() if it[0] == "DeleteVirtualMFADevice"] == [("DeleteVirtualMFADevice", "200")]


@pytest.mark.parametrize("answer", ["n", "", "maybe"])
def test_what_an_earlier_enrolment_left_stays_without_a_clear_yes(shop, answer):
    with shop.enrolling("alice") as terminal:
        reach(terminal, FIRST)
        terminal.kill()
    with shop.enrolling("alice") as terminal:
        terminal.answer("[y/N] ", answer)
        give(terminal, *pair(app_of(terminal)))
        assert terminal.end() == 0, terminal.written
    assert shop.devices("alice") == [serial("alice-2")]
    assert shop.orphans() == [serial("alice")]


# AWS does at once what the call says, and its answer does not come.
UNANSWERED = """
[[fault]]
action = "iam:{operation}"
times = 1
kind = {{ delay = {{ ms = {ms} }} }}
"""
NEVER = 3_600_000

DENIED = """
[[fault]]
action = "iam:DeleteVirtualMFADevice"
kind = { deny = { policy = "service-control" } }
"""


def unanswered(folder, operation, ms=NEVER):
    """Serves the organization, in which the first answer to an operation comes late."""
    return shop_in(folder, UNANSWERED.format(operation=operation, ms=ms))


def wait_for(condition):
    """Asks again and again until something is so."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it never is so"


def test_a_kill_while_the_device_is_made_leaves_one_that_is_offered_for_deletion(tmp_path):
    with unanswered(tmp_path, "CreateVirtualMFADevice") as shop:
        with shop.enrolling("alice") as terminal:
            wait_for(shop.orphans)
            terminal.kill()
        assert not shop.devices("alice")
        with shop.enrolling("alice") as terminal:
            terminal.answer("Delete it?", "y")
            give(terminal, *pair(app_of(terminal)))
            assert terminal.end() == 0, terminal.written
        assert shop.devices("alice") == [serial("alice")] and not shop.orphans()


def test_a_kill_while_the_codes_are_checked_leaves_the_device_enabled_and_not_half(tmp_path):
    with unanswered(tmp_path, "EnableMFADevice") as shop:
        with shop.enrolling("alice") as terminal:
            app = app_of(terminal)
            give(terminal, *pair(app))
            wait_for(lambda: shop.devices("alice"))
            terminal.kill()
        assert not shop.orphans()
        # The app that scanned the code is the device: it opens a session, and nothing is offered for deletion.
        with shop.enrolling("alice") as terminal:
            terminal.answer(f"The code that {serial('alice')} shows now: ", app.now())
            terminal.expect(FIRST)
            terminal.interrupt()
            assert terminal.end() == 1
        assert "An earlier enrolment" not in terminal.written
        assert shop.devices("alice") == [serial("alice")] and not shop.orphans()


def test_ctrl_c_while_the_device_is_made_deletes_it_once_its_answer_is_there(tmp_path):
    with unanswered(tmp_path, "CreateVirtualMFADevice", ms=1000) as shop:
        with shop.enrolling("alice") as terminal:
            wait_for(shop.orphans)
            terminal.interrupt()
            terminal.expect(f"Deleted {serial('alice')}")
            assert terminal.end() == 1, terminal.written
        assert not shop.orphans() and not shop.devices("alice")


def test_ctrl_c_after_aws_took_the_codes_says_that_the_device_is_enabled(tmp_path):
    with unanswered(tmp_path, "EnableMFADevice") as shop:
        with shop.enrolling("alice") as terminal:
            give(terminal, *pair(app_of(terminal)))
            wait_for(lambda: shop.devices("alice"))
            terminal.interrupt()
            terminal.expect("is enabled: AWS took the codes in the end")
            terminal.expect(f"alice has the device {serial('alice')} since ")
            assert terminal.end() == 0, terminal.written
        assert shop.devices("alice") == [serial("alice")] and not shop.orphans()


def test_what_cannot_be_deleted_is_named_with_the_command_that_deletes_it(tmp_path):
    with shop_in(tmp_path, DENIED) as shop:
        with shop.enrolling("alice") as terminal:
            reach(terminal, FIRST)
            terminal.interrupt()
            terminal.expect(f"{serial('alice')} could not be deleted (AccessDenied)")
            terminal.expect(f"aws iam delete-virtual-mfa-device --serial-number '{serial('alice')}'")
            assert terminal.end() == 1, terminal.written
        assert shop.orphans() == [serial("alice")]
