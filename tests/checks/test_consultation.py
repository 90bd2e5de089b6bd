"""Who opens the CRM: sellers, managers, readers of reports; and what says nothing about it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from checks.authoring.catalogue import load_catalogue
from checks.context import Context
from checks.judgement.people import Privacy, Pseudonyms
from checks.lists.findings import write_findings
from checks.lists.list_queries import list_query
from checks.measurement import Measurement
from checks.measuring import measure_all
from connectors.errors import ConfigurationError
from connectors.yaml_file import Document
from reports.worklists import without_names
from tests.checks.snapshots import AS_OF, context_of, measured, spec

CATALOGUE = load_catalogue()
LONG_AGO = "2020-01-06 09:00"


def team(sellers: int = 2) -> dict[str, list[dict[str, Any]]]:
    """Sellers with one open deal each, and the manager whom they work for."""
    users: list[dict[str, Any]] = [
        {"id": "boss", "name": "Ada Roy", "is_active": True, "created_at": LONG_AGO,
         "manager_id": None}
    ]  # fmt: skip
    users += [
        {"id": f"u{n}", "name": f"Rep {n}", "is_active": True, "created_at": LONG_AGO,
         "manager_id": "boss"}
        for n in range(sellers)
    ]  # fmt: skip
    deals = [
        {"owner_id": f"u{n}", "state": "open", "created_at": LONG_AGO, "close_date": "2026-09-01"}
        for n in range(sellers)
    ]
    return {"users": users, "deals": deals}


def logins(user: str, weeks_ago: list[int]) -> list[dict[str, Any]]:
    return [
        {"user_id": user, "logged_in_at": f"{AS_OF - timedelta(days=7 * week + 1)} 08:00",
         "kind": "browser"}
        for week in weeks_ago
    ]  # fmt: skip


def managers(context: Context) -> Measurement:
    one = CATALOGUE["absent-manager"]
    return measured(context, one).measurements[one.id]


# --- managers


def test_weeks_of_a_manager_without_a_login_are_counted():
    others = [row for n in range(2) for row in logins(f"u{n}", list(range(14)))]
    context = context_of({**team(), "logins": [*others, *logins("boss", [0, 1, 2, 12])]})
    found = managers(context)
    assert (found.n_eligible, found.k_defect) == (13, 9)
    assert [count.owner_id for count in found.owners] == ["boss"]
    # The weeks of one person are listed for nobody.
    assert found.hits is None
    assert found.groups == ()


def test_the_last_login_alone_decides_nothing_about_a_manager():
    tables = team()
    for user in tables["users"]:
        user["last_login_at"] = "2025-01-15 08:00"
    found = managers(context_of(tables))
    assert (found.reason, found.missing[0]) == ("table_absent", ("logins", "user_id"))


def test_a_short_history_of_logins_decides_nothing():
    found = managers(context_of({**team(), "logins": logins("u1", [0, 5])}))
    assert (found.reason, found.reason_facts["n"]) == ("logins_too_short", 5)


def test_who_manages_one_seller_or_left_is_no_manager_here():
    one = context_of({**team(1), "logins": logins("u0", list(range(14)))})
    assert managers(one).reason == "nobody_to_examine"
    tables = team()
    tables["users"][0]["is_active"] = False
    gone = context_of({**tables, "logins": logins("u0", list(range(14)))})
    assert managers(gone).reason == "nobody_to_examine"


def test_weeks_in_which_nobody_logs_in_are_holidays():
    working = [week for week in range(14) if week not in (4, 5)]
    everybody = [row for n in range(2) for row in logins(f"u{n}", working)]
    context = context_of({**team(), "logins": [*everybody, *logins("boss", working)]})
    found = managers(context)
    assert (found.n_eligible, found.k_defect) == (11, 0)


def test_a_program_that_logs_in_for_a_manager_is_not_the_manager():
    sellers = logins("u0", list(range(14)))
    by_program = [{**row, "kind": "API"} for row in logins("boss", list(range(13)))]
    found = managers(context_of({**team(), "logins": [*sellers, *by_program]}))
    assert found.k_defect == 13


# --- sellers


def without_login(tables: dict[str, list[dict[str, Any]]]) -> tuple[Context, Measurement]:
    context, one = context_of(tables), CATALOGUE["user-without-login"]
    return context, measured(context, one).measurements[one.id]


def test_either_the_last_login_or_the_history_of_logins_is_enough():
    tables = team()
    history = logins("u0", [1])
    assert without_login({**tables, "logins": history})[1].k_defect == 1
    for user, day in zip(tables["users"], ("2026-06-29", "2026-06-20", "2026-01-01"), strict=True):
        user["last_login_at"] = day
    assert without_login(tables)[1].k_defect == 1
    # Each fills what the other lacks.
    assert without_login({**tables, "logins": logins("u1", [1])})[1].k_defect == 0


def test_without_any_login_nothing_is_said_of_sellers():
    _, found = without_login(team())
    assert found.reason == "column_absent"
    assert {column for _, column in found.missing} >= {"last_login_at"}


def listed() -> tuple[Context, Measurement]:
    tables = team()
    for user in tables["users"]:
        user["last_login_at"] = "2026-01-01"
    return without_login(tables)


def test_people_in_a_list_of_users_appear_under_other_names():
    context, found = listed()
    query = list_query(context, CATALOGUE["user-without-login"], found)
    privacy = Privacy(Pseudonyms({"u0": "Rep 0", "u1": "Rep 1"}))
    shown = [privacy.row(row, query.columns) for row in context.snapshot.rows(query.sql)]
    assert {row["record_id"][:4] for row in shown} == {"rep-"}
    assert [row for row in shown if "name" in row] == []


def test_a_redacted_list_of_users_names_nobody(tmp_path: Path):
    context, found = listed()
    one = CATALOGUE["user-without-login"]
    redacted = without_names(list_query(context, one, found))
    assert {"record_id", "name"}.isdisjoint(column.name for column in redacted.columns)
    path = tmp_path / "findings.parquet"
    write_findings(context, [one], measured(context, one), path, redact=True)
    assert context.snapshot.rows(f"select record_id from '{path}'") == [(None,), (None,)]


def test_users_have_no_window():
    one = spec("is_active", table="users", window=True)
    with pytest.raises(ConfigurationError, match="no window"):
        from checks.authoring.vetting import vet

        vet(one, Document(None, "own.yaml"))


# --- reports


def reports(*rows: dict[str, Any]) -> Measurement:
    users = [{"id": "u1", "is_active": True}, {"id": "u2", "is_active": False}]
    analytics = [{"owner_id": "u1", "name": "Pipeline", **row} for row in rows]
    context, one = context_of({"users": users, "analytics": analytics}), CATALOGUE["unread-report"]
    return measured(context, one).measurements[one.id]


def test_the_view_of_who_exported_never_stands_for_a_run():
    assert "viewed_at" not in (CATALOGUE["unread-report"].defect or "")
    found = reports({"viewed_at": "2026-01-01 08:00"})
    assert found.reason == "column_absent"
    assert ("analytics", "last_run_at") in found.missing


@pytest.mark.parametrize(
    ("name", "is_meant"),
    [
        ("Forecast Q3", True),
        ("Prévisions de vente", True),
        ("Affaires en cours", True),
        ("Open deals by stage", True),
        ("Oportunidades abiertas", True),
        ("Suivi des relances", True),
        ("Follow-up tracker", True),
        ("Campaign members", False),
        ("Ideals of service", False),
    ],
)
def test_reports_on_the_pipeline_are_known_by_their_names(name: str, is_meant: bool):
    found = reports({"name": name, "last_run_at": "2026-01-01 08:00"})
    assert found.k_defect == is_meant


def test_exports_of_hubspot_never_claim_to_know_when_a_report_was_run():
    folder = Path(__file__).parents[2] / "connectors/intake/recognition/dialects"
    for dialect in folder.glob("hubspot*.yaml"):
        assert "last_run_at" not in dialect.read_text("utf-8")


def test_measuring_all_these_on_an_empty_crm_raises_nothing():
    specs = [one for one in CATALOGUE.checks if one.code.startswith("S4")]
    for tables in ({}, {"deals": []}, {**team(), "logins": [], "analytics": [], "activities": []}):
        found = measure_all(context_of(tables), specs).measurements
        assert {one.reason for one in found.values()} != {"error"}
        assert not [name for name, one in found.items() if one.reason == "error"]
        assert not [name for name, one in found.items() if one.ruling and one.ruling.severity == 0]
