"""The way out: what may leave, how often it is tried, how fast, and what a journal believes."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.http.advice import Answer
from connectors.http.limiter import Clock, HaltedError, Limiter, Window
from connectors.http.log import RequestLog
from connectors.http.pages import Landed, PageStore, Sink
from connectors.http.read_only import Allowed, Patience, ReadOnlyTransport, WriteRefusedError
from connectors.http.retries import RetryPolicy
from tests.connectors.clocks import Ticking


class Recorder(BaseHTTPRequestHandler):
    """Takes whatever comes, and remembers it."""

    seen: list[str]

    def _take(self) -> None:
        self.seen.append(f"{self.command} {self.path}")
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _take  # noqa: N815 - names of the library

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def server() -> Iterator[str]:
    """A server that accepts every verb."""
    Recorder.seen = []
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{httpd.server_address[1]}"
    httpd.shutdown()
    httpd.server_close()


def session(**hosts: str) -> requests.Session:
    """Return connections of which only GET and one POST may leave."""
    transport = ReadOnlyTransport([Allowed("POST", re.compile(r"/token"))], Patience(1, 1), hosts)
    found = requests.Session()
    found.mount("https://", transport)
    found.mount("http://", transport)
    return found


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/sobjects/Account"),
        ("POST", "/token/more"),
        ("POST", "/other?x=/token"),
        ("PUT", "/token"),
        ("PATCH", "/sobjects/Account/1"),
        ("DELETE", "/jobs/1"),
        ("OPTIONS", "/"),
        ("HEAD", "/"),
    ],
)
def test_what_is_not_listed_does_not_leave(method: str, path: str, server: str) -> None:
    with pytest.raises(WriteRefusedError):
        session().request(method, server + path, json={"Name": "x"})
    assert Recorder.seen == []


def test_what_is_listed_leaves(server: str) -> None:
    http = session()
    http.get(f"{server}/anything?q=1")
    http.post(f"{server}/token?x=1", data="a=b")
    assert Recorder.seen == ["GET /anything?q=1", "POST /token?x=1"]


def test_nothing_leaves_without_encryption_but_to_this_machine() -> None:
    with pytest.raises(WriteRefusedError, match="not encrypted"):
        session().get("http://acme.example/limits")


def test_a_host_that_a_library_makes_up_is_found_where_it_is(server: str) -> None:
    session(**{"acme.salesforce.com": server}).post("https://acme.salesforce.com/token", data="a")
    assert Recorder.seen == ["POST /token"]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    most=st.integers(1, 20),
    span=st.floats(0.5, 10),
    pauses=st.lists(st.floats(0, 3), min_size=1, max_size=60),
)
def test_no_span_of_time_holds_more_than_was_agreed(
    most: int, span: float, pauses: list[float]
) -> None:
    clock = Ticking()
    limiter = Limiter(Window(most, span, clock), 4)
    sent = []
    for pause in pauses:
        clock.sleep(pause)
        with limiter.turn():
            sent.append(clock.ticks())
    for first, last in zip(sent, sent[most:], strict=False):
        assert last - first >= span - 1e-6
    assert sent[-1] - sent[0] <= sum(pauses) + span * (len(sent) // most)


def test_lanes_are_taken_away_down_to_one() -> None:
    limiter = Limiter(Window(100, 1.0, Ticking()), 3)
    for _ in range(5):
        limiter.narrow()
    assert limiter.lanes == 1
    with limiter.turn():
        pass


def test_who_waits_is_woken_to_end() -> None:
    clock = Clock()
    threading.Timer(0.05, clock.halted.set).start()
    with pytest.raises(HaltedError):
        clock.sleep(30)


def test_waits_double_up_to_a_limit_and_end() -> None:
    policy = RetryPolicy(attempts=6, first=1.0, most=4.0)
    waits = [policy.wait(attempt) for attempt in range(1, 7)]
    assert waits[-1] is None
    for wait, longest in zip(waits, (1, 2, 4, 4, 4), strict=False):
        assert wait is not None
        assert longest / 2 <= wait <= longest


def test_who_asks_for_a_wait_is_taken_at_their_word() -> None:
    policy = RetryPolicy(most=60.0)
    assert policy.wait(1, 7.0) == 7.0
    assert policy.wait(1, 3_600.0) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("12", 12.0),
        ("Thu, 01 Jan 1970 00:01:40 GMT", 40.0),
        ("Thu, 01 Jan 1970 00:00:10 GMT", 0.0),
        ("soon", None),
        ("", None),
    ],
)
def test_a_wait_is_read_as_a_number_or_a_date(text: str, seconds: float | None) -> None:
    assert Answer(503, {"Retry-After": text}, b"", now=60.0).wait_asked == seconds


def landing(content: bytes, rows: int = 1, following: str = "") -> object:
    def write(sink: Sink) -> Landed:
        sink.write(b"half of a first try")
        sink.restart()
        sink.write(content)
        return Landed(rows, following)

    return write


def test_a_page_counts_once_the_journal_says_so(tmp_path: Path) -> None:
    store = PageStore.create(tmp_path / "pull", {"system": "x"})
    store.land("Deal", "all", 0, ".json", landing(b"[1]", 1, "/next"))  # type: ignore[arg-type]
    store.land("Deal", "all", 1, ".json", landing(b"[2]"))  # type: ignore[arg-type]
    again = PageStore(store.folder)
    assert again.pages == store.pages
    assert [again.path(page).read_bytes() for page in again.of("Deal")] == [b"[1]", b"[2]"]
    assert again.damaged() == []
    again.forget("Deal", "all", since=1)
    assert [page.number for page in PageStore(store.folder).of("Deal")] == [0]


@settings(deadline=None)
@given(cut=st.integers(1, 400))
def test_a_journal_that_was_cut_anywhere_is_read_up_to_there(
    cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = PageStore.create(tmp_path_factory.mktemp("pulls") / "pull", {})
    for number in range(4):
        store.land("Deal", "all", number, ".json", landing(b"x"))  # type: ignore[arg-type]
    journal = store.folder / "journal.jsonl"
    content = journal.read_bytes()
    journal.write_bytes(content[: max(0, len(content) - cut)])
    left = PageStore(store.folder)
    assert left.pages == store.pages[: len(left.pages)]
    assert len(left.pages) == journal.read_bytes().count(b"\n")
    left.remember("goes on")
    assert len(PageStore(store.folder).notes) == 1


def test_the_log_holds_no_query(tmp_path: Path) -> None:
    log = RequestLog(tmp_path / "requests.log")
    log.line(0.0, "GET", "/services/data/query?q=SELECT+Email+FROM+Contact", 200, seconds=0.1)
    log.close()
    line = (tmp_path / "requests.log").read_text("utf-8")
    assert line.startswith("1970-01-01T00:00:00.000Z 1 GET /services/data/query 200 100ms")
    assert "SELECT" not in line
