"""The questions of the interview, as ``questions.yaml`` holds them: closed, in every language."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict, Field, model_validator

from checks.lexicon.words import fold
from checks.results import SignalId
from checks.spec import FAMILIES
from checks.system import Role, Wordings
from connectors.errors import RefusedValueError
from connectors.yaml_file import checked, parse_yaml

_FILE = "questions.yaml"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(_Strict):
    """One of the answers that a question allows.

    Attributes:
        level: 0 where the practice is in place, 1 partly, 2 not; None for "don't know".
        words: What one may type, by language.
        text: What a report shows, by language; the words unless given.
    """

    id: str
    level: int | None = Field(default=None, ge=0, le=2)
    words: Wordings
    text: Wordings = {}

    def shown(self) -> Wordings:
        """Return what a report shows, by language."""
        return self.text or self.words

    def accepts(self, typed: str) -> bool:
        """Return whether a word that somebody typed means this choice, in any language."""
        return _key(typed) in {self.id, *(_key(word) for word in self.words.values())}


class Question(_Strict):
    """One question of the interview.

    Attributes:
        ask: Who should answer it.
        families: Families, as ``signal.family``, that answers fill while no record shows them.
        measured_by: Checks that show the very same thing in the records, the most direct first.
        refuted_by: Checks whose failing contradicts that all is well; healthy, they prove nothing.
        decides: What the answer is for, by language.
        choices: The answers it allows, "don't know" last.
    """

    id: str
    ask: tuple[Role, ...]
    families: tuple[str, ...] = ()
    measured_by: tuple[str, ...] = ()
    refuted_by: tuple[str, ...] = ()
    text: Wordings
    decides: Wordings
    scale: str | None = None
    choices: tuple[Choice, ...] = ()

    @model_validator(mode="after")
    def _families_exist(self) -> Question:
        known = {f"{signal}.{name}" for signal in FAMILIES for name in FAMILIES[signal].values()}
        if unknown := sorted(set(self.families) - known):
            raise RefusedValueError('"{family}" is no family of checks', family=unknown[0])
        return self

    def choice(self, typed: str) -> Choice | None:
        """Return the choice that a typed word means, or None."""
        return next((choice for choice in self.choices if choice.accepts(typed)), None)

    def fills(self) -> tuple[tuple[SignalId, str], ...]:
        """Return the families as signal and family."""
        parted = (name.split(".") for name in self.families)
        return tuple((SignalId(signal), family) for signal, family in parted)


class FileWords(_Strict):
    """What stands around the questions in the file that people fill in, by language."""

    heading: Wordings
    about: Wordings
    roles: dict[Role, Wordings]
    day: Wordings
    delete: Wordings


class _File(_Strict):
    file: FileWords
    scales: dict[str, tuple[Choice, ...]]
    dont_know: Choice
    questions: tuple[Question, ...]


@cache
def interview() -> tuple[Question, ...]:
    """Return the questions in their order, each with all its choices."""
    file = _content()
    return tuple(
        question.model_copy(
            update={
                "choices": (
                    *(file.scales[question.scale] if question.scale else question.choices),
                    file.dont_know,
                )
            }
        )
        for question in file.questions
    )


def file_words() -> FileWords:
    """Return what stands around the questions in the file that people fill in."""
    return _content().file


@cache
def _content() -> _File:
    text = resources.files(__package__).joinpath(_FILE).read_text("utf-8")
    return checked(_File, parse_yaml(text, _FILE))


def question(question_id: str) -> Question:
    """Return the question of an id.

    Raises:
        KeyError: If there is none.
    """
    found = next((one for one in interview() if one.id == question_id), None)
    if found is None:
        raise KeyError(question_id)
    return found


def _key(typed: str) -> str:
    """Return a word as ids are written: without accents, apostrophes, case and blanks."""
    return re.sub(r"[^a-z0-9]+", "_", fold(typed).replace("'", "")).strip("_")
