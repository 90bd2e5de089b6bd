"""Strong junk is an answer nowhere; weak junk only where the field's type makes it so."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.context import Context
from checks.lexicon.junk import define_junk
from checks.lexicon.words import words
from tests.checks.relations import counts, groups, hits, measure
from tests.checks.snapshots import context_of


@pytest.fixture(scope="module")
def plain() -> Context:
    context = context_of({})
    define_junk(context.snapshot, context.profile)
    return context


def ask(context: Context, call: str, *values: Any) -> Any:
    return context.snapshot.rows(f"select {call}", list(values))[0][0]


@pytest.mark.parametrize(
    "value",
    [
        *(
            "n/a",
            "N/C",
            "N.A.",
            "#N/A",
            "(none)",
            "--None--",
            " NÉANT ",
            "à définir",
            "A  DEFINIR",
            "TBD",
        ),
        *("test", "Test 2", "test test", "Test compte", "xxx", "aaa", "0000", "azert", "qsdf"),
        *("-", "...", "??", "_", "1234", "unbekannt", "desconocido", "sconosciuto", "onbekend"),
    ],
)
def test_a_placeholder_is_strong_junk_however_it_is_typed(plain: Context, value: str) -> None:
    assert ask(plain, "strong_junk(?)", value)


@pytest.mark.parametrize(
    "value", ["Na", "Autre", "other", "Divers", "0", "1", "Test & Co", "Demo SARL"]
)
def test_what_only_some_fields_rule_out_is_weak(plain: Context, value: str) -> None:
    assert ask(plain, "junk_grade(?)", value) == 1
    assert not ask(plain, "strong_junk(?)", value)


@pytest.mark.parametrize(
    "value",
    [
        *("Dupont", "Martin & Fils", "Testament", "Contest", "Azer", "3M", "SAP", "Nanterre"),
        *("株式会社", "Łódź", "O'Brien", "Xx-Large Ltd", "www.acier.fr", "Renouvellement 1234"),
    ],
)
def test_a_real_value_is_no_junk(plain: Context, value: str) -> None:
    assert ask(plain, "junk_grade(?)", value) == 0


@pytest.mark.parametrize("value", [None, "", "   ", "\t"])
def test_an_empty_value_is_empty_and_not_junk(plain: Context, value: str | None) -> None:
    assert ask(plain, "junk_grade(?)", value) == 0
    assert ask(plain, "strong_junk_email(?)", value) is False
    assert ask(plain, "strong_junk_phone(?)", value) is False


@pytest.mark.parametrize(
    "address",
    ["test@test.com", "noemail@none.fr", "noemail@acier-dubois.fr", "n/a", "na", "x@x.fr"],
)
def test_a_mail_address_that_stands_for_none_is_junk(plain: Context, address: str) -> None:
    assert ask(plain, "strong_junk_email(?)", address)


@pytest.mark.parametrize("address", ["test@acier-dubois.fr", "jean@example.com", "a@gmail.com"])
def test_an_odd_mail_address_is_no_junk(plain: Context, address: str) -> None:
    assert not ask(plain, "strong_junk_email(?)", address)


@pytest.mark.parametrize(
    "number", ["0123456789", "06 00 00 00 00", "+33 1 23 45 67 89", "0", "n/a", "11111111"]
)
def test_a_number_that_nobody_has_is_junk(plain: Context, number: str) -> None:
    assert ask(plain, "strong_junk_phone(?)", number)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.from_regex("[0-9]{8,15}", fullmatch=True),
            st.from_regex(
                "[0-9]{0,3}(1{8}|7{9}|0{8}|12345678|123456789|1234567890)[0-9]?", fullmatch=True
            ),
        ),
        max_size=200,
    )
)
def test_the_bare_digits_of_a_number_are_judged_as_the_number_is(
    plain: Context, numbers: list[str]
) -> None:
    differing = plain.snapshot.rows(
        "select number from (select unnest($1) as number) "
        "where strong_junk_digits(number) <> strong_junk_phone(number)",
        [numbers],
    )
    assert differing == []


@pytest.mark.parametrize("number", ["01 44 55 66 77", "+44 20 7946 0958", "0800 123 456"])
def test_a_phone_number_is_no_junk(plain: Context, number: str) -> None:
    assert not ask(plain, "strong_junk_phone(?)", number)


@pytest.mark.parametrize("value", [0, 1, -1, 0.01, 99, 999, 9999, 999999])
def test_a_sentinel_is_a_junk_number(plain: Context, value: float) -> None:
    assert ask(plain, "strong_junk_number(cast(? as decimal(18, 2)))", value)


def test_an_amount_is_no_junk_number(plain: Context) -> None:
    assert not ask(plain, "strong_junk_number(cast(? as decimal(18, 2)))", 12_400)
    assert ask(plain, "strong_junk_number(cast(null as bigint))") is False


@pytest.mark.parametrize(
    ("day", "junk"),
    [
        ("1899-12-30", True),
        ("1900-01-01", True),
        ("1970-01-01", True),
        ("1990-01-01", False),
        ("2031-06-30", False),
        ("2031-07-01", True),
        ("2099-12-31", True),
        ("9999-12-31", True),
    ],
)
def test_a_day_out_of_this_world_is_junk(plain: Context, day: str, junk: bool) -> None:
    assert ask(plain, "strong_junk_day(cast(? as date), date '2026-06-30')", day) is junk


def test_the_profile_adds_words_and_takes_values_out() -> None:
    context = context_of({}, lexicon={"junk": ["Pas Noté"], "not_junk": ["ESSAI", "Autre"]})
    define_junk(context.snapshot, context.profile)
    assert ask(context, "strong_junk(?)", "pas note")
    assert ask(context, "junk_grade(?)", "essai") == 0
    assert ask(context, "junk_grade(?)", "autre") == 0
    assert ask(context, "strong_junk(?)", "n/a")


def test_a_word_of_the_profile_is_data_and_not_sql() -> None:
    context = context_of({}, lexicon={"junk": ["'; drop table deals; --", "a(b[c"]})
    define_junk(context.snapshot, context.profile)
    assert ask(context, "strong_junk(?)", "'; DROP table deals; --")
    assert ask(context, "strong_junk(?)", "a(b[c")


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_every_word_of_the_lexicon_is_junk_in_any_case_and_between_signs(
    plain: Context, data: st.DataObject
) -> None:
    word = data.draw(st.sampled_from(sorted(words("junk", "strong"))))
    cased = data.draw(st.sampled_from([word, word.upper(), word.title()]))
    around = data.draw(st.sampled_from(["", " ", "-", "*", '"']))
    assert ask(plain, "strong_junk(?)", f"{around}{cased}{around}")


def test_a_deal_counts_once_however_many_junk_values_it_holds() -> None:
    context, check, found = measure(
        "junk_values",
        "deals",
        {
            "deals": [
                {"name": "xxx", "amount": 999999, "state": "open"},
                {"name": "Rénovation", "amount": 12000, "state": "open"},
                {"name": None, "amount": None, "state": "open"},
            ]
        },
    )
    assert counts(found) == (1, 2)
    assert hits(context, check, "record_id", "field", "value") == [
        ("d1", "name", "xxx"),
        ("d1", "amount", "999999.00"),
    ]


def test_every_field_has_its_own_rate_and_weak_junk_is_shown_apart() -> None:
    _, _, found = measure(
        "junk_values",
        "accounts",
        {
            "accounts": [
                {"name": "Test & Co", "website": "-"},
                {"name": "asdf", "website": None},
                {"name": "Acier Dubois", "website": "acier.fr"},
            ]
        },
    )
    assert groups(found, "field") == {"accounts.name": (1, 3), "accounts.website": (1, 2)}
    assert groups(found, "weak_field") == {"accounts.name": (1, 3)}


def test_no_amount_and_the_amount_of_a_lost_deal_have_another_home() -> None:
    _, _, found = measure(
        "junk_values",
        "deals",
        {
            "deals": [
                {"name": "A", "amount": 0, "state": "open"},
                {"name": "B", "amount": 1, "state": "lost"},
                {"name": "C", "amount": 1, "state": "won"},
            ]
        },
    )
    assert counts(found) == (1, 3)


def test_a_company_may_have_one_employee_but_not_999999() -> None:
    context, check, found = measure(
        "junk_values",
        "accounts",
        {"accounts": [{"name": "A", "employees": 1}, {"name": "B", "employees": 999999}]},
    )
    assert counts(found) == (1, 2)
    assert hits(context, check, "record_id") == ["a2"]


def test_a_close_date_that_looks_like_a_default_is_shown_and_not_counted() -> None:
    deals = [{"name": f"Deal {i}", "close_date": "2026-12-31"} for i in range(40)]
    deals += [{"name": f"Deal {i}", "close_date": f"2026-09-{i + 1:02}"} for i in range(20)]
    _, _, found = measure("junk_values", "deals", {"deals": deals})
    assert groups(found, "default_day") == {"2026-12-31": (40, 60)}
    assert found.k_defect == 0


def test_without_any_field_to_examine_it_is_not_observable() -> None:
    _, _, found = measure("junk_values", "leads", {"leads": []})
    assert found.reason == "column_absent"
