"""The first screen: tiles that promise no more than was measured, and up to three decisions."""

from __future__ import annotations

from checks.results import Metric, State
from reports.action_view import decisions, no_action
from reports.first_screen import tiles, trust_line
from reports.wording import Wording
from tests.reports.sample_audit import sample_result
from tests.reports.sample_checks import a_check
from tests.reports.sample_results import empty_result, healthy_result, unmeasurable_result

EN = Wording("en")


def headlined(state=State.PRESENT, **changes):
    """Return the tile of the first signal with one check behind it."""
    result = sample_result(checks=[a_check("headline", State.PRESENT, ("A", "A"), **changes)])
    first, *others = result.signals
    first = first.model_copy(update={"headline_check_id": "headline", "state": state})
    return tiles(EN, result.model_copy(update={"signals": [first, *others]}))[0]


def test_a_tile_says_how_many_records_its_rate_is_of_and_that_it_was_measured():
    tile = headlined()
    assert (tile.figure, tile.note) == ("41%", "212 of 517 · measured")


def test_a_signal_that_is_not_measurable_shows_no_figure_whatever_its_checks_counted():
    tile = headlined(State.NOT_OBSERVABLE)
    assert (tile.figure, tile.note) == ("", "")
    assert tile.caption == "None of its checks could run on this export."


def test_a_forecast_says_on_which_side_it_lies_and_what_its_figure_is_of():
    metric = Metric(name="forecast_bias", value=28.1, unit="percent")
    tile = headlined(kind="metric", metric=metric)
    assert (tile.figure, tile.note) == ("+28%", "forecast against won · measured")


def test_the_first_three_actions_are_the_decisions_with_who_when_and_how_far():
    first, second, third = decisions(EN, sample_result())
    assert [value for _, value in first.terms] == [
        "Sales manager",
        "Every week, pipeline review",
        "29\u00a0Jan\u00a02027",
        "41% → 5%",
    ]
    assert first.list_title == "Open deals past their close date: 212 records"
    assert first.list_link == "worklists/open-deal-past-close-date.csv"
    assert second.terms[-1] == ("Goal", "within tolerance")
    assert third.terms[-1] == ("Goal", "the question, asked again")
    assert third.list_link is None


def test_a_result_without_a_plan_offers_no_decision():
    assert decisions(EN, sample_result(actions=None)) == []
    assert decisions(EN, sample_result(actions=[])) == []


def test_the_foot_says_where_the_data_come_from_and_whether_the_contract_held():
    assert dict(trust_line(EN, sample_result()))["Source"] == "acme-export (Salesforce)"
    assert dict(trust_line(EN, sample_result()))["Intake contract"] == "kept"
    assert dict(trust_line(EN, sample_result(trusted=False)))["Intake contract"] == "broken"


def test_where_nothing_was_measured_the_decision_is_to_complete_the_export():
    assert "Complete the export first" in no_action(EN, unmeasurable_result())
    assert "No check ran" in no_action(EN, empty_result())
    assert "calls for an action" in no_action(EN, healthy_result())


def test_an_absent_signal_that_the_unseen_could_tear_down_does_not_look_healthy():
    result = healthy_result()
    first, *others = result.signals
    seen, half_seen = (
        tiles(EN, result.model_copy(update={"signals": [signal, *others]}))[0]
        for low in (88.0, 0.0)
        for signal in [first.model_copy(update={"index": 91.0, "index_lo": low, "index_hi": 92.0})]
    )
    assert (seen.state, seen.state_word) == ("absent", "Absent")
    assert "(between 88 and 92)" in seen.index
    assert (half_seen.state, half_seen.state_word) == ("absent_so_far", "Absent as far as seen")
    assert half_seen.index.endswith("what could not be seen might bring it down to 0")
