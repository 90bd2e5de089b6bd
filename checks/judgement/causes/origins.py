"""The counts that causes are read from, made on whole columns.

``origins_<table>`` holds the records that findings of a table are about, counted: whose they are,
where they come from, which checks examined and failed them, how many they are, and what they are
worth in average deals. One grouped query a table finds the origins that fail more often than
others; one a finding counts people by the few that remain.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checks.context import Context, hits_relation, population_relation, slug
from checks.judgement.causes.attributes import attributes_of
from checks.judgement.causes.finding import Finding, Level
from checks.judgement.causes.roster import Roster
from checks.judgement.causes.suspects import FEWEST, counted_by_origin, suspicious
from checks.measurement import Measurement
from checks.rows.flags import examined_relation
from checks.spec import CheckSpec
from connectors.engines.duckdb import identifier, literal

#: More values of one origin than these are no few processes.
_MOST_VALUES = 500
#: The amount of a deal in average amounts, up to the 99th percentile; 1 where there is none.
_WORTH = (
    "case when amount > 0 then cast(least(amount, (select high from deal_worth)) "
    "/ (select usual from deal_worth) as decimal(18, 4)) else 1 end"
)


def relations_of(context: Context, spec: CheckSpec) -> tuple[str, ...]:
    """Return the relations of the records that a measure examined, and of those that failed.

    These are the ones that it narrowed, where it did, or else the ones that it was given. Both
    are missing from the answer if one of them does not tell records.
    """
    name = slug(spec)
    wanted = (
        (f"eligible_{name}", population_relation(spec)),
        (f"failed_{name}", hits_relation(spec)),
    )
    rows = context.snapshot.rows(
        "select table_name from information_schema.columns "
        "where column_name = 'row_no' and list_contains($names, table_name)",
        {"names": [relation for pair in wanted for relation in pair]},
    )
    known = {relation for (relation,) in rows}
    found = [next((one for one in pair if one in known), None) for pair in wanted]
    return tuple(one for one in found if one) if all(found) else ()


class Origins:
    """The findings of one table, with where their records come from.

    Args:
        context: The audit.
        table: Table of the findings.
        findings: Their checks and what these counted.
        roster: Who is a person.
    """

    def __init__(
        self,
        context: Context,
        table: str,
        findings: Sequence[tuple[CheckSpec, Measurement]],
        roster: Roster,
    ) -> None:
        self._context = context
        self._table = table
        self._roster = roster
        self._attributes = attributes_of(context, table)
        self._relation = f"origins_{table}"
        self._lay_out([spec for spec, _ in findings])
        self._levels = self._suspicious([spec for spec, _ in findings])

    def finding(self, spec: CheckSpec, measured: Measurement) -> Finding:
        """Return the counts of a finding by person and origin.

        Where the records behind it cannot be told here, as when a check spans two tables, the
        counts are those of the check itself.
        """
        tolerated, name, levels = spec.tolerance.t_lo, slug(spec), self._levels[spec.id]
        places = {one.name: f"a_{place}" for place, one in enumerate(self._attributes)}
        carried = "".join(
            f", coalesce({places[one.attribute]} = {literal(one.value)}, false) as l_{place}"
            for place, one in enumerate(levels)
        )
        rows = self._context.snapshot.rows(
            f"select owner_id{carried}, sum(records), "
            f"coalesce(sum(records) filter (d_{name}), 0), "
            f"coalesce(sum(weight) filter (d_{name}), 0) "
            f"from {self._relation} where e_{name} group by all order by all"
        )
        found = counted_by_origin(self._roster, tolerated, levels, rows)
        plain = self._roster.finding(tolerated, measured)
        same = found.records.sum() == plain.records.sum()
        return found if same and found.defects.sum() == plain.defects.sum() else plain

    def _lay_out(self, specs: Sequence[CheckSpec]) -> None:
        table = identifier(self._table)
        weight = "1"
        if self._table == "deals" and _lay_out_worth(self._context):
            weight = _WORTH
        texts = [place for place, one in enumerate(self._attributes) if one.is_text]
        columns = [f"{table}.owner_id", "count(*) as records", f"sum({weight}) as weight"]
        columns += [f"{one.sql} as a_{place}" for place, one in enumerate(self._attributes)]
        columns += [flag for spec in specs for flag in self._flags(spec)]
        # Texts are trimmed once records are counted: few are left then.
        trimmed = ", ".join(f"filled(a_{place}) as a_{place}" for place in texts)
        source = table
        if any(spec.defect for spec in specs):
            flags = [f"{kind}_{slug(spec)}" for spec in specs if spec.defect for kind in "ed"]
            examined = f"select row_no, {', '.join(flags)} from {examined_relation(self._table)}"
            source = f"{table} left join ({examined}) examined using (row_no)"
        asked = " or ".join(f"e_{slug(spec)}" for spec in specs)
        self._context.snapshot.run(
            f"create or replace temp table {self._relation} as "
            f"select *{f' replace ({trimmed})' if trimmed else ''} from "
            f"(select {', '.join(columns)} from {source} where is_live group by all) where {asked}"
        )

    def _flags(self, spec: CheckSpec) -> Iterator[str]:
        """Yield the flags "examined" and "failed" of a check, as columns."""
        name = slug(spec)
        if spec.defect:
            yield f"coalesce(examined.e_{name}, false) as e_{name}"
            yield f"coalesce(examined.d_{name}, false) as d_{name}"
            return
        number = f"{identifier(self._table)}.row_no"
        eligible, failed = relations_of(self._context, spec)
        yield f"{number} in (select row_no from {eligible}) as e_{name}"
        yield f"{number} in (select row_no from {failed}) as d_{name}"

    def _suspicious(self, specs: Sequence[CheckSpec]) -> dict[str, list[Level]]:
        """Return, by check, the levels whose records fail more often than all others."""
        counts = ", ".join(
            f"coalesce(sum(records) filter ({condition}), 0)"
            for spec in specs
            for condition in (f"e_{slug(spec)}", f"e_{slug(spec)} and d_{slug(spec)}")
        )
        queries = [f"select -1 as attribute, null as value, {counts} from {self._relation}"]
        queries += [
            f"(select {place}, a_{place}, {counts} from {self._relation} "
            f"where a_{place} is not null group by a_{place} having sum(records) >= {FEWEST} "
            f"order by sum(records) desc, a_{place} limit {_MOST_VALUES})"
            for place in range(len(self._attributes))
        ]
        rows = sorted(self._context.snapshot.rows(" union all ".join(queries)), key=lambda r: r[:2])
        (_, _, *totals), *by_level = rows
        levels = [
            Level(self._attributes[row[0]].name, row[1], self._attributes[row[0]].is_process)
            for row in by_level
        ]
        return {
            spec.id: suspicious(
                [
                    (level, row[2 + 2 * place], row[3 + 2 * place])
                    for level, row in zip(levels, by_level, strict=True)
                ],
                totals[2 * place],
                totals[2 * place + 1],
                spec.tolerance.t_lo,
            )
            for place, spec in enumerate(specs)
        }


def _lay_out_worth(context: Context) -> bool:
    """Lay out what an average deal is worth; return whether amounts can be compared at all.

    Amounts of several currencies never are; nor are there amounts to compare without any.
    """
    context.snapshot.run(
        "create or replace temp table deal_worth as select "
        "quantile_disc(amount, 0.99) as high, "
        "cast(avg(least(amount, (select quantile_disc(amount, 0.99) from deals "
        "where is_live and amount > 0))) as decimal(18, 2)) as usual, "
        "count(distinct coalesce(upper(filled(currency)), ?)) as currencies "
        "from deals where is_live and amount > 0",
        [context.profile.currency or ""],
    )
    ((usual, currencies),) = context.snapshot.rows("select usual, currencies from deal_worth")
    return usual is not None and usual > 0 and currencies == 1
