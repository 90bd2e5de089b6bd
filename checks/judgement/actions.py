"""At most five actions, each tied to a ritual, a responsibility or a usage scenario.

``actions.yaml`` holds the practices. What was found calls for them, and its cause says whom each
is for: a common rule where the whole organisation is concerned, a manager's own meeting for a
team, pairing for a few people, a ticket for a technical process. While a cause is not known, the
text presumes none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict

from checks.cause_results import Cause
from checks.judgement.hearing import standing
from checks.results import CheckResult, State
from checks.system import Action, DeclaredAnswers, FoundationId, Scope, Target, Wordings
from connectors.yaml_file import checked, parse_yaml

#: More than this nobody starts.
MOST_ACTIONS = 5
#: Share of the money in open deals that a finding is taken to touch at least: what touches no
#: deal today still costs. Our own judgement.
LEAST_EXPOSURE = 0.1
#: Confidence in a cause that is open; one that was found has at least that of its triage.
OPEN_CAUSE = 0.5
#: Severity of what people say is missing and no record shows.
DECLARED_SEVERITY = 0.5

_FILE = "actions.yaml"
_EFFORT = {"S": 1, "M": 2, "L": 4}
_SCOPES: Mapping[Cause, Scope] = {
    "organisational": "everyone",
    "team": "team",
    "individual": "people",
    "technical": "technical",
}
#: Scopes that replace the practice by something for those concerned alone.
_APART: tuple[Scope, ...] = ("people", "technical")
_OWNERS = {
    "ritual": "manager",
    "responsibility": "steward",
    "scenario": "director",
    "admin": "admin",
}

Effort = Literal["S", "M", "L"]
MoneyOf = Callable[[Sequence[str]], Decimal | None]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Practice(_Strict):
    """One practice that mends a group of findings.

    Attributes:
        days: Until the target should be reached.
        checks: Checks that call for it.
        questions: Interview questions whose answers call for it.
        text: By language: ``title`` and ``do``.
    """

    foundation: FoundationId
    owner: str
    meeting: str
    cadence: str
    effort: Effort
    days: int
    checks: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    text: dict[str, Wordings]


class ScopeText(_Strict):
    """What a cause changes in a practice: who owns it, when, how long, and its words."""

    owner: str | None = None
    meeting: str | None = None
    cadence: str | None = None
    effort: Effort | None = None
    days: int | None = None
    text: dict[str, Wordings]


class Book(_Strict):
    """The content of ``actions.yaml``."""

    practices: dict[str, Practice]
    scopes: dict[Scope, ScopeText]


@cache
def book() -> Book:
    """Return every practice and every scope."""
    text = resources.files(__package__).joinpath(_FILE).read_text("utf-8")
    return checked(Book, parse_yaml(text, _FILE))


@dataclass
class _Call:
    """What calls for one practice, for one circle of people."""

    name: str
    practice: Practice
    checks: list[CheckResult] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)


def actions(
    checks: Sequence[CheckResult],
    declared: DeclaredAnswers | None,
    *,
    as_of: date,
    money_of: MoneyOf,
    open_total: Decimal | None,
) -> list[Action]:
    """Return what to do first, at most five actions, the most urgent first.

    Priority is money exposure x severity x confidence in the cause / effort. Exposure is the
    share of the money in open deals that the findings touch, each deal once.

    Args:
        checks: Every check; those present or emerging call for an action, if they weigh.
        declared: What people answered, or None.
        as_of: Day of the audit; due days are counted from it.
        money_of: Money in the distinct open deals that some checks touch, by their ids.
        open_total: Money in all open deals; None if it is in several currencies.
    """
    found = [
        _action(call, as_of=as_of, money_of=money_of, open_total=open_total)
        for call in _calls(checks, declared)
    ]
    found.sort(key=lambda action: (-action.priority, action.id))
    return found[:MOST_ACTIONS]


def _calls(checks: Sequence[CheckResult], declared: DeclaredAnswers | None) -> list[_Call]:
    calls: dict[str, _Call] = {}
    for check in sorted(checks, key=_worst_first):
        if _calls_for_action(check):
            name, practice = practice_for(check)
            scope = scope_of(check)
            call_id = f"{name}-{scope}" if scope in _APART else name
            calls.setdefault(call_id, _Call(call_id, practice)).checks.append(check)
    missing = {
        one.question_id
        for one in (declared.questions if declared else ())
        if standing(one.level) == "fails"
    }
    for name, practice in book().practices.items():
        if said := [question for question in practice.questions if question in missing]:
            calls.setdefault(name, _Call(name, practice)).questions += said
    return list(calls.values())


def _calls_for_action(check: CheckResult) -> bool:
    failing = check.state in (State.PRESENT, State.EMERGING)
    return failing and check.lifecycle == "stable" and check.severity is not None


def _worst_first(check: CheckResult) -> tuple[bool, float, int, str]:
    emerging = check.state != State.PRESENT
    return emerging, -(check.severity or 0.0), -check.k_defect, check.check_id


def practice_for(check: CheckResult) -> tuple[str, Practice]:
    """Return the practice that mends a check; the check's own advice for one of the user's."""
    for name, practice in book().practices.items():
        if check.check_id in practice.checks:
            return name, practice
    ritual = check.foundation == "ritual"
    foundation: FoundationId = "ritual" if ritual else "responsibility"
    if check.foundation == "scenario":
        foundation = "scenario"
    own = {
        language: {"title": text.get("title", ""), "do": text.get("fix", "")}
        for language, text in check.text.items()
    }
    return check.check_id, Practice(
        foundation=foundation,
        owner=_OWNERS.get(check.foundation, "steward"),
        meeting="pipeline_review" if ritual else "data_hour",
        cadence="weekly" if ritual else "monthly",
        effort="S" if check.effort == "S" else "L" if check.effort == "L" else "M",
        days=60,
        text=own,
    )


def scope_of(check: CheckResult) -> Scope:
    """Return whom an action is for; open while the cause is unknown or not a single one."""
    return _SCOPES.get(check.cause, "open") if check.cause else "open"


def _action(call: _Call, *, as_of: date, money_of: MoneyOf, open_total: Decimal | None) -> Action:
    worst = call.checks[0] if call.checks else None
    scope: Scope = scope_of(worst) if worst else "open"
    given, practice = book().scopes[scope], call.practice
    effort = given.effort or practice.effort
    money = money_of([check.check_id for check in call.checks]) if call.checks else None
    severity = max((check.severity or 0.0 for check in call.checks), default=DECLARED_SEVERITY)
    exposure = float(money / open_total) if money and open_total else 0.0
    priority = (
        min(1.0, max(LEAST_EXPOSURE, exposure)) * severity * _confidence(worst) / _EFFORT[effort]
    )
    return Action(
        id=call.name,
        foundation=practice.foundation,
        scope=scope,
        priority=round(priority, 6),
        owner=given.owner or practice.owner,
        meeting=given.meeting or practice.meeting,
        cadence=given.cadence or practice.cadence,
        effort=effort,
        checks=[check.check_id for check in call.checks],
        questions=call.questions,
        measures=_target(call.checks),
        due=as_of + timedelta(days=given.days or practice.days),
        money_touched=f"{money:.2f}" if money else None,
        worklists=[check.worklist.file for check in call.checks if check.worklist],
        text=_text(practice, given, worst, declared_only=not call.checks),
    )


def _confidence(worst: CheckResult | None) -> float:
    """Return how sure the cause is: what its triage says, and not less than an open one."""
    if worst is None or scope_of(worst) == "open":
        return OPEN_CAUSE
    sure = worst.triage.confidence if worst.triage else None
    return max(OPEN_CAUSE, 1.0 if sure is None else sure)


def _target(checks: Sequence[CheckResult]) -> Target | None:
    """Return how the worst check with a rate of records changes: down to what is tolerated."""
    for check in checks:
        if check.kind == "rate" and check.rate is not None and check.rate > check.t_lo:
            return Target(check_id=check.check_id, baseline=check.rate, target=check.t_lo)
    return None


def _text(
    practice: Practice, given: ScopeText, worst: CheckResult | None, *, declared_only: bool
) -> dict[str, Wordings]:
    """Return title, what to do and whom for, in every language."""
    shown = {}
    for language, words in practice.text.items():
        scope = given.text.get(language) or given.text["en"]
        finding = worst.text.get(language, {}).get("title", worst.check_id) if worst else ""
        parts = {**words, **scope}
        if declared_only:
            del parts["scope"]
        shown[language] = {part: text.replace("{finding}", finding) for part, text in parts.items()}
    return shown
