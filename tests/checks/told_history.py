"""One deal, its stages, and what a history tells of them."""

from __future__ import annotations

from typing import Any

from checks.context import Context
from checks.events.relations import relation
from tests.checks.snapshots import context_of

STAGES = [
    {"id": "s1", "name": "Call", "rank": 1},
    {"id": "s2", "name": "Visit", "rank": 2},
    {"id": "s3", "name": "Offer", "rank": 3},
    {"id": "s4", "name": "Won", "rank": 4, "is_closed": True, "is_won": True},
    {"id": "s5", "name": "Lost", "rank": 5, "is_closed": True, "is_won": False},
]
DEAL = {"id": "d1", "owner_id": "u1", "stage": "Offer", "state": "open", "pipeline": None}
CREATED = "2026-05-01 09:00"


def change(at: str, new: Any, old: Any = None, **fields: Any) -> dict[str, Any]:
    """One row of the history of the deal d1: of its stage, by the user u1, unless said."""
    row = {"table_name": "deals", "record_id": "d1", "field": "stage", "user_id": "u1"}
    return {**row, "changed_at": at, "old_value": old, "new_value": new, "source": None, **fields}


def crm(*changes: dict[str, Any], **more: Any) -> Context:
    """The deal with these changes, and whatever other tables are given."""
    deal = {**DEAL, "created_at": CREATED, **more.pop("deal", {})}
    tables = {"deals": [deal], "stages": STAGES, "field_history": list(changes), **more}
    return context_of(tables)


def rows(context: Context, name: str, columns: str, order: str = "all") -> list[Any]:
    """Columns of a relation of events; bare values when one column is asked for."""
    found = context.snapshot.rows(
        f"select {columns} from {relation(context, name)} order by {order}"
    )
    return [row[0] for row in found] if "," not in columns else found
