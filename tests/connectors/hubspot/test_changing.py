"""People work while a portal is pulled: what they change, delete and rename leaves no hole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.engines.duckdb import Engine
from connectors.hubspot.connector import PulledPortal
from connectors.snapshot import Availability, Snapshot
from tests.connectors.hubspot.conftest import PAGES
from tests.connectors.hubspot.pulling import pull, records_of
from tests.fakes.hubspot.process import RunningPortal, running

SECOND_PAGE = {"on": "GET /crm/v3/objects/deals.*after=", "nth": 1}


@pytest.fixture
def portal(files: Path) -> Iterator[RunningPortal]:
    """A portal for one test: it changes."""
    with running(files, **PAGES) as running_portal:
        yield running_portal
        assert running_portal.violations == []


def deals_of(records: dict[str, list[tuple[Any, ...]]]) -> dict[str, dict[str, Any]]:
    """Return the deals of a pull, by id."""
    header, *rows = records["deals"]
    return {row[0]: dict(zip(header, row, strict=True)) for row in rows}


def snapshot_of(folder: Path, workdir: Path) -> Snapshot:
    """Return what an audit sees of a pull."""
    return PulledPortal(folder).extract(Engine(), workdir)


def test_a_record_that_is_changed_meanwhile_comes_once(
    portal: RunningPortal, tmp_path: Path, undisturbed: dict[str, list[tuple[Any, ...]]]
) -> None:
    first, *_, last = sorted(deals_of(undisturbed), key=int)
    change = {"edit": {"kind": "deals", "numbers": [first, last], "properties": {"amount": "7"}}}
    portal.script({"do": change, **SECOND_PAGE})
    found = deals_of(records_of(pull(portal, tmp_path)))
    assert found.keys() == deals_of(undisturbed).keys()
    assert found[last]["amount"] == "7"  # on a page that was still to come
    assert found[first]["amount"] == deals_of(undisturbed)[first]["amount"]


def test_a_record_that_is_archived_meanwhile_comes_as_what_it_was_last(
    portal: RunningPortal, tmp_path: Path, undisturbed: dict[str, list[tuple[Any, ...]]]
) -> None:
    *_, last = sorted(deals_of(undisturbed), key=int)
    change = {"edit": {"kind": "deals", "numbers": [last], "archived": True}}
    portal.script({"do": change, **SECOND_PAGE})
    found = deals_of(records_of(pull(portal, tmp_path)))
    assert found.keys() == deals_of(undisturbed).keys()
    assert found[last]["is_deleted"] == "true"


def test_a_record_that_is_erased_after_it_was_listed_is_no_error(
    portal: RunningPortal, tmp_path: Path, undisturbed: dict[str, list[tuple[Any, ...]]]
) -> None:
    gone = sorted(deals_of(undisturbed), key=int)[:2]
    portal.script(
        {"do": {"edit": {"kind": "deals", "numbers": gone, "erased": True}}, "on": "batch/read"}
    )
    found = records_of(pull(portal, tmp_path))
    assert deals_of(found).keys() == deals_of(undisturbed).keys()
    assert not {row[0] for row in found["deals.history"]} & set(gone)


def test_a_property_that_is_deleted_meanwhile_is_a_gap_and_not_empty(
    portal: RunningPortal, tmp_path: Path
) -> None:
    portal.script({"do": {"drop": ["deals", "closed_lost_reason"]}, **SECOND_PAGE})
    snapshot = snapshot_of(pull(portal, tmp_path).folder, tmp_path)
    assert snapshot.capabilities.column("deals", "lost_reason") is Availability.COLUMN_ABSENT
    assert snapshot.capabilities.column("deals", "amount").observable


def test_a_refusal_of_a_property_is_gone_on_without_it(
    portal: RunningPortal, tmp_path: Path
) -> None:
    portal.script(
        {"do": {"drop": ["deals", "amount"]}, "fault": "400_no_property", **SECOND_PAGE},
        {"fault": "400_no_property", "on": "deals/batch/read.*amount", "times": -1},
    )
    snapshot = snapshot_of(pull(portal, tmp_path).folder, tmp_path)
    assert snapshot.capabilities.column("deals", "amount") is Availability.COLUMN_ABSENT
    assert snapshot.count("deals") == 150
