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
)
_FALSE = (
    *("false", "f", "0", "0.0", "no", "n", "non", "faux", "nein", "falsch"),
    "inactive",
    "inactif",
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
        cell: SQL of the text, NULL where it is empty.
        expression: SQL of the value, NULL where it is empty or does not parse.
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
    expression: str = ""
    patterns: tuple[Pattern, ...] = ()
    order: DayOrder | None = None
    style: NumberStyle = field(default=NumberStyle())
    plain: bool = False
    filled: int = 0
    unparsed: int = 0

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


def expression_of(reading: Reading, time_zone: str, *, proven: bool = False) -> str:
    """Return the SQL of the value of a cell.

    Args:
        reading: How its column is read.
        time_zone: Time zone of the organisation.
        proven: Whether the whole column was seen to be written as the reading says.
    """
    if reading.kind in DATES:
        day_only = reading.kind is Kind.DATE
        stamp = stamp_expression(
            reading.cell,
            reading.patterns,
            reading.order or "day-first",
            time_zone,
            day_only=day_only,
            proven=proven,
        )
        return f"cast({stamp} as date)" if day_only else stamp
    if reading.kind in NUMBERS:
        return number_expression(reading.cell, reading.style, reading.kind.engine_type)
    if reading.kind is Kind.FLAG:
        return _flag_expression(reading, proven)
    return reading.cell


def _flag_expression(reading: Reading, proven: bool) -> str:
    """Return the SQL of a flag; an IN list of so many words would become a join."""
    cell = reading.cell
    if reading.plain and proven:
        return f"{cell} = 'true'"
    if reading.plain:
        return f"case {cell} when 'true' then true when 'false' then false end"
    arms = (
        f"when list_contains([{', '.join(map(literal, words))}], lower({cell})) then {value}"
        for words, value in ((_TRUE, "true"), (_FALSE, "false"))
    )
    return f"case {' '.join(arms)} end"


def settled(reading: Reading, parsed: int, special: object) -> str:
    """Return the final SQL, once the whole column has been seen."""
    if reading.kind is Kind.FLAG and parsed and special == 0:
        # Only yes occurs: an empty cell is a no.
        return f"case when {reading.cell} is null then false else {reading.expression} end"
    if (
        reading.claim.field == "probability"
        and not reading.style.percent
        and special is not None
        and float(str(special)) <= 1
    ):
        return f"({reading.expression}) * 100"
    return reading.expression
