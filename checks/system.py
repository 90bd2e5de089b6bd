"""What a result says of the system around the CRM: answers, foundations, questions, actions.

A *witness* is a check or an interview question that something said here rests on: the reader
can always follow a statement to its evidence.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from checks.run_info import ResultPart

Role = Literal["director", "manager", "rep"]
Basis = Literal["measured", "declared"]
Standing = Literal["holds", "partly", "fails", "undecided"]
FoundationId = Literal["ritual", "responsibility", "scenario"]
FoundationState = Literal["documented", "known", "absent", "unknown"]
QuestionId = Literal["uses", "steers", "controls", "decides"]
Reply = Literal["yes", "partly", "no", "unknown"]
Scope = Literal["everyone", "team", "people", "technical", "open"]

#: A text by language.
Wordings = dict[str, str]


class GivenAnswer(ResultPart):
    """What people of one role answered.

    Attributes:
        level: 0 where the practice is in place, 1 partly, 2 not; None for "don't know".
        people: How many of that role gave this answer.
    """

    role: Role
    choice: str
    text: Wordings
    level: int | None
    people: int


class Contradiction(ResultPart):
    """What a role says and the records do not show.

    Attributes:
        role: Who says it.
        said: What they say of the practice.
        check_id: The check that shows the contrary.
    """

    role: Role
    said: Literal["holds", "fails"]
    check_id: str


class AnsweredQuestion(ResultPart):
    """One interview question with all answers to it.

    Attributes:
        number: Its place in the interview, from 1.
        text: The question.
        level: Mean level of those who know, 0 to 2; None where nobody does.
        disagreement: Whether the director and the reps are two steps apart.
        contradictions: Where the records show the contrary; they win.
        fills: Families, as ``signal.family``, that no record shows and that the answers fill.
    """

    question_id: str
    number: int
    text: Wordings
    given: list[GivenAnswer]
    level: float | None
    disagreement: bool = False
    contradictions: list[Contradiction] = Field(default_factory=list)
    fills: list[str] = Field(default_factory=list)


class DeclaredAnswers(ResultPart):
    """What people said in the interview.

    Attributes:
        respondents: Number of people by role.
        answered_on: Day of the interview, or None.
        questions: The questions that got an answer, in the order of the interview.
        unanswered: Ids of the others.
        fields_to_delete: What people would delete from their screens, as they said it.
    """

    respondents: dict[Role, int]
    answered_on: date | None = None
    questions: list[AnsweredQuestion]
    unanswered: list[str] = Field(default_factory=list)
    fields_to_delete: list[str] = Field(default_factory=list)


class Witness(ResultPart):
    """A check or an interview question, and what it says of a practice.

    Attributes:
        kind: ``check`` or ``answer``.
        id: Id of the check, or of the interview question.
        says: Whether the practice holds; ``undecided`` where too little was seen to tell.
    """

    kind: Literal["check", "answer"]
    id: str
    says: Standing


class AspectResult(ResultPart):
    """One thing that a foundation must settle, for example who reviews the deals, and when.

    Attributes:
        basis: What the state rests on; None while it is unknown.
        contradicted: Whether people say one thing and the records show another.
        unseen: Ids of checks and interview questions that would tell, and have not been seen.
    """

    id: str
    state: FoundationState
    basis: Basis | None
    contradicted: bool = False
    witnesses: list[Witness] = Field(default_factory=list)
    unseen: list[str] = Field(default_factory=list)


class FoundationResult(ResultPart):
    """Rituals, responsibilities or usage scenarios, from the aspects that could be seen."""

    id: FoundationId
    state: FoundationState
    basis: Basis | None
    contradicted: bool = False
    aspects: list[AspectResult]


class QuestionResult(ResultPart):
    """One of the four questions to settle before any tool: who uses, steers, controls, decides.

    Attributes:
        reply: ``yes`` where it happens in the CRM, ``no`` where it does not.
        basis: What the reply rests on; None while it is unknown.
        contradicted: Whether people say one thing and the records show another.
        unseen: Ids of checks and interview questions that would tell, and have not been seen.
    """

    id: QuestionId
    reply: Reply
    basis: Basis | None
    contradicted: bool = False
    witnesses: list[Witness] = Field(default_factory=list)
    unseen: list[str] = Field(default_factory=list)


class Target(ResultPart):
    """How one will know that an action worked.

    Attributes:
        check_id: The check that measures it again.
        baseline: Its rate today, 0 to 1.
        target: The rate to reach, 0 to 1: what is tolerated.
    """

    check_id: str
    baseline: float
    target: float


class Action(ResultPart):
    """One thing to do, tied to a ritual, a responsibility or a usage scenario.

    Attributes:
        scope: Whom it is for, chosen by the cause of what it mends; ``open`` while the cause is
            not known or several act together: the text then presumes none.
        priority: Money exposure x severity x confidence in the cause / effort; orders actions.
        checks: What it mends, worst first.
        questions: Interview answers that call for it.
        measures: Baseline and target; None where only answers call for it.
        due: Day by which the target should be reached.
        money_touched: Sum of the distinct open deals that it would mend; a decimal string.
        worklists: Files, relative to the output folder, with the records to start from.
        text: By language: ``title``, ``do``, and ``scope``, which says whom it is for and why.
    """

    id: str
    foundation: FoundationId
    scope: Scope
    priority: float
    owner: str
    meeting: str
    cadence: str
    effort: Literal["S", "M", "L"]
    checks: list[str] = Field(default_factory=list)
    questions: list[str] = Field(default_factory=list)
    measures: Target | None = None
    due: date
    money_touched: str | None = None
    worklists: list[str] = Field(default_factory=list)
    text: dict[str, dict[str, str]]
