"""Stages used in a way of one's own: where deals stand, which stages they saw, steps back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from checks.results import State
from tests.checks.teams import HALF, audit, owners, stages_of, team

STAGES = ["S1", "S2", "S3", "S4"]


def history_of(deals: pd.DataFrame, skipping: dict[str, str] | None = None) -> pd.DataFrame:
    """What happened to closed deals: through all stages in order, but for what somebody skips.

    Args:
        deals: The deals; all were created after the history begins.
        skipping: The stage that each of some owners leaves out.
    """
    rows = [("gone", None, "S1", pd.Timestamp("2025-01-01"), "u00")]
    closed = deals[deals["state"] != "open"]
    for deal in closed.itertuples():
        skipped = (skipping or {}).get(str(deal.owner_id))
        way = [stage for stage in STAGES if stage != skipped]
        for number, (old, new) in enumerate(zip(way, [*way[1:], deal.stage], strict=True)):
            at = deal.created_at + pd.Timedelta(days=2 * number + 1, hours=deal.Index % 7)
            rows.append((deal.id, old, new, at, deal.owner_id))
    columns = ["record_id", "old_value", "new_value", "changed_at", "user_id"]
    changes = pd.DataFrame(rows, columns=columns)
    return changes.assign(
        id=[f"h{i}" for i in range(len(changes))], table_name="deals", field="stage"
    )


def use(check_id: str, deals: pd.DataFrame, skipping: dict[str, str] | None = None):
    return audit(check_id, deals, field_history=history_of(deals, skipping))


# --- stage-dialect


def dumping(deals: pd.DataFrame, people: list[str]) -> pd.DataFrame:
    mine = deals["owner_id"].isin(people) & (deals["state"] == "open")
    return deals.assign(stage=deals["stage"].where(~mine, "S1"))


def test_half_of_the_team_holding_everything_in_the_first_stage_is_a_dialect() -> None:
    found, judged = audit("stage-dialect", dumping(team(), HALF))
    assert judged.state is State.PRESENT
    assert found.n_eligible == 8
    assert found.k_defect >= 4
    assert found.counts_people
    assert owners(found) == []  # people who differ are counted, not shown


@pytest.mark.parametrize(("reps", "some"), [(8, 2), (12, 3)])
def test_few_people_are_emerging(reps: int, some: int) -> None:
    people = [f"u{i:02}" for i in range(some)]
    found, judged = audit("stage-dialect", dumping(team(reps), people))
    assert judged.state is State.EMERGING
    assert found.k_defect == some


def test_a_team_that_uses_the_stages_alike_has_no_dialect() -> None:
    states = [audit("stage-dialect", team(seed=seed))[1].state for seed in range(12)]
    assert states.count(State.ABSENT) == 12


def test_a_rep_with_deals_of_another_pipeline_speaks_no_dialect() -> None:
    rng = np.random.default_rng(7)
    deals = team(each=80)
    tender = rng.random(len(deals)) < np.where(deals["owner_id"].isin(HALF), 0.8, 0.2)
    early = rng.choice(STAGES, len(deals), p=[0.7, 0.1, 0.1, 0.1])
    open_tender = tender & (deals["state"] == "open")
    deals["pipeline"] = np.where(tender, "Tender", "Sales")
    deals["stage"] = np.where(open_tender, early, deals["stage"])
    _, judged = audit("stage-dialect", deals)
    assert judged.state is State.ABSENT


def test_one_who_leaves_out_a_stage_on_closed_deals_speaks_a_dialect_too() -> None:
    deals = team(each=100)
    found, judged = use("stage-dialect", deals, dict.fromkeys(HALF, "S2"))
    assert judged.state is State.PRESENT
    assert found.metric is not None and (found.metric.value or 0) > 0.01


@pytest.mark.parametrize("reps", [1, 2])
def test_one_or_two_people_have_no_dialect_to_compare(reps: int) -> None:
    _, judged = audit("stage-dialect", team(reps, 80))
    assert (judged.state, judged.reason) == (State.INCONCLUSIVE, "too_few_reps")


# --- skipped-stage


def test_won_deals_that_saw_every_stage_skipped_none() -> None:
    found, judged = use("skipped-stage", team(each=100))
    assert judged.state is State.ABSENT
    assert found.k_defect == 0
    assert found.coverage == 1.0


def test_a_stage_that_one_of_eight_leaves_out_is_counted_deal_by_deal() -> None:
    deals = team(each=100)
    found, _ = use("skipped-stage", deals, {"u03": "S3"})
    won = deals[(deals["state"] == "won") & (deals["owner_id"] == "u03")]
    assert found.k_defect == len(won)
    assert found.ruling is None or found.ruling.state is State.PRESENT


def test_a_stage_that_half_of_the_team_leaves_out_shows_in_how_people_differ() -> None:
    found, judged = use("skipped-stage", team(each=120), dict.fromkeys(HALF, "S3"))
    assert judged.state is State.PRESENT
    assert found.spread is not None and (found.spread.value or 0) > 30


def test_a_stage_that_half_of_the_team_leaves_out_for_good_is_usual_all_the_same() -> None:
    deals = team(each=120)
    found, _ = use("skipped-stage", deals, dict.fromkeys(HALF, "S3"))
    assert found.k_defect == ((deals["state"] == "won") & deals["owner_id"].isin(HALF)).sum()
    most = [f"u{i:02}" for i in range(5)]
    found, _ = use("skipped-stage", deals, dict.fromkeys(most, "S3"))
    assert found.k_defect == 0


@pytest.mark.parametrize("order", ["known", "unknown"])
def test_deals_entered_late_or_at_their_closing_have_checks_of_their_own(order: str) -> None:
    deals = team(each=100)
    won = np.flatnonzero(deals["state"] == "won")
    late, at_once, skips = won[::9], won[1::3], won[2:6:3]
    deals.loc[at_once, "close_date"] = deals.loc[at_once, "created_at"].dt.date
    history = history_of(deals)
    id_of, old, new = deals["id"], history["old_value"], history["new_value"]

    def of(which: np.ndarray) -> pd.Series:
        return history["record_id"].isin(id_of.iloc[which])

    entered = of(late) & ((old == "S1") | (old == "S2"))
    passed = of(at_once) & (old != "S1")
    history.loc[of(at_once) & (old == "S1"), "new_value"] = "won"
    skipped = of(skips) & (new == "S3")
    history.loc[of(skips) & (old == "S3"), "old_value"] = "S2"
    kept = history[~entered & ~passed & ~skipped]
    stages = stages_of(deals)
    if order == "unknown":
        stages = stages.assign(rank=None)
    found, _ = audit("skipped-stage", deals, field_history=kept, stages=stages)
    assert found.k_defect == len(skips)


def test_renewals_and_what_was_imported_skip_nothing() -> None:
    deals = team(each=100)
    deals["type"] = np.where(deals["owner_id"] == "u03", "Renewal", "New business")
    found, judged = use("skipped-stage", deals, {"u03": "S3"})
    assert found.k_defect == 0
    assert judged.state is State.ABSENT


def test_a_history_that_began_late_covers_too_few_deals_to_judge() -> None:
    deals = team(each=100)
    history = history_of(deals)
    late = history[history["changed_at"] >= "2026-05-25"]
    found, judged = audit("skipped-stage", deals, field_history=late)
    assert found.coverage < 0.5
    assert judged.state is State.NOT_OBSERVABLE


def test_without_a_history_nothing_is_known_of_the_way() -> None:
    found, judged = audit("skipped-stage", team())
    assert judged.state is State.NOT_OBSERVABLE
    assert ("field_history", "changed_at") in found.missing


def test_changes_out_of_order_of_strangers_or_of_the_future_break_nothing() -> None:
    deals = team(each=60)
    odd = pd.DataFrame(
        {
            "id": ["x1", "x2", "x3", "x4"],
            "table_name": "deals",
            "record_id": ["nobody", deals["id"][0], deals["id"][1], deals["id"][2]],
            "field": "stage",
            "old_value": ["S1", None, "S4", "S9"],
            "new_value": ["S2", "S7", "S1", None],
            "changed_at": pd.to_datetime(["2026-05-01", "2030-01-01", "1999-01-01", "2026-06-01"]),
            "user_id": [None, "u00", "u99", "u01"],
        }
    )
    history = pd.concat([history_of(deals), odd], ignore_index=True)
    for check_id in ("skipped-stage", "backward-stage-move", "stage-dialect"):
        found, _ = audit(check_id, deals, field_history=history)
        assert found.reason != "error"


# --- backward-stage-move


def with_steps_back(
    deals: pd.DataFrame, share: dict[str, float], user: str | None = None
) -> pd.DataFrame:
    """The history of deals of which a share, by owner, goes back to the first stage once."""
    history = history_of(deals)
    rng = np.random.default_rng(3)
    chance = deals["owner_id"].map(share).fillna(0.0)
    struck = deals[(deals["state"] != "open") & (rng.random(len(deals)) < chance)]
    back = []
    for deal in struck.itertuples():
        there = deal.created_at + pd.Timedelta(days=4)
        back.append((deal.id, "S3", "S1", there, user or deal.owner_id))
        back.append((deal.id, "S1", "S3", there + pd.Timedelta(hours=5), user or deal.owner_id))
    columns = ["record_id", "old_value", "new_value", "changed_at", "user_id"]
    steps = pd.DataFrame(back, columns=columns).assign(table_name="deals", field="stage")
    steps["id"] = [f"b{i}" for i in range(len(steps))]
    return pd.concat([history, steps], ignore_index=True)


def test_deals_that_go_back_are_counted_by_a_rate() -> None:
    deals = team(each=80)
    history = with_steps_back(deals, dict.fromkeys(deals["owner_id"], 0.4))
    found, judged = audit("backward-stage-move", deals, field_history=history)
    assert judged.state is State.PRESENT
    assert 0.3 < found.k_defect / found.n_eligible < 0.5


def test_steps_back_of_half_of_the_team_are_a_difference_between_people() -> None:
    deals = team(each=120)
    history = with_steps_back(deals, dict.fromkeys(HALF, 0.5))
    found, judged = audit("backward-stage-move", deals, field_history=history)
    assert judged.state is State.PRESENT
    assert found.ruling is not None
    assert len(owners(found)) == 8


def test_a_program_that_moves_deals_back_is_nobody_stepping_back() -> None:
    deals = team(each=80)
    history = with_steps_back(deals, dict.fromkeys(deals["owner_id"], 0.4), user="robot")
    users = pd.DataFrame(
        {
            "id": [*sorted(deals["owner_id"].unique()), "robot"],
            "is_active": True,
            "created_at": pd.Timestamp("2020-01-01"),
            "is_integration": [*[False] * 8, True],
        }
    )
    found, _ = audit("backward-stage-move", deals, field_history=history, users=users)
    assert found.k_defect == 0
