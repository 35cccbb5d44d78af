"""What the systemd units run."""

import re
import shlex

import pytest
from deploying import DEPLOY, place, relocated

UNITS = DEPLOY / "systemd"


def directives(*names):
    """Returns what a unit and its drop-ins say: section and directive to the values in their order."""
    found = {}
    for name in names:
        section = None
        for line in (UNITS / name).read_text(encoding="utf-8").splitlines():
            if line.startswith("["):
                section = line.strip("[]")
            elif line and line[0] != "#":
                key, _, value = line.partition("=")
                found.setdefault((section, key), []).append(value)
    return found


def commands(said, directive):
    for it in said["Service", directive]:
        program, *arguments = shlex.split(it)
        assert program == "/usr/local/bin/mfaudit"
        yield arguments


@pytest.fixture
def here(tmp_path):
    with place(tmp_path) as it:
        yield it


def test_the_service_audits_into_its_state_folder(here, tmp_path):
    said = directives("mfaudit.service")
    state = tmp_path / "state"
    (state / "mfaudit").mkdir(parents=True)
    [arguments] = [relocated(it, {"%S": state}) for it in commands(said, "ExecStart")]
    assert not [it for it in arguments if re.search(r"%\w", it)], "a specifier that this test does not know"
    for _ in range(2):
        # Every day the same command, over what the day before has left.
        finished = here.mfaudit(*arguments)
        assert finished.exit == 3, str(finished)
        reports = state / "mfaudit" / "reports"
        assert {it.name for it in reports.iterdir()} == {"report.html", "report.json", "report.prom"}
        assert (state / "mfaudit" / "run.mfaudit").is_file()


def test_the_state_folder_is_the_one_that_systemd_makes():
    said = directives("mfaudit.service")
    assert said["Service", "StateDirectory"] == ["mfaudit"]
    assert said["Service", "StateDirectoryMode"] == ["0700"]
    assert "%S/mfaudit/" in said["Service", "ExecStart"][0]
    assert "TMPDIR=%S/mfaudit" in said["Service", "Environment"], "a temporary file may count as memory"


def test_publishing_has_the_time_that_it_takes():
    said = directives("mfaudit.service.d/history.conf")
    assert ("Service", "ExecStopPost") in said and said["Service", "TimeoutStopSec"] == ["30min"]


def test_credentials_of_a_file_are_handed_over_by_systemd(here, tmp_path):
    said = directives("mfaudit.service.d/credentials.conf")
    [credential] = said["Service", "LoadCredential"]
    name, source = credential.split(":")
    assert source.startswith("/etc/mfaudit/")
    [variable] = said["Service", "Environment"]
    variable, path = variable.split("=")
    assert path == f"%d/{name}"
    given = tmp_path / "credentials" / name
    given.parent.mkdir()
    key, secret = here.env["AWS_ACCESS_KEY_ID"], here.env["AWS_SECRET_ACCESS_KEY"]
    given.write_text(f"[default]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n", encoding="utf-8")
    env = {it: value for it, value in here.env.items() if not it.startswith(("AWS_ACCESS", "AWS_SECRET"))}
    here.env = env
    assert here.mfaudit("audit", "--account", "self", "--exit-zero").exit == 1, "there are credentials already"
    finished = here.mfaudit("audit", "--account", "self", "--exit-zero", env={variable: str(given)})
    assert finished.exit == 0, str(finished)


def test_the_timer_starts_the_service_every_day_and_after_the_machine_was_off():
    said = directives("mfaudit.timer")
    assert said["Timer", "OnCalendar"] == ["*-*-* 05:00:00"]
    assert said["Timer", "Persistent"] == ["yes"]
    assert said["Install", "WantedBy"] == ["timers.target"]
    assert ("Timer", "Unit") not in said, "it starts the service of its name"
