"""From counts to the state of a check, of a family and of a signal.

Pure functions. Only stable checks weigh; every family of a signal counts in the weights, also
the ones that nothing measures yet: what is not seen is unobserved, never healthy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from checks.judgement.stats import Posterior, clustered_posterior, owner_sums
from checks.measurement import Measurement, OwnerCount, Ruling
from checks.profile import DEFAULT_WEIGHTS, Profile
from checks.results import Evidence, SignalId, State
from checks.spec import FAMILIES, CheckSpec, Tolerance

#: P(rate above what is tolerated) from which a check is present, or emerging.
PRESENT_FROM = 0.95
EMERGING_FROM = 0.80
#: P(rate above what is tolerated) up to which a check is absent.
ABSENT_UP_TO = 0.20
#: People from whom on a check that counts people may be present.
_MANY_PEOPLE = 4
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
    counted, two of eight are emerging at most, whatever their rate.
    """
    common: dict[str, Any] = {
        "check_id": spec.id,
        "signal": spec.signal,
        "family": spec.family,
        "tolerance": spec.tolerance,
        "weighs": spec.lifecycle == "stable",
        "coverage": measured.coverage,
        "evidence": spec.evidence if spec.evidence != "measured" else measured.evidence,
    }
    unseen = _why_unseen(measured)
    if unseen:
        state, reason, facts = unseen
        return JudgedCheck(state=state, reason=reason, reason_facts=facts, **common)

    if measured.ruling is not None:
        return _as_ruled(measured.ruling, measured, common)
    sums = owner_sums(measured.owners)
    posterior = clustered_posterior(sums)
    probability = float(posterior.above(spec.tolerance.t_lo))
    counted: dict[str, Any] = common | {
        "counts": measured.owners,
        "posterior": posterior,
        "owners": int(sums.owners),
        "probability": probability,
        "whole": not measured.missing,
        "counts_people": measured.counts_people,
    }
    if measured.n_eligible < spec.tolerance.n_min:
        facts = {"n": measured.n_eligible, "n_min": spec.tolerance.n_min}
        return JudgedCheck(
            state=State.INCONCLUSIVE, reason="too_few_records", reason_facts=facts, **counted
        )
    mean = float(posterior.mean)
    state = rate_state(probability, mean, spec.tolerance)
    if state == State.PRESENT and measured.counts_people:
        few = not enough_people(measured.k_defect, measured.n_eligible)
        state = State.EMERGING if few else state
    return JudgedCheck(
        state=state,
        severity=severity(mean, spec.tolerance),
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


def enough_people(hit: Any, people: Any) -> Any:
    """Return whether so many people make a habit of all: four, or three and half of them.

    Args:
        hit: People hit; a number, or an array of numbers.
        people: People examined, of the same shape.
    """
    return (hit >= _MANY_PEOPLE) | ((hit >= _MANY_PEOPLE - 1) & (2 * hit >= people))


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


@dataclass(frozen=True)
class JudgedFamily:
    """One family of a signal: as bad as its worst observable check.

    Attributes:
        state: The state of its checks; where none could be observed, the one that people's
            answers give it.
        severity: Worst severity of its checks; None where none was observed.
        whole: Whether all its stable checks were fully observed; False without any.
        evidence: What the state rests on.
    """

    id: str
    weight: float
    state: State
    severity: float | None
    whole: bool
    checks: tuple[JudgedCheck, ...] = ()
    evidence: Evidence = "measured"

    @property
    def measured(self) -> State:
        """The state without what people only said."""
        return State.NOT_OBSERVABLE if self.evidence == "declared" else self.state


def judge_family(
    name: str, weight: float, checks: Sequence[JudgedCheck], declared: State | None = None
) -> JudgedFamily:
    """Return the state of a family from its checks; those that do not weigh are left out.

    What people say fills a family that no check observed, and only where it is bad: present or
    emerging. It has no severity and never makes a family whole, so an answer can raise a
    suspicion and never clear one.
    """
    weighing = [check for check in checks if check.weighs]
    severities = [check.severity for check in weighing if check.severity is not None]
    state = family_state([check.state for check in weighing])
    unseen = state == State.NOT_OBSERVABLE
    filled = unseen and declared in (State.PRESENT, State.EMERGING)
    return JudgedFamily(
        id=name,
        weight=weight,
        state=declared if filled and declared else state,
        severity=None if unseen else max(severities, default=None),
        whole=bool(weighing) and all(check.observed and check.whole for check in weighing),
        checks=tuple(checks),
        evidence="declared" if filled else "measured",
    )


def family_state(checks: Iterable[State]) -> State:
    """Return the worst state among observable checks.

    A check in error hides an unknown state, so a family with one is never absent.
    """
    seen = [state for state in checks if state != State.NOT_OBSERVABLE]
    for worst in (State.PRESENT, State.EMERGING):
        if worst in seen:
            return worst
    if not seen or State.ERROR in seen:
        return State.NOT_OBSERVABLE
    absent = seen.count(State.ABSENT)
    return State.ABSENT if absent >= len(seen) / 2 else State.INCONCLUSIVE


def signal_state(families: Sequence[State]) -> State:
    """Return the state of a signal from the states of all its families.

    Present: two families present, or one present and two emerging. Emerging: one present, or
    two emerging. Otherwise at least half of the families, and two, must be observable; then
    it is absent if at least half of those are, else inconclusive.
    """
    present = families.count(State.PRESENT)
    emerging = families.count(State.EMERGING)
    if present >= 2 or (present == 1 and emerging >= 2):
        return State.PRESENT
    if present == 1 or emerging >= 2:
        return State.EMERGING
    observable = len(families) - families.count(State.NOT_OBSERVABLE)
    if observable < max(2.0, len(families) / 2):
        return State.NOT_OBSERVABLE
    absent = families.count(State.ABSENT)
    return State.ABSENT if absent >= observable / 2 else State.INCONCLUSIVE


@dataclass(frozen=True)
class JudgedSignal:
    """One signal with its families in their order.

    Attributes:
        state: Its state, with what people said where no record shows it.
    """

    id: SignalId
    state: State
    families: tuple[JudgedFamily, ...]

    @property
    def measured(self) -> State:
        """The state without what people only said."""
        return signal_state([family.measured for family in self.families])

    @property
    def rests_on_answers(self) -> bool:
        """Whether the state would be another one without what people said."""
        return self.state != self.measured

    @property
    def checks(self) -> tuple[JudgedCheck, ...]:
        """Checks that weigh, in the order of the families."""
        return tuple(c for family in self.families for c in family.checks if c.weighs)

    @property
    def coverage(self) -> float:
        """Weight of the observed families over the weight of all."""
        seen = sum(family.weight for family in self.families if family.severity is not None)
        return seen / (sum(family.weight for family in self.families) or 1.0)


def judge_signals(
    checks: Sequence[JudgedCheck],
    profile: Profile,
    declared: Mapping[tuple[SignalId, str], State] | None = None,
) -> tuple[JudgedSignal, ...]:
    """Gather checks into families and families into the four signals, in their order.

    Args:
        checks: Every check, with its state.
        profile: Definitions in force; the weights of the families.
        declared: By signal and family, what people's answers say of it.
    """
    answers = declared or {}
    signals = []
    for signal, names in FAMILIES.items():
        weights = DEFAULT_WEIGHTS[signal] | profile.weights.get(signal, {})
        families = tuple(
            judge_family(
                name,
                weights[name],
                [check for check in checks if (check.signal, check.family) == (signal, name)],
                answers.get((signal, name)),
            )
            for name in names.values()
        )
        signals.append(JudgedSignal(signal, _with_answers(families), families))
    return tuple(signals)


def _with_answers(families: Sequence[JudgedFamily]) -> State:
    """Return the state of a signal, which answers can make worse and never better.

    One family that people complain of could otherwise be the one that makes half of a signal
    observable, and the signal absent.
    """
    state = signal_state([family.state for family in families])
    if state in (State.PRESENT, State.EMERGING):
        return state
    return signal_state([family.measured for family in families])
