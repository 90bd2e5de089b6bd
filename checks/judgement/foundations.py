"""The three foundations: are rituals, responsibilities and usage scenarios documented, or known?

Each has a few aspects, in the article's own words; ``foundations.yaml`` says which checks and
which interview questions show each of them. What the records show decides; what people say
counts where no record does, and tells *documented* from merely *known*: no record can show that
something is written down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict

from checks.judgement.hearing import standing
from checks.results import CheckResult, State
from checks.system import (
    AnsweredQuestion,
    AspectResult,
    Basis,
    DeclaredAnswers,
    FoundationId,
    FoundationResult,
    FoundationState,
    QuestionId,
    Standing,
    Witness,
)
from connectors.yaml_file import checked, parse_yaml

_FILE = "foundations.yaml"

#: Aspects that must be seen before anything is said of a foundation, and before it is documented.
FEWEST_SEEN, FEWEST_DOCUMENTED = 2, 3

_CHECK_SAYS: Mapping[State, Standing] = {
    State.PRESENT: "fails",
    State.EMERGING: "partly",
    State.ABSENT: "holds",
    State.INCONCLUSIVE: "undecided",
}
_SAID: Mapping[Standing, FoundationState] = {
    "holds": "documented",
    "partly": "known",
    "fails": "absent",
    "undecided": "unknown",
}
_WORST_FIRST: tuple[FoundationState, ...] = ("absent", "known", "documented")


class Sources(BaseModel):
    """What shows one aspect.

    Attributes:
        checks: Checks that show it directly, the most direct first.
        hints: Checks that suffer when it is missing, and tell nothing when they are healthy.
        questions: Questions of the interview.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    checks: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


class Mappings(BaseModel):
    """The content of ``foundations.yaml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    foundations: dict[FoundationId, dict[str, Sources]]
    questions: dict[QuestionId, Sources]


@cache
def mappings() -> Mappings:
    """Return which checks and questions show what."""
    text = resources.files(__package__).joinpath(_FILE).read_text("utf-8")
    return checked(Mappings, parse_yaml(text, _FILE))


@dataclass(frozen=True)
class Seen:
    """What the checks and the answers say about one thing.

    Attributes:
        measured: What the checks that were seen say, in the order of their directness.
        hinted: What the hints that were seen say.
        said: What the answers say.
        unseen: Ids of checks and questions that nothing was seen or heard of.
    """

    measured: tuple[Witness, ...]
    hinted: tuple[Witness, ...]
    said: tuple[Witness, ...]
    unseen: tuple[str, ...]

    @property
    def witnesses(self) -> list[Witness]:
        """Everything that says something, what was measured first."""
        return [*self.measured, *self.hinted, *self.said]


def look(
    sources: Sources, checks: Mapping[str, CheckResult], answers: Mapping[str, AnsweredQuestion]
) -> Seen:
    """Return what checks and answers say.

    A check that weighs nothing says nothing, and neither does one whose finding is due to
    something technical: an import is nobody's missing habit.
    """
    said: list[Witness] = []
    measured, unseen = _examined(sources.checks, checks)
    hinted, unseen_hints = _examined(sources.hints, checks)
    unseen += unseen_hints
    for question_id in sources.questions:
        answered = answers.get(question_id)
        if answered is None or answered.level is None:
            unseen.append(question_id)
        else:
            says = standing(answered.level)
            said.append(Witness(kind="answer", id=question_id, says=says))
    return Seen(tuple(measured), tuple(hinted), tuple(said), tuple(unseen))


def _examined(
    check_ids: Sequence[str], checks: Mapping[str, CheckResult]
) -> tuple[list[Witness], list[str]]:
    """Return what checks say, and the ids of those that were not seen."""
    seen, unseen = [], []
    for check_id in check_ids:
        check = checks.get(check_id)
        says = _CHECK_SAYS.get(check.state) if check and check.lifecycle == "stable" else None
        if check is None or says is None:
            unseen.append(check_id)
        elif check.cause != "technical" or says == "holds":
            seen.append(Witness(kind="check", id=check_id, says=says))
    return seen, unseen


def foundations(
    checks: Sequence[CheckResult], declared: DeclaredAnswers | None
) -> list[FoundationResult]:
    """Return the three foundations, each with its aspects and their evidence."""
    by_id = {check.check_id: check for check in checks}
    answers = answers_by_id(declared)
    return [
        _foundation(
            foundation,
            [
                aspect(name, look(sources, by_id, answers), answers)
                for name, sources in aspects.items()
            ],
        )
        for foundation, aspects in mappings().foundations.items()
    ]


def answers_by_id(declared: DeclaredAnswers | None) -> dict[str, AnsweredQuestion]:
    """Return the answered questions by id."""
    return {one.question_id: one for one in declared.questions} if declared else {}


def aspect(name: str, seen: Seen, answers: Mapping[str, AnsweredQuestion]) -> AspectResult:
    """Return the state of one aspect.

    The first check that was decided decides: what fails is absent, what holds is known, and
    documented if people say that it is in place. Where none was decided, a hint that fails makes
    it absent; else the answers say it. Where the director and the reps disagree, it is known at
    most.
    """
    says = next((one.says for one in seen.measured if one.says in ("holds", "fails")), None)
    if says is None and any(one.says == "fails" for one in seen.hinted):
        says = "fails"
    said = _said(seen, answers)
    state: FoundationState
    basis: Basis | None
    if says == "fails":
        state, basis = "absent", "measured"
    elif says == "holds":
        state, basis = ("documented" if said == "documented" else "known"), "measured"
    else:
        state, basis = said, ("declared" if said != "unknown" else None)
        if state == "documented" and seen.measured:
            state = "known"
    return AspectResult(
        id=name,
        state=state,
        basis=basis,
        contradicted=(says, said) == ("fails", "documented") or _against_people(seen, answers),
        witnesses=seen.witnesses,
        unseen=list(seen.unseen),
    )


def _against_people(seen: Seen, answers: Mapping[str, AnsweredQuestion]) -> bool:
    """Return whether people say that a practice is missing which the records show."""
    return any(
        contradiction.said == "fails"
        for one in seen.said
        for contradiction in answers[one.id].contradictions
    )


def _said(seen: Seen, answers: Mapping[str, AnsweredQuestion]) -> FoundationState:
    """Return what people say, at its worst; a practice that some do not know is not shared."""
    states = [_SAID[one.says] for one in seen.said]
    if any(answers[one.id].disagreement for one in seen.said):
        states.append("known")
    return min(states, key=_WORST_FIRST.index, default="unknown")


def _foundation(foundation: FoundationId, aspects: list[AspectResult]) -> FoundationResult:
    """Return a foundation: the lower median of the aspects seen.

    Fewer than two aspects say nothing of the whole; documented needs three, and none absent.
    """
    seen = [one for one in aspects if one.state != "unknown"]
    state: FoundationState = "unknown"
    if len(seen) >= FEWEST_SEEN:
        ranked = sorted((one.state for one in seen), key=_WORST_FIRST.index)
        state = ranked[(len(ranked) - 1) // 2]
        if state == "documented" and (len(seen) < FEWEST_DOCUMENTED or ranked[0] == "absent"):
            state = "known"
    return FoundationResult(
        id=foundation,
        state=state,
        basis=None if state == "unknown" else _basis(seen),
        contradicted=any(one.contradicted for one in aspects),
        aspects=aspects,
    )


def _basis(seen: Sequence[AspectResult]) -> Basis:
    return "measured" if any(one.basis == "measured" for one in seen) else "declared"
