"""Features: named columns derived from the canonical ones, each defined once, in SQL.

A file ``features/<table>_<purpose>.sql`` is one ``SELECT ... AS name FROM <table>`` with the
left joins and sub-queries it needs; ``records`` stands for every record table. It may read
relations of ``checks.events`` like tables: they are laid out first, and their needs are its own.
Comment lines on top say what it is for, and where the source columns read off the SQL are not the
whole truth:

* ``-- name needs one of: a.b, c.d & c.e`` - any one of them is enough;
* ``-- name can do without: a.b`` - read where supplied, never missed;
* ``-- name needs supplied: accounts`` - the table itself, not one derived from names;
* ``-- name unknown everywhere: code`` - why a check is not observable when no record has it;
* ``-- name doubtful with: inbox`` - a relation that, where it has rows, makes a guess of it.

Several files may define one name: the first, in the order of their names, whose sources are
supplied is used. An unqualified name is a feature if there is one, else a column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources

import sqlglot
from sqlglot import exp

from checks.events import relations as events
from connectors.model import RECORD_TABLES, TABLES
from connectors.snapshot import Availability, Capabilities

SourceColumn = tuple[str, str]
#: One of these sets of columns has to be observable as a whole.
Need = tuple[frozenset[SourceColumn], ...]

#: Columns that every snapshot fills by itself.
ENGINE_COLUMNS = frozenset({"row_no", "is_live", "state"})
_STATE_SOURCES: Need = tuple(
    frozenset({("deals", name)}) for name in ("is_closed", "is_won", "status", "stage", "state")
)
_EVERY_TABLE = "records"
_RULE = re.compile(
    r"-- (?P<name>\w+) (?P<rule>needs one of|can do without|needs supplied|unknown everywhere"
    r"|doubtful with): (?P<value>.+)"
)


@dataclass(frozen=True)
class Feature:
    """One derived column.

    Attributes:
        table: Table it belongs to.
        name: Its name in predicates and lists.
        tree: Its expression; columns are qualified by table or join, features are not.
        joins: The joins that the expression reads, by alias.
        uses: Features that the expression reads.
        needs: Source columns that it cannot be computed without, ``uses`` not included.
        supplied: Tables that must have been supplied, not derived.
        unknown_reason: Why no record at all may have it, or None.
        doubts: Relations of events whose rows are reasons to doubt it.
        events: Relations of events that it reads.
        follows: Whether the needs of ``uses`` are needs of this feature too.
    """

    table: str
    name: str
    tree: exp.Expr
    joins: Mapping[str, exp.Join] = field(default_factory=dict)
    uses: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    supplied: frozenset[str] = frozenset()
    unknown_reason: str | None = None
    doubts: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    follows: bool = True

    def is_computable(self, capabilities: Capabilities) -> bool:
        """Return whether its own sources are observable."""
        return all(
            capabilities.table(table) is Availability.SUPPLIED for table in self.supplied
        ) and all(is_met(need, capabilities) for need in self.needs)


@dataclass(frozen=True)
class FeatureSet:
    """The features of one table as a snapshot allows them, one definition a name."""

    table: str
    features: Mapping[str, Feature]

    def __contains__(self, name: object) -> bool:
        return name in self.features

    def __getitem__(self, name: str) -> Feature:
        return self.features[name]

    def including(self, features: Iterable[Feature]) -> FeatureSet:
        """Return a set with more features, or with others under the same names."""
        added = {feature.name: feature for feature in features}
        return replace(self, features={**self.features, **added})

    def closure(self, names: Iterable[str]) -> list[Feature]:
        """Return the features among ``names`` and all they build on, foundations first."""
        found: dict[str, Feature] = {}

        def visit(name: str) -> None:
            if name in self.features and name not in found:
                for used in self.features[name].uses:
                    visit(used)
                found[name] = self.features[name]

        for name in names:
            visit(name)
        return list(found.values())

    def needs(self, names: Iterable[str]) -> list[Need]:
        """Return what the features and columns named need, features followed to columns."""
        needs: dict[Need, None] = {}
        for name in names:
            if name not in self.features:
                needs.update(dict.fromkeys(_needs_of_columns(self.table, {name})))
                continue
            feature = self.features[name]
            needs.update(dict.fromkeys(feature.needs))
            if feature.follows:
                needs.update(dict.fromkeys(self.needs(feature.uses)))
        return list(needs)


def is_met(need: Need, capabilities: Capabilities) -> bool:
    """Return whether one alternative of a need is observable as a whole."""
    return any(
        all(capabilities.column(*column).observable for column in columns) for columns in need
    )


def feature_names(table: str) -> frozenset[str]:
    """Return the names of all features of a table, whatever a snapshot supplies."""
    return frozenset(_definitions(table))


def features_of(table: str, capabilities: Capabilities) -> FeatureSet:
    """Return the features of a table, each by the first definition that can be computed."""
    definitions = _definitions(table)

    def is_computable(feature: Feature) -> bool:
        return feature.is_computable(capabilities) and all(
            any(is_computable(way) for way in definitions.get(used, ())) for used in feature.uses
        )

    return FeatureSet(
        table,
        {
            name: next((one for one in ways if is_computable(one)), _any_way(ways))
            for name, ways in definitions.items()
        },
    )


@cache
def parse_feature(table: str, name: str, sql: str) -> Feature:
    """Return a feature that no file defines, for example one made from a profile.

    Args:
        table: Table it belongs to.
        name: Its name.
        sql: Expression; columns of the table must be qualified by it, other names are features.
    """
    tree = sqlglot.parse_one(sql, read="duckdb")
    read = {column.name for column in tree.find_all(exp.Column) if not column.table}
    return Feature(table, name, tree, uses=tuple(sorted(read)), follows=False)


def _any_way(ways: list[Feature]) -> Feature:
    """Return the first definition, needing the columns of any one of them."""
    if len(ways) == 1:
        return ways[0]
    alternatives = tuple(
        frozenset(column for need in way.needs if need != _STATE_SOURCES for column in need[0])
        for way in ways
    )
    return replace(ways[0], needs=(alternatives,))


@cache
def _definitions(table: str) -> dict[str, list[Feature]]:
    own = [file for file in _files() if file.table == table]
    shared = [file.for_table(table) for file in _files() if file.table == _EVERY_TABLE]
    names = {name for file in own for name in file.expressions}
    if table in RECORD_TABLES:
        own += [file.without(names) for file in shared]
        names |= {name for file in shared for name in file.expressions}
    definitions: dict[str, list[Feature]] = {}
    for file in own:
        for feature in file.features(names):
            definitions.setdefault(feature.name, []).append(feature)
    return definitions


@dataclass(frozen=True)
class _FeatureFile:
    table: str
    expressions: Mapping[str, exp.Expr]
    joins: Mapping[str, exp.Join]
    rules: tuple[tuple[str, str, str], ...]

    def for_table(self, table: str) -> _FeatureFile:
        rules = tuple(
            (name, rule, value.replace(f"{_EVERY_TABLE}.", f"{table}."))
            for name, rule, value in self.rules
        )
        return replace(self, table=table, rules=rules)

    def without(self, names: set[str]) -> _FeatureFile:
        kept = {name: tree for name, tree in self.expressions.items() if name not in names}
        return replace(self, expressions=kept)

    def features(self, feature_names: set[str]) -> Iterator[Feature]:
        for name, expression in self.expressions.items():
            tree = expression.copy()
            uses = _qualify(tree, self.table, feature_names - {name}, set(self.joins))
            read = {c.table for c in own_columns(tree)} & set(self.joins)
            joins = {alias: join for alias, join in self.joins.items() if alias in read}
            yield Feature(
                table=self.table,
                name=name,
                tree=tree,
                joins=joins,
                uses=uses,
                needs=tuple(self._needs(name, tree, joins)),
                supplied=frozenset(self._listed(name, "needs supplied")),
                unknown_reason=next(iter(self._listed(name, "unknown everywhere")), None),
                doubts=tuple(self._listed(name, "doubtful with")),
                events=_events_in(tree, *joins.values()),
            )

    def _needs(self, name: str, tree: exp.Expr, joins: Mapping[str, exp.Join]) -> Iterator[Need]:
        optional = set(_columns(self._listed(name, "can do without")))
        groups = self._listed(name, "needs one of")
        if groups:
            alternatives = tuple(frozenset(_columns(group.split(" & "))) for group in groups)
            optional |= {column for columns in alternatives for column in columns}
            yield alternatives
        names = {c.name for c in own_columns(tree) if c.table == self.table}
        sources = [(self.table, column) for column in sorted(names - {"id"})]
        for select in (*joins.values(), *tree.find_all(exp.Select)):
            sources += _sources_of(select, self.table)
        sources += events.needs(*_events_in(tree, *joins.values()))
        for source in dict.fromkeys(sources):
            if source not in optional:
                yield from _needs_of_columns(source[0], {source[1]})

    def _listed(self, name: str, rule: str) -> list[str]:
        return [
            part.strip()
            for of, kind, value in self.rules
            if (of, kind) == (name, rule)
            for part in value.split(",")
        ]


@cache
def _files() -> tuple[_FeatureFile, ...]:
    folder = resources.files(__package__ or "checks.features")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return tuple(_parse_file(file.read_text("utf-8")) for file in files)


def _parse_file(text: str) -> _FeatureFile:
    select = sqlglot.parse_one(text, read="duckdb")
    assert isinstance(select, exp.Select)  # noqa: S101 - our own files, covered by a test
    rules = (rule for line in text.splitlines() if (rule := _RULE.fullmatch(line)))
    return _FeatureFile(
        table=select.args["from_"].this.name,
        expressions={one.alias: one.this for one in select.expressions},
        joins={join.alias_or_name: join for join in select.args.get("joins") or []},
        rules=tuple((rule["name"], rule["rule"], rule["value"]) for rule in rules),
    )


def own_columns(tree: exp.Expr) -> list[exp.Column]:
    """Return the columns that an expression reads off its record, not those of its sub-queries."""
    return [column for column in tree.find_all(exp.Column) if not column.find_ancestor(exp.Select)]


def _qualify(
    tree: exp.Expr, table: str, feature_names: set[str], aliases: set[str]
) -> tuple[str, ...]:
    """Qualify what is no feature by its table, and return the features that are read."""
    used = set()
    for column in own_columns(tree):
        if column.table in aliases:
            continue
        if not column.table and column.name in feature_names:
            used.add(column.name)
        else:
            column.set("table", exp.to_identifier(table))
    return tuple(sorted(used))


def _sources_of(tree: exp.Expr, table: str) -> list[SourceColumn]:
    """Return the canonical columns that a join or sub-query reads, with what is nested in it."""
    sources = []
    for column in tree.find_all(exp.Column):
        select = column.find_ancestor(exp.Select)
        tables = [t.name for t in _tables_of(select)] if select else [table]
        owner = column.table or (tables[0] if len(tables) == 1 else "")
        is_state = (owner, column.name) == ("deals", "state")
        if is_state or (owner in TABLES and column.name in TABLES[owner]):
            sources.append((owner, column.name))
    return sources


def _events_in(*trees: exp.Expr) -> tuple[str, ...]:
    """Return the relations of events that expressions and joins read, by name."""
    read = {table.name for tree in trees for table in tree.find_all(exp.Table)}
    return tuple(sorted(read & set(events.events())))


def _tables_of(select: exp.Select) -> list[exp.Table]:
    parts = [select.args.get("from_"), *(select.args.get("joins") or [])]
    return [part.this for part in parts if part is not None and isinstance(part.this, exp.Table)]


def _columns(names: Iterable[str]) -> Iterator[SourceColumn]:
    for name in names:
        table, column = name.strip().split(".")
        yield table, column


def _needs_of_columns(table: str, names: Iterable[str]) -> Iterator[Need]:
    for name in sorted(names):
        if (table, name) == ("deals", "state"):
            yield _STATE_SOURCES
        elif name not in ENGINE_COLUMNS:
            yield (frozenset({(table, name)}),)
