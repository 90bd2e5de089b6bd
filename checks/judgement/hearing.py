"""What people answered, heard beside what the records show.

Answers are merged by question. They fill families that no record shows, and are set beside the
checks that measure the same thing: where both speak, the records win, and that they differ is a
finding of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean

from checks.interview.answers import Answers, Given
from checks.interview.questions import Question, interview
from checks.results import SignalId, State
from checks.system import (
    AnsweredQuestion,
    Contradiction,
    DeclaredAnswers,
    GivenAnswer,
    Role,
    Standing,
)

#: Mean level from which a practice is taken as missing, and as only partly in place.
FAILS_FROM, PARTLY_FROM = 1.5, 0.5
#: Mean level from which a family is emerging by what people say.
EMERGING_FROM = 1.0
#: People who must know for a family to be present by what they say.
FEWEST_PEOPLE = 2
#: Steps between the director and the reps that are a disagreement.
DISAGREEMENT_FROM = 2.0

_ROLES: tuple[Role, ...] = ("director", "manager", "rep")


def mean_level(given: Sequence[Given]) -> float | None:
    """Return the mean level of those who know, 0 in place to 2 missing; None if nobody does."""
    known = [one.choice.level for one in given if one.choice.level is not None]
    return fmean(known) if known else None


def standing(level: float | None) -> Standing:
    """Return what a mean level says of a practice."""
    if level is None:
        return "undecided"
    return "fails" if level >= FAILS_FROM else "partly" if level >= PARTLY_FROM else "holds"


def disagree(given: Sequence[Given]) -> bool:
    """Return whether the director and the reps are two steps or more apart."""
    director, reps = (
        mean_level([one for one in given if one.role == role]) for role in ("director", "rep")
    )
    return director is not None and reps is not None and abs(director - reps) >= DISAGREEMENT_FROM


def declared_families(answers: Answers) -> dict[tuple[SignalId, str], State]:
    """Return the state that answers give to families: present or emerging, never better.

    Present: two people or more know, their mean level is 1.5 or more, and they do not disagree.
    Emerging: a mean level of 1 or more. Of several questions the worst counts.
    """
    states: dict[tuple[SignalId, str], State] = {}
    for question in interview():
        state = _declared_state(answers.to(question.id))
        for family in question.fills() if state else ():
            if state and states.get(family) != State.PRESENT:
                states[family] = state
    return states


def _declared_state(given: Sequence[Given]) -> State | None:
    level = mean_level(given)
    if level is None or level < EMERGING_FROM:
        return None
    knowing = sum(one.choice.level is not None for one in given)
    if level >= FAILS_FROM and knowing >= FEWEST_PEOPLE and not disagree(given):
        return State.PRESENT
    return State.EMERGING


def hear(
    answers: Answers, states: Mapping[str, State], filled: Mapping[tuple[SignalId, str], State]
) -> DeclaredAnswers:
    """Return all answers, with what the records say against them.

    Args:
        answers: What people said.
        states: State of every check that weighs, by id.
        filled: Families whose state rests on the answers.
    """
    people = {one.respondent: one.role for one in answers.given}
    counts = Counter(people.values())
    answered = [
        _answered(number, question, answers.to(question.id), states, filled)
        for number, question in enumerate(interview(), start=1)
        if answers.to(question.id)
    ]
    heard = {one.question_id for one in answered}
    return DeclaredAnswers(
        respondents={role: counts[role] for role in _ROLES if role in counts},
        answered_on=answers.answered_on,
        questions=answered,
        unanswered=[question.id for question in interview() if question.id not in heard],
        fields_to_delete=list(answers.fields_to_delete),
    )


def _answered(
    number: int,
    question: Question,
    given: Sequence[Given],
    states: Mapping[str, State],
    filled: Mapping[tuple[SignalId, str], State],
) -> AnsweredQuestion:
    level = mean_level(given)
    declared = _declared_state(given)
    return AnsweredQuestion(
        question_id=question.id,
        number=number,
        text=question.text,
        given=list(_by_role(question, given)),
        level=None if level is None else round(level, 2),
        disagreement=disagree(given),
        contradictions=list(_contradictions(question, given, states)),
        fills=[
            f"{signal}.{family}"
            for signal, family in question.fills()
            if declared and (signal, family) in filled
        ],
    )


def _by_role(question: Question, given: Sequence[Given]) -> Iterator[GivenAnswer]:
    for role in _ROLES:
        counts = Counter(one.choice.id for one in given if one.role == role)
        for choice in question.choices:
            if counts[choice.id]:
                yield GivenAnswer(
                    role=role,
                    choice=choice.id,
                    text=choice.shown(),
                    level=choice.level,
                    people=counts[choice.id],
                )


def _contradictions(
    question: Question, given: Sequence[Given], states: Mapping[str, State]
) -> Iterator[Contradiction]:
    """Yield each role whose answer is the contrary of what the records show."""
    decided = _decided(question, states)
    if decided is None:
        return
    contrary: Standing = "holds" if states[decided] == State.PRESENT else "fails"
    for role in _ROLES:
        said = standing(mean_level([one for one in given if one.role == role]))
        if said == contrary and said in ("holds", "fails"):
            yield Contradiction(role=role, said=said, check_id=decided)


def _decided(question: Question, states: Mapping[str, State]) -> str | None:
    """Return the check that speaks against an answer, or None.

    The first one that was decided among those that show the very same; else the first one that
    is present among those that can only refute.
    """
    settled = (State.PRESENT, State.ABSENT)
    direct = [check for check in question.measured_by if states.get(check) in settled]
    refuting = [check for check in question.refuted_by if states.get(check) == State.PRESENT]
    return next(iter([*direct, *refuting]), None)
