"""Snapshots, reports, bundles and shards in moto's S3, over a real connection."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import boto3
import pytest
from harness import BINARY, SCRIPTS, environment, run, serving
from simulated import NOW, simulation

BUCKET = "mfaudit-runs"
PLAIN = {"AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI"}


class Scene:
    """A simulated organization, and a bucket beside it."""

    def __init__(self, home, simulated, storage: str):
        self.home = home
        self.storage = storage
        self.simulated = simulated
        self.s3 = boto3.client(
            "s3",
            endpoint_url=storage,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def run(self, *arguments: object, storage: str | None = None, env: dict[str, str] | None = None):
        """Runs mfaudit; AWS is the simulator, but for S3."""
        more = self.simulated.env | {
            "AWS_ENDPOINT_URL_S3": storage or self.storage,
            "SOURCE_DATE_EPOCH": str(int(NOW.timestamp())),
        }
        return run([BINARY, *arguments], environment(self.home, more | (env or {})), self.home)

    def keys(self, prefix: str = "", bucket: str = BUCKET) -> list[str]:
        listed = self.s3.list_objects_v2(Bucket=bucket, Prefix=prefix)
        return [it["Key"] for it in listed.get("Contents", [])]

    def body(self, key: str) -> bytes:
        return self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()

    def uploads(self) -> list[str]:
        """The keys of uploads that were begun and not ended, whose parts cost money though nobody sees them."""
        listed = self.s3.list_multipart_uploads(Bucket=BUCKET)
        return [it["Key"] for it in listed.get("Uploads", [])]

    def wipe(self):
        for key in self.keys():
            self.s3.delete_object(Bucket=BUCKET, Key=key)


@pytest.fixture(scope="module")
def _served(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    server = [SCRIPTS / "moto_server", "-H", "127.0.0.1", "-p", "0"]
    with (
        simulation(home, "--accounts", 30, "--users", 4, "--report-delay-ms", 50) as simulated,
        serving(server, environment(home), ready="Running on") as lines,
    ):
        address = next(it for it in lines if "Running on http" in it).split()[-1]
        scene = Scene(home, simulated, address)
        scene.s3.create_bucket(Bucket=BUCKET)
        yield scene


@pytest.fixture
def scene(_served):
    _served.wipe()
    yield _served


def test_a_run_goes_to_the_bucket_and_is_read_from_it(scene):
    done = scene.run(
        "audit",
        *("--snapshot", f"s3://{BUCKET}/runs/run.mfaudit"),
        *("--format", f"json=s3://{BUCKET}/runs/report.json"),
        *("--output-dir", f"s3://{BUCKET}/reports", "--formats", "csv,html"),
    )
    assert done.exit in (3, 4), done
    assert scene.keys() == ["reports/report.csv", "reports/report.html", "runs/report.json", "runs/run.mfaudit"]

    # The same as on this machine.
    here = scene.home / "here.json"
    scene.run("evaluate", f"s3://{BUCKET}/runs/run.mfaudit", "--format", f"json={here}")
    assert here.read_bytes() == scene.body("runs/report.json")

    again = scene.run("evaluate", f"s3://{BUCKET}/runs/run.mfaudit", "--baseline", f"s3://{BUCKET}/runs/report.json")
    assert again.exit in (0, 4), again
    assert "0 new" in again.out

    packed = scene.run("bundle", f"s3://{BUCKET}/runs/run.mfaudit", "-o", f"s3://{BUCKET}/bundle.tar")
    assert packed.exit == 0, packed
    assert scene.run("verify", f"s3://{BUCKET}/bundle.tar").exit == 0


def test_nothing_is_overwritten_unless_asked(scene):
    target = f"json=s3://{BUCKET}/report.json"
    snapshot = f"s3://{BUCKET}/run.mfaudit"
    assert scene.run("collect", "-o", snapshot).exit == 0
    assert scene.run("evaluate", snapshot, "--exit-zero", "--format", target).exit == 0
    before = scene.body("report.json")
    refused = scene.run("evaluate", snapshot, "--exit-zero", "--format", target, "--rule", "root-user-mfa")
    assert refused.exit == 1 and "already" in refused.err and "--overwrite" in refused.err, refused
    assert scene.body("report.json") == before
    allowed = scene.run(
        "evaluate", snapshot, "--exit-zero", "--format", target, "--rule", "root-user-mfa", "--overwrite"
    )
    assert allowed.exit == 0, allowed
    assert scene.body("report.json") != before


def test_encryption_is_what_was_asked_for(scene):
    snapshot = scene.home / "run.mfaudit"
    scene.run("collect", "-o", snapshot)
    for name, more, method in [
        ("plain", [], None),
        ("s3", ["--sse", "AES256"], "AES256"),
        ("kms", ["--sse", "aws:kms", "--sse-kms-key-id", "alias/runs"], "aws:kms"),
    ]:
        done = scene.run(
            "evaluate", snapshot, "--exit-zero", "--format", f"csv=s3://{BUCKET}/{name}.csv", *more
        )
        assert done.exit == 0, done
        head = scene.s3.head_object(Bucket=BUCKET, Key=f"{name}.csv")
        # S3 itself, and moto with it, encrypts with its own keys where nothing is said.
        assert head.get("ServerSideEncryption") in ([method] if method else [None, "AES256"])
        assert head.get("SSEKMSKeyId") == ("alias/runs" if name == "kms" else None)
    elsewhere = scene.run(
        "evaluate", snapshot, "--format", f"csv=file://{scene.home}/x.csv", "--sse", "AES256"
    )
    assert elsewhere.exit == 2 and "encryption" in elsewhere.err, elsewhere


def test_a_bucket_that_is_missing_or_closed_says_what_to_do_and_keeps_the_file(scene):
    snapshot = scene.home / "run.mfaudit"
    scene.run("collect", "-o", snapshot)
    missing = scene.run("evaluate", snapshot, "--format", "csv=s3://no-such-bucket-here/x.csv")
    assert missing.exit == 1, missing
    assert "s3://no-such-bucket-here/x.csv" in missing.err and "check the bucket's" in missing.err, missing
    for command in (
        ("merge", "s3://no-such-bucket-here/x", "-o", "x", "--wait", "2h"),
        ("history", "s3://no-such-bucket-here"),
    ):
        missing = scene.run(*command)
        assert missing.exit == 1 and "NoSuchBucket" in missing.err and "check the bucket's" in missing.err, missing
    with refusing(scene.storage, "PUT", 403, "AccessDenied") as door:
        closed = scene.run("evaluate", snapshot, "--format", f"csv=s3://{BUCKET}/x.csv", storage=door)
    assert closed.exit == 1 and "s3:PutObject" in closed.err, closed
    kept = closed.err.split("the file is kept: ")[1].split(";")[0].strip()
    with open(kept, encoding="utf-8") as file:
        assert file.readline().startswith("status,")
    assert scene.keys() == []


def test_an_upload_that_is_cut_leaves_nothing_of_that_name(scene):
    # Large enough to go up in parts.
    header = "user,arn,user_creation_time,password_enabled,password_last_used,mfa_active,access_key_1_active,access_key_2_active"
    users = [
        f"u{n},arn:aws:iam::111122223333:user/u{n},2024-01-01T00:00:00+00:00,true,no_information,false,false,false"
        for n in range(24_000)
    ]
    evidence = scene.home / "credential-report.csv"
    evidence.write_text("\n".join([header, *users, ""]))
    big = scene.home / "big.ndjson"
    arguments = ("evaluate", evidence, "--as-of", "2026-11-24", "--exit-zero", "--rule", "iam-user-mfa")
    whole = scene.run(*arguments, "--format", f"ndjson={big}")
    assert whole.exit == 0, whole
    assert big.stat().st_size > 16 * 2**20
    target = f"ndjson=s3://{BUCKET}/big.ndjson"
    done = scene.run(*arguments, "--format", target)
    assert done.exit == 0, done
    assert scene.body("big.ndjson") == big.read_bytes()
    assert scene.keys() == ["big.ndjson"], "a part was left"
    assert scene.uploads() == []
    scene.wipe()
    with refusing(scene.storage, "PUT", 400, "BadDigest", after=2) as door:
        cut = scene.run(*arguments, "--format", target, storage=door)
    assert cut.exit == 1 and "the file is kept" in cut.err, cut
    assert f"s3://{BUCKET}/big.ndjson: 400 Bad Request, BadDigest: no" in cut.err, cut
    assert scene.keys() == []
    assert scene.uploads() == []


def test_shards_meet_in_the_bucket(scene):
    url = f"s3://{BUCKET}/shared"
    one = scene.home / "one.mfaudit"
    scene.run("collect", "-o", one)
    assert scene.run("discover", "--to", url).exit == 0
    # Both of the second shard deliver; one of them is first.
    starts = [(0, 2), (1, 2), (1, 2)]
    done = []

    def start(number: int, index: int, count: int):
        kept = scene.home / f"shard-{number}.mfaudit"
        arguments = ("collect", "--shard", f"{index}/{count}", "--accounts-from", url, "--to", url, "-o", kept)
        done.append(scene.run(*arguments))

    threads = [threading.Thread(target=start, args=(number, *it)) for number, it in enumerate(starts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [it.exit for it in done] == [0, 0, 0], done
    merged = scene.run("merge", url, "-o", f"s3://{BUCKET}/merged.mfaudit")
    assert merged.exit == 0, merged
    assert scene.body("merged.mfaudit") == one.read_bytes()
    assert scene.keys("shared/") == [
        "shared/accounts.jsonl",
        "shared/shards.json",
        "shared/shards/0-of-2.mfaudit",
        "shared/shards/1-of-2.mfaudit",
    ]


def test_no_secret_is_said_whatever_is_asked_to_be_logged(scene):
    done = scene.run(
        "evaluate",
        f"s3://{BUCKET}/nothing.mfaudit",
        env={"MFAUDIT_LOG": "trace", "AWS_SESSION_TOKEN": "SESSION-TOKEN-THAT-IS-SECRET"},
    )
    assert done.exit == 1, done
    for secret in (scene.simulated.env["AWS_SECRET_ACCESS_KEY"], "SESSION-TOKEN-THAT-IS-SECRET"):
        assert secret not in done.err + done.out


def test_an_address_with_a_secret_in_it_is_refused_without_saying_it(scene):
    done = scene.run("evaluate", "s3://AKIA:hunter2@bucket/run.mfaudit")
    assert done.exit == 2 and "hunter2" not in done.err + done.out, done
    assert "credentials do not belong in it" in done.err, done


@contextmanager
def refusing(address: str, method: str, status: int, code: str, after: int = 0):
    """Stands between a client and S3, and refuses requests of a method but for the first few."""
    seen = []

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass(self):
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            if self.command == method:
                seen.append(self.path)
                if len(seen) > after:
                    answer = f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()
                    return self._answer(status, {}, answer)
            headers = {key: value for key, value in self.headers.items() if key.lower() != "host"}
            # Else urllib says that the body is a form, and moto reads it as one.
            if "content-type" not in (key.lower() for key in headers):
                headers["Content-Type"] = "application/octet-stream"
            request = Request(address + self.path, body or None, headers, method=self.command)
            try:
                with urlopen(request) as answer:
                    return self._answer(answer.status, dict(answer.headers), answer.read())
            except HTTPError as error:
                return self._answer(error.code, dict(error.headers), error.read())

        def _answer(self, status: int, headers: dict[str, str], body: bytes):
            self.send_response(status)
            for key, value in headers.items():
                if key.lower() not in ("content-length", "transfer-encoding", "connection", "date", "server"):
                    self.send_header(key, value)
            self.send_header("Content-Length", headers.get("Content-Length", str(len(body))) if self.command == "HEAD" else str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _pass

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
