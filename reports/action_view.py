"""The action plan: what to do, who carries it, in which meeting, and how one will know."""

from __future__ import annotations

from dataclasses import dataclass

from checks.results import AuditResult, CheckResult, State
from checks.system import Action
from reports.list_view import list_link, list_rows
from reports.numbers import as_decimal
from reports.record_text import cell_text
from reports.sentences import check_text
from reports.witnesses import Witnesses
from reports.wording import Wording

_LONGEST = 600
#: Decisions that fit the first screen.
_DECISIONS = 3


@dataclass(frozen=True)
class Decision:
    """An action on the first screen, as the minutes of a meeting would hold it.

    Attributes:
        terms: Who, in which meeting, by when, with which figure to reach.
        list_title: What the list holds; empty without a list.
    """

    anchor: str
    title: str
    terms: list[tuple[str, str]]
    list_title: str
    list_link: str | None


def no_action(words: Wording, result: AuditResult) -> str:
    """Return why there is nothing to decide: nothing calls for it, or too little was seen."""
    if not result.run.contract.success:
        return words("plan.not_trusted")
    if not result.checks:
        return words("plan.no_check")
    unseen = (State.NOT_OBSERVABLE, State.ERROR)
    if all(check.state in unseen for check in result.checks):
        return words("plan.nothing_measured")
    if result.verdict.would_decide:
        return words("plan.none_yet")
    return words("plan.none")


@dataclass(frozen=True)
class PlanView:
    """The action plan."""

    actions: list[ActionView]


@dataclass(frozen=True)
class ActionView:
    """One action.

    Attributes:
        labels: The foundation that it builds, and whom it is for.
        scope: Whom it is for, in full; said at the first action of each kind.
        lists: Files to start from, with their titles.
    """

    anchor: str
    title: str
    labels: list[str]
    do: str
    scope: str
    terms: list[tuple[str, str]]
    lists: list[tuple[str, str]]


def decisions(words: Wording, result: AuditResult) -> list[Decision]:
    """Return the first actions of the plan, for whoever reads no further; none on false ground."""
    if not result.run.contract.success:
        return []
    witnesses = Witnesses(words, result)
    return [
        _decision(words, witnesses, action, number)
        for number, action in enumerate((result.actions or [])[:_DECISIONS], start=1)
    ]


def plan_view(words: Wording, result: AuditResult) -> PlanView | None:
    """Return the actions, the most urgent first; None from a result that speaks of none."""
    if result.actions is None:
        return None
    witnesses = Witnesses(words, result)
    currency = result.verdict.money.currency
    first = {_scope(action): number for number, action in reversed([*enumerate(result.actions)])}
    return PlanView(
        [
            _action(words, witnesses, action, currency, number, first[_scope(action)] == number)
            for number, action in enumerate(result.actions)
        ]
    )


def action_text(words: Wording, action: Action, part: str) -> str:
    """Return the words of an action: in the page's language, else in English."""
    text = action.text.get(words.language, {}).get(part) or action.text.get("en", {}).get(part, "")
    return words.unbroken(cell_text(text, _LONGEST))


def owner_word(words: Wording, action: Action) -> str:
    """Return who carries an action."""
    return words.either(f"action_role.{action.owner}", cell_text(action.owner, 80))


def rhythm(words: Wording, action: Action) -> str:
    """Return when an action takes place, and in which meeting."""
    cadence = words.either(f"cadence.{action.cadence}", cell_text(action.cadence, 80))
    if f"meeting.{action.meeting}" not in words:
        return cadence
    return words("plan.in_meeting", cadence=cadence, meeting=words(f"meeting.{action.meeting}"))


def _decision(words: Wording, witnesses: Witnesses, action: Action, number: int) -> Decision:
    mended = _mended(witnesses, action)
    listed = next((check for check in mended if list_link(check) is not None), None)
    return Decision(
        anchor=f"action-{number}",
        title=action_text(words, action, "title"),
        terms=[
            (words("plan.owner"), owner_word(words, action)),
            (words("plan.rhythm"), rhythm(words, action)),
            (words("decision.due"), words.numbers.short_day(action.due)),
            (words("plan.goal"), _short_goal(words, action)),
        ],
        list_title=words.plural(
            "decision.list", list_rows(listed), title=check_text(words, listed, "title")
        )
        if listed
        else "",
        list_link=list_link(listed) if listed else None,
    )


def _short_goal(words: Wording, action: Action) -> str:
    if action.measures is not None:
        return words(
            "decision.goal",
            baseline=words.numbers.percent(action.measures.baseline),
            target=words.numbers.percent(action.measures.target),
        )
    return words("decision.goal_shown" if action.checks else "decision.goal_declared")


def _action(
    words: Wording,
    witnesses: Witnesses,
    action: Action,
    currency: str | None,
    number: int,
    is_first: bool,
) -> ActionView:
    terms = [
        (words("plan.owner"), owner_word(words, action)),
        (words("plan.rhythm"), rhythm(words, action)),
    ]
    if goal := action_goal(words, witnesses, action):
        terms.append((words("plan.goal"), goal))
    if as_decimal(action.money_touched):
        money = words.numbers.money_short(action.money_touched, currency)
        terms.append((words("plan.money"), money))
    return ActionView(
        anchor=f"action-{number + 1}",
        title=action_text(words, action, "title"),
        labels=[words(f"foundation.{action.foundation}"), words(f"scope.{_scope(action)}")],
        do=action_text(words, action, "do"),
        scope=_scope_text(words, action) if is_first else "",
        terms=terms,
        lists=action_lists(words, witnesses, action),
    )


def _scope(action: Action) -> str:
    """Return the code of whom an action is for, or that only people's answers call for it."""
    return action.scope if action.checks else "declared"


def _scope_text(words: Wording, action: Action) -> str:
    return action_text(words, action, "scope") if action.checks else words("plan.declared")


def action_lists(words: Wording, witnesses: Witnesses, action: Action) -> list[tuple[str, str]]:
    """Return the lists to start from: their titles, and where they are."""
    return [
        (check_text(words, check, "title"), link)
        for check in _mended(witnesses, action)
        if (link := list_link(check)) is not None
    ]


def action_goal(words: Wording, witnesses: Witnesses, action: Action) -> str:
    """Return the figure to reach, or what will show that the action worked."""
    day = words.numbers.day(action.due)
    checks = _mended(witnesses, action)
    if action.measures is not None:
        return words(
            "plan.goal_text",
            finding=witnesses.title(action.measures.check_id),
            baseline=words.numbers.percent(action.measures.baseline),
            target=words.numbers.percent(action.measures.target),
            day=day,
        )
    if checks:
        return words("plan.goal_shown", finding=check_text(words, checks[0], "title"), day=day)
    questions = [witnesses.question(one) for one in action.questions]
    return words("plan.goal_declared", question=" ".join(questions), day=day) if questions else ""


def _mended(witnesses: Witnesses, action: Action) -> list[CheckResult]:
    return [check for one in action.checks if (check := witnesses.check(one)) is not None]
