from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.features.predicates import parse_predicate
from connectors.engines.duckdb import Engine, identifier
from connectors.errors import ConfigurationError


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


@pytest.mark.parametrize(
    "text",
    [
        "is_open and not is_won or is_lost",
        "amount is null or amount <= 0",
        "stage in ('Offer', 'Won') and stage not in ('Lost')",
        "probability between 10 and 90",
        "coalesce(name, next_step) is not null",
        "lower(name) = 'x' and length(name) > 1 and abs(amount) <> 2",
        "date_diff('day', created_at, close_date) < 0",
        "regexp_matches(name, '^[A-Z]') or starts_with(name, 'x')",
        "(amount + 1) * 2 / 3 - 1 > -5",
        "close_date < date '2026-01-01'",
        "cast(created_at as date) = close_date",
        '"Region__c" is null',
        "true",
        "is_open",
    ],
)
def test_accepts_the_words_of_the_list(text: str) -> None:
    assert parse_predicate(text, {}).text == text


def test_days_are_those_of_the_organisations_calendar() -> None:
    engine = Engine()
    engine.use_time_zone("Europe/Paris")
    late = "(select timestamp '2026-06-30 22:30:00' as created_at, date '2026-07-01' as close_date)"
    for text in (
        "date_diff('day', created_at, close_date) = 0",
        "cast(created_at as date) = close_date",
        "cast(created_at as date) = date '2026-07-01'",
    ):
        condition = parse_predicate(text, {}).sql(identifier)
        assert engine.value(f"select {condition} from {late}") is True, text


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("name like 'x%'", "like"),
        ("upper(name) = 'X'", "upper"),
        ("my_function(name)", "my_function"),
        ("read_csv('/etc/passwd') is null", "read_csv"),
        ("amount in (select 1)", "in without a list"),
        ("exists (select 1)", "exists"),
        ("(select true)", "subquery"),
        ("char_length(name) > 1", "char_length"),
        ("ifnull(name, 'x') = 'x'", "ifnull"),
        ("deals.amount > 1", "deals.amount"),
        ("count(*) > 1", "count"),
        ("sum(amount) over () > 1", "sum"),
        ("case when is_open then true end", "case"),
        ("regexp_matches(name, 'x', 'i')", "three arguments"),
        ("cast(name as integer) > 1", "cast as int"),
        ("name || 'x' = 'y'", "dpipe"),
        ("amount % 2 = 0", "mod"),
        ("name ~ 'x'", "~"),
        ("list_filter([1], x -> x > 0) is null", ""),
        ("name[1] = 'x'", "bracket"),
        ("current_date > close_date", "current"),
        ("random() > 0.5", "rand"),
        ("getenv('HOME') = 'x'", "getenv"),
    ],
)
def test_refuses_every_other_word_by_name_and_gives_the_list(text: str, word: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        parse_predicate(text, {}, where="mine.yaml:7")
    message = str(refused.value)
    assert message.startswith("mine.yaml:7: ")
    assert word in message
    assert "regexp_matches with two arguments" in message


@pytest.mark.parametrize("text", ["", "a, b", "a; b", "amount >", "'open", "select 1", "a b c"])
def test_refuses_what_is_not_one_expression(text: str) -> None:
    with pytest.raises(ConfigurationError):
        parse_predicate(text, {})


@pytest.mark.parametrize("text", ["amount + 1", "'x'", "lower(name)", "5"])
def test_refuses_what_is_neither_true_nor_false(text: str) -> None:
    with pytest.raises(ConfigurationError, match="neither true nor false"):
        parse_predicate(text, {})


def test_a_parameter_without_a_value_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"uses \$grace_day,.*grace_days"):
        parse_predicate("days_past_close > $grace_day", {"grace_days": 3})


def test_parameters_become_literals() -> None:
    predicate = parse_predicate("a > $x and b = $y and c < $z", {"x": -2, "y": "it's", "z": 0.5})
    assert predicate.resolved() == "a > (-2) AND b = 'it''s' AND c < 0.5"


def test_a_day_becomes_a_date() -> None:
    predicate = parse_predicate("close_date < $day", {"day": date(2026, 6, 30)})
    assert predicate.resolved() == "close_date < CAST('2026-06-30' AS DATE)"


def test_names_are_read_off_the_tree() -> None:
    predicate = parse_predicate('is_open and coalesce(amount, "Margin %") > $least', {"least": 1})
    assert predicate.names == {"is_open", "amount", "Margin %"}
    assert predicate.quoted == {"Margin %"}


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_no_text_escapes_its_literal(engine: Engine, text: str) -> None:
    predicate = parse_predicate("name = $value", {"value": text})
    condition = predicate.sql(identifier)
    query = f"select {condition} from (select ? as name)"
    assert engine.value(query, [text]) is True
