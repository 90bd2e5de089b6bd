"""The features of records, as checks read them."""

from __future__ import annotations

from typing import Any

from checks.context import Context
from checks.features.composing import compose
from checks.features.definitions import features_of
from checks.lexicon.junk import define_junk
from tests.checks.snapshots import context_of


def values(context: Context, table: str, *names: str) -> list[Any]:
    """The features named, of every record in the order of the source."""
    define_junk(context.snapshot, context.profile)
    layers = compose(context, features_of(table, context.snapshot.capabilities), names)
    wanted = ", ".join(layers.name(name) for name in names)
    rows = context.snapshot.rows(f"select {wanted} from ({layers.sql}) order by row_no")
    return [row[0] if len(row) == 1 else row for row in rows]


def deals(*rows: dict[str, Any], **tables: list[dict[str, Any]]) -> Context:
    """These deals, beside the other tables given."""
    return context_of({"deals": list(rows), **tables})
