"""The verdict: are at least two of the four signals present, and how sure is that?

The state says how sure the *signals* are. Why they are present is another question, which
``checks.judgement.causes`` answers; nothing here speaks of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checks.judgement.families import JudgedFamily, JudgedSignal, signal_state
from checks.judgement.resampling import Robustness, probability_of_two, robustness
from checks.judgement.signals import confidence
from checks.results import Confidence, State, VerdictState

#: Gates of ``established``.
FEWEST_REPS = 5
FEWEST_DEALS = 100
LEAST_PROBABILITY = 0.80
#: Probability from which a verdict may have high confidence.
HIGH_PROBABILITY = 0.95

_LEVELS: tuple[Confidence, ...] = ("low", "medium", "high")


@dataclass(frozen=True)
class Decision:
    """The verdict without its money and its missing evidence.

    Attributes:
        present: Signals that are present.
        observable: Signals that could be measured; what people only said does not count.
        probability: P(at least two signals present) by what was measured, None where nothing
            was.
        gates: Whether each gate of ``established`` holds.
        confidence: None where nothing was concluded.
        robustness: How many signals are present with other tolerances, or without one owner.
        decided_by: Checks behind the signals that the verdict rests on, worst first within
            each signal.
    """

    state: VerdictState
    present: int
    observable: int
    probability: float | None
    gates: dict[str, bool]
    confidence: Confidence | None
    robustness: Robustness
    decided_by: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether more evidence could still change it."""
        return self.state in (VerdictState.SUSPECTED, VerdictState.CANNOT_CONCLUDE)


def decide(signals: Sequence[JudgedSignal], *, reps: int, deals: int, seed: int) -> Decision:
    """Return the verdict; the first rule that fits wins.

    1. ``established``: two signals or more are present, and every gate holds.
    2. ``suspected``: two are present, or one is and another is emerging.
    3. ``not_established``: neither would hold if all that was not seen were present.
    4. ``cannot_conclude``.

    What people said counts in the states of the signals and not in the probability: answers can
    raise a suspicion, and establish nothing that the records do not show.

    Args:
        signals: The four signals.
        reps: People who own deals that were examined.
        deals: Deals that were examined.
        seed: Seed of the draws behind the probability.
    """
    states = [signal.state for signal in signals]
    present = states.count(State.PRESENT)
    probability = probability_of_two(signals, seed)
    gates = {
        "reps": reps >= FEWEST_REPS,
        "deals": deals >= FEWEST_DEALS,
        "robust": is_robust(signals),
        "probability": probability is not None and probability >= LEAST_PROBABILITY,
    }
    if present >= 2 and all(gates.values()):
        state = VerdictState.ESTABLISHED
    elif is_suspicious(states):
        state = VerdictState.SUSPECTED
    elif not is_suspicious([at_worst(signal) for signal in signals]):
        state = VerdictState.NOT_ESTABLISHED
    else:
        state = VerdictState.CANNOT_CONCLUDE
    behind = _signals_behind(state, signals)
    return Decision(
        state=state,
        present=present,
        observable=sum(signal.measured != State.NOT_OBSERVABLE for signal in signals),
        probability=probability,
        gates=gates,
        confidence=_confidence(state, behind or signals, probability),
        robustness=robustness(signals),
        decided_by=tuple(check for signal in behind for check in _checks_behind(signal)),
    )


def is_suspicious(signals: Sequence[State]) -> bool:
    """Return whether two signals are present, or one is and another is emerging."""
    present = signals.count(State.PRESENT)
    return present >= 2 or (present == 1 and State.EMERGING in signals)


def at_worst(signal: JudgedSignal) -> State:
    """Return the state of a signal if all that was not seen or not decided were present."""
    return signal_state(
        [
            State.PRESENT if not f.whole or f.state == State.INCONCLUSIVE else f.state
            for f in signal.families
        ]
    )


def is_robust(signals: Sequence[JudgedSignal]) -> bool:
    """Return whether two signals stand without any single family.

    Whichever family is taken away, one of the signals that are present stays present and
    another is at least emerging.
    """
    candidates = [signal for signal in signals if signal.state == State.PRESENT]
    return len(candidates) >= 2 and all(
        is_suspicious([_without(signal, family) for signal in candidates])
        for weakened in candidates
        for family in weakened.families
    )


def _without(signal: JudgedSignal, removed: JudgedFamily) -> State:
    return signal_state([family.state for family in signal.families if family is not removed])


def _signals_behind(state: VerdictState, signals: Sequence[JudgedSignal]) -> list[JudgedSignal]:
    present = [signal for signal in signals if signal.state == State.PRESENT]
    if state != VerdictState.SUSPECTED or len(present) >= 2:
        return present
    return [signal for signal in signals if signal.state in (State.PRESENT, State.EMERGING)]


def _checks_behind(signal: JudgedSignal) -> list[str]:
    """Return the checks that made a signal present or emerging.

    Emerging families count where the present ones alone do not make the signal present.
    """
    counted = [family for family in signal.families if family.state == State.PRESENT]
    if len(counted) < 2:
        counted += [family for family in signal.families if family.state == State.EMERGING]
    checks = [
        check
        for family in counted
        for check in family.checks
        if check.weighs and check.state == family.state
    ]
    checks.sort(key=lambda check: (-(check.severity or 0.0), check.check_id))
    return [check.check_id for check in checks]


def _confidence(
    state: VerdictState, signals: Sequence[JudgedSignal], probability: float | None
) -> Confidence | None:
    """Return the least confidence among the signals, within what the probability allows.

    A suspicion is never more than medium: what it lacks is certainty. One that rests on what
    people said has the confidence of their answers, as the probability knows nothing of them.
    """
    if state == VerdictState.CANNOT_CONCLUDE:
        return None
    if any(signal.rests_on_answers for signal in signals):
        return _LEVELS[min(1, *(_level(signal) for signal in signals))]
    if probability is None:
        return None
    sure = 1 - probability if state == VerdictState.NOT_ESTABLISHED else probability
    limit = 2 if sure >= HIGH_PROBABILITY else 1 if sure >= LEAST_PROBABILITY else 0
    if state == VerdictState.SUSPECTED:
        limit = min(limit, 1)
    return _LEVELS[min([limit, *(_level(signal) for signal in signals)])]


def _level(signal: JudgedSignal) -> int:
    return _LEVELS.index(confidence(signal) or "low")
