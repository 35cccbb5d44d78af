"""Notifications are what their receivers take: the documented check of signatures, Slack's and Teams' own libraries."""

import json
import os
import ssl
import threading
import tomllib
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from harness import ROOT, environment, run
from jsonschema import Draft202012Validator
from simulated import simulation
from slack_sdk.models.blocks import Block

KEY = "correct horse battery staple"
RULES = ["--rule", "iam-user-console-mfa"]


class Receiver:
    """A server on this machine that keeps what it is sent."""

    def __init__(self):
        self.requests = received = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                received.append((self.headers, body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def begin_tls(self, certificate, key):
        """Speaks TLS from now on."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = self.url.replace("http:", "https:")

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def only(self):
        [request] = self.requests
        return request


@pytest.fixture
def receiver():
    it = Receiver()
    yield it
    it.stop()


@pytest.fixture(scope="module")
def snapshots(mfaudit, tmp_path_factory):
    """Two runs, of organizations that differ in their users."""
    folder = tmp_path_factory.mktemp("notify")
    for seed in (1, 2):
        with simulation(folder, "--accounts", 8, "--seed", seed) as simulated:
            done = mfaudit.run("collect", "--output", folder / f"{seed}.mfaudit", *RULES, env=simulated.env)
        assert done.exit == 0, str(done)
    return folder / "1.mfaudit", folder / "2.mfaudit"


@pytest.fixture(scope="module")
def before(snapshots):
    return snapshots[0]


@pytest.fixture(scope="module")
def snapshot(snapshots):
    return snapshots[1]


def documented(language: str) -> str:
    """Returns the example of the documentation in a language."""
    page = (ROOT / "docs" / "notifications.md").read_text(encoding="utf-8")
    [_, rest] = page.split(f"```{language}\n")
    return rest.split("```")[0]


def notified(mfaudit, snapshot, receiver, tmp_path, keys, *options):
    config = tmp_path / "mfaudit.toml"
    config.write_text(f'[[notify]]\nurl-env = "HOOK"\nsecret-env = "KEY"\non = ["always"]\n{keys}\n', encoding="utf-8")
    env = {"HOOK": receiver.url, "KEY": KEY}
    done = mfaudit.run("evaluate", snapshot, "--config", config, *RULES, *options, env=env)
    assert done.exit in (3, 4), str(done)
    assert "warning" not in done.err, done.err
    return receiver.only()


def test_the_documented_check_takes_what_is_signed_and_nothing_else(mfaudit, snapshot, receiver, tmp_path):
    headers, body = notified(mfaudit, snapshot, receiver, tmp_path, 'body = "json"')
    scope = {}
    exec(documented("python"), scope)
    check = scope["is_from_mfaudit"]
    assert check(KEY.encode(), headers, body)
    assert not check(b"another", headers, body)
    assert not check(KEY.encode(), headers, body + b" ")
    assert not check(KEY.encode(), {}, body)
    assert not check(KEY.encode(), headers, body, tolerance=-1)
    headers.replace_header("Mfaudit-Timestamp", str(int(headers["Mfaudit-Timestamp"]) - 1))
    assert not check(KEY.encode(), headers, body)


def test_the_documented_template_makes_json(mfaudit, before, snapshot, receiver, tmp_path):
    (tmp_path / "own.j2").write_text(documented("jinja"), encoding="utf-8")
    _, body = notified(mfaudit, snapshot, receiver, tmp_path, 'template = "own.j2"', "--baseline", before)
    told = json.loads(body)
    assert told["summary"].startswith("mfaudit: ")
    assert told["severity"] == "critical"
    assert len(told["failures"]) > 1


def test_the_documentation_names_every_key_of_the_message(mfaudit, before, snapshot, receiver, tmp_path):
    page = (ROOT / "docs" / "notifications.md").read_text(encoding="utf-8")
    _, body = notified(mfaudit, snapshot, receiver, tmp_path, 'body = "json"', "--baseline", before)

    def keys(value):
        if isinstance(value, dict):
            yield from value
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
            yield from keys(inner)

    message = json.loads(body)
    assert message["changes"]["new"]["examples"], message
    for key in keys(message):
        assert f"`{key}`" in page or f".{key}`" in page, key


def test_a_receiver_with_a_certificate_of_its_own_is_trusted_if_that_is_named(mfaudit, snapshot, receiver, tmp_path):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(1))
    address = x509.IPAddress(ip_address("127.0.0.1"))
    builder = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False)
    certificate = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    (tmp_path / "certificate.pem").write_bytes(certificate)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(private)
    receiver.begin_tls(tmp_path / "certificate.pem", tmp_path / "key.pem")
    config = tmp_path / "mfaudit.toml"
    config.write_text(f'[[notify]]\nurl = "{receiver.url}"\nbody = "json"\nretry-wait = "1ms"\n', encoding="utf-8")
    command = ["evaluate", snapshot, "--config", config, *RULES]
    done = mfaudit.run(*command)
    assert done.exit in (3, 4), str(done)
    assert "did not arrive: no connection: " in done.err and "certificate" in done.err, done.err
    assert not receiver.requests
    mfaudit.run(*command, env={"AWS_CA_BUNDLE": str(tmp_path / "certificate.pem")})
    receiver.only()


def test_the_documented_configuration_is_valid(mfaudit):
    schema = json.loads(mfaudit.run("config", "schema").out)
    example = tomllib.loads(documented("toml"))
    assert not list(Draft202012Validator(schema).iter_errors(example))
    [first, second] = example["notify"]
    for wrong in (first | {"url": "https://a.example"}, second | {"on": ["news"]}, second | {"body": "x"}):
        assert list(Draft202012Validator(schema).iter_errors({"notify": [wrong]})), wrong


@pytest.mark.parametrize("compared", [True, False])
def test_slack_s_library_has_nothing_against_the_blocks(mfaudit, before, snapshot, receiver, tmp_path, compared):
    options = ["--baseline", before] if compared else []
    _, body = notified(mfaudit, snapshot, receiver, tmp_path, 'body = "slack"\nlink = "https://ci.example/1|2"', *options)
    told = json.loads(body)
    blocks = Block.parse_all(told["blocks"])
    assert [it.type for it in blocks] == [it["type"] for it in told["blocks"]]
    for block, given in zip(blocks, told["blocks"], strict=True):
        block.validate_json()
        assert type(block).type == given["type"]
        assert block.to_dict() == given


@pytest.mark.parametrize("compared", [True, False])
def test_the_adaptive_cards_library_has_nothing_against_the_card(mfaudit, before, snapshot, receiver, tmp_path, compared):
    installed = os.environ.get("MFAUDIT_NPM")
    if installed is None:
        pytest.skip("the library of adaptive cards is not installed: tests/run interop does, where there is npm")
    options = ["--baseline", before] if compared else []
    _, body = notified(mfaudit, snapshot, receiver, tmp_path, 'body = "teams"\nlink = "https://ci.example/1"', *options)
    card = tmp_path / "card.json"
    card.write_bytes(body)
    script = Path(__file__).with_name("read_card.cjs")
    env = environment(tmp_path, {"NODE_PATH": str(Path(installed) / "node_modules")})
    done = run(["node", script, card], env, tmp_path)
    assert done.exit == 0, str(done)
    told = json.loads(done.out)
    assert told["against"] == []
    assert told["texts"][0] == json.loads(body)["attachments"][0]["content"]["body"][0]["text"]
    assert told["actions"] == ["https://ci.example/1"]
