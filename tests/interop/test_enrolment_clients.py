"""The AWS command line follows the tutorial against the simulator, and the program enrols at moto: both end alike."""

import re

import pyotp
import pytest
from enrolling import ACCOUNT, RULE, app_of, give, pair, serial
from harness import ENROLL_BINARY, SCRIPTS, environment, run, serving
from moto_organization import aws_environment, client
from PIL import Image

# What differs between two devices that were enrolled in the same way.
OWN = ("UserName", "SerialNumber", "EnableDate")


def create(name, file, method):
    return (
        *("iam", "create-virtual-mfa-device", "--virtual-mfa-device-name", name),
        *("--outfile", str(file), "--bootstrap-method", method),
    )


def enable(user, name, codes):
    first, second = codes
    return (
        *("iam", "enable-mfa-device", "--user-name", user, "--serial-number", serial(name)),
        *("--authentication-code1", first, "--authentication-code2", second),
    )


def done(shop, user, *arguments):
    """Runs an AWS command that prints nothing, which must succeed."""
    finished = run([SCRIPTS / "aws", *arguments], shop.env(user))
    assert finished.exit == 0, str(finished)


def enrol_by_tutorial(shop, user):
    """Follows the tutorial: two commands and an app."""
    file = shop.folder / "work" / "seed"
    name = f"{user}-mfa"
    made = shop.aws(user).answer(*create(name, file, "Base32StringSeed"))
    assert made["VirtualMFADevice"] == {"SerialNumber": serial(name)}
    app = pyotp.TOTP(file.read_text(encoding="ascii"))
    done(shop, user, *enable(user, name, pair(app)))
    return name


def enrol_by_program(shop, user):
    with shop.enrolling(user) as terminal:
        give(terminal, *pair(app_of(terminal)))
        assert terminal.end() == 0, terminal.written
    return user


def test_the_tutorial_s_two_commands_end_as_the_program_does(shop, mfaudit):
    names = {"alice": enrol_by_program(shop, "alice"), "carol": enrol_by_tutorial(shop, "carol")}
    listed = {}
    for user, name in names.items():
        [device] = shop.aws(user).answer("iam", "list-mfa-devices", "--user-name", user)["MFADevices"]
        assert (device["UserName"], device["SerialNumber"]) == (user, serial(name))
        listed[user] = {key: value for key, value in device.items() if key not in OWN}, device.keys()
    assert listed["alice"] == listed["carol"]
    virtual = shop.iam.list_virtual_mfa_devices(AssignmentStatus="Assigned")["VirtualMFADevices"]
    owners = {it["SerialNumber"]: it["User"]["UserName"] for it in virtual}
    assert {serial(name): user for user, name in names.items()}.items() <= owners.items()
    assert not shop.orphans()
    statuses = mfaudit.report("audit", env=shop.simulated.env).of_rule(RULE)
    for user in names:
        assert statuses[ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/{user}"] == "pass"


def test_the_tutorial_s_picture_is_a_png(shop):
    file = shop.folder / "work" / "qr.png"
    shop.aws("carol").answer(*create("carol-mfa", file, "QRCodePNG"))
    # The simulator's has no code in it; the program draws its own and does not need AWS's.
    with Image.open(file) as image:
        assert image.format == "PNG"
    assert shop.orphans() == [serial("carol-mfa")]


def test_codes_of_another_device_are_refused_to_the_command_line_as_to_the_program(shop):
    shop.aws("carol").answer(*create("carol-mfa", shop.folder / "work" / "seed", "Base32StringSeed"))
    other = pyotp.TOTP(pyotp.random_base32())
    code, message = shop.aws("carol").refusal(*enable("carol", "carol-mfa", pair(other)))
    assert code == "InvalidAuthenticationCode"
    finished = shop.run("carol", "--serial", serial("carol-mfa"), "--codes", *pair(other))
    assert finished.exit == 1
    told = " ".join(finished.err.split())
    assert code in told and message.rstrip(".") in told, str(finished)
    assert shop.orphans() == [serial("carol-mfa")], "a device that was there before is not deleted"


def test_a_device_of_the_command_line_is_enabled_by_the_program(shop):
    file = shop.folder / "work" / "seed"
    shop.aws("carol").answer(*create("carol-mfa", file, "Base32StringSeed"))
    app = pyotp.TOTP(file.read_text(encoding="ascii"))
    finished = shop.run("carol", "--serial", serial("carol-mfa"), "--codes", *pair(app))
    assert finished.exit == 0, str(finished)
    assert shop.devices("carol") == [serial("carol-mfa")] and not shop.orphans()


@pytest.fixture
def moto(tmp_path):
    """A user of moto with an access key, as (the user's environment, IAM as the administrator)."""
    command = [SCRIPTS / "moto_server", "-H", "127.0.0.1", "-p", "0"]
    with serving(command, environment(tmp_path), ready="Running on ") as lines:
        endpoint = lines[-1].split("Running on ")[1].strip()
        iam = client("iam", endpoint)
        iam.create_user(UserName="alice")
        key = iam.create_access_key(UserName="alice")["AccessKey"]
        mine = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
        yield environment(tmp_path, aws_environment(endpoint) | mine), iam


def test_moto_makes_enables_and_lists_a_device(moto, tmp_path):
    env, iam = moto

    def enroll(*arguments):
        return run([ENROLL_BINARY, *arguments], env, tmp_path)

    # moto takes any codes, and its users may do everything.
    finished = enroll("--codes", "123456", "654321")
    assert finished.exit == 0, f"{finished}\n{finished.out}"
    [device] = iam.list_mfa_devices(UserName="alice")["MFADevices"]
    number = device["SerialNumber"]
    assert re.fullmatch(r"arn:aws:iam::\d{12}:mfa/alice", number)
    assert f"alice has the device {number} since " in finished.out
    [virtual] = iam.list_virtual_mfa_devices()["VirtualMFADevices"]
    assert virtual["SerialNumber"] == number and virtual["User"]["UserName"] == "alice"

    listed = enroll("devices")
    assert listed.exit == 0, str(listed)
    _, row = listed.out.splitlines()
    assert row.endswith(number)
    orphans = enroll("remove-orphans")
    assert orphans.exit == 0 and "No virtual device" in orphans.out, str(orphans)


def test_moto_s_orphan_is_found_and_deleted(moto, tmp_path):
    env, iam = moto
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName="alice")["VirtualMFADevice"]["SerialNumber"]
    listed = run([ENROLL_BINARY, "remove-orphans"], env, tmp_path)
    assert listed.exit == 0 and listed.out.splitlines() == [made], str(listed)
    assert iam.list_virtual_mfa_devices(AssignmentStatus="Unassigned")["VirtualMFADevices"]
    removed = run([ENROLL_BINARY, "remove-orphans", "--yes"], env, tmp_path)
    assert removed.exit == 0, str(removed)
    assert not iam.list_virtual_mfa_devices()["VirtualMFADevices"]
