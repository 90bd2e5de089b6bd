"""All row checks of a table in one scan: who is examined by which check, and who fails it.

Three-valued logic decides: a population that is NULL is not examined, and a defect that is
NULL is what the check says under ``nulls``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from checks.context import Context, hits_relation, population_relation, slug
from checks.features.composing import Layers, compose
from checks.features.definitions import FeatureSet
from checks.features.predicates import Predicate, parse_predicate
from checks.features.texts import judge_texts_once, reads_judgements
from checks.spec import CheckSpec
from connectors.engines.duckdb import identifier, literal

_WINDOW, _STAGE = "in_window", "stage"


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
    """

    spec: CheckSpec
    population: Predicate
    defect: Predicate | None
    uncollected_stages: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()

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


def create_flags(context: Context, features: FeatureSet, checks: Sequence[RowCheck]) -> None:
    """Create ``examined_<table>`` in one scan, and each check's population and hits on it.

    Args:
        context: The audit.
        features: Definitions in force for the table.
        checks: Checks whose columns are observable.
    """
    table = features.table
    features = _judging_texts_once(features, checks)
    shown = sorted({name for check in checks for name in check.shown(features)})
    names = {*shown, *(name for check in checks for name in check.asked() | check.read_by_defect)}
    stage = {_STAGE} if table == "deals" else set()
    layers = compose(context, features, sorted(names | stage))
    kept = [*map(identifier, shown), *(f"{layers.name(name)} AS {name}" for name in stage)]
    outcomes = [outcome for check in checks for outcome in _outcomes(check, layers)]
    selected = ",\n  ".join(["row_no", "record_id", "owner_id", *kept, *outcomes])
    context.snapshot.run(
        f"create or replace temp table outcomes_{table} as\nselect {selected}\nfrom ({layers.sql})"
    )
    names_kept = [*map(identifier, shown), *stage]
    flags = [flag for check in checks for flag in _flags(check)]
    context.snapshot.run(
        f"create or replace temp view {examined_relation(table)} as select "
        f"{', '.join(['row_no', 'record_id', 'owner_id', *names_kept, *flags])} "
        f"from outcomes_{table}"
    )
    for check in checks:
        _create_views(context, table, check)


def _judging_texts_once(features: FeatureSet, checks: Sequence[RowCheck]) -> FeatureSet:
    asking = [
        check.population
        for check in checks
        if reads_judgements(features, check.read | check.shown(features))
    ]
    return judge_texts_once(features, asking) if asking else features


def _outcomes(check: RowCheck, layers: Layers) -> Iterable[str]:
    """Yield who is asked (``p_``), who would be but for the window (``o_``), who fails (``f_``)."""
    collected = ""
    if check.uncollected_stages:
        stages = ", ".join(literal(stage) for stage in check.uncollected_stages)
        collected = f" AND NOT coalesce({layers.name(_STAGE)} IN ({stages}), FALSE)"
    yield f"{check.eligible(layers)}{collected} AS p_{check.slug}"
    if check.defect is None:
        return
    yield f"{check.failing(layers)} AS f_{check.slug}"
    if check.spec.window:
        outside = f"NOT {layers.name(_WINDOW)} AND {check.in_population(layers)}"
        yield f"coalesce({outside}, FALSE){collected} AS o_{check.slug}"


def _flags(check: RowCheck) -> Iterable[str]:
    name = check.slug
    if check.defect is None:
        yield f"p_{name} AS e_{name}"
        return
    seen = f" AND f_{name} IS NOT NULL" if check.sees_gaps else ""
    fails = f"coalesce(f_{name}, {'TRUE' if check.spec.nulls == 'defect' else 'FALSE'})"
    if check.sees_gaps:
        yield f"p_{name}"
    yield f"p_{name}{seen} AS e_{name}"
    yield f"p_{name} AND {fails} AS d_{name}"
    if check.spec.window:
        yield f"o_{name}{seen} AS stock_e_{name}"
        yield f"o_{name} AND {fails} AS stock_d_{name}"


def _create_views(context: Context, table: str, check: RowCheck) -> None:
    source = examined_relation(table)
    context.snapshot.run(
        f"create or replace temp view {population_relation(check.spec)} as "
        f"select row_no, record_id, owner_id from {source} where e_{check.slug}"
    )
    if check.defect is not None:
        context.snapshot.run(
            f"create or replace temp view {hits_relation(check.spec)} as "
            f"select row_no, record_id from {source} where d_{check.slug}"
        )
