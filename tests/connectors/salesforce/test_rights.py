"""What the user may not see is said, and never taken for empty."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.engines.duckdb import Engine
from connectors.salesforce.connector import PulledOrg
from connectors.snapshot import Availability, Capabilities
from tests.connectors.salesforce.conftest import PAGES
from tests.connectors.salesforce.pulling import pull
from tests.fakes.salesforce.process import running


def seen(files: Path, folder: Path, *hidden: str) -> Capabilities:
    """Return what can be observed of an org when some of it is hidden."""
    with running(files, hidden=hidden, **PAGES) as org:
        store = pull(org, folder)
        assert org.violations == []
    engine = Engine()
    try:
        return PulledOrg(store.folder).extract(engine, folder).capabilities
    finally:
        engine.close()


@pytest.mark.parametrize(
    ("hidden", "table", "column", "state"),
    [
        ("Opportunity.Amount", "deals", "amount", Availability.NO_PERMISSION),
        ("Contact.Email", "contacts", "email", Availability.NO_PERMISSION),
        ("LoginHistory", "logins", "", Availability.NO_PERMISSION),
        ("Event", "activities", "", Availability.NO_PERMISSION),
        ("Event.WhatId", "activities", "deal_id", Availability.NO_PERMISSION),
        ("Note", "activities", "", Availability.SUPPLIED),
        ("Opportunity.CurrencyIsoCode", "deals", "currency", Availability.NO_PERMISSION),
    ],
)
def test_what_is_hidden_is_no_gap_in_the_records(
    hidden: str, table: str, column: str, state: Availability, files: Path, tmp_path: Path
) -> None:
    capabilities = seen(files, tmp_path, hidden)
    found = capabilities.column(table, column) if column else capabilities.table(table)
    assert found is state


def test_history_that_nobody_tracks_is_said(files: Path, tmp_path: Path) -> None:
    capabilities = seen(files, tmp_path, "OpportunityFieldHistory", "OpportunityHistory")
    assert not capabilities.table("field_history").observable


def test_a_field_that_vanishes_during_the_pull_is_hidden(files: Path, tmp_path: Path) -> None:
    with running(files, **PAGES) as org:
        org.script({"do": {"hide": ["Contact.Phone"]}, "on": "SELECT Id.*FROM Contact"})
        store = pull(org, tmp_path)
    engine = Engine()
    capabilities = PulledOrg(store.folder).extract(engine, tmp_path).capabilities
    assert capabilities.column("contacts", "phone") is Availability.NO_PERMISSION
    assert capabilities.column("contacts", "mobile").observable
    engine.close()
