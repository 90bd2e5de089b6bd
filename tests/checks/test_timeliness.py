"""What was entered late, left untouched or lost out of sight, and what only looks like it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.authoring.catalogue import load_catalogue
from checks.context import hits_relation
from checks.judgement.scoring import judge_check
from checks.measurement import Measurement, OwnerCount
from checks.results import State
from connectors.engines.duckdb import Engine
from tests.checks.snapshots import context_of, counts, hit_ids, measure

CATALOGUE = {spec.id: spec for spec in load_catalogue().checks}
ENGINE = Engine()
Rows = list[dict[str, Any]]


def found(check: str, tables: dict[str, Rows], **profile: Any) -> tuple[tuple[int, int], list[str]]:
    """Records examined and failed, and the ids of those; the reason if it could not be seen."""
    context = context_of(tables, **profile)
    measured = measure(context, CATALOGUE[check])
    if measured.hits is None:
        return counts(measured), [str(measured.reason)]
    return counts(measured), hit_ids(context, measured)


# Working days


@settings(deadline=None)
@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 60))
def test_working_days_are_mondays_to_fridays_after_the_first(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    expected = sum((first + timedelta(days=n)).weekday() < 5 for n in range(1, length + 1))
    query = "select business_days_between(cast($1 as date), cast($2 as date))"
    assert ENGINE.value(query, [first, last]) == expected
    assert ENGINE.value(query, [last, first]) == -expected


# Late entries


def meeting(happened: str, logged: str, **more: Any) -> dict[str, Any]:
    return {
        "kind": "meeting", "happened_at": happened, "created_at": logged, "created_by_id": "u1",
        **more,
    }  # fmt: skip


def test_a_task_is_late_from_the_day_that_it_was_meant_for() -> None:
    task = {"kind": "task", "due_date": "2026-06-01", "is_closed": True, "happened_at": None}
    done = {**task, "completed_at": "2026-06-20 10:00"}
    rows = [
        {**done, "id": "typed afterwards", "created_at": "2026-06-20 10:00"},
        {**done, "id": "planned before", "created_at": "2026-05-20 10:00"},
    ]
    assert found("late-logged-activity", {"activities": rows}) == ((2, 1), ["typed afterwards"])


def test_what_an_import_brought_in_is_not_late() -> None:
    brought = [meeting("2026-01-05 10:00", "2026-06-01 09:00:01", id=f"i{n}") for n in range(20)]
    typed = meeting("2026-01-05 10:00", "2026-06-01 09:00:02", id="typed")
    assert found("late-logged-activity", {"activities": [*brought, typed]}) == ((1, 1), ["typed"])


def test_a_night_in_which_clocks_change_makes_nobody_late() -> None:
    # Friday evening in Paris, logged on Tuesday, half an hour after midnight.
    rows = [meeting("2026-03-27 22:30", "2026-03-30 22:30", id="m")]
    query = found("late-logged-activity", {"activities": rows}, time_zone="Europe/Paris")
    assert query == ((1, 0), [])


def test_activities_without_any_date_say_nothing() -> None:
    rows = [meeting("2026-06-01", "2026-06-02"), {**meeting("", ""), "happened_at": None}]
    rows[1]["created_at"] = None
    assert found("late-logged-activity", {"activities": rows})[0] == (1, 0)
    assert found("late-logged-activity", {"deals": []})[1] == ["table_absent"]


# Deals born late

STAGES = [{"id": f"s{rank}", "name": name, "rank": rank} for rank, name in enumerate("ABCD", 1)]


def test_a_deal_entered_in_the_second_half_of_the_stages_is_born_late() -> None:
    history = [{"table_name": "deals", "field": "stage", "user_id": "u", "record_id": "z",
                "changed_at": "2026-01-01", "old_value": "A", "new_value": "B"}]  # fmt: skip
    deals = [
        {"id": name, "stage": name, "state": "open", "created_at": "2026-05-01", "pipeline": None,
         "created_by_id": "u", "close_date": None}
        for name in "ABCD"
    ]  # fmt: skip
    tables = {"deals": deals, "stages": STAGES, "field_history": history}
    assert found("deal-born-late", tables) == ((4, 2), ["C", "D"])


def test_neither_history_nor_activities_leave_the_birth_of_a_deal_unseen() -> None:
    deal = {"id": "d", "state": "open", "created_at": "2026-05-01", "created_by_id": "u"}
    deals = [{**deal, "close_date": None}]
    assert found("deal-born-late", {"deals": deals}) == ((0, 0), ["table_absent"])


# Untouched deals


def untouched(*, activities: Rows | None = None, history: Rows | None = None, **deal: Any) -> Any:
    row = {"id": "d", "state": "open", "created_at": "2026-05-01 09:00", **deal}
    tables: dict[str, Rows] = {"deals": [row]}
    if activities is not None:
        tables["activities"] = activities
    if history is not None:
        kept = {"table_name": "deals", "record_id": "x", "field": "stage", "new_value": "A"}
        since = {**kept, "user_id": "u", "changed_at": "2026-01-01", "source": None}
        tables["field_history"] = [since, *({**since, **change} for change in history)]
    return found("never-touched-deal", tables)


CALL = {"id": "t", "kind": "call", "deal_id": "d", "happened_at": "2026-05-20", "source": None}
ELSEWHERE = {**CALL, "deal_id": "x"}


@pytest.mark.parametrize("archived", [True, False])
def test_an_activity_counts_also_when_it_was_archived(archived: bool) -> None:
    assert untouched(activities=[{**CALL, "is_archived": archived}]) == ((1, 0), [])


def test_a_deal_without_activity_or_edit_is_untouched() -> None:
    assert untouched(activities=[ELSEWHERE]) == ((1, 1), ["d"])
    assert untouched(history=[]) == ((1, 1), ["d"])
    assert untouched(activities=[ELSEWHERE], history=[]) == ((1, 1), ["d"])


def test_an_edit_by_a_person_is_a_touch_and_one_by_a_program_is_none() -> None:
    edit = {"record_id": "d", "changed_at": "2026-05-03", "old_value": "A", "new_value": "B"}
    assert untouched(history=[edit]) == ((1, 0), [])
    assert untouched(history=[{**edit, "source": "import"}]) == ((1, 1), ["d"])


def test_a_field_whose_history_is_not_kept_may_have_been_edited_too() -> None:
    edited = {"modified_at": "2026-05-09", "modified_by_id": "u"}
    assert untouched(history=[], **edited) == ((1, 0), [])


def test_a_deal_older_than_the_history_may_have_been_touched_before() -> None:
    assert untouched(history=[], created_at="2025-05-01") == ((0, 0), ["nobody_to_examine"])
    known = {"created_at": "2025-05-01", "modified_at": "2025-05-01", "modified_by_id": "u"}
    assert untouched(history=[], **known) == ((1, 1), ["d"])


def test_where_nobody_logs_activities_their_absence_says_nothing() -> None:
    won = [{"id": f"w{n}", "state": "won", "created_at": "2026-01-01"} for n in range(10)]
    deals = [{"id": "d", "state": "open", "created_at": "2026-05-01"}, *won]
    tables = {"deals": deals, "activities": [ELSEWHERE]}
    assert found("never-touched-deal", tables) == ((0, 0), ["activities_not_logged"])


# Obsolete contacts


def contacts(months_back: int, **contact: Any) -> Measurement:
    """One contact of a customer who was entered long ago, and calls that reach back so far."""
    first = date(2026, 6, 30) - timedelta(days=int(months_back * 30.5))
    calls = [
        {"kind": "call", "contact_id": f"c{n}", "happened_at": str(first + timedelta(days=n % 9))}
        for n in range(50)
    ]
    row = {"id": "c", "account_id": "a", "created_at": "2015-01-01", "email_bounced": None}
    tables = {
        "contacts": [{**row, **contact}],
        "deals": [{"account_id": "a", "state": "open"}],
        "activities": calls,
    }
    return measure(context_of(tables), CATALOGUE["obsolete-contact"])


@pytest.mark.parametrize(
    ("months", "is_capped", "reason"),
    [(30, False, None), (15, True, None), (8, False, "activities_too_recent")],
)
def test_silence_is_judged_as_far_as_activities_reach_back(
    months: int, is_capped: bool, reason: str | None
) -> None:
    measured = contacts(months)
    assert (measured.is_capped, measured.reason) == (is_capped, reason)
    assert counts(measured) == ((0, 0) if reason else (1, 1))


def test_a_mistyped_year_does_not_lengthen_the_past() -> None:
    old = {"kind": "call", "contact_id": "c1", "happened_at": "1926-06-01"}
    calls = [{**old, "happened_at": "2026-03-01"} for _ in range(200)]
    tables = {
        "contacts": [{"id": "c", "account_id": "a", "created_at": "2015-01-01"}],
        "deals": [{"account_id": "a", "state": "open"}],
        "activities": [old, *calls],
    }
    assert found("obsolete-contact", tables)[1] == ["activities_too_recent"]


def test_calls_that_name_no_contact_say_nothing_of_contacts() -> None:
    calls = [{"kind": "call", "contact_id": None, "happened_at": "2022-03-01"} for _ in range(20)]
    tables = {
        "contacts": [{"id": "c", "account_id": "a", "created_at": "2015-01-01"}],
        "deals": [{"account_id": "a", "state": "open"}],
        "activities": [*calls, {**calls[0], "contact_id": "c9"}],
    }
    assert found("obsolete-contact", tables)[1] == ["activities_without_contacts"]


@pytest.mark.parametrize(
    "check", ["open-deal-without-activity", "zombie-deal", "never-touched-deal", "obsolete-contact"]
)
def test_where_an_inbox_is_captured_elsewhere_silence_is_a_guess(check: str) -> None:
    won = [
        {"id": f"w{n}", "state": "won", "created_at": "2024-01-01", "close_date": "2024-02-01",
         "account_id": "a"}
        for n in range(20)
    ]  # fmt: skip
    calls = [
        {"kind": "call", "contact_id": "c9", "deal_id": f"w{n}", "happened_at": "2024-01-09"}
        for n in range(20)
    ]
    tables = {
        "deals": [{"id": "d", "state": "open", "created_at": "2025-01-01", "account_id": "a",
                   "close_date": None}, *won],
        "contacts": [{"id": "c", "account_id": "a", "created_at": "2015-01-01"}],
        "activities": calls,
        "users": [{"id": "u", "name": "Einstein Activity Capture", "is_integration": False}],
    }  # fmt: skip
    for name, evidence in (("Einstein Activity Capture", "estimated"), ("Paul", "measured")):
        tables["users"][0]["name"] = name
        found_out = measure(context_of(tables), CATALOGUE[check])
        assert (found_out.reason, found_out.evidence, found_out.k_defect) == (None, evidence, 1)


def test_a_short_past_makes_contacts_emerging_at_most() -> None:
    owners = tuple(OwnerCount(f"u{n}", 50, 45) for n in range(8))
    check = CATALOGUE["obsolete-contact"]
    assert judge_check(check, Measurement(owners=owners)).state == State.PRESENT
    assert judge_check(check, Measurement(owners=owners, is_capped=True)).state == State.EMERGING


# Whatever comes in


@pytest.mark.parametrize(
    "check",
    [
        "zombie-deal",
        "stalled-open-deal",
        "never-touched-deal",
        "obsolete-contact",
        "activity-without-parent",
        "late-logged-activity",
        "deal-born-late",
    ],
)
def test_records_that_are_all_empty_raise_nothing_and_heal_nothing(check: str) -> None:
    empty: dict[str, Rows] = {
        table: [{"id": None, "owner_id": None, "created_at": None}] * 3
        for table in ("deals", "contacts", "accounts")
    }
    empty["activities"] = [{"id": None, "kind": None, "deal_id": None, "happened_at": None}] * 3
    empty["field_history"] = [{"record_id": None, "field": None, "changed_at": None}] * 3
    empty["deals"] = [{**row, "state": None, "stage": None} for row in empty["deals"]]
    context = context_of(empty)
    measured = measure(context, CATALOGUE[check])
    assert measured.reason != "error"
    assert measured.k_defect == 0 or check == "activity-without-parent"
    if measured.reason is None:
        assert context.snapshot.count(hits_relation(CATALOGUE[check])) == measured.k_defect


@pytest.mark.parametrize(("words", "evidence"), [(None, "estimated"), ("Call", "measured")])
def test_what_is_planned_in_words_that_the_export_lacks_makes_its_absence_a_guess(
    words: str | None, evidence: str
) -> None:
    written = {} if words is None else {"next_step": words}
    deals = [{"id": f"d{n}", "state": "open", **written} for n in range(39)]
    tables = {
        "deals": [*deals, {"id": "x", "state": "open", **dict.fromkeys(written)}],
        "activities": [{"deal_id": "d0", "kind": "task", "due_date": "2030-01-01"}],
    }
    found_out = measure(context_of(tables), CATALOGUE["open-deal-without-next-step"])
    assert (found_out.reason, found_out.evidence) == (None, evidence)
    assert found_out.k_defect == (39 if words is None else 1)
