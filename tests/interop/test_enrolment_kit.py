"""What a remediation kit tells people to do leads to where it says, under the policy that lies in it."""

import pytest
from enrolling import SECOND, app_of, pair, serial, shop


@pytest.fixture
def policy(mfaudit, tmp_path) -> str:
    """The policy of a kit for the demo's failures."""
    report, kit = tmp_path / "report.json", tmp_path / "kit"
    finished = mfaudit.run("demo", "--format", f"json={report}")
    assert finished.exit == 0, str(finished)
    finished = mfaudit.run("remediate", report, "--output", kit)
    assert finished.exit == 0, str(finished)
    return (kit / "self-manage-mfa-policy.json").read_text(encoding="utf-8")


def test_a_person_enrols_under_the_kit_s_policy_and_does_all_else_with_mfa(policy, tmp_path):
    folder = tmp_path / "shop"
    folder.mkdir()
    with shop(folder, policy=policy) as it:
        own = ("iam", "get-account-summary")
        code, message = it.aws("alice").refusal(*own)
        assert code == "AccessDenied" and "explicit deny" in message
        with it.enrolling("alice") as terminal:
            app = app_of(terminal)
            first, second = pair(app)
            terminal.type(first)
            terminal.answer(SECOND, second)
            assert terminal.end() == 0, terminal.written
        assert it.devices("alice") == [serial("alice")]

        # The access key alone is no more than it was; a session that was opened with the device is.
        assert it.aws("alice").refusal(*own)[0] == "AccessDenied"
        asked = ["sts", "get-session-token", "--serial-number", serial("alice"), "--token-code", second]
        session = it.aws("alice").answer(*asked)["Credentials"]
        assert it.aws("alice").with_credentials(session).answer(*own)["SummaryMap"]


def test_an_enrolment_that_is_given_up_under_the_kit_s_policy_tells_who_may_delete_what_is_left(policy, tmp_path):
    folder = tmp_path / "shop"
    folder.mkdir()
    with shop(folder, policy=policy) as it:
        with it.enrolling("alice") as terminal:
            app_of(terminal)
            terminal.interrupt()
            terminal.expect(f"aws iam delete-virtual-mfa-device --serial-number '{serial('alice')}'")
            assert terminal.end() == 1, terminal.written
        assert (it.devices("alice"), it.orphans()) == ([], [serial("alice")])
