"""What an export leaves out: whole tables, or single columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

#: Tables of a CRM that come with more and more effort; each level has those below it too.
_LEVELS: tuple[tuple[str, ...], ...] = (
    ("deals",),
    ("users", "teams", "stages", "accounts", "contacts", "leads"),
    ("field_history",),
    ("activities", "attachments"),
    ("logins", "analytics"),
)
#: All that a mere list of deals holds.
_DEALS_ALONE = (
    "id", "name", "stage", "is_closed", "is_won", "amount", "close_date", "created_at", "owner_id",
)  # fmt: skip


@dataclass(frozen=True)
class Mask:
    """Canonical tables and columns that are not brought.

    Attributes:
        tables: Tables left out.
        columns: ``(table, column)`` left out.
        only: Per table, the only columns brought, where given.
    """

    tables: frozenset[str] = frozenset()
    columns: frozenset[tuple[str, str]] = frozenset()
    only: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def hides(self, table: str, column: str | None = None) -> bool:
        """Return whether a table, or a column of it, is left out."""
        if table in self.tables:
            return True
        if column is None:
            return False
        kept = self.only.get(table)
        return (table, column) in self.columns or (kept is not None and column not in kept)


NOTHING = Mask()


def without(*names: str) -> Mask:
    """Return the mask of tables (``activities``) and columns (``deals.amount``)."""
    dotted = [tuple(name.split(".")) for name in names if "." in name]
    return Mask(
        frozenset(name for name in names if "." not in name),
        frozenset((table, column) for table, column in dotted),
    )


def level(number: int) -> Mask:
    """Return what is hidden at a level of observability.

    0 is a list of deals; 1 has users, accounts, contacts and leads; 2 field history; 3 activities
    and files; 4 logins and reports. Declared answers are no part of an export.
    """
    hidden: Iterable[str] = (table for tables in _LEVELS[number + 1 :] for table in tables)
    only = {"deals": frozenset(_DEALS_ALONE)} if number == 0 else {}
    return Mask(tables=frozenset(hidden), only=only)
