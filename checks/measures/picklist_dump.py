"""Lists on which somebody always picks the same value, while the others use the whole list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from checks.context import Context
from checks.events.relations import relation, unseen
from checks.measurement import Measurement, not_observable
from checks.measures.answers import AnswersByRep, tabulate
from checks.measures.compared_fields import columns_of_the_source
from checks.measures.comparing import FEWEST_RECORDS
from checks.measures.people import count_people, rule_people
from checks.results import GroupStat
from checks.rows.flags import members_relation
from checks.spec import CheckSpec
from checks.statistics.divergence import corrected_entropy
from checks.statistics.significance import adjusted
from connectors.engines.duckdb import identifier

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]

_LISTS = ("lead_source", "lost_reason")
_MOST_COLUMNS, _FIRST_RECORDS = 15, 20_000
_FEWEST_VALUES, _MOST_VALUES = 3, 50
#: Somebody dumps who picks one value so often, while the others pick it no more than that.
_DUMPED_FROM, _OTHERS_UP_TO, _FEWEST_OTHERS = 0.80, 0.40, 2
#: The others use the list if their answers hold this share of the most they could hold.
_USED_FROM = 0.50
#: Where favourites differ from person to person, the list says whose territory it is.
_ONE_FAVOURITE = 0.75
_SURE = 0.01


@dataclass(frozen=True)
class Habit:
    """How one person fills in one list: filled records, the commonest answer, how often it is."""

    rep: str
    records: int
    favourite: str
    share: float


def picklist_dump(context: Context, spec: CheckSpec) -> Measurement:
    """Measure how many reps always pick one value of a list that their colleagues use.

    ``n`` counts the reps compared and ``k`` those who do so in at least one list.
    """
    missing = unseen(context, "reps", "deal_strata")
    if missing:
        return missing
    columns = _short_lists(context)
    if not columns:
        return not_observable("no_vocabulary")
    habits = _habits(context, spec, columns)
    dumping = {
        column: _who_dumps(_answers(context, spec, column), favourites)
        for column, of_column in habits.items()
        if (favourites := _dumped_into(of_column))
    }
    reps = {one.rep for of_column in habits.values() for one in of_column}
    people = {rep for found in dumping.values() for rep in found}
    return Measurement(
        owners=count_people(reps, people, anybody=_anybody(context, spec)),
        missing=tuple(("deals", name) for name in _LISTS if not _is_there(context, name)),
        groups=tuple(
            _group(column, of_column, dumping.get(column, set()))
            for column, of_column in habits.items()
            if of_column
        ),
        counts_people=True,
        ruling=rule_people(len(reps), len(people)),
    )


def _is_there(context: Context, name: str) -> bool:
    return context.snapshot.capabilities.column("deals", name).observable


def _short_lists(context: Context) -> list[str]:
    """Return the columns of deals whose first records hold few values."""
    names = [name for name in _LISTS if _is_there(context, name)]
    names += columns_of_the_source(context)
    if not names:
        return []
    counts = ", ".join(f"count(distinct {identifier(name)})" for name in names)
    (row,) = context.snapshot.rows(f"select {counts} from deals where row_no <= {_FIRST_RECORDS}")
    few = [
        n for n, count in zip(names, row, strict=True) if _FEWEST_VALUES <= count <= _MOST_VALUES
    ]
    return few[:_MOST_COLUMNS]


def _anybody(context: Context, spec: CheckSpec) -> bool:
    """Return whether there is any deal of a rep to look at."""
    return bool(context.snapshot.rows(f"select 1 from {members_relation(spec)} limit 1"))


def _habits(context: Context, spec: CheckSpec, columns: list[str]) -> dict[str, list[Habit]]:
    """Return how people with enough filled records fill in each list; one scan for all lists."""
    names = [identifier(column) for column in columns]
    listed, sets = ", ".join(names), ", ".join(f"(rep, {name})" for name in names)
    rows = context.snapshot.rows(
        "select which, rep, sum(records), arg_max(answer, (records, answer)), "
        "max(records) / sum(records) from ("
        f"select rep, grouping({listed}) as which, coalesce({listed}) as answer, "
        f"count(*) as records from {members_relation(spec)} "
        f"join {relation(context, 'deal_strata')} using (row_no) group by grouping sets ({sets})"
        f") where answer is not null group by all having sum(records) >= {FEWEST_RECORDS} "
        "order by all"
    )
    # Each bit says that a column is not grouped by; the first column is the highest bit.
    nothing = 2 ** len(columns) - 1
    habits: dict[str, list[Habit]] = {column: [] for column in columns}
    for which, rep, records, favourite, share in rows:
        column = columns[len(columns) - int(nothing ^ which).bit_length()]
        habits[column].append(Habit(rep, int(records), favourite, float(share)))
    return habits


def _dumped_into(habits: Sequence[Habit]) -> list[str]:
    """Return the values that somebody picks nearly always; none where each has one of his own."""
    favourites = Counter(one.favourite for one in habits if one.share >= _DUMPED_FROM)
    if not favourites or max(favourites.values()) < _ONE_FAVOURITE * favourites.total():
        return []
    return sorted(favourites)


def _answers(context: Context, spec: CheckSpec, column: str) -> AnswersByRep:
    rows = context.snapshot.rows(
        f"select stratum_by_stage, rep, {identifier(column)} as answer, count(*) "
        f"from {members_relation(spec)} join {relation(context, 'deal_strata')} using (row_no) "
        "where answer is not null group by all order by all"
    )
    return tabulate(rows).of_enough()


def _who_dumps(answers: AnswersByRep, favourites: Sequence[str]) -> set[str]:
    """Return who picks a value again and again that the others, on like work, hardly need."""
    found = np.zeros(len(answers.reps), dtype=bool)
    for value in favourites:
        found |= _who_dumps_into(answers, answers.answers.index(value))
    return {rep for rep, is_dumping in zip(answers.reps, found, strict=True) if is_dumping}


def _who_dumps_into(answers: AnswersByRep, value: int) -> Flags:
    from scipy.special import bdtrc

    records = answers.counts.sum(axis=2)
    n, k = records.sum(axis=0), answers.counts[:, :, value].sum(axis=0)
    dumping = np.asarray(k >= _DUMPED_FROM * n)
    others = answers.counts[:, ~dumping, :].sum(axis=1)
    by_answer = others.sum(axis=0)
    used = float(corrected_entropy(by_answer)) / np.log2(max(2, (by_answer > 0).sum()))
    too_few = (~dumping).sum() < _FEWEST_OTHERS or not by_answer.sum()
    if too_few or used < _USED_FROM or by_answer[value] > _OTHERS_UP_TO * by_answer.sum():
        return np.zeros_like(dumping)
    of_stratum = others.sum(axis=1)
    # Where no colleague does like work, nothing speaks against a rep.
    chance = np.where(of_stratum > 0, others[:, value] / np.maximum(1, of_stratum), 1.0)
    expected = (records * chance[:, None]).sum(axis=0) / np.maximum(1, n)
    p = np.where(dumping, bdtrc(k - 1, n, np.clip(expected, 0, 1)), 1.0)
    return np.asarray(dumping & (np.array(adjusted(p.tolist())) <= _SURE))


def _group(column: str, habits: Sequence[Habit], dumping: set[str]) -> GroupStat:
    """Return how many filled records of a list come from people who dump into it."""
    n = sum(one.records for one in habits)
    k = sum(one.records for one in habits if one.rep in dumping)
    key = f"deals.{column}"
    return GroupStat(dimension="column", key=key, label=key, n_eligible=n, k_defect=k, rate=k / n)
