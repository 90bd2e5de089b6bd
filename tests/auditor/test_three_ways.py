"""The contract of every connector: one world, whichever way it comes, has the same findings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from auditor.cli import main
from tests.auditor.live import assert_same_audit, findings, result
from tests.fakes.hubspot.process import running as running_portal
from tests.fakes.hubspot.server import GIVEN_TOKEN as HUBSPOT_TOKEN
from tests.fakes.salesforce.process import running as running_org
from tests.fakes.salesforce.tokens import GIVEN_TOKEN as SALESFORCE_TOKEN
from tests.worlds.adapters.hubspot import write_hubspot
from tests.worlds.adapters.salesforce import write_salesforce
from tests.worlds.plan import Planted, healthy
from tests.worlds.world import make_world

PLAN = healthy(seed=11, reps=8, deals=250).planting(
    Planted("zombie-deal", 0.3),
    Planted("lost-deal-without-reason", 0.4),
    Planted("contact-without-email-or-phone", 0.3),
)
#: Checks that look at what a portal does not hold of this world: leads and what was done for them,
#: mails that bounced, columns of the company's own; and months whose forecast only a history tells
#: that begins with the first value, as HubSpot's does, and not with the first change.
READS_MORE = {
    "activity-without-parent",
    "field-completion-spread",
    "forecast-without-skill",
    "obsolete-contact",
}
#: What begins an id in each way, before the number of the record.
BASES = (9_000_000_000, 7_000_000_000, 5_000_000_000, 3_000_000_000, 100_000)

SETTINGS = """\
sources:
  org:
    {{system: salesforce, host: "{org}", sign_in: access-token, secret: "file:org.token",
     bulk_from: 2000}}
  portal: {{system: hubspot, host: "{portal}", secret: "file:portal.token"}}
report:
  crm_address: {pages}
"""
PAGES = "https://app-eu1.hubspot.com/contacts/8765432"


@dataclass(frozen=True)
class Ways:
    """Where the audits of one world were written, by the way that it came."""

    folder: Path

    def __getitem__(self, way: str) -> Path:
        return self.folder / way


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ways]:
    """One world, audited live from both services and from the exports of both."""
    folder = tmp_path_factory.mktemp("ways")
    world = make_world(PLAN)
    write_salesforce(world, folder / "salesforce")
    write_hubspot(world, folder / "hubspot")
    for name, token in (("org.token", SALESFORCE_TOKEN), ("portal.token", HUBSPOT_TOKEN)):
        (folder / name).write_text(token, encoding="utf-8")
        (folder / name).chmod(0o600)
    with (
        running_org(folder / "salesforce") as org,
        running_portal(folder / "hubspot", absent=["leads", "logins"]) as portal,
    ):
        told = SETTINGS.format(org=org.host, portal=portal.host, pages=PAGES)
        (folder / "auditor.yaml").write_text(told, encoding="utf-8")
        for way, source in (
            ("live org", "salesforce:org"),
            ("org", folder / "salesforce"),
            ("live portal", "hubspot:portal"),
            ("portal", folder / "hubspot"),
        ):
            out = ["--out", str(folder / way), "--lang", "en"]
            assert main(["audit", str(source), "--config", str(folder / "auditor.yaml"), *out]) == 0
        assert org.violations == portal.violations == []
    yield Ways(folder)


def by_number(out: Path) -> dict[str, set[int | str]]:
    """Return the records behind each check, by what their ids mean in every way."""
    found: dict[str, set[int | str]] = {}
    for check, _, record, *_ in findings(out):
        found.setdefault(check, set()).add(number_of(record))
    return found


def number_of(record: str) -> int | str:
    """Return the number of a record in the world."""
    if record.isdigit():
        return int(record) - next(base for base in (*BASES, 0) if int(record) >= base)
    return int(record[5:15]) if record[3:5] == "Kz" else record


def states(out: Path) -> dict[str, Any]:
    """Return what was said of each check."""
    return {check["check_id"]: check for check in result(out)["checks"]}


@pytest.mark.parametrize("way", ["org", "portal"])
def test_a_live_source_has_the_findings_of_its_export(way: str, ways: Ways) -> None:
    assert_same_audit(ways[f"live {way}"], ways[way], least=200)


def test_both_services_have_the_same_findings_record_by_record(ways: Ways) -> None:
    org, portal = states(ways["live org"]), states(ways["live portal"])
    of_org, of_portal = by_number(ways["live org"]), by_number(ways["live portal"])
    compared = [
        check
        for check in org
        if "not_observable" not in (org[check]["state"], portal[check]["state"])
        and check not in READS_MORE
    ]
    for check in compared:
        assert of_org.get(check) == of_portal.get(check), check
        assert org[check]["state"] == portal[check]["state"], check
    assert len(compared) >= 50
    assert sum(check in of_org for check in compared) >= 25


def test_a_connected_inbox_is_seen_where_the_service_tells_where_mail_came_from(
    ways: Ways,
) -> None:
    for way, evidence in (("live org", "measured"), ("live portal", "estimated")):
        assert states(ways[way])["open-deal-without-activity"]["evidence"] == evidence


def test_results_name_their_source(ways: Ways) -> None:
    assert result(ways["live org"])["run"]["source"] == "salesforce:org"
    assert result(ways["live portal"])["run"]["source"] == "hubspot:portal"
