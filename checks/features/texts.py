"""Judge each distinct text once.

To look a word up takes longer than all the rest of a check, and most texts of a CRM repeat:
stages, reasons, "call back". So the texts of the records that are asked about are made
distinct, judged, and joined back to the records.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import sqlglot
from sqlglot import exp

from checks.features.definitions import Feature, FeatureSet
from checks.features.predicates import Predicate, to_sql
from connectors.engines.duckdb import identifier
from connectors.model import TABLES, Kind


def reads_judgements(features: FeatureSet, names: Iterable[str]) -> bool:
    """Return whether any feature among those named, or beneath them, judges a text."""
    return any(
        _is_judgement(call, features.table)
        for feature in features.closure(names)
        for call in feature.tree.find_all(exp.Anonymous)
    )


def judge_texts_once(features: FeatureSet, populations: Iterable[Predicate]) -> FeatureSet:
    """Return the features with every judgement of a text column looked up, not computed.

    Args:
        features: Definitions in force for a table.
        populations: Populations of the checks that read such judgements. The text of a record
            in none of them may stay unjudged, as if it were empty.
    """
    asked = _condition(features, populations)
    return features.including(
        _looking_up(feature, asked)
        for feature in features.features.values()
        if any(_is_judgement(call, features.table) for call in feature.tree.find_all(exp.Anonymous))
    )


def _is_judgement(node: exp.Expr, table: str) -> bool:
    """Return whether a node judges one text column of the table, and reads nothing else."""
    if not isinstance(node, exp.Anonymous) or "junk" not in node.name.lower():
        return False
    column = node.expressions[0]
    if len(node.expressions) != 1 or not isinstance(column, exp.Column) or column.table != table:
        return False
    return column.name not in TABLES[table] or TABLES[table][column.name].kind is Kind.TEXT


def _condition(features: FeatureSet, populations: Iterable[Predicate]) -> str:
    """Return, on columns alone, the condition that a record is in one of the populations."""
    inlined = [_inlined(features, population.tree) for population in populations]
    if any(tree is None for tree in inlined):
        return "is_live"
    return " OR ".join(dict.fromkeys(f"({to_sql(tree)})" for tree in inlined if tree is not None))


def _inlined(features: FeatureSet, tree: exp.Expr) -> exp.Expr | None:
    """Return a condition with features spelled out; None if one needs more than the record."""
    copy = exp.Paren(this=tree.copy())
    for column in list(copy.find_all(exp.Column)):
        if column.table:
            continue
        if column.name not in features:
            column.set("table", exp.to_identifier(features.table))
            continue
        feature = features[column.name]
        spelled = _inlined(features, feature.tree)
        if feature.joins or spelled is None or reads_judgements(features, [feature.name]):
            return None
        column.replace(spelled)
    return copy


def _looking_up(feature: Feature, asked: str) -> Feature:
    joins = dict(feature.joins)

    def looked_up(node: exp.Expr) -> exp.Expr:
        if not _is_judgement(node, feature.table):
            return node
        judge, text = node.name.lower(), node.expressions[0].name
        alias = f"{judge}_of_{text}"
        joins[alias] = _join(feature.table, judge, text, alias, asked)
        verdict = f"coalesce({identifier(alias)}.verdict, {judge}(cast(null as varchar)))"
        return sqlglot.parse_one(verdict, read="duckdb")

    return replace(feature, tree=feature.tree.copy().transform(looked_up), joins=joins)


def _join(table: str, judge: str, text: str, alias: str, asked: str) -> exp.Join:
    distinct = f"SELECT DISTINCT {identifier(text)} AS value FROM {table} WHERE {asked}"
    select = sqlglot.parse_one(
        f"SELECT 1 FROM {table} LEFT JOIN "
        f"(SELECT value, {judge}(value) AS verdict FROM ({distinct})) AS {identifier(alias)} "
        f"ON {identifier(alias)}.value = {table}.{identifier(text)}",
        read="duckdb",
    )
    join: exp.Join = select.args["joins"][0]
    return join
