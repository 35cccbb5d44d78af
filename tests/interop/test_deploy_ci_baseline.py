"""What `mfaudit-ci` takes for known: which runs become the baseline, and what a baseline remembers."""

import json
import tarfile

import pytest
from deploying import DEPLOY
from test_deploy_ci import ci as ci  # noqa: PLC0414
from test_deploy_ci import here as here  # noqa: PLC0414

# Judges IAM users alone, of whom everything can be seen.
USERS = ("--rule", "iam-user-console-mfa")


@pytest.fixture
def baseline(tmp_path):
    return tmp_path / "kept" / "baseline.json"


@pytest.fixture
def run(ci, baseline):
    """Runs the recipe with a baseline."""

    def start(*arguments, **variables):
        return ci(*arguments, **{"MFAUDIT_CI_BASELINE": str(baseline)} | variables)

    start.folder = ci.folder
    return start


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def failures(path):
    return {it["id"]: it for it in read(path)["findings"] if it["status"] == "fail"}


def bundled(folder):
    """Returns what the evidence bundle says of itself."""
    with tarfile.open(folder / "private" / "evidence.tar") as archive:
        [name] = [it for it in archive.getnames() if it.endswith("manifest.json")]
        return json.load(archive.extractfile(name))


def test_a_baseline_holds_what_was_accepted_and_nothing_newer(run, baseline):
    finished = run()
    assert finished.exit == 3 and "no baseline yet" in finished.err
    assert not baseline.exists(), "a run that closed the gate became the baseline"
    assert run(MFAUDIT_CI_ACCEPT="true").exit == 3
    accepted = failures(baseline)
    assert accepted and baseline.stat().st_mode & 0o077 == 0
    finished = run()
    assert finished.exit == 0, "what was accepted closes the gate"
    assert "mfaudit-ci ends with 0" in finished.err
    assert "no baseline yet" not in finished.err
    assert set(failures(baseline)) == set(accepted)
    assert not list(baseline.parent.glob("*.new"))


def test_the_baseline_names_people_whatever_reports_tell(run, baseline):
    run(MFAUDIT_CI_ACCEPT="true", MFAUDIT_CI_REDACT="all")
    assert not [it for it in failures(baseline).values() if "/name-" in it["principal_arn"]]
    assert run(MFAUDIT_CI_REDACT="all").exit == 0


def test_what_is_out_of_sight_for_a_run_stays_accepted_and_as_old_as_it_was(run, baseline):
    run(*USERS, MFAUDIT_CI_ACCEPT="true")
    accepted = failures(baseline)
    account = next(iter(accepted.values()))["account_id"]
    assert run(*USERS).exit == 0
    first_seen = {id: it["first_seen"] for id, it in failures(baseline).items()}
    assert set(first_seen) == set(accepted) and all(first_seen.values())
    assert run(*USERS, "--exclude-account", account).exit == 0
    assert set(failures(baseline)) < set(accepted), "the account is still in sight"
    finished = run(*USERS)
    assert finished.exit == 0, "what was accepted before the account was out of sight closes the gate"
    assert {id: it["first_seen"] for id, it in failures(baseline).items()} == first_seen


def test_a_snapshot_that_was_the_baseline_is_taken_and_replaced_by_a_report(run, baseline, ci):
    ci(*USERS)
    baseline.parent.mkdir()
    baseline.write_bytes((ci.folder / "private" / "run.mfaudit").read_bytes())
    assert run(*USERS).exit == 0
    assert failures(baseline)


@pytest.mark.parametrize("text", [b"", b'{"schema_version": 1', b"(\xb5/\xfd cut"], ids=["empty", "cut", "broken"])
def test_a_baseline_that_cannot_be_used_stops_the_job_until_it_is_accepted_anew(run, baseline, text):
    baseline.parent.mkdir()
    baseline.write_bytes(text)
    assert run(*USERS).exit == 1
    assert baseline.read_bytes() == text
    finished = run(*USERS, MFAUDIT_CI_ACCEPT="true")
    assert finished.exit == 3 and "begun anew" in finished.err, str(finished)
    assert run(*USERS).exit == 0


@pytest.mark.parametrize("place", ["private", "reports", "private/deeper", "../out/reports"])
def test_a_baseline_that_each_job_would_delete_is_refused(ci, place):
    folder = ci.folder / place
    folder.mkdir(parents=True)
    (folder / "baseline.json").write_text("kept")
    finished = ci(MFAUDIT_CI_BASELINE=str(folder / "baseline.json"))
    assert finished.exit == 2 and "must not be in" in finished.err, str(finished)
    assert (folder / "baseline.json").read_text() == "kept"


@pytest.mark.parametrize("place", ["s3://audits/baseline.json", "folder"])
def test_a_baseline_that_is_no_file_is_refused_before_the_audit(ci, tmp_path, place):
    if "://" not in place:
        place = tmp_path / place
        place.mkdir()
    finished = ci(MFAUDIT_CI_BASELINE=str(place))
    assert finished.exit == 2 and "it must be a file" in finished.err, str(finished)
    assert not (ci.folder / "private").exists()


@pytest.mark.parametrize("by", ["option", "configuration"])
def test_an_exit_code_that_is_always_0_moves_no_baseline_over_a_closed_gate(run, baseline, by, tmp_path):
    arguments = ["--exit-zero"]
    if by == "configuration":
        (tmp_path / "mfaudit.toml").write_text("[gate]\nexit-zero = true\n", encoding="utf-8")
        arguments = []
    assert run(*arguments).exit == 0
    assert not baseline.exists(), "what nobody accepted became known"
    assert run(*arguments, "--fail-on=critical", *USERS).exit == 0
    assert baseline.exists(), "a run that closes no gate is the baseline"


def test_whether_to_accept_is_said_in_words_that_are_known(run):
    for it in ("yes", "True", "1"):
        finished = run(MFAUDIT_CI_ACCEPT=it)
        assert finished.exit == 2 and "MFAUDIT_CI_ACCEPT" in finished.err
    assert run(*USERS, MFAUDIT_CI_ACCEPT="false").exit == 3


def test_nobody_is_told_twice(run, baseline, tmp_path):
    """The baseline's report is of the same run: it needs no secret, and sends nothing."""
    (tmp_path / "mfaudit.toml").write_text('[[notify]]\nbody = "slack"\nurl-env = "NOT_SET"\n', encoding="utf-8")
    finished = run("--no-notify", *USERS, MFAUDIT_CI_ACCEPT="true")
    assert finished.exit == 3 and baseline.exists(), str(finished)


def test_the_baseline_and_the_evidence_are_judged_as_the_run_was(run, baseline, here, tmp_path):
    (tmp_path / "other.toml").write_text('[rules.iam-user-console-mfa]\nseverity = "low"\n', encoding="utf-8")
    before = len(here.calls())
    arguments = ["--config", str(tmp_path / "other.toml"), *USERS, "--concurrency", "7", "--fail-on=low"]
    judging = ["--config", str(tmp_path / "other.toml"), *USERS, "--fail-on=low"]
    new_rules = ["--fail-on-new-rules", "yes"]

    def handed_on():
        audit, bundle, evaluate = here.calls()[before:]
        assert [it[0] for it in (audit, bundle, evaluate)] == ["audit", "bundle", "evaluate"]
        assert bundle[-len(judging) :] == judging
        return audit, evaluate

    # Of new rules nobody can speak where there is no baseline yet.
    assert run(*arguments, *new_rules, MFAUDIT_CI_ACCEPT="true").exit == 3
    audit, evaluate = handed_on()
    assert audit[-len(arguments) :] == arguments and evaluate[-len(judging) :] == judging
    assert bundled(run.folder)["judged"]["exit_code"] == 3
    assert {it["severity"] for it in failures(baseline).values()} == {"low"}

    before = len(here.calls())
    assert run(*arguments, *new_rules).exit == 0
    audit, evaluate = handed_on()
    assert audit[-len(arguments) - 2 :] == [*arguments, *new_rules] and evaluate[-len(judging) - 2 :] == [*judging, *new_rules]


def test_the_script_asks_for_the_options_that_there_are():
    """What it hands on is what the commands take."""
    text = (DEPLOY / "generic" / "mfaudit-ci").read_text(encoding="utf-8")
    for option in ("--config", "--ruleset", "--rule", "--skip-rule", "--framework", "--fail-on", "--min-coverage"):
        assert f"*:{option} " in text and f"*:{option}=" in text, option
