"""What makes a check file acceptable beyond its form: names that exist, texts that fill in."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter
from typing import Any

from checks.expectations.expectation_checks import refuse_unusable_expectations
from checks.features.definitions import ENGINE_COLUMNS, feature_names
from checks.features.predicates import parse_predicate
from checks.measures import MEASURES, SUMMARIES
from checks.rows.required import FEATURES as REQUIRED_FEATURES
from checks.spec import CheckSpec
from connectors.model import EXAMINED_TABLES, RECORD_TABLES, TABLES
from connectors.yaml_file import Document

#: What a sentence of a check may insert: defects, records examined, and their ratio.
TEXT_PLACEHOLDERS = frozenset({"k", "n", "rate"})

#: An example may repeat its row so many times.
MOST_TIMES = 1000


def vet(spec: CheckSpec, document: Document) -> None:
    """Accept a check, or say which line cannot be meant.

    Args:
        spec: The check.
        document: Its file, for lines.

    Raises:
        ConfigurationError: At the first name that does not exist, predicate that is none, or
            placeholder that nothing fills.
    """
    if spec.table not in EXAMINED_TABLES:
        raise document.unknown('unknown table "{name}"', spec.table, EXAMINED_TABLES, "table")
    if spec.window and spec.table not in RECORD_TABLES:
        raise document.error("{table} have no window, only records do", "window", table=spec.table)
    columns = [column.name for column in TABLES[spec.table].columns]
    if spec.collects is not None and spec.collects not in columns:
        raise document.unknown(
            'unknown field "{name}" for {table}',
            spec.collects,
            columns,
            "collects",
            table=spec.table,
        )
    measures = {**MEASURES, **SUMMARIES}
    if spec.measure is not None and spec.measure not in measures:
        raise document.unknown('unknown measure "{name}"', spec.measure, measures, "measure")
    _vet_predicates(spec, document, columns)
    refuse_unusable_expectations(spec, f"{document.name}:{document.line('expect', 'type')}")
    _vet_texts(spec, document)
    _vet_reproduce(spec, document)
    _vet_examples(spec, document)


def _vet_predicates(spec: CheckSpec, document: Document, columns: list[str]) -> None:
    known = {*columns, *feature_names(spec.table), *REQUIRED_FEATURES, *ENGINE_COLUMNS}
    for part, text in (("population", spec.population), ("defect", spec.defect)):
        if text is None:
            continue
        where = f"{document.name}:{document.line(part)}"
        predicate = parse_predicate(text, spec.params, where=where)
        # A name in quotes may be a column of the export that only its owner knows.
        for name in sorted(predicate.names - predicate.quoted - known):
            raise document.unknown(
                'unknown field "{name}" for {table}', name, known, part, table=spec.table
            )


def _vet_texts(spec: CheckSpec, document: Document) -> None:
    for language, text in (("en", spec.text.en), ("fr", spec.text.fr)):
        for part, sentence in text.model_dump(by_alias=True).items():
            path = ("text", language, part)
            if not sentence.strip():
                raise document.error("this text is empty", *path)
            allowed = TEXT_PLACEHOLDERS if part in ("pass", "fail") else frozenset()
            _vet_placeholders(sentence, allowed, document, path)


def _vet_reproduce(spec: CheckSpec, document: Document) -> None:
    allowed = (
        {"as_of", "window_start"}
        | set(spec.params)
        | {f"as_of_minus_{name}" for name in spec.params}
    )
    for system, words in spec.reproduce.model_dump().items():
        _vet_placeholders(words, allowed, document, ("reproduce", system))


def _vet_examples(spec: CheckSpec, document: Document) -> None:
    if spec.examples is None:
        return
    for kind, rows in spec.examples.model_dump(by_alias=True).items():
        for number, row in enumerate(rows):
            path = ("examples", kind, number)
            _vet_times(row, document, path)
            for table, companion in _companions(row, document, path):
                if table not in TABLES:
                    raise document.unknown('unknown table "{name}"', table, TABLES, *path)
                _vet_times(companion, document, path)


def _companions(
    row: dict[str, Any], document: Document, path: tuple[str | int, ...]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the rows that an example brings, each with its table."""
    tables = row.get("with", {})
    if not isinstance(tables, dict):
        raise document.error('"with" must hold tables, each with a list of rows', *path)
    for table, rows in tables.items():
        if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
            raise document.error('"with" must hold tables, each with a list of rows', *path)
        yield from ((table, one) for one in rows)


def _vet_times(row: dict[str, Any], document: Document, path: tuple[str | int, ...]) -> None:
    times = row.get("times", 1)
    if type(times) is not int or not 1 <= times <= MOST_TIMES:
        raise document.error(
            '"times" must be a whole number from 1 to {limit}', *path, limit=MOST_TIMES
        )


def _vet_placeholders(
    text: str, allowed: frozenset[str] | set[str], document: Document, path: tuple[str, ...]
) -> None:
    try:
        names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError:
        raise document.error(
            "a brace is not closed", *path, next_step="Write {{ for a brace in the text."
        ) from None
    for name in names:
        if name not in allowed:
            raise document.unknown("nothing fills {{{name}}} here", name, allowed, *path)
