"""Accounts entered twice: keys that prove it, names that suggest it, and what only looks alike."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.measures.recognition import IN_ADDRESS, domain_of
from connectors.engines.duckdb import Engine
from tests.checks.relations import counts, groups, measure
from tests.checks.repeated_records import listed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"siren": "732 829 320"}, {"vat_number": "FR 44 732 829 320"}),
        ({"siret": "73282932000074"}, {"siren": "732829320"}),
        ({"website": "https://www.acier.fr/contact"}, {"website": "acier.fr"}),
        ({"website": "acier.fr"}, {"email": "info@acier.fr"}),
        ({"phone": "01 44 55 66 77"}, {"phone": "+33 (1) 44.55.66.77"}),
        (
            {"name": "Acier Dubois S.A.S.", "postal_code": "69001"},
            {"name": "ACIER-DUBOIS", "postal_code": "69 001"},
        ),
        (
            {"name": "Le Comptoir de l’Ouest SARL", "postal_code": "35000"},
            {"name": "Comptoir Ouest", "postal_code": "35000"},
        ),
    ],
)
def test_a_strong_key_is_proof(one: dict[str, Any], other: dict[str, Any]) -> None:
    one = {**dict.fromkeys(other), **one}
    other = {**dict.fromkeys(one), **other}
    _, _, found = measure("duplicate_account", "accounts", {"accounts": [one, other]})
    assert groups(found, "tier") == {"certain": (1, 2)}


_PIECES = (
    *("", "www", "www.", "www2.", "http://", "https://", "HTTP://", "ftp://", "acier", "a-b", "É"),
    *(".", ".fr", ".com", "..", "/", "@", ":", "#", "?", " ", "-", "a", "1", "\t"),
)


def test_the_short_way_to_a_domain_leads_where_the_long_one_does() -> None:
    engine = Engine()
    engine.run("create table piece as select unnest($1) as piece", [list(_PIECES)])
    texts = (
        "select one.piece || two.piece || three.piece || four.piece as address "
        "from piece one, piece two, piece three, piece four"
    )
    compared = (
        f"select {domain_of('address')} as short, "
        f"regexp_extract(lower(address), '{IN_ADDRESS}', 1) as long from ({texts})"
    )
    found = (
        f"select count(*) filter (short <> long), count(*) filter (short <> '') from ({compared})"
    )
    differing, domains = engine.rows(found)[0]
    assert (differing, domains > 1000) == (0, True)
    engine.close()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"website": "gmail.com"}, {"website": "gmail.com"}),
        ({"website": "linkedin.com/company/a"}, {"website": "linkedin.com/company/b"}),
        ({"siren": "000000000"}, {"siren": "000000000"}),
        (
            {"name": "Acier Dubois", "postal_code": "69001"},
            {"name": "Acier Dubois", "postal_code": "13001"},
        ),
        (
            {"name": "Agence 12 Conseil", "city": "Lyon"},
            {"name": "Agence 13 Conseil", "city": "Lyon"},
        ),
        ({"name": "GTX Pro", "city": "Lyon"}, {"name": "GTX Plus Pro", "city": "Lyon"}),
        ({"name": "Dupont", "city": "Lyon"}, {"name": "Dupond", "city": "Lyon"}),
    ],
)
def test_what_only_looks_alike_is_no_duplicate(one: dict[str, Any], other: dict[str, Any]) -> None:
    _, _, found = measure("duplicate_account", "accounts", {"accounts": [one, other]})
    assert found.k_defect == 0


@pytest.mark.parametrize(
    "other", ["Boulangerie Lefebvre", "Lefevre Boulangerie SARL", "Boulangrie Lefevre"]
)
def test_a_resembling_name_of_one_place_is_probable(other: str) -> None:
    _, _, found = measure(
        "duplicate_account",
        "accounts",
        {
            "accounts": [
                {"name": "Boulangerie Lefèvre SAS", "city": "Orléans", "phone": "0238010203"},
                {"name": other, "city": "ORLEANS", "phone": "0238040506"},
            ]
        },
    )
    assert groups(found, "tier") == {"probable": (1, 2)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # A name alone, and one letter of a short one in the same town.
        ({"name": "Kerbrat Nautisme", "city": None}, {"name": "Kerbrat Nautismes", "city": None}),
        (
            {"name": "Kerbrat Nautisme", "city": "Brest"},
            {"name": "Kerbrat Nautism", "city": "Lille"},
        ),
        ({"name": "Dupont", "city": "Lyon"}, {"name": "Dupond", "city": "Lyon"}),
    ],
)
def test_a_name_alone_is_listed_and_never_counted(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    phones = {"phone": "0238010203"}, {"phone": "0238040506"}
    tiers, counted = listed(
        "duplicate_account", "accounts", {**one, **phones[0]}, {**other, **phones[1]}
    )
    assert tiers == [("a1", "possible"), ("a2", "possible")]
    assert counted == 0


@pytest.mark.parametrize("other", ["Jardinerie Mazuier", "Jardinerie Meunier Sud"])
def test_a_word_in_common_makes_no_other_names_alike(other: str) -> None:
    rows = [
        {"name": "Jardinerie Meunier", "city": "Besançon", "phone": "0238010203"},
        {"name": other, "city": "Besançon", "phone": "0238040506"},
    ]
    assert listed("duplicate_account", "accounts", *rows)[1] == 0


def test_one_letter_apart_in_two_towns_is_nothing() -> None:
    rows = [
        {"name": "Dupont", "city": "Lyon", "phone": "0238010203"},
        {"name": "Dupond", "city": "Lille", "phone": "0238040506"},
    ]
    assert listed("duplicate_account", "accounts", *rows) == ([], 0)


def test_a_rare_word_backs_a_name_where_many_companies_are_known() -> None:
    others = [
        {"name": f"Garage {chr(97 + n // 26 % 26) * 4}{chr(97 + n % 26) * 4} Auto {n}"}
        for n in range(1000)
    ]
    pair = [{"name": "Kerbrat Nautisme"}, {"name": "Kerbrat Nautismes"}]
    rows = [{**row, "city": None, "phone": f"02380{n:05}"} for n, row in enumerate(pair + others)]
    tiers, counted = listed("duplicate_account", "accounts", *rows)
    assert (tiers, counted) == ([("a1", "probable"), ("a2", "probable")], 1)
    # Two towns are two places of business, until something else says that they are one.
    rows[0]["city"], rows[1]["city"] = "Brest", "Lorient"
    tiers, counted = listed("duplicate_account", "accounts", *rows)
    assert (tiers, counted) == ([("a1", "possible"), ("a2", "possible")], 0)


def test_different_domains_tell_companies_apart_whatever_their_names() -> None:
    rows = [
        {"name": "Kerbrat Nautisme", "city": "Brest", "website": "kerbrat.fr"},
        {"name": "Kerbrat Nautismes", "city": "Brest", "website": "kerbrat-nautismes.fr"},
    ]
    assert listed("duplicate_account", "accounts", *rows) == ([], 0)


def test_an_account_of_name_and_town_alone_is_examined() -> None:
    rows = [{"name": "Kerbrat", "city": "Brest"}, {"name": "Morel", "city": None}]
    rows = [{**row, "phone": None} for row in rows]
    _, _, found = measure("duplicate_account", "accounts", {"accounts": rows})
    assert counts(found) == (0, 1)


NAMES = st.lists(
    st.sampled_from(
        ["Kerbrat", "Kerbrat 2", "Nautisme Kerbrat", "Kerbrt Nautisme", "", "  ", "Été"]
    ),
    min_size=1,
    max_size=8,
)


@given(NAMES)
@settings(max_examples=15, deadline=None)
def test_listing_what_is_possible_never_changes_what_counts(names: list[str]) -> None:
    rows = [{"name": name or None, "city": None, "phone": None, "siren": None} for name in names]
    _, counted = listed("duplicate_account", "accounts", *rows)
    assert counted == 0
