"""What the CI recipes do, run as CI systems run it: gate, reports, redaction, evidence, baseline."""

import json

import pytest
from deploying import DEPLOY, VERDICTS, document, object_storage, place
from harness import environment, run

GENERIC = DEPLOY / "generic" / "mfaudit-ci"
ACTION = DEPLOY / "github-action"


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    with place(tmp_path_factory.mktemp("ci")) as it:
        yield it


@pytest.fixture
def ci(here, tmp_path):
    """Runs the generic recipe in a folder of its own."""

    def start(*arguments, **variables):
        env = here.env | {"MFAUDIT_CI_FOLDER": str(tmp_path / "out")} | variables
        return run([GENERIC, *arguments], env, tmp_path)

    start.folder = tmp_path / "out"
    return start


def test_the_job_ends_as_the_audit_does_and_keeps_everything(ci):
    finished = ci()
    assert finished.exit == 3, str(finished)
    reports = {it.name for it in (ci.folder / "reports").iterdir()}
    assert reports == {"report.json", "report.html", "junit.xml", "report.md", "report.sarif"}
    assert {it.name for it in (ci.folder / "private").iterdir()} == {"run.mfaudit", "evidence.tar", "redact.key"}
    for it in (ci.folder / "private").iterdir():
        assert it.stat().st_mode & 0o077 == 0, f"{it} is readable by others"


def test_a_job_that_closes_no_gate_passes(ci):
    assert ci("--exit-zero").exit == 0
    assert ci("--rule", "organization-root-sessions", "--fail-on", "critical").exit == 0


def users(folder):
    """Returns the names of the IAM users in a report."""
    findings = json.loads((folder / "reports" / "report.json").read_text(encoding="utf-8"))["findings"]
    found = {it["principal_arn"].rsplit("/", 1)[1] for it in findings if ":user/" in it["principal_arn"]}
    assert found
    return found


def test_reports_are_redacted_unless_asked_otherwise(ci):
    ci()
    assert all(it.startswith("name-") for it in users(ci.folder))
    ci(MFAUDIT_CI_REDACT="none")
    assert not any(it.startswith("name-") for it in users(ci.folder))


def test_the_same_key_makes_the_same_pseudonyms_and_is_in_no_output(ci):
    key = "mfaudit-redact-key-1 " + "ab" * 32
    finished = ci(MFAUDIT_CI_REDACT_KEY=key)
    first = users(ci.folder)
    ci(MFAUDIT_CI_REDACT_KEY=key)
    assert users(ci.folder) == first
    ci()
    assert users(ci.folder) != first
    assert "abab" not in finished.out + finished.err
    assert not [it for it in (ci.folder / "reports").iterdir() if "abab" in it.read_text()]


def test_what_is_wrong_is_told_and_nothing_of_an_earlier_job_is_left(ci):
    ci()
    finished = ci("--no-such-option")
    assert finished.exit == 2
    assert not list((ci.folder / "reports").iterdir()), "reports of the earlier job are left"
    assert ci(MFAUDIT_CI_REDACT="some").exit == 2
    assert ci(AWS_ENDPOINT_URL="http://127.0.0.1:1").exit == 1


def test_without_mfaudit_it_says_so(tmp_path):
    finished = run([GENERIC], environment(tmp_path), tmp_path)
    assert finished.exit == 2 and "no mfaudit on the PATH" in finished.err


def test_a_verdict_whose_evidence_cannot_be_kept_is_no_success(here, tmp_path):
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "mfaudit").write_text(f'#!/bin/sh\n[ "$1" = bundle ] && exit 1\nexec {here.folder}/bin/mfaudit "$@"\n')
    (programs / "mfaudit").chmod(0o755)
    env = here.env | {"PATH": f"{programs}:{here.env['PATH']}"}
    assert run([GENERIC, "--exit-zero"], env, tmp_path).exit == 1


# GitHub


class Runner:
    """A GitHub runner that has checked nothing out: files for outputs and the summary, and steps."""

    def __init__(self, here, folder):
        self._here, self._folder = here, folder
        self.outputs = {}
        self.folder = folder / "temp" / "mfaudit"
        (folder / "temp").mkdir()

    def step(self, step, **variables):
        output, summary = self._folder / "output", self._folder / "summary"
        output.write_text("")
        [script] = [it["run"] for it in document(ACTION / "action.yml")["runs"]["steps"] if it["name"] == step]
        env = self._here.env | {
            "GITHUB_ACTION_PATH": str(ACTION),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_PATH": str(self._folder / "path"),
            "GITHUB_REPOSITORY": "acme/audits",
            "RUNNER_TEMP": str(self._folder / "temp"),
            "RUNNER_OS": "Linux",
            "RUNNER_ARCH": "X64",
            "MFAUDIT_CI_FOLDER": str(self.folder),
        }
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        finished = run(command, env | variables, self._folder)
        self.outputs |= dict(it.split("=", 1) for it in output.read_text().splitlines())
        self.summary = summary.read_text() if summary.exists() else ""
        return finished


@pytest.fixture
def runner(here, tmp_path):
    return Runner(here, tmp_path)


def test_the_action_audits_tells_and_gates_at_the_end(runner, here):
    before = len(here.calls())
    finished = runner.step("Audit", ARGUMENTS="\n  --fail-on\n  high\n\n", MFAUDIT_CI_FORMATS="markdown,sarif")
    assert finished.exit == 0, "a step that fails would keep reports from being uploaded"
    assert runner.outputs == {"exit-code": "3", "baseline-moved": "false", "sarif": "true"}
    assert "name-" in runner.summary and "# " in runner.summary
    audit = here.calls()[before]
    assert audit[-2:] == ["--fail-on", "high"] and "--redact" in audit
    assert runner.step("Gate", CODE=runner.outputs["exit-code"]).exit == 3
    assert [runner.step("Gate", CODE=it).exit for it in ("0", "4", "1", "")] == [0, 4, 1, 1]


def test_a_summary_without_a_page_says_where_the_reports_are(runner):
    finished = runner.step("Audit", ARGUMENTS="", MFAUDIT_CI_FORMATS="json", SARIF="false")
    assert finished.exit == 0 and runner.outputs["exit-code"] == "3"
    assert "ended with 3: its reports are an artifact" in runner.summary and "before it wrote" not in runner.summary


def test_code_scanning_without_its_report_is_a_mistake(runner, here):
    before = len(here.calls())
    finished = runner.step("Audit", ARGUMENTS="", MFAUDIT_CI_FORMATS="json,html", SARIF="true")
    assert finished.exit == 2 and "::error::" in finished.out
    assert len(here.calls()) == before, "the audit ran in vain"
    assert runner.step("Audit", ARGUMENTS="", MFAUDIT_CI_FORMATS="json,sarif", SARIF="true").exit == 0


def test_an_argument_is_never_a_command(runner, tmp_path):
    finished = runner.step("Audit", ARGUMENTS="--account\n$(touch hacked); `touch hacked` && touch hacked")
    assert runner.outputs["exit-code"] == "2", str(finished)
    assert not list(tmp_path.rglob("hacked"))
    assert "before it wrote a report" in runner.summary


@pytest.mark.parametrize(
    ("visibility", "wanted", "names", "upload"),
    [
        ("private", "private", "true", "true"),
        ("internal", "private", "true", "true"),
        ("public", "private", "false", "false"),
        ("public", "always", "true", "true"),
        ("private", "never", "true", "false"),
        ("public", "never", "false", "false"),
    ],
)
def test_names_are_uploaded_where_not_everybody_reads_them(runner, here, visibility, wanted, names, upload):
    here.actor("gh", f"echo {visibility}")
    assert runner.step("See who may read artifacts", WANTED=wanted, NAME="mfaudit", REDACT="names").exit == 0
    assert runner.outputs == {"names": names, "upload": upload}


def test_who_reads_artifacts_is_not_guessed(runner, here):
    here.actor("gh", "exit 1")
    assert runner.step("See who may read artifacts", WANTED="private", NAME="mfaudit", REDACT="names").exit != 0
    assert runner.step("See who may read artifacts", WANTED="yes", NAME="mfaudit", REDACT="names").exit == 2
    assert runner.outputs == {}


@pytest.mark.parametrize("wanted", ["private", "always", "never"])
def test_names_in_reports_of_a_public_repository_are_refused(runner, here, wanted):
    here.actor("gh", "echo public")
    finished = runner.step("See who may read artifacts", WANTED=wanted, NAME="mfaudit", REDACT="none")
    assert finished.exit == 2 and "redact must not be none" in finished.out
    here.actor("gh", "echo private")
    assert runner.step("See who may read artifacts", WANTED=wanted, NAME="mfaudit", REDACT="none").exit == 0


def test_a_name_is_no_path_and_no_part_of_another_s_key(runner, here):
    here.actor("gh", "echo private")
    for name in ("", "../other", "a/b", "a b", "a\nb"):
        assert runner.step("See who may read artifacts", WANTED="private", NAME=name, REDACT="names").exit == 2, name
    text = (ACTION / "action.yml").read_text(encoding="utf-8")
    assert "restore-keys: mfaudit-baseline/${{ inputs.name }}/\n" in text, "the name's end is no part of the key"
    assert text.count("key: mfaudit-baseline/${{ inputs.name }}/${{ github.run_id }}") == 2
    for it in ("reports", "evidence"):
        assert "name: ${{ inputs.name }}-" + it in text


def test_the_action_s_inputs_and_steps_are_what_the_scripts_take():
    action = document(ACTION / "action.yml")
    steps = action["runs"]["steps"]
    assert action["inputs"]["redact"]["default"] == "names"
    assert action["inputs"]["sarif"]["default"] == "false"
    assert steps[-1]["name"] == "Gate" and steps[-1]["if"] == "always()"
    [evidence] = [it for it in steps if it["name"] == "Keep the evidence"]
    assert "steps.private.outputs.upload == 'true'" in evidence["if"]
    for step in steps:
        if "run" in step:
            program = ACTION / step["run"].split("/", 1)[1].split('"')[0]
            assert program.is_file(), program


@pytest.fixture(scope="module")
def bucket(tmp_path_factory):
    """The environment that leads to a simulated S3 with a bucket."""
    with object_storage(tmp_path_factory.mktemp("s3")) as (s3, env):
        s3.create_bucket(Bucket="baselines")
        yield env


def test_a_baseline_is_kept_in_s3_and_fetched_again(runner, bucket, tmp_path):
    file = tmp_path / "baseline" / "baseline.json"
    given = bucket | {"BASELINE": "s3://baselines/org/baseline.mfaudit", "MFAUDIT_CI_BASELINE": str(file)}
    assert runner.step("Fetch the baseline from S3", **given).exit == 0
    assert not file.exists(), "there is none yet"
    file.write_bytes(b"accepted")
    kept = runner.step("Keep the baseline in S3", **given)
    assert kept.exit == 0, str(kept)
    file.unlink()
    assert runner.step("Fetch the baseline from S3", **given).exit == 0
    assert file.read_bytes() == b"accepted"


@pytest.mark.parametrize("baseline", ["s3://no-such-bucket-here/key", "https://example.com/key", "s3://b/", "s3://b$(x)/k"])
def test_a_baseline_that_cannot_be_read_is_not_taken_for_none(runner, bucket, tmp_path, baseline):
    given = bucket | {"BASELINE": baseline, "MFAUDIT_CI_BASELINE": str(tmp_path / "run.mfaudit")}
    finished = runner.step("Fetch the baseline from S3", **given)
    assert finished.exit in (1, 2) and "::error::" in finished.out, str(finished)


def test_verdicts_are_what_the_documentation_says():
    # The recipes take these three for an audit that came to its end.
    assert "0 | 3 | 4) ;;" in GENERIC.read_text(encoding="utf-8")
    assert VERDICTS == (0, 3, 4)
