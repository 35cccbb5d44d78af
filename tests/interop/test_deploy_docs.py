"""docs/deploy.md: few steps for each place, and commands that work."""

import re
import shlex

import pytest
from cfnlint.decode import cfn_yaml
from deploying import DEPLOY, code_blocks, may_end, mfaudit_calls, place, relocated, takes_urls, typed
from harness import ROOT, SCRIPTS, environment, run

PAGE = ROOT / "docs" / "deploy.md"
PLACES = {
    "GitHub Actions": "github-action",
    "GitLab": "gitlab",
    "Any other CI": "generic",
    "A container": "container",
    "systemd": "systemd",
    "Kubernetes": "kubernetes/cronjob",
    "Kubernetes, sharded": "kubernetes/sharded",
    "Terraform": "terraform",
    "CloudFormation": "cloudformation",
}


def sections():
    parts = re.split(r"^## (.*)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def steps(text):
    """Returns the numbers of a section's steps."""
    return [int(it) for it in re.findall(r"^(\d+)\. ", text, re.MULTILINE)]


def test_there_is_a_path_for_each_recipe():
    assert list(PLACES) == [it for it in sections() if it in PLACES]
    assert all((DEPLOY / it).is_dir() for it in PLACES.values())
    used = {it.split("/")[0] for it in PLACES.values()}
    assert used | {"release"} == {it.name for it in DEPLOY.iterdir()}


@pytest.mark.parametrize("name", PLACES)
def test_from_nothing_to_the_first_report_it_takes_fewer_than_ten_steps(name):
    roles, own = steps(sections()["Roles"]), steps(sections()[name])
    for it in (roles, own):
        assert it == list(range(1, len(it) + 1)), f"steps are numbered {it}"
    assert own and len(roles) + len(own) < 10


@pytest.mark.parametrize("page", ["deploy.md", "release.md"])
def test_what_the_pages_link_to_is_there(page):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    linked = re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)", text)
    assert linked
    for path, anchor in linked:
        target = (ROOT / "docs" / path).resolve() if path else ROOT / "docs" / page
        assert target.exists(), path
        if anchor:
            heads = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            known = {re.sub(r"[^\w\- ]", "", it.lower()).replace(" ", "-") for it in heads}
            assert anchor in known, f"{path}#{anchor}"


def test_the_recipe_s_files_that_are_named_are_there():
    text = PAGE.read_text(encoding="utf-8")
    for it in re.findall(r"(?:(?<![\w/])|(?<=file://))(deploy/[\w./-]+)", text):
        assert (ROOT / it.rstrip(".")).exists(), it


@pytest.mark.parametrize("name", ["Roles", *PLACES])
def test_the_commands_do_what_they_say(name, tmp_path):
    calls = [it for it in mfaudit_calls(sections()[name]) if not takes_urls(it)]
    with place(tmp_path) as here:
        (tmp_path / "mfaudit.toml").write_text('[gate]\nfail-on = "high"\n', encoding="utf-8")
        for arguments in calls:
            finished = here.mfaudit(*relocated(arguments, {"/etc/mfaudit": tmp_path}))
            assert finished.exit in may_end(arguments), str(finished)
            assert finished.out or arguments[0] == "audit", str(finished)


def test_roles_are_there_before_they_are_trusted():
    lines = [line for block in code_blocks(sections()["Roles"]) for line in typed(block)]
    [made] = [i for i, it in enumerate(lines) if it.startswith("aws iam create-role --role-name mfaudit-runner")]
    trusting = [i for i, it in enumerate(lines) if "--principal" in it]
    written = {it.split("> ")[1]: i for i, it in enumerate(lines) if "> " in it}
    assert len(trusting) == 2 and made < min(trusting)
    for name, at in written.items():
        assert at < min(i for i, it in enumerate(lines) if f"file://{name}" in it), name


# What the AWS CLI does itself, and does not check beforehand.
NO_REQUESTS = {("s3", "mb"), ("s3", "ls"), ("configure", "export-credentials"), ("cloudformation", "deploy")}


def aws_commands():
    lines = [line for text in sections().values() for block in code_blocks(text) for line in typed(block)]
    commands = [shlex.split(it) for it in lines if it.startswith("aws ")]
    return [it for it in commands if tuple(it[1:3]) not in NO_REQUESTS]


def test_the_aws_cli_would_take_its_commands(tmp_path):
    """It checks names and types of parameters before it sends anything, and here it reaches nobody."""
    (tmp_path / "deploy").symlink_to(DEPLOY)
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1"}
    env = environment(tmp_path, keys | {"AWS_MAX_ATTEMPTS": "1"})
    commands = aws_commands()
    assert len(commands) > 10
    for command in commands:
        for it in command:
            if it.startswith("file://") and not (tmp_path / it.removeprefix("file://")).exists():
                (tmp_path / it.removeprefix("file://")).write_text("{}", encoding="utf-8")
        checked = run([SCRIPTS / "aws", "--endpoint-url", "http://127.0.0.1:1", *command[1:]], env, tmp_path)
        assert "Could not connect to the endpoint URL" in checked.err, str(checked)


def test_the_schedule_that_the_page_goes_back_to_is_the_template_s_default():
    """A parameter that is left out keeps its value."""
    named = re.findall(r"`Schedule='(.*?)'`", sections()["CloudFormation"])
    template = cfn_yaml.load(str(DEPLOY / "cloudformation" / "mfaudit.yaml"))
    assert len(named) == 2 and named[0].startswith("at(")
    assert named[1] == template["Parameters"]["Schedule"]["Default"]


def test_no_command_is_forgotten():
    """Each mfaudit in a code block is one that these tests run: the program itself, in a container, or the script for CI."""
    for name, text in sections().items():
        lines = [line for block in code_blocks(text) for line in typed(block)]
        named = [it for it in lines if re.search(r"(^|\s)mfaudit(-ci)?\s", it) and not re.match("gh|aws|kubectl", it)]
        images = [it for it in lines if it.startswith("docker run")]
        scripts = [it for it in named if "mfaudit-ci" in it]
        assert len(mfaudit_calls(text)) == len(set(named) - set(scripts)) + len(images), name


def test_the_script_for_any_ci_works_as_the_page_has_it(tmp_path):
    text = sections()["Any other CI"]
    [line] = [line for block in code_blocks(text) for line in typed(block) if "mfaudit-ci " in line]
    with place(tmp_path) as here:
        (tmp_path / "bin" / "mfaudit-ci").symlink_to(DEPLOY / "generic" / "mfaudit-ci")
        line = line.replace("/cache", str(tmp_path / "cache"))
        assert here.shell(line).exit == 3
        assert here.shell(line, env={"MFAUDIT_CI_ACCEPT": "true"}).exit == 3
        assert here.shell(line).exit == 0, "what was accepted closes the gate"
        for folder in re.findall(r"`(mfaudit-out/\w+)`", text):
            assert list((tmp_path / folder).iterdir()), folder
