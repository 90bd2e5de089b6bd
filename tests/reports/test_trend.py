"""From audit to audit: what a tile says of its figure, and the line of each signal's index."""

from __future__ import annotations

import re

import pytest

from reports.change_view import since_view
from reports.charts import trend_line
from reports.first_screen import tiles
from reports.sections import signal_views
from reports.wording import Wording
from tests.reports.sample_audit import sample_result
from tests.reports.sample_comparison import a_change, sample_comparison

EN = Wording("en")
DAY = "Oct\u00a026"
CHECK = "open-deal-past-close-date"


def changes(*checks, **fields):
    result = sample_result(comparison=sample_comparison(*checks, **fields))
    return [tile.change for tile in tiles(EN, result)]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, f"+3 points since {DAY} (beyond chance)"),
        ({"move": None}, f"+3 points since {DAY} (by chance)"),
        ({"rate": 0.25, "move": "better"}, f"−13 points since {DAY} (beyond chance)"),
        ({"rate": 0.381}, f"Unchanged since {DAY}"),
        ({"comparable": False}, f"Not comparable with {DAY}: what is counted changed"),
    ],
)
def test_a_tile_says_how_its_figure_moved(fields, said):
    assert changes(a_change(CHECK, **fields))[0] == said


@pytest.mark.parametrize("words", [EN, Wording("fr")])
def test_what_came_and_went_adds_up_to_what_is_open(words):
    since = since_view(words, sample_result(comparison=sample_comparison()))
    came, gone, *open_and_before = map(int, re.findall(r"\d+", since.sentences[0]))
    now, before = open_and_before
    assert before + came - gone == now


def test_a_signal_without_a_figure_says_its_state_before():
    assert changes()[3] == f"Emerging in {DAY}"


def test_a_first_audit_claims_no_change():
    assert set(changes(previous_as_of=None, reason="first_audit")) == {""}
    assert {tile.change for tile in tiles(EN, sample_result())} == {""}


def test_a_signal_with_an_index_shows_its_line_and_the_break_in_it():
    first, _, third, _ = signal_views(EN, sample_result(comparison=sample_comparison()), 5)
    assert first.trend.value == "40"
    assert "index from 30 to 40 of 100 over 6 audits" in first.trend.title
    assert first.trend.line.breaks == "M30 0V100"
    assert first.trend.legend
    assert third.trend is None


def test_the_line_is_interrupted_where_an_audit_had_no_index():
    line = trend_line([10.0, None, 30.0, 40.0], [False] * 4)
    assert line.path == "M0 90M20 70L30 60"
    assert line.breaks == ""
    assert line.width == 30
