"""Which table a file holds, in which system's words, and which column feeds which field.

A dialect is taken when two of its signature headers are there, or one in a file that is named
after the table. Where no dialect fits, synonyms do; where no header speaks, values may. Every
decision carries its reason and a confidence, and a column that nobody claims is kept.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import PurePosixPath

from connectors.errors import MappingError
from connectors.intake.mapping import ExportMapping, TableMapping
from connectors.intake.raw_table import RawTable
from connectors.intake.recognition.claims import Claim, claims_by_header, claims_by_synonym
from connectors.intake.recognition.dialects import (
    Dialect,
    Entry,
    entry_of,
    generic_dialect,
    known_dialects,
    spelling,
    unaccented,
)
from connectors.intake.recognition.shapes import claims_by_values


@dataclass(frozen=True)
class Recognised:
    """What one raw table was recognised as; ``claims`` is keyed by field."""

    raw: RawTable
    dialect: Dialect
    entry: Entry
    table: str | None
    language: str
    reason: str
    confidence: float
    claims: dict[str, Claim]

    @property
    def kept(self) -> list[int]:
        """Positions of the columns that no field claims."""
        claimed = {claim.column for claim in self.claims.values()}
        return [column for column in range(len(self.raw.headers)) if column not in claimed]


def recognise(
    raw: RawTable, rows: Sequence[Sequence[str | None]], mapping: ExportMapping
) -> Recognised:
    """Recognise one raw table.

    Args:
        raw: The table.
        rows: A few hundred of its rows, in the order of its headers.
        mapping: What the user told.

    Raises:
        MappingError: If the user named a header that the file does not have.
    """
    told = _configured_table(raw, mapping)
    dialect, entry, hits, named = _best(raw, told)
    if entry is None or (told is None and entry.table in _configured_tables(mapping)):
        reason = "no_known_table" if entry is None else "another_file_configured"
        return Recognised(raw, dialect, _NOTHING, None, "", reason, 0.0, {})
    table = told or entry.table
    if table is None:
        confidence = _confidence(hits, named, 1.0)
        reason = entry.reason
        return Recognised(raw, dialect, entry, None, dialect.language, reason, confidence, {})
    generic = dialect.system == "generic"
    claims = claims_by_header(raw, entry, mapping.tables.get(table), generic=generic)
    claims |= claims_by_synonym(raw, table, claims) if not generic else {}
    claims |= claims_by_values(raw, rows, table, claims)
    language = dialect.language or _language(entry, raw)
    reason = "configured" if told else "headers_and_name" if named else "headers"
    confidence = 1.0 if told else _confidence(hits, named, 0.8 if generic else 1.0)
    return Recognised(raw, dialect, entry, table, language, reason, confidence, claims)


def require_configured(found: Sequence[Recognised], mapping: ExportMapping) -> None:
    """Refuse a mapping that names files or headers which are not there.

    Raises:
        MappingError: With the nearest name that exists.
    """
    names = [name for each in found for name in (each.raw.name, each.raw.stem)]
    for table, told in mapping.tables.items():
        for file in _files(told):
            if not any(_same_file(each.raw, file) for each in found):
                raise _unknown('the export has no file "{name}" for {table}', file, names, table)
        of_table = [each for each in found if each.table == table]
        for field, header in told.columns.items():
            headers = [name for each in of_table for name in each.raw.headers]
            if of_table and spelling(header) not in map(spelling, headers):
                raise _unknown(
                    'no file of {table} has a column "{name}"', header, headers, table, field
                )


def _unknown(
    what: str, name: str, choices: Sequence[str], table: str, field: str = ""
) -> MappingError:
    near = get_close_matches(name, choices, n=1, cutoff=0.4)
    place = ("tables", table, *(("columns", field) if field else ("file",)))
    if near:
        step = 'Did you mean "{nearest}"?'
        return MappingError(
            what, place=place, next_step=step, name=name, table=table, nearest=near[0]
        )
    step = "Name one that exists, or remove the line."
    return MappingError(what, place=place, next_step=step, name=name, table=table)


_NOTHING = Entry(None, None, frozenset(), (), {}, {}, {}, "no_known_table", None, first=False)
_CERTAIN = 1_000


def _best(raw: RawTable, told: str | None) -> tuple[Dialect, Entry | None, int, bool]:
    """Return the dialect and entry that fit best, its telling headers, and if the name tells it.

    Known systems go before synonyms, unless a system hardly shows and synonyms know more headers.
    """
    if told is None and (known_object := entry_of(raw.system, raw.stem)):
        dialect, entry = known_object
        return dialect, entry, len(entry.signature), True
    words = _words(raw.stem)
    known = _fittest(known_dialects(), raw.headers, words, told)
    generic = _fittest((generic_dialect(),), raw.headers, words, told)
    for one, other in ((known, generic), (generic, None)):
        if one and not (other and one.is_weak and other.share > one.share):
            return one.dialect, one.entry, one.hits, one.named
    if told is not None:
        entries = [entry for entry in generic_dialect().entries if entry.table == told]
        return generic_dialect(), entries[0] if entries else _NOTHING, 0, False
    return generic_dialect(), None, 0, False


@dataclass(frozen=True)
class _Fit:
    """How well an entry fits.

    Attributes:
        hits: Telling headers that are there.
        named: Whether the file is named after the entry.
        share: Share of the headers that the entry knows.
    """

    dialect: Dialect
    entry: Entry
    hits: int
    named: bool
    share: float

    @property
    def points(self) -> float:
        """What the fittest has most of."""
        if self.entry.first and self.named:
            return _CERTAIN + self.hits
        return self.hits + 3 * self.named + self.share

    @property
    def is_weak(self) -> bool:
        """Whether two telling headers at most speak for the system, and it is a table of ours."""
        return self.entry.table is not None and self.hits <= 2


def _fittest(
    dialects: Sequence[Dialect], written: Sequence[str], words: str, told: str | None
) -> _Fit | None:
    best: _Fit | None = None
    for dialect in dialects:
        headers = [_spelt(header, dialect) for header in written]
        for entry in dialect.entries:
            if told is not None and entry.table != told:
                continue
            fit = _fit(dialect, entry, headers, words)
            if fit is not None and (best is None or fit.points > best.points):
                best = fit
    return best


def _spelt(header: str, dialect: Dialect) -> str:
    """Spell a header for comparison; the names of an API hold no blanks, so labels are none."""
    is_label = dialect.language == "api" and " " in header.strip()
    return "" if is_label else spelling(header)


def _fit(dialect: Dialect, entry: Entry, headers: Sequence[str], words: str) -> _Fit | None:
    """Return how well an entry fits; None when it does not."""
    present = set(headers)
    if any(not alternatives & present for alternatives in entry.needs):
        return None
    named = entry.files is not None and entry.files.search(words) is not None
    hits = len(entry.signature & present)
    share = sum(header in entry.labels for header in headers) / len(headers)
    if hits < (1 if named else 2) or (hits == 1 and entry.table and share < 0.5):
        return None
    return _Fit(dialect, entry, hits, named, share)


def _confidence(hits: int, named: bool, ceiling: float) -> float:
    """Return a confidence that grows with signature headers and with a telling name."""
    return round(ceiling * min(0.99, 0.6 + 0.06 * hits + 0.15 * named), 2)


def _words(stem: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unaccented(stem))
    return " ".join(re.findall(r"[a-z]+|[0-9]+", spaced.casefold()))


def _language(entry: Entry, raw: RawTable) -> str:
    """Return the language of most headers that a dialect of several languages knows."""
    spoken = Counter(entry.languages.get(spelling(header), "") for header in raw.headers)
    spoken.pop("", None)
    return max(sorted(spoken), key=lambda language: spoken[language], default="")


def _configured_tables(mapping: ExportMapping) -> set[str]:
    return {table for table, told in mapping.tables.items() if told.file}


def _configured_table(raw: RawTable, mapping: ExportMapping) -> str | None:
    for table, told in mapping.tables.items():
        if any(_same_file(raw, file) for file in _files(told)):
            return table
    return None


def _files(told: TableMapping) -> list[str]:
    if told.file is None:
        return []
    return [told.file] if isinstance(told.file, str) else told.file


def _same_file(raw: RawTable, file: str) -> bool:
    names = {raw.name, raw.stem, PurePosixPath(raw.name).name}
    return file in names or file.casefold() in {name.casefold() for name in names}
