"""Checks of how people differ, on records that are empty, all alike, or of one person."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from checks.results import State
from tests.checks.shipped_checks import OF_DIFFERENCES
from tests.checks.teams import audit, stages_of, team, users_of, with_probabilities, with_sources

#: All but the index, which only sums the others up.
ALL = sorted(OF_DIFFERENCES - {"comparability-index"})


def full(**how: int) -> pd.DataFrame:
    return with_probabilities(with_sources(team(**how), []), [])


@pytest.mark.parametrize("check_id", ALL)
def test_nobody_and_nothing_is_not_observable(check_id: str) -> None:
    deals = full().iloc[:0]
    _, judged = audit(check_id, deals, users=users_of(full()), stages=stages_of(full()))
    assert judged.state is State.NOT_OBSERVABLE


@pytest.mark.parametrize("check_id", ALL)
@pytest.mark.parametrize("state", ["open", "won"])
def test_a_crm_where_everything_is_open_or_closed_breaks_nothing(check_id: str, state: str) -> None:
    deals = full()
    deals = deals[deals["state"] == state]
    found, judged = audit(check_id, deals, stages=stages_of(full()))
    assert found.reason != "error"
    assert judged.state in (State.ABSENT, State.INCONCLUSIVE, State.NOT_OBSERVABLE)


@pytest.mark.parametrize("check_id", ALL)
def test_one_rep_alone_is_never_called_healthy(check_id: str) -> None:
    _, judged = audit(check_id, full(reps=1, each=120))
    assert judged.state in (State.INCONCLUSIVE, State.NOT_OBSERVABLE)


@pytest.mark.parametrize("check_id", ALL)
def test_owners_and_columns_that_are_empty_break_nothing(check_id: str) -> None:
    deals = full()
    deals["owner_id"] = deals["owner_id"].where(np.arange(len(deals)) % 3 != 0, None)
    for column in ("pipeline", "stage", "amount", "close_date", "created_at"):
        deals[column] = deals[column].where(np.arange(len(deals)) % 4 != 1, None)
    found, _ = audit(check_id, deals, users=users_of(full()), stages=stages_of(full()))
    assert found.reason != "error"


@pytest.mark.parametrize(
    ("check_id", "column"),
    [
        ("field-completion-spread", ("deals", "contact_id")),
        ("picklist-dump", ("deals", "lost_reason")),
        ("stage-dialect", ("field_history", "changed_at")),
        ("definition-spread", ("leads", "is_converted")),
    ],
)
def test_what_was_looked_at_in_part_names_what_the_other_part_needs(
    check_id: str, column: tuple[str, str]
) -> None:
    found, judged = audit(check_id, full(each=90))
    assert column in found.missing
    assert not judged.whole
