"""Geometry of the larger pictures: everything inside the drawing, nothing invisible or invented."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.charts import HEIGHT, SHADES, heat_map, month_chart, round_top

counts = st.lists(
    st.lists(st.integers(0, 10_000), min_size=24, max_size=24), min_size=7, max_size=7
)
money = st.floats(0, 1e12)


def cells(path):
    return len(re.findall("M", path))


@given(counts)
def test_every_hour_has_one_shade_and_only_empty_hours_have_the_empty_one(week):
    drawn = heat_map(week, None)
    assert sum(map(cells, drawn.shades)) == 7 * 24
    assert cells(drawn.shades[0]) == sum(row.count(0) for row in week)
    assert (drawn.columns, drawn.rows) == (24, 7)


def test_the_busiest_hour_is_the_strongest_and_a_single_edit_is_seen_beside_it():
    drawn = heat_map([[0, 1, 500]], None)
    assert [cells(path) for path in drawn.shades] == [1, 1, *[0] * (SHADES - 2), 1]


@given(st.lists(st.tuples(money, money, money, money), min_size=1, max_size=24))
def test_no_column_and_no_line_leaves_the_picture(months):
    top = round_top(max(max(month) for month in months))
    chart = month_chart(
        [came for came, *_ in months],
        [line for _, line, *_ in months],
        [(min(low, high), max(low, high)) for *_, low, high in months],
        [None] * len(months),
        top,
    )
    for path in (chart.bars, chart.bands, chart.lines):
        heights = [float(y) for y in re.findall(r"(?:V|M[\d.]+ )([\d.]+)", path)]
        assert all(0 <= y <= HEIGHT for y in heights)
    assert chart.others == ""
    assert chart.width == 10 * len(months)


def test_columns_are_as_high_as_their_sums():
    chart = month_chart([50.0], [100.0], [(25.0, 75.0)], [10.0], 100.0)
    assert chart.bars == "M3 100V50h4V100z"
    assert chart.bands == "M1 75V25h8V75z"
    assert chart.lines == "M0 0h10"
    assert chart.others == "M0 90h10"


@pytest.mark.parametrize(
    ("greatest", "top"),
    [(0, 1), (1, 1), (7, 8), (99, 100), (575_000, 600_000), (1_000_001, 1_500_000)],
)
def test_an_axis_ends_at_a_round_sum(greatest, top):
    assert round_top(greatest) == top


@given(st.floats(0.01, 1e15))
def test_an_axis_holds_every_sum_and_leaves_little_room_above(greatest):
    assert greatest <= round_top(greatest) <= max(2 * greatest, 1)
