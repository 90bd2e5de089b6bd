"""The next pull asks for what changed, and brings what a whole pull would bring."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.http.pages import PageStore
from tests.connectors.hubspot.conftest import PAGES
from tests.connectors.hubspot.pulling import NOW, Records, pull, records_of
from tests.fakes.hubspot.process import RunningPortal, running

NEXT_DAY = NOW + timedelta(days=1)
STAMP = f"{NEXT_DAY - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"


@pytest.fixture
def portal(files: Path) -> Iterator[RunningPortal]:
    """A portal for one test: it changes."""
    with running(files, **PAGES) as running_portal:
        yield running_portal
        assert running_portal.violations == []


def ids(records: Records, name: str) -> list[str]:
    """Return the ids of an object, in order."""
    return sorted((row[0] for row in records[name][1:]), key=int)


def change(portal: RunningPortal, records: Records) -> None:
    """Let people work for a day: edits, a new record, deletions into the bin."""
    first, second, *_ = ids(records, "deals")
    contact, *_ = ids(records, "contacts")
    for edit in (
        {"kind": "deals", "numbers": [first], "properties": {"amount": "77777"}, "at": STAMP},
        {"kind": "deals", "numbers": [second], "archived": True},
        {"kind": "contacts", "numbers": ["999999999999"], "at": STAMP,
         "properties": {"email": "new@example.test"}},
        {"kind": "contacts", "numbers": [contact], "archived": True},
    ):  # fmt: skip
        portal.back_door(edit=edit)


def came(store: PageStore, name: str) -> int:
    """Return how many records of an object were asked for anew."""
    return sum(page.rows for page in store.of(name) if page.part != "earlier")


def test_only_what_changed_is_read(portal: RunningPortal, tmp_path: Path) -> None:
    first = pull(portal, tmp_path / "kept")
    change(portal, records_of(first))
    portal.back_door(reset=True)
    second = pull(portal, tmp_path / "kept", now=NEXT_DAY)
    few = len(portal.requests)
    portal.back_door(reset=True)
    whole = pull(portal, tmp_path / "whole", now=NEXT_DAY)
    assert records_of(second) == records_of(whole)
    assert records_of(second) != records_of(first)
    assert 2 <= came(second, "deals") < came(whole, "deals") / 10
    assert came(second, "calls") == 0
    assert few < 0.75 * len(portal.requests)


def test_what_was_erased_is_gone(portal: RunningPortal, tmp_path: Path) -> None:
    first = pull(portal, tmp_path / "kept")
    change(portal, records_of(first))
    gone = ids(records_of(first), "companies")[3]
    portal.back_door(edit={"kind": "companies", "numbers": [gone], "erased": True})
    second = pull(portal, tmp_path / "kept", now=NEXT_DAY)
    whole = pull(portal, tmp_path / "whole", now=NEXT_DAY)
    assert records_of(second) == records_of(whole)
    assert came(second, "companies") == came(whole, "companies")
    assert 2 <= came(second, "deals") < came(whole, "deals") / 10


def test_a_pull_of_long_ago_is_of_no_help(portal: RunningPortal, tmp_path: Path) -> None:
    first = pull(portal, tmp_path)
    late = pull(portal, tmp_path, now=NOW + timedelta(days=20))
    assert came(late, "deals") == came(first, "deals")


def test_a_damaged_page_that_was_taken_over_is_pulled_anew(
    portal: RunningPortal, tmp_path: Path, undisturbed: Records
) -> None:
    pull(portal, tmp_path)
    portal.script({"fault": "429_daily", "on": "associations", "times": -1})
    with pytest.raises(Exception, match="calls of the day"):
        pull(portal, tmp_path, now=NEXT_DAY)
    (damaged,) = tmp_path.rglob("2026-11-03/pages/deals.history/earlier-000001.json")
    damaged.write_bytes(damaged.read_bytes()[:-100])
    portal.script()
    assert records_of(pull(portal, tmp_path, now=NEXT_DAY)) == undisturbed
