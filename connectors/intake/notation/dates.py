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
from functools import cache

from connectors.engines.duckdb import literal
from connectors.intake.mapping import DayOrder

_CLOCK = r"\d{1,2}:\d{2}(:\d{2}([.,]\d{1,9})?)?"
_WORD = r"[A-Za-zÀ-ÿ]{3,10}\.?"


@dataclass(frozen=True)
class Pattern:
    """One way to write a date.

    Attributes:
        name: Shown to the user as the format; ``dd`` and ``mm`` swap when month-first.
        regex: What the whole value looks like, in RE2's words.
        format: How ``strptime`` reads it, day first; empty where other SQL does.
        ordered: Whether day and month may be swapped.
        zoned: Whether the value says its time zone.
        words: Whether the month is a word.
        shapes: What most values look like, in the words of LIKE: a third of the regex's time,
            and the cast refuses what is no date among them.
    """

    name: str
    regex: str
    format: str = ""
    ordered: bool = False
    zoned: bool = False
    words: bool = False
    shapes: tuple[str, ...] = ()

    def reads(self, text: str) -> bool:
        """Whether the text has this shape."""
        return _python(self.regex).fullmatch(text) is not None


_ISO = Pattern(
    "yyyy-mm-dd",
    rf"\d{{4}}-\d{{1,2}}-\d{{1,2}}([T ]{_CLOCK})?",
    shapes=("____-__-__", "____-__-__ __:__:__"),
)
_ISO_UTC = Pattern(
    "yyyy-mm-dd, UTC",
    rf"\d{{4}}-\d{{1,2}}-\d{{1,2}}[T ]{_CLOCK} ?(Z|UTC|[+-]00(:?00)?)",
    zoned=True,
    shapes=("____-__-__T__:__:__.___Z", "____-__-__T__:__:__Z"),
)
_ISO_ZONED = Pattern(
    "yyyy-mm-dd with time zone",
    rf"\d{{4}}-\d{{1,2}}-\d{{1,2}}[T ]{_CLOCK} ?(GMT|[+-]\d{{2}}(:?\d{{2}})?)",
    zoned=True,
)
_YEAR_FIRST = Pattern("yyyy/mm/dd", rf"\d{{4}}[/.]\d{{1,2}}[/.]\d{{1,2}}([T ]{_CLOCK})?")
_SERIAL = Pattern("serial number", r"[2-5]\d{4}([.,]\d+)?")
_COMPACT = Pattern("yyyymmdd", r"(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])", format="%Y%m%d")
_MILLISECONDS = Pattern("milliseconds", r"1\d{12}", zoned=True)

#: The time behind a day: what it looks like, and how ``strptime`` reads it. One pattern each,
#: because a format that fails costs ten times as much as one that reads.
_CLOCKS = (
    ("", ""),
    (r",?[ T]\d{1,2}:\d{2}", " %H:%M"),
    (r",?[ T]\d{1,2}:\d{2}:\d{2}", " %H:%M:%S"),
    (r",?[ T]\d{1,2}:\d{2}[ \x{202F}\x{00A0}]?[AaPp][Mm]", " %I:%M%p"),
    (r",?[ T]\d{1,2}:\d{2}:\d{2}[ \x{202F}\x{00A0}]?[AaPp][Mm]", " %I:%M:%S%p"),
)
_NUMERIC = tuple(
    Pattern(
        f"dd{sign}mm{sign}{years}",
        rf"\d{{1,2}}[{sign}]\d{{1,2}}[{sign}]\d{{{len(years)}}}{clock}",
        format=f"%d{sign}%m{sign}{year}{clock_format}",
        ordered=True,
    )
    for years, year in (("yyyy", "%Y"), ("yy", "%y"))
    for sign in "/.-"
    for clock, clock_format in _CLOCKS
)
_NAMED = tuple(
    Pattern(name, regex + clock, format=day + clock_format, words=True)
    for name, regex, day in (
        (
            "dd month yyyy",
            rf"\d{{1,2}}(?:er|st|nd|rd|th|\.)?[ -]+(?:de )?{_WORD}[ .-]+(?:de )?\d{{4}}",
            "%d %m %Y",
        ),
        ("month dd, yyyy", rf"{_WORD}[ -]+\d{{1,2}}(?:st|nd|rd|th)?,? +\d{{4}}", "%m %d %Y"),
    )
    for clock, clock_format in _CLOCKS
)
PATTERNS = (
    *(_ISO, _ISO_UTC, _ISO_ZONED),
    *_NUMERIC,
    *(_YEAR_FIRST, *_NAMED, _SERIAL, _COMPACT, _MILLISECONDS),
)

_PAIR = re.compile(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-]")
_MONTHS_A_YEAR = 12
_MONTHS = (
    *("jan|ene", "feb|fev", "mar|mrz", "apr|avr|abr", "may|mai", "jui?n", "jui?l", "aug|aou|ago"),
    *("sep|set", "oct|okt|out", "nov", "dec|dez|dic"),
)


def patterns_in(values: Iterable[str]) -> tuple[Pattern, ...]:
    """Return the patterns that some of the values have, the commonest first."""
    counts = dict.fromkeys(PATTERNS, 0)
    for value in values:
        text = value.strip()
        pattern = next((pattern for pattern in PATTERNS if pattern.reads(text)), None)
        if pattern:
            counts[pattern] += 1
    return tuple(sorted((p for p in PATTERNS if counts[p]), key=lambda p: -counts[p]))


def looks_like_date(text: str) -> bool:
    """Whether a text is a date beyond doubt; bare numbers are not."""
    return any(p.reads(text) for p in (_ISO, _ISO_UTC, _ISO_ZONED, *_NUMERIC, *_NAMED))


def order_in(values: Iterable[str]) -> DayOrder | None:
    """Return the order of day and month that most telling values of a sample prove, if any."""
    pairs = [(int(found[1]), int(found[2])) for text in values if (found := _PAIR.match(text))]
    day = sum(1 for first, second in pairs if first > _MONTHS_A_YEAR >= second)
    month = sum(1 for first, second in pairs if second > _MONTHS_A_YEAR >= first)
    if day or month:
        return "day-first" if day >= month else "month-first"
    return None


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
    cell: str,
    patterns: Sequence[Pattern],
    order: DayOrder,
    time_zone: str,
    *,
    day_only: bool,
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
        f"when {_looks_like(cell, pattern)}"
        f" then {_placed(_parsed(cell, pattern, order), pattern, time_zone, day_only)}"
        for pattern in patterns
    )
    return f"case {' '.join(arms)} end"


def format_name(patterns: Sequence[Pattern], order: DayOrder) -> str:
    """Return how a column is written, for the printed mapping."""
    names = (
        pattern.name.replace("dd", "\0").replace("mm", "dd").replace("\0", "mm")
        if pattern.ordered and order == "month-first"
        else pattern.name
        for pattern in patterns
    )
    return ", ".join(dict.fromkeys(names))


def _looks_like(cell: str, pattern: Pattern) -> str:
    """Return the SQL that tells whether a cell has a pattern."""
    whole = f"regexp_full_match({cell}, {literal(pattern.regex)})"
    if not pattern.shapes:
        return whole
    arms = " ".join(f"when {cell} like {literal(shape)} then true" for shape in pattern.shapes)
    begun = f"{cell} >= '0' and {cell} < ':'"  # with a digit: no sign, no blank
    return f"case when not ({begun}) then false {arms} else {whole} end"


def _placed(parsed: str, pattern: Pattern, time_zone: str, day_only: bool) -> str:
    """Move a parsed stamp to UTC, or to the organisation's clock when its day is wanted."""
    if time_zone == "UTC" or pattern.zoned is not day_only:
        return parsed
    zone = literal(time_zone)
    if day_only:
        return f"timezone({zone}, timezone('UTC', {parsed}))"
    return f"timezone('UTC', timezone({zone}, {parsed}))"


def _parsed(cell: str, pattern: Pattern, order: DayOrder) -> str:
    """Return the SQL that reads a cell of one pattern as a timestamp."""
    if pattern in (_ISO, _ISO_UTC):
        return f"try_cast({cell} as timestamp)"
    if pattern is _ISO_ZONED:
        return f"timezone('UTC', try_cast(replace({cell}, 'GMT', 'UTC') as timestamptz))"
    if pattern is _YEAR_FIRST:
        return f"try_cast(replace(replace({cell}, '/', '-'), '.', '-') as timestamp)"
    if pattern is _SERIAL:
        days = f"cast(replace({cell}, ',', '.') as double)"
        return f"timestamp '1899-12-30' + to_seconds(cast(round({days} * 86400) as bigint))"
    if pattern is _MILLISECONDS:
        return f"make_timestamp_ms(cast({cell} as bigint))"
    written = pattern.format
    if pattern.ordered and order == "month-first":
        written = written.replace("%d", "\0").replace("%m", "%d").replace("\0", "%m")
    return f"try_strptime({_spelled_out(cell, pattern)}, {literal(written)})"


def _spelled_out(cell: str, pattern: Pattern) -> str:
    """Return the SQL of a text as the pattern's format expects it."""
    text = cell
    if pattern.words:
        text = f"regexp_replace(strip_accents(lower({text})), '(\\d)(er|st|nd|rd|th)\\b', '\\1')"
        text = f"replace({text}, ' de ', ' ')"
        for number, names in enumerate(_MONTHS, start=1):
            text = f"regexp_replace({text}, '\\b({names})[a-z]*\\.?', '{number}')"
        text = f"regexp_replace({text}, '[ .,-]+', ' ', 'g')"
    elif ":" in pattern.format:
        text = f"replace(replace({text}, ',', ''), 'T', ' ')"
    if "%p" in pattern.format:  # blanks of any kind may stand before AM and PM
        text = f"regexp_replace({text}, '[ \\x{{202F}}\\x{{00A0}}]+([AaPp][Mm])$', '\\1')"
    return text


@cache
def _python(regex: str) -> re.Pattern[str]:
    """Return a pattern of RE2 for Python, which writes code points in another way."""
    return re.compile(re.sub(r"\\x\{([0-9A-F]{4})\}", r"\\u\1", regex))
