"""The chapter of the pictures: pipeline, forecast and week, each with its words and its gaps."""

from __future__ import annotations

import pytest
from lxml import html

from checks.results import State
from reports.forecast_view import ForecastView, forecast_view
from reports.pipeline_view import PipelineView, pipeline_view
from reports.render import render_page
from reports.rhythm_view import rhythm_view
from reports.wording import Wording
from tests.reports.sample_audit import sample_result
from tests.reports.sample_blocks import (
    a_week,
    sample_forecast,
    sample_pipeline,
    sample_rhythm,
    sums,
)
from tests.reports.sample_checks import a_check

EN = Wording("en")


def chapter(language="en", **changes):
    page = html.document_fromstring(render_page(sample_result(**changes), language))
    (found,) = page.xpath("//section[@id='rhythm']")
    return found


def unseen(check_id, reason, **facts):
    return a_check(
        check_id, State.NOT_OBSERVABLE, (check_id, check_id), reason=reason, reason_facts=facts
    )


def seen(check_id):
    return a_check(check_id, State.PRESENT, (check_id, check_id))


# --- all three


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_picture_has_a_name_and_a_table_that_says_the_same(language):
    found = chapter(language)
    pictures = found.xpath(".//svg[@role='img']")
    assert len(pictures) == 4  # the forecast, everybody's week, and two teams
    assert all(picture.findtext("title") for picture in pictures)
    assert len(found.xpath(".//details//table")) == 4


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_result_without_pictures_says_of_each_why_and_draws_none(language):
    found = chapter(
        language,
        rhythm=None,
        forecast=None,
        pipeline=None,
        checks=[
            unseen("missing-review-ritual", "table_absent", columns=["field_history"]),
            unseen("forecast-bias", "history_too_short"),
        ],
    )
    assert not found.xpath(".//svg[@role='img']")
    assert len(found.xpath(".//p[@class='not-measured']")) == 3


def test_what_is_missing_names_what_switches_it_on():
    result = sample_result(
        rhythm=None,
        checks=[unseen("missing-review-ritual", "not_tracked", columns=["field_history"])],
    )
    assert "Switch its tracking on" in rhythm_view(EN, result).missing


def test_a_picture_whose_check_did_not_run_names_the_check():
    result = sample_result(forecast=None, checks=[])
    assert "the check forecast-bias did not run" in str(forecast_view(EN, result))


# --- the pipeline


def pipeline(*check_ids, **changes):
    checks = [seen(one) for one in check_ids or ("zombie-deal", "stalled-open-deal")]
    return pipeline_view(EN, sample_result(pipeline=sample_pipeline(**changes), checks=checks))


def test_the_pipeline_says_what_is_left_of_what_is_said():
    view = pipeline()
    assert isinstance(view, PipelineView)
    assert view.figure == "€6.2M"
    assert "€11.4M in 517 open deals (54%) once the 227" in view.sentence
    assert [row.alive for row in view.tables[0].rows] == [100.0, 79.6, 54.2]
    assert view.missing == []


def test_bars_of_stages_are_drawn_on_one_scale_and_a_stage_without_deals_is_empty():
    first, second = pipeline().tables[1].rows
    assert (first.said, first.alive) == (100.0, 25.0)
    assert (second.label, second.said, second.alive) == ("Without a stage", 0.0, 0.0)


def test_a_pipeline_in_several_currencies_is_told_in_deals():
    view = pipeline(
        as_said=sums(10, None),
        without_zombies=sums(8, None),
        without_stalled=sums(5, None),
        stages=[],
        currency=None,
    )
    assert view.figure == "5 deals"
    assert [row.alive for row in view.tables[0].rows] == [100.0, 80.0, 50.0]
    assert "several currencies" in view.missing[0]


def test_where_dead_deals_cannot_be_told_nothing_is_called_alive():
    view = pipeline("open-deal-past-close-date", without_zombies=None, without_stalled=None)
    assert view.figure == ""
    assert len(view.tables) == 1
    assert len(view.tables[0].rows) == 1
    assert len(view.missing) == 2


def test_what_stands_still_is_not_said_to_be_taken_out_where_it_cannot_be_told():
    view = pipeline("zombie-deal")
    assert [row.label for row in view.tables[0].rows] == [
        "As the CRM states it",
        "Without deals as good as dead",
    ]
    assert "stand still could not be told" in view.missing[0]


# --- the forecast


def forecast(**changes):
    view = forecast_view(EN, sample_result(forecast=sample_forecast(**changes)))
    assert isinstance(view, ForecastView)
    return view


def test_the_forecast_says_on_which_side_it_lies_with_its_sums_and_interval():
    view = forecast()
    assert view.figure == "+54%"
    assert "foresaw €2.7M; €1.7M was won" in view.sentence
    assert "+42% to +66%" in view.sentence


def test_months_inside_the_range_are_counted():
    assert forecast().remarks[0].endswith("It did in 0 of 8.")
    wide = [one.model_copy(update={"lo": "0"}) for one in sample_forecast().windows]
    assert forecast(windows=wide).remarks[0].endswith("It did in 8 of 8.")


def test_the_table_holds_every_month_that_is_drawn():
    view = forecast(months=8)
    assert len(view.table.rows) == 8
    assert view.table.rows[1][:3] == ["February 2025", "31", "€310K"]
    assert view.table.rows[0][4] == "–"


@pytest.mark.parametrize("months", [1, 2, 6, 7, 19, 24])
def test_no_more_than_six_months_are_named_and_the_first_always_is(months):
    named = [name for name in forecast(months=months).months if name]
    assert 1 <= len(named) <= 6
    assert named[0] == "Jan\u00a025"


def test_without_a_past_to_learn_from_no_line_and_no_legend_speak_of_it():
    windows = [one.model_copy(update={"learned": None}) for one in sample_forecast().windows]
    view = forecast(windows=windows)
    assert view.chart.others == ""
    assert "other" not in dict(view.legend)


# --- the week


def test_a_review_is_said_with_its_day_its_hours_and_its_reach():
    view = rhythm_view(EN, sample_result())
    sentence = view.everybody.sentences[0]
    assert "Monday, 9:00 to 11:00, held in 88% of the weeks" in sentence
    assert "71% of the open amount is touched, by 64% of the people" in sentence


def test_the_review_is_framed_where_it_takes_place():
    heat = rhythm_view(EN, sample_result()).everybody.heat
    assert heat.frame == (9 - 7, 0, 2)
    assert heat.columns == 20 - 7


def test_the_hours_reach_as_far_as_anybody_works():
    late = a_week().by_hour
    late[6][23] = 1
    block = sample_rhythm(everybody=a_week(by_hour=late))
    assert rhythm_view(EN, sample_result(rhythm=block)).everybody.heat.columns == 24 - 7


def test_teams_stand_in_the_order_of_their_names_each_with_what_was_found():
    view = rhythm_view(EN, sample_result())
    assert [(team.name, team.state_word) for team in view.teams] == [
        ("Nord", "Cannot be told"),
        ("Sud", "No review found"),
    ]
    assert view.teams[0].heat.frame is None


def test_a_team_of_two_is_never_shown_and_neither_are_two_people_alone():
    pair = a_week(team="00E3", label="Duo", people=2)
    view = rhythm_view(EN, sample_result(rhythm=sample_rhythm(teams=[pair])))
    assert view.teams == []
    alone = rhythm_view(EN, sample_result(rhythm=sample_rhythm(everybody=pair, teams=[])))
    assert alone.everybody is None
    assert "fewer than three people" in alone.missing


def test_the_end_of_the_month_is_remarked_on_only_where_chance_does_not_explain_it():
    def sentence(p):
        block = sample_rhythm(everybody=a_week(at_month_end_p=p))
        return rhythm_view(EN, sample_result(rhythm=block)).everybody.sentences[1]

    assert "filled in for the end of the month" in sentence(0.001)
    assert "chance explains" in sentence(0.4)


def test_a_review_every_other_week_says_so():
    block = sample_rhythm(everybody=a_week(every_weeks=2))
    sentence = rhythm_view(EN, sample_result(rhythm=block)).everybody.sentences[0]
    assert "every other Monday" in sentence
