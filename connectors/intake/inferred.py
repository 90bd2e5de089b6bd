"""What was inferred about an export, as data: for ``auditor init`` and for the questions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from connectors.errors import QuestionError
from connectors.snapshot import ColumnSource, Note, SourceFile


@dataclass(frozen=True)
class InferredStage:
    """One stage of the deals and what it was taken for.

    Attributes:
        name: Label as written in the export.
        pipeline: Pipeline of the stage; empty when the export names none.
        state: ``open``, ``won``, ``lost``, or None while the user has not told.
        reason: Code of the reason: ``configured``, ``flag``, ``status``, ``stage_table``,
            ``probability``, ``word``, ``others_open`` or ``undecided``.
        records: Number of deals in it.
        rank: Position from 1, None when the order is unknown.
    """

    name: str
    pipeline: str
    state: str | None
    reason: str
    records: int
    rank: int | None = None


@dataclass(frozen=True)
class ValueCount:
    """How often one value occurs in a column with few different values."""

    table: str
    column: str
    value: str
    records: int


@dataclass(frozen=True)
class Question:
    """Something that only the user can decide.

    Attributes:
        kind: ``day_month_order`` or ``stage_states``.
        table: Canonical table.
        column: Canonical column.
        file: Source file; empty for stages.
        header: Header of the column; empty for stages.
        examples: Values that show the doubt: dates, or the undecided stages.
    """

    kind: Literal["day_month_order", "stage_states"]
    table: str
    column: str
    file: str = ""
    header: str = ""
    examples: tuple[str, ...] = ()


@dataclass
class InferredMapping:
    """Files to tables, columns to fields, stages to states, and what is still open."""

    files: list[SourceFile] = field(default_factory=list)
    columns: list[ColumnSource] = field(default_factory=list)
    stages: list[InferredStage] = field(default_factory=list)
    values: list[ValueCount] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def question_error(source: str, questions: Iterable[Question]) -> QuestionError:
    """Return the one error that asks every open question of an export at once."""
    asked = list(questions)
    return QuestionError(
        "{count} question(s) about this export can only be answered by you",
        where=source,
        next_step="Add these lines to auditor.yaml, keep one of the words where two are offered, "
        "and run again:\n{lines}",
        count=len(asked),
        lines=answer_lines(asked),
    )


def answer_lines(questions: Iterable[Question]) -> str:
    """Return the block of ``auditor.yaml`` that answers the questions, choices left open."""
    asked = list(questions)
    dates = [question for question in asked if question.kind == "day_month_order"]
    lines = ["tables:"] if dates else []
    for table in dict.fromkeys(question.table for question in dates):
        lines += [f"  {table}:", "    dates:"]
        for question in {q.column: q for q in dates if q.table == table}.values():
            seen = ", ".join(question.examples)
            lines.append(
                f"      {question.column}: day-first | month-first"
                f"  # {question.header} ({question.file}): {seen}"
            )
    for question in asked:
        if question.kind == "stage_states":
            names = ", ".join(_quoted(name) for name in question.examples)
            lines += ["stages:", *(f"  {state}: [{names}]" for state in ("open", "won", "lost"))]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
