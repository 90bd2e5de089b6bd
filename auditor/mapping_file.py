"""The ``auditor.yaml`` that ``auditor init`` writes: what was inferred, ready to be corrected.

What stands in it uncommented says nothing but what an audit would infer by itself, so the
file changes no figure until somebody edits it.
"""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.messages import Translate
from auditor.recognised import column_reason, read_otherwise, recognised_by
from auditor.terminal import visible
from checks.profile import Profile, RequiredFields
from connectors.model import RECORD_TABLES, TABLES

if TYPE_CHECKING:
    from connectors.intake.inferred import InferredMapping, InferredStage, Question
    from connectors.snapshot import ColumnSource, SourceFile
    from reports.wording import Wording

_KEPT = "kept"
_STATES = ("open", "won", "lost")
#: Reasons for which the state of a stage stands in the export itself, deal by deal.
_TOLD_BY_EACH_DEAL = ("flag", "status")
_WIDTH = 100
#: Lists of the words of a column longer than this help nobody.
_MOST_VALUES = 20


def mapping_text(
    inferred: InferredMapping, source: Path, target: Path, translate: Translate, words: Wording
) -> str:
    """Return the text of the file.

    Args:
        inferred: How the export would be read.
        source: The export.
        target: Where the file will lie; paths in it are relative to that.
        translate: Language of the comments.
        words: The same language, for why something was recognised.
    """
    blocks = [
        _heading(source, target, translate),
        _tables(inferred, translate, words),
        _stages(inferred, translate),
        _profile(translate),
        _report(translate),
    ]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _heading(source: Path, target: Path, translate: Translate) -> Iterator[str]:
    yield _comment(translate("How this export is read, and what counts as a defect."))
    yield _comment(
        translate("Written by auditor init: what stands here is what was recognised. Correct it.")
    )
    yield ""
    yield _comment(translate("Exports to audit; relative to this file."))
    relative = os.path.relpath(source.resolve(), target.resolve().parent)
    yield f"sources: [{_quoted(relative)}]"


def _tables(inferred: InferredMapping, translate: Translate, words: Wording) -> Iterator[str]:
    files: dict[str, list[SourceFile]] = {}
    for file in inferred.files:
        if file.table is not None:
            files.setdefault(file.table, []).append(file)
    yield _comment(translate("Which file holds each table, and which header each field."))
    yield "tables:" if files else "tables: {}"
    for table, group in files.items():
        yield f"  {table}:"
        for file in group:
            yield "    " + _comment(_described(file, translate, words))
        names = [_quoted(file.name) for file in group]
        yield f"    file: {names[0]}" if len(names) == 1 else f"    file: [{', '.join(names)}]"
        columns = [c for c in inferred.columns if c.table == table]
        yield from _columns(columns, translate, words)
        yield from _dates(table, inferred.questions, translate)
        yield from _values(table, inferred, translate)
    for file in inferred.files:
        if file.table is None:
            yield "  " + _comment(read_otherwise(translate, words, file))


def _described(file: SourceFile, translate: Translate, words: Wording) -> str:
    return translate("{file}: {how}, confidence {sure}, {records}").format(
        file=file.name,
        how=recognised_by(words, file),
        sure=words.numbers.percent(file.confidence),
        records=words.plural("files.records", file.rows_loaded),
    )


def _columns(columns: list[ColumnSource], translate: Translate, words: Wording) -> Iterator[str]:
    """Yield each column; commented out where one line cannot say what the export says."""
    claimed = [c for c in columns if c.reason != _KEPT and c.header]
    settled = {c.column: c for c in claimed if _says_it_all(c, columns)}
    if settled:
        yield "    columns:"
    for column in settled.values():
        read = f", {column.format}" if column.format else ""
        note = f"{_why(words, column)}{read}"
        yield f"      {column.column}: {_quoted(column.header)}  {_comment(note)}"
    for column in claimed:
        if column.column not in settled:
            note = f"{column.file}, {_why(words, column)}"
            yield f"      # {column.column}: {_quoted(column.header)}  {_comment(note)}"
    kept = list(dict.fromkeys(c.header for c in columns if c.reason == _KEPT))
    if kept:
        text = translate("kept under their own names: {names}").format(names=", ".join(kept))
        yield from textwrap.wrap(
            _plain(text), _WIDTH, initial_indent="      # ", subsequent_indent="      #   "
        )


def _why(words: Wording, column: ColumnSource) -> str:
    return f"{column_reason(words, column)} {words.numbers.percent(column.confidence)}"


def _says_it_all(column: ColumnSource, columns: list[ColumnSource]) -> bool:
    """Return whether ``column: header`` alone reads the same values from the same files.

    It does not where files of one table differ, where a column is made of several headers or a
    header feeds several columns, for keys of activities, which may point to several tables, and
    for merged records, which some CRMs list on the record that was kept.
    """
    definition = TABLES[column.table]
    if column.column not in definition or column.column == "merged_into_id":
        return False
    if column.table == "activities" and definition[column.column].target in RECORD_TABLES:
        return False
    same_column = {c.header for c in columns if c.column == column.column}
    same_header = {c.column for c in columns if c.header == column.header}
    return len(same_column) == 1 and len(same_header) == 1


def _dates(table: str, questions: Iterable[Question], translate: Translate) -> Iterator[str]:
    asked = [q for q in questions if q.kind == "day_month_order" and q.table == table]
    if not asked:
        return
    yield "    " + _comment(
        translate("??? No value tells the order of day and month. Keep one word, uncomment:")
    )
    yield "    # dates:"
    for question in {q.column: q for q in asked}.values():
        examples = ", ".join(question.examples)
        yield f"    #   {question.column}: day-first | month-first  {_comment(examples)}"


def _values(table: str, inferred: InferredMapping, translate: Translate) -> Iterator[str]:
    counted: dict[str, list[str]] = {}
    for value in inferred.values:
        if value.table == table:
            counted.setdefault(value.column, []).append(value.value)
    if not counted:
        return
    yield "    " + _comment(translate("Words found, to say what one means (word: meaning):"))
    yield "    # values:"
    for column, words in counted.items():
        shown = ", ".join(f"{_quoted(word)}: {_quoted(word)}" for word in words[:_MOST_VALUES])
        yield f"    #   {column}: {{{shown}}}"


def _stages(inferred: InferredMapping, translate: Translate) -> Iterator[str]:
    """Yield the stages; commented out where each deal tells its state better than its stage."""
    if not inferred.stages:
        yield _comment(translate("No stages were found."))
        return
    yield _comment(translate("Stages of the deals: their order, and what each of them means."))
    settled = [s for s in inferred.stages if s.state and s.reason not in _TOLD_BY_EACH_DEAL]
    told = [s for s in inferred.stages if s.state and s.reason in _TOLD_BY_EACH_DEAL]
    undecided = [s for s in inferred.stages if s.state is None]
    off, on = ("  # ", "  ") if settled else ("#   ", "#   ")
    yield "stages:" if settled else "# stages:"
    yield f"{off}order: {_names(_open_in_order(inferred.stages))}"
    for stages, mark in ((settled, on), (told, off)):
        for state in _STATES:
            of_state = [stage for stage in stages if stage.state == state]
            if of_state:
                reasons = dict.fromkeys(stage.reason.replace("_", " ") for stage in of_state)
                yield f"{mark}{state}: {_names(of_state)}  {_comment(', '.join(reasons))}"
    if undecided:
        yield off + _plain(
            translate("??? Nothing tells what these stages mean. Put each into open, won or lost:")
        )
        yield f"{off}{_names(undecided)}"


def _open_in_order(stages: Iterable[InferredStage]) -> list[InferredStage]:
    in_progress = [stage for stage in stages if stage.state == "open"]
    return sorted(in_progress, key=lambda stage: (stage.pipeline, stage.rank or 0))


def _names(stages: Iterable[InferredStage]) -> str:
    names = dict.fromkeys(stage.name for stage in stages)
    return f"[{', '.join(_quoted(name) for name in names)}]"


def _profile(translate: Translate) -> Iterator[str]:
    defaults = Profile()
    yield _comment(
        translate("Definitions in force. Uncomment and change what you count otherwise;")
    )
    yield _comment(translate("auditor checks show CHECK lists the parameters of a check."))
    yield "# profile:"
    yield f"#   region: FR            {_comment(translate('phone numbers without a prefix'))}"
    yield f"#   currency: EUR         {_comment(translate('amounts without a currency'))}"
    yield f"#   time_zone: {defaults.time_zone}"
    yield f"#   window_months: {defaults.window_months}"
    yield "#   sales_cycle_days: 90  " + _comment(translate("days that a sale should take"))
    yield "#   required_fields:"
    for table, fields in defaults.required_fields.items():
        yield f"#     {table}:"
        yield from _required(fields)
    yield "#   checks:"
    yield "#     open-deal-past-close-date: {params: {grace_days: 3}, tolerance: {t_lo: 0.05}}"
    yield "#     value-variant: {enabled: false}"
    yield "#   lexicon: {junk: [], not_junk: []}"
    yield "#   values: {}            " + _comment(translate("legal values: table.column: [a, b]"))
    yield "#   contract:"
    for name, limit in defaults.contract.model_dump().items():
        yield f"#     {name}: {limit}"
    yield "#   checks_dir: checks    " + _comment(translate("checks of your own"))


def _required(fields: RequiredFields) -> Iterator[str]:
    for level in ("critical", "from_first_third", "important", "other"):
        names = getattr(fields, level)
        if names:
            yield f"#       {level}: [{', '.join(_quoted(name) for name in names)}]"


def _report(translate: Translate) -> Iterator[str]:
    yield "# report:"
    yield "#   languages: [en, fr]"
    yield "#   csv_style: eu         " + _comment(translate("or us: comma and decimal point"))
    yield '#   title: ""'
    yield '#   client: ""'
    yield '#   prepared_by: ""'


def _comment(text: str) -> str:
    return f"# {_plain(text)}"


def _plain(text: str) -> str:
    """Return text that cannot end a comment: one line, no control characters."""
    return visible(" ".join(text.split()))


def _quoted(text: str) -> str:
    """Return a double-quoted YAML scalar that reads back as the same text."""
    return f'"{"".join(_escaped(character) for character in text)}"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08x}"
