"""What the GitLab component does, with its inputs put in as GitLab does, run by the shell of its image."""

import hashlib
import re
import tarfile

import pytest
import yaml
from deploying import DEPLOY, documents, place
from harness import run

COMPONENT = DEPLOY / "gitlab" / "templates" / "mfaudit.yml"
VERSION = "0.1.0"


def pipeline(**inputs):
    """Returns the job that the component makes of inputs; what is wrong with them GitLab says."""
    specification, _ = documents(COMPONENT)
    declared = specification["spec"]["inputs"]
    values = {}
    for name, it in declared.items():
        value = inputs.get(name.replace("-", "_"), it.get("default"))
        assert value is not None, f"{name} is mandatory"
        assert re.search(it.get("regex", ""), str(value)), f"{name} may not be {value}"
        assert value in it.get("options", [value]), f"{name} may not be {value}"
        values[name] = str(value).lower() if isinstance(value, bool) else str(value)
    text = COMPONENT.read_text(encoding="utf-8").split("\n---\n")[1]
    [job] = yaml.safe_load(re.sub(r"\$\[\[ inputs\.([\w-]+) \]\]", lambda it: values[it[1]], text)).values()
    return job


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    with place(tmp_path_factory.mktemp("gitlab")) as it:
        yield it


@pytest.fixture
def job(here, tmp_path):
    """Runs the component's job on a machine where a release can be downloaded."""
    name = f"mfaudit-{VERSION}-x86_64-unknown-linux-musl"
    with tarfile.open(tmp_path / "release.tar.gz", "w:gz") as archive:
        archive.add(here.folder / "bin" / "mfaudit", f"{name}/mfaudit")
        archive.add(DEPLOY / "generic" / "mfaudit-ci", f"{name}/mfaudit-ci")
    digest = hashlib.sha256((tmp_path / "release.tar.gz").read_bytes()).hexdigest()
    url = f"https://example.com/releases/v{VERSION}/{name}.tar.gz"
    # What is downloaded is what was asked for.
    fetch = f'while [ "$1" != --output ]; do shift; done; [ "$3" = {url} ] || exit 22; cp {tmp_path}/release.tar.gz "$2"'
    here.actor("curl", fetch)

    def start(sha256=digest, accept=False, **inputs):
        made = pipeline(
            version=VERSION,
            sha256=sha256,
            role_arn="arn:aws:iam::111111111111:role/mfaudit-runner",
            releases="https://example.com/releases",
            **inputs,
        )
        variables = made["variables"] | {"MFAUDIT_ID_TOKEN": "secret-token", "TMPDIR": str(tmp_path)}
        # As a schedule says it.
        variables |= {"MFAUDIT_CI_ACCEPT": "true"} if accept else {}
        return run(["sh", "-e", "-c", "\n".join(made["script"])], here.env | variables, tmp_path)

    start.folder = tmp_path
    return start


def test_the_job_audits_and_ends_as_the_audit_does(job, here):
    before = len(here.calls())
    finished = job(arguments="--fail-on high --ou *")
    assert finished.exit in (2, 3), str(finished)
    audit = here.calls()[before]
    assert audit[0] == "audit" and audit[-4:] == ["--fail-on", "high", "--ou", "*"], "a star became file names"
    assert job().exit == 3


def test_artifacts_are_where_the_job_says(job):
    job()
    artifacts = pipeline(version=VERSION, sha256="0" * 64, role_arn="arn")["artifacts"]
    for path in [*artifacts["paths"], artifacts["reports"]["junit"]]:
        assert (job.folder / path).exists(), path
    assert artifacts["access"] == "developer" and artifacts["when"] == "always"


def test_the_baseline_is_in_the_cache(job):
    assert job(baseline=True).exit == 3
    assert job(baseline=True, accept=True).exit == 3
    [cached] = pipeline(version=VERSION, sha256="0" * 64, role_arn="arn")["cache"]["paths"]
    assert (job.folder / cached / "baseline.json").is_file()
    assert job(baseline=True).exit == 0, "what was accepted closes the gate"


def test_evidence_is_an_artifact_if_it_is_wanted(job):
    assert job(evidence=False).exit == 3
    assert not (job.folder / "mfaudit-out" / "private" / "evidence.tar").exists()
    assert (job.folder / "mfaudit-out" / "reports" / "junit.xml").exists()


def test_two_organizations_of_a_project_do_not_meet():
    one, other = (pipeline(version=VERSION, sha256="0" * 64, role_arn="arn", name=it) for it in ("mfaudit", "subsidiary"))
    assert one["cache"]["key"] != other["cache"]["key"]
    assert one["resource_group"] != other["resource_group"]


def test_a_download_is_tried_again_and_has_an_end():
    script = "\n".join(pipeline(version=VERSION, sha256="0" * 64, role_arn="arn")["script"])
    assert "--retry 3" in script and "--max-time 300" in script


def test_an_archive_of_another_digest_is_not_run(job, here):
    before = len(here.calls())
    assert job(sha256="0" * 64).exit != 0
    assert len(here.calls()) == before


def test_the_token_is_in_a_file_that_the_sdk_reads_and_in_no_report(job):
    job()
    holding = [it for it in job.folder.rglob("*") if it.is_file() and b"secret-token" in it.read_bytes()]
    assert not [it for it in holding if "mfaudit-out" in str(it)]
    script = "\n".join(pipeline(version=VERSION, sha256="0" * 64, role_arn="arn")["script"])
    assert script.index("export AWS_WEB_IDENTITY_TOKEN_FILE") < script.index("mfaudit-ci")


@pytest.mark.parametrize("wrong", [{"version": "latest"}, {"sha256": "abc"}, {"redact": "some"}, {"name": "a/b"}])
def test_inputs_that_cannot_be_are_refused(wrong):
    with pytest.raises(AssertionError, match="may not be"):
        pipeline(**{"version": VERSION, "sha256": "0" * 64, "role_arn": "arn"} | wrong)
