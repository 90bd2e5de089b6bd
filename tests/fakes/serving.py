"""What every fake service needs to answer on loopback, in a process of its own."""

from __future__ import annotations

import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class FakeHandler(BaseHTTPRequestHandler):
    """One request, whatever its verb: a fake answers all of them, and tells which are wrong."""

    protocol_version = "HTTP/1.1"
    #: Or the end of each answer waits for the reader to acknowledge its beginning.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_PUT(self) -> None:
        self._answer("PUT")

    def do_PATCH(self) -> None:
        self._answer("PATCH")

    def do_DELETE(self) -> None:
        self._answer("DELETE")

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""

    def _answer(self, method: str) -> None:
        raise NotImplementedError


class _Server(ThreadingHTTPServer):
    """Many connections at once, none of which holds up the end."""

    daemon_threads = True
    request_queue_size = 64


def serve(handler: type[FakeHandler], port: int = 0) -> None:
    """Print the port, and serve until stdin closes."""
    server = _Server(("127.0.0.1", port), handler)
    print(server.server_address[1], flush=True)  # noqa: T201 - whoever started us reads it
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
