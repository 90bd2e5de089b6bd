"""The fields of a deal that a person fills or leaves empty, counted by rep on like work."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from checks.context import Context
from checks.events.relations import relation
from checks.features.definitions import ENGINE_COLUMNS
from checks.measures.comparing import Outcome, Question, count_outcomes, whether
from checks.rows.flags import members_relation
from checks.spec import CheckSpec
from connectors.engines.duckdb import identifier, literal
from connectors.model import TABLES, Kind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]

#: Canonical columns that people fill in; the others are set by the CRM, or say what the deal is.
TYPED = (
    *("name", "account_id", "contact_id", "amount", "close_date", "next_step"),
    *("lost_reason", "lead_source", "description"),
)
#: Columns that the CRM writes itself, by the names that the systems give them.
_WRITTEN_BY_SYSTEM = re.compile(
    r"^(hs_|num_|is_|has_|system|last|fiscal|created|modified|is[A-Z]|has[A-Z])|(modstamp|_id|Id)$"
)
#: Source columns that no canonical one claims: so many at most, in the order of the export.
_MOST_SOURCE_COLUMNS = 40
#: A field is not collected where it is filled on no more than that of so many records, or on none
#: of so many records of a stratum.
_LEAST_FILLED = 0.02
_FEWEST_OF_A_TABLE, _FEWEST_OF_A_STRATUM = 50, 20
_AMOUNT = "amount"
#: Strata hold open deals or closed ones, never both.
_IS_OPEN = Question("count(*)", "count(*) filter (state = 'open')")


def count_empty_fields(context: Context, spec: CheckSpec) -> list[Outcome]:
    """Count, field by field, the recent deals on which it is empty.

    Left out is what is not collected: fields that nobody fills, and strata of deals on which
    nobody fills a field.

    Returns:
        One outcome a field, with the field's name; ``k`` counts empty records.
    """
    return [outcome for outcome, _ in _counted(context, spec) if _is_collected(outcome)]


def count_empty_fields_of_open_deals(context: Context, spec: CheckSpec) -> list[Outcome]:
    """Count the same on open deals alone: closing a deal makes many fields due."""
    counted = [outcome.in_strata(is_open) for outcome, is_open in _counted(context, spec)]
    return [outcome for outcome in counted if _is_collected(outcome)]


def _counted(context: Context, spec: CheckSpec) -> list[tuple[Outcome, Flags]]:
    """Return the outcome of each field where it is collected, and which strata are open deals."""
    fields = [*_typed(context), *columns_of_the_source(context)]
    empty = _count_empty(context, spec, [*map(_left_empty, fields), _IS_OPEN])
    summed = [Question(f"sum(n_{place})", f"sum(k_{place})") for place in range(len(fields) + 1)]
    counted: dict[str, tuple[Outcome, Flags]] = {}
    for stratum, names in (
        ("stratum", [field for field in fields if field != _AMOUNT]),
        # Who has no amount must not be compared with those who have none alone.
        ("stratum_by_stage", [field for field in fields if field == _AMOUNT]),
    ):
        if names:
            questions = {field: summed[fields.index(field)] for field in names} | {"": summed[-1]}
            *outcomes, standing = count_outcomes(context, empty, questions, stratum)
            is_open = standing.counts.k.sum(axis=1) > 0
            counted |= {one.name: _where_collected(one, is_open) for one in outcomes}
    return [counted[field] for field in fields]


def _count_empty(context: Context, spec: CheckSpec, questions: Sequence[Question]) -> str:
    """Count the deals of each rep and strata once for every check that looks at the same deals.

    Returns:
        The relation ``stratum, stratum_by_stage, rep``, and ``n_<place>, k_<place>`` of each
        question: on how many deals it is asked, and on how many it is so.
    """
    name = f"empty_{zlib.crc32(f'{spec.population} {spec.window}'.encode())}"
    if name not in context.relations:
        counts = ", ".join(
            f"{one.asked} as n_{place}, {one.so} as k_{place}"
            for place, one in enumerate(questions)
        )
        context.snapshot.run(
            f"create or replace temp table {name} as "
            f"select stratum, stratum_by_stage, rep, {counts} from {members_relation(spec)} "
            f"join {relation(context, 'deal_strata')} using (row_no) group by all"
        )
        context.relations.add(name)
    return name


def unseen_fields(context: Context) -> tuple[tuple[str, str], ...]:
    """Return the fields of deals that people fill in and the export does not show."""
    seen = set(_typed(context))
    return tuple(("deals", name) for name in TYPED if name not in seen)


def is_filled(field: str) -> str:
    """Return the condition that a deal holds something in a field; never NULL."""
    column = identifier(field)
    return f"coalesce({column} > 0, false)" if field == _AMOUNT else f"({column} is not null)"


def _left_empty(field: str) -> Question:
    if field == "lost_reason":
        return whether(f"case when state = 'lost' then not {is_filled(field)} end")
    if field == _AMOUNT:
        return whether(f"not {is_filled(field)}")
    return Question("count(*)", f"count(*) - count({identifier(field)})")


def _typed(context: Context) -> Iterator[str]:
    for name in TYPED:
        if context.snapshot.capabilities.column("deals", name).observable:
            yield name


def columns_of_the_source(context: Context) -> list[str]:
    """Return the first text columns of deals that no canonical column claims."""
    capabilities = context.snapshot.capabilities
    texts = {
        name
        for name, kind in context.snapshot.rows(
            f"select name, type from pragma_table_info({literal('deals')})"
        )
        if kind == Kind.TEXT.engine_type
    }
    names = [
        name
        for (table, name), availability in capabilities.columns.items()
        if table == "deals" and name not in TABLES[table] and availability.observable
    ]
    own = texts - ENGINE_COLUMNS
    typed = [name for name in names if name in own and not _written_by_system(name)]
    return typed[:_MOST_SOURCE_COLUMNS]


def _written_by_system(name: str) -> bool:
    return bool(_WRITTEN_BY_SYSTEM.search(name) or _WRITTEN_BY_SYSTEM.search(name.lower()))


def _where_collected(outcome: Outcome, is_open: Flags) -> tuple[Outcome, Flags]:
    n, k = outcome.counts.n.sum(axis=1), outcome.counts.k.sum(axis=1)
    kept = ~((n >= _FEWEST_OF_A_STRATUM) & (k == n))
    return outcome.in_strata(kept), is_open[kept]


def _is_collected(outcome: Outcome) -> bool:
    records, filled = int(outcome.n.sum()), 1 - outcome.rate
    return records > 0 and (records < _FEWEST_OF_A_TABLE or filled >= _LEAST_FILLED)
