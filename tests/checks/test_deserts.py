"""Months in which a person logs nothing, and those that only look like one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.authoring.catalogue import load_catalogue
from checks.context import Context
from checks.measures.deserts import Months, chance_of_nothing
from checks.results import State
from tests.checks.half_year import DAYS, HALF, REPS, Row, calls, deal, deals
from tests.checks.snapshots import context_of, counts, judged, measure

DESERTS = load_catalogue()["activity-desert"]


def logged(*activities: Iterable[Row], **more: list[Row]) -> Context:
    rows = [row for one in activities for row in one]
    return context_of({"deals": more.pop("deals", deals()), "activities": rows, **more})


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


def test_a_closed_deal_of_no_known_day_is_not_taken_for_open() -> None:
    closed = [deal(9, n, state="lost", close_date=None) for n in range(30)]
    context = logged(
        *(calls(rep, HALF) for rep in range(REPS)), deals=[*deals(), deal(9, 99), *closed]
    )
    judged_people = {owner.owner_id for owner in measure(context, DESERTS).owners}
    assert judged_people == {f"u{rep}" for rep in range(REPS)}


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
