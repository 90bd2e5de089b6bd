"""Fields that some fill and others leave empty, on the same kind of deal."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from checks.measurement import Measurement
from checks.results import State
from tests.checks.teams import HALF, audit, owners, team, users_of


def emptied(
    deals: pd.DataFrame, reps: list[str], share: float, *fields: str, seed: int = 1
) -> pd.DataFrame:
    """Empty fields on a share of the deals of some reps."""
    for number, field in enumerate(fields):
        hit = deals["owner_id"].isin(reps)
        hit &= np.random.default_rng(1000 + seed + number).random(len(deals)) < share
        deals = deals.assign(**{field: deals[field].where(~hit, None)})
    return deals


def fields(found: Measurement) -> set[str]:
    return {group.key for group in found.groups if group.dimension == "field"}


# --- field-completion-spread


def test_two_fields_that_half_of_the_reps_leave_empty_are_a_way_of_working() -> None:
    deals = emptied(team(), HALF, 0.6, "next_step", "account_id")
    found, judged = audit("field-completion-spread", deals)
    assert judged.state is State.PRESENT
    assert judged.severity is not None and judged.severity >= 0.5
    assert judged.probability is not None and judged.probability > 0.95
    assert (found.k_defect, found.n_eligible) == (2, 2)
    assert found.metric is not None and 25 < (found.metric.value or 0) < 40
    assert owners(found) == sorted(owners(found))


def test_a_rep_is_shown_beside_what_like_work_makes_expected() -> None:
    found, _ = audit("field-completion-spread", emptied(team(), HALF, 0.6, "next_step"))
    shown = {group.key: group for group in found.groups if group.dimension == "owner"}
    idle, busy = shown["u00"], shown["u07"]
    assert idle.rate is not None and idle.hi is not None and idle.rate > idle.hi
    assert busy.rate is not None and busy.lo is not None and busy.rate < busy.lo
    assert idle.expected == pytest.approx(0.3, abs=0.08)


def test_one_field_alone_only_emerges() -> None:
    deals = emptied(team(), HALF, 0.6, "next_step")
    found, judged = audit("field-completion-spread", deals)
    assert judged.state is State.EMERGING
    assert found.k_defect == 1


def test_a_field_that_everybody_leaves_empty_as_often_is_no_difference() -> None:
    everybody = sorted(set(team()["owner_id"]))
    deals = emptied(team(each=100), everybody, 0.5, "next_step", "account_id")
    _, judged = audit("field-completion-spread", deals)
    assert judged.state is State.ABSENT


def test_whose_deals_are_of_another_kind_fills_other_fields_and_that_is_healthy() -> None:
    rng = np.random.default_rng(5)
    false_alarms = 0
    for seed in range(8):
        deals = team(reps=8, each=80, seed=seed)
        # Four reps do mostly renewals, on which nobody needs a next step or a contact.
        chance = np.where(deals["owner_id"].isin(HALF), 0.85, 0.15)
        renewal = rng.random(len(deals)) < chance
        deals["type"] = np.where(renewal, "Renewal", "New business")
        idle = rng.random(len(deals)) < np.where(renewal, 0.8, 0.1)
        deals["next_step"] = deals["next_step"].where(~idle, None)
        other = rng.random(len(deals)) < np.where(renewal, 0.7, 0.1)
        deals["account_id"] = deals["account_id"].where(~other, None)
        _, judged = audit("field-completion-spread", deals)
        false_alarms += judged.state is State.PRESENT
    assert false_alarms == 0


def test_a_column_of_the_export_is_compared_and_one_of_the_crm_itself_is_not() -> None:
    deals = team()
    half = deals["owner_id"].isin(HALF)
    deals["Budget"] = np.where(half & (deals.index % 3 == 0), "yes", None)
    deals["LastViewedDate"] = deals["Budget"]
    deals["Never used"] = None
    found, _ = audit("field-completion-spread", deals)
    assert "Budget" in fields(found)
    assert not fields(found) & {"LastViewedDate", "Never used"}


def test_new_hires_are_not_compared() -> None:
    deals = emptied(team(), ["u00", "u01"], 1.0, "next_step", "account_id")
    users = users_of(deals)
    users["created_at"] = users["created_at"].where(
        ~users["id"].isin(["u00", "u01"]), pd.Timestamp("2026-06-01")
    )
    new = deals["owner_id"].isin(["u00", "u01"])
    deals["created_at"] = deals["created_at"].where(~new, pd.Timestamp("2026-06-10"))
    found, judged = audit("field-completion-spread", deals, users=users)
    assert judged.state is State.ABSENT
    assert not {"u00", "u01"} & set(owners(found))


@pytest.mark.parametrize(
    ("reps", "each", "reason"), [(1, 80, "too_few_reps"), (2, 80, "too_few_reps")]
)
def test_few_people_are_never_healthy(reps: int, each: int, reason: str) -> None:
    deals = emptied(team(reps, each), ["u00"], 0.6, "next_step", "account_id")
    _, judged = audit("field-completion-spread", deals)
    assert judged.state is State.INCONCLUSIVE
    assert judged.reason == reason
    assert judged.severity is None


def test_three_or_four_people_can_emerge_and_not_more() -> None:
    deals = emptied(team(4, 80), ["u00", "u01"], 0.7, "next_step", "account_id")
    _, judged = audit("field-completion-spread", deals)
    assert judged.state is State.EMERGING


def test_few_records_say_what_they_could_have_shown() -> None:
    deals = emptied(team(5, 9), sorted(set(team(5)["owner_id"])), 0.5, "next_step", "account_id")
    _, judged = audit("field-completion-spread", deals)
    assert judged.state is State.INCONCLUSIVE
    assert judged.reason in ("spread_undecided", "spread_invisible")
    assert judged.reason_facts["reps"] == 5


def test_the_list_holds_open_deals_on_which_a_differing_field_is_empty() -> None:
    deals = emptied(team(), HALF, 0.6, "next_step")
    found, _ = audit("field-completion-spread", deals)
    assert found.hits is not None


def test_without_owners_nothing_can_be_compared() -> None:
    deals = team().drop(columns="owner_id")
    found, judged = audit("field-completion-spread", deals, users=users_of(team()))
    assert judged.state is State.NOT_OBSERVABLE
    assert ("deals", "owner_id") in found.missing


def test_renaming_people_changes_no_figure() -> None:
    deals = emptied(team(), HALF, 0.6, "next_step", "account_id")
    renamed = deals.assign(owner_id=deals["owner_id"].map(lambda rep: f"x{99 - int(rep[1:])}"))
    one, other = (audit("field-completion-spread", each)[1] for each in (deals, renamed))
    assert (one.state, one.severity) == (other.state, other.severity)
    assert one.probability == other.probability


# --- private-field


def with_own_fields(deals: pd.DataFrame, people: list[str], count: int) -> pd.DataFrame:
    mine = deals["owner_id"].isin(people)
    values = {f"Own {i}": np.where(mine, "x", None) for i in range(count)}
    return deals.assign(**values)


def test_fields_that_only_some_use_are_private() -> None:
    deals = emptied(team(), sorted(set(team()["owner_id"])), 0.1, "next_step", "account_id")
    found, judged = audit("private-field", with_own_fields(deals, HALF, 2))
    assert judged.state is State.PRESENT
    assert (found.k_defect, found.n_eligible) == (2, 4)
    assert fields(found) == {"Own 0", "Own 1"}


def test_a_single_private_field_only_emerges() -> None:
    deals = emptied(team(), sorted(set(team()["owner_id"])), 0.1, "next_step", "account_id")
    _, judged = audit("private-field", with_own_fields(deals, HALF, 1))
    assert judged.state is State.EMERGING


def test_a_field_that_one_person_alone_uses_is_an_exception_and_not_counted() -> None:
    found, judged = audit("private-field", with_own_fields(team(), ["u00"], 2))
    assert judged.state is State.ABSENT
    assert found.k_defect == 0


def test_a_field_of_one_kind_of_business_belongs_to_that_business() -> None:
    deals = team()
    kind = np.where(deals["owner_id"].isin(HALF), "Tender", "Sale")
    mixed = np.random.default_rng(1).random(len(deals)) < 0.1
    deals["pipeline"] = np.where(mixed, np.where(kind == "Sale", "Tender", "Sale"), kind)
    deals["Tender no"] = np.where(deals["pipeline"] == "Tender", "x", None)
    deals["Jury"] = deals["Tender no"]
    stages = pd.concat(
        pd.DataFrame({"id": f"{name} {i}", "name": f"S{i}", "pipeline": name, "rank": i}, index=[0])
        for name in ("Sale", "Tender")
        for i in range(1, 5)
    )
    _, judged = audit("private-field", deals, stages=stages)
    assert judged.state is State.ABSENT
