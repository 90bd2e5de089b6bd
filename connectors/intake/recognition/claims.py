"""Which column of a file feeds which field: the user's word, then the dialect, then synonyms."""

from __future__ import annotations

import re
from dataclasses import dataclass

from connectors.intake.mapping import TableMapping
from connectors.intake.raw_table import RawTable
from connectors.intake.recognition.dialects import Entry, generic_dialect, name_field, spelling

#: Fields whose meaning does not change from system to system: synonyms may fill them in a file
#: of a known system that has such a column of its own.
_SAME_EVERYWHERE = frozenset(
    [
        "siren",
        "siret",
        "vat_number",
        "email",
        "phone",
        "mobile",
        "website",
        "currency",
        "lost_reason",
        "next_step",
        "industry",
        "employees",
        "postal_code",
        "city",
        "country",
    ]
)


@dataclass(frozen=True)
class Claim:
    """A column that feeds a field.

    Attributes:
        field: Canonical column, or one of the fields that feed canonical ones.
        column: Position of the column in the file, from 0.
        header: Header as written.
        reason: ``configured``, ``dialect``, ``synonym`` or ``values``.
        confidence: 0 to 1.
    """

    field: str
    column: int
    header: str
    reason: str
    confidence: float


def claims_by_header(
    raw: RawTable, entry: Entry, told: TableMapping | None, *, generic: bool
) -> dict[str, Claim]:
    """Return the best column of each field; the user's word comes first."""
    claims: dict[str, Claim] = {}
    offers: list[tuple[tuple[float, int, int], Claim]] = []
    for column, header in enumerate(raw.headers):
        for how_well, label in ((0.9, header), (0.75, _bare(header))):
            known = entry.labels.get(spelling(label), [])
            if known and (generic or how_well == 0.9):
                confidence = how_well if generic else 0.98
                reason = "synonym" if generic else "dialect"
                for field, rank in known:
                    claim = Claim(field, column, header, reason, confidence)
                    offers.append(((-confidence, rank, column), claim))
                break
    taken: set[int] = set()
    if told is not None:
        positions = {spelling(header): column for column, header in enumerate(raw.headers)}
        for field, header in told.columns.items():
            if spelling(header) in positions:
                column = positions[spelling(header)]
                meant = _meant(field, header, entry)
                claims[meant] = Claim(meant, column, raw.headers[column], "configured", 1.0)
                taken.add(column)
    for _, claim in sorted(offers, key=lambda offer: offer[0]):
        if claim.column not in taken:
            claims.setdefault(claim.field, claim)
    return claims


def _meant(field: str, header: str, entry: Entry) -> str:
    """Return the field that the user means by a key: its names, where the header holds names."""
    known = {name for name, _ in entry.labels.get(spelling(header), [])}
    return name_field(field) if field not in known and name_field(field) in known else field


def _bare(header: str) -> str:
    """Return a header without its unit: ``Montant HT (€)`` to ``Montant HT``."""
    return re.sub(r"[(\[].*?[)\]]|[€$£]|\b(EUR|USD|GBP)\b", " ", header)


def claims_by_synonym(raw: RawTable, table: str, claims: dict[str, Claim]) -> dict[str, Claim]:
    """Return claims by synonyms in a file of a known system, for fields that mean one thing."""
    entry = next((e for e in generic_dialect().entries if e.table == table), None)
    if entry is None:
        return {}
    taken = {claim.column for claim in claims.values()}
    return {
        field: Claim(field, claim.column, claim.header, "synonym", 0.7)
        for field, claim in claims_by_header(raw, entry, None, generic=True).items()
        if field in _SAME_EVERYWHERE and field not in claims and claim.column not in taken
    }
