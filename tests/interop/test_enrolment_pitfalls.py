"""What cannot work is said in words, with the next step, and leaves nothing behind."""

import pytest
from enrolling import ACCOUNT, FIRST, app_of, give, pair, serial
from enrolling import shop as shop_in

# Who refuses, and by what words that is known.
DENIED = """
[[fault]]
action = "{action}"
kind = {{ deny = {{ policy = "{policy}" }} }}
"""


def words(finished):
    """Returns what a program said, as one line."""
    return " ".join((finished.out + finished.err).split())


def assert_nothing_was_made(shop):
    assert not shop.orphans()
    assert ("CreateVirtualMFADevice", "200") not in shop.asked()


def test_whoever_may_do_nothing_is_told_the_action_that_is_missing(shop):
    finished = shop.run("dave")
    assert finished.exit == 1, str(finished)
    told = words(finished)
    assert "no identity-based policy allows iam:CreateVirtualMFADevice" in told, told
    assert "`mfaudit-enroll policy` prints the statement" in told
    # What could not be seen beforehand is said to be so.
    assert "iam:SimulatePrincipalPolicy is not allowed" in told and "iam:ListMFADevices is not allowed" in told
    assert_nothing_was_made(shop)


@pytest.mark.parametrize(
    ("policy", "who"),
    [
        ("identity-deny", "is denied by the identity-based policy"),
        ("service-control", "is denied by the service control policy"),
        ("boundary", "no permissions boundary allows"),
    ],
)
def test_a_denial_names_the_action_and_the_kind_of_policy(tmp_path, policy, who):
    with shop_in(tmp_path, DENIED.format(action="iam:CreateVirtualMFADevice", policy=policy)) as shop:
        finished = shop.run("alice")
        assert finished.exit == 1, str(finished)
        told = words(finished)
        assert who in told and "iam:CreateVirtualMFADevice" in told, told
        assert_nothing_was_made(shop)


def test_the_root_user_is_shown_the_way_through_the_console(shop):
    finished = shop.run("alice", "--root")
    assert finished.exit == 2, str(finished)
    told = words(finished)
    assert "root" in told and ACCOUNT in told and "console.aws.amazon.com" in told
    assert_nothing_was_made(shop)


def test_a_passkey_is_shown_the_way_through_the_console(shop):
    finished = shop.run("alice", "--passkey")
    assert finished.exit == 2, str(finished)
    told = words(finished)
    assert "passkey" in told and "alice" in told and "console.aws.amazon.com" in told
    assert_nothing_was_made(shop)


def test_a_ninth_device_is_refused_before_anything_is_made(shop):
    finished = shop.run("erin")
    assert finished.exit == 1, str(finished)
    assert "erin has 8 MFA devices, and AWS allows 8 (LimitExceeded)" in words(finished)
    assert_nothing_was_made(shop)


def test_a_name_that_is_taken_is_told_with_one_that_is_free(shop):
    finished = shop.run("alice", "--name", "BOB")
    assert finished.exit == 1, str(finished)
    told = words(finished)
    assert f"(EntityAlreadyExists): {serial('bob')}" in told and "--name alice" in told
    assert_nothing_was_made(shop)


def test_a_user_that_does_not_exist_is_told(shop):
    finished = shop.run("alice", "--user", "nobody")
    assert finished.exit == 1, str(finished)
    # Whoever may see only their own user is not told whether there is another.
    assert "nobody" in words(finished)
    assert_nothing_was_made(shop)


def test_a_wrong_code_opens_no_session(shop):
    finished = shop.run("bob", "--mfa-serial", serial("bob"), "--mfa-code", "000000")
    assert finished.exit == 1, str(finished)
    assert "the code is not the one that this device shows now" in words(finished)
    assert_nothing_was_made(shop)


def test_the_same_code_twice_on_the_command_line_is_told_before_aws_is_asked(shop):
    finished = shop.run("alice", "--codes", "123456", "123 456")
    assert finished.exit == 2, str(finished)
    assert "both codes are the same" in words(finished)
    assert not shop.asked()


# Far from AWS's time, requests are signed with AWS's, once its answers have told it.
@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (180, "3 minutes behind"),
        (-180, "3 minutes ahead of"),
        (9 * 3600, "9 hours behind"),
        (-9 * 3600, "9 hours ahead of"),
    ],
)
def test_a_clock_of_this_machine_that_is_off_is_told_and_does_not_matter_to_a_phone(tmp_path, seconds, told):
    with shop_in(tmp_path, skew=seconds) as shop:
        with shop.enrolling("alice") as terminal:
            terminal.expect(f"this machine's is {told} AWS's")
            # The phone's clock is right.
            give(terminal, *pair(app_of(terminal), seconds))
            assert terminal.end() == 0, terminal.written
        assert "The clock of the device" not in terminal.written
        assert ("EnableMFADevice", "200") in shop.asked()


def test_ctrl_c_at_the_question_about_an_orphan_makes_and_deletes_nothing(shop):
    with shop.enrolling("alice") as terminal:
        terminal.expect(FIRST)
        terminal.kill()
    with shop.enrolling("alice") as terminal:
        terminal.expect("Delete it?")
        terminal.interrupt()
        assert terminal.end() != 0
    assert shop.orphans() == [serial("alice")]
    assert [it[0] for it in shop.asked()].count("CreateVirtualMFADevice") == 1
