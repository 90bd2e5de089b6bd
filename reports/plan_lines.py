"""The actions as plain lines of words: what minutes, a spreadsheet and a calendar say of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from checks.results import AuditResult
from checks.system import Action
from reports.action_view import action_goal, action_lists, action_text, owner_word, rhythm
from reports.numbers import as_decimal
from reports.record_text import cell_text
from reports.witnesses import Witnesses
from reports.wording import Wording


@dataclass(frozen=True)
class PlanLine:
    """One action.

    Attributes:
        id: The practice behind it, the same from audit to audit.
        when: When it takes place, and in which meeting, in words.
        cadence: Code of how often it takes place.
        meeting: Code of the meeting.
        baseline: Share today, 0 to 1; None where no figure is to be reached.
        target: Share to reach.
        lists: Files to start from, relative to the report.
    """

    number: int
    id: str
    title: str
    do: str
    owner: str
    when: str
    cadence: str
    meeting: str
    foundation: str
    goal: str
    due: date
    baseline: float | None
    target: float | None
    money: Decimal | None
    lists: list[str]


def plan_lines(words: Wording, result: AuditResult) -> list[PlanLine]:
    """Return the actions of a result in one language, the most urgent first."""
    witnesses = Witnesses(words, result)
    return [
        _line(words, witnesses, action, number)
        for number, action in enumerate(result.actions or (), start=1)
    ]


def plan_title(words: Wording, result: AuditResult) -> str:
    """Return the heading of the plan outside the page: whose it is, and of which day."""
    source = cell_text(result.run.parameters.get("client") or result.run.source, 80)
    return words("plan.of", source=source, day=words.numbers.day(result.run.as_of))


def plan_details(words: Wording, line: PlanLine) -> list[str]:
    """Return what an action says below its title, a sentence each."""
    day = words.numbers.day(line.due)
    said = [line.do, words("plan.who", owner=line.owner, when=line.when, day=day)]
    if line.goal:
        said.append(words("plan.goal_line", goal=line.goal))
    if line.lists:
        said.append(words("plan.lists_line", lists=", ".join(line.lists)))
    return said


def _line(words: Wording, witnesses: Witnesses, action: Action, number: int) -> PlanLine:
    return PlanLine(
        number=number,
        id=cell_text(action.id, 80),
        title=action_text(words, action, "title"),
        do=action_text(words, action, "do"),
        owner=owner_word(words, action),
        when=rhythm(words, action),
        cadence=action.cadence,
        meeting=action.meeting,
        foundation=words(f"foundation.{action.foundation}"),
        goal=action_goal(words, witnesses, action),
        due=action.due,
        baseline=action.measures.baseline if action.measures else None,
        target=action.measures.target if action.measures else None,
        money=as_decimal(action.money_touched),
        lists=[link for _, link in action_lists(words, witnesses, action)],
    )
