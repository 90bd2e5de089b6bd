"""Laws that hold in every world: what must not matter does not, what is not seen clears nobody."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from checks.results import AuditResult, SignalId, State, VerdictState
from connectors.snapshot import Snapshot
from tests.accuracy.audited import specs
from tests.accuracy.changed import (
    as_it_is,
    audit,
    by_id,
    columns_of,
    deal_out_anew,
    double,
    hire_a_careful_seller,
    in_money_of_another_unit,
    later_by_four_weeks,
    some_world,
    without,
)
from tests.accuracy.sickness import all_families
from tests.worlds.plan import healthy
from tests.worlds.world import World, make_world

#: They read where in a month or a year something happens, or how long history has been kept.
_READ_THE_CALENDAR = frozenset(
    ["serially-pushed-deal", "burst-updates", "activity-desert", "missing-review-ritual",
     "recurring-import", "forecast-bias", "forecast-error", "forecast-without-skill",
     "forecast-miscalibrated", "late-logged-activity"]
)  # fmt: skip
#: They look into other tables too.
_SPAN_TABLES = frozenset(["invalid-email", "invalid-phone"])
#: They ask whether people differ by more than chance would have it.
_OF_DIFFERENCES = frozenset(
    ["field-completion-spread", "private-field", "stage-dialect", "picklist-dump",
     "amount-convention-spread", "probability-override-spread", "definition-spread"]
)  # fmt: skip
#: Twice the records are surer of what differs from chance: people, forecasts, promises of stages,
#: one day of the week from the others.
_AGAINST_CHANCE = _OF_DIFFERENCES | {
    "forecast-error", "forecast-miscalibrated", "missing-review-ritual"
}  # fmt: skip
#: Distances between people, summed up: with more records chance adds less to them.
_SUMS_UP_DISTANCES = "comparability-index"
#: They learn what is usual from so many deals, and can learn more from twice as many: stages and
#: stays, sources that are all routine, the hour of the review.
_LEARN_WHAT_IS_USUAL = frozenset(
    ["skipped-stage", "stalled-open-deal", "zombie-deal", "deal-born-late", "proxy-typing"]
)
#: When a company is entered a second time, many of its records are found twice.
_OF_TWINS = frozenset(["duplicate-account", "duplicate-contact", "duplicate-lead"])
#: They look wherever there may be something to see: which columns a CRM should have, nobody knows.
_LOOK_EVERYWHERE = frozenset(
    ["junk-in-deals", "junk-in-contacts", "junk-in-accounts", "junk-in-leads", "value-variant",
     "invalid-phone", "invalid-email", "comparability-index"]
)  # fmt: skip
#: Columns that tell which records are of this year, and whose: without them others are counted.
_SAY_WHICH = ("created_at", "modified_at", "owner_id")
#: What export after export lacks; without it somebody who did nothing wrong once looked bad.
_ONCE_ACCUSED = ("deals.owner_id", "deals.amount", "stages.rank")
_ACCUSED_ONCE = frozenset(["missing-review-ritual", "skipped-stage"])
_ORDER = (State.ABSENT, State.EMERGING, State.PRESENT)

#: Worlds of the full grid. All laws are held to the same ones, each of which is audited once as
#: it is.
_WORLDS = 12
#: One law on a world, and on all of them in the full grid.
on_worlds = pytest.mark.parametrize("examples", [1, pytest.param(_WORLDS, marks=pytest.mark.long)])


def hold(examples: int, law: Callable[..., None], **drawn: st.SearchStrategy[Any]) -> None:
    """Hold a law to worlds that are drawn by their seeds."""
    seeds = st.integers(min_value=0, max_value=1 if examples == 1 else _WORLDS - 1)
    several = settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],  # a smaller example is no smaller a world
        suppress_health_check=[HealthCheck.too_slow],
    )
    several(given(seed=seeds, **drawn)(law))()


@on_worlds
def test_no_check_breaks(examples: int) -> None:
    def law(seed: int) -> None:
        broken = [c.check_id for c in as_it_is(seed).checks if c.state is State.ERROR]
        assert broken == []

    hold(examples, law)


@on_worlds
def test_four_weeks_later_the_same_records_fail(examples: int) -> None:
    def law(seed: int) -> None:
        before = by_id(as_it_is(seed))
        after = by_id(audit(later_by_four_weeks(some_world(seed))))
        for check_id, check in before.items():
            if check_id not in _READ_THE_CALENDAR:
                assert (check.k_defect, check.n_eligible) == (
                    after[check_id].k_defect,
                    after[check_id].n_eligible,
                ), check_id

    hold(examples, law)


@on_worlds
def test_of_twice_the_records_the_same_share_fails(examples: int) -> None:
    def law(seed: int) -> None:
        before, after = by_id(as_it_is(seed)), by_id(audit(some_world(seed), double))
        for check_id, check in before.items():
            rate = after[check_id].rate
            if check_id in _AGAINST_CHANCE | _LEARN_WHAT_IS_USUAL:
                assert not _is_milder(after[check_id].state, check.state), check_id
            elif check.rate is None or check_id == _SUMS_UP_DISTANCES:
                continue
            elif check_id in _OF_TWINS:
                assert rate is not None
                assert rate >= check.rate + 0.2, check_id
            else:
                assert rate == pytest.approx(check.rate, abs=1e-6), check_id

    hold(examples, law)


@on_worlds
def test_another_unit_of_money_changes_no_state(examples: int) -> None:
    def law(seed: int) -> None:
        before = by_id(as_it_is(seed))
        after = by_id(audit(some_world(seed), in_money_of_another_unit))
        for check_id, check in before.items():
            # The index sums up what is found in amounts, among others.
            of_amounts = ("amount-convention-spread", "comparability-index")
            if "junk" not in check_id and check_id not in of_amounts:
                assert after[check_id].state is check.state, check_id

    hold(examples, law)


@pytest.mark.parametrize("worlds", [2, pytest.param(40, marks=pytest.mark.long)])
def test_people_with_each_others_deals_do_not_differ(worlds: int) -> None:
    differed, still, asked = 0, 0, 0
    for seed in range(worlds):
        plan = healthy(seed, reps=10, deals=700).planting(*all_families(2, seed))
        world = make_world(plan)
        differed += len(_present(audit(world, only=_OF_DIFFERENCES)))
        found = audit(world, deal_out_anew, only=_OF_DIFFERENCES)
        still += len(_present(found))
        asked += len([c for c in found.checks if c.state is not State.NOT_OBSERVABLE])
    assert differed >= worlds
    assert still <= 0.03 * asked


@on_worlds
def test_what_is_left_out_never_clears_anyone(examples: int) -> None:
    def law(seed: int, data: st.DataObject) -> None:
        names = st.lists(st.sampled_from(columns_of(seed)), min_size=1, max_size=3)
        gone = data.draw(names)
        whole, less = as_it_is(seed), audit(some_world(seed), without(gone))
        if whole.verdict.state is not VerdictState.NOT_ESTABLISHED:
            assert less.verdict.state is not VerdictState.NOT_ESTABLISHED, gone
        if any(name.split(".")[1] in _SAY_WHICH for name in gone):
            return
        for signal in SignalId:
            if index_lo(less, signal) > index_lo(whole, signal) + 1e-9:
                assert _milder(less, whole, signal) <= _LOOK_EVERYWHERE, gone

    hold(2 if examples == 1 else 4 * examples, law, data=st.data())


@pytest.mark.parametrize("gone", _ONCE_ACCUSED)
def test_what_is_left_out_accuses_nobody(gone: str) -> None:
    found = audit(a_healthy_world(), without([gone]), only=_ACCUSED_ONCE)
    assert _present(found) == []


@pytest.mark.long
@pytest.mark.parametrize("table", ["deals", "accounts", "contacts", "activities", "field_history"])
def test_no_column_that_is_left_out_accuses_anybody(table: str) -> None:
    before = set(_present(audit(a_healthy_world())))
    for column in columns_of(0):
        if column.startswith(f"{table}."):
            assert set(_present(audit(a_healthy_world(), without([column])))) <= before, column


@cache
def a_healthy_world() -> World:
    """A company that nothing is wrong with."""
    return make_world(healthy(4002, reps=8, deals=480))


def index_lo(result: AuditResult, signal: SignalId) -> float:
    """The lowest that a signal's index can be."""
    return next(one.index_lo for one in result.signals if one.id is signal)


@on_worlds
def test_a_seller_without_a_defect_makes_nothing_worse(examples: int) -> None:
    def law(seed: int) -> None:
        before, after = by_id(as_it_is(seed)), by_id(audit(some_world(seed), hire_a_careful_seller))
        for check_id, check in before.items():
            if check.signal is not SignalId.INCONSISTENT_USE:
                assert not _is_milder(check.state, after[check_id].state), check_id

    hold(examples, law)


@on_worlds
@pytest.mark.parametrize("table", ["contacts", "accounts", "leads", "activities"])
def test_an_empty_table_hides_its_checks(table: str, examples: int) -> None:
    def empty(snapshot: Snapshot) -> None:
        snapshot.run(f"delete from {table}")

    alone = {spec.id for spec in specs() if spec.table == table} - _SPAN_TABLES

    def law(seed: int) -> None:
        checks = audit(some_world(seed), empty, only=alone).checks
        assert [c.check_id for c in checks if c.n_eligible] == []
        assert {c.state for c in checks} == {State.NOT_OBSERVABLE}

    hold(examples, law)


def _is_milder(one: State, other: State) -> bool:
    """Whether a state says less than another one; those that say nothing are not compared."""
    return one in _ORDER and other in _ORDER and _ORDER.index(one) < _ORDER.index(other)


def _milder(less: AuditResult, whole: AuditResult, signal: SignalId) -> set[str]:
    """The checks of a signal that are less severe than they were."""
    before = by_id(whole)
    return {
        check.check_id
        for check in less.checks
        if check.signal is signal
        and check.severity is not None
        and check.severity < (before[check.check_id].severity or 0.0) - 1e-9
    }


def _present(result: AuditResult) -> list[str]:
    return [check.check_id for check in result.checks if check.state is State.PRESENT]
