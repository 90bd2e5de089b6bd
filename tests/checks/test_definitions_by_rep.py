"""What a lead that became a deal, or a deal that is lost, means to each person."""

from __future__ import annotations

import numpy as np
import pandas as pd

from checks.results import State
from tests.checks.teams import HALF, audit, owned_by, team


def leads_of(deals: pd.DataFrame, chance: dict[str, float], each: int = 40) -> pd.DataFrame:
    owners = np.repeat(sorted(deals["owner_id"].unique()), each)
    rng = np.random.default_rng(9)
    converted = rng.random(len(owners)) < [chance.get(owner, 0.25) for owner in owners]
    return pd.DataFrame(
        {
            "id": [f"l{i}" for i in range(len(owners))],
            "owner_id": owners,
            "is_converted": converted,
            "created_at": pd.Timestamp("2026-01-15"),
            "lead_source": "Web",
        }
    )


def test_leads_that_half_of_the_team_converts_much_sooner_are_another_definition() -> None:
    deals = team()
    leads = leads_of(deals, dict.fromkeys(HALF, 0.8))
    found, judged = audit("definition-spread", deals, leads=leads)
    assert judged.state is State.PRESENT
    meanings = {group.key for group in found.groups if group.dimension == "meaning"}
    assert "lead_became_deal" in meanings


def test_one_meaning_for_all_is_no_spread() -> None:
    deals = team()
    found, judged = audit("definition-spread", deals, leads=leads_of(deals, {}, each=100))
    assert judged.state is not State.PRESENT
    assert found.k_defect == 0


def test_who_leaves_open_what_others_close_as_lost_means_something_else() -> None:
    deals = team(each=120)
    old = deals["state"] != "won"
    late = old & (np.arange(len(deals)) // 8 % 2 == 0)
    deals.loc[late, "created_at"] = pd.Timestamp("2025-09-01")
    lost = late & ~owned_by(deals, HALF)
    deals.loc[late, "state"] = "open"
    deals.loc[lost, "state"] = "lost"
    deals.loc[late, "stage"] = np.where(lost[late], "lost", "S2")
    found, judged = audit("definition-spread", deals)
    assert judged.state is State.PRESENT
    assert [g.key for g in found.groups if g.dimension == "meaning"] == ["lost_rather_than_open"]
