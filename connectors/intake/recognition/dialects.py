"""Dialects: how each CRM names its files and columns, one YAML file per system and language.

Labels collide between systems ("Date de clôture" is the expected date in Salesforce and the
real one in Odoo), so a header is only ever looked up in the dialect of its own file.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from connectors.model import TABLES, Kind
from connectors.yaml_file import read_yaml

_HERE = Path(__file__).parent

#: Source columns that feed canonical ones without being one, per table.
_EXTRA_FIELDS = {
    "users": {"first_name", "last_name"},
    "deals": {"is_lost", "won_at", "lost_at", "closed_at", "merged_ids"},
    "accounts": {"merged_ids"},
    "contacts": {"merged_ids"},
    "activities": {"what_id", "who_id"},
}


@dataclass(frozen=True)
class Link:
    """A file of pairs that fills a key of a table.

    Attributes:
        table: Table whose key is filled.
        key: Header of the id in that table.
        target: Table that the key points to.
        value: Header of the id in the target.
        sets: Canonical column that is filled.
    """

    table: str
    key: str
    target: str
    value: str
    sets: str


@dataclass(frozen=True)
class Versions:
    """A file with one row each time a record was saved.

    Attributes:
        record: Header of the record's id.
        at: Header of the moment.
        by: Header of the user.
        fields: Headers of what is compared from row to row.
    """

    record: str
    at: str
    by: str
    fields: list[str]


@dataclass(frozen=True)
class Entry:
    """What one kind of file of a system looks like.

    Attributes:
        table: Canonical table; None for pairs of keys and for files that are not used.
        files: Pattern for the words of a file's name.
        signature: Spellings of headers, by which the kind of file is told.
        needs: Sets of spellings; one of each must be there.
        labels: Spelling to the fields it feeds, with its rank among the labels of that field.
        languages: Spelling to its language, in files that hold several.
        constants: Canonical columns with one value for the whole file.
        reason: Why such a file is not used.
        link: How a file of pairs is used.
        versions: How the rows of one record follow each other, in a file of versions.
        first: Whether a file of this name is this and nothing else.
        objects: Names that the system's API gives to what such a file holds.
    """

    table: str | None
    files: re.Pattern[str] | None
    signature: frozenset[str]
    needs: tuple[frozenset[str], ...]
    labels: dict[str, list[tuple[str, int]]]
    languages: dict[str, str]
    constants: dict[str, str]
    reason: str
    link: Link | None
    first: bool
    versions: Versions | None = None
    objects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dialect:
    """One system in one language.

    Attributes:
        system: For example ``salesforce-report``.
        language: ``en``, ``fr``, ``api``...
        keys: How ids are written: ``salesforce`` (15 or 18 characters), ``first_of_list``
            (``123;456`` or ``Name (123)``) or plain.
        continuation: Rows without a value in the record's own columns go on with the record
            above.
    """

    system: str
    language: str
    keys: str = ""
    continuation: bool = False
    entries: tuple[Entry, ...] = field(default=())


@cache
def spelling(label: str) -> str:
    """Return a header without what people and programs write differently.

    Accents, case, apostrophes, blanks and punctuation fall away; letters, digits stay.
    """
    bare = unicodedata.normalize("NFKD", label).casefold()
    return "".join(character for character in bare if character.isalnum())


def unaccented(text: str) -> str:
    """Return a text without its accents; case, blanks and punctuation stay."""
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def fields_of(table: str) -> set[str]:
    """Return every field that a column of a table's file may feed."""
    canonical = {column.name for column in TABLES[table].columns}
    names = {name_field(column.name) for column in TABLES[table].columns if _has_names(column)}
    return canonical | names | _EXTRA_FIELDS.get(table, set())


def name_field(key: str) -> str:
    """Return the field that holds the name behind a key: ``owner_id`` to ``owner_name``."""
    return key.removesuffix("_id") + "_name"


@cache
def known_dialects() -> tuple[Dialect, ...]:
    """Return the dialects of known systems, in the order of their file names."""
    return tuple(_read(path) for path in sorted((_HERE / "dialects").glob("*.yaml")))


@cache
def generic_dialect() -> Dialect:
    """Return the synonyms for headers of no known system."""
    return _read(_HERE / "synonyms.yaml")


def entry_of(system: str, name: str) -> tuple[Dialect, Entry] | None:
    """Return how the records of an object of a system's API are read."""
    for dialect in known_dialects():
        for entry in dialect.entries:
            if dialect.system == system and name in entry.objects:
                return dialect, entry
    return None


def _has_names(column: Any) -> bool:
    return column.kind is Kind.KEY and column.target is not None


def _read(path: Path) -> Dialect:
    data = read_yaml(path).data
    prefixes = data.get("prefixes", [""])
    common = data.get("common", {})
    return Dialect(
        system=data["system"],
        language=data.get("language", ""),
        keys=data.get("keys", ""),
        continuation=data.get("continuation", False),
        entries=tuple(_entry(entry, common, prefixes) for entry in data["entries"]),
    )


def _entry(data: dict[str, Any], common: dict[str, Any], inherited: list[str]) -> Entry:
    table = data.get("table")
    prefixes = [spelling(prefix) for prefix in data.get("prefixes", inherited)]
    columns = {}
    if table:
        columns = {name: labels for name, labels in common.items() if name in fields_of(table)}
        columns |= data.get("columns", {})
    labels: dict[str, list[tuple[str, int]]] = {}
    languages: dict[str, str] = {}
    for name, spoken in columns.items():
        if name not in fields_of(str(table)):
            raise ValueError(f"{name} is no field of {table}")
        for rank, (label, language) in enumerate(_in_languages(spoken)):
            for prefix in prefixes:
                labels.setdefault(prefix + spelling(label), []).append((name, rank))
                languages.setdefault(prefix + spelling(label), language)
    link = data.get("link")
    return Entry(
        table=table,
        files=re.compile(rf"\b({data['files']})\b") if "files" in data else None,
        signature=_spellings(data.get("signature", []), prefixes),
        needs=tuple(_spellings([label], prefixes) for label in data.get("needs", [])),
        labels=labels,
        languages=languages,
        constants=data.get("constants", {}),
        reason=data.get("reason", "pairs_of_keys" if link else "headers"),
        link=Link(**link) if link else None,
        first=data.get("first", False),
        versions=Versions(**data["versions"]) if "versions" in data else None,
        objects=tuple(data.get("objects", ())),
    )


def _in_languages(labels: list[str] | dict[str, list[str]]) -> list[tuple[str, str]]:
    if isinstance(labels, dict):
        return [(str(label), language) for language, known in labels.items() for label in known]
    return [(str(label), "") for label in labels]


def _spellings(labels: list[str], prefixes: list[str]) -> frozenset[str]:
    return frozenset(prefix + spelling(label) for label in labels for prefix in prefixes)
