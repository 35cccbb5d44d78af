"""The container's build: what can be told without building it."""

import json
import os
import re
import shutil
import tomllib

import pytest
from deploying import DEPLOY, code_blocks, place, required, typed
from harness import ROOT, environment, run

DOCKERFILE = DEPLOY / "container" / "Dockerfile"
NOBODY = "65532:65532"


def instructions():
    """Returns the instructions, each with its arguments, a list for each stage; the first is what comes before any."""
    text = re.sub(r"\\\n\s*", "", DOCKERFILE.read_text(encoding="utf-8"))
    stages = [[]]
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        name, _, rest = line.partition(" ")
        if name == "FROM":
            stages.append([])
        stages[-1].append((name, rest.strip()))
    return stages


def typed_lines():
    """Returns what the page has a person type."""
    text = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    return [line for block in code_blocks(text) for line in typed(block)]


def sources(stage):
    """Returns what is copied from the folder that is built."""
    copies = [it.split() for name, it in stage if name == "COPY" and "--from=" not in it]
    return [it for words in copies for it in words[:-1] if not it.startswith("--")]


@pytest.fixture(scope="module")
def context(tmp_path_factory):
    """Makes the folder that Docker would see: what .dockerignore leaves."""
    folder = tmp_path_factory.mktemp("context") / "it"
    lines = [it for it in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if it and it[0] != "#"]
    assert lines[0] == "*", "what is not named is left out"
    left_out = [it for it in lines[1:] if it[0] != "!"]
    for name in (it[1:] for it in lines if it[0] == "!"):
        source = ROOT / name
        if source.is_dir():
            gone = {it.removeprefix("**/") for it in left_out if it.startswith("**/")}
            gone |= {it.split("/", 1)[1] for it in left_out if it.startswith(f"{name}/")}
            shutil.copytree(source, folder / name, ignore=lambda _, names, gone=gone: gone & set(names))
        else:
            folder.mkdir(exist_ok=True)
            shutil.copy(source, folder / name)
    return folder


def test_everything_that_is_copied_is_there_and_nothing_else_is(context):
    _, build, image = instructions()
    wanted = sources(build) + sources(image)
    assert wanted and all((context / it).exists() for it in wanted)
    assert {it.name for it in context.iterdir()} == set(wanted), "the build sees what it does not read"


def test_cargo_finds_every_target_in_what_the_build_sees(context, tmp_path):
    cargo = required("cargo", "install Rust")
    command = [cargo, "metadata", "--locked", "--offline", "--no-deps", "--format-version=1"]
    told = run(command, environment(tmp_path, {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"]}), context)
    assert told.exit == 0, str(told)
    targets = [it for package in json.loads(told.out)["packages"] for it in package["targets"]]
    missing = [it["src_path"] for it in targets if not os.path.exists(it["src_path"])]
    assert not missing


def test_the_program_is_the_one_that_cargo_builds():
    _, build, image = instructions()
    bins = tomllib.loads((ROOT / "crates" / "cli" / "Cargo.toml").read_text(encoding="utf-8"))["bin"]
    [command] = [it for name, it in build if name == "RUN"]
    assert "--package mfaudit " in command and "--locked" in command and "--profile dist" in command
    assert f"target/dist/{bins[0]['name']} " in command
    [entry] = [json.loads(it) for name, it in image if name == "ENTRYPOINT"]
    assert entry == [f"/usr/bin/{bins[0]['name']}"]


def test_the_image_has_no_shell_to_run_and_no_root():
    _, _, image = instructions()
    assert not [it for name, it in image if name == "RUN"]
    assert [it for name, it in image if name == "USER"] == [NOBODY]
    names = [name for name, _ in image]
    assert names.index("USER") < names.index("ENTRYPOINT")
    assert [json.loads(it) for name, it in image if name == "VOLUME"] == [["/scratch"]]


def test_the_base_images_are_arguments_that_a_release_fills():
    before, build, image = instructions()
    arguments = dict(it.split("=", 1) for name, it in before if name == "ARG")
    assert [stage[0][1].split()[0] for stage in (build, image)] == [f"${{{it}}}" for it in arguments]
    assert all(re.search(r":[\w.-]+$", it) and not it.endswith(":latest") for it in arguments.values())
    rust = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))["workspace"]["package"]["rust-version"]
    assert arguments["BUILD_IMAGE"].startswith(f"docker.io/library/rust:{rust}-")


def cron_job():
    """Returns the variables of the cron file, and its one job: when, who, what."""
    lines = [it for it in (DEPLOY / "container" / "mfaudit.cron").read_text(encoding="utf-8").splitlines() if it and it[0] != "#"]
    variables = dict(it.split("=", 1) for it in lines if re.match(r"[A-Z_]+=", it))
    [job] = [it for it in lines if not re.match(r"[A-Z_]+=", it)]
    *when, who, what = job.split(None, 6)
    assert "%" not in what, "cron takes it for the end of a line"
    return variables, when, who, what


def test_cron_starts_the_audit_that_the_page_has_and_mails_a_verdict(tmp_path):
    variables, when, who, what = cron_job()
    assert when == ["17", "5", "*", "*", "*"] and who == "root"
    with place(tmp_path) as here:
        calls = here.actor("docker", "exit 3")
        finished = here.shell(what, shell="sh", env={name: it for name, it in variables.items() if name != "PATH"})
        assert "mfaudit ended with 3" in finished.out
        given = calls.read_text(encoding="utf-8").split()
        [page] = [it for it in typed_lines() if it.startswith("docker run ")]
        locks = {"--rm", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--memory", "256m", "/srv/mfaudit:/scratch"}
        assert locks <= set(given) and locks <= set(page.split())
        assert variables["IMAGE"] in given
        work = tmp_path / "work"
        work.mkdir()
        for _ in range(2):
            # Every day the same command, over what the day before has left.
            audited = run([here.folder / "bin" / "mfaudit", *given[given.index(variables["IMAGE"]) + 1 :]], here.env, work)
            assert audited.exit == 3, str(audited)
        assert {"run.mfaudit", "report.html", "report.json"} <= {it.name for it in work.iterdir()}
        here.actor("docker", "exit 0")
        assert here.shell(what, shell="sh").out == "", "a good day is no mail"


def test_the_audit_writes_nowhere_but_in_its_volume(tmp_path):
    """What the image's variables say is enough: the audit of a folder that alone can be written."""
    with place(tmp_path) as here:
        work = tmp_path / "work"
        work.mkdir()
        _, _, image = instructions()
        [variables] = [dict(part.split("=") for part in it.split()) for name, it in image if name == "ENV"]
        strace = required("strace", "on Debian and its kin, install strace")
        log = tmp_path / "strace"
        arguments = ["audit", "--quiet", "--snapshot", "run.mfaudit", "--output-dir", "reports", "--formats", "html,xlsx,json"]
        env = here.env | {name: it.replace("/scratch", str(work)) for name, it in variables.items()}
        command = [strace, "-f", "-e", "trace=openat,creat,mkdir,rename,unlink", "-o", log]
        finished = run([*command, tmp_path / "bin" / "mfaudit", *arguments], env, work)
        assert finished.exit == 3, str(finished)
        opened = re.findall(r'(?:openat\(AT_FDCWD, |creat\(|mkdir\()"([^"]+)"(?:, ([A-Z_|]+))?', log.read_text(errors="replace"))
        written = {path for path, flags in opened if not flags or re.search("O_WRONLY|O_RDWR|O_CREAT|O_TMPFILE", flags)}
        journal = str(here.journal)
        elsewhere = [it for it in written if it.startswith("/") and not it.startswith((str(work), "/dev/", journal))]
        assert written and not elsewhere, elsewhere
