"""One figure for how far records of one rep compare with those of another."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from checks.context import Context
from checks.measurement import Measurement, OwnerCount, Ruling, not_observable
from checks.results import GroupStat, Metric, State
from checks.spec import CheckSpec

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Index from which records compare, and below which they do not.
COMPARABLE_FROM, FRAGILE_FROM = 80, 60
_FEWEST_COMPONENTS = 3
_DRAWS = 2_000
#: Standard deviations between the 5 % and the 95 % quantile of a normal distribution.
_WIDTH = 3.29
_BITS_AT_WORST = 0.15


@dataclass(frozen=True)
class Component:
    """One part of the index.

    Attributes:
        name: What differs.
        weight: Its weight.
        value: How much, as a share of what makes figures incomparable; 0 to 1.
        error: Standard error of that share.
    """

    name: str
    weight: float
    value: float
    error: float


@dataclass(frozen=True)
class _Source:
    """Where a component comes from: checks whose metrics are averaged, and their worst value."""

    name: str
    weight: float
    checks: tuple[str, ...]
    worst: float


#: Spreads in points, divergence in bits, shares of records or fields.
_SOURCES = (
    _Source("fields", 3, ("field-completion-spread",), 20.0),
    _Source("stages", 2, ("stage-dialect",), _BITS_AT_WORST),
    _Source("skips", 1, ("skipped-stage",), 20.0),
    _Source("spellings", 1, ("value-variant",), 0.10),
    _Source("private_fields", 1, ("private-field",), 0.15),
    _Source(
        "conventions",
        2,
        ("amount-convention-spread", "probability-override-spread", "definition-spread"),
        20.0,
    ),
)


def comparability_index(
    context: Context, spec: CheckSpec, found: Mapping[str, Measurement]
) -> Measurement:
    """Measure how far figures of reps compare: 100 is fully, below 60 is not.

    A summary of what other checks found; it is shown and decides nothing. ``n`` counts the
    components that could be measured, ``k`` those that are at their worst.

    Args:
        context: The audit; its profile holds the seed of the interval.
        spec: The check.
        found: What the other checks found, by id.
    """
    components = list(_components(found))
    if len(components) < _FEWEST_COMPONENTS:
        return not_observable(
            "too_few_components", components=len(components), needed=_FEWEST_COMPONENTS
        )
    index = float(_index(np.array([one.value for one in components]), components))
    low, high = _interval(components, context.profile.seed)
    return Measurement(
        owners=(OwnerCount(None, len(components), sum(one.value >= 1 for one in components)),),
        groups=tuple(_group(one) for one in components),
        metric=Metric(
            name="comparability_index",
            value=round(index, 4),
            unit="of_100",
            lo=round(low, 4),
            hi=round(high, 4),
        ),
        ruling=_rule(index),
    )


def _index(values: NDArray[np.float64], components: Sequence[Component]) -> NDArray[np.float64]:
    """Return 100 less the weighted mean of the components, along the last axis."""
    weights = np.array([one.weight for one in components])
    return np.asarray(100 * (1 - (values * weights).sum(axis=-1) / weights.sum()))


def _interval(components: Sequence[Component], seed: int) -> tuple[float, float]:
    """Return the ends that hold 95 % of what the index would be if this were the truth, drawn."""
    rng = np.random.default_rng(seed)
    values = np.array([one.value for one in components])
    errors = np.array([one.error for one in components])
    drawn = np.clip(rng.normal(values, errors, (_DRAWS, len(components))), 0.0, 1.0)
    low, high = np.quantile(_index(drawn, components), [0.025, 0.975])
    index = float(_index(values, components))
    return min(index, float(low)), max(index, float(high))


def _components(found: Mapping[str, Measurement]) -> Iterator[Component]:
    for source in _SOURCES:
        seen = [_seen(found[name]) for name in source.checks if name in found]
        measured = [one for one in seen if one is not None]
        if measured:
            values, errors = np.array(measured).T / source.worst
            error = float(np.sqrt((errors**2).sum()) / len(measured))
            yield Component(source.name, source.weight, min(1.0, float(values.mean())), error)


def _seen(measurement: Measurement) -> tuple[float, float] | None:
    """Return what a check found, and its standard error; None where it could not tell."""
    ruling = measurement.ruling
    if measurement.reason is not None or (ruling and ruling.state is State.INCONCLUSIVE):
        return None
    metric = measurement.spread or measurement.metric
    if metric is not None and metric.value is not None:
        error = 0.0 if metric.lo is None or metric.hi is None else (metric.hi - metric.lo) / _WIDTH
        return metric.value, error
    n, k = measurement.n_eligible, measurement.k_defect
    return (k / n, math.sqrt(k * (n - k) / n) / n) if n else None


def _group(component: Component) -> GroupStat:
    return GroupStat(
        dimension="component",
        key=component.name,
        label=component.name,
        n_eligible=100,
        k_defect=round(100 * component.value),
        rate=component.value,
    )


def _rule(index: float) -> Ruling:
    severity = float(
        np.interp(
            index,
            [2 * FRAGILE_FROM - COMPARABLE_FROM, FRAGILE_FROM, COMPARABLE_FROM],
            [1.0, 0.5, 0.0],
        )
    )
    if index >= COMPARABLE_FROM:
        return Ruling(State.ABSENT, 0.0)
    state = State.EMERGING if index >= FRAGILE_FROM else State.PRESENT
    return Ruling(state, severity)
