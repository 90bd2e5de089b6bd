"""Put the features that the checks of a table need into one query.

The query is built in layers: the table with its joins, then the features that read only these,
then the features built on features. Each is computed once, whoever reads it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlglot import exp

from checks.context import Context
from checks.events.relations import relation
from checks.features.definitions import Feature, FeatureSet, own_columns
from checks.features.predicates import to_sql, value_literal
from checks.features.texts import looked_up
from connectors.engines.duckdb import identifier
from connectors.model import TABLES


@dataclass(frozen=True)
class Layers:
    """A query over one table, with one row a record.

    Attributes:
        sql: Yields ``row_no``, ``record_id``, ``owner_id``, and every feature and column asked
            for under the name that ``name`` gives.
        features: The features that it yields.
    """

    table: str
    sql: str
    features: frozenset[str]

    def name(self, wanted: str) -> str:
        """Return the quoted name of a feature, or else of a column of the table."""
        return identifier(wanted if wanted in self.features else f"{self.table}.{wanted}")


def compose(context: Context, features: FeatureSet, names: Iterable[str]) -> Layers:
    """Return the query that yields the features and columns named.

    Args:
        context: The snapshot decides which columns exist; the day and the window are its.
        features: Definitions in force for the table.
        names: Features, canonical columns, or source columns that no canonical one claims.
    """
    wanted = list(names)
    computed = looked_up(context, features.table, features.closure(wanted))
    for name in dict.fromkeys(name for feature in computed for name in feature.events):
        relation(context, name)
    columns = {name for name in wanted if name not in features} | {"is_live"}
    columns |= {column for feature in computed for column in _read(feature, features.table)}
    sql = _ground(context, features.table, sorted(columns), computed)
    for layer in _by_depth(computed, features):
        expressions = ",\n  ".join(
            f"{_rewritten(context, feature)} AS {identifier(feature.name)}" for feature in layer
        )
        sql = f"SELECT *,\n  {expressions}\nFROM ({sql})"
    return Layers(features.table, sql, frozenset(feature.name for feature in computed))


def on_columns(context: Context, features: FeatureSet, condition: str | exp.Expr) -> str | None:
    """Return a condition in the columns of the table alone; None if it needs more than a record.

    Args:
        context: The day and the window are its.
        features: Definitions in force for the table.
        condition: A feature, or an expression over features and columns.
    """
    tree = exp.column(condition) if isinstance(condition, str) else condition
    spelled = _spelled(features, tree)
    return None if spelled is None else to_sql(_filled_in(context, spelled))


def _spelled(features: FeatureSet, tree: exp.Expr) -> exp.Expr | None:
    spelled = exp.Paren(this=tree.copy())
    for column in own_columns(spelled):
        if column.table:
            continue
        if column.name in features:
            feature = features[column.name]
            meant = None if feature.joins else _spelled(features, feature.tree)
            if meant is None:
                return None
            column.replace(meant)
        else:
            column.set("this", exp.to_identifier(column.name, quoted=True))
            column.set("table", exp.to_identifier(features.table))
    return spelled


def placeholders(context: Context) -> dict[str, exp.Expr]:
    """Return what ``$as_of`` and ``$window_start`` stand for in features."""
    as_of = value_literal(context.as_of)
    months = value_literal(context.profile.window_months)
    return {
        "as_of": as_of,
        "window_start": exp.Anonymous(this="months_before", expressions=[as_of.copy(), months]),
    }


def _read(feature: Feature, table: str) -> set[str]:
    return {c.name for c in own_columns(feature.tree) if c.table == table}


def _ground(context: Context, table: str, columns: list[str], features: list[Feature]) -> str:
    """Select the columns of the table and of the joins, under names that cannot collide."""
    joins: dict[str, exp.Join] = {}
    joined: dict[tuple[str, str], None] = {}
    for feature in features:
        joins.update(feature.joins)
        for column in own_columns(feature.tree):
            if column.table in feature.joins:
                joined[column.table, column.name] = None
    selected = [_identity(table)]
    selected += [
        f"{table}.{identifier(name)} AS {identifier(f'{table}.{name}')}" for name in columns
    ]
    selected += [
        f"{identifier(alias)}.{identifier(name)} AS {identifier(f'{alias}.{name}')}"
        for alias, name in joined
    ]
    clauses = "".join(f"\n{to_sql(_filled_in(context, join))}" for join in joins.values())
    return f"SELECT {', '.join(selected)}\nFROM {identifier(table)}{clauses}"


def _identity(table: str) -> str:
    owner = f"{table}.owner_id" if "owner_id" in TABLES[table] else "CAST(NULL AS VARCHAR)"
    return f"{table}.row_no AS row_no, {table}.id AS record_id, {owner} AS owner_id"


def _by_depth(features: list[Feature], of: FeatureSet) -> list[list[Feature]]:
    depth: dict[str, int] = {}
    for feature in features:
        depth[feature.name] = 1 + max(
            (depth[name] for name in feature.uses if name in of), default=0
        )
    return [
        [feature for feature in features if depth[feature.name] == level]
        for level in sorted(set(depth.values()))
    ]


def _rewritten(context: Context, feature: Feature) -> str:
    tree = _filled_in(context, feature.tree)
    for column in own_columns(tree):
        name = f"{column.table}.{column.name}" if column.table else column.name
        column.set("table", None)
        column.set("this", exp.to_identifier(name, quoted=True))
    return to_sql(tree)


def _filled_in(context: Context, tree: exp.Expr) -> exp.Expr:
    """Return a copy with values in place of placeholders."""
    if not tree.find(exp.Placeholder):
        return tree.copy()
    values = placeholders(context)

    def filled(node: exp.Expr) -> exp.Expr:
        return values[str(node.this)].copy() if isinstance(node, exp.Placeholder) else node

    return tree.transform(filled)
