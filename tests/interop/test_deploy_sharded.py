"""The sharded recipe for Kubernetes: its pods as processes of this machine, a folder in the place of the bucket."""

import json
import subprocess

import pytest
from deploying import document, in_container, place, relocated
from harness import BINARY, PATIENCE
from test_deploy_kubernetes import FOLDERS, containers_of

JOB = "mfaudit-29396477"
# Of the organization that is made up of seed 7, in which everything can be seen.
ACCOUNTS = 24


@pytest.fixture
def here(tmp_path):
    with place(tmp_path, f"--accounts={ACCOUNTS}", "--users=3", "--seed=7") as it:
        (tmp_path / "bucket").mkdir()
        yield it


def settings(folder):
    [made] = document(folder / "kustomization.yaml")["configMapGenerator"]
    return dict(it.split("=", 1) for it in made["literals"])


class Pod:
    """A pod of a Job: its containers' commands, with a folder of its own for /scratch."""

    def __init__(self, here, folder, name, **variables):
        self._here = here
        self.work = here.folder / name
        self.work.mkdir()
        given = settings(folder) | {"BUCKET": f"file://{here.folder}/bucket", "JOB_NAME": JOB} | variables
        # The organization is the simulator's.
        given.pop("AWS_REGION", None)
        places = {"/scratch": self.work}
        self.steps = {it["name"]: relocated(in_container(it, given), places) for it in containers_of(folder)}
        self.env = here.env | given | {"TMPDIR": str(self.work)}

    def run(self, step):
        """Runs a container to its end."""
        return self._here.mfaudit(*self.steps[step], env=self.env)

    def start(self, step, *more):
        """Starts a container, as one of many that run at once."""
        command = [BINARY, *self.steps[step], *more]
        return subprocess.Popen(command, env=self.env, cwd=self.work, stderr=subprocess.PIPE, encoding="utf-8")


def shards(here):
    count = int(settings(FOLDERS[1])["SHARDS"])
    return [Pod(here, FOLDERS[1], f"shard-{it}", JOB_COMPLETION_INDEX=str(it)) for it in range(count)]


def all_at_once(pods, step, *more):
    """Runs a container of every pod at the same time, each of which must succeed; returns what they wrote to standard error."""
    processes = [it.start(step, *more) for it in pods]
    all_told = []
    for process in processes:
        _, told = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, told
        all_told.append(told)
    return all_told


def listings(told):
    """Returns how often a run of `--stats=json` asked for a page of accounts; one that asked for nothing counts nothing."""
    stats = [json.loads(it) for it in told.splitlines() if it.startswith("{")]
    return sum(count["calls"] for it in stats for name, count in it["calls"].items() if name.endswith("ListAccounts"))


def report_of(here):
    """Returns the report that the second Job wrote."""
    return json.loads((here.folder / "bucket" / "runs" / JOB / "report.json").read_text(encoding="utf-8"))


def gate_of_gaps(here, snapshot):
    """Returns what an evaluation ends with that nothing but what was not seen can fail."""
    return here.mfaudit("evaluate", snapshot, "--rule", "iam-user-console-mfa", "--fail-on", "critical").exit


def merged(here):
    """Runs the second Job, and returns what its last container ended with."""
    pod = Pod(here, FOLDERS[2], "merge")
    assert list(pod.steps) == ["merge", "publish", "evaluate"]
    for step in ("merge", "publish"):
        finished = pod.run(step)
        assert finished.exit == 0, str(finished)
    return pod.run("evaluate")


def test_shards_that_start_at_once_make_one_audit(here):
    pods = shards(here)
    assert [list(it.steps) for it in pods] == [["discover", "collect"]] * len(pods)
    told = all_at_once(pods, "discover", "--stats=json")
    once = here.mfaudit("discover", "--to", f"file://{here.folder}/once", "--stats=json")
    assert sum(listings(it) for it in told) == listings(once.err) > 0, "more than one pod listed the accounts"
    all_at_once(pods, "collect")
    finished = merged(here)
    assert finished.exit in (3, 4), str(finished)
    told = report_of(here)
    assert len(told["accounts"]) == ACCOUNTS
    assert gate_of_gaps(here, here.folder / "merge" / "run.mfaudit") == 0
    assert (here.folder / "bucket" / "runs" / JOB / "report.html").is_file()
    assert len(list((here.folder / "bucket" / "history" / "runs").glob("*.parquet"))) == 1

    alone = here.mfaudit("audit", "--quiet", f"--format=json={here.folder}/alone.json")
    assert alone.exit == finished.exit, str(alone)
    report = json.loads((here.folder / "alone.json").read_text(encoding="utf-8"))
    verdicts = [{(it["rule"], it["principal_arn"], it["status"]) for it in document["findings"]} for document in (report, told)]
    assert verdicts[0] == verdicts[1]


def test_a_shard_that_is_started_again_asks_for_nothing_twice(here):
    pods = shards(here)
    assert pods[0].run("discover").exit == 0
    for it in pods:
        assert it.run("collect").exit == 0
    again = pods[1].run("collect")
    assert again.exit == 0, str(again)
    assert merged(here).exit in (3, 4)


def test_a_shard_that_did_not_come_is_gaps(here):
    pods = shards(here)
    assert pods[0].run("discover").exit == 0
    for it in pods[1:]:
        assert it.run("collect").exit == 0
    pod = Pod(here, FOLDERS[2], "merge")
    # Nobody waits two hours in a test.
    at = pod.steps["merge"].index("--wait")
    assert pod.steps["merge"][at + 1] == "2h"
    pod.steps["merge"][at + 1] = "1s"
    assert pod.run("merge").exit == 0
    evaluated = pod.run("evaluate")
    assert evaluated.exit in (3, 4), str(evaluated)
    assert len(report_of(here)["accounts"]) == ACCOUNTS, "accounts of the shard are forgotten"
    assert gate_of_gaps(here, pod.work / "run.mfaudit") == 4


@pytest.mark.parametrize("left", [("report.html", "report.json"), ("report.html",), ("report.json",)])
def test_a_judgement_that_is_tried_again_comes_to_the_same(here, left):
    """A pod may be lost after a report went up: what is there already must not hide the verdict."""
    pods = shards(here)
    all_at_once(pods, "discover")
    all_at_once(pods, "collect")
    first = merged(here)
    assert first.exit in (3, 4), str(first)
    run = here.folder / "bucket" / "runs" / JOB
    before = report_of(here)["findings"]
    for it in {"report.html", "report.json"} - set(left):
        (run / it).unlink()
    again = Pod(here, FOLDERS[2], "again")
    for step in again.steps:
        finished = again.run(step)
    assert finished.exit == first.exit, str(finished)
    assert report_of(here)["findings"] == before and (run / "report.html").is_file()


def test_the_merge_may_be_there_before_the_list_of_accounts(here):
    """Both Jobs are started at the same minute; nothing says which pod is quicker."""
    pod = Pod(here, FOLDERS[2], "merge")
    merging = pod.start("merge")
    pods = shards(here)
    all_at_once(pods, "discover")
    all_at_once(pods, "collect")
    _, told = merging.communicate(timeout=PATIENCE)
    assert merging.returncode == 0, told
    assert gate_of_gaps(here, pod.work / "run.mfaudit") == 0
