"""Judge the texts of a table once.

To look a word up takes longer than all the rest of a check, and several checks ask about the
same texts. So all of them are judged when the first one asks: ``junk_<table>`` holds a row for
every live record with junk in it, and the grade of each of its texts, NULL where it is no junk.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from threading import Lock

import sqlglot
from sqlglot import exp

from checks.context import Context, required_fields
from checks.features.definitions import Feature
from checks.lexicon.junk import JUDGES, PLACEHOLDERS
from connectors.engines.duckdb import identifier, literal
from connectors.model import TABLES, Kind

#: Texts that checks ask about, by table; the required fields of the profile come besides.
_ASKED = {
    "deals": ("name", "type", "stage", "lead_source", "lost_reason", "next_step", "description"),
    "accounts": ("name", "website", "type", "industry", "street", "city", "email", "phone"),
    "contacts": (
        *("name", "first_name", "last_name", "title", "street", "city", "lead_source"),
        *("email", "phone", "mobile"),
    ),
    "leads": (
        *("name", "first_name", "last_name", "company", "title", "street", "city", "lead_source"),
        *("email", "phone", "mobile"),
    ),
}
#: Columns in which few texts stand on many records: their distinct texts are judged.
_REPEATED = frozenset(
    {
        *("type", "stage", "status", "lead_source", "lost_reason", "next_step", "industry"),
        *("title", "city", "country", "first_name"),
    }
)
#: Two measures may ask at once, and one of them judges for both.
_JUDGING = Lock()
#: What a judgement reads in ``junk_<table>``, by its name.
_VERDICTS = {"junk_grade": "{}", "strong_junk": "{} = 2"}
_ALIAS = "junk"


def junk_relation(context: Context, table: str) -> str:
    """Return the relation ``(row_no, <grades>)`` of the records with junk in a text."""
    relation = f"junk_{table}"
    with _JUDGING:
        if relation not in context.shared:
            _judge(context, table, relation)
            context.shared[relation] = True
    return relation


def is_junk(context: Context, table: str, column: str) -> str:
    """Return the condition that a text of ``record`` is strong junk: never NULL."""
    relation = junk_relation(context, table)
    return f"record.row_no in (select row_no from {relation} where {identifier(column)} = 2)"


def looked_up(context: Context, table: str, features: Iterable[Feature]) -> list[Feature]:
    """Return the features with every judgement of a text looked up, not computed."""
    judged = set(_judged(context, table))
    return [_looking_up(context, feature, judged) for feature in features]


def _looking_up(context: Context, feature: Feature, judged: set[str]) -> Feature:
    calls = {
        call: template
        for call in feature.tree.find_all(exp.Anonymous)
        if (template := _verdict(call, feature.table, judged))
    }
    if not calls:
        return feature

    def verdict(node: exp.Expr) -> exp.Expr:
        if (template := _verdict(node, feature.table, judged)) is None:
            return node
        grade = f"coalesce({_ALIAS}.{identifier(node.expressions[0].name)}, 0)"
        return sqlglot.parse_one(f"({template.format(grade)})", read="duckdb")

    joins = {**feature.joins, _ALIAS: _join(context, feature.table)}
    return replace(feature, tree=feature.tree.transform(verdict), joins=joins)


def _verdict(node: exp.Expr, table: str, judged: set[str]) -> str | None:
    """Return what a judgement of one judged text of the table reads; None for anything else."""
    if not isinstance(node, exp.Anonymous) or len(node.expressions) != 1:
        return None
    text = node.expressions[0]
    if not isinstance(text, exp.Column) or text.table != table or text.name not in judged:
        return None
    judge = JUDGES.get(text.name)
    verdicts = {judge: _VERDICTS["strong_junk"]} if judge else _VERDICTS
    return verdicts.get(node.name.lower())


def _join(context: Context, table: str) -> exp.Join:
    select = sqlglot.parse_one(
        f"SELECT 1 FROM {table} LEFT JOIN {junk_relation(context, table)} AS {_ALIAS} "
        f"ON {_ALIAS}.row_no = {table}.row_no",
        read="duckdb",
    )
    join: exp.Join = select.args["joins"][0]
    return join


def _judged(context: Context, table: str) -> list[str]:
    """Return the columns whose texts are judged."""
    required = required_fields(context, table)
    labels = [
        *(*required.critical, *required.from_first_third, *required.important, *required.other),
        *(label for labels in required.by_stage.values() for label in labels),
    ]
    names = [name.strip() for label in labels for name in label.split("|")]
    readable = [name for name in names if _is_readable(context, table, name)]
    return [
        name
        for name in dict.fromkeys((*_ASKED.get(table, ()), *readable))
        if name not in TABLES[table] or TABLES[table][name].kind is Kind.TEXT
    ]


def _is_readable(context: Context, table: str, name: str) -> bool:
    return context.snapshot.capabilities.column(table, name).observable


def _judge(context: Context, table: str, relation: str) -> None:
    """Pick the texts that resemble junk, grade each distinct one, and note who holds them."""
    columns = _judged(context, table)
    readable = [name for name in columns if _is_readable(context, table, name)]
    repeated = [name for name in readable if name in _REPEATED]
    suspects = _create_suspects(context, table, readable, repeated)
    graded = f"graded_{table}"
    context.snapshot.run(
        f"create or replace temp table {graded} as select * from ("
        f"select field, value, {_grade()} as grade from "
        f"(select field, value, junk_grade(value) as grade from "
        f"(select distinct field, value from {suspects}))) where grade > 0"
    )
    holders = [f"select row_no, field, grade from {suspects} join {graded} using (field, value)"]
    holders += [
        f"select record.row_no, field, grade from {table} record join {graded} "
        f"on field = {literal(name)} and record.{identifier(name)} = value where record.is_live"
        for name in repeated
    ]
    grades = "".join(
        f", max(grade) filter (field = {literal(name)}) as {identifier(name)}" for name in columns
    )
    context.snapshot.run(
        f"create or replace table {relation} as select row_no{grades} "
        f"from ({' union all '.join(holders)}) where row_no is not null group by row_no"
    )


def _create_suspects(
    context: Context, table: str, readable: Sequence[str], repeated: Sequence[str]
) -> str:
    """Create ``(field, row_no, value)`` of what resembles junk; no row number where it repeats."""
    suspects, texts = f"suspects_{table}", f"texts_{table}"
    nothing = "select '' as field, '' as value where false"
    distinct = [
        f"select distinct {literal(name)} as field, {identifier(name)} as value "
        f"from {table} where is_live and {identifier(name)} is not null"
        for name in repeated
    ]
    context.snapshot.run(
        f"create or replace temp table {texts} as {' union all '.join(distinct) or nothing}"
    )
    found = [
        f"select field, cast(null as bigint) as row_no, value from {texts} "
        "where resembles_junk(value)"
    ]
    found += [
        f"select {literal(name)}, row_no, {identifier(name)} from {table} "
        f"where is_live and ({_resemblance(name)})"
        for name in readable
        if name not in repeated
    ]
    context.snapshot.run(f"create or replace temp table {suspects} as {' union all '.join(found)}")
    return suspects


def _resemblance(column: str) -> str:
    """Return the condition that the text of a column may be junk."""
    alike = f"resembles_junk({identifier(column)})"
    judge = JUDGES.get(column)
    return f"{alike} or {PLACEHOLDERS[judge]}({identifier(column)})" if judge else alike


def _grade() -> str:
    """Return the grade of a ``value``, from what it is graded whatever the field."""
    cases = " ".join(
        f"when field = {literal(field)} then if(grade > 0 or {PLACEHOLDERS[judge]}(value), 2, 0)"
        for field, judge in JUDGES.items()
    )
    return f"case {cases} else grade end"
