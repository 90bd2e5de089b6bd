"""Contacts and leads entered twice: what tells that two of them are one, and which survives."""

from __future__ import annotations

import csv
from typing import Any

import pytest

from connectors.engines.duckdb import Engine
from tests.checks.relations import counts, groups, hits, measure
from tests.checks.repeated_records import day, listed
from tests.connectors.written import shared_export


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


@pytest.mark.shared
def test_an_address_that_all_contacts_of_a_real_export_share_identifies_nobody() -> None:
    export = shared_export("sf_mashmatrix_demo") / "Contact.csv"
    with export.open(encoding="utf-8-sig", newline="") as file:
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
        f"from read_csv('{export}', all_varchar = true)"
    )
    assert counts(found) == (names, 133)
