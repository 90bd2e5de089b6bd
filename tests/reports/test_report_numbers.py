from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.numbers import Numbers, as_decimal
from reports.record_text import cell_text
from reports.wording import Wording

ENGLISH, FRENCH = Numbers("en_GB"), Numbers("fr")


@pytest.mark.parametrize(
    ("share", "english", "french"),
    [
        (0, "0%", "0\u00a0%"),
        (0.0004, "<\u00a00.1%", "<\u00a00,1\u00a0%"),
        (0.044, "4.4%", "4,4\u00a0%"),
        (0.05, "5%", "5\u00a0%"),
        (0.41, "41%", "41\u00a0%"),
        (0.9999, "99.9%", "99,9\u00a0%"),
        (1, "100%", "100\u00a0%"),
        (None, "–", "–"),
    ],
)
def test_percentages(share, english, french):
    assert ENGLISH.percent(share) == english
    assert FRENCH.percent(share) == french


@given(st.floats(0.000001, 0.999999))
def test_something_is_never_shown_as_nothing_or_as_all(share):
    assert ENGLISH.percent(share) not in {"0%", "100%"}


def test_a_range_names_its_unit_once():
    assert ENGLISH.percent_range(0.352, 0.471) == "35–47%"
    assert FRENCH.percent_range(0.012, 0.051) == "1,2–5,1\u00a0%"


@pytest.mark.parametrize(
    ("amount", "currency", "english", "french"),
    [
        ("3234567.10", "EUR", "€3.2M", "3,2\u00a0M\u00a0€"),
        ("323456", "EUR", "€323K", "323\u00a0k\u00a0€"),
        ("8500.40", "EUR", "€8,500", "8\u202f500\u00a0€"),
        ("3234567", None, "3.2M", "3,2\u00a0M"),
        ("0.00", "EUR", "–", "–"),
        (None, "EUR", "–", "–"),
        ("not money", "EUR", "–", "–"),
    ],
)
def test_sums_in_a_headline(amount, currency, english, french):
    assert ENGLISH.money_short(amount, currency) == english
    assert FRENCH.money_short(amount, currency) == french


def test_sums_in_a_table_are_whole():
    assert FRENCH.money("1234567.50", "EUR") == "1\u202f234\u202f568\u00a0€"
    assert ENGLISH.money("-500", None) == "-500"


def test_days():
    assert FRENCH.day(date(2026, 11, 30)) == "30 novembre 2026"
    assert ENGLISH.short_day(date(2026, 11, 30)) == "30\u00a0Nov\u00a02026"


@given(st.one_of(st.none(), st.text(), st.floats(), st.booleans()))
def test_nothing_but_a_finite_number_is_read_as_one(value):
    number = as_decimal(value)
    assert number is None or (isinstance(number, Decimal) and number.is_finite())


@given(st.text(), st.integers(2, 50))
def test_a_cell_is_one_short_line_without_hidden_marks(text, longest):
    shown = cell_text(text, longest)
    assert len(shown) <= longest
    assert not set(shown) & set("\x00\n\r\t\x1b\u202e\u2066\u200f")


def test_the_first_of_a_month_is_written_as_the_language_writes_it():
    french = Wording("fr").numbers
    assert french.day(date(2026, 5, 1)) == "1er mai 2026"
    assert french.short_day(date(2026, 7, 1)) == "1er\N{NO-BREAK SPACE}juil.\N{NO-BREAK SPACE}2026"
    assert french.day(date(2026, 5, 11)) == "11 mai 2026"
    assert Wording("en").numbers.day(date(2026, 5, 1)) == "1 May 2026"


def test_a_range_of_nothing_is_nothing_and_one_that_begins_there_needs_no_decimals():
    assert ENGLISH.percent_range(0, 0) == "0%"
    assert ENGLISH.percent_range(0.0001, 0.072) == "0–7.2%"
    assert ENGLISH.percent_range(0.35, 0.47) == "35–47%"
