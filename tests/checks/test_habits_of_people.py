"""Checks of Signal 3 on people and months: bursts, deserts, imports, typing for others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.authoring.catalogue import load_catalogue
from checks.context import Context
from checks.events.relations import relation
from checks.judgement.scoring import JudgedCheck, judge_check
from checks.measurement import Measurement
from checks.measures.deserts import Months, chance_of_nothing
from checks.results import State
from tests.checks.snapshots import context_of, counts, measure

CATALOGUE = load_catalogue()
BURSTS = CATALOGUE["burst-updates"]
DESERTS = CATALOGUE["activity-desert"]
IMPORTS = CATALOGUE["recurring-import"]
PROXIES = CATALOGUE["proxy-typing"]

REPS = 8
#: Working days of the first half of 2026, at nine.
DAYS = [
    day
    for n in range(181)
    if (day := datetime.fromisoformat("2026-01-01 09:00") + timedelta(days=n)).weekday() < 5
]
Row = dict[str, Any]


def judged(one: Measurement, spec: Any) -> JudgedCheck:
    return judge_check(spec, one)


def deal(rep: int, number: int, **more: Any) -> Row:
    row = {
        "id": f"d{rep}-{number}",
        "owner_id": f"u{rep}",
        "state": "open",
        "stage": "Offer",
        "name": f"Deal {number}",
        "type": "New business",
        "created_at": "2025-06-02 09:00",
        "created_by_id": f"u{rep}",
        "close_date": None,
    }
    return {**row, **more}


def deals(reps: int = REPS, each: int = 10) -> list[Row]:
    return [deal(rep, number) for rep in range(reps) for number in range(each)]


def edit(rep: int, number: int, at: datetime, **more: Any) -> Row:
    row = {
        "table_name": "deals",
        "record_id": f"d{rep}-{number % 10}",
        "field": "next_step",
        "old_value": None,
        "new_value": f"{at}",
        "changed_at": at,
        "user_id": f"u{rep}",
        "source": None,
    }
    return {**row, **more}


def daily(rep: int) -> Iterator[Row]:
    """One edit every working day, at hours that wander."""
    for n, day in enumerate(DAYS):
        yield edit(rep, n, day + timedelta(minutes=37 * (n + rep) % 480))


def monthly(rep: int) -> Iterator[Row]:
    """Thirty edits in the last hour of the month, and a few on other days."""
    for month in range(1, 7):
        of_month = [day for day in DAYS if day.month == month]
        for n in range(30):
            yield edit(rep, n, of_month[-1] + timedelta(hours=8, minutes=n))
        for n, day in enumerate(of_month[1:9:2]):
            yield edit(rep, n, day)


def before_review(rep: int) -> Iterator[Row]:
    """Eight edits on Monday, before the review of Tuesday morning, each when it suits."""
    for n, day in enumerate(DAYS):
        for turn in range(8 if day.weekday() == 0 else 0):
            yield edit(rep, turn, day + timedelta(hours=1 + rep, minutes=10 * turn))
        if day.weekday() in (2, 4) and n % 2:
            yield edit(rep, n, day)


def reviews(reps: Iterable[int]) -> Iterator[Row]:
    """Everybody edits one deal on Tuesday morning, with the pipeline on the screen."""
    for day in DAYS:
        if day.weekday() == 1:
            yield from (edit(rep, 0, day + timedelta(minutes=rep)) for rep in reps)


def edited(*histories: Iterable[Row], **more: list[Row]) -> Context:
    rows = [row for history in histories for row in history]
    return context_of({"deals": deals(), "field_history": rows, **more})


# --- bursts


def test_people_who_catch_up_once_a_month_are_found() -> None:
    habits = [monthly(rep) if rep < 4 else daily(rep) for rep in range(REPS)]
    one = measure(edited(*habits), BURSTS)
    assert counts(one) == (8, 4)
    assert one.counts_people
    assert {owner.owner_id for owner in one.owners if owner.k_defect} == {"u0", "u1", "u2", "u3"}
    assert judged(one, BURSTS).state is State.PRESENT


def test_two_of_eight_are_emerging() -> None:
    habits = [monthly(rep) if rep < 2 else daily(rep) for rep in range(REPS)]
    assert judged(measure(edited(*habits), BURSTS), BURSTS).state is State.EMERGING


def test_those_who_hardly_edit_cannot_be_judged() -> None:
    habits = [daily(rep) if rep else list(monthly(0))[:9] for rep in range(REPS)]
    assert counts(measure(edited(*habits), BURSTS)) == (7, 0)


def test_batching_before_the_weekly_review_is_emerging_only() -> None:
    habits = [before_review(rep) if rep < 6 else daily(rep) for rep in range(REPS)]
    one = measure(edited(*habits, reviews(range(REPS))), BURSTS)
    assert counts(one) == (8, 6)
    assert judged(one, BURSTS).state is State.EMERGING


def test_batching_before_the_review_of_what_is_long_over_is_present() -> None:
    habits = [before_review(rep) if rep < 6 else daily(rep) for rep in range(REPS)]
    late = [
        {
            "kind": "call",
            "owner_id": f"u{rep}",
            "deal_id": f"d{rep}-{n}",
            "happened_at": day,
            "created_at": day + timedelta(days=8),
            "source": None,
        }
        for rep in range(REPS)
        for n, day in enumerate(DAYS[100:110])
    ]
    one = measure(edited(*habits, reviews(range(REPS)), activities=late), BURSTS)
    assert judged(one, BURSTS).state is State.PRESENT


def test_imports_and_programs_make_no_bursts() -> None:
    def imported(rep: int) -> Iterator[Row]:
        yield from ({**row, "source": "IMPORT"} for row in monthly(rep))
        yield from daily(rep)

    assert counts(measure(edited(*map(imported, range(REPS))), BURSTS)) == (8, 0)


def test_a_history_of_two_months_is_too_short() -> None:
    habits = [[row for row in daily(rep) if row["changed_at"].month > 4] for rep in range(REPS)]
    assert measure(edited(*habits), BURSTS).reason == "too_short_history"


def test_history_without_users_is_not_observable() -> None:
    rows = [{k: v for k, v in row.items() if k != "user_id"} for row in daily(0)]
    one = measure(context_of({"deals": deals(), "field_history": rows}), BURSTS)
    assert ("field_history", "user_id") in one.missing


# --- deserts


def calls(rep: int, months: Iterable[int], each: int = 20, **more: Any) -> Iterator[Row]:
    for month in months:
        of_month = [day for day in DAYS if day.month == month]
        for n in range(each):
            row = {
                "kind": "call",
                "owner_id": f"u{rep}",
                "deal_id": f"d{rep}-{n % 10}",
                "account_id": None,
                "happened_at": of_month[n % len(of_month)],
                "created_at": of_month[n % len(of_month)] + timedelta(hours=1),
                "source": None,
            }
            yield {**row, **more}


def logged(*activities: Iterable[Row], **more: list[Row]) -> Context:
    rows = [row for one in activities for row in one]
    return context_of({"deals": more.pop("deals", deals()), "activities": rows, **more})


HALF = range(1, 7)


def dry(rep: int) -> Iterator[Row]:
    """Nothing by hand from March on, though the mailbox logs mail every week."""
    yield from calls(rep, (1, 2))
    yield from calls(rep, (3, 4, 5, 6), kind="email", source="EMAIL_SYNC")


def test_months_without_anything_typed_are_found() -> None:
    one = measure(logged(*(dry(r) if r < 4 else calls(r, HALF) for r in range(REPS))), DESERTS)
    assert counts(one) == (48, 16)
    assert judged(one, DESERTS).state is State.PRESENT


def test_deserts_of_two_people_of_eight_are_emerging() -> None:
    one = measure(logged(*(dry(r) if r < 2 else calls(r, HALF) for r in range(REPS))), DESERTS)
    assert (counts(one), judged(one, DESERTS).state) == ((48, 8), State.EMERGING)


def test_a_month_of_leave_is_no_desert() -> None:
    away = [
        row for row in calls(0, HALF) if not 4 < row["happened_at"].timetuple().tm_yday / 31 < 5
    ]
    context = logged(away, *(calls(rep, HALF) for rep in range(1, REPS)))
    assert measure(context, DESERTS).k_defect == 0


def test_a_silent_august_of_everybody_is_no_desert() -> None:
    few = [calls(rep, HALF, each=20) for rep in range(REPS)]
    quiet = [row for one in few for row in one if row["happened_at"].month != 5]
    some = [row for rep in range(6) for row in calls(rep, (5,), each=2)]
    one = measure(logged(quiet, some), DESERTS)
    assert one.k_defect == 0


def test_who_has_few_open_deals_is_not_asked() -> None:
    own = [*deals(), *(deal(9, n) for n in range(4))]
    context = logged(*(calls(rep, HALF) for rep in range(REPS)), deals=own)
    assert "u9" not in {owner.owner_id for owner in measure(context, DESERTS).owners}


def test_whose_activities_a_program_logs_is_not_judged() -> None:
    by_program = calls(0, HALF, source="EMAIL_SYNC", kind="email")
    context = logged(by_program, *(calls(rep, HALF) for rep in range(1, REPS)))
    assert "u0" not in {owner.owner_id for owner in measure(context, DESERTS).owners}


def test_where_nobody_logs_deserts_are_not_observable() -> None:
    sold = [deal(0, n, id=f"w{n}", state="won", close_date="2026-03-01") for n in range(20)]
    context = logged(calls(0, HALF), deals=[*deals(), *sold])
    assert measure(context, DESERTS).reason == "activities_not_logged"


def test_a_captured_inbox_makes_a_guess_of_deserts() -> None:
    robot = [{"id": "e", "name": "Einstein Activity Capture"}]
    habits = [dry(rep) if rep < 5 else calls(rep, HALF) for rep in range(REPS)]
    one = measure(logged(*habits, users=robot), DESERTS)
    assert (one.evidence, judged(one, DESERTS).state) == ("estimated", State.EMERGING)


def test_two_people_cannot_be_compared() -> None:
    context = logged(*(calls(rep, HALF) for rep in range(2)), deals=deals(2))
    result = judged(measure(context, DESERTS), DESERTS)
    assert (result.state, result.reason) == (State.INCONCLUSIVE, "nobody_to_compare")


@settings(max_examples=40, deadline=None)
@given(
    load=st.floats(0.5, 40), more=st.floats(1.01, 3), seed=st.integers(0, 9), spread=st.floats(1, 9)
)
def test_the_more_was_to_be_expected_the_less_likely_is_nothing(
    load: float, more: float, seed: int, spread: float
) -> None:
    rng = np.random.default_rng(seed)
    loads = np.append(np.full(40, 10.0), [load, load * more])
    done = np.append(rng.negative_binomial(spread, spread / (spread + 10), 40), [0, 0])
    there = np.ones(42)
    months = Months(["u"] * 42, [DAYS[0].date()] * 42, loads, there, done.astype(float))
    chances = chance_of_nothing(months)
    assert 0 <= chances[-1] <= chances[-2] <= 1


# --- recurring imports


def batch(day: str, count: int = 60, user: str = "admin", **more: Any) -> list[Row]:
    return [
        deal(
            0,
            n,
            id=f"{day}-{user}-{n}",
            created_at=f"{day} 10:0{n % 10}:{n % 60:02}",
            created_by_id=user,
            **more,
        )
        for n in range(count)
    ]


OLD = deal(1, 1, created_at="2024-01-08 09:30")


def imported(*batches: list[Row], first: Row = OLD, **more: list[Row]) -> Measurement:
    rows = [first, *(row for one in batches for row in one)]
    return measure(context_of({"deals": rows, **more}), IMPORTS)


MONTHLY = ("2026-02-03", "2026-03-03", "2026-04-07", "2026-05-05")


def test_an_import_every_month_is_present() -> None:
    one = imported(*map(batch, MONTHLY))
    assert (counts(one), one.metric and one.metric.value) == ((6, 4), 4)
    assert judged(one, IMPORTS).state is State.PRESENT


def test_a_migration_at_go_live_is_no_habit() -> None:
    waves = map(batch, ("2026-01-13", "2026-02-03", "2026-03-03"))
    one = imported(*waves, first=deal(1, 1, created_at="2026-01-12 09:30"))
    assert judged(one, IMPORTS).state is State.NOT_OBSERVABLE
    assert one.reason == "too_young_crm"
    one = imported(
        *map(batch, ("2025-11-04", "2025-12-02", "2026-01-06")),
        first=deal(1, 1, created_at="2025-10-30 09:30"),
    )
    assert judged(one, IMPORTS).state is State.ABSENT


def test_one_import_of_three_days_is_emerging_and_of_one_day_is_nothing() -> None:
    three = imported(*map(batch, ("2026-04-01", "2026-04-02", "2026-04-03")))
    assert judged(three, IMPORTS).state is State.EMERGING
    assert judged(imported(batch("2026-04-01")), IMPORTS).state is State.ABSENT


@pytest.mark.parametrize(
    "batches",
    [
        [batch(day, 49) for day in MONTHLY],
        [batch(day, type="Renewal") for day in MONTHLY],
        [batch(day, user="robot") for day in MONTHLY],
    ],
    ids=["less than fifty", "renewals", "an interface"],
)
def test_what_is_no_file_of_somebody_is_no_import(batches: list[list[Row]]) -> None:
    robot = [{"id": "robot", "name": "ERP", "is_integration": True}]
    assert judged(imported(*batches, users=robot), IMPORTS).state is State.ABSENT


def test_activities_are_imported_too_and_mailings_are_not() -> None:
    def sent(kind: str) -> list[Row]:
        return [
            {
                "kind": kind,
                "owner_id": "u1",
                "created_by_id": "u1",
                "happened_at": f"{day} 09:00",
                "created_at": f"{day} 10:0{n % 10}:{n % 60:02}",
                "source": None,
            }
            for day in MONTHLY
            for n in range(60)
        ]

    assert judged(imported(activities=sent("call")), IMPORTS).state is State.PRESENT
    assert judged(imported(activities=sent("email")), IMPORTS).state is State.ABSENT


def test_without_creation_dates_imports_are_not_observable() -> None:
    context = context_of({"deals": [{"id": "d1", "state": "open"}]})
    assert measure(context, IMPORTS).reason == "column_absent"


# --- typing for others


def typed(rep: int, by: str, share: float = 1.0) -> Iterator[Row]:
    for n, row in enumerate(daily(rep)):
        yield {**row, "user_id": by if n % 10 < share * 10 else f"u{rep}"}


def test_one_person_who_types_for_three_owners_is_present() -> None:
    habits = [typed(rep, "desk", 0.6) if rep < 3 else daily(rep) for rep in range(REPS)]
    one = measure(edited(*habits), PROXIES)
    assert one.k_defect / one.n_eligible < 0.25
    assert judged(one, PROXIES).state is State.PRESENT


def test_who_types_for_two_owners_helps_out() -> None:
    habits = [typed(rep, "desk") if rep < 2 else daily(rep) for rep in range(REPS)]
    assert judged(measure(edited(*habits), PROXIES), PROXIES).state is not State.PRESENT


def test_everybody_typing_for_everybody_is_present_by_its_rate() -> None:
    habits = [typed(rep, f"u{(rep + 1) % REPS}") for rep in range(REPS)]
    one = measure(edited(*habits), PROXIES)
    assert judged(one, PROXIES).state is State.PRESENT


def test_what_a_former_owner_edited_was_his_own() -> None:
    handed_over = [
        edit(rep, n, DAYS[-1], field="owner_id", old_value="u9", new_value=f"u{rep}", user_id="u9")
        for rep in range(REPS)
        for n in range(10)
    ]
    one = measure(edited(*(typed(rep, "u9") for rep in range(REPS)), handed_over), PROXIES)
    assert one.k_defect == 0


def test_what_a_manager_edits_in_the_review_is_no_typing_for_others() -> None:
    people = [{"id": f"u{rep}", "team_id": "t1", "manager_id": "boss"} for rep in range(REPS)]
    people.append({"id": "boss", "team_id": "t1", "manager_id": None})
    review = [
        edit(rep, 0, day + timedelta(minutes=10 + rep), user_id="boss")
        for day in DAYS
        if day.weekday() == 1
        for rep in range(REPS)
    ]
    context = edited(*(daily(rep) for rep in range(REPS)), review, users=people)
    assert [
        row[:3]
        for row in context.snapshot.rows(
            f"select day, hour, team from {relation(context, 'review_hours')}"
        )
    ] == [(1, 9, "t1")]
    assert measure(context, PROXIES).k_defect == 0
    # The same edits on another morning are made for others.
    moved = [{**row, "changed_at": row["changed_at"] + timedelta(hours=51)} for row in review[:80]]
    context = edited(*(daily(rep) for rep in range(REPS)), review, moved, users=people)
    assert measure(context, PROXIES).k_defect == 80


def test_the_save_that_makes_a_deal_may_be_anybodys() -> None:
    made = [
        edit(rep, n, datetime.fromisoformat("2025-06-02 09:00"), user_id="desk")
        for rep in range(REPS)
        for n in range(10)
    ]
    assert measure(edited(*(daily(rep) for rep in range(REPS)), made), PROXIES).k_defect == 0


# --- bad input


@pytest.mark.parametrize("spec", [BURSTS, DESERTS, IMPORTS, PROXIES], ids=lambda spec: spec.id)
def test_nothing_raises_and_nothing_unseen_is_healthy(spec: Any) -> None:
    nothing = {"deals": [], "activities": [], "field_history": [], "users": []}
    nulls = dict.fromkeys(deal(0, 0))
    wrong = [
        edit(0, 0, datetime.fromisoformat("2030-01-01")),
        edit(0, 0, datetime.fromisoformat("1990-01-01")),
        {**edit(0, 0, DAYS[0]), "record_id": None, "user_id": None},
        {**edit(0, 0, DAYS[0]), "record_id": "nowhere"},
    ]
    sleepless = {**next(calls(0, HALF)), "happened_at": datetime.fromisoformat("2026-03-29 01:30")}
    worlds = [
        context_of({**nothing}),
        context_of({**nothing, "deals": [nulls, nulls]}),
        context_of({**nothing, "deals": deals(1, 1), "field_history": wrong}),
        context_of(
            {**nothing, "deals": deals(1, 9), "activities": [sleepless]}, time_zone="Europe/Paris"
        ),
    ]
    for context in worlds:
        for table, names in (
            ("deals", nulls),
            ("activities", sleepless),
            ("field_history", wrong[0]),
        ):
            for name in names:
                context.snapshot.capabilities.columns.setdefault(
                    (table, name), next(iter(context.snapshot.capabilities.tables.values()))
                )
        one = measure(context, spec)
        assert one.reason != "error"
        assert judged(one, spec).state is not State.PRESENT
        # One deal that is older than the migration was seen not to be imported.
        assert judged(one, spec).state is not State.ABSENT or spec is IMPORTS
