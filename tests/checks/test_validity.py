"""Mail addresses, phone numbers and company numbers: the libraries judge, the engine spares."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.measures import company_ids, emails, phones
from connectors.engines.duckdb import Engine
from tests.checks.relations import counts, groups, hits, measure

#: A question to the engine takes as long for ten values as for one.
_TOGETHER = 10

_DIGITS = st.text("0123456789", min_size=3, max_size=14)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


def cleared(engine: Engine, condition: str, rows: list[dict[str, str]]) -> list[bool]:
    """Return of each row whether the engine clears it, without asking a library."""
    engine.register("given", pd.DataFrame(rows, dtype=object))
    return [bool(one) for (one,) in engine.rows(f"select {condition} from given")]


# Mail addresses


_ADDRESSES = st.one_of(
    st.emails(),
    st.from_regex(r"[a-zA-Z0-9_.+%-]{1,12}@[a-zA-Z0-9.-]{1,20}\.[a-zA-Z]{1,6}", fullmatch=True),
    st.sampled_from(["a@b.test", "a@x.localhost", "a@b.LOCAL", "a@b.onion", "a@b.invalid"]),
    st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=30),
)


@given(st.lists(_ADDRESSES, min_size=_TOGETHER, max_size=_TOGETHER))
@settings(max_examples=40, deadline=None)
def test_no_address_that_the_engine_clears_is_refused(engine: Engine, addresses: list[str]) -> None:
    found = cleared(engine, emails.PLAINLY_VALID, [{"value": address} for address in addresses])
    clear = [address for address, is_clear in zip(addresses, found, strict=True) if is_clear]
    assert [address for address in clear if emails.is_refused(address)] == []


@pytest.mark.parametrize(
    "address", ["claire.durand@acier-dubois.fr", "p.petit+crm@sub.example.com", "X_1@a.co"]
)
def test_the_engine_clears_an_ordinary_address(engine: Engine, address: str) -> None:
    assert cleared(engine, emails.PLAINLY_VALID, [{"value": address}]) == [True]


def test_addresses_of_contacts_and_leads_are_judged_and_junk_is_left_out() -> None:
    context, check, found = measure(
        "invalid_email",
        "contacts",
        {
            "contacts": [
                {"email": "claire@acier.fr", "owner_id": "u1"},
                {"email": "claire@@acier.fr", "owner_id": "u1"},
                {"email": "jean@acier.local"},
                {"email": "test@test.com"},
                {"email": None},
            ],
            "leads": [{"email": "paul(at)acier.fr"}, {"email": "élodie@acier.fr"}],
        },
    )
    assert counts(found) == (3, 5)
    assert hits(context, check, "table_name", "record_id", "value") == [
        ("contacts", "c2", "claire@@acier.fr"),
        ("contacts", "c3", "jean@acier.local"),
        ("leads", "l1", "paul(at)acier.fr"),
    ]
    assert groups(found, "table") == {"contacts": (2, 3), "leads": (1, 2)}


def test_a_mistyped_domain_is_shown_and_not_counted() -> None:
    contacts = [{"email": f"p{number}@gmail.com"} for number in range(20)]
    _, _, found = measure(
        "invalid_email",
        "contacts",
        {"contacts": [*contacts, {"email": "x@gmial.com"}, {"email": "y@acier.fr"}]},
    )
    assert counts(found) == (0, 22)
    assert groups(found, "typo_domain") == {"gmial.com": (1, 22)}


def test_without_addresses_it_is_not_observable() -> None:
    _, _, found = measure("invalid_email", "contacts", {"contacts": [{"name": "A"}]})
    assert found.reason == "column_absent"
    assert found.missing == (("contacts", "email"),)


# Phone numbers


def possible(engine: Engine, region: str, numbers: list[str]) -> list[bool]:
    engine.register("typed", pd.DataFrame({"value": numbers}, dtype=object))
    condition = phones.plainly_possible([region])
    digits = [one for (one,) in engine.rows(f"select {phones.DIGITS} from typed")]
    return cleared(
        engine,
        condition,
        [
            {"region": region, "value": number, "digits": only}
            for number, only in zip(numbers, digits, strict=True)
        ],
    )


@given(
    region=st.sampled_from(["FR", "BE", "CH", "DE", "ES", "GB", "IL", "IT", "NL", "US", "UY"]),
    numbers=st.lists(
        st.tuples(
            st.sampled_from(["", "0", "00", "(0", "+", "+33 ", "+1-", "+44 (0)", "+49", "011"]),
            _DIGITS,
            st.sampled_from(["", ")", " 12", "-34", ".56", " ", " ext 1"]),
        ).map("".join),
        min_size=_TOGETHER,
        max_size=_TOGETHER,
    ),
)
@settings(max_examples=40, deadline=None)
def test_no_number_that_the_engine_clears_is_refused(
    engine: Engine, region: str, numbers: list[str]
) -> None:
    found = possible(engine, region, numbers)
    clear = [number for number, is_clear in zip(numbers, found, strict=True) if is_clear]
    assert [number for number in clear if phones.is_refused(number, region)] == []


@pytest.mark.parametrize(
    ("region", "number"),
    [
        ("FR", "01 44 55 66 77"),
        ("FR", "+33 1 44 55 66 77"),
        ("US", "(949) 471-7000"),
        ("GB", "020 7946 0958"),
        ("DE", "+49 30 901820"),
    ],
)
def test_the_engine_clears_an_ordinary_number(engine: Engine, region: str, number: str) -> None:
    assert possible(engine, region, [number]) == [True]


def test_every_number_in_a_field_must_be_possible() -> None:
    assert not phones.is_refused("01 44 55 66 77 / 06 12 34 56 78", "FR")
    assert phones.is_refused("01 44 55 66 77 / 06 12", "FR")
    assert phones.is_refused("01 44 55 66 77 ; nach 18 Uhr", "FR")


def test_half_a_number_is_none_even_where_short_ones_are_dialled_within_a_town() -> None:
    assert phones.is_refused("07756", "GB")
    assert phones.is_refused("+44 7756", None)
    assert not phones.is_refused("496 0991", "GB")
    assert not phones.is_refused("07756 123456", "GB")


def test_a_number_is_judged_by_the_country_of_its_record() -> None:
    context, check, found = measure(
        "invalid_phone",
        "contacts",
        {
            "contacts": [
                {"phone": "01 44 55 66 77", "country": "France"},
                {"phone": "44 55 66", "country": "États-Unis"},
                {"phone": "(949) 471-7000", "country": "USA"},
                {"phone": "01 44 55", "country": "Atlantide"},
                {"phone": "01 44 55", "country": None},
                {"phone": "+33 1 44", "country": None},
            ]
        },
    )
    assert counts(found) == (2, 4)
    assert hits(context, check, "record_id") == ["c2", "c6"]


def test_the_region_of_the_profile_stands_in_for_a_missing_country() -> None:
    _, _, found = measure(
        "invalid_phone",
        "contacts",
        {"contacts": [{"phone": "01 44 55"}, {"phone": "01 44 55 66 77"}]},
        region="fr",
    )
    assert counts(found) == (1, 2)


def test_a_contact_with_two_bad_numbers_fails_once_and_is_listed_twice() -> None:
    context, check, found = measure(
        "invalid_phone",
        "contacts",
        {"contacts": [{"phone": "+33 1", "mobile": "+33 6"}, {"phone": "06 00 00 00 00"}]},
        region="FR",
    )
    assert counts(found) == (1, 1)
    assert hits(context, check, "field") == ["mobile", "phone"]


# Company numbers


def _with_luhn(digits: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(digits), start=1):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 * (value > 9)
    return digits + str(-total % 10)


@st.composite
def _company_numbers(draw: st.DrawFn) -> dict[str, str]:
    """Draw a company number, right or nearly so."""
    siren = _with_luhn(draw(st.text("0123456789", min_size=8, max_size=8)))
    rest = draw(st.text("0123456789", min_size=1, max_size=5))
    good = draw(st.booleans())
    key = (12 + 3 * (int(siren) % 97)) % 97 if good else int(rest[:2])
    numbers = {
        "siren": siren if good else siren[:-1] + rest[0],
        "siret": _with_luhn(siren + rest.zfill(4)[:4]) if good else siren + rest.zfill(5),
        "vat_number": f"FR{key:02}{siren}",
    }
    field = draw(st.sampled_from(sorted(numbers)))
    return {"field": field, "number": numbers[field]}


@given(st.lists(_company_numbers(), min_size=_TOGETHER, max_size=_TOGETHER))
@settings(max_examples=40, deadline=None)
def test_no_company_number_that_the_engine_clears_is_refused(
    engine: Engine, numbers: list[dict[str, str]]
) -> None:
    found = cleared(engine, company_ids.PLAINLY_VALID, numbers)
    clear = [number for number, is_clear in zip(numbers, found, strict=True) if is_clear]
    assert [one for one in clear if company_ids.is_refused(**one) is not False] == []


@pytest.mark.parametrize(
    ("field", "number"),
    [("siren", "732829320"), ("siret", "73282932000074"), ("vat_number", "FR44732829320")],
)
def test_the_engine_clears_a_right_company_number(engine: Engine, field: str, number: str) -> None:
    numbers = [{"field": field, "number": number}]
    assert cleared(engine, company_ids.PLAINLY_VALID, numbers) == [True]


def test_a_number_is_wrong_by_its_digits_or_by_its_sibling() -> None:
    context, check, found = measure(
        "invalid_company_id",
        "accounts",
        {
            "accounts": [
                {"siren": "732 829 320", "siret": "73282932000074", "vat_number": "FR44732829320"},
                {"siren": "732829321"},
                {"siren": "000000000"},
                {"siren": "552100554", "siret": "73282932000074"},
                {"siren": "552100554", "vat_number": "FR44732829320"},
            ]
        },
    )
    assert counts(found) == (4, 5)
    assert hits(context, check, "record_id", "field", "reason") == [
        ("a2", "siren", "check_digits"),
        ("a3", "siren", "check_digits"),
        ("a4", "siret", "contradicts_siren"),
        ("a5", "vat_number", "contradicts_siren"),
    ]


def test_establishments_of_the_post_office_follow_their_own_rule() -> None:
    _, _, found = measure(
        "invalid_company_id", "accounts", {"accounts": [{"siret": "35600000009075"}]}
    )
    assert counts(found) == (0, 1)


def test_words_and_numbers_of_unknown_countries_are_not_judged() -> None:
    _, _, found = measure(
        "invalid_company_id",
        "accounts",
        {"accounts": [{"vat_number": "US12-3456"}, {"vat_number": "n/a"}, {"vat_number": "DE1"}]},
    )
    assert counts(found) == (1, 1)
