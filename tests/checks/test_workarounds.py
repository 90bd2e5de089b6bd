"""Checks of Signal 3 that rows decide: what is planted, and what only looks like it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from checks.authoring.catalogue import load_catalogue
from checks.context import Context
from checks.events.relations import relation, signs
from checks.judgement.scoring import judge_check
from checks.measurement import Measurement
from checks.results import State
from tests.checks.snapshots import context_of, counts, hit_ids, measure

CATALOGUE = load_catalogue()
UNLOGGED = CATALOGUE["won-deal-without-activity"]
QUICK = CATALOGUE["deal-created-and-won-same-day"]
TYPED = CATALOGUE["stages-typed-at-closing"]
SHEETS = CATALOGUE["spreadsheet-attachment"]

STAGES = [
    {"id": "s1", "name": "Call", "rank": 1},
    {"id": "s2", "name": "Visit", "rank": 2},
    {"id": "s3", "name": "Offer", "rank": 3},
    {"id": "s4", "name": "Won", "rank": 4, "is_closed": True, "is_won": True},
]


def won(number: int, **more: Any) -> dict[str, Any]:
    row = {
        "id": f"d{number}",
        "state": "won",
        "stage": "Won",
        "type": "New business",
        "pipeline": None,
        "owner_id": f"u{number % 8}",
        "created_by_id": f"u{number % 8}",
        "created_at": datetime.fromisoformat("2026-01-05 09:00") + timedelta(hours=number),
        "close_date": "2026-04-10",
        "last_activity_at": None,
    }
    return {**row, **more}


def call(deal: str, at: str = "2026-03-01 10:00", **more: Any) -> dict[str, Any]:
    row = {"kind": "call", "deal_id": deal, "happened_at": at, "source": None, "is_archived": False}
    return {**row, **more}


def state(one: Measurement, spec: Any) -> State:
    return judge_check(spec, one).state


# --- won deals without activity


def test_where_nobody_logs_anything_this_check_alone_carries_it() -> None:
    context = context_of({"deals": [won(n) for n in range(40)], "activities": [call("elsewhere")]})
    one = measure(context, UNLOGGED)
    assert counts(one) == (40, 40)
    assert state(one, UNLOGGED) is State.PRESENT


def test_without_activities_it_is_not_observable() -> None:
    one = measure(context_of({"deals": [won(n) for n in range(40)]}), UNLOGGED)
    assert one.reason == "table_absent"


def test_activities_without_any_day_prove_nothing() -> None:
    tables = {"deals": [won(1)], "activities": [{"kind": "call", "deal_id": "d1"}]}
    assert measure(context_of(tables), UNLOGGED).reason == "column_absent"


def test_deals_that_are_older_than_the_activities_of_the_export_are_left_out() -> None:
    deals = [won(1, created_at="2025-07-01 09:00", close_date="2025-09-01"), won(2)]
    context = context_of({"deals": deals, "activities": [call("d2")]})
    assert counts(measure(context, UNLOGGED)) == (1, 0)


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("users", {"id": "robot", "name": "Einstein Activity Capture"}),
        ("activities", call("d99", source="Connected inbox")),
    ],
)
def test_a_captured_inbox_makes_missing_activities_a_guess(table: str, row: dict[str, Any]) -> None:
    tables = {"deals": [won(n) for n in range(40)], "activities": [call("d99")], "users": []}
    tables[table] = [*tables[table], row]
    one = measure(context_of(tables), UNLOGGED)
    judged = judge_check(UNLOGGED, one)
    assert (one.evidence, judged.state) == ("estimated", State.EMERGING)
    assert one.reason_facts["doubts"]


def test_activities_that_only_the_crm_itself_knows_of_are_a_sign_of_a_captured_inbox() -> None:
    deals = [won(n, last_activity_at="2026-04-01 09:00") for n in range(30)]
    context = context_of({"deals": deals, "activities": [call("d99")]})
    assert signs(context, "inbox") == ["later_activity"]


def test_an_inbox_that_hubspot_is_connected_to_shows_a_part_of_the_mail_only() -> None:
    def judged(source: str, mails: int = 20) -> tuple[list[str], str]:
        rows = [call("d99", kind="email", source=source) for _ in range(mails)]
        tables = {"deals": [won(n) for n in range(40)], "activities": rows, "users": []}
        context = context_of(tables)
        return signs(context, "inbox"), measure(context, UNLOGGED).evidence

    assert judged("EMAIL_INTEGRATION") == (["connected_inbox"], "estimated")
    assert judged("EMAIL") == (["connected_inbox"], "estimated")
    assert judged("EMAIL", mails=19) == ([], "measured")  # somebody copied the CRM in now and then
    assert judged("CRM_UI") == ([], "measured")


def test_what_a_mailbox_or_a_telephone_logged_is_work_and_what_was_imported_is_not() -> None:
    def unlogged(source: str) -> int:
        deals = [won(n) for n in range(30)]
        logged = [call(f"d{n}", source=source) for n in range(30)]
        done = [call("d99", at="2026-01-02 10:00"), *logged]
        return counts(measure(context_of({"deals": deals, "activities": done}), UNLOGGED))[1]

    for source in ("EMAIL", "GMAIL_INTEGRATION", "BCC_TO_CRM", "INTEGRATION"):
        assert unlogged(source) == 0
    for source in ("IMPORT", "WORKFLOWS"):
        assert unlogged(source) == 30


def test_mails_that_are_there_because_a_mailbox_logs_them_are_no_such_sign() -> None:
    deals = [won(n, last_activity_at="2026-03-01 10:00") for n in range(30)]
    mails = [call(f"d{n}", kind="email", source="EMAIL_SYNC") for n in range(30)]
    context = context_of({"deals": deals, "activities": mails})
    assert signs(context, "inbox") == []
    assert counts(measure(context, UNLOGGED)) == (30, 0)


# --- created and won on the same day


def usual(count: int = 30) -> list[dict[str, Any]]:
    return [won(n) for n in range(count)]


def same_day(number: int, **more: Any) -> dict[str, Any]:
    return won(number, created_at="2026-04-10 09:00", **more)


def test_quick_wins_are_found_where_sales_take_weeks() -> None:
    context = context_of({"deals": [*usual(), same_day(50), same_day(51)]})
    assert hit_ids(context, measure(context, QUICK)) == ["d50", "d51"]


@pytest.mark.parametrize(
    "benign",
    [
        {"type": "Renouvellement"},
        {"type": "Renewal"},
        {"pipeline": "Online shop"},
        {"lead_source": "Commande web"},
        {"lead_source": "Import 2025"},
        {"created_by_id": "robot"},
    ],
)
def test_what_nobody_had_to_sell_is_no_quick_win(benign: dict[str, Any]) -> None:
    deals = [{"lead_source": None, **deal} for deal in [*usual(), same_day(50, **benign)]]
    robots = [{"id": "robot", "name": "Sync", "is_integration": True}]
    context = context_of({"deals": deals, "users": robots})
    assert counts(measure(context, QUICK)) == (30, 0)


def test_a_batch_that_was_imported_in_minutes_is_no_quick_win() -> None:
    batch = [
        won(n, created_by_id="admin", created_at=f"2026-04-10 09:0{n % 6}:0{n % 9}")
        for n in range(100, 160)
    ]
    # More than half of all wins, but none of them tells how long a sale takes.
    context = context_of({"deals": [*usual(), *batch, same_day(50)]})
    assert hit_ids(context, measure(context, QUICK)) == ["d50"]


def test_where_sales_take_days_a_quick_win_says_nothing() -> None:
    deals = [won(n, close_date="2026-01-12") for n in range(30)]
    one = measure(context_of({"deals": [*deals, same_day(50)]}), QUICK)
    assert one.reason == "nobody_to_examine"


# --- stages typed at closing


def moves(deal: str, *at: str, user: str = "u1", source: str | None = None) -> list[dict[str, Any]]:
    stages = ["Call", "Visit", "Offer", "Won"][-len(at) - 1 :]
    return [
        {
            "table_name": "deals",
            "record_id": deal,
            "field": "stage",
            "old_value": old,
            "new_value": new,
            "changed_at": moment,
            "user_id": user,
            "source": source,
        }
        for old, new, moment in zip(stages[:-1], stages[1:], at, strict=True)
    ]


def staged(*histories: list[dict[str, Any]]) -> Context:
    # The history is kept since before the deals were created.
    before = moves("d0", "2026-01-01 09:00")
    deals = [won(n) for n in range(len(histories) + 1)]
    rows = [row for history in (before, *histories) for row in history]
    return context_of({"deals": deals, "stages": STAGES, "field_history": rows})


def test_several_stages_within_ten_minutes_of_the_last_day_are_typed() -> None:
    context = staged(
        moves("d1", "2026-02-01 09:00", "2026-04-10 09:00", "2026-04-10 09:09"),
        moves("d2", "2026-02-01 09:00", "2026-03-01 09:00", "2026-04-10 09:09"),
        moves("d3", "2026-02-01 09:00", "2026-04-10 09:00", "2026-04-10 09:11"),
        # In one go, but long before the end.
        moves("d4", "2026-02-01 09:00", "2026-02-01 09:01", "2026-04-10 09:09"),
    )
    one = measure(context, TYPED)
    assert (counts(one), hit_ids(context, one)) == ((4, 1), ["d1"])


def test_what_a_workflow_moves_was_not_typed() -> None:
    quick = ("2026-02-01 09:00", "2026-04-10 09:00", "2026-04-10 09:01")
    context = staged(moves("d1", *quick, source="WORKFLOW"), moves("d2", *quick))
    assert hit_ids(context, measure(context, TYPED)) == ["d2"]


def test_what_a_web_form_brought_people_type_all_the_same_and_renewals_rush_through() -> None:
    quick = ("2026-02-01 09:00", "2026-04-10 09:00", "2026-04-10 09:01")
    deals = [won(0), won(1, created_by_id="form"), won(2, type="Renewal")]
    history = [*moves("d0", "2026-01-01 09:00"), *moves("d1", *quick), *moves("d2", *quick)]
    users = [{"id": "form", "is_integration": True}, {"id": "u1", "is_integration": False}]
    context = context_of(
        {"deals": deals, "stages": STAGES, "field_history": history, "users": users}
    )
    assert hit_ids(context, measure(context, TYPED)) == ["d1"]


def test_deals_older_than_their_history_are_unknown_not_healthy() -> None:
    deals = [won(n, created_at="2025-01-05 09:00") for n in range(4)]
    rows = moves("d1", "2026-02-01 09:00", "2026-04-10 09:00", "2026-04-10 09:01")
    context = context_of({"deals": deals, "stages": STAGES, "field_history": rows})
    assert measure(context, TYPED).n_eligible == 0


def test_without_history_it_is_not_observable() -> None:
    one = measure(context_of({"deals": usual(), "stages": STAGES}), TYPED)
    assert one.reason == "table_absent"
    assert ("field_history", "changed_at") in one.missing


# --- what looks alike


def test_one_name_on_two_deals_is_no_template_yet() -> None:
    files = [{"record_id": f"d{n}", "name": "Calcul.xlsx", "extension": "xlsx"} for n in (1, 2)]
    context = context_of({"deals": usual(3), "attachments": files})
    assert hit_ids(context, measure(context, SHEETS)) == ["d1", "d2"]


def test_an_extension_is_enough_to_know_a_spreadsheet() -> None:
    files = [{"record_id": "d1", "name": "Marge Dupont", "extension": ".XLSX"}]
    context = context_of({"deals": usual(3), "attachments": files})
    assert hit_ids(context, measure(context, SHEETS)) == ["d1"]


@pytest.mark.parametrize("name", ["Prix d'achat.xlsx", "Liste de prix.xls", "Order form.csv", None])
def test_price_lists_and_orders_are_no_side_files(name: str | None) -> None:
    files = [{"record_id": "d1", "name": name, "extension": "xlsx"}]
    context = context_of({"deals": usual(3), "attachments": files})
    assert hit_ids(context, measure(context, SHEETS)) == []


def test_only_what_no_hand_can_do_is_a_bulk_creation() -> None:
    def created(number: int, at: str, **more: Any) -> dict[str, Any]:
        return won(number, created_by_id="u1", created_at=at, **more)

    def batch(first: int, count: int, minute: int) -> list[dict[str, Any]]:
        return [
            created(first + n, f"2026-05-04 1{minute}:{n % 10:02}:{n % 60:02}")
            for n in range(count)
        ]

    # Days alone tell no minutes, however many deals bear the same one.
    days = [created(900 + n, "2026-05-05 00:00") for n in range(60)]
    context = context_of({"deals": [*batch(0, 50, 0), *batch(100, 49, 2), *days]})
    rows = context.snapshot.rows(
        f"select count(*), count(distinct record_id) from {relation(context, 'bulk_creations')}"
    )
    assert rows == [(50, 50)]


def test_where_nothing_tells_renewals_quick_wins_are_a_guess() -> None:
    def judged(**told: Any) -> tuple[str, State]:
        quick = [won(n, created_at="2026-04-10 09:00", type=None, **told) for n in range(20)]
        slow = [won(n, type=None, **told) for n in range(20, 60)]
        one = measure(context_of({"deals": [*quick, *slow]}), QUICK)
        return one.evidence, judge_check(QUICK, one).state

    assert judged(lead_source=None) == ("estimated", State.EMERGING)
    assert judged(lead_source="Fair") == ("measured", State.PRESENT)
