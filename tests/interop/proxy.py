"""A proxy in front of moto, which refuses what it is told to refuse, and dates credential reports.

moto answers every AssumeRole, cannot deny one action alone, keeps a report for ever, and dates it to the year 2015.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

# What moto takes an unknown access key for.
OWN_ACCOUNT = "123456789012"


@dataclass(frozen=True)
class Call:
    """A request: which action, and in which account; for AssumeRole, the account of the role."""

    action: str
    account: str


class RefusingProxy:
    """Passes on what it does not refuse, and remembers what it was asked."""

    def __init__(self, upstream: str, refuses: Callable[[Call], bool]):
        self._upstream = urlsplit(upstream).netloc
        self._refuses = refuses
        self._accounts: dict[str, str] = {}
        self._generated: set[str] = set()
        self.asked: list[Call] = []
        self.refused: list[Call] = []

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, str, bytes]:
        call = self._read(headers, body)
        self.asked.append(call)
        if self._refuses(call):
            self.refused.append(call)
            return _error(403, "AccessDenied", _denial(call))
        # As at AWS, and unlike moto, there is no report before somebody has one generated.
        if call.action == "GenerateCredentialReport":
            self._generated.add(call.account)
        if call.action == "GetCredentialReport" and call.account not in self._generated:
            return _error(410, "ReportNotPresent", "Unknown")
        return self._pass_on(method, path, headers, body, call)

    def _read(self, headers: dict[str, str], body: bytes) -> Call:
        target = headers.get("x-amz-target")
        form = {} if target else parse_qs(body.decode())
        action = target.rsplit(".", 1)[-1] if target else form.get("Action", [""])[0]
        if action == "AssumeRole":
            return Call(action, form["RoleArn"][0].split(":")[4])
        key = re.search(r"Credential=([^/]+)/", headers.get("authorization", ""))
        return Call(action, self._accounts.get(key[1] if key else "", OWN_ACCOUNT))

    def _pass_on(self, method, path, headers, body, call) -> tuple[int, str, bytes]:
        connection = HTTPConnection(self._upstream, timeout=60)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            answer = response.read()
        finally:
            connection.close()
        if call.action == "AssumeRole":
            key = re.search(rb"<AccessKeyId>([^<]+)<", answer)
            if key:
                self._accounts[key[1].decode()] = call.account
        if call.action == "GetCredentialReport":
            # What moto reports is the state of this moment.
            time = f"<GeneratedTime>{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ}</GeneratedTime>".encode()
            answer = re.sub(rb"<GeneratedTime>[^<]*</GeneratedTime>", time, answer)
        return response.status, response.getheader("content-type", "text/xml"), answer


def _denial(call: Call) -> str:
    if call.action == "AssumeRole":
        resource = f"arn:aws:iam::{call.account}:role/mfaudit-audit"
        return (
            f"User: arn:aws:sts::{OWN_ACCOUNT}:user/moto is not authorized to perform: sts:AssumeRole "
            f"on resource: {resource}"
        )
    return (
        f"User: arn:aws:sts::{call.account}:assumed-role/mfaudit-audit/mfaudit is not authorized to perform: "
        f"iam:{call.action} on resource: * because no identity-based policy allows the iam:{call.action} action"
    )


def _error(status: int, code: str, message: str) -> tuple[int, str, bytes]:
    text = (
        '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type>'
        f"<Code>{code}</Code><Message>{message}</Message></Error>"
        "<RequestId>00000000-0000-0000-0000-000000000000</RequestId></ErrorResponse>"
    )
    return status, "text/xml", text.encode()


@contextmanager
def refusing(upstream: str, refuses: Callable[[Call], bool]):
    """Runs a proxy on a free port of the loopback interface; yields it and its address."""
    proxy = RefusingProxy(upstream, refuses)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, kind, answer = proxy.answer(self.command, self.path, headers, body)
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield proxy, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
