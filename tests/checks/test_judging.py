"""What a result says of each check, each signal and the verdict, from counts to the sample."""

from __future__ import annotations

from datetime import date

import pytest

from checks.authoring.rehearsal import snapshot_from_rows
from checks.context import Context
from checks.judgement.judging import read_pseudonyms
from checks.measuring import measure_all
from checks.profile import Profile
from checks.results import SignalId, State
from checks.spec import FAMILIES
from tests.checks.judged_crm import CHECKS, REPS, audit, deal, tables
from tests.checks.snapshots import AS_OF


@pytest.fixture(scope="module")
def result():
    return audit()


def check(result, check_id="open-deal-past-close-date"):
    return next(one for one in result.checks if one.check_id == check_id)


def test_a_check_carries_its_counts_its_interval_and_its_state(result):
    late = check(result)

    assert (late.state, late.n_eligible, late.k_defect) == (State.PRESENT, 120, 70)
    assert late.rate == pytest.approx(70 / 120, abs=1e-6)
    assert late.ci_lo < late.rate < late.ci_hi
    assert (late.severity, late.owners, late.t_lo, late.n_min) == (1, 6, 0.05, 30)


def test_a_check_carries_the_money_of_the_deals_it_hits(result):
    assert check(result).money_touched == f"{sum(100 + i for i in range(70))}.00"
    assert check(result, "contact-without-reach").money_touched is None


def test_the_verdict_carries_the_money_of_its_checks(result):
    money = result.verdict.money

    assert money.touched == check(result).money_touched
    assert money.open_total == f"{sum(100 + i for i in range(120))}.00"
    assert money.deals == 70
    assert money.top5_share == pytest.approx(sum(100 + i for i in range(65, 70)) / 9415, abs=1e-6)


def test_a_check_says_how_to_see_it_in_the_crm_with_literal_dates(result):
    assert check(result).reproduce == {
        "salesforce": "SELECT Id FROM Opportunity WHERE CloseDate < 2026-06-27",
        "hubspot": "Close date before 2026-06-30 by more than 3 days {kept}",
    }


def test_a_check_states_its_definition(result):
    assert check(result).definition == {
        "population": "is_open and close_date is not null",
        "defect": "days_past_close > $grace_days",
        "nulls": "skip",
        "params": {"grace_days": 3},
        "tolerance": {"t_lo": 0.05, "t_hi": 0.1, "t_cr": 0.2, "n_min": 30},
    }


def test_a_check_is_worded_in_both_languages(result):
    text = check(result).text

    assert set(text) == {"en", "fr"}
    assert set(text["fr"]) == {"title", "pass", "fail", "why", "fix"}


def test_the_sample_is_the_head_of_the_list(result):
    late = check(result)

    assert len(late.sample) == 50
    assert (late.worklist.file, late.worklist.rows) == (
        "worklists/open-deal-past-close-date.csv",
        70,
    )
    assert late.sample[0]["name"] == "Deal 69"
    assert late.sample[0]["amount"] == "169.00"
    assert late.sample[0]["close_date"] == "2026-05-21"


def test_people_appear_under_other_names(result):
    text = result.to_json()

    assert "Seller" not in text
    assert "Claire" not in text
    assert check(result).sample[0]["owner_id"].startswith("rep-")
    assert check(result, "contact-without-reach").sample[0]["name"] == "C. D."


def test_people_appear_under_their_names_when_asked_for():
    named = audit(named=True)

    assert named.run.named
    assert check(named).sample[0]["owner_id"] == "Seller Number3"
    assert check(named, "contact-without-reach").sample[0]["name"] == "Claire Durand"


def test_pseudonyms_cover_every_user():
    context = Context(snapshot_from_rows(tables()), Profile(), AS_OF)

    rows = list(read_pseudonyms(context, measure_all(context, CHECKS)).as_csv_rows())

    assert {owner for owner, _, _ in rows} == {f"u{i}" for i in range(REPS)}


def test_a_check_without_defects_has_no_list(result):
    healthy = check(result, "open-deal-without-amount")

    assert (healthy.state, healthy.worklist, healthy.sample) == (State.ABSENT, None, [])


def test_a_check_with_nobody_to_examine_says_so(result):
    won = check(result, "won-deal-without-amount")

    assert (won.state, won.reason, won.rate) == (State.NOT_OBSERVABLE, "nobody_to_examine", None)


def test_every_signal_and_family_is_reported(result):
    assert [signal.id for signal in result.signals] == list(SignalId)
    for signal in result.signals:
        assert [family.id for family in signal.families] == list(FAMILIES[signal.id].values())


def test_a_signal_carries_its_index_with_coverage_and_range(result):
    first = result.signals[0]

    assert first.state == State.EMERGING
    assert first.coverage == pytest.approx(5 / 8)
    assert first.index == pytest.approx(40)
    assert (first.index_lo, first.index_hi) == (25, 62.5)
    assert first.headline_check_id == "open-deal-past-close-date"


def test_a_signal_that_nothing_measured_has_no_index(result):
    last = result.signals[3]

    assert (last.state, last.index, last.coverage) == (State.NOT_OBSERVABLE, None, 0)
    assert (last.index_lo, last.index_hi) == (0, 100)
    assert (last.confidence, last.headline_check_id) == (None, None)


def test_reps_who_left_do_not_count_as_reps():
    """Six owners, one of whom left, are five reps; without a user list all six count."""
    with_leaver = tables()
    fewer = {**with_leaver, "deals": [d for d in with_leaver["deals"] if d["owner_id"] != "u0"]}

    assert audit(with_leaver).verdict.gates["reps"]
    assert not audit(fewer).verdict.gates["reps"]
    assert audit({"deals": fewer["deals"]}).verdict.gates["reps"]


def test_old_closed_deals_do_not_count_as_examined():
    old = [
        deal(i, late=False, is_closed=True, is_won=True) | {"close_date": date(2024, 1, 31)}
        for i in range(200, 300)
    ]
    few = tables(deals=99, late=20)

    assert not audit(few | {"deals": few["deals"] + old}).verdict.gates["deals"]


def test_the_same_data_gives_the_same_bytes(result):
    assert audit().to_json() == result.to_json()
