"""People who type for others, and edits of another's deal that are none of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from checks.authoring.catalogue import load_catalogue
from checks.events.relations import relation
from checks.results import State
from tests.checks.half_year import DAYS, REPS, Row, daily, edit, edited
from tests.checks.snapshots import judged, measure

PROXIES = load_catalogue()["proxy-typing"]


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
