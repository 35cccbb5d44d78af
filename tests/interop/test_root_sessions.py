"""The AWS command line has sessions of members' root users from the simulator, and sees in them what AWS shows."""

from datetime import datetime, timezone

import pytest
from harness import WORLDS
from simulated import CommandLine, account_of, simulation, world

MANAGEMENT = "111111111111"
MEMBER = "222222222222"
CLEAN = "333333333333"
FEATURES = 'features = ["RootCredentialsManagement"]'
TASK = "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"
CALLER = f"arn:aws:iam::{MANAGEMENT}:user/mfaudit"


def written(time):
    """Returns a point in time as AWS writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def assume_root(target, task=TASK):
    return "sts", "assume-root", "--target-principal", target, "--task-policy-arn", f"arn={task}"


@pytest.fixture(scope="module")
def described():
    return world("root.toml")


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    with simulation(tmp_path_factory.mktemp("simulator"), "--world", WORLDS / "root.toml") as it:
        yield it


@pytest.fixture(scope="module")
def aws(simulated, tmp_path_factory):
    """The command line as the caller, a user in the management account."""
    return CommandLine(simulated, tmp_path_factory.mktemp("cli"))


@pytest.fixture(scope="module")
def root(aws):
    """The command line in a session of the root user that has every kind of credential."""
    return aws.with_credentials(aws.answer(*assume_root(MEMBER))["Credentials"])


@pytest.fixture(scope="module")
def clean(aws):
    """The command line in a session of the root user that has no credentials."""
    return aws.with_credentials(aws.answer(*assume_root(CLEAN))["Credentials"])


@pytest.fixture(scope="module")
def role(aws, simulated):
    """The command line in a session of the audit role of the member."""
    return aws.with_credentials(simulated.enter(MEMBER))


@pytest.mark.parametrize("target", [MEMBER, f"arn:aws:iam::{MEMBER}:root"])
def test_a_root_session_is_had_by_the_account_or_its_root_user(aws, target):
    answer = aws.answer(*assume_root(target))
    assert answer.keys() == {"Credentials"}
    credentials = answer["Credentials"]
    assert credentials.keys() == {"AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"}
    left = datetime.fromisoformat(credentials["Expiration"]) - datetime.now(timezone.utc)
    assert 600 < left.total_seconds() <= 905, "a session lasts a quarter of an hour"
    identity = aws.with_credentials(credentials).answer("sts", "get-caller-identity")
    assert identity == {"Account": MEMBER, "UserId": MEMBER, "Arn": f"arn:aws:iam::{MEMBER}:root"}


def test_a_shorter_session_can_be_asked_for_and_a_longer_one_not(aws):
    credentials = aws.answer(*assume_root(MEMBER), "--duration-seconds", "300")["Credentials"]
    left = datetime.fromisoformat(credentials["Expiration"]) - datetime.now(timezone.utc)
    assert left.total_seconds() <= 305
    code, _ = aws.refusal(*assume_root(MEMBER), "--duration-seconds", "901")
    assert code == "ValidationError"


def test_the_password_of_a_root_user_has_a_date_and_no_name(root, described):
    changed = account_of(described, MEMBER)["root"]["password"]["last-changed"]
    profile = root.answer("iam", "get-login-profile")["LoginProfile"]
    assert profile.pop("CreateDate") == written(changed)
    assert profile == {"PasswordResetRequired": False}


def test_the_devices_of_a_root_user_tell_their_kind_by_their_serial(root, described):
    devices = root.answer("iam", "list-mfa-devices")["MFADevices"]
    virtual, fido, hardware = (it["SerialNumber"] for it in devices)
    assert virtual == f"arn:aws:iam::{MEMBER}:mfa/GoogleAuth"
    assert fido.startswith(f"arn:aws:iam::{MEMBER}:u2f/root/safe-")
    assert hardware == "GAHT00000007"
    enabled = [written(it["enabled"]) for it in account_of(described, MEMBER)["root"]["mfa"]]
    assert [it["EnableDate"] for it in devices] == enabled


def test_a_root_user_has_keys_and_certificates(root):
    [key] = root.answer("iam", "list-access-keys")["AccessKeyMetadata"]
    assert (key["AccessKeyId"], key["Status"]) == ("AKIAROOTEXAMPLE00002", "Active")
    [certificate] = root.answer("iam", "list-signing-certificates")["Certificates"]
    assert certificate["Status"] == "Active" and certificate["CertificateId"]


def test_the_account_summary_tells_the_same_to_the_root_user_and_to_the_role(root, role):
    summary = root.answer("iam", "get-account-summary")["SummaryMap"]
    assert summary == role.answer("iam", "get-account-summary")["SummaryMap"]
    present = ("MFAEnabled", "PasswordPresent", "AccessKeysPresent", "SigningCertificatesPresent")
    assert [summary[f"Account{it}"] for it in present] == [1, 1, 1, 1]
    # The root user's and the user's.
    assert summary["MFADevicesInUse"] == 6


def test_a_root_user_without_credentials_has_none(clean):
    code, message = clean.refusal("iam", "get-login-profile")
    assert (code, message) == ("NoSuchEntity", "Login Profile for User null cannot be found.")
    assert clean.answer("iam", "list-access-keys")["AccessKeyMetadata"] == []
    assert clean.answer("iam", "list-signing-certificates")["Certificates"] == []
    assert clean.answer("iam", "list-mfa-devices")["MFADevices"] == []
    summary = clean.answer("iam", "get-account-summary")["SummaryMap"]
    assert {it for name, it in summary.items() if name.startswith("Account")} == {0}
    user = clean.answer("iam", "get-user")["User"]
    assert (user["UserId"], user["Arn"]) == (CLEAN, f"arn:aws:iam::{CLEAN}:root")


@pytest.mark.parametrize(
    "arguments",
    [
        ["list-virtual-mfa-devices"],
        ["list-users"],
        ["get-mfa-device", "--serial-number", f"arn:aws:iam::{MEMBER}:u2f/root/safe-EXAMPLE"],
        ["generate-credential-report"],
        ["get-login-profile", "--user-name", "alice"],
        ["list-mfa-devices", "--user-name", "alice"],
    ],
    ids=lambda it: " ".join(it[:2]),
)
def test_a_root_session_is_for_the_root_user_s_own_credentials(root, arguments):
    code, message = root.refusal("iam", *arguments)
    assert code == "AccessDenied"
    operation = "".join(it.capitalize() for it in arguments[0].split("-")).replace("Mfa", "MFA")
    assert f"User: arn:aws:iam::{MEMBER}:root is not authorized to perform: iam:{operation} " in message


@pytest.mark.parametrize("target", [MANAGEMENT, "999999999999"], ids=["management", "stranger"])
def test_the_management_account_and_strangers_are_out_of_reach(aws, target):
    code, message = aws.refusal(*assume_root(target))
    assert code == "AccessDenied"
    resource = f"arn:aws:iam::{target}:root"
    assert message == f"User: {CALLER} is not authorized to perform: sts:AssumeRoot on resource: {resource}"


def test_a_member_has_no_session_of_another_s_root_user(role):
    code, message = role.refusal(*assume_root(CLEAN))
    assert code == "AccessDenied"
    assert "is not authorized to perform: sts:AssumeRoot" in message


def test_a_task_needs_the_feature_that_is_its_own(aws):
    task = TASK.replace("IAMAuditRootUserCredentials", "S3UnlockBucketPolicy")
    code, message = aws.refusal(*assume_root(MEMBER, task))
    assert code == "AccessDenied"
    assert message == "Root sessions feature is not enabled for your AWS Organization."


def test_the_features_of_the_organization_are_told_to_those_who_manage_them(aws, role):
    features = aws.answer("iam", "list-organizations-features")
    assert features == {"OrganizationId": "o-interop0002", "EnabledFeatures": ["RootCredentialsManagement"]}
    code, _ = role.refusal("iam", "list-organizations-features")
    assert code == "AccountNotManagementOrDelegatedAdministratorException"


@pytest.mark.parametrize(
    ("line", "enabled"),
    [("features = []", []), ('features = ["RootSessions"]', ["RootSessions"])],
    ids=["none", "other"],
)
def test_without_the_feature_a_session_is_refused_in_aws_words(tmp_path, line, enabled):
    text = (WORLDS / "root.toml").read_text(encoding="utf-8")
    assert FEATURES in text
    file = tmp_path / "world.toml"
    file.write_text(text.replace(FEATURES, line), encoding="utf-8")
    with simulation(tmp_path, "--world", file) as simulated:
        aws = CommandLine(simulated, tmp_path)
        assert aws.answer("iam", "list-organizations-features").get("EnabledFeatures", []) == enabled
        code, message = aws.refusal(*assume_root(MEMBER))
    assert code == "AccessDenied"
    assert message == "Root credentials management feature is not enabled for your AWS Organization."


def test_without_trusted_access_there_are_no_features(tmp_path):
    text = (WORLDS / "root.toml").read_text(encoding="utf-8")
    file = tmp_path / "world.toml"
    file.write_text(text.replace('trusted-services = ["iam.amazonaws.com"]\n', ""), encoding="utf-8")
    with simulation(tmp_path, "--world", file) as simulated:
        code, message = CommandLine(simulated, tmp_path).refusal("iam", "list-organizations-features")
    assert code == "ServiceAccessNotEnabledException"
    assert message.startswith("Trusted Access for IAM not enabled by organization of input account")


def test_a_security_key_tells_its_certifications_and_an_app_is_refused(role):
    devices = role.answer("iam", "list-mfa-devices", "--user-name", "alice")["MFADevices"]
    key, passkey, app = (it["SerialNumber"] for it in devices)
    told = role.answer("iam", "get-mfa-device", "--serial-number", key, "--user-name", "alice")
    assert told == {
        "UserName": "alice",
        "SerialNumber": key,
        "EnableDate": "2024-05-02T09:00:00Z",
        "Certifications": {"FIDO": "L1", "FIPS-140-2": "L2"},
    }
    uncertified = role.answer("iam", "get-mfa-device", "--serial-number", passkey)
    assert uncertified["UserName"] == "alice" and not uncertified.get("Certifications")
    code, message = role.refusal("iam", "get-mfa-device", "--serial-number", app, "--user-name", "alice")
    assert code == "ValidationError"
    assert message.startswith("The MFA device type is not supported.")
    missing = key.replace("yubikey", "nobodys")
    code, _ = role.refusal("iam", "get-mfa-device", "--serial-number", missing, "--user-name", "alice")
    assert code == "NoSuchEntity"
