"""Records are counted as a CSV reader would, whatever cells hold and wherever they are cut."""

from __future__ import annotations

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.http.session import BrokenAnswerError
from connectors.salesforce.csv_pages import RecordCounter

CELLS = st.text(alphabet=st.sampled_from('a0",\n\r é'), max_size=8)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=12)


def page(rows: list[list[str]]) -> bytes:
    """Return rows as a bulk result has them, each with an id in front."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(["Id", "Name", "Description"])
    writer.writerows([f"00T{number:015d}", *row] for number, row in enumerate(rows))
    return text.getvalue().encode()


@given(rows=ROWS, size=st.integers(1, 40))
def test_records_are_counted(rows: list[list[str]], size: int) -> None:
    content, counter = page(rows), RecordCounter()
    for start in range(0, len(content), size):
        counter.feed(content[start : start + size])
    assert counter.records() == len(rows)


@given(rows=ROWS.filter(bool), data=st.data())
def test_a_page_that_is_cut_is_refused_or_counts_fewer(
    rows: list[list[str]], data: st.DataObject
) -> None:
    content, counter = page(rows), RecordCounter()
    counter.feed(content[: data.draw(st.integers(0, len(content) - 1))])
    with suppress(BrokenAnswerError):
        assert counter.records() < len(rows)


def test_nothing_at_all_is_no_page() -> None:
    with pytest.raises(BrokenAnswerError):
        RecordCounter().records()
