"""How fast a bulk job is pulled, against the same bytes fetched and parsed by libraries alone.

``python -m bench.pull [RECORDS]``: a server of its own process serves prepared pages of tasks; the
bare way fetches them with requests into files and lets DuckDB read them; our way is the reader of
the connector, with journal, checksums and counts, and its tables of text. The median of five.

``python -m bench.pull memory [RECORDS]``: what the pull takes of memory, alone and with the tables.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import requests

_PAGE = 50_000
_HEADER = (
    "Id", "WhoId", "WhatId", "Subject", "Description", "ActivityDate", "Status", "IsClosed",
    "OwnerId", "CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById", "IsDeleted",
    "SystemModstamp",
)  # fmt: skip
_ROW = """
    select '00TKz' || lpad(i::varchar, 10, '0') || 'AAA', '003Kz' || lpad((i % 9999)::varchar, 10,
    '0') || 'AAA', '006Kz' || lpad((i % 7777)::varchar, 10, '0') || 'AAA', 'About offer ' || i,
    case when i % 3 = 0 then 'They said "yes", and' || chr(10) || 'by Friday, at ' || i end,
    '2026-0' || (1 + i % 9) || '-15', 'Completed', 'true', '005Kz0000000001AAA',
    '2026-01-15T10:00:00.000Z', '005Kz0000000001AAA', '2026-01-15T10:00:00.000Z',
    '005Kz0000000001AAA', 'false', '2026-01-15T10:00:00.000Z'
    from range({start}, {stop}) t(i)
"""


@dataclass(frozen=True)
class Pull:
    """Seconds, and the most memory in MB, until the pages lay on disk and with the tables."""

    pulled: float
    seconds: float
    pulled_mb: float
    peak_mb: float


def prepare(folder: Path, records: int) -> None:
    """Write the pages."""
    engine = duckdb.connect()
    names = ", ".join(f'"{name}"' for name in _HEADER)
    for page, start in enumerate(range(0, records, _PAGE)):
        rows = _ROW.format(start=start, stop=min(records, start + _PAGE))
        engine.execute(
            f"copy (select * from ({rows}) t({names})) to '{folder}/{page}.csv'"
            " (header, force_quote *)"
        )


def serve(folder: Path, records: int, port: Any) -> None:
    """Serve the pages as the results of a finished job."""
    pages = [file.read_bytes() for file in sorted(folder.iterdir(), key=lambda f: int(f.stem))]
    count = len(pages)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {"Content-Type": "text/csv"}
            if "/resultPages" in self.path:
                first = int(self.path.partition("from=")[2] or 0)
                base = self.path.partition("/resultPages")[0]
                listed = range(first, min(first + 5, count))
                told = {
                    "resultPages": [{"resultUrl": f"{base}/results?locator={n}"} for n in listed],
                    "done": first + 5 >= count,
                    "nextRecordUrl": f"{base}/resultPages?from={first + 5}",
                }
                body = json.dumps(told).encode()
            elif "/results" in self.path:
                at = int(self.path.partition("locator=")[2] or 0)
                body = pages[at]
                rows = min(_PAGE, records - at * _PAGE)
                headers["Sforce-NumberOfRecords"] = str(rows)
                headers["Sforce-Locator"] = str(at + 1) if at + 1 < count else "null"
            else:
                body = f'{{"state": "JobComplete", "numberRecordsProcessed": {records}}}'.encode()
            self._send(headers, body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self._send({}, b'{"id": "750"}')

        def _send(self, headers: dict[str, str], body: bytes) -> None:
            self.send_response(200)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    port.put(server.server_address[1])
    server.serve_forever()


def bare(origin: str, folder: Path) -> float:
    """Fetch every page with requests, and let DuckDB read them."""
    start = time.perf_counter()
    session, files, locator = requests.Session(), [], "0"
    while locator != "null":
        answer = session.get(f"{origin}/jobs/query/750/results?locator={locator}", stream=True)
        files.append(folder / f"bare-{locator}.csv")
        with files[-1].open("wb") as out:
            for chunk in answer.iter_content(1 << 18):
                out.write(chunk)
        locator = answer.headers["Sforce-Locator"]
    listed = ", ".join(f"'{file}'" for file in files)
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in _HEADER)
    duckdb.connect().execute(
        f"create table t as select * from read_csv([{listed}], header = true, delim = ',',"
        f" quote = '\"', escape = '\"', auto_detect = false, columns = {{{columns}}})"
    )
    return time.perf_counter() - start


def ours(origin: str, folder: Path) -> Pull:
    """Pull the job as the connector does, and make tables of text of it."""
    from connectors.engines.duckdb import Engine
    from connectors.http.limiter import Clock, Limiter, Window
    from connectors.http.log import RequestLog
    from connectors.http.pages import PageStore
    from connectors.http.read_only import Allowed, ReadOnlyTransport
    from connectors.http.retries import RetryPolicy
    from connectors.http.session import Access, Grant, Session
    from connectors.salesforce.answers import judge
    from connectors.salesforce.connector import Salesforce
    from connectors.salesforce.org import Org
    from connectors.salesforce.plan import ObjectPlan
    from connectors.salesforce.reader import ObjectReader
    from connectors.salesforce.tables import raw_tables

    start = time.perf_counter()
    http, clock = requests.Session(), Clock()
    http.mount("http://", ReadOnlyTransport([Allowed("POST", path) for path in Salesforce.posts]))
    store = PageStore.create(folder / "pull", {})
    session = Session(
        http,
        Access(lambda: Grant("token", origin)),
        judge,
        service="bench",
        limiter=Limiter(Window(1_000, 1.0, clock), 3),
        policy=RetryPolicy(),
        log=RequestLog(store.log_file),
    )
    plan = ObjectPlan("Task", _HEADER, ("SystemModstamp",), bulk=True)
    ObjectReader(Org(session, "62.0"), store, plan, clock).read()
    pulled, pulled_mb = time.perf_counter() - start, _peak()
    engine = Engine(folder)
    raw_tables(store, [plan], engine)
    engine.close()
    return Pull(pulled, time.perf_counter() - start, pulled_mb, _peak())


def _peak() -> float:
    """Return the most memory that this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def _served(records: int) -> Iterator[tuple[str, int]]:
    """Yield where the pages are served, by another process, and how many bytes they are."""
    apart = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as name:
        making = apart.Process(target=prepare, args=(Path(name), records))
        making.start()
        making.join()
        port: Any = apart.Queue()
        server = apart.Process(target=serve, args=(Path(name), records, port), daemon=True)
        server.start()
        yield (
            f"http://127.0.0.1:{port.get()}",
            sum(file.stat().st_size for file in Path(name).iterdir()),
        )
        server.terminate()


def memory(records: int) -> None:
    """Pull once; print the peaks of this process."""
    with _served(records) as (origin, size), tempfile.TemporaryDirectory() as work:
        once = ours(origin, Path(work))
    print(f"{records:,} tasks, {size / 1e6:,.0f} MB, pulled in {once.pulled:.1f} s")
    print(f"peak memory {once.pulled_mb:.0f} MB, {once.peak_mb:.0f} MB with tables of text")


def rate(records: int) -> None:
    """Pull five times in both ways; print how they compare."""
    libraries: list[float] = []
    pulls: list[Pull] = []
    with _served(records) as (origin, size):
        for _ in range(5):
            with tempfile.TemporaryDirectory() as work:
                libraries.append(bare(origin, Path(work)))
            with tempfile.TemporaryDirectory() as work:
                pulls.append(ours(origin, Path(work)))
    alone, whole = statistics.median(libraries), statistics.median(p.seconds for p in pulls)
    pulled = statistics.median(p.pulled for p in pulls)
    print(f"{records:,} tasks, {size / 1e6:.0f} MB")
    print(f"requests and DuckDB alone {alone:.2f} s, ours {whole:.2f} s ({pulled:.2f} s pulling)")
    print(f"{alone / whole:.0%} of the rate of libraries alone")


if __name__ == "__main__":
    if sys.argv[1:2] == ["memory"]:
        memory(int(sys.argv[2]) if len(sys.argv) > 2 else 5_000_000)
    else:
        rate(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
