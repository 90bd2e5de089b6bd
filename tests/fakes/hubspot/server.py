"""The fake portal as a server of its own: ``python -m tests.fakes.hubspot.server FOLDER``.

It prints its port. ``/_fake`` is the back door of the tests: what was asked, and what goes wrong.
"""

from __future__ import annotations

import argparse
import json
import re
import socket
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlsplit

from tests.fakes.hubspot.answering import Answering
from tests.fakes.hubspot.errors import HubSpotFakeError
from tests.fakes.hubspot.faults import answers
from tests.fakes.hubspot.portal import FakePortal
from tests.fakes.script import Script
from tests.fakes.serving import FakeHandler, serve

#: All that a reader has to send; anything else fails the test.
_POSTS = re.compile(
    r"/oauth/v1/token|/oauth/v2/private-apps/get/access-token-info"
    r"|/crm/v3/objects/[a-z]+/(batch/read|search)|/crm/objects/2026-03/[a-z]+/(batch/read|search)"
    r"|/crm/v4/associations/[a-z]+/[a-z]+/batch/read"
    r"|/crm/associations/2026-03/[a-z]+/[a-z]+/batch/read"
)
_STALL = 1.5
GIVEN_TOKEN = "pat-eu1-00000000-0000-0000-0000-000000000000"


@dataclass
class Rate:
    """How many requests a portal allows in a span of time; 0 allows any number.

    Attributes:
        most: Requests in the span.
        span: Its length in seconds; HubSpot has ten.
        refused: Requests that came too soon.
    """

    most: int = 0
    span: float = 10.0
    refused: int = 0
    times: deque[float] = field(default_factory=deque)

    def refuses(self) -> bool:
        """Count a request, and return whether it comes too soon."""
        now = time.monotonic()
        while self.times and self.times[0] <= now - self.span:
            self.times.popleft()
        if self.most and len(self.times) >= self.most:
            self.refused += 1
            return True
        self.times.append(now)
        return False


@dataclass
class Fake:
    """Everything behind the handler."""

    answering: Answering
    rate: Rate = field(default_factory=Rate)
    daily: int = 250_000
    used: int = 0
    with_headers: bool = True
    accepted: set[str] = field(default_factory=lambda: {GIVEN_TOKEN})
    sign_ins: int = 0
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
            if "reset" in asked:
                self.requests.clear()
                self.accepted = {GIVEN_TOKEN}
            self.change(asked)
        return {
            "requests": self.requests,
            "violations": self.violations,
            "sign_ins": self.sign_ins,
            "struck": self.script.strikes,
            "refused": self.rate.refused,
        }

    def change(self, asked: dict[str, Any]) -> None:
        """Do what people do in a portal, or change how it answers."""
        for name, value in asked.get("set", {}).items():
            setattr(self.answering, name, value)
        if edit := asked.get("edit"):
            self.answering.portal.edit(**edit)
        if drop := asked.get("drop"):
            self.answering.portal.drop_property(*drop)

    def headers(self) -> dict[str, str]:
        """Return what an answer tells of the limits."""
        if not self.with_headers:
            return {}
        most = self.rate.most or 100
        left = str(max(0, most - len(self.rate.times)))
        return {
            "X-HubSpot-RateLimit-Daily": str(self.daily),
            "X-HubSpot-RateLimit-Daily-Remaining": str(self.daily - self.used),
            "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
            "X-HubSpot-RateLimit-Max": str(most),
            "X-HubSpot-RateLimit-Remaining": left,
        }

    def sign_in(self, body: str) -> tuple[int, dict[str, Any]]:
        """Exchange a refresh token for another token."""
        form = {name: values[0] for name, values in parse_qs(body).items()}
        told = [form.get(name) for name in ("grant_type", "client_id", "client_secret")]
        if told != ["refresh_token", "client", "shhh"] or form.get("refresh_token") != "refresh":
            return 400, {"status": "BAD_REFRESH_TOKEN", "message": "missing or invalid refresh"}
        self.sign_ins += 1
        token = f"oauth-token-{self.sign_ins}"
        self.accepted.add(token)
        return 200, {"access_token": token, "expires_in": 1800, "refresh_token": "refresh"}


class Handler(FakeHandler):
    """One request."""

    fake: Fake

    def _answer(self, method: str) -> None:
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        fake = self.fake
        if url.path == "/_fake":
            self._send(200, {}, json.dumps(fake.back_door(method, body)).encode())
            return
        with fake.lock:
            fake.requests.append(f"{method} {url.path}")
            fake.used += 1
            fault = fake.script.struck(unquote_plus(f"{method} {self.path} {body}"))
            refused = fake.rate.refuses()
            if method != "GET" and not (method == "POST" and _POSTS.fullmatch(url.path)):
                fake.violations.append(f"{method} {url.path}")
        if refused:
            fault = "429_ten_secondly"
        if fault and self._strikes(fault):
            return
        try:
            status, data = self._found(method, url.path, url.query, body)
        except HubSpotFakeError as error:
            status, data = error.status, error.body()
        if fault == "repeat_row" and data.get("results"):
            data["results"].append(data["results"][0])
        if fault == "empty_page" and "results" in data:  # a short page that leads on
            start = dict(parse_qs(url.query)).get("after", ["0"])[0]
            data = {"results": [], "paging": {"next": {"after": start}}}
        content = json.dumps(data).encode()
        if fault == "quiet_cut":  # a proxy that cuts, and announces what it lets through
            content = content[: len(content) // 2]
        self._send(status, fake.headers(), content, cut=fault == "cut")

    def _found(self, method: str, path: str, query: str, body: str) -> tuple[int, dict[str, Any]]:
        fake = self.fake
        if path == "/oauth/v1/token":
            return fake.sign_in(body)
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in fake.accepted:
            text = "Authentication credentials not found."
            raise HubSpotFakeError(401, "INVALID_AUTHENTICATION", text)
        if len(self.path) > fake.answering.longest:
            raise HubSpotFakeError(414, "URI_TOO_LONG", "URI Too Long")
        return fake.answering.answer(
            method, path, parse_qs(query), json.loads(body) if body else None
        )

    def _strikes(self, fault: str) -> bool:
        """Let a fault take the place of the answer; return whether it did."""
        if fault in (plain := answers()):
            status, headers, text = plain[fault]
            headers = {"Content-Type": "application/json;charset=utf-8"} | headers
            self._send(status, headers, text.encode())
        elif fault == "reset":
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        elif fault == "revoke":
            self.fake.accepted.clear()
            return False
        elif fault == "stall":
            time.sleep(_STALL)
            return False
        else:
            return False
        return True

    def _send(
        self, status: int, headers: dict[str, str], content: bytes, *, cut: bool = False
    ) -> None:
        try:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("X-HubSpot-Correlation-Id", f"c-{len(self.fake.requests)}")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) * 2 // 3] if cut else content)
            self.close_connection = self.close_connection or cut
        except OSError:  # the reader has gone
            self.close_connection = True


def main() -> None:
    """Serve until stdin closes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--options", default="{}")
    chosen = parser.parse_args()
    options = json.loads(chosen.options)
    of_fake = {
        name: options.pop(name) for name in ("daily", "used", "with_headers") if name in options
    }
    rate = Rate(options.pop("most", 0), options.pop("span", 10.0))
    Handler.fake = Fake(Answering(FakePortal(chosen.folder), **options), rate, **of_fake)
    serve(Handler)


if __name__ == "__main__":
    main()
