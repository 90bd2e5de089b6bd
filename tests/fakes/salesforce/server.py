"""The fake org as a server of its own: ``python -m tests.fakes.salesforce.server FOLDER``.

It prints its port. ``/_fake`` is the back door of the tests: what was asked, and what goes wrong.
"""

from __future__ import annotations

import argparse
import json
import re
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from tests.fakes.salesforce.answering import Answering
from tests.fakes.salesforce.errors import SalesforceFakeError
from tests.fakes.salesforce.faults import answers
from tests.fakes.salesforce.org import FakeOrg
from tests.fakes.salesforce.tokens import Tokens
from tests.fakes.script import Script
from tests.fakes.serving import FakeHandler, serve

#: All that a reader has to send; anything else fails the test.
_POSTS = re.compile(r"/services/oauth2/token|/services/data/v\d+\.0/jobs/query")
_STALL = 1.5


@dataclass
class Fake:
    """Everything behind the handler."""

    answering: Answering
    tokens: Tokens = field(default_factory=Tokens)
    script: Script = field(init=False)
    requests: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.script = Script(self.change)

    def back_door(self, method: str, body: str) -> Any:
        """Tell what happened, or change what happens."""
        if method == "POST":
            asked = json.loads(body)
            if "script" in asked:
                self.script.read(asked["script"])
            self.change(asked)
            if "reset" in asked:
                self.requests.clear()
                self.tokens.restore()
        return {
            "requests": self.requests,
            "violations": self.violations,
            "sign_ins": self.tokens.sign_ins,
            "struck": self.script.strikes,
        }

    def change(self, asked: dict[str, Any]) -> None:
        """Do what people do in an org, or let it forget."""
        if "sql" in asked:
            self.answering.org.run(asked["sql"])
        if "hide" in asked:
            self.answering.org.hidden |= set(asked["hide"])
        if "forget_cursors" in asked:
            self.answering.cursors.clear()
        if "expire" in asked:
            self.tokens.expire()


class Handler(FakeHandler):
    """One request."""

    fake: Fake

    def _answer(self, method: str) -> None:
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if url.path == "/_fake":
            self._send(200, {}, json.dumps(self.fake.back_door(method, body)).encode())
            return
        written = unquote_plus(f"{method} {self.path} {body}")
        fake = self.fake
        with fake.lock:
            fake.requests.append(f"{method} {url.path}")
            fake.answering.used += 1
            fault = fake.script.struck(written)
            if method != "GET" and not (method == "POST" and _POSTS.fullmatch(url.path)):
                fake.violations.append(f"{method} {url.path}")
        if fault and self._strike_before(fault):
            return
        try:
            status, headers, content = self._found(method, url.path, url.query, body)
        except SalesforceFakeError as error:
            status, headers = error.status, {"Content-Type": "application/json;charset=UTF-8"}
            content = json.dumps(error.body()).encode()
        if fault:
            headers, content = self._strike_after(fault, headers, content)
        self._send(status, headers, content, cut=fault if fault.startswith("cut") else "")

    def _found(
        self, method: str, path: str, query: str, body: str
    ) -> tuple[int, dict[str, str], bytes]:
        fake = self.fake
        if path == "/services/oauth2/token":
            status, data = fake.tokens.sign_in(body, self.headers.get("Authorization", ""))
            return status, {"Content-Type": "application/json"}, json.dumps(data).encode()
        if not fake.tokens.accepts(self.headers.get("Authorization", "")):
            raise SalesforceFakeError(401, "INVALID_SESSION_ID", "Session expired or invalid")
        if method == "POST" and path.endswith("/jobs/query"):
            return 200, *fake.answering.create_job(body)
        if method != "GET":
            raise SalesforceFakeError(405, "METHOD_NOT_ALLOWED", "HTTP Method not allowed")
        return 200, *fake.answering.get(path, dict(parse_qsl(query)))

    def _strike_before(self, fault: str) -> bool:
        """Let a fault take the place of the answer; return whether it did."""
        fake = self.fake
        if fault in (plain := answers()):
            status, headers, text = plain[fault]
            self._send(status, {"Content-Type": "application/json"} | headers, text.encode())
        elif fault == "reset":
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        elif fault in ("expire", "forget_cursors"):
            fake.change({fault: True})
            return False
        elif fault in ("job_failed", "job_aborted"):
            fake.answering.fate = fault.removeprefix("job_").capitalize()
            return False
        elif fault == "stall":
            time.sleep(_STALL)
            return False
        else:
            return False
        return True

    def _strike_after(
        self, fault: str, headers: dict[str, str], content: bytes
    ) -> tuple[dict[str, str], bytes]:
        """Let a fault change the answer."""
        if fault == "no_locator":
            headers.pop("Sforce-Locator", None)
        elif fault == "no_number":
            headers.pop("Sforce-NumberOfRecords", None)
        elif fault == "repeat_row":
            content = _with_a_row_twice(content)
        elif fault == "quiet_cut":  # a proxy that cuts, and announces what it lets through
            content = content[: len(content) // 2]
        elif fault == "quiet_cut_between":  # the same, between two records
            content = content[: content.rfind(b'\n"', 0, len(content) // 2) + 1]
        return headers, content

    def _send(self, status: int, headers: dict[str, str], content: bytes, cut: str = "") -> None:
        answering = self.fake.answering
        try:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            usage = f"api-usage={answering.used}/{answering.daily}"
            self.send_header("Sforce-Limit-Info", usage)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) * 2 // 3] if cut else content)
            if cut:
                self.close_connection = True
        except OSError:  # the reader has gone
            self.close_connection = True


def _with_a_row_twice(content: bytes) -> bytes:
    """Return a page in which one record comes twice, as when records move while they are read."""
    try:
        page = json.loads(content)
    except ValueError:
        return content
    if isinstance(page, dict) and page.get("records"):
        page["records"].append(page["records"][0])
    return json.dumps(page).encode()


def main() -> None:
    """Serve until stdin closes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--options", default="{}")
    chosen = parser.parse_args()
    options = json.loads(chosen.options)
    tokens = Tokens(public_key=options.pop("public_key", ""))
    org = FakeOrg(chosen.folder, options.pop("hidden", ()), features=options.pop("features", ()))
    Handler.fake = Fake(Answering(org, **options), tokens)
    serve(Handler, chosen.port)


if __name__ == "__main__":
    main()
