"""Lists of which some always pick one value."""

from __future__ import annotations

import numpy as np
import pytest

from checks.measurement import Measurement
from checks.results import State
from tests.checks.teams import HALF, audit, owned_by, team, with_sources


def columns(found: Measurement) -> dict[str, int]:
    return {group.key: group.k_defect for group in found.groups if group.dimension == "column"}


def test_half_of_the_team_picking_one_value_is_a_list_defeated() -> None:
    found, judged = audit("picklist-dump", with_sources(team(), HALF))
    assert judged.state is State.PRESENT
    assert (found.k_defect, found.n_eligible) == (4, 8)
    assert columns(found)["deals.lead_source"] == 240


@pytest.mark.parametrize(("reps", "some"), [(8, 2), (12, 3)])
def test_few_who_do_so_are_emerging_and_counted_as_people(reps: int, some: int) -> None:
    deals = with_sources(team(reps), [f"u{i:02}" for i in range(some)])
    found, judged = audit("picklist-dump", deals)
    assert judged.state is State.EMERGING
    assert found.counts_people
    assert found.k_defect == some


def test_a_team_that_uses_its_list_dumps_nowhere() -> None:
    found, judged = audit("picklist-dump", with_sources(team(), []))
    assert (judged.state, found.k_defect) == (State.ABSENT, 0)


def test_a_list_of_territories_of_which_everybody_has_one_is_no_dump() -> None:
    deals = team()
    deals["Territory"] = "North " + deals["owner_id"]
    found, judged = audit("picklist-dump", deals)
    assert judged.state is State.ABSENT
    assert columns(found) == {"deals.Territory": 0}


def test_a_specialist_whose_deals_all_come_from_another_pipeline_dumps_nothing() -> None:
    deals = with_sources(team(), HALF[:1]).assign(pipeline="Sales")
    deals["pipeline"] = np.where(owned_by(deals, HALF[:1]), "Partners", "Sales")
    found, judged = audit("picklist-dump", deals)
    assert (judged.state, found.k_defect) == (State.ABSENT, 0)


def test_an_export_without_any_list_has_no_vocabulary() -> None:
    found, _ = audit("picklist-dump", team())
    assert found.reason == "no_vocabulary"
