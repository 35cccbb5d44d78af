"""Recipes that write to object storage or to the history: with folders in the place of buckets."""

import base64
import hashlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from deploying import DEPLOY, document, in_container, may_end, mfaudit_calls, place, relocated
from test_deploy_aws import BUCKET, TIME, commands, commands_of_terraform
from test_deploy_aws import template as template  # noqa: PLC0414
from test_deploy_docs import sections
from test_deploy_kubernetes import FOLDERS, containers_of
from test_deploy_systemd import commands as commands_of_unit
from test_deploy_systemd import directives


@pytest.fixture
def here(tmp_path):
    with place(tmp_path) as it:
        (tmp_path / "bucket").mkdir()
        yield it


def in_folder(here):
    """What stands in the place of the bucket."""
    return {f"s3://{BUCKET}": f"file://{here.folder}/bucket", TIME: "2026-11-24T05:17:00Z"}


def runs_in(here, dataset):
    """Returns how many runs the history knows, by its own commits."""
    return len(list((here.folder / dataset / "runs").glob("*.parquet")))


@pytest.mark.parametrize("whose", ["terraform", "cloudformation"])
def test_the_task_audits_and_publishes(here, template, whose):
    made = commands(template) if whose == "cloudformation" else commands_of_terraform()
    audit, publish = (relocated(made[it], in_folder(here)) for it in ("audit", "publish"))
    finished = here.mfaudit(*audit)
    assert finished.exit == 3, str(finished)
    [run] = (here.folder / "bucket" / "runs").iterdir()
    assert {it.name for it in run.iterdir()} == {"run.mfaudit", "report.html", "report.json"}
    assert json.loads((run / "report.json").read_text(encoding="utf-8"))["findings"]
    for _ in range(2):
        # A task that is started again changes nothing.
        published = here.mfaudit(*publish)
        assert published.exit == 0, str(published)
        assert runs_in(here, "bucket/history") == 1


def environments(template):
    """Returns what each recipe that writes to a locked bucket says of its uploads."""
    [task] = [it["Properties"] for it in template["Resources"].values() if it["Type"] == "AWS::ECS::TaskDefinition"]
    yield from ({it["Name"]: it["Value"] for it in container["Environment"]} for container in task["ContainerDefinitions"])
    text = (DEPLOY / "terraform" / "task.tf").read_text(encoding="utf-8")
    yield dict(re.findall(r'name = "(\w+)", value = "?([\w.]+)', text))
    for folder in FOLDERS[1:]:
        [made] = document(folder / "kustomization.yaml")["configMapGenerator"]
        yield dict(it.split("=", 1) for it in made["literals"])


class Locked(BaseHTTPRequestHandler):
    """S3 with a default retention: it refuses an object whose checksum does not come with it."""

    protocol_version = "HTTP/1.1"

    def do_PUT(self):
        content = self.rfile.read(int(self.headers["Content-Length"]))
        told = self.headers.get("x-amz-checksum-sha256")
        right = told == base64.b64encode(hashlib.sha256(content).digest()).decode()
        self.server.written.append((self.path, self.headers.get("If-None-Match"), right))
        self.send_response(200 if right else 400)
        self.send_header("ETag", '"0"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_HEAD(self):
        self.send_response(404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        """Says what an answer without a body cannot: that it is the object that is not there, and not the bucket."""
        body = b"<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>"
        self.send_response(404)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def locked():
    """Serves such a bucket."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Locked)
    server.written = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_what_is_written_to_a_locked_bucket_has_a_checksum(here, template, locked):
    """Without one, S3 says "Content-MD5 OR x-amz-checksum- HTTP header is required"; moto asks for another header instead."""
    said = {it["AWS_CHECKSUM_ALGORITHM"] for it in environments(template)}
    assert said == {"sha256"}
    given = {"AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{locked.server_port}", "AWS_CHECKSUM_ALGORITHM": "sha256"}
    finished = here.mfaudit(*commands_of_terraform()["audit"], env=given)
    assert finished.exit == 3, str(finished)
    assert len(locked.written) == 3
    # Nothing that is there already is overwritten.
    assert {it[1:] for it in locked.written} == {("*", True)}, locked.written


def test_the_daily_pod_publishes(here):
    folders = {"/scratch": here.folder / "work", "/history": here.folder / "history"}
    for it in folders.values():
        it.mkdir()
    for it in containers_of(FOLDERS[0]):
        arguments = relocated(in_container(it, {}), folders)
        finished = here.mfaudit(*arguments)
        assert finished.exit == (3 if it["name"] == "evaluate" else 0), str(finished)
    assert runs_in(here, "history/dataset") == 1


def test_the_service_publishes_what_it_collected(here):
    state = here.folder / "state"
    (state / "mfaudit").mkdir(parents=True)
    [audit] = commands_of_unit(directives("mfaudit.service"), "ExecStart")
    [publish] = commands_of_unit(directives("mfaudit.service.d/history.conf"), "ExecStopPost")
    assert here.mfaudit(*relocated(audit, {"%S": state})).exit == 3
    finished = here.mfaudit(*relocated(publish, {"%S": state}))
    assert finished.exit == 0, str(finished)
    assert runs_in(here, "state/mfaudit/history") == 1
    trend = here.mfaudit("history", f"file://{state}/mfaudit/history")
    assert trend.exit == 0 and trend.out, str(trend)


@pytest.mark.parametrize("name", ["Kubernetes, sharded", "Terraform", "CloudFormation"])
def test_the_page_s_commands_work_in_their_order(here, name):
    calls = mfaudit_calls(sections()[name])
    # The trend is looked at once there is a run; the page's last block makes one.
    looks = [it for it in calls if it[0] == "history"]
    makes = [it for it in calls if it[0] != "history"]
    assert looks
    if not makes:
        audit, publish = commands_of_terraform().values()
        makes = [audit, publish]
    for arguments in [*makes, *looks]:
        finished = here.mfaudit(*relocated(arguments, in_folder(here)))
        assert finished.exit in may_end(arguments), str(finished)
    assert runs_in(here, "bucket/history") == 1
    assert finished.out


def test_the_recipes_name_one_bucket():
    named = [it for it in (DEPLOY / "kubernetes" / "sharded").rglob("kustomization.yaml") if "BUCKET" in it.read_text(encoding="utf-8")]
    assert len(named) == 2
    assert all(f"BUCKET=s3://{BUCKET}\n" in it.read_text(encoding="utf-8") for it in named)
