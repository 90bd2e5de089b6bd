"""How near a pull comes to the rate that a portal permits, and what a million contacts take.

``python -m bench.portal rate [REQUESTS]``: a portal that refuses whoever is faster than a hundred
requests in ten seconds. ``python -m bench.portal memory [CONTACTS]``: one without a limit, whose
contacts are pulled and turned into tables of text. The server is a process of its own.
"""

from __future__ import annotations

import json
import math
import multiprocessing
import resource
import sys
import tempfile
import threading
import time
from collections import deque
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

_PAGE, _MOST, _SPAN = 100, 100, 10.0
_NAMES = ("firstname", "lastname", "email", "phone", "jobtitle", "city", "hubspot_owner_id",
          "createdate", "lastmodifieddate")  # fmt: skip


def _contact(number: int) -> str:
    values = {
        "firstname": "Claire", "lastname": f"Durand {number}", "email": f"c{number}@example.test",
        "phone": "+33 1 23 45 67 89", "jobtitle": "Directrice des achats", "city": "Lyon",
        "hubspot_owner_id": "100001", "createdate": "2026-01-15T10:00:00Z",
        "lastmodifieddate": "2026-02-15T10:00:00Z", "hs_object_id": str(number),
    }  # fmt: skip
    told = {"id": str(number), "properties": values, "updatedAt": "2026-02-15T10:00:00Z"}
    return json.dumps(told | {"createdAt": "2026-01-15T10:00:00Z", "archived": False})


def serve(contacts: int, limited: bool, port: Any) -> None:
    """Serve a portal that holds contacts and nothing else."""
    sent: deque[float] = deque()
    counted, lock = {"refused": 0, "answered": 0, "seconds": 0.0}, threading.Lock()
    begun: list[float] = []

    def is_refused() -> bool:
        with lock:
            now = time.monotonic()
            while sent and sent[0] <= now - _SPAN:
                sent.popleft()
            refused = limited and len(sent) >= _MOST
            counted["refused" if refused else "answered"] += 1
            if not refused:
                sent.append(now)
                begun.append(now)
                counted["seconds"] = now - begun[0]
            return refused

    def page(path: str, query: dict[str, list[str]]) -> bytes:
        if not path.endswith("/contacts") or query.get("archived") == ["true"]:
            return b'{"results": []}'
        start = int(query.get("after", ["0"])[0])
        stop = min(contacts, start + _PAGE)
        rows = ", ".join(_contact(10_000 + number) for number in range(start, stop))
        more = f', "paging": {{"next": {{"after": "{stop}"}}}}' if stop < contacts else ""
        return f'{{"results": [{rows}]{more}}}'.encode()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if url.path == "/_counted":
                self._send(200, json.dumps(counted).encode())
            elif is_refused():
                self._send(429, b'{"policyName": "TEN_SECONDLY_ROLLING", "message": "limit"}')
            elif "/properties/" in url.path:
                named = [{"name": name, "label": name} for name in _NAMES]
                self._send(200, json.dumps({"results": named}).encode())
            elif "/objects/" in url.path:
                self._send(200, page(url.path, parse_qs(url.query)))
            else:
                self._send(200, b'{"results": [], "portalId": 1, "uiDomain": "app.hubspot.com"}')

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if is_refused():
                self._send(429, b'{"policyName": "TEN_SECONDLY_ROLLING", "message": "limit"}')
                return
            told = [{"context": {"fromObjectId": [each["id"]]}} for each in body["inputs"]]
            self._send(207, json.dumps({"results": [], "errors": told}).encode())

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("X-HubSpot-RateLimit-Max", str(_MOST if limited else 1_000_000))
            self.send_header("X-HubSpot-RateLimit-Interval-Milliseconds", "10000")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    port.put(server.server_address[1])
    server.serve_forever()


def _peak() -> float:
    """Return the most memory that this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def pull(origin: str, folder: Path) -> tuple[float, float, int]:
    """Pull the portal; return seconds, peak memory until then, and rows of text afterwards."""
    from connectors.engines.duckdb import Engine
    from connectors.hubspot.connector import HubSpot
    from connectors.hubspot.pull import plans_of
    from connectors.hubspot.settings import HubSpotSource
    from connectors.hubspot.tables import raw_tables

    told = {"system": "hubspot", "host": origin, "secret": "env:TOKEN"}
    now = datetime(2026, 11, 2, tzinfo=UTC)
    source = HubSpotSource.model_validate(told)
    start = time.perf_counter()
    store = HubSpot("bench", source, lambda place: "token", folder=folder, now=now).pull()
    pulled, peak = time.perf_counter() - start, _peak()
    engine = Engine(folder)
    tables, _ = raw_tables(store, plans_of(store), engine)
    rows = next(table.rows_loaded for table in tables if table.name == "contacts")
    engine.close()
    return pulled, peak, rows


def main(what: str, size: int) -> None:
    """Measure, and print."""
    import requests

    limited = what == "rate"
    contacts = (size - 40) * _PAGE if limited else size  # some forty requests are for other things
    port: Any = multiprocessing.Queue()
    server = multiprocessing.Process(target=serve, args=(contacts, limited, port), daemon=True)
    server.start()
    origin = f"http://127.0.0.1:{port.get()}"
    with tempfile.TemporaryDirectory() as folder:
        seconds, peak, rows = pull(origin, Path(folder))
    counted = requests.get(f"{origin}/_counted", timeout=10).json()
    server.terminate()
    print(f"{rows:,} contacts, {counted['answered']:,} requests in {seconds:.1f} s")
    if limited:
        least = _SPAN * (math.ceil(counted["answered"] / _MOST) - 1)
        print(f"{least / counted['seconds']:.1%} of the permitted rate from the first request on,")
        print(f"{least / seconds:.1%} with loading the library; {counted['refused']} refused")
    print(f"peak memory {peak:.0f} MB, {_peak():.0f} MB with tables of text")


if __name__ == "__main__":
    kind = sys.argv[1] if len(sys.argv) > 1 else "rate"
    main(kind, int(sys.argv[2]) if len(sys.argv) > 2 else (450 if kind == "rate" else 1_000_000))
