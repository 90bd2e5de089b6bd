"""A pull brings every record once, in few calls, within the limits, and nothing can be written."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from connectors.engines.duckdb import Engine
from connectors.http.limiter import Clock
from connectors.http.log import RequestLog
from connectors.http.quota import Meter, Quota
from connectors.http.read_only import WriteRefusedError
from connectors.http.session import read_json
from connectors.hubspot.answers import usage_of
from connectors.hubspot.connector import PulledPortal
from connectors.hubspot.library import in_generation
from tests.connectors.clocks import Quick
from tests.connectors.hubspot.conftest import PAGES
from tests.connectors.hubspot.pulling import Records, connector, pull
from tests.fakes.hubspot.process import RunningPortal, running


def test_every_record_comes_once(files: Path, undisturbed: Records) -> None:
    for file, name, key in (
        ("deal", "deals", "deal_id"),
        ("company", "companies", "id"),
        ("engagement_call", "calls", "engagement_id"),
        ("deal_property_history", "deals.history", "deal_id"),
    ):
        with (files / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
            written = sorted(row[key] for row in csv.DictReader(lines))
        header, *rows = undisturbed[name]
        assert header[0] in (key, "id")
        assert sorted(row[0] for row in rows) == written, name


def test_users_are_told_as_owners_and_pipelines_by_their_names(undisturbed: Records) -> None:
    owners = {row[0] for row in undisturbed["owners"][1:]}
    header, *changes = undisturbed["deals.history"]
    assert {row[header.index("updated_by_user_id")] for row in changes} <= owners | {None}
    header, *deals = undisturbed["deals"]
    named = {row[1] for row in undisturbed["stages"][1:]}
    assert {row[header.index("pipeline")] for row in deals} == named


def test_the_source_of_a_change_is_kept(portal: RunningPortal, tmp_path: Path) -> None:
    engine = Engine()
    PulledPortal(pull(portal, tmp_path).folder).extract(engine, tmp_path)
    sources = dict(engine.rows("select source, count(*) from field_history group by 1"))
    assert {"CRM_UI", "IMPORT"} <= sources.keys()
    engine.close()


def test_calls_are_few(portal: RunningPortal, tmp_path: Path) -> None:
    store = pull(portal, tmp_path)
    account, logins, audit_log, pipelines, owners, properties, required = 1, 1, 1, 1, 2, 9, 4
    least = account + logins + audit_log + pipelines + owners + properties + required
    for name in ("deals", "contacts", "companies", "leads", "calls", "emails", "meetings", "notes",
                 "tasks"):  # fmt: skip
        for part in ("live", "archived"):
            rows = sum(page.rows for page in store.of(name, part))
            least += max(1, math.ceil(rows / PAGES["list_page"]))
            least += math.ceil(rows / 50) if name == "deals" else 0
        targets = {"companies": 0, "leads": 0, "contacts": 1, "deals": 2}.get(name, 3)
        rows = sum(page.rows for page in store.of(name, "live"))
        least += targets * math.ceil(rows / 1_000)
    assert len(portal.requests) <= 1.05 * least


def test_a_portal_without_deals_is_pulled(files: Path, tmp_path: Path) -> None:
    for file in files.glob("*.csv"):
        if not file.name.startswith(("deal.", "deal_c", "deal_prop", "engagement_deal")):
            (tmp_path / file.name).write_bytes(file.read_bytes())
    with running(tmp_path, **PAGES) as empty:
        store = pull(empty, tmp_path / "pulls")
        assert empty.violations == []
    engine = Engine()
    assert PulledPortal(store.folder).extract(engine, tmp_path).count("deals") == 0
    engine.close()


def test_nothing_else_than_reading_leaves_this_machine(
    portal: RunningPortal, tmp_path: Path
) -> None:
    session = connector(portal, tmp_path).session(
        Clock(), RequestLog(), Meter(Quota(), usage_of, "HubSpot")
    )
    for method, path in (
        ("POST", "/crm/v3/objects/deals"),
        ("POST", "/crm/v3/objects/deals/batch/update"),
        ("PATCH", "/crm/v3/objects/deals/1"),
        ("DELETE", "/crm/v3/objects/deals/1"),
        ("POST", "/crm/v3/objects/deals/merge"),
        ("PUT", "/crm/v4/objects/deals/1/associations/default/companies/2"),
    ):
        before = len(portal.requests)
        with pytest.raises(WriteRefusedError):
            session.send(method, path, read_json, body={})
        assert len(portal.requests) == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/crm/v3/owners/", "/crm/owners/2026-03"),
        ("/crm/v3/objects/deals/batch/read", "/crm/objects/2026-03/deals/batch/read"),
        ("/crm/v3/pipelines/deals", "/crm/pipelines/2026-03/deals"),
        (
            "/crm/v4/associations/deals/companies/batch/read",
            "/crm/associations/2026-03/deals/companies/batch/read",
        ),
        ("/crm-object-schemas/v3/schemas/deals", "/crm-object-schemas/2026-03/schemas/deals"),
        ("/account-info/v3/details", "/account-info/2026-03/details"),
        ("/oauth/v1/token", "/oauth/v1/token"),
    ],
)
def test_each_path_has_its_place_in_the_next_generation(old: str, new: str) -> None:
    assert in_generation(old, "2026-03") == new
    assert in_generation(old, "v3") == old


def test_a_portal_that_enforces_its_limit_refuses_nothing(files: Path, tmp_path: Path) -> None:
    """Ten seconds pass in half a second, for the portal and for whoever waits for it."""
    with running(files, most=60, span=0.5, **PAGES) as strict:
        pull(strict, tmp_path, clock=lambda: Quick(20))
        assert len(strict.requests) > 60
        assert strict.back_door()["refused"] == 0
