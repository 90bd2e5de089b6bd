"""The system around the CRM: the four questions, the three foundations, what people say."""

from __future__ import annotations

from dataclasses import dataclass

from checks.results import AuditResult
from checks.system import (
    AnsweredQuestion,
    AspectResult,
    DeclaredAnswers,
    FoundationResult,
    FoundationState,
    QuestionResult,
    Reply,
)
from reports.method import Table
from reports.record_text import cell_text
from reports.sentences import day
from reports.witnesses import Ground, Witnesses, worded
from reports.wording import Wording

#: The shape of each state and reply, among those that the page draws for checks.
_SHAPE: dict[FoundationState | Reply, str] = {
    "documented": "absent",
    "known": "emerging",
    "absent": "present",
    "yes": "absent",
    "partly": "emerging",
    "no": "present",
    "unknown": "not_observable",
}


@dataclass(frozen=True)
class Answered:
    """A question or an aspect with its answer, and what that rests on."""

    question: str
    shape: str
    state_word: str
    sentence: str
    basis: str
    grounds: list[Ground]
    wanted: list[str]


@dataclass(frozen=True)
class FoundationView:
    """One of the three foundations."""

    name: str
    shape: str
    state_word: str
    aspects: list[Answered]


@dataclass(frozen=True)
class AnswersView:
    """What people said, where it differs from the records, and how many said it."""

    asked: str
    findings: list[Ground]
    table: Table
    remarks: list[str]


def four_questions_view(words: Wording, result: AuditResult) -> list[Answered]:
    """Return the four questions with their answers; none from a result that holds none."""
    witnesses = Witnesses(words, result)
    return [_question(words, witnesses, one) for one in result.questions or ()]


def foundation_views(words: Wording, result: AuditResult) -> list[FoundationView]:
    """Return the three foundations; none from a result that holds none."""
    witnesses = Witnesses(words, result)
    return [_foundation(words, witnesses, one) for one in result.foundations or ()]


def answers_view(words: Wording, result: AuditResult) -> AnswersView | None:
    """Return what people said, or None without an interview."""
    declared = result.declared
    if declared is None:
        return None
    witnesses = Witnesses(words, result)
    return AnswersView(
        asked=_asked(words, declared),
        findings=[
            finding for one in declared.questions for finding in _findings(words, witnesses, one)
        ],
        table=Table(
            caption=words("answers.caption"),
            headings=[
                words("answers.number"),
                words("answers.question"),
                words("answers.replies"),
                words("answers.fills"),
            ],
            rows=[_row(words, witnesses, one) for one in declared.questions],
            numeric=(0,),
        ),
        remarks=_remarks(words, declared),
    )


def _question(words: Wording, witnesses: Witnesses, one: QuestionResult) -> Answered:
    return Answered(
        question=words(f"four.{one.id}.question"),
        shape=_SHAPE[one.reply],
        state_word=words(f"reply.{one.reply}"),
        sentence=words(f"four.{one.id}.{one.reply}"),
        basis=witnesses.basis(one.basis, contradicted=one.contradicted),
        grounds=witnesses.grounds(one.witnesses),
        wanted=witnesses.wanted(one.unseen) if one.reply == "unknown" else [],
    )


def _foundation(words: Wording, witnesses: Witnesses, one: FoundationResult) -> FoundationView:
    return FoundationView(
        name=words(f"foundation.{one.id}.title"),
        shape=_SHAPE[one.state],
        state_word=words(f"foundation_state.{one.state}"),
        aspects=[_aspect(words, witnesses, aspect) for aspect in one.aspects],
    )


def _aspect(words: Wording, witnesses: Witnesses, one: AspectResult) -> Answered:
    return Answered(
        question=words.either(f"aspect.{one.id}", cell_text(one.id, 80)),
        shape=_SHAPE[one.state],
        state_word=words(f"foundation_state.{one.state}"),
        sentence="",
        basis=witnesses.basis(one.basis, contradicted=one.contradicted),
        grounds=witnesses.grounds(one.witnesses),
        wanted=witnesses.wanted(one.unseen) if one.state == "unknown" else [],
    )


def _asked(words: Wording, declared: DeclaredAnswers) -> str:
    roles = words.listed(
        [
            words.plural(f"respondent_count.{role}", people)
            for role, people in declared.respondents.items()
        ]
    )
    people = sum(declared.respondents.values())
    if declared.answered_on is None:
        return words.plural("answers.asked", people, roles=roles)
    on = day(words, declared.answered_on.isoformat())
    return words.plural("answers.asked_on", people, roles=roles, day=on)


def _findings(words: Wording, witnesses: Witnesses, one: AnsweredQuestion) -> list[Ground]:
    """Return where people contradict the records, and where they contradict each other."""
    replies = witnesses.heard(one)
    found = []
    checks = dict.fromkeys(contradiction.check_id for contradiction in one.contradictions)
    for check_id in checks:
        finding = witnesses.sentence(check_id)
        text = words("answers.contradiction", replies=replies, finding=finding.text)
        found.append(Ground(text, finding.anchor))
    if one.disagreement:
        found.append(Ground(words("answers.disagreement", replies=replies)))
    return found


def _row(words: Wording, witnesses: Witnesses, one: AnsweredQuestion) -> list[str]:
    families = [words.either(f"family.{name.partition('.')[2]}", name) for name in one.fills]
    return [
        words.numbers.integer(one.number),
        worded(words, one.text),
        witnesses.replies(one),
        ", ".join(families),
    ]


def _remarks(words: Wording, declared: DeclaredAnswers) -> list[str]:
    remarks = []
    if declared.fields_to_delete:
        fields = " · ".join(cell_text(field, 80) for field in declared.fields_to_delete[:12])
        remarks.append(words("answers.delete", fields=fields))
    if declared.unanswered:
        remarks.append(words.plural("answers.unanswered", len(declared.unanswered)))
    return remarks
