"""The index of comparability: the mean of what differs between people."""

from __future__ import annotations

import pytest

from checks.measurement import Measurement, OwnerCount, Ruling
from checks.measures.comparability import comparability_index
from checks.measuring import measure_all
from checks.results import Metric, State
from tests.checks.teams import check, context_of, team


def measured(
    value: float, unit: str = "points", state: State = State.ABSENT, error: float = 1.0
) -> Measurement:
    return Measurement(
        owners=(OwnerCount(None, 10, 0),),
        metric=Metric(name="m", value=value, unit=unit, lo=value - error, hi=value + error),
        ruling=Ruling(state, 0.0),
    )


def index(**found: Measurement) -> Measurement:
    named = {name.replace("_", "-"): one for name, one in found.items()}
    context = context_of(team(2, 4))
    return comparability_index(context, check("comparability-index"), named)


def test_the_index_is_the_weighted_mean_of_what_differs() -> None:
    found = index(
        field_completion_spread=measured(10.0),  # half of 20 points, weight 3
        stage_dialect=measured(0.15, "bits"),  # the worst, weight 2
        value_variant=Measurement(owners=(OwnerCount("u1", 100, 0),)),  # nothing, weight 1
    )
    assert found.metric is not None
    assert found.metric.value == pytest.approx(100 * (1 - (3 * 0.5 + 2 * 1 + 0) / 6), abs=0.01)
    assert found.metric.lo is not None and found.metric.hi is not None
    assert found.metric.lo <= found.metric.value <= found.metric.hi


@pytest.mark.parametrize(
    ("points", "state"), [(2.0, State.ABSENT), (6.0, State.EMERGING), (16.0, State.PRESENT)]
)
def test_bands_lie_at_eighty_and_sixty(points: float, state: State) -> None:
    found = index(
        field_completion_spread=measured(points),
        stage_dialect=measured(0.0075 * points, "bits"),
        definition_spread=measured(points),
    )
    assert found.ruling is not None
    assert found.ruling.state is state


def test_fewer_than_three_components_give_no_index() -> None:
    found = index(
        field_completion_spread=measured(1.0),
        stage_dialect=measured(0.0, "bits", State.INCONCLUSIVE),
        definition_spread=measured(1.0),
    )
    assert (found.reason, found.reason_facts["components"]) == ("too_few_components", 2)


def test_conventions_that_differ_are_averaged() -> None:
    one = index(
        field_completion_spread=measured(0.0),
        stage_dialect=measured(0.0, "bits"),
        amount_convention_spread=measured(20.0),
        definition_spread=measured(0.0),
    )
    assert one.metric is not None
    assert one.metric.value == pytest.approx(100 * (1 - 2 * 0.5 / 7), abs=0.01)


def test_the_index_comes_after_what_it_sums_up_and_weighs_nothing() -> None:
    specs = [check(name) for name in ("comparability-index", "private-field", "stage-dialect")]
    specs.append(check("field-completion-spread"))
    found = measure_all(context_of(team()), specs).measurements
    assert found["comparability-index"].metric is not None
    assert list(found) == [spec.id for spec in specs]
    assert check("comparability-index").lifecycle != "stable"
