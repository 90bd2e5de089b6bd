"""Answers and check results in a few words, for the tests of what is made of them."""

from __future__ import annotations

from typing import Any

from checks.interview.answers import Answers, Given
from checks.interview.questions import interview, question
from checks.judgement.hearing import hear
from checks.results import CheckResult, State
from checks.system import DeclaredAnswers

ROLES = ("director", "manager", "rep_1", "rep_2")


def answers(**given: dict[str, int | None]) -> Answers:
    """Return answers by question and respondent, each by its level; None is "don't know"."""
    found = [
        Given(question(question_id), respondent, _choice(question_id, level))
        for question_id, levels in given.items()
        for respondent, level in levels.items()
    ]
    order = [one.id for one in interview()]
    found.sort(key=lambda one: (order.index(one.question.id), one.respondent))
    return Answers(given=tuple(found))


def everyone(level: int | None) -> dict[str, int | None]:
    """Return one answer for each of the four respondents."""
    return dict.fromkeys(ROLES, level)


def heard(
    states: dict[str, State] | None = None, **given: dict[str, int | None]
) -> DeclaredAnswers:
    """Return the answers as a result holds them, beside checks in the states given."""
    return hear(answers(**given), states or {}, {})


def _choice(question_id: str, level: int | None) -> Any:
    return next(choice for choice in question(question_id).choices if choice.level == level)


def result_of(check_id: str, state: State, **fields: Any) -> CheckResult:
    """Return a stable check in a state, with figures that fit it."""
    seen = state in (State.PRESENT, State.EMERGING, State.ABSENT)
    k = {State.PRESENT: 80, State.EMERGING: 16}.get(state, 0)
    text = {
        language: {"title": f"{check_id} {language}", "fix": f"Mend it, {language}."}
        for language in ("en", "fr")
    }
    return CheckResult(
        **{
            "check_id": check_id,
            "code": "S1.B2",
            "version": 1,
            "signal": "incomplete_or_obsolete",
            "family": "staleness",
            "state": state,
            "n_eligible": 200 if seen else 0,
            "k_defect": k,
            "rate": k / 200 if seen else None,
            "ci_lo": None,
            "ci_hi": None,
            "t_lo": 0.05,
            "n_min": 30,
            "severity": {State.PRESENT: 1.0, State.EMERGING: 0.3, State.ABSENT: 0.0}.get(state),
            "coverage": 1.0,
            "foundation": "ritual",
            "text": text,
            **fields,
        }
    )
