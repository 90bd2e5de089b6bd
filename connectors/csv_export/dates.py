"""Reading dates: which ways of writing occur in a column, and the SQL that reads them.

A sample of the values proposes the patterns, the whole column decides the order of day and
month: a value whose first part is above 12 can only be day-first, and the majority wins. A
column that decides nothing follows the other dates of its file; if none decides, the user is
asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from connectors.csv_export.mapping import DayOrder
from connectors.engines.duckdb import literal

_CLOCK = r"\d{1,2}:\d{2}(:\d{2}([.,]\d{1,9})?)?"
_CLOCK_AFTER = r"(,?[ T]" + _CLOCK + r"([ \x{202F}\x{00A0}]?[AaPp][Mm])?)?"
_WORD = r"[A-Za-zÀ-ÿ]{3,10}\.?"


@dataclass(frozen=True)
class Pattern:
    """One way to write a date.

    Attributes:
        name: Shown to the user as the format; ``dd`` and ``mm`` swap when month-first.
        regex: What the whole value looks like, in RE2's words.
        ordered: Whether day and month may be swapped.
        zoned: Whether the value says its time zone.
    """

    name: str
    regex: str
    ordered: bool = False
    zoned: bool = False

    def reads(self, text: str) -> bool:
        """Whether the text has this shape."""
        python = re.sub(r"\\x\{([0-9A-F]{4})\}", r"\\u\1", self.regex)
        return re.fullmatch(python, text) is not None


ISO = Pattern("yyyy-mm-dd", rf"\d{{4}}-\d{{1,2}}-\d{{1,2}}([T ]{_CLOCK})?")
ISO_ZONED = Pattern(
    "yyyy-mm-dd with time zone",
    rf"\d{{4}}-\d{{1,2}}-\d{{1,2}}[T ]{_CLOCK} ?(Z|UTC|GMT|[+-]\d{{2}}(:?\d{{2}})?)",
    zoned=True,
)
_YEAR_FIRST = Pattern("yyyy/mm/dd", rf"\d{{4}}[/.]\d{{1,2}}[/.]\d{{1,2}}([T ]{_CLOCK})?")
_SLASH = Pattern("dd/mm/yyyy", r"\d{1,2}/\d{1,2}/\d{4}" + _CLOCK_AFTER, ordered=True)
_DOT = Pattern("dd.mm.yyyy", r"\d{1,2}\.\d{1,2}\.\d{4}" + _CLOCK_AFTER, ordered=True)
_DASH = Pattern("dd-mm-yyyy", r"\d{1,2}-\d{1,2}-\d{4}" + _CLOCK_AFTER, ordered=True)
_SHORT = Pattern("dd/mm/yy", r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}" + _CLOCK_AFTER, ordered=True)
_DAY_MONTH = Pattern(
    "dd month yyyy", rf"\d{{1,2}}(er|st|nd|rd|th)?[ .-]+{_WORD}[ .,-]+\d{{4}}" + _CLOCK_AFTER
)
_MONTH_DAY = Pattern(
    "month dd, yyyy", rf"{_WORD}[ .-]+\d{{1,2}}(st|nd|rd|th)?,? +\d{{4}}" + _CLOCK_AFTER
)
_SERIAL = Pattern("serial number", r"[2-5]\d{4}([.,]\d+)?")
_COMPACT = Pattern("yyyymmdd", r"(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])")
_MILLISECONDS = Pattern("milliseconds", r"1\d{12}", zoned=True)

PATTERNS = (
    *(ISO, ISO_ZONED, _SLASH, _DOT, _DASH, _SHORT, _YEAR_FIRST),
    *(_DAY_MONTH, _MONTH_DAY, _SERIAL, _COMPACT, _MILLISECONDS),
)

_MONTHS = (
    *("jan|ene", "feb|fev", "mar|mrz", "apr|avr|abr", "may|mai", "jui?n", "jui?l", "aug|aou|ago"),
    *("sep|set", "oct|okt|out", "nov", "dec|dez|dic"),
)


def patterns_in(values: Iterable[str]) -> tuple[Pattern, ...]:
    """Return the patterns that some of the values have, the commonest first."""
    counts = dict.fromkeys(PATTERNS, 0)
    for value in values:
        pattern = next((pattern for pattern in PATTERNS if pattern.reads(value.strip())), None)
        if pattern:
            counts[pattern] += 1
    return tuple(sorted((p for p in PATTERNS if counts[p]), key=lambda p: -counts[p]))


def looks_like_date(text: str) -> bool:
    """Whether a text is a date beyond doubt; bare numbers are not."""
    return any(
        pattern.reads(text)
        for pattern in PATTERNS
        if pattern not in (_SERIAL, _COMPACT, _MILLISECONDS)
    )


def order_votes(cell: str) -> str:
    """Return three SQL aggregates: votes for day-first, for month-first, and unequal pairs."""
    first = f"try_cast(regexp_extract({cell}, '^\\s*(\\d{{1,2}})[/.-]', 1) as integer)"
    second = (
        f"try_cast(regexp_extract({cell}, '^\\s*\\d{{1,2}}[/.-](\\d{{1,2}})[/.-]', 1) as integer)"
    )
    return (
        f"count_if({first} > 12 and {second} <= 12), count_if({second} > 12 and {first} <= 12),"
        f" count_if({first} <> {second})"
    )


def stamp_expression(
    cell: str, patterns: Sequence[Pattern], order: DayOrder, time_zone: str, *, day_only: bool
) -> str:
    """Return the SQL that reads a cell as a UTC stamp, or as the day in ``time_zone``.

    Args:
        cell: SQL of the text.
        patterns: The patterns that occur.
        order: Which part comes first where a pattern leaves it open.
        time_zone: Time zone of the organisation.
        day_only: Whether a day is wanted rather than a stamp in UTC.
    """
    if not patterns:
        return "cast(null as timestamp)"
    arms = (
        f"when regexp_full_match({cell}, {literal(pattern.regex)})"
        f" then {_placed(_parsed(cell, pattern, order), pattern, time_zone, day_only)}"
        for pattern in patterns
    )
    return f"case {' '.join(arms)} end"


def _placed(parsed: str, pattern: Pattern, time_zone: str, day_only: bool) -> str:
    """Move a parsed stamp to UTC, or to the organisation's clock when its day is wanted."""
    if time_zone == "UTC" or pattern.zoned is not day_only:
        return parsed
    zone = literal(time_zone)
    if day_only:
        return f"timezone({zone}, timezone('UTC', {parsed}))"
    # A day without a time is that day everywhere; only clock times are moved.
    return (
        f"case when {parsed} = date_trunc('day', {parsed}) then {parsed}"
        f" else timezone('UTC', timezone({zone}, {parsed})) end"
    )


def format_name(patterns: Sequence[Pattern], order: DayOrder) -> str:
    """Return how a column is written, for the printed mapping."""
    names = (
        pattern.name.replace("dd", "\0").replace("mm", "dd").replace("\0", "mm")
        if pattern.ordered and order == "month-first"
        else pattern.name
        for pattern in patterns
    )
    return ", ".join(names)


def _parsed(cell: str, pattern: Pattern, order: DayOrder) -> str:
    """Return the SQL that reads a cell of one pattern as a timestamp."""
    if pattern is ISO:
        return f"try_cast({cell} as timestamp)"
    if pattern is ISO_ZONED:
        return f"timezone('UTC', try_cast(replace({cell}, 'GMT', 'UTC') as timestamptz))"
    if pattern is _YEAR_FIRST:
        return f"try_cast(replace(replace({cell}, '/', '-'), '.', '-') as timestamp)"
    if pattern is _SERIAL:
        days = f"cast(replace({cell}, ',', '.') as double)"
        return f"timestamp '1899-12-30' + to_seconds(cast(round({days} * 86400) as bigint))"
    if pattern is _COMPACT:
        return f"try_strptime({cell}, '%Y%m%d')"
    if pattern is _MILLISECONDS:
        return f"make_timestamp_ms(cast({cell} as bigint))"
    if pattern in (_DAY_MONTH, _MONTH_DAY):
        return _with_month_names(cell, day_first=pattern is _DAY_MONTH)
    return _numeric(cell, pattern, order)


def _numeric(cell: str, pattern: Pattern, order: DayOrder) -> str:
    separator = {_DOT: ".", _DASH: "-"}.get(pattern, "/")
    year = "%Y"
    text = f"replace({cell}, chr(8239), ' ')"
    if pattern is _SHORT:
        year = "%y"
        text = f"regexp_replace({text}, '[.-]', '/', 'g')"
    parts = ("%d", "%m", year) if order == "day-first" else ("%m", "%d", year)
    return f"try_strptime({text}, {_formats(separator.join(parts))})"


def _with_month_names(cell: str, *, day_first: bool) -> str:
    text = f"regexp_replace(strip_accents(lower({cell})), '(\\d)(er|st|nd|rd|th)\\b', '\\1')"
    for number, names in enumerate(_MONTHS, start=1):
        text = f"regexp_replace({text}, '\\b({names})[a-z]*\\.?', '{number}')"
    text = f"regexp_replace({text}, '[ .,-]+', ' ', 'g')"
    return f"try_strptime({text}, {_formats('%d %m %Y' if day_first else '%m %d %Y')})"


def _formats(day: str) -> str:
    """Return the list of formats for a day with any way to write the time after it."""
    clocks = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", " %I:%M%p", "T%H:%M:%S")
    formats = [day + clock for clock in clocks] + [day + "," + clock for clock in clocks[1:5]]
    return "[" + ", ".join(literal(each) for each in formats) + "]"
