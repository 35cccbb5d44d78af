"""The release: pins, rights, the programs that pack it, and what installs it."""

import hashlib
import io
import json
import os
import re
import shutil
import tarfile
import tomllib
import zipfile

import pytest
from deploying import DEPLOY, WORKFLOW, document, place, required
from harness import ROOT, environment, run

RELEASE = DEPLOY / "release"
PINNED = [WORKFLOW, DEPLOY / "github-action" / "action.yml", DEPLOY / "github-action" / "example.yml"]
VERSION = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))["workspace"]["package"]["version"]


def manifests():
    found = sorted((ROOT / "crates").glob("*/Cargo.toml"))
    return [tomllib.loads(it.read_text(encoding="utf-8")) for it in found]


# The workflow


@pytest.mark.parametrize("path", PINNED, ids=["release", "action", "example"])
def test_every_action_is_named_by_its_commit_with_its_version_beside(path):
    used = re.findall(r"uses: +(\S+)(.*)", path.read_text(encoding="utf-8"))
    used = [it for it in used if it[0] != "mfaudit/mfaudit/deploy/github-action@<commit>"]
    assert used
    for action, comment in used:
        assert re.fullmatch(r"[\w.-]+(/[\w.-]+)+@[0-9a-f]{40}", action), action
        assert re.match(r" # v\d+\.\d+\.\d+", comment), f"{action} does not say its version"


def test_an_action_is_pinned_to_one_commit_and_told_in_the_documentation():
    pins = {}
    for path in PINNED:
        for action, commit, version in re.findall(r"uses: +([\w./-]+)@([0-9a-f]{40}) # (v[\d.]+)", path.read_text(encoding="utf-8")):
            if not action.startswith("mfaudit/"):
                pins.setdefault("/".join(action.split("/")[:2]), set()).add((commit, version))
    page = (ROOT / "docs" / "release.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `([\w-]+/[\w-]+)` \| (v[\d.]+) \| `([0-9a-f]{40})` \|$", page, re.MULTILINE)
    assert all(len(it) == 1 for it in pins.values()), pins
    assert {name: {(commit, version)} for name, version, commit in told} == pins


def test_every_job_says_its_rights_and_only_few_may_write():
    workflow = document(WORKFLOW)
    assert workflow["permissions"] == {}
    writes = {name: {right for right, it in job["permissions"].items() if it == "write"} for name, job in workflow["jobs"].items()}
    assert {name: it for name, it in writes.items() if it} == {
        "attest": {"id-token", "attestations"},
        "index": {"packages", "id-token", "attestations"},
        "draft": {"contents"},
    }
    for job in workflow["jobs"].values():
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_a_job_that_may_write_runs_nothing_of_what_was_built():
    for name, job in document(WORKFLOW)["jobs"].items():
        if "write" not in job["permissions"].values():
            continue
        for step in job["steps"]:
            assert not step.get("uses", "").startswith(("actions/checkout@", "docker/build-push-action@")), name
            assert not re.search(r"docker (run|build |buildx (?!imagetools))|cargo|deploy/|\.ci/", step.get("run", "")), name


def test_each_image_is_pushed_by_the_name_that_it_was_built_under():
    jobs = document(WORKFLOW)["jobs"]
    [build] = [it["with"]["outputs"] for it in jobs["image"]["steps"] if it.get("uses", "").startswith("docker/build-push-action@")]
    assert build == "type=docker,name=mfaudit:${{ matrix.name }},dest=${{ matrix.name }}.tar"
    [upload] = [it["with"] for it in jobs["image"]["steps"] if it.get("uses", "").startswith("actions/upload-artifact@")]
    [download] = [it["with"] for it in jobs["index"]["steps"] if it.get("uses", "").startswith("actions/download-artifact@")]
    assert upload == upload | {"name": "image-${{ matrix.name }}", "path": "${{ matrix.name }}.tar"}
    assert download == {"pattern": "image-*", "merge-multiple": True, "path": "images"}


def test_both_images_become_one(tmp_path):
    [script] = [it["run"] for it in document(WORKFLOW)["jobs"]["index"]["steps"] if it.get("id") == "index"]
    with place(tmp_path) as here:
        (tmp_path / "images").mkdir()
        for it in ("amd64", "arm64"):
            (tmp_path / "images" / f"{it}.tar").touch()
        # Each name has a digest of its own.
        calls = here.actor("docker", 'for it; do :; done; [ "$3" != inspect ] || echo "sha256:$(printf %s "$it" | sha256sum | cut -d" " -f1)"')
        output = tmp_path / "output"
        env = {"IMAGE": "ghcr.io/mfaudit/mfaudit", "VERSION": "1.2.3", "GITHUB_OUTPUT": str(output)}
        finished = here.shell(script, env=env)
        assert finished.exit == 0, str(finished)
        made = [it.split("\n") for it in calls.read_text(encoding="utf-8").split("\n\n") if it]
        image = "ghcr.io/mfaudit/mfaudit"
        digest = {it: "sha256:" + hashlib.sha256(f"{image}:1.2.3{it}".encode()).hexdigest() for it in ("", "-amd64", "-arm64")}
        for it in ("amd64", "arm64"):
            assert ["load", "--input", f"images/{it}.tar"] in made
            assert ["tag", f"mfaudit:{it}", f"{image}:1.2.3-{it}"] in made and ["push", f"{image}:1.2.3-{it}"] in made
        [create] = [it for it in made if "create" in it]
        assert create[-2:] == [f"{image}@{digest[it]}" for it in ("-amd64", "-arm64")] and f"{image}:1.2.3" in create
        assert output.read_text(encoding="utf-8") == f"digest={digest['']}\n"


def test_the_bill_of_materials_is_of_every_platform():
    [script] = [it["run"] for it in document(WORKFLOW)["jobs"]["archive"]["steps"] if it.get("name") == "Write the bill of materials"]
    assert "--target all " in script


def test_nothing_is_released_that_was_not_tested():
    jobs = document(WORKFLOW)["jobs"]

    def before(name):
        needs = jobs[name].get("needs", [])
        needs = [needs] if isinstance(needs, str) else needs
        return set(needs).union(*(before(it) for it in needs))

    assert before("draft") == set(jobs) - {"draft"}
    for name in ("attest", "image"):
        assert "test" in before(name)


def test_what_is_built_is_built_with_the_versions_of_the_tree():
    workflow = document(WORKFLOW)
    rust = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))["workspace"]["package"]["rust-version"]
    assert str(workflow["env"]["RUST_VERSION"]).startswith(f"{rust}.")
    [build] = [it["run"] for it in workflow["jobs"]["build"]["steps"] if it.get("name") == "Build"]
    assert {"--locked", "--profile dist", "--package mfaudit", "--package mfaudit-enrolment"} <= {
        it.strip() for it in re.findall(r"--\S+(?: [a-z]\S*)?", build)
    }


def test_the_action_installs_what_the_release_builds():
    targets = {it["target"] for it in document(WORKFLOW)["jobs"]["build"]["strategy"]["matrix"]["include"]}
    installed = set(re.findall(r"target=(\S+) ;;", (DEPLOY / "github-action" / "install").read_text(encoding="utf-8")))
    assert installed and installed <= targets
    component = (DEPLOY / "gitlab" / "templates" / "mfaudit.yml").read_text(encoding="utf-8")
    assert {it for it in re.findall(r"[a-z0-9_]+-unknown-linux-\w+", component)} <= targets


# The programs


@pytest.fixture
def programs(tmp_path):
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("mfaudit", "mfaudit-enroll", "mfaudit.exe", "mfaudit-enroll.exe"):
        (folder / name).write_text(f"#!/bin/sh\necho {name}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder


def packed(target, programs, output):
    env = environment(output.parent, {"SOURCE_DATE_EPOCH": "1764061200"})
    finished = run([RELEASE / "archive", "1.2.3", target, programs, output], env)
    assert finished.exit == 0, str(finished)
    [made] = output.iterdir()
    return made


def test_an_archive_holds_the_programs_and_is_the_same_each_time(programs, tmp_path):
    first = packed("x86_64-unknown-linux-musl", programs, tmp_path / "one")
    (programs / "mfaudit").touch()
    second = packed("x86_64-unknown-linux-musl", programs, tmp_path / "two")
    assert first.read_bytes() == second.read_bytes()
    name = "mfaudit-1.2.3-x86_64-unknown-linux-musl"
    assert first.name == f"{name}.tar.gz"
    with tarfile.open(first) as archive:
        files = {it.name: it for it in archive if it.isfile()}
        assert all(it.uid == it.gid == 0 and it.mtime == 1764061200 for it in archive)
    assert set(files) == {
        f"{name}/{it}"
        for it in ("mfaudit", "mfaudit-enroll", "mfaudit-ci", "README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT")
    }
    assert all(files[f"{name}/{it}"].mode == 0o755 for it in ("mfaudit", "mfaudit-enroll", "mfaudit-ci"))


def test_the_archive_for_windows_is_a_zip(programs, tmp_path):
    required("zip", "on Debian and its kin, install zip")
    made = packed("x86_64-pc-windows-msvc", programs, tmp_path / "one")
    names = {it.split("/", 1)[1] for it in zipfile.ZipFile(io.BytesIO(made.read_bytes())).namelist()}
    assert names == {"mfaudit.exe", "mfaudit-enroll.exe", "README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"}


def test_an_archive_without_a_program_is_none(programs, tmp_path):
    (programs / "mfaudit-enroll").unlink()
    finished = run([RELEASE / "archive", "1.2.3", "x", programs, tmp_path / "out"], environment(tmp_path))
    assert finished.exit != 0 and not list((tmp_path / "out").glob("*"))


def test_a_tag_must_be_the_version_and_have_its_section_in_the_changelog(tmp_path):
    (tmp_path / "deploy" / "release").mkdir(parents=True)
    program = shutil.copy(RELEASE / "check-version", tmp_path / "deploy" / "release")
    shutil.copy(ROOT / "Cargo.toml", tmp_path)
    changelog = tmp_path / "CHANGELOG.md"
    changelog.write_text("# Changelog\n\n## Unreleased\n", encoding="utf-8")
    check = lambda tag: run([program, tag], environment(tmp_path))  # noqa: E731
    assert check("v9.9.9").exit == 1
    assert "no section" in check(f"v{VERSION}").err
    changelog.write_text(f"# Changelog\n\n## {VERSION} (2026-12-01)\n", encoding="utf-8")
    finished = check(f"v{VERSION}")
    assert (finished.exit, finished.out) == (0, f"{VERSION}\n")
    assert check(VERSION).exit == 1


def test_base_images_become_digests(tmp_path):
    dockerfile = DEPLOY / "container" / "Dockerfile"
    with place(tmp_path) as here:
        calls = here.actor("docker", f"echo sha256:{'a' * 64}")
        finished = here.script(RELEASE / "resolve-base-images", dockerfile)
        assert finished.exit == 0, str(finished)
        tags = dict(it.split("=", 1) for it in re.findall(r"^ARG (\w+_IMAGE=.*)$", dockerfile.read_text(), re.MULTILINE))
        assert dict(it.split("=", 1) for it in finished.out.splitlines()) == {
            name: f"{image.rsplit(':', 1)[0]}@sha256:{'a' * 64}" for name, image in tags.items()
        }
        assert all(it in calls.read_text() for it in tags.values())
        here.actor("docker", "echo latest")
        assert here.script(RELEASE / "resolve-base-images", dockerfile).exit != 0
        (tmp_path / "none").write_text("FROM scratch\n")
        assert here.script(RELEASE / "resolve-base-images", tmp_path / "none").exit != 0


def test_a_release_is_installed_if_it_is_what_was_published_and_attested(tmp_path):
    with place(tmp_path) as here:
        name = "mfaudit-1.2.3-x86_64-unknown-linux-musl"
        with tarfile.open(tmp_path / f"{name}.tar.gz", "w:gz") as archive:
            archive.add(here.folder / "bin" / "mfaudit", f"{name}/mfaudit")
        sums = tmp_path / "SHA256SUMS"
        digest = hashlib.sha256((tmp_path / f"{name}.tar.gz").read_bytes()).hexdigest()
        env = {"VERSION": "1.2.3", "REPOSITORY": "mfaudit/mfaudit", "RUNNER_OS": "Linux", "RUNNER_ARCH": "X64"}
        env |= {"RUNNER_TEMP": str(tmp_path / "temp"), "GITHUB_PATH": str(tmp_path / "path")}
        install = lambda **more: here.script(DEPLOY / "github-action" / "install", env=env | more)  # noqa: E731
        fetch = f'[ "$1" != release ] || cp {tmp_path}/{name}.tar.gz {sums} .'
        calls = here.actor("gh", fetch)
        sums.write_text(f"{digest}  {name}.tar.gz\n")
        finished = install()
        assert finished.exit == 0, str(finished)
        folder = (tmp_path / "path").read_text().strip()
        assert run([f"{folder}/mfaudit", "--version"], here.env).exit == 0
        assert "attestation\nverify\n" in calls.read_text()

        (tmp_path / "path").unlink()
        here.actor("gh", fetch + '; [ "$1" != attestation ]')
        assert install().exit != 0, "nobody attests it"
        here.actor("gh", fetch)
        sums.write_text(f"{'0' * 64}  {name}.tar.gz\n")
        assert install().exit != 0, "it is another file than was published"
        sums.write_text("")
        assert install().exit != 0, "nobody published it"
        assert install(VERSION="1.2.3;x").exit == 2 and install(RUNNER_OS="Plan9").exit == 2
        assert not (tmp_path / "path").exists()
        assert install(VERSION="").exit == 0, "what is on the PATH is taken"


# The crates


def test_every_crate_tells_what_the_registry_asks_for():
    shared = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))["workspace"]
    assert {"license", "repository", "rust-version", "version"} <= set(shared["package"])
    for manifest in manifests():
        package = manifest["package"]
        if package.get("publish") is False:
            continue
        assert len(package["description"]) > 20, package["name"]
        assert all(package[it] == {"workspace": True} for it in ("license", "repository", "version")), package["name"]
    # A path alone is nothing to a registry.
    assert all("version" in it for it in shared["dependencies"].values() if isinstance(it, dict) and "path" in it)


def test_every_crate_can_be_packaged(tmp_path):
    cargo = required("cargo", "install Rust")
    # Cargo's own configuration, and the way to the registry, are this machine's.
    env = dict(os.environ)
    command = [cargo, "package", "--workspace", "--no-verify", "--allow-dirty", "--locked", "--target-dir", tmp_path]
    finished = run(command, env, ROOT)
    assert finished.exit == 0, str(finished)
    listed = run([cargo, "metadata", "--no-deps", "--format-version=1", "--offline"], env, ROOT)
    wanted = {f"{it['name']}-{it['version']}.crate" for it in json.loads(listed.out)["packages"] if it["publish"] != []}
    made = {it.name: it for it in (tmp_path / "package").glob("*.crate")}
    assert set(made) == wanted
    for it in made.values():
        with tarfile.open(it) as archive:
            names = {name.split("/", 1)[1] for name in archive.getnames()}
        assert "Cargo.toml" in names and any(name.startswith("src/") for name in names), it
