"""Amounts that some round or repeat, and probabilities that some overrule."""

from __future__ import annotations

import numpy as np
import pandas as pd

from checks.results import State
from tests.checks.teams import HALF, audit, owned_by, stages_of, team, with_probabilities


def rounded(deals: pd.DataFrame, people: list[str]) -> pd.DataFrame:
    whole = np.maximum(1000, np.round(deals["amount"] / 1000) * 1000)
    return deals.assign(amount=np.where(owned_by(deals, people), whole, deals["amount"]))


def with_one_amount(deals: pd.DataFrame, people: list[str]) -> pd.DataFrame:
    """Everybody of these people has a favourite amount of his own on every third open deal."""
    struck = (
        owned_by(deals, people) & (deals["state"] == "open") & (np.arange(len(deals)) // 8 % 3 == 0)
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
    deals["currency"] = np.where(owned_by(deals, HALF), "JPY", "EUR")
    _, judged = audit("amount-convention-spread", deals)
    assert judged.state is State.INCONCLUSIVE  # nobody has deals in both


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
