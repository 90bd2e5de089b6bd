"""From the states of checks to those of families and signals.

Pure functions. Only stable checks weigh; every family of a signal counts in the weights, also
the ones that nothing measures yet: what is not seen is unobserved, never healthy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from checks.judgement.scoring import JudgedCheck
from checks.profile import DEFAULT_WEIGHTS, Profile
from checks.results import Evidence, SignalId, State
from checks.spec import FAMILIES


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
