"""``answers.yaml``: what people answered, read as strictly as any file that a person writes.

A respondent is a role, with a number where several people share it (``rep_1``, ``rep_2``): names
of people are neither asked for nor kept. Several files are several respondents' answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict

from checks.interview.questions import Choice, Question, interview
from checks.system import Role
from connectors.yaml_file import Document, checked, read_yaml

FILE_NAME = "answers.yaml"

#: What a person would delete from the screen is a field's name, not a letter of complaint.
LONGEST_TEXT = 80

_ROLES: tuple[Role, ...] = get_args(Role)
_RESPONDENT = re.compile(rf"({'|'.join(_ROLES)})(_[1-9][0-9]?)?")
_USUAL = ("director", "manager", "rep_1", "rep_2")


@dataclass(frozen=True)
class Given:
    """The answer of one respondent to one question."""

    question: Question
    respondent: str
    choice: Choice

    @property
    def role(self) -> Role:
        """The role of the respondent."""
        return next(role for role in _ROLES if self.respondent.startswith(role))


@dataclass(frozen=True)
class Answers:
    """Every answer of every respondent.

    Attributes:
        given: In the order of the interview, then of the respondents.
        answered_on: The latest day that a file names, or None.
        fields_to_delete: What respondents would delete from their screens.
        blank: Names of the files that hold no answer.
    """

    given: tuple[Given, ...] = ()
    answered_on: date | None = None
    fields_to_delete: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()

    def to(self, question_id: str) -> tuple[Given, ...]:
        """Return the answers to one question."""
        return tuple(one for one in self.given if one.question.id == question_id)


class _File(BaseModel):
    """The form of the file, before the names in it are looked at."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    answered_on: date | None = None
    answers: dict[str, dict[str, str | None] | None] = {}
    fields_to_delete: dict[str, str | None] = {}


def read_answers(files: Sequence[Path]) -> Answers:
    """Read the answers of one or several files.

    Raises:
        ConfigurationError: If a file names a question, a respondent or a choice that does not
            exist, or two files answer the same question for the same respondent.
    """
    given: dict[tuple[str, str], Given] = {}
    origin: dict[tuple[str, str], str] = {}
    days: list[date] = []
    deleted: list[str] = []
    blank: list[str] = []
    for file in files:
        document = read_yaml(file, str(file))
        _check_names(document)
        content = checked(_File, document)
        days += [content.answered_on] if content.answered_on else []
        found = list(_given(document, content))
        deleted += [text.strip() for text in content.fields_to_delete.values() if text]
        for one in found:
            key = (one.question.id, one.respondent)
            if key in given:
                raise document.error(
                    '"{respondent}" has already answered this question, in {other}',
                    "answers",
                    *key,
                    next_step="Give each person a key of their own: rep_1, rep_2 and so on.",
                    respondent=one.respondent,
                    other=origin[key],
                )
            given[key], origin[key] = one, document.name
        blank += [] if found else [file.name]
    order = {question.id: place for place, question in enumerate(interview())}
    return Answers(
        given=tuple(sorted(given.values(), key=lambda g: (order[g.question.id], g.respondent))),
        answered_on=max(days, default=None),
        fields_to_delete=tuple(sorted(deleted)),
        blank=tuple(blank),
    )


def _given(document: Document, content: _File) -> Iterator[Given]:
    for question in interview():
        for respondent, typed in (content.answers.get(question.id) or {}).items():
            if not typed:
                continue
            choice = question.choice(typed)
            if choice is None:
                raise document.unknown(
                    'unknown answer "{name}" to {question}',
                    typed,
                    [word for one in question.choices for word in one.words.values()],
                    "answers",
                    question.id,
                    respondent,
                    question=question.id,
                )
            yield Given(question, respondent, choice)


def _check_names(document: Document) -> None:
    """Complain about questions and respondents that do not exist, on their own line."""
    questions = [question.id for question in interview()]
    for name, answers in _entries(document.data, "answers"):
        if name not in questions:
            raise document.unknown('unknown question "{name}"', name, questions, "answers", name)
        for respondent, _ in _entries({"answers": answers}, "answers"):
            _check_respondent(document, respondent, "answers", name, respondent)
    for respondent, text in _entries(document.data, "fields_to_delete"):
        _check_respondent(document, respondent, "fields_to_delete", respondent)
        if isinstance(text, str) and len(text.strip()) > LONGEST_TEXT:
            raise document.error(
                "this is longer than {most} characters",
                "fields_to_delete",
                respondent,
                next_step="Write the name of one field.",
                most=LONGEST_TEXT,
            )


def _check_respondent(document: Document, name: str, *path: str) -> None:
    if not _RESPONDENT.fullmatch(name):
        raise document.unknown('unknown respondent "{name}"', name, _USUAL, *path)


def _entries(data: Any, key: str) -> list[tuple[str, Any]]:
    """Return the entries of a section; none where it is absent or not what it should be."""
    section = data.get(key) if isinstance(data, dict) else None
    return list(section.items()) if isinstance(section, dict) else []
