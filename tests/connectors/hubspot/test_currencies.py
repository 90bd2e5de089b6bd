"""Amounts in several currencies come as what HubSpot says they are worth to the company."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.engines.duckdb import Engine
from connectors.hubspot.connector import PulledPortal
from connectors.snapshot import Snapshot
from tests.connectors.hubspot.conftest import PAGES
from tests.connectors.hubspot.pulling import pull
from tests.fakes.hubspot.process import RunningPortal, running

#: Some deals: amount, what it is worth to the company, currency.
DEALS = {
    "1001": ("1000", "900.00", "USD"),
    "1002": ("1000", "1000", "EUR"),
    "1003": (None, None, "USD"),
    "1004": ("1000", None, "CHF"),
}


@pytest.fixture
def portal(files: Path) -> Iterator[RunningPortal]:
    """A portal for one test, with deals in several currencies."""
    with running(files, **PAGES) as running_portal:
        for number, (amount, worth, currency) in DEALS.items():
            told = {
                "dealname": f"Deal {number}",
                "amount": amount,
                "amount_in_home_currency": worth,
                "deal_currency_code": currency,
            }
            edit = {"kind": "deals", "numbers": [number], "properties": told}
            running_portal.back_door(edit=edit)
        yield running_portal
        assert running_portal.violations == []


def audited(portal: RunningPortal, folder: Path) -> Snapshot:
    """Pull a portal, and return what an audit sees."""
    return PulledPortal(pull(portal, folder).folder).extract(Engine(), folder)


def amounts(snapshot: Snapshot) -> list[tuple[Any, ...]]:
    """Return amount and currency of the deals of this test."""
    listed = ", ".join(f"'{number}'" for number in DEALS)
    return snapshot.rows(
        f"select cast(amount as double), currency from deals where id in ({listed}) order by id"
    )


def test_amounts_come_in_the_currency_of_the_company(portal: RunningPortal, tmp_path: Path) -> None:
    snapshot = audited(portal, tmp_path)
    assert amounts(snapshot) == [(900, "EUR"), (1000, "EUR"), (None, "EUR"), (1000, "CHF")]
    (note,) = [n for n in snapshot.provenance.notes if n.code == "amounts_converted"]
    assert note.facts == {"deals": 2, "currencies": "USD", "currency": "EUR"}
    assert ("deals", "amount_in_home_currency") not in snapshot.capabilities.columns


def test_what_an_amount_was_is_converted_too(portal: RunningPortal, tmp_path: Path) -> None:
    for number in ("1001", "1003", "1004"):
        version = {"value": "500", "timestamp": "2026-10-01T10:00:00Z", "sourceType": "CRM_UI"}
        portal.back_door(edit={"kind": "deals", "numbers": [number], "was": {"amount": [version]}})
    was = audited(portal, tmp_path).rows(
        "select record_id, cast(new_value as double) from field_history"
        " where record_id in ('1001', '1003', '1004') and field = 'amount' order by record_id"
    )
    assert was == [("1001", 450), ("1003", 450), ("1004", 500)]


def test_a_portal_with_one_currency_is_left_as_it_is(files: Path, tmp_path: Path) -> None:
    with running(files, **PAGES) as plain:
        snapshot = audited(plain, tmp_path)
    assert not [note for note in snapshot.provenance.notes if note.code == "amounts_converted"]
