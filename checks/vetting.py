"""What makes a check file acceptable beyond its form: names that exist, texts that fill in."""

from __future__ import annotations

import re
from string import Formatter

from checks.spec import CheckSpec
from connectors.model import RECORD_TABLES, TABLES
from connectors.yaml_file import Document

#: What a sentence of a check may insert: defects, records examined, and their ratio.
TEXT_PLACEHOLDERS = frozenset({"k", "n", "rate"})

_PARAMETER = re.compile(r"\$(\w+)")


def vet(spec: CheckSpec, document: Document) -> None:
    """Accept a check, or say which line cannot be meant.

    Args:
        spec: The check.
        document: Its file, for lines.

    Raises:
        ConfigurationError: At the first name that does not exist or placeholder that nothing
            fills.
    """
    if spec.table not in RECORD_TABLES:
        raise document.unknown('unknown table "{name}"', spec.table, RECORD_TABLES, "table")
    if spec.collects is not None and spec.collects not in TABLES[spec.table]:
        names = [column.name for column in TABLES[spec.table].columns]
        raise document.unknown(
            'unknown field "{name}" for {table}',
            spec.collects,
            names,
            "collects",
            table=spec.table,
        )
    _vet_parameters(spec, document)
    _vet_texts(spec, document)
    _vet_reproduce(spec, document)


def _vet_parameters(spec: CheckSpec, document: Document) -> None:
    for part in ("population", "defect"):
        for name in _PARAMETER.findall(getattr(spec, part) or ""):
            if name not in spec.params:
                raise document.unknown('unknown parameter "${name}"', name, spec.params, part)


def _vet_texts(spec: CheckSpec, document: Document) -> None:
    for language, text in (("en", spec.text.en), ("fr", spec.text.fr)):
        for part, sentence in text.model_dump(by_alias=True).items():
            path = ("text", language, part)
            if not sentence.strip():
                raise document.error("this text is empty", *path)
            allowed = TEXT_PLACEHOLDERS if part in ("pass", "fail") else frozenset()
            _vet_placeholders(sentence, allowed, document, path)


def _vet_reproduce(spec: CheckSpec, document: Document) -> None:
    allowed = {"as_of"} | set(spec.params) | {f"as_of_minus_{name}" for name in spec.params}
    for system, words in spec.reproduce.model_dump().items():
        _vet_placeholders(words, allowed, document, ("reproduce", system))


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
