"""Errors sorted by what the caller must do about them.

Every error names what went wrong, where, and the next step, so that the command line can
print it as it is and choose an exit code from its type alone. Sentences are templates with
named facts, in English here and in French in ``auditor/locale/messages.fr.po``.
"""

from __future__ import annotations

from collections.abc import Callable


class AuditorError(Exception):
    """A problem that the user can act on.

    Args:
        what: One clause that says what is wrong; a template such as ``"{file} is empty"``.
        where: The file, line, table or column concerned; empty when there is none.
        next_step: One sentence that says what to do about it; a template too.
        facts: The values of the templates. Keep template texts literal in the code: they
            are the keys of the French catalogue.
    """

    def __init__(self, what: str, *, where: str = "", next_step: str = "", **facts: object) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.next_step = next_step
        self.facts = facts

    def render(self, translate: Callable[[str], str] = str) -> str:
        """Return the sentence, with templates passed through ``translate`` first."""
        what = translate(self.what).format(**self.facts) if self.facts else translate(self.what)
        step = translate(self.next_step) if self.next_step else ""
        step = step.format(**self.facts) if self.facts else step
        end = "" if what.endswith((".", "?", "!", ":")) else "."
        return " ".join(
            part for part in (f"{self.where}:" if self.where else "", what + end, step) if part
        )

    def __str__(self) -> str:
        return self.render()


class ConfigurationError(AuditorError):
    """A file that the user wrote (``auditor.yaml``, a check) cannot be accepted."""


class MappingError(ConfigurationError):
    """What the user's mapping names is not in the export.

    Args:
        what: As of any error.
        place: Keys that lead to it in the user's file, from the top.
        next_step: As of any error.
        facts: As of any error.
    """

    def __init__(
        self, what: str, *, place: tuple[str, ...], next_step: str = "", **facts: object
    ) -> None:
        where = f"auditor.yaml: {'.'.join(place)}"
        super().__init__(what, where=where, next_step=next_step, **facts)
        self.place = place


class RefusedValueError(ValueError):
    """A value that a model of a user's file does not accept: what pydantic's validators raise.

    Whoever reads the file adds file and line, and makes a ``ConfigurationError`` of it.

    Args:
        what: One clause that says what is wrong, a template.
        next_step: One sentence that says what to do about it; a template too.
        facts: The values of the templates.
    """

    def __init__(self, what: str, *, next_step: str = "", **facts: object) -> None:
        super().__init__(what.format(**facts))
        self.what = what
        self.next_step = next_step
        self.facts = facts


class InputError(AuditorError):
    """The export cannot be read."""


class QuestionError(AuditorError):
    """The export leaves a question open that only the user can answer.

    All questions of a run are raised at once; ``next_step`` holds the lines to add to
    ``auditor.yaml``.
    """


class OutputError(AuditorError):
    """The result cannot be written where it was asked for."""


class SourceUnreachableError(AuditorError):
    """A live source did not answer or refused the connection; trying later may help."""


class PermissionDeniedError(AuditorError):
    """A live source answered that these credentials may not read the records."""
