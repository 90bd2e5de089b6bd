"""A few worlds on every change, held to the bars; ``make accuracy`` audits the whole grid."""

from __future__ import annotations

import pytest

from checks.results import State, VerdictState
from tests.accuracy.audited import Audited, audit, audit_world
from tests.accuracy.records import FACTS, JUDGED, Tally, tally
from tests.accuracy.sickness import all_families
from tests.worlds.plan import Cause, Planted, healthy
from tests.worlds.world import make_world

#: Planted often enough that a rate can be read off one world.
_FACTS_OF_ONE_WORLD = (
    "lost-deal-without-reason",
    "open-deal-without-amount",
    "open-deal-past-close-date",
    "contact-without-email-or-phone",
    "contact-without-account",
    "deal-without-account",
    "invalid-email",
    "invalid-company-id",
)
_JUDGED_OF_ONE_WORLD = ("junk-in-deals", "junk-in-contacts", "duplicate-account")


@pytest.fixture(scope="module")
def sick() -> Audited:
    """A world in which much of the first signal was planted."""
    plan = healthy(21, reps=12, deals=900)
    for habit in (*_FACTS_OF_ONE_WORLD, *_JUDGED_OF_ONE_WORLD):
        plan = plan.planting(Planted(habit, 0.30))
    return audit(plan)


def counted(audited: Audited, check_id: str) -> Tally:
    """What one audit found of a check."""
    one = Tally()
    tally(audited, check_id, one)
    return one


@pytest.mark.parametrize("check_id", _FACTS_OF_ONE_WORLD)
def test_facts_are_found_to_the_record(check_id: str, sick: Audited) -> None:
    assert check_id in FACTS
    one = counted(sick, check_id)
    assert one.right > 8
    assert one.precision is not None
    assert one.precision >= 0.99
    assert one.recall is not None
    assert one.recall >= 0.99


@pytest.mark.parametrize("check_id", _JUDGED_OF_ONE_WORLD)
def test_judgements_are_seldom_wrong_and_find_the_usual_forms(check_id: str, sick: Audited) -> None:
    assert check_id in JUDGED
    one = counted(sick, check_id)
    assert one.precision is not None
    assert one.precision >= 0.95, one.examples.most_common(5)
    assert one.recall is not None
    assert one.recall >= 0.90, one.examples.most_common(5)


@pytest.mark.parametrize("seed", [31, 32])
def test_a_healthy_company_is_not_accused(seed: int) -> None:
    audited = audit(healthy(seed, reps=8, deals=500))
    assert audited.present == set()
    assert audited.result.verdict.state is not VerdictState.ESTABLISHED


def test_a_company_that_fails_everywhere_is_told_so() -> None:
    plan = healthy(33, reps=12, deals=1_200)
    for signal in range(1, 5):
        plan = plan.planting(*all_families(signal, 33))
    audited = audit(plan)
    measured = {n for n in range(1, 5) if audited.signal(n).state is not State.NOT_OBSERVABLE}
    assert audited.present == measured
    assert audited.result.verdict.state is VerdictState.ESTABLISHED
    assert audited.result.verdict.cause == "organisational"


@pytest.mark.parametrize(
    ("cause", "rate"),
    [(Cause.SYSTEMIC, 0.35), (Cause.TEAM, 0.60), (Cause.TECHNICAL, 0.75)],
)
def test_causes_are_told_apart(cause: Cause, rate: float) -> None:
    habit = "deal-without-account"
    plan = healthy(35, reps=8, deals=700).planting(Planted(habit, rate, cause))
    check = audit_world(make_world(plan)).check(habit)
    assert check is not None
    assert check.triage is not None
    assert check.triage.kind == cause.value
