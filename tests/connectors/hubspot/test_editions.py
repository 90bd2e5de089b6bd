"""What an edition or a scope gives besides deals: leads, logins, required properties."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from connectors.engines.duckdb import Engine
from connectors.http.gaps import gaps_of
from connectors.http.pages import PageStore
from connectors.hubspot.connector import PulledPortal
from connectors.snapshot import Availability, Snapshot
from tests.connectors.hubspot.conftest import PAGES
from tests.connectors.hubspot.pulling import connector, pull
from tests.fakes.hubspot.process import running

LEADS = [
    {
        "lead_id": str(800_000 + n),
        "property_hs_lead_name": f"Lead {n}",
        "property_hs_lead_label": "NEW",
        "property_hs_associated_contact_email": f"l{n}@example.test",
        "property_hubspot_owner_id": "100001",
        "property_hs_createdate": "2026-09-01T10:00:00Z",
    }
    for n in range(3)
]


@pytest.fixture
def enterprise(files: Path, tmp_path: Path) -> Path:
    """The files of a portal that has leads and keeps logins."""
    folder = tmp_path / "files"
    folder.mkdir()
    for file in files.glob("*.csv"):
        (folder / file.name).write_bytes(file.read_bytes())
    with (folder / "owner.csv").open(encoding="utf-8", newline="") as lines:
        owner = next(csv.DictReader(lines))["owner_id"]
    logins = [
        {
            "id": f"l{n}",
            "user_id": owner,
            "login_at": f"2026-10-0{n + 1}T08:00:00Z",
            "login_succeeded": str(n != 2).lower(),
        }
        for n in range(4)
    ]
    for name, rows in (("lead", LEADS), ("login", logins)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return folder


def audited(files: Path, folder: Path, **options: object) -> Snapshot:
    """Pull a portal, and return what an audit sees."""
    with running(files, **PAGES, **options) as portal:
        store = pull(portal, folder)
        assert portal.violations == []
    return PulledPortal(store.folder).extract(Engine(), folder)


def test_leads_and_logins_come_where_there_are_some(enterprise: Path, tmp_path: Path) -> None:
    snapshot = audited(enterprise, tmp_path)
    assert snapshot.rows("select name, email, status from leads order by id limit 1") == [
        ("Lead 0", "l0@example.test", "NEW")
    ]
    ids, people = snapshot.rows("select list(id order by id), list(distinct user_id) from logins")[
        0
    ]
    assert ids == ["l0", "l1", "l3"]  # one of them did not succeed
    assert snapshot.rows("select id from users where id = ?", people)


def test_a_portal_without_leads_has_none(files: Path, tmp_path: Path) -> None:
    snapshot = audited(files, tmp_path, absent=["leads"])
    assert snapshot.capabilities.table("leads") is Availability.TABLE_ABSENT


def test_logins_that_may_not_be_seen_are_said(files: Path, tmp_path: Path) -> None:
    snapshot = audited(files, tmp_path, missing=["account-info.security.read"])
    assert snapshot.capabilities.table("logins") is Availability.NO_PERMISSION


def test_the_audit_log_is_left_alone_and_said(files: Path, tmp_path: Path) -> None:
    with running(files, **PAGES) as portal:
        store = pull(portal, tmp_path / "pulls")
    assert _audit_log(store) is Availability.NOT_READ
    assert not [page for page in store.pages if "audit" in page.object]


@pytest.mark.parametrize(
    ("options", "state"),
    [
        ({"absent": ["audit log"]}, Availability.TABLE_ABSENT),
        ({"missing": ["account-info.security.read"]}, Availability.NO_PERMISSION),
    ],
)
def test_an_audit_log_that_is_not_there_is_no_lack(
    options: dict[str, list[str]], state: Availability, files: Path, tmp_path: Path
) -> None:
    with running(files, **options, **PAGES) as portal:
        store = pull(portal, tmp_path / "pulls")
    assert _audit_log(store) is state
    (gap,) = [gap for gap in gaps_of(store) if gap.table == "audit_log"]
    assert not gap.ask  # nobody is asked for a right that no check needs


def test_what_an_edition_does_not_give_ends_no_pull(files: Path, tmp_path: Path) -> None:
    with running(files, **PAGES) as portal:
        portal.script({"fault": "403_edition", "on": "account-info/v3/activity", "times": -1})
        store = pull(portal, tmp_path / "pulls")
    hidden = {gap.table for gap in gaps_of(store) if gap.state is Availability.NO_PERMISSION}
    assert hidden == {"audit_log", "logins"}


def _audit_log(store: PageStore) -> Availability:
    snapshot = PulledPortal(store.folder).extract(Engine(), store.folder)
    return snapshot.capabilities.table("audit_log")


def test_what_the_portal_requires_is_told(files: Path, tmp_path: Path) -> None:
    required = audited(files, tmp_path).capabilities.required
    assert {("deals", "name"), ("deals", "stage"), ("accounts", "name")} <= required
    assert ("deals", "amount") not in required


def test_doctor_reads_the_scopes_that_were_granted(files: Path, tmp_path: Path) -> None:
    lacking = ["crm.objects.owners.read", "account-info.security.read"]
    with running(files, missing=lacking, **PAGES) as portal:
        survey = connector(portal, tmp_path / "pulls").survey(tmp_path)
        assert not [asked for asked in portal.requests if "owners" in asked or "login" in asked]
    assert set(lacking) <= {gap.ask for gap in survey.gaps}
    assert not survey.capabilities.table("users").observable


def test_doctor_reads_the_scopes_of_an_oauth_token_too(files: Path, tmp_path: Path) -> None:
    told = {"sign_in": "oauth", "client_id": "client", "client_secret": "env:APP"}
    secrets = {"env:TOKEN": "refresh", "env:APP": "shhh"}
    lacking, granted = ["crm.objects.owners.read"], ["crm.objects.deals.write"]
    with running(files, missing=lacking, scopes=granted, **PAGES) as portal:
        found = connector(portal, tmp_path / "pulls", secrets=secrets, **told).survey(tmp_path)
    assert set(lacking) <= {gap.ask for gap in found.gaps}
    assert found.writable == granted


def test_a_large_portal_is_pulled(files: Path, tmp_path: Path) -> None:
    """Forty pipelines, nine hundred properties, a cell of 200 KB, ids of four and twelve digits."""
    folder = tmp_path / "files"
    folder.mkdir()
    for file in files.glob("*.csv"):
        (folder / file.name).write_bytes(file.read_bytes())
    with (folder / "deal_pipeline_stage.csv").open(encoding="utf-8", newline="") as lines:
        stages = list(csv.DictReader(lines))
    more = [{**stages[0], "pipeline_id": f"Pipeline {n}", "stage_id": f"{n}00"} for n in range(40)]
    with (folder / "company.csv").open(encoding="utf-8", newline="") as lines:
        companies = list(csv.DictReader(lines))
    extra = {f"property_custom_{n}": "x" for n in range(900)}
    for at, number in enumerate(("4711", "123456789012")):
        told = {"id": number, "property_name": f"Company {number}", "property_type": "T" * 200_000}
        companies.append({**companies[at], **told})
    wide = [{**row, **extra} for row in companies]
    for name, rows in (("deal_pipeline_stage", [*stages, *more]), ("company", wide)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    snapshot = audited(folder, tmp_path)
    assert snapshot.count("stages") == len(stages) + 40
    longest = snapshot.rows("select id, length(type) from accounts where length(type) > 180000")
    assert sorted(longest) == [("123456789012", 200_000), ("4711", 200_000)]
    assert snapshot.count("accounts") == len(companies)
