"""One answer written in several ways: "SaaS", "saas", "Saas "; "Industrie", "Indutrie".

Values are taken together by their folded form and by typing errors; all but the commonest
spelling of a cluster are variants.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from checks.context import Context, hits_relation, population_relation
from checks.lexicon.words import fold
from checks.measurement import Measurement, not_observable
from checks.measures.examined import Members, eligible_relation, measured, rate_of, span
from checks.spec import CheckSpec
from connectors.engines.duckdb import identifier, literal
from connectors.model import RECORD_TABLES, TABLES, Kind

#: Text columns that name one record each, or are written freely: no vocabulary to share.
_FREE = frozenset(
    {
        *("name", "first_name", "last_name", "company", "website", "email", "phone", "mobile"),
        *("street", "postal_code", "siren", "siret", "vat_number"),
        *("next_step", "description"),
    }
)
_TABLES = tuple(table for table in RECORD_TABLES if table != "activities")

_FEWEST_RECORDS = 100
_FEWEST_VALUES, _MOST_VALUES = 2, 200
#: More spellings than this are no vocabulary, whatever folding makes of them.
_MOST_SPELLINGS = 4 * _MOST_VALUES
_LONGEST_VALUE = 80
#: So many records usually tell a vocabulary from names and sentences.
_FIRST_RECORDS = 20_000

#: Typing errors: how short a value may be, and how much commoner the right one must be; less for
#: one wrong letter in a long word, for hardly two long words differ by so little.
_SHORTEST, _LONG, _RATIO, _RATIO_OF_LONG = 5, 10, 10, 5
_SHOWN_COLUMNS = 30


@dataclass(frozen=True)
class Column:
    """The variants of one column.

    Attributes:
        members: The records of its table.
        records: Records with an answer.
        junk: Values that are none: they have a check of their own.
        usual: Commonest spelling of its cluster, for each spelling that is not.
        variants: Records whose spelling is not the commonest.
    """

    members: Members
    name: str
    records: int
    junk: tuple[str, ...]
    usual: dict[str, str]
    variants: int

    @property
    def table(self) -> str:
        """Its table."""
        return self.members.table

    @property
    def sql(self) -> str:
        """Its value, of a ``record``."""
        return f"record.{identifier(self.name)}"

    @property
    def answered(self) -> str:
        """The condition that a ``record`` has an answer there."""
        told = f"{self.sql} <> ''"
        return (
            f"{told} and {self.sql} not in ({', '.join(map(literal, self.junk))})"
            if self.junk
            else told
        )

    @property
    def rate(self) -> float:
        """Share of the records whose spelling is not the commonest."""
        return self.variants / self.records


def value_variant(context: Context, spec: CheckSpec) -> Measurement:
    """Measure the column with the highest share of variants; the others are in the groups.

    All variants of all columns are listed, those of the worst column with ``counted`` true.
    """
    columns = [
        column
        for members in span(context, spec, _TABLES)
        for column in _vocabularies(context, members)
    ]
    if not columns:
        return _unmeasured(context, spec)
    columns.sort(key=lambda column: (-column.rate, column.table, column.name))
    worst = columns[0]
    _create_hits(context, spec, [column for column in columns if column.usual], worst)
    context.snapshot.run(
        f"create or replace view {eligible_relation(spec)} as select row_no, record_id, owner_id "
        f"from ({worst.members.select()} where {worst.answered})"
    )
    groups = [
        rate_of("column", f"{column.table}.{column.name}", column.records, column.variants)
        for column in columns[:_SHOWN_COLUMNS]
    ]
    return measured(context, spec, groups=groups, counted="counted")


def usual_spellings(counts: dict[str, int]) -> dict[str, str]:
    """Return, for each spelling that is not the commonest of its cluster, the commonest.

    Args:
        counts: Records by spelling.
    """
    folded: dict[str, dict[str, int]] = defaultdict(dict)
    for spelling, count in counts.items():
        folded[fold(spelling)][spelling] = count
    weight = {form: sum(spellings.values()) for form, spellings in folded.items()}
    meant = _mistyped(weight)
    clusters: dict[str, dict[str, int]] = defaultdict(dict)
    for form, spellings in folded.items():
        clusters[meant.get(form, form)].update(spellings)
    usual = {}
    for spellings in clusters.values():
        commonest = min(spellings, key=lambda spelling: (-spellings[spelling], spelling))
        usual.update({one: commonest for one in spellings if one != commonest})
    return usual


def _mistyped(weight: dict[str, int]) -> dict[str, str]:
    """Return the form that is meant, for each folded form that is one typing error away."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cdist

    forms = sorted((f for f in weight if len(f) >= _SHORTEST), key=lambda f: (-weight[f], f))
    if len(forms) < 2:
        return {}
    distances = cdist(forms, forms, scorer=OSA.distance, score_cutoff=2)
    meant: dict[str, str] = {}
    for position, form in enumerate(forms):
        for other_position, other in enumerate(forms[:position]):
            is_long = min(len(form), len(other)) >= _LONG
            wrong = distances[position][other_position]
            ratio = _RATIO_OF_LONG if is_long and wrong == 1 else _RATIO
            if (
                wrong <= (2 if is_long else 1)
                and weight[other] >= ratio * weight[form]
                and other not in meant
                and _may_be_one_word(form, other)
            ):
                meant[form] = other
                break
    return meant


def _may_be_one_word(one: str, other: str) -> bool:
    """Tell typing errors from "Segment A" and "Segment B", "qualified" and "unqualified"."""
    numbered = [[c for c in text if c.isdigit()] for text in (one, other)]
    lettered = [[word for word in text.split() if len(word) == 1] for text in (one, other)]
    negated = one.endswith(other) or other.endswith(one)
    return numbered[0] == numbered[1] and lettered[0] == lettered[1] and not negated


def _vocabularies(context: Context, members: Members) -> Iterator[Column]:
    """Yield the columns of a table that hold a vocabulary, with their variants."""
    names = _of_few_values(context, members.table, _candidates(context, members.table))
    for name, (counts, junk) in _spellings(context, members, names).items():
        if _is_vocabulary(counts):
            usual = usual_spellings(counts)
            variants = sum(counts[spelling] for spelling in usual)
            yield Column(members, name, sum(counts.values()), tuple(junk), usual, variants)


def _spellings(
    context: Context, members: Members, names: list[str]
) -> dict[str, tuple[dict[str, int], list[str]]]:
    """Return the records by spelling, and junk, of each column with few enough spellings."""
    counted = " union all ".join(
        f"(select {position} as position, {identifier(name)} as spelling, count(*) as records "
        f"from {members.relation} where {identifier(name)} <> '' group by spelling "
        f"qualify count(*) over () <= {_MOST_SPELLINGS})"
        for position, name in enumerate(names)
    )
    found: dict[str, tuple[dict[str, int], list[str]]] = {name: ({}, []) for name in names}
    if counted:
        for position, spelling, records, is_junk in context.snapshot.rows(
            f"select *, strong_junk(spelling) from ({counted}) order by position, spelling"
        ):
            answers, junk = found[names[position]]
            if is_junk:
                junk.append(spelling)
            else:
                answers[spelling] = records
    return found


def _of_few_values(context: Context, table: str, names: list[str]) -> list[str]:
    """Return the columns whose first records do not show too many values already."""
    if not names:
        return []
    counts = ", ".join(f"count(distinct {identifier(name)})" for name in names)
    (row,) = context.snapshot.rows(
        f"select {counts} from {identifier(table)} where row_no <= {_FIRST_RECORDS}"
    )
    return [name for name, count in zip(names, row, strict=True) if count <= _MOST_SPELLINGS]


def _candidates(context: Context, table: str) -> list[str]:
    """Return the readable text columns of a table that may hold a vocabulary."""
    capabilities = context.snapshot.capabilities
    names = []
    for (of_table, name), availability in capabilities.columns.items():
        if of_table != table or not availability.observable or name in _FREE:
            continue
        if name not in TABLES[table] or TABLES[table][name].kind is Kind.TEXT:
            names.append(name)
    texts = {
        name
        for name, kind in context.snapshot.rows(
            f"select name, type from pragma_table_info({literal(table)})"
        )
        if kind == "VARCHAR"
    }
    return sorted(name for name in names if name in texts)


def _is_vocabulary(counts: dict[str, int]) -> bool:
    """Tell words that people choose among from codes, identifiers, numbers and sentences."""
    forms = {fold(spelling) for spelling in counts}
    if sum(counts.values()) < _FEWEST_RECORDS:
        return False
    if not _FEWEST_VALUES <= len(forms) <= _MOST_VALUES:
        return False
    codes = sum(any(c.isdigit() for c in value) and " " not in value for value in counts)
    return 2 * codes < len(counts) and max(map(len, counts)) <= _LONGEST_VALUE


def _create_hits(context: Context, spec: CheckSpec, columns: list[Column], worst: Column) -> None:
    spelled = [
        (position, spelling, usual)
        for position, column in enumerate(columns)
        for spelling, usual in column.usual.items()
    ]
    parts = [
        column.members.select(
            f"{literal(column.name)} as field",
            f"{column.sql} as value",
            f"{position} as position",
            f"{'true' if column is worst else 'false'} as counted",
        )
        for position, column in enumerate(columns or [worst])
    ]
    context.snapshot.run(
        f"create or replace table {hits_relation(spec)} as "
        "select row_no, record_id, table_name, field, value, usual, counted, owner_id "
        f"from ({' union all '.join(parts)}) join (select unnest($positions) as position, "
        "unnest($spellings) as value, unnest($usual) as usual) using (position, value) "
        "order by position, value, abs(row_no)",
        {
            "positions": [position for position, _, _ in spelled],
            "spellings": [spelling for _, spelling, _ in spelled],
            "usual": [usual for _, _, usual in spelled],
        },
    )


def _unmeasured(context: Context, spec: CheckSpec) -> Measurement:
    (examined,) = context.snapshot.rows(f"select count(*) from {population_relation(spec)}")
    if examined[0] == 0:
        return not_observable("nobody_to_examine")
    return not_observable("no_vocabulary")
