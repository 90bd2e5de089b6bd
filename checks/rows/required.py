"""Required fields: from the profile's lists to a record's score, its defect and what it lacks.

A record fails when a critical field is empty, junk or invalid, or when its weighted share of
valid fields is below 0.7 (weights 3, 2 and 1, and 0.5 for a field that stages seem to require
and nobody has confirmed). A field that was not exported, or that nobody
fills, is left out of the requirement: it cannot speak against a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from checks.context import Context, required_fields
from checks.features.composing import Layers
from checks.features.definitions import Feature, FeatureSet, SourceColumn, is_met, parse_feature
from checks.lexicon.junk import JUDGES
from checks.profile import RequiredFields
from checks.results import ConfigurationFinding, GroupStat
from checks.rows.collected import Demand, Uncollected
from checks.rows.learned_fields import LearnedField, learn_fields, to_confirm
from connectors.engines.duckdb import identifier, literal
from connectors.model import TABLES, Kind

#: Features that a table has as soon as the profile requires fields of it.
FEATURES = frozenset({"required_defect", "required_missing"})

#: Doubled, so that a field that was only learned weighs half of the lightest.
_CRITICAL, _IMPORTANT, _OTHER, _LEARNED = 6, 4, 2, 1
_DAYS = (Kind.DATE, Kind.STAMP)


@dataclass(frozen=True)
class RequiredField:
    """One entry of the profile: a field, or several of which one is enough.

    Attributes:
        label: As the profile writes it, for example ``email | phone``.
        columns: Those of its columns that are observable.
        critical: Condition under which it is critical, in SQL.
        weight: Its weight where it is not critical; 0 if it is not demanded then.
        demanded: Condition under which it has that weight, in SQL.
    """

    label: str
    columns: tuple[str, ...]
    critical: str
    weight: int
    demanded: str = "TRUE"


@dataclass(frozen=True)
class Requirement:
    """What the records of a table must hold, as far as this export can tell.

    Attributes:
        table: Table concerned.
        fields: Observable fields, in the order of the profile.
        left_out: Labels of the fields that cannot be observed.
        missing: Columns that would make a critical field observable, if none is.
        findings: Learned fields, to be confirmed.
    """

    table: str
    fields: tuple[RequiredField, ...]
    left_out: tuple[str, ...]
    missing: tuple[SourceColumn, ...]
    findings: tuple[ConfigurationFinding, ...] = ()

    def features(self, uncollected: Mapping[str, Uncollected]) -> list[Feature]:
        """Return the features of this requirement, without fields that are not collected."""
        made = []
        for number, field in enumerate(self.fields):
            weight = self._weight(field, uncollected.get(field.label, Uncollected()))
            made.append(self._feature(f"required_weight_{number}", weight))
            made.append(self._feature(f"required_valid_{number}", self._valid(field)))
            demanded = f"required_weight_{number} > 0"
            made.append(self._feature(f"required_demanded_{number}", demanded))
            lacking = f"required_demanded_{number} AND NOT required_valid_{number}"
            made.append(self._feature(f"required_lacking_{number}", lacking))
        made.append(self._feature("required_defect", self._defect()))
        made.append(self._feature("required_missing", self._missing()))
        return made

    def counted(self) -> tuple[str, ...]:
        """Return the features that ``group_stats`` counts, two a field."""
        return tuple(
            f"required_{part}_{number}"
            for number in range(len(self.fields))
            for part in ("demanded", "lacking")
        )

    def demands(self, layers: Layers, eligible: str) -> list[Demand]:
        """Return, for each field, who must hold it and who has anything in it."""
        return [
            Demand(
                field.label,
                f"({eligible}) AND {layers.name(f'required_demanded_{number}')}",
                " OR ".join(f"{layers.name(column)} IS NOT NULL" for column in field.columns),
            )
            for number, field in enumerate(self.fields)
        ]

    def read(self) -> list[str]:
        """Return the columns and features that ``demands`` read."""
        demanded = [f"required_demanded_{number}" for number in range(len(self.fields))]
        return [*demanded, *(column for field in self.fields for column in field.columns)]

    def group_stats(self, context: Context, counted: str, eligible: str) -> tuple[GroupStat, ...]:
        """Return how many of the records that must hold a field do not, field by field.

        Args:
            context: The audit.
            counted: Relation of ``records`` by what ``counted`` names.
            eligible: The flag in it of who is examined.
        """
        if not self.fields:
            return ()
        sums = ", ".join(
            f"coalesce(sum(records) filter ({eligible} and {name}), 0)" for name in self.counted()
        )
        (row,) = context.snapshot.rows(f"select {sums} from {counted}")
        return tuple(
            GroupStat(
                dimension="field",
                key=field.label,
                label=field.label,
                n_eligible=demanded,
                k_defect=lacking,
                rate=lacking / demanded,
            )
            for field, demanded, lacking in zip(self.fields, row[::2], row[1::2], strict=True)
            if demanded
        )

    def _feature(self, name: str, sql: str) -> Feature:
        return parse_feature(self.table, name, sql)

    def _column(self, name: str) -> str:
        return f"{self.table}.{identifier(name)}"

    def _weight(self, field: RequiredField, uncollected: Uncollected) -> str:
        if uncollected.everywhere:
            return "0"
        weight = (
            f"CASE WHEN {field.critical} THEN {_CRITICAL} "
            f"WHEN {field.demanded} THEN {field.weight} ELSE 0 END"
        )
        if uncollected.stages:
            stages = ", ".join(literal(stage) for stage in uncollected.stages)
            weight = (
                f"CASE WHEN coalesce(deals.stage IN ({stages}), FALSE) THEN 0 ELSE {weight} END"
            )
        return weight

    def _valid(self, field: RequiredField) -> str:
        return " OR ".join(self._is_valid(column) for column in field.columns)

    def _is_valid(self, name: str) -> str:
        """Return the condition that a column holds an answer: never NULL."""
        column, kind = self._column(name), _kind(self.table, name)
        if kind is Kind.MONEY:
            return f"(coalesce({column} > 0, FALSE) AND NOT strong_junk_number({column}))"
        if kind in _DAYS:
            return f"({column} IS NOT NULL AND NOT strong_junk_day({column}, $as_of))"
        if kind is Kind.TEXT:
            return f"(is_filled({column}) AND NOT {JUDGES.get(name, 'strong_junk')}({column}))"
        return f"({column} IS NOT NULL)"

    def _defect(self) -> str:
        numbers = range(len(self.fields))
        critical = " OR ".join(
            f"(required_weight_{n} = {_CRITICAL} AND NOT required_valid_{n})" for n in numbers
        )
        held = " + ".join(
            f"CASE WHEN required_valid_{n} THEN required_weight_{n} ELSE 0 END" for n in numbers
        )
        demanded = " + ".join(f"required_weight_{n}" for n in numbers)
        return f"{critical} OR 10 * ({held}) < 7 * ({demanded})" if self.fields else "FALSE"

    def _missing(self) -> str:
        labels = ", ".join(
            f"CASE WHEN required_lacking_{n} THEN {literal(field.label)} END"
            for n, field in enumerate(self.fields)
        )
        return f"CASE WHEN required_defect THEN concat_ws(', ', {labels}) END" if labels else "NULL"


def requirement_of(context: Context, features: FeatureSet) -> Requirement:
    """Return what the profile and the CRM require of a table, as far as the export can tell."""
    table = features.table
    listed = required_fields(context, table)
    order_known = "past_first_third" in features and all(
        is_met(need, context.snapshot.capabilities) for need in features.needs(["past_first_third"])
    )
    critical = (*listed.critical, *(listed.from_first_third if order_known else ()))
    by_stage = [label for labels in listed.by_stage.values() for label in labels]
    labels = dict.fromkeys((*critical, *by_stage, *listed.important, *listed.other))
    fields, left_out = [], []
    for label in labels:
        columns = tuple(_observable(context, table, label))
        if columns:
            condition = _critical_condition(listed, label, order_known)
            fields.append(RequiredField(label, columns, condition, _weight_of(listed, label)))
        else:
            left_out.append(label)
    demanded = {field.label for field in fields} & {*critical, *by_stage}
    missing = () if demanded else tuple(_columns(table, critical))
    learned = _learned(context, features, [*labels, *listed.optional]) if order_known else []
    return Requirement(
        table,
        (*fields, *_learned_fields(learned)),
        tuple(left_out),
        missing,
        tuple(to_confirm(context, learned)),
    )


def _learned(context: Context, features: FeatureSet, labels: Iterable[str]) -> list[LearnedField]:
    return learn_fields(context, features, [name for _, name in _columns("deals", labels)])


def _learned_fields(learned: Iterable[LearnedField]) -> Iterator[RequiredField]:
    """Yield each learned field once, demanded in the pipelines in which it was learned."""
    conditions: dict[str, list[str]] = {}
    for field in learned:
        conditions.setdefault(field.column, []).append(field.condition())
    for column, alternatives in conditions.items():
        demanded = f"coalesce({' OR '.join(alternatives)}, FALSE)"
        yield RequiredField(column, (column,), "FALSE", _LEARNED, demanded)


def _critical_condition(listed: RequiredFields, label: str, order_known: bool) -> str:
    if label in listed.critical:
        return "TRUE"
    conditions = []
    if order_known and label in listed.from_first_third:
        conditions.append("past_first_third")
    stages = [literal(stage) for stage, labels in listed.by_stage.items() if label in labels]
    if stages:
        conditions.append(f"coalesce(deals.stage IN ({', '.join(stages)}), FALSE)")
    return " OR ".join(conditions) or "FALSE"


def _weight_of(listed: RequiredFields, label: str) -> int:
    if label in listed.important:
        return _IMPORTANT
    return _OTHER if label in listed.other else 0


def _observable(context: Context, table: str, label: str) -> Iterable[str]:
    return [
        name
        for _, name in _columns(table, [label])
        if context.snapshot.capabilities.column(table, name).observable
    ]


def _columns(table: str, labels: Iterable[str]) -> list[SourceColumn]:
    return [(table, name.strip()) for label in labels for name in label.split("|")]


def _kind(table: str, name: str) -> Kind:
    """Return what a column holds; source columns that nothing claims are texts."""
    return TABLES[table][name].kind if name in TABLES[table] else Kind.TEXT
