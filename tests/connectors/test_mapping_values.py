"""Numbers, dates and flags are read as their column writes them, and nothing is lost."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.csv_export.connector import CsvExport
from connectors.engines.duckdb import Engine, literal
from connectors.errors import QuestionError
from connectors.intake.notation.dates import patterns_in, stamp_expression
from connectors.intake.notation.numbers import number_expression, number_style
from connectors.snapshot import Availability
from tests.connectors.written import load, load_deals, values, write_csv

HEADERS = ["Deal Name", "Stage", "Amount", "Close Date"]
ENGINE = Engine()


def amounts(folder, *written):
    rows = [[f"Deal {n}", "Won", text, "2026-01-31"] for n, text in enumerate(written)]
    loaded = load_deals(folder, HEADERS, rows)
    return [
        None if v is None else float(v)
        for v in values(loaded, "select amount from deals order by row_no")
    ]


def close_dates(folder, *written, mapping=None):
    rows = [[f"Deal {n}", "Won", "1", text] for n, text in enumerate(written)]
    loaded = load_deals(folder, HEADERS, rows, mapping)
    found = values(loaded, "select close_date from deals order by row_no")
    return [d and d.isoformat() for d in found], loaded


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["12 500,50", "1\u202f000", "7"], [12500.5, 1000, 7]),
        (["12\u00a0500,50 €", "- 3,00 €"], [12500.5, -3]),
        (["1.234.567,89", "12,5"], [1234567.89, 12.5]),
        (["$1,234.50", "$12"], [1234.5, 12]),
        (["12'500.50", "1’000.00"], [12500.5, 1000]),
        (["12,500", "900"], [12500, 900]),
        (["12.500", "1.200", "900"], [12500, 1200, 900]),
        (["12.500", "7.25"], [12.5, 7.25]),
        (["(1,200.00)", "5.00"], [-1200, 5]),
        (["3.00E+07", "1"], [30_000_000, 1]),
        (["1,5 k€", "2 M€", "300 €"], [1500, 2_000_000, 300]),
        (["EUR 10.50", "USD 3"], [10.5, 3]),
        (["#N/A", "", "  ", "4"], [None, None, None, 4]),
        ([" 12.5 ", "3"], [12.5, 3]),
        (["−5,00", "1,50"], [-5, 1.5]),
    ],
)
def test_amounts_are_read_as_their_column_writes_them(written, read, tmp_path):
    assert amounts(tmp_path, *written) == read


def test_a_value_that_is_no_number_is_kept_counted_and_listed_with_its_line(tmp_path):
    rows = [["A", "Won", "10", ""], ["B", "Won", "to be seen", ""], ["C", "Won", "1,2,3", ""]]
    loaded = load_deals(tmp_path, HEADERS, rows)
    assert loaded.snapshot.rows(
        "select name, amount, amount_as_written from deals order by row_no"
    ) == [("A", Decimal(10), None), ("B", None, "to be seen"), ("C", None, "1,2,3")]
    (counts,) = [c for c in loaded.snapshot.intake.columns if c.column == "amount"]
    assert (counts.filled, counts.unparsed) == (3, 2)
    assert [(u.file, u.line, u.value, u.reason) for u in loaded.snapshot.intake.unread] == [
        ("deals.csv", 3, "to be seen", "not_a_money"),
        ("deals.csv", 4, "1,2,3", "not_a_money"),
    ]


def test_a_column_that_parses_has_no_second_column(tmp_path):
    loaded = load_deals(tmp_path, HEADERS, [["A", "Won", "10", "2026-01-01"]])
    names = [row[0] for row in loaded.snapshot.rows("describe deals")]
    assert not [name for name in names if name.endswith("_as_written")]


def test_the_one_currency_of_the_amounts_becomes_the_currency(tmp_path):
    loaded = load_deals(tmp_path, HEADERS, [["A", "Won", "10 €", ""], ["B", "Won", "", ""]])
    assert values(loaded, "select currency from deals order by row_no") == ["EUR", None]
    assert loaded.snapshot.capabilities.column("deals", "currency") is Availability.DERIVED


def test_two_currencies_are_not_made_one(tmp_path):
    loaded = load_deals(tmp_path, HEADERS, [["A", "Won", "10 €", ""], ["B", "Won", "5 $", ""]])
    assert loaded.snapshot.capabilities.column("deals", "currency") is Availability.COLUMN_ABSENT


@given(
    number=st.decimals(min_value=-9_999_999, max_value=9_999_999, places=2),
    comma=st.booleans(),
    group=st.sampled_from(["", " ", "\u00a0", "\u202f", "'", "other"]),
    sign=st.sampled_from(["", " €", "$", "EUR "]),
)
@settings(max_examples=150, deadline=None)
def test_a_written_number_is_read_back(number, comma, group, sign):
    decimal = "," if comma else "."
    group = {"other": "." if comma else ","}.get(group, group)
    text = f"{abs(number):,.2f}".replace(",", "\0").replace(".", decimal).replace("\0", group)
    text = ("-" if number < 0 else "") + text
    text = sign + text if sign in ("$", "EUR ") else text + sign
    style = number_style([text, "0,25" if comma else "0.25"], money=True)
    sql = number_expression(literal(text), style, "decimal(18, 2)")
    assert ENGINE.value(f"select {sql}") == number


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["2026-01-31", "2026-2-1"], ["2026-01-31", "2026-02-01"]),
        (["2026-01-31T23:30:00.000Z"], ["2026-01-31"]),
        (["2026-01-31T23:30:00.000+0000"], ["2026-01-31"]),
        (["2020-12-30 3:15:52"], ["2020-12-30"]),
        (["31/01/2026", "02/03/2026"], ["2026-01-31", "2026-03-02"]),
        (["01/31/2026", "02/03/2026"], ["2026-01-31", "2026-02-03"]),
        (["03.02.2026", "04.02.2026"], ["2026-02-03", "2026-02-04"]),
        (["31-01-26", "05-06-26"], ["2026-01-31", "2026-06-05"]),
        (["1/31/2026, 3:05 PM", "2/3/2026, 11:00 AM"], ["2026-01-31", "2026-02-03"]),
        (["31/01/2026 14:30", "01/02/2026 09:15:10"], ["2026-01-31", "2026-02-01"]),
        (
            ["15 nov. 2026", "1er févr. 2026", "3 août 2026"],
            ["2026-11-15", "2026-02-01", "2026-08-03"],
        ),
        (["Nov 15, 2026", "March 3, 2026"], ["2026-11-15", "2026-03-03"]),
        (["46053", "46054.5"], ["2026-01-31", "2026-02-01"]),
        (["2026/01/31", "20260201"], ["2026-01-31", "2026-02-01"]),
        (["1769817600000"], ["2026-01-31"]),
        (["05/05/2026", "06/06/2026"], ["2026-05-05", "2026-06-06"]),
    ],
)
def test_dates_are_read_as_their_column_writes_them(written, read, tmp_path):
    found, loaded = close_dates(tmp_path, *written)
    assert found == read
    assert not loaded.inferred.questions


def test_the_majority_decides_and_the_impossible_day_is_kept_as_text(tmp_path):
    found, loaded = close_dates(tmp_path, "31/01/2026", "30/01/2026", "01/31/2026", "02/03/2026")
    assert found == ["2026-01-31", "2026-01-30", None, "2026-03-02"]
    assert [u.value for u in loaded.snapshot.intake.unread] == ["01/31/2026"]


def test_another_date_of_the_file_decides_for_one_that_does_not(tmp_path):
    headers = [*HEADERS, "Created Date"]
    loaded = load_deals(tmp_path, headers, [["A", "Won", "1", "02/03/2026", "31/01/2026"]])
    assert values(loaded, "select close_date from deals") == [date(2026, 3, 2)]
    assert not loaded.inferred.questions


def test_an_order_that_no_value_decides_is_asked_with_the_line_to_add(tmp_path):
    write_csv(tmp_path, "deals.csv", HEADERS, [["A", "Won", "1", "02/03/2026"]])
    with pytest.raises(QuestionError) as asked:
        CsvExport(tmp_path).extract(Engine(), tmp_path)
    sentence = str(asked.value)
    assert "tables:\n  deals:\n    dates:\n      close_date: day-first | month-first" in sentence
    assert "02/03/2026" in sentence


@pytest.mark.parametrize(
    ("answer", "read"), [("day-first", "2026-03-02"), ("month-first", "2026-02-03")]
)
def test_the_answer_decides_the_order(answer, read, tmp_path):
    told = {"tables": {"deals": {"dates": {"close_date": answer}}}}
    found, loaded = close_dates(tmp_path, "02/03/2026", mapping=told)
    assert (found, loaded.inferred.questions) == ([read], [])


@given(
    day=st.dates(min_value=date(1971, 1, 1), max_value=date(2090, 12, 31)),
    style=st.sampled_from(
        ["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%b %d, %Y"]
    ),
    clock=st.sampled_from(["", " %H:%M", " %H:%M:%S", " %I:%M %p"]),
    minute=st.integers(min_value=0, max_value=1439),
)
@settings(max_examples=150, deadline=None)
def test_a_written_stamp_is_read_back(day, style, clock, minute):
    moment = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001
    if style == "%Y-%m-%d" and "%p" in clock:
        clock = ""
    text = moment.strftime(style + clock)
    order = "month-first" if style.startswith("%m") else "day-first"
    sql = stamp_expression(literal(text), patterns_in([text]), order, "UTC", day_only=False)
    expected = moment if clock else moment.replace(hour=0, minute=0)
    assert ENGINE.value(f"select {sql}") == expected


def test_stamps_without_a_zone_are_read_on_the_organisations_clock(tmp_path):
    headers = ["Deal Name", "Stage", "Close Date", "Created Date", "Last Modified Date"]
    row = ["A", "Won", "2026-07-01T22:30:00Z", "2026-07-01 09:00", "2026-07-01T09:00:00+02:00"]
    loaded = load_deals(tmp_path, headers, [row], time_zone="Europe/Paris")
    assert loaded.snapshot.rows("select close_date, created_at, modified_at from deals") == [
        (date(2026, 7, 2), datetime(2026, 7, 1, 7, 0), datetime(2026, 7, 1, 7, 0))  # noqa: DTZ001
    ]


@pytest.mark.parametrize("zone", ["UTC", "Europe/Paris", "America/New_York", "Pacific/Auckland"])
def test_a_day_without_a_time_is_that_day_in_every_time_zone(tmp_path, zone):
    headers = ["Deal Name", "Stage", "Close Date", "Created Date"]
    row = ["A", "Won", "2026-03-29", "2026-03-29"]
    loaded = load_deals(tmp_path, headers, [row], time_zone=zone)
    assert loaded.snapshot.rows("select day_of(close_date), day_of(created_at) from deals") == [
        (date(2026, 3, 29), date(2026, 3, 29))
    ]


def test_days_are_counted_on_the_organisations_calendar(tmp_path):
    headers = ["Deal Name", "Stage", "Close Date", "Created Date"]
    row = ["A", "Won", "2026-07-02", "2026-07-01T22:30:00Z"]
    days = "select days_between(created_at, close_date) from deals"
    assert values(load_deals(tmp_path, headers, [row], time_zone="UTC"), days) == [1]
    assert values(load_deals(tmp_path, headers, [row], time_zone="Europe/Paris"), days) == [0]


def test_an_offset_is_never_dropped(tmp_path):
    headers = ["Deal Name", "Stage", "Created Date"]
    rows = [["A", "Won", "2026-07-01T00:30:00+0200"], ["B", "Won", "2026-07-01T00:30:00Z"]]
    loaded = load_deals(tmp_path, headers, rows)
    assert [v.hour for v in values(loaded, "select created_at from deals order by row_no")] == [
        22,
        0,
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["1", "", "1"], [True, False, True]),
        (["true", "false", ""], [True, False, None]),
        (["oui", "non", "OUI"], [True, False, True]),
        (["VRAI", "FAUX", "x"], [True, False, True]),
        (["1", "0", "maybe"], [True, False, None]),
        (["COMPLETED", "NOT_STARTED", "In progress"], [True, False, False]),
    ],
)
def test_flags_are_read_in_both_languages(written, read, tmp_path):
    rows = [[f"Deal {n}", "Negotiation", text] for n, text in enumerate(written)]
    loaded = load_deals(tmp_path, ["Deal Name", "Stage", "Is won"], rows)
    assert values(loaded, "select is_won from deals order by row_no") == read


def test_a_probability_between_0_and_1_is_a_share(tmp_path):
    rows = [["A", "Proposal", "0.25"], ["B", "Won", "1.0"]]
    loaded = load_deals(tmp_path, ["Deal Name", "Stage", "Probability"], rows)
    assert [float(v) for v in values(loaded, "select probability from deals order by row_no")] == [
        25,
        100,
    ]


def test_text_stays_as_written_but_blanks_are_nothing(tmp_path):
    rows = [[" A ", "Won", "1", ""], ["\u00a0 ", "Won", "1", ""], ["é", "Won", "1", ""]]
    loaded = load_deals(tmp_path, HEADERS, rows)
    assert values(loaded, "select name from deals order by row_no") == [" A ", None, "é"]


def test_hostile_headers_and_values_are_only_text(tmp_path):
    evil = "x'); drop table deals; --"
    headers = ["Deal Name", "Stage", evil, '"; select 1', "row_no", "IS_LIVE", "name "]
    loaded = load_deals(tmp_path, headers, [["A", evil, evil, "{{7*7}}", "9", "CA", "again"]])
    (row,) = loaded.snapshot.sql("select * from deals").to_dict("records")
    assert row[evil] == evil
    assert row['"; select 1'] == "{{7*7}}"
    assert (row["row_no"], row["row_no (2)"], row["IS_LIVE (2)"]) == (1, "9", "CA")


def test_two_files_of_one_table_are_united_by_name(tmp_path):
    write_csv(tmp_path, "deals-1.csv", [*HEADERS, "Region"], [["A", "Won", "1", "2026-01-31", "N"]])
    write_csv(
        tmp_path, "deals-2.csv", [*HEADERS[::-1], "Team"], [["2026-02-28", "2", "Won", "B", "T"]]
    )
    loaded = load(tmp_path)
    assert loaded.snapshot.rows(
        'select row_no, name, cast(amount as int), "Region", "Team" from deals order by row_no'
    ) == [(1, "A", 1, "N", None), (2, "B", 2, None, "T")]
    assert "files_united" in [note.code for note in loaded.inferred.notes]
