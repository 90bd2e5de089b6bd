"""From counts to the state of a check: present, emerging, absent, or why that cannot be said.

Pure functions. What is not seen is unobserved, never healthy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from checks.few_people import enough_people
from checks.judgement.stats import Posterior, clustered_posterior, owner_sums
from checks.measurement import Measurement, OwnerCount, Ruling
from checks.results import Evidence, SignalId, State
from checks.spec import CheckSpec, Tolerance

#: P(rate above what is tolerated) from which a check is present, or emerging.
PRESENT_FROM = 0.95
EMERGING_FROM = 0.80
#: P(rate above what is tolerated) up to which a check is absent.
ABSENT_UP_TO = 0.20
#: Least share of a population, or of a signal's weight, that must be seen.
LEAST_COVERAGE = 0.5
#: The reason code of a measurement that failed with an exception.
ERROR = "error"


@dataclass(frozen=True)
class JudgedCheck:
    """One check with its state.

    Attributes:
        weighs: Whether it takes part in the judgement; only stable checks do.
        counts: Records examined and failed by owner; empty where nothing was counted.
        posterior: Posterior of the rate; None where nothing was counted.
        owners: Known owners behind the interval.
        probability: P(rate above what is tolerated); None where nothing was counted.
        severity: 0 within tolerance, 1 at the critical rate; None without a usable rate.
        reason: Why there is no firm state, or None.
        whole: False where part of the evidence was missing although a state was reached.
        ruled: Whether its measure reached the state by a rule of its own; then there are no
            counts to judge anew.
        counts_people: Whether its counts are people, each counting once.
    """

    check_id: str
    signal: SignalId
    family: str
    tolerance: Tolerance
    state: State
    weighs: bool = True
    counts: tuple[OwnerCount, ...] = ()
    posterior: Posterior | None = None
    owners: int = 0
    probability: float | None = None
    severity: float | None = None
    coverage: float = 1.0
    evidence: Evidence = "measured"
    reason: str | None = None
    reason_facts: Mapping[str, Any] = field(default_factory=dict)
    whole: bool = True
    ruled: bool = False
    counts_people: bool = False

    @property
    def observed(self) -> bool:
        """Whether it yielded a rate that may be judged, on enough records."""
        return self.severity is not None


def judge_check(spec: CheckSpec, measured: Measurement) -> JudgedCheck:
    """Return the state of one check.

    With P = P(rate > ``t_lo``): present from P 0.95 if the expected rate reaches ``t_hi``;
    emerging from P 0.80; absent up to P 0.20; inconclusive between, and on fewer records than
    ``n_min``. Nobody to examine, a missing input, or less than half of the population visible
    make it not observable. A measure that ruled by itself is taken at its word. Where people are
    counted, two of eight are emerging at most, whatever their rate. What is only estimated is
    emerging at most.
    """
    evidence = spec.evidence if spec.evidence != "measured" else measured.evidence
    is_capped = measured.is_capped or evidence == "estimated"
    tolerance = spec.tolerance.out_of_reach() if is_capped else spec.tolerance
    common: dict[str, Any] = {
        "check_id": spec.id,
        "signal": spec.signal,
        "family": spec.family,
        "tolerance": tolerance,
        "weighs": spec.lifecycle == "stable",
        "coverage": measured.coverage,
        "evidence": evidence,
    }
    unseen = _why_unseen(measured)
    if unseen:
        state, reason, facts = unseen
        return JudgedCheck(state=state, reason=reason, reason_facts=facts, **common)

    if measured.ruling is not None:
        return _as_ruled(measured.ruling, measured, common)
    sums = owner_sums(measured.owners)
    posterior = clustered_posterior(sums)
    probability = float(posterior.above(tolerance.t_lo))
    counted: dict[str, Any] = common | {
        "counts": measured.owners,
        "posterior": posterior,
        "owners": int(sums.owners),
        "probability": probability,
        "whole": not measured.missing,
        "counts_people": measured.counts_people,
    }
    if measured.n_eligible < tolerance.n_min:
        facts = {"n": measured.n_eligible, "n_min": tolerance.n_min}
        return JudgedCheck(
            state=State.INCONCLUSIVE, reason="too_few_records", reason_facts=facts, **counted
        )
    mean = float(posterior.mean)
    state = rate_state(probability, mean, tolerance)
    if state == State.PRESENT and measured.counts_people:
        few = not enough_people(measured.k_defect, measured.n_eligible)
        state = State.EMERGING if few else state
    return JudgedCheck(
        state=state,
        severity=severity(mean, tolerance),
        reason="too_close_to_tolerance" if state == State.INCONCLUSIVE else None,
        **counted,
    )


def _as_ruled(ruling: Ruling, measured: Measurement, common: Mapping[str, Any]) -> JudgedCheck:
    """Return a check whose measure reached its state by a rule of its own."""
    return JudgedCheck(
        state=ruling.state,
        severity=ruling.severity,
        probability=ruling.probability,
        reason=ruling.reason,
        reason_facts=ruling.reason_facts,
        ruled=True,
        whole=not measured.missing,
        **common,
    )


def _why_unseen(measured: Measurement) -> tuple[State, str, Mapping[str, Any]] | None:
    if measured.reason == ERROR:
        return State.ERROR, ERROR, measured.reason_facts
    if measured.reason is not None:
        return State.NOT_OBSERVABLE, measured.reason, measured.reason_facts
    if measured.n_eligible == 0:
        return State.NOT_OBSERVABLE, "nobody_to_examine", measured.reason_facts
    if measured.coverage < LEAST_COVERAGE:
        return State.NOT_OBSERVABLE, "too_little_visible", {"coverage": measured.coverage}
    return None


def rate_state(probability: float, mean: float, tolerance: Tolerance) -> State:
    """Return the state of a rate seen on enough records.

    Args:
        probability: P(rate > ``t_lo``).
        mean: Expected rate.
        tolerance: What is still normal.
    """
    if probability >= PRESENT_FROM and mean >= tolerance.high:
        return State.PRESENT
    if probability >= EMERGING_FROM:
        return State.EMERGING
    return State.ABSENT if probability <= ABSENT_UP_TO else State.INCONCLUSIVE


def severity(rate: float, tolerance: Tolerance) -> float:
    """Return 0 up to ``t_lo``, 0.5 at ``t_hi``, 1 from ``t_cr``, straight lines between."""
    low, high, critical = tolerance.t_lo, tolerance.high, tolerance.critical
    if rate <= low:
        return 0.0
    if rate >= critical:
        return 1.0
    if rate >= high:
        return 0.5 + 0.5 * (rate - high) / (critical - high)
    return 0.5 * (rate - low) / (high - low)
