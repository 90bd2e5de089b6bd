"""Records that are one and the same: keys, shared keys, clusters and their survivors."""

from __future__ import annotations

import csv
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.measures.clusters import Links, _components
from checks.measures.recognition import IN_ADDRESS, domain_of
from connectors.engines.duckdb import Engine
from tests.checks.relations import counts, groups, hits, measure

_SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "sf_mashmatrix_demo"


def day(number: int) -> datetime:
    return datetime.fromisoformat(f"2026-01-{number:02}")


def contacts(*rows: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    return {"contacts": list(rows)}


def test_one_mailbox_is_one_person_and_the_oldest_record_survives() -> None:
    context, check, found = measure(
        "duplicate_contact",
        "contacts",
        contacts(
            {"email": "c.durand@acier.fr", "created_at": day(3)},
            {"email": " C.Durand@Acier.fr", "created_at": day(1)},
            {"email": "p.petit@acier.fr", "created_at": day(2)},
        ),
    )
    assert counts(found) == (1, 3)
    assert hits(context, check, "record_id", "is_survivor", "counted", "survivor", "field") == [
        ("c2", True, False, "c2", "email"),
        ("c1", False, True, "c2", "email"),
    ]


def test_records_of_one_day_survive_by_lowest_id() -> None:
    context, check, _ = measure(
        "duplicate_contact",
        "contacts",
        contacts({"id": "b", "email": "x@acier.fr"}, {"id": "a", "email": "x@acier.fr"}),
    )
    assert hits(context, check, "survivor") == ["a", "a"]


def test_a_mailbox_of_many_accounts_is_shared_and_identifies_nobody() -> None:
    rows = [{"email": "all@org.fr", "account_id": f"a{number % 3}"} for number in range(5)]
    _, _, found = measure("duplicate_contact", "contacts", contacts(*rows))
    assert counts(found) == (0, 0)


def test_a_mailbox_of_many_contacts_of_two_accounts_is_not_shared() -> None:
    rows = [{"email": "x@org.fr", "account_id": f"a{number % 2}"} for number in range(5)]
    _, _, found = measure("duplicate_contact", "contacts", contacts(*rows))
    assert counts(found) == (4, 5)


def test_colleagues_with_one_desk_mailbox_and_one_switchboard_are_two_people() -> None:
    desk = {"email": "info@acier.fr", "phone": "01 44 55 66 77", "account_id": "a1"}
    _, _, found = measure(
        "duplicate_contact",
        "contacts",
        contacts(
            {**desk, "first_name": "Claire", "last_name": "Durand"},
            {**desk, "first_name": "Paul", "last_name": "Petit"},
            {**desk, "first_name": "PAUL", "last_name": "Petit"},
        ),
    )
    assert counts(found) == (1, 3)


def test_a_mobile_is_the_same_with_and_without_its_prefix() -> None:
    _, _, found = measure(
        "duplicate_contact",
        "contacts",
        contacts({"mobile": "+33 6 12 34 56 77"}, {"mobile": "06.12.34.56.77"}),
    )
    assert counts(found) == (1, 2)


def test_a_name_identifies_within_its_account_only() -> None:
    name = {"first_name": "Zoé", "last_name": "Le Goff"}
    _, _, found = measure(
        "duplicate_contact",
        "contacts",
        contacts(
            {**name, "account_id": "a1"},
            {"first_name": "ZOE", "last_name": "LEGOFF", "account_id": "a1"},
            {**name, "account_id": "a2"},
            {"last_name": "Le Goff", "account_id": "a1"},
        ),
    )
    assert counts(found) == (1, 3)


def test_keys_chain_records_into_one_cluster() -> None:
    _, _, found = measure(
        "duplicate_contact",
        "contacts",
        contacts(
            {"email": "a@acier.fr", "mobile": "06 12 34 56 77"},
            {"email": "b@acier.fr", "mobile": "06 12 34 56 77"},
            {"email": "b@acier.fr", "mobile": "06 98 76 54 31"},
        ),
    )
    assert counts(found) == (2, 3)
    assert groups(found, "tier") == {"certain": (2, 3)}


def test_junk_identifies_nobody() -> None:
    junk = {"email": "test@test.com", "mobile": "06 00 00 00 00", "account_id": "a1"}
    name = {"first_name": "xxx", "last_name": "xxx"}
    _, _, found = measure(
        "duplicate_contact", "contacts", contacts({**junk, **name}, {**junk, **name})
    )
    assert counts(found) == (0, 0)


def test_leads_are_recognised_by_name_and_company_as_typed() -> None:
    _, _, found = measure(
        "duplicate_lead",
        "leads",
        {
            "leads": [
                {"name": "Ana Costa", "company": "Acier-Dubois"},
                {"name": "ANA COSTA", "company": "acier dubois"},
                {"name": "Ana Costa", "company": "Bois Martin"},
            ]
        },
    )
    assert counts(found) == (1, 3)


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


def listed(name: str, table: str, *rows: dict[str, Any]) -> tuple[list[Any], int]:
    """The tiers of the records listed, by record, and how many count."""
    context, check, found = measure(name, table, {table: list(rows)})
    tiers = sorted(hits(context, check, "record_id", "tier"))
    return tiers, found.k_defect


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


def test_what_possibly_repeats_a_cluster_stays_outside_of_it() -> None:
    rows = [
        {"name": "Kerbrat Nautisme", "city": "Brest", "siren": "732829320"},
        {"name": "KERBRAT NAUTISME SAS", "city": "Brest", "siren": "732829320"},
        {"name": "Kerbrat Nautismes", "city": "Lille", "siren": None},
    ]
    context, check, found = measure("duplicate_account", "accounts", {"accounts": rows})
    assert counts(found) == (1, 3)
    clusters = hits(context, check, "cluster_id", "record_id", "tier", "counted")
    assert [row for row in clusters if row[0] == 1] == [
        (1, "a1", "certain", False),
        (1, "a2", "certain", True),
    ]
    doubtful = [row for row in clusters if row[0] == 2]
    assert {row[1] for row in doubtful} == {"a1", "a2", "a3"}
    assert {row[2:] for row in doubtful} == {("possible", False)}


def test_an_account_of_name_and_town_alone_is_examined() -> None:
    rows = [{"name": "Kerbrat", "city": "Brest"}, {"name": "Morel", "city": None}]
    rows = [{**row, "phone": None} for row in rows]
    _, _, found = measure("duplicate_account", "accounts", {"accounts": rows})
    assert counts(found) == (0, 1)


def test_colleagues_of_resembling_names_are_one_person_unless_mail_tells_them_apart() -> None:
    one = {"first_name": "Marie-Claire", "last_name": "Lefebvre", "account_id": "a1"}
    other = {**one, "last_name": "Lefevre"}
    for mails, tier, excess in (
        (("mc@acier.fr", None), "probable", 1),
        (("mc@acier.fr", "m.lefevre@acier.fr"), "possible", 0),
    ):
        rows = [{**row, "email": mail} for row, mail in zip((one, other), mails, strict=True)]
        tiers, counted = listed("duplicate_contact", "contacts", *rows)
        assert (tiers, counted) == ([("c1", tier), ("c2", tier)], excess)
    elsewhere = {**other, "account_id": "a2", "email": None}
    assert listed("duplicate_contact", "contacts", {**one, "email": None}, elsewhere) == ([], 0)


@pytest.mark.parametrize(
    ("changes", "tier", "excess"),
    [
        ({}, "certain", 1),
        ({"name": "Press line"}, "probable", 1),
        ({"amount": 501}, "probable", 1),
        ({"name": "Renovation B22"}, "probable", 1),
        ({"name": "Renovations of halls", "amount": None}, "possible", 0),
    ],
)
def test_deals_are_graded_by_what_they_share(
    changes: dict[str, Any], tier: str, excess: int
) -> None:
    first = {"account_id": "a1", "created_at": day(1), "state": "open", "amount": 500}
    first["name"] = "Renovation of halls" if changes.get("amount", 0) is None else "Renovation B2"
    tiers, counted = listed("duplicate_deal", "deals", first, {**first, **changes})
    assert (tiers, counted) == ([("d1", tier), ("d2", tier)], excess)


def test_one_machine_of_two_numbers_is_two_deals() -> None:
    one = {"account_id": "a1", "created_at": day(1), "state": "open", "amount": None}
    rows = [{**one, "name": f"Renovation of hall {number}"} for number in (1, 2)]
    assert listed("duplicate_deal", "deals", *rows) == ([], 0)


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


def deal(created: int, **values: Any) -> dict[str, Any]:
    return {"account_id": "a1", "created_at": day(created), "state": "open", **values}


@pytest.mark.parametrize(
    ("one", "other", "excess"),
    [
        (deal(1, amount=500), deal(8, amount=500), 1),
        (deal(1, amount=500), deal(9, amount=500), 0),
        (deal(1, amount=500), deal(1, amount=501), 0),
        (deal(1, amount=0), deal(1, amount=0), 0),
        (deal(1, amount=500), deal(1, amount=500, account_id="a2"), 0),
        (deal(1, amount=500, account_id=None), deal(1, amount=500, account_id=None), 0),
        (deal(1, amount=500, state="won"), deal(1, amount=500, state="lost"), 1),
        (deal(1, name="Rénovation  B2"), deal(31, name="renovation b2"), 1),
        (deal(1, name="Rénovation"), deal(31, name="renovation", state="won"), 0),
        (deal(1, name="Rénovation", is_deleted=True), deal(1, name="Rénovation"), 0),
    ],
)
def test_a_deal_entered_twice(one: dict[str, Any], other: dict[str, Any], excess: int) -> None:
    rows = [
        {"name": f"Deal {number}", "amount": None, **row} for number, row in enumerate((one, other))
    ]
    _, _, found = measure("duplicate_deal", "deals", {"deals": rows})
    assert found.k_defect == excess


def test_deals_of_one_amount_chain_from_one_to_the_next() -> None:
    rows = [deal(created, amount=500, name=None) for created in (1, 8, 15, 25)]
    context, check, found = measure("duplicate_deal", "deals", {"deals": rows})
    assert counts(found) == (2, 4)
    assert hits(context, check, "record_id") == ["d1", "d2", "d3"]


def test_an_amount_that_many_deals_bear_is_a_price_and_marks_none() -> None:
    same = {"amount": 10_000}
    twice = [deal(1, name="Doors", **same), deal(3, name="Gates", **same)]
    others = [deal(1, account_id=f"b{n}", name=f"Order {n}", **same) for n in range(3)]
    _, _, found = measure("duplicate_deal", "deals", {"deals": [*twice, *others]})
    assert found.k_defect == 0
    _, _, found = measure("duplicate_deal", "deals", {"deals": [*twice, *others[1:]]})
    assert found.k_defect == 1
    named = [deal(1, name="Doors", **same), deal(3, name="DOORS", state="won", **same)]
    _, _, found = measure("duplicate_deal", "deals", {"deals": [*named, *others]})
    assert found.k_defect == 1


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=20))
@settings(deadline=None)
def test_components_are_those_of_a_plain_union_find(pairs: list[tuple[int, int]]) -> None:
    first = list(range(13))
    for _ in range(13):
        for left, right in pairs:
            first[left] = first[right] = min(first[left], first[right])
    left, right = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    rows = np.unique(np.concatenate([left, right]))
    found = _components(rows, [Links("x", "certain", left, right)]) if pairs else rows
    assert found.tolist() == [first[row] for row in rows]


@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz"), st.integers(0, 9)),
        min_size=1,
        max_size=14,
    )
)
@settings(max_examples=10, deadline=None)
def test_the_excess_is_cluster_sizes_minus_one_whatever_the_order(
    people: list[tuple[str, str, int]],
) -> None:
    rows = [
        {
            "id": f"c{number:02}",
            "email": f"{mail}@acier.fr",
            "mobile": f"06 12 34 56 {mobile}{mobile + 1}",
            "account_id": "a1",
            "name": None,
            "company": company,
        }
        for number, (mail, company, mobile) in enumerate(people)
    ]
    context, _, found = measure("duplicate_contact", "contacts", {"contacts": rows})
    _, _, again = measure("duplicate_contact", "contacts", {"contacts": rows[::-1]})
    assert counts(found) == counts(again)
    clusters = context.snapshot.rows(
        "select count(*) - 1, count(*) filter (counted) from hits_duplicate_contact "
        "group by cluster_id"
    )
    assert all(excess == counted for excess, counted in clusters)
    assert sum(excess for excess, _ in clusters) == found.k_defect


@pytest.mark.shared
def test_an_address_that_all_contacts_of_a_real_export_share_identifies_nobody() -> None:
    if not _SHARED.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{_SHARED} is missing")
        pytest.skip(f"{_SHARED} is not here")
    with (_SHARED / "Contact.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [
            {
                "id": row["Id"],
                "first_name": row["FirstName"],
                "last_name": row["LastName"],
                "account_id": row["AccountId"],
                "email": row["Email"],
            }
            for row in csv.DictReader(file)
        ]
    _, _, found = measure("duplicate_contact", "contacts", {"contacts": rows})
    names = Engine().value(
        "select count(*) - count(distinct (AccountId, lower(FirstName), lower(LastName))) "
        f"from read_csv('{_SHARED / 'Contact.csv'}', all_varchar = true)"
    )
    assert counts(found) == (names, 133)
