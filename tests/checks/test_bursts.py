"""Months of edits made in an hour: who catches up, and what is batched for a review."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from checks.authoring.catalogue import load_catalogue
from checks.results import State
from tests.checks.half_year import DAYS, REPS, Row, daily, deals, edit, edited
from tests.checks.snapshots import context_of, counts, judged, measure

BURSTS = load_catalogue()["burst-updates"]


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
