"""Lists, amounts, probabilities and definitions: what each person means by them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from checks.measurement import Measurement, OwnerCount, Ruling
from checks.measures.comparability import comparability_index
from checks.measuring import measure_all
from checks.results import Metric, State
from tests.checks.teams import audit, check, context_of, stages_of, team, users_of

HALF = [f"u{i:02}" for i in range(4)]
SOURCES = ["Web", "Fair", "Call", "Partner", "Other"]


def mine(deals: pd.DataFrame, people: list[str]) -> pd.Series:
    return deals["owner_id"].isin(people)


def columns(found: Measurement) -> dict[str, int]:
    return {group.key: group.k_defect for group in found.groups if group.dimension == "column"}


# --- picklist-dump


def with_sources(deals: pd.DataFrame, dumpers: list[str]) -> pd.DataFrame:
    picked = np.random.default_rng(11).choice(SOURCES, len(deals))
    return deals.assign(lead_source=np.where(mine(deals, dumpers), "Other", picked))


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
    deals["pipeline"] = np.where(mine(deals, HALF[:1]), "Partners", "Sales")
    found, judged = audit("picklist-dump", deals)
    assert (judged.state, found.k_defect) == (State.ABSENT, 0)


def test_an_export_without_any_list_has_no_vocabulary() -> None:
    found, _ = audit("picklist-dump", team())
    assert found.reason == "no_vocabulary"


# --- amount-convention-spread


def rounded(deals: pd.DataFrame, people: list[str]) -> pd.DataFrame:
    whole = np.maximum(1000, np.round(deals["amount"] / 1000) * 1000)
    return deals.assign(amount=np.where(mine(deals, people), whole, deals["amount"]))


def with_one_amount(deals: pd.DataFrame, people: list[str]) -> pd.DataFrame:
    """Everybody of these people has a favourite amount of his own on every third open deal."""
    struck = (
        mine(deals, people) & (deals["state"] == "open") & (np.arange(len(deals)) // 8 % 3 == 0)
    )
    own = 5_000.5 + 1_000 * deals["owner_id"].str[1:].astype(int)
    return deals.assign(amount=np.where(struck, own, deals["amount"]))


def test_rounding_alone_may_come_from_a_price_list_and_only_emerges() -> None:
    found, judged = audit("amount-convention-spread", rounded(team(), HALF))
    assert judged.state is State.EMERGING
    assert found.metric is not None and 40 < (found.metric.value or 0) <= 50
    assert found.k_defect == 240


def test_a_repeated_amount_alone_only_emerges() -> None:
    _, judged = audit("amount-convention-spread", with_one_amount(team(each=90), HALF))
    assert judged.state is State.EMERGING


def test_rounding_and_repeating_together_are_present() -> None:
    deals = with_one_amount(rounded(team(each=90), HALF), HALF)
    _, judged = audit("amount-convention-spread", deals)
    assert judged.state is State.PRESENT


def test_a_price_that_everybody_uses_is_no_placeholder() -> None:
    deals = team(each=90)
    listed = np.arange(len(deals)) // 8 % 3 == 0
    deals["amount"] = np.where(listed, 4_990.5, deals["amount"])
    _, judged = audit("amount-convention-spread", deals)
    assert judged.state is State.ABSENT


def test_one_huge_deal_and_negative_amounts_move_nothing() -> None:
    deals = team(each=90)
    deals.loc[0, "amount"] = 1e15
    deals.loc[[1, 2, 3], "amount"] = [-5_000.0, 0.0, 0.4]
    found, judged = audit("amount-convention-spread", deals)
    assert judged.state is State.ABSENT
    assert found.n_eligible == len(deals) - 2


def test_reps_of_another_currency_are_compared_among_themselves() -> None:
    deals = rounded(team(each=90), HALF)
    deals["currency"] = np.where(mine(deals, HALF), "JPY", "EUR")
    _, judged = audit("amount-convention-spread", deals)
    assert judged.state is State.INCONCLUSIVE  # nobody has deals in both


# --- probability-override-spread


def with_probabilities(deals: pd.DataFrame, people: list[str], share: float = 0.7) -> pd.DataFrame:
    usual = deals["stage"].map({"S1": 10, "S2": 30, "S3": 50, "S4": 70}).fillna(0)
    struck = mine(deals, people) & (np.random.default_rng(5).random(len(deals)) < share)
    return deals.assign(probability=np.where(struck, 90, usual))


def test_half_of_the_team_overruling_the_stage_is_a_difference() -> None:
    found, judged = audit("probability-override-spread", with_probabilities(team(), HALF))
    assert judged.state is State.PRESENT
    assert 0.25 < found.k_defect / found.n_eligible < 0.45


def test_the_table_of_stages_says_what_is_usual_where_it_is_there() -> None:
    deals = with_probabilities(team(), [])
    stages = stages_of(deals).assign(probability=[10, 30, 50, 80, 0, 0])
    found, _ = audit("probability-override-spread", deals, stages=stages)
    in_last = int(((deals["stage"] == "S4") & (deals["state"] == "open")).sum())
    assert found.k_defect == in_last


def test_a_team_that_never_overrules_does_not_differ() -> None:
    found, judged = audit("probability-override-spread", with_probabilities(team(), []))
    assert (judged.state, found.k_defect) == (State.ABSENT, 0)


def test_without_probabilities_nothing_is_overruled() -> None:
    found, _ = audit("probability-override-spread", team())
    assert ("deals", "probability") in found.missing


# --- definition-spread


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
    lost = late & ~mine(deals, HALF)
    deals.loc[late, "state"] = "open"
    deals.loc[lost, "state"] = "lost"
    deals.loc[late, "stage"] = np.where(lost[late], "lost", "S2")
    found, judged = audit("definition-spread", deals)
    assert judged.state is State.PRESENT
    assert [g.key for g in found.groups if g.dimension == "meaning"] == ["lost_rather_than_open"]


# --- comparability-index


def measured(
    value: float, unit: str = "points", state: State = State.ABSENT, error: float = 1.0
) -> Measurement:
    return Measurement(
        owners=(OwnerCount(None, 10, 0),),
        metric=Metric(name="m", value=value, unit=unit, lo=value - error, hi=value + error),
        ruling=Ruling(state, 0.0),
    )


def index(**found: Measurement) -> Measurement:
    named = {name.replace("_", "-"): one for name, one in found.items()}
    context = context_of(team(2, 4))
    return comparability_index(context, check("comparability-index"), named)


def test_the_index_is_the_weighted_mean_of_what_differs() -> None:
    found = index(
        field_completion_spread=measured(10.0),  # half of 20 points, weight 3
        stage_dialect=measured(0.15, "bits"),  # the worst, weight 2
        value_variant=Measurement(owners=(OwnerCount("u1", 100, 0),)),  # nothing, weight 1
    )
    assert found.metric is not None
    assert found.metric.value == pytest.approx(100 * (1 - (3 * 0.5 + 2 * 1 + 0) / 6), abs=0.01)
    assert found.metric.lo is not None and found.metric.hi is not None
    assert found.metric.lo <= found.metric.value <= found.metric.hi


@pytest.mark.parametrize(
    ("points", "state"), [(2.0, State.ABSENT), (6.0, State.EMERGING), (16.0, State.PRESENT)]
)
def test_bands_lie_at_eighty_and_sixty(points: float, state: State) -> None:
    found = index(
        field_completion_spread=measured(points),
        stage_dialect=measured(0.0075 * points, "bits"),
        definition_spread=measured(points),
    )
    assert found.ruling is not None
    assert found.ruling.state is state


def test_fewer_than_three_components_give_no_index() -> None:
    found = index(
        field_completion_spread=measured(1.0),
        stage_dialect=measured(0.0, "bits", State.INCONCLUSIVE),
        definition_spread=measured(1.0),
    )
    assert (found.reason, found.reason_facts["components"]) == ("too_few_components", 2)


def test_conventions_that_differ_are_averaged() -> None:
    one = index(
        field_completion_spread=measured(0.0),
        stage_dialect=measured(0.0, "bits"),
        amount_convention_spread=measured(20.0),
        definition_spread=measured(0.0),
    )
    assert one.metric is not None
    assert one.metric.value == pytest.approx(100 * (1 - 2 * 0.5 / 7), abs=0.01)


def test_the_index_comes_after_what_it_sums_up_and_weighs_nothing() -> None:
    specs = [check(name) for name in ("comparability-index", "private-field", "stage-dialect")]
    specs.append(check("field-completion-spread"))
    found = measure_all(context_of(team()), specs).measurements
    assert found["comparability-index"].metric is not None
    assert list(found) == [spec.id for spec in specs]
    assert check("comparability-index").lifecycle != "stable"


# --- laws of all


ALL = (
    "field-completion-spread",
    "private-field",
    "stage-dialect",
    "picklist-dump",
    "amount-convention-spread",
    "probability-override-spread",
    "definition-spread",
)


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
