"""What is said of a signal besides its state: index, confidence, evidence, headline."""

from __future__ import annotations

from dataclasses import dataclass

from checks.judgement.families import JudgedSignal
from checks.judgement.scoring import LEAST_COVERAGE, JudgedCheck
from checks.results import Confidence, Evidence, State

#: Least confidence score of each level.
HIGH_FROM, MEDIUM_FROM = 0.6, 0.3

_WORST_FIRST = (State.PRESENT, State.EMERGING, State.INCONCLUSIVE, State.ABSENT)
_BEST_EVIDENCE_FIRST: tuple[Evidence, ...] = ("measured", "estimated", "declared")


@dataclass(frozen=True)
class Index:
    """How healthy a signal's evidence is, 0 to 100, with what the unseen could make of it.

    Attributes:
        value: Over the observed families; None at a coverage below one half.
        low: With every family that was not fully observed at its worst.
        high: With every family that was not observed at its best.
    """

    value: float | None
    low: float
    high: float


def index(signal: JudgedSignal) -> Index:
    """Return 100 minus the weighted mean severity of a signal's families.

    ``low`` takes a family at its worst also where only one of its checks was not seen: that
    check may have been the worst one. So hiding a column can never raise ``low``.
    """
    total = sum(family.weight for family in signal.families) or 1.0
    seen = 0.0
    defects = 0.0
    at_worst = 0.0
    for family in signal.families:
        if family.severity is not None:
            seen += family.weight
            defects += family.weight * family.severity
        whole = family.severity if family.whole else None
        at_worst += family.weight * (1.0 if whole is None else whole)
    known = seen > 0 and signal.coverage >= LEAST_COVERAGE
    return Index(
        value=100 * (1 - defects / seen) if known else None,
        low=100 * (1 - at_worst / total),
        high=100 * (1 - defects / total),
    )


def confidence(signal: JudgedSignal) -> Confidence | None:
    """Return how far the signal's checks were seen and decided; None where none was observed.

    Coverage times the mean of ``2 max(P, 1 - P) - 1`` over observed checks. Evidence that is
    only declared is never more than medium; where nothing was observed, it is medium if several
    people agree on every family that they fill.
    """
    seen = [check for check in signal.checks if check.observed]
    decided = [abs(2 * check.probability - 1) for check in seen if check.probability is not None]
    if signal.rests_on_answers and not decided:
        filled = [family.state for family in signal.families if family.evidence == "declared"]
        return "medium" if set(filled) == {State.PRESENT} else "low"
    if not decided:
        return None
    score = signal.coverage * sum(decided) / len(decided)
    if score >= HIGH_FROM and evidence(signal) != "declared":
        return "high"
    return "medium" if score >= MEDIUM_FROM else "low"


def evidence(signal: JudgedSignal) -> Evidence:
    """Return the best kind of evidence among what was observed.

    A state that would be another one without people's answers is declared, whatever else was
    observed.
    """
    if signal.rests_on_answers:
        return "declared"
    kinds = {check.evidence for check in signal.checks if check.observed}
    return next((kind for kind in _BEST_EVIDENCE_FIRST if kind in kinds), "measured")


def headline(signal: JudgedSignal) -> JudgedCheck | None:
    """Return the check that stands for a signal, or None where none was observed.

    The worst state, then the greatest severity, the heaviest family and the most defects.
    """
    seen = [
        (family.weight, check)
        for family in signal.families
        for check in family.checks
        if check.weighs and check.observed
    ]
    return min(seen, key=_worst_first)[1] if seen else None


def _worst_first(found: tuple[float, JudgedCheck]) -> tuple[int, float, float, int, str]:
    weight, check = found
    return (
        _WORST_FIRST.index(check.state),
        -(check.severity or 0.0),
        -weight,
        -sum(count.k_defect for count in check.counts),
        check.check_id,
    )
