"""The records of one owner out of every list, for a workbook of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from connectors.engines.duckdb import literal
from reports.workbook import Sheet
from reports.worklists import CheckList, lists_of

if TYPE_CHECKING:
    from checks.context import Context
    from checks.measuring import Measured
    from checks.spec import CheckSpec

_OWNER = "owner_id"


def lists_by_owner(
    context: Context, specs: Sequence[CheckSpec], measured: Measured
) -> dict[str, list[CheckList]]:
    """Return, by owner, the lists that hold a record of theirs, cut to these records."""
    found: dict[str, list[CheckList]] = {}
    for one in lists_of(context, specs, measured, redact=False):
        if _OWNER not in (column.name for column in one.query.columns):
            continue
        counted = context.snapshot.rows(
            f"select {_OWNER}, count(*) from ({one.query.sql}) "
            f"where {_OWNER} is not null group by {_OWNER} order by {_OWNER}"
        )
        for owner_id, rows in counted:
            sql = f"select * from ({one.query.sql}) where {_OWNER} = {literal(owner_id)}"
            query = replace(one.query, sql=sql, rows=rows)
            found.setdefault(owner_id, []).append(CheckList(one.spec, query, rows))
    return dict(sorted(found.items()))


def sheets_of_owner(context: Context, lists: Sequence[CheckList], rows: int) -> Iterator[Sheet]:
    """Yield a sheet for each list of an owner, with its first ``rows`` records."""
    for one in lists:
        yield Sheet(one, context.snapshot.rows(f"{one.query.sql} limit {int(rows)}"))
