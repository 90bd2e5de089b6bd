import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.svg import PLOT_WIDTH, axis_end, bar_width, interval_plot

shares = st.floats(0, 1)


@given(shares, shares, shares, shares, st.sampled_from([0.05, 0.2, 1.0]))
def test_every_mark_stays_inside_the_drawing_and_in_order(rate, one, other, tolerated, end):
    low, high = sorted((one, other))
    plot = interval_plot(rate, low, high, (0.0, tolerated), end)
    assert plot.zero <= plot.low <= plot.high <= plot.end
    assert plot.zero <= plot.dot <= plot.end <= PLOT_WIDTH
    assert 0 <= plot.band <= plot.end - plot.zero + 0.05


@given(st.lists(shares))
def test_a_common_axis_holds_every_value(values):
    assert axis_end(values) >= max(values, default=0.0)


def test_a_rate_without_an_interval_is_a_dot_alone():
    plot = interval_plot(0.5, None, None, (0.0, 0.1), 1.0)
    assert plot.low == plot.dot == plot.high == 90.0


@pytest.mark.parametrize(("share", "width"), [(0, 0.0), (0.0001, 0.6), (0.28, 28.0), (7, 100.0)])
def test_a_bar_is_as_long_as_its_share_and_visible_unless_zero(share, width):
    assert bar_width(share) == width
