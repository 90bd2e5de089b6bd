"""All row checks of a table in one scan: who is examined by which check, and who fails it.

Three-valued logic decides: a population that is NULL is not examined, and a defect that is
NULL is what the check says under ``nulls``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checks.context import Context, hits_relation, population_relation, slug
from checks.features.composing import Layers, compose, on_columns
from checks.features.definitions import FeatureSet
from checks.features.predicates import Predicate, parse_predicate
from checks.rows.outcomes import Outcomes
from checks.spec import CheckSpec
from connectors.engines.duckdb import identifier, literal
from connectors.model import TABLES

_WINDOW, _STAGE = "in_window", "stage"
#: Columns of deals that stay beside their flags: for counts, and for findings.
_OF_DEALS = (_STAGE, "amount")


@dataclass(frozen=True)
class RowCheck:
    """The part of a check that is decided record by record.

    Attributes:
        spec: The check.
        population: Who is examined.
        defect: Who fails; None where a measure or an expectation decides.
        uncollected_stages: Stages whose deals leave the population, because nobody fills the
            field there.
        keeps: Features that are kept beside its flags.
        counts: Features, true or false, that are kept as flags.
    """

    spec: CheckSpec
    population: Predicate
    defect: Predicate | None
    uncollected_stages: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """The check's name in the engine."""
        return slug(self.spec)

    @property
    def read(self) -> frozenset[str]:
        """Columns and features that its predicates read."""
        return self.population.names | self.read_by_defect

    @property
    def read_by_defect(self) -> frozenset[str]:
        """Columns and features that decide who fails."""
        return self.defect.names if self.defect else frozenset()

    @property
    def sees_gaps(self) -> bool:
        """Whether records can leave it because their outcome is unknown."""
        return self.defect is not None and self.spec.nulls == "skip"

    def asked(self) -> frozenset[str]:
        """Return the columns and features that decide who is eligible."""
        return self.population.names | ({_WINDOW} if self.spec.window else frozenset())

    @property
    def read_by_flags(self) -> frozenset[str]:
        """Columns and features that decide who is eligible, and who fails."""
        return self.asked() | self.read_by_defect

    def shown(self, features: FeatureSet) -> frozenset[str]:
        """Return the features that are kept beside its flags, for its list and its groups."""
        listed = (
            *self.spec.worklist.columns,
            *(key.lstrip("-") for key in self.spec.worklist.sort),
        )
        return frozenset(name for name in listed if name in features) | frozenset(self.keeps)

    def eligible(self, layers: Layers) -> str:
        """Return the condition that a record is live, in the population and in the window."""
        inside = f"{layers.name(_WINDOW)} AND " if self.spec.window else ""
        return f"coalesce({inside}{self.in_population(layers)}, FALSE)"

    def in_population(self, layers: Layers) -> str:
        """Return the condition that a record is live and in the population, in any year."""
        return f"{layers.name('is_live')} AND ({self.population.sql(layers.name)})"

    def is_collected(self, stage: str) -> str:
        """Return the condition that its field is asked for in a stage, given as SQL."""
        stages = ", ".join(literal(name) for name in self.uncollected_stages)
        return f"NOT coalesce({stage} IN ({stages}), FALSE)" if stages else "TRUE"

    def failing(self, layers: Layers) -> str:
        """Return the condition that a record fails; NULL where that is unknown."""
        return self.defect.sql(layers.name) if self.defect else "CAST(NULL AS BOOLEAN)"


def row_check(spec: CheckSpec) -> RowCheck:
    """Parse the predicates of a check.

    Raises:
        ConfigurationError: If one of them cannot be accepted.
    """
    return RowCheck(
        spec,
        parse_predicate(spec.population, spec.params, where=spec.id),
        parse_predicate(spec.defect, spec.params, where=spec.id) if spec.defect else None,
    )


def examined_relation(table: str) -> str:
    """Name of the relation that holds the flags of a table."""
    return f"examined_{table}"


def failed_flag(hits: str) -> str:
    """Name of the flag, in ``examined_<table>``, that is true of the hits of a row check."""
    return "d_" + hits.removeprefix("hits_")


def failing_relation(spec: CheckSpec) -> str:
    """Name of the relation of who fails a row check, with all that is kept beside the flags.

    The engine reads every column of ``examined_<table>`` before it knows which are asked for; of
    a list, that takes longer than all else.
    """
    return f"failing_{slug(spec)}"


def counted_relation(table: str) -> str:
    """Name of the relation of how many ``records`` of one owner, and stage, have which flags."""
    return f"counted_{table}"


def members_relation(spec: CheckSpec) -> str:
    """Name of the relation of a population that is no matter of flags: rows of its table."""
    return f"members_{slug(spec)}"


def create_flags(context: Context, features: FeatureSet, checks: Sequence[RowCheck]) -> None:
    """Create ``examined_<table>`` in one scan, and each check's population and hits on it.

    Args:
        context: The audit.
        features: Definitions in force for the table.
        checks: Checks whose columns are observable.
    """
    table = features.table
    members = {check.slug: _members(context, features, check) for check in checks}
    scanned = [check for check in checks if members[check.slug] is None]
    shown = sorted({name for check in checks for name in check.shown(features)})
    counted = sorted({name for check in checks for name in check.counts})
    names = {*shown, *counted, *(name for check in scanned for name in check.read_by_flags)}
    columns = _OF_DEALS if table == "deals" else ()
    layers = compose(context, features, sorted({*names, *columns}))
    outcomes, flags = Outcomes(), dict[str, str]()
    for check in scanned:
        flags |= _flags(check, layers, outcomes)
    flags |= {name: outcomes.holds(outcomes.bit(layers.name(name))) for name in counted}
    _scan(context, layers, shown, columns, outcomes)
    _create_examined(context, table, [*shown, *columns], flags)
    groups = ["owner_id", *(name for name in columns if name == _STAGE)]
    _create_counted(context, table, groups, outcomes, flags)
    for check in checks:
        if check.defect is None:
            by_flag = f"row_no in (select row_no from {_scanned(table)} where {{}})"
            condition = members[check.slug] or by_flag.format(flags[f"e_{check.slug}"])
            lay_out(context, check.spec, condition)
        else:
            _create_views(context, check, flags, [*shown, *columns])


def _scanned(table: str) -> str:
    return f"outcomes_{table}"


def _scan(
    context: Context,
    layers: Layers,
    shown: Sequence[str],
    columns: Sequence[str],
    outcomes: Outcomes,
) -> None:
    selected = [
        *("row_no", "record_id", "owner_id", *map(identifier, shown)),
        *(f"{layers.name(name)} AS {name}" for name in columns),
        *outcomes.columns(),
    ]
    items = ",\n  ".join(selected)
    context.snapshot.run(
        f"create or replace table {_scanned(layers.table)} as\nselect {items}\nfrom ({layers.sql})"
    )


def _create_examined(
    context: Context, table: str, kept: Sequence[str], flags: Mapping[str, str]
) -> None:
    columns = ["row_no", "record_id", "owner_id", *map(identifier, kept), *_named(flags)]
    context.snapshot.run(
        f"create or replace view {examined_relation(table)} as "
        f"select {', '.join(columns)} from {_scanned(table)}"
    )


def _create_counted(
    context: Context,
    table: str,
    groups: Sequence[str],
    outcomes: Outcomes,
    flags: Mapping[str, str],
) -> None:
    counts = f"counts_{table}"
    context.snapshot.run(
        f"create or replace temp table {counts} as "
        f"select {', '.join([*groups, *outcomes.names()])}, count(*) as records "
        f"from {_scanned(table)} group by all"
    )
    context.snapshot.run(
        f"create or replace temp view {counted_relation(table)} as "
        f"select {', '.join([*groups, 'records', *_named(flags)])} from {counts}"
    )


def _named(flags: Mapping[str, str]) -> list[str]:
    return [f"{condition} AS {identifier(name)}" for name, condition in flags.items()]


def _members(context: Context, features: FeatureSet, check: RowCheck) -> str | None:
    """Return the condition of a population that can be read off the columns of a record.

    None where flags decide, or where the condition needs more than the record.
    """
    if check.defect is not None:
        return None
    window = [_WINDOW] if check.spec.window else []
    conditions = [on_columns(context, features, name) for name in window]
    conditions.append(on_columns(context, features, check.population.tree))
    if None in conditions:
        return None
    stage = f"{check.spec.table}.{_STAGE}"
    return " AND ".join(["is_live", *map(str, conditions), check.is_collected(stage)])


def _flags(check: RowCheck, layers: Layers, outcomes: Outcomes) -> dict[str, str]:
    """Return the flags of a check, as conditions on the outcomes of a record.

    They are ``p_`` (asked), ``e_`` (examined: the outcome is seen) and ``d_`` (failed), then
    ``stock_e_`` and ``stock_d_``, the same outside the window.
    """
    name, collected = check.slug, check.is_collected(layers.name(_STAGE))
    asked = outcomes.bit(f"{check.in_population(layers)} AND {collected}")
    inside = outcomes.bit(layers.name(_WINDOW)) if check.spec.window else 0
    if check.defect is None:
        return {f"e_{name}": outcomes.holds(asked | inside)}
    flags, failing, seen = dict[str, str](), check.failing(layers), 0
    fails = f"({failing}) IS DISTINCT FROM FALSE" if check.spec.nulls == "defect" else failing
    failed = outcomes.bit(fails)
    if check.sees_gaps:
        seen = outcomes.bit(f"({failing}) IS NOT NULL")
        flags[f"p_{name}"] = outcomes.holds(asked | inside)
    flags[f"e_{name}"] = outcomes.holds(asked | inside | seen)
    flags[f"d_{name}"] = outcomes.holds(asked | inside | failed)
    if check.spec.window:
        flags[f"stock_e_{name}"] = outcomes.holds(asked | seen, but_not=inside)
        flags[f"stock_d_{name}"] = outcomes.holds(asked | failed, but_not=inside)
    return flags


def lay_out(context: Context, spec: CheckSpec, condition: str) -> None:
    """Create ``members_<slug>`` of the records of a check's table under a condition.

    ``population_<slug>`` is the same with the columns that every population has. Neither is
    temporary: a measure may run beside the others, on a connection of its own.
    """
    members = members_relation(spec)
    owner = "owner_id" if "owner_id" in TABLES[spec.table] else "cast(null as varchar)"
    context.snapshot.run(
        f"create or replace view {members} as "
        f"select * from {identifier(spec.table)} where {condition};"
        f"create or replace view {population_relation(spec)} as "
        f"select row_no, id as record_id, {owner} as owner_id from {members}"
    )


def _create_views(
    context: Context, check: RowCheck, flags: Mapping[str, str], kept: Sequence[str]
) -> None:
    source, failed = _scanned(check.spec.table), flags[f"d_{check.slug}"]
    beside = ", ".join(["row_no", "record_id", "owner_id", *map(identifier, kept)])
    context.snapshot.run(
        f"create or replace view {population_relation(check.spec)} as "
        f"select row_no, record_id, owner_id from {source} where {flags[f'e_{check.slug}']};"
        f"create or replace view {hits_relation(check.spec)} as "
        f"select row_no, record_id from {source} where {failed};"
        f"create or replace view {failing_relation(check.spec)} as "
        f"select {beside} from {source} where {failed}"
    )
