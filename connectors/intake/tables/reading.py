"""How one column of a file is read: the SQL of its cells and of its values."""

from __future__ import annotations

from dataclasses import dataclass, field

from connectors.engines.duckdb import literal
from connectors.intake.mapping import DayOrder
from connectors.intake.notation.dates import Pattern, format_name, stamp_expression
from connectors.intake.notation.numbers import NumberStyle, number_expression
from connectors.intake.recognition.claims import Claim
from connectors.model import TABLES, Kind

_TRUE = (
    *("true", "t", "1", "1.0", "yes", "y", "oui", "vrai", "x", "si", "sí", "ja", "wahr"),
    "active",
    "actif",
    "completed",
)
_FALSE = (
    *("false", "f", "0", "0.0", "no", "n", "non", "faux", "nein", "falsch"),
    "inactive",
    "inactif",
    *("not_started", "not started", "in_progress", "in progress", "waiting", "deferred"),
)
_EXTRA_KINDS = {
    "is_lost": Kind.FLAG,
    "won_at": Kind.DATE,
    "lost_at": Kind.DATE,
    "closed_at": Kind.DATE,
    "what_id": Kind.KEY,
    "who_id": Kind.KEY,
}
DATES = (Kind.DATE, Kind.STAMP)
NUMBERS = (Kind.MONEY, Kind.NUMBER, Kind.INTEGER)


@dataclass(frozen=True)
class Reading:
    """How one column of a file is read.

    Attributes:
        claim: The column and the field that it feeds.
        kind: What the field holds.
        cell: SQL of the text over the raw table, NULL where it is empty.
        patterns: Ways of writing dates that occur.
        order: Order of day and month; None where it does not matter.
        style: How numbers are written.
        plain: Whether a flag is written ``true`` and ``false``, in small letters.
        filled: Values that are not empty.
        unparsed: Of these, values that do not parse.
    """

    claim: Claim
    kind: Kind
    cell: str
    patterns: tuple[Pattern, ...] = ()
    order: DayOrder | None = None
    style: NumberStyle = field(default=NumberStyle())
    plain: bool = False
    filled: int = 0
    unparsed: int = 0

    @property
    def text(self) -> str:
        """Column of a layer of the reading: the text, NULL where it is empty."""
        return f"text_{self.claim.field}"

    @property
    def value(self) -> str:
        """Column of a layer of the reading: the value, NULL where it does not parse either."""
        return f"value_{self.claim.field}" if self.is_typed else self.text

    @property
    def as_written(self) -> str:
        """Name of the column that keeps the text of values that do not parse."""
        return f"{self.claim.field}_as_written"

    @property
    def is_typed(self) -> bool:
        """Whether its values are more than text, so that a cell may not parse."""
        return self.kind not in (Kind.TEXT, Kind.KEY)

    @property
    def format(self) -> str:
        """How the column is written, for the printed mapping; empty for text."""
        if self.kind in DATES:
            return format_name(self.patterns, self.order or "day-first")
        if self.kind in NUMBERS:
            return self.style.name
        return ""


def kind_of(table: str, name: str) -> Kind:
    """Return what a field of a table holds."""
    if name in TABLES[table]:
        return TABLES[table][name].kind
    return _EXTRA_KINDS.get(name, Kind.TEXT)


def text_cell(column: int) -> str:
    """Return the SQL of a text column, NULL where it holds nothing to read.

    Most texts start with a printable ASCII character above ``#``; they are passed on after one
    comparison of prefixes.
    """
    cell = f"c{column}"
    blank = literal(r"[\s\x{00A0}\x{202F}\x{200B}\x{FEFF}]*")
    return (
        f"case when {cell} >= '$' and {cell} < chr(127) then {cell}"
        f" when {cell} = '#N/A' or regexp_full_match({cell}, {blank}) then null else {cell} end"
    )


def value_of(text: str, reading: Reading, time_zone: str) -> str:
    """Return the SQL of the value of a text that is written as a column's values are."""
    if reading.kind in DATES:
        day_only = reading.kind is Kind.DATE
        stamp = stamp_expression(
            text,
            reading.patterns,
            reading.order or "day-first",
            time_zone,
            day_only=day_only,
        )
        return f"cast({stamp} as date)" if day_only else stamp
    if reading.kind in NUMBERS:
        return number_expression(text, reading.style, reading.kind.engine_type)
    if reading.kind is Kind.FLAG:
        return _flag(text, reading)
    return text


def _flag(text: str, reading: Reading) -> str:
    """Return the SQL of a flag; an IN list of so many words would become a join."""
    if reading.plain:
        return f"case {text} when 'true' then true when 'false' then false end"
    arms = (
        f"when list_contains([{', '.join(map(literal, words))}], lower({text})) then {value}"
        for words, value in ((_TRUE, "true"), (_FALSE, "false"))
    )
    return f"case {' '.join(arms)} end"
