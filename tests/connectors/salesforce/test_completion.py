"""Frozen users, amounts in several currencies, files in several places, people as accounts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.engines.duckdb import Engine
from connectors.salesforce.connector import PulledOrg
from connectors.snapshot import Availability, Snapshot
from tests.connectors.salesforce.conftest import PAGES
from tests.connectors.salesforce.pulling import pull
from tests.fakes.salesforce.process import RunningOrg, running


@pytest.fixture
def org(files: Path) -> Iterator[RunningOrg]:
    """An org for one test, with everything switched on."""
    features = ["multiple currencies", "dated rates", "person accounts"]
    with running(files, features=features, **PAGES) as running_org:
        yield running_org
        assert running_org.violations == []


def audited(org: RunningOrg, folder: Path) -> Snapshot:
    """Pull an org, and return what an audit sees."""
    return PulledOrg(pull(org, folder).folder).extract(Engine(), folder)


def rates(org: RunningOrg) -> None:
    """Give the org its currencies: a dollar was worth a euro until October, then half of one."""
    for iso, rate, own in (("EUR", 1, "true"), ("USD", 2, "false"), ("CHF", 0.5, "false")):
        org.back_door(
            sql='insert into "CurrencyType" ("Id", "IsoCode", "ConversionRate", "IsCorporate",'
            f" \"IsActive\") values ('01L{iso}', '{iso}', {rate}, {own}, true)"
        )
    for number, start, end, rate in (
        (1, "2000-01-01", "'2026-10-01'", 1),
        (2, "2026-10-01", "null", 2),
    ):
        org.back_door(
            sql='insert into "DatedConversionRate" ("Id", "IsoCode", "StartDate", "NextStartDate",'
            f" \"ConversionRate\") values ('04w{number}', 'USD', '{start}',"
            f" {end}, {rate})"
        )


def deals(org: RunningOrg, *changes: str) -> None:
    """Change the first deals: one set of assignments each."""
    for at, change in enumerate(changes):
        org.back_door(
            sql=f'update "Opportunity" set {change} where "Id" = (select "Id" from "Opportunity"'
            f' order by "Id" limit 1 offset {at})'
        )


def amounts(snapshot: Snapshot) -> list[tuple[Any, ...]]:
    """Return amount and currency of the first deals."""
    return snapshot.rows("select cast(amount as double), currency from deals order by id limit 4")


def test_amounts_come_in_the_currency_of_the_org(org: RunningOrg, tmp_path: Path) -> None:
    rates(org)
    deals(
        org,
        '"Amount" = 1000, "CurrencyIsoCode" = \'USD\', "CloseDate" = \'2026-09-30\'',
        '"Amount" = 1000, "CurrencyIsoCode" = \'USD\', "CloseDate" = \'2026-10-01\'',
        '"Amount" = 1000, "CurrencyIsoCode" = \'CHF\', "CloseDate" = \'2026-10-01\'',
        '"Amount" = 1000, "CurrencyIsoCode" = \'XXX\', "CloseDate" = \'2026-10-01\'',
    )
    snapshot = audited(org, tmp_path)
    assert amounts(snapshot) == [(1000, "EUR"), (500, "EUR"), (2000, "EUR"), (1000, "XXX")]
    (note,) = [n for n in snapshot.provenance.notes if n.code == "amounts_converted"]
    assert note.facts == {"deals": 3, "currencies": "CHF, USD", "currency": "EUR"}


def test_what_an_amount_was_is_converted_too(org: RunningOrg, tmp_path: Path) -> None:
    rates(org)
    deals(org, '"Amount" = 900, "CurrencyIsoCode" = \'CHF\'')
    org.back_door(
        sql='insert into "OpportunityFieldHistory" ("Id", "OpportunityId", "Field", "OldValue",'
        ' "NewValue", "CreatedDate", "CreatedById") select \'017Kz9\', "Id", \'Amount\', \'100\','
        " '900', timestamp '2026-10-02 10:00:00', \"OwnerId\" from \"Opportunity\""
        ' order by "Id" limit 1'
    )
    changed = audited(org, tmp_path).rows(
        "select cast(old_value as double), cast(new_value as double) from field_history"
        " where id = '017Kz9'"
    )
    assert changed == [(200, 1800)]


def test_an_org_with_one_currency_is_left_as_it_is(files: Path, tmp_path: Path) -> None:
    with running(files, **PAGES) as plain:
        snapshot = audited(plain, tmp_path)
    assert not [note for note in snapshot.provenance.notes if note.code == "amounts_converted"]


def test_a_frozen_user_may_not_log_in(org: RunningOrg, tmp_path: Path) -> None:
    frozen = '(select min("Id") from "User" where "IsActive")'
    org.back_door(sql=f'update "UserLogin" set "IsFrozen" = true where "UserId" = {frozen}')
    snapshot = audited(org, tmp_path)
    first, *others = snapshot.rows("select is_active from users order by id")
    assert first == (False,)
    assert (True,) in others


def test_who_is_frozen_may_be_hidden(files: Path, tmp_path: Path) -> None:
    with running(files, hidden=["UserLogin"], **PAGES) as narrow:
        snapshot = audited(narrow, tmp_path)
    assert snapshot.capabilities.column("users", "is_active") is Availability.SUPPLIED


def test_a_spreadsheet_lies_at_every_deal_it_is_shared_with(
    org: RunningOrg, tmp_path: Path
) -> None:
    org.back_door(sql='update "ContentVersion" set "FileExtension" = \'xlsx\'')
    org.back_door(
        sql='insert into "ContentDocumentLink" ("Id", "ContentDocumentId", "LinkedEntityId") select'
        ' \'06AKz9999999999AAA\', (select min("ContentDocumentId") from "ContentVersion"),'
        ' (select max("Id") from "Opportunity")'
    )
    org.back_door(reset=True)
    snapshot = audited(org, tmp_path)
    (shared,) = snapshot.rows("select name, record_id from attachments where id like '06A%'")
    (first,) = snapshot.rows("select name from attachments order by id limit 1")
    assert shared == (first[0], snapshot.rows("select max(id) from deals")[0][0])
    assert snapshot.count("attachments") == 79
    asked = [one for one in org.requests if "/query" in one and "/tooling/" not in one]
    assert len(asked) < 80


def test_people_who_are_accounts_have_their_mail_address(org: RunningOrg, tmp_path: Path) -> None:
    org.back_door(
        sql='update "Account" set "IsPersonAccount" = true, "PersonEmail" = \'p@example.test\''
        ' where "Id" = (select min("Id") from "Account")'
    )
    snapshot = audited(org, tmp_path)
    assert snapshot.rows("select email from accounts order by id limit 1") == [("p@example.test",)]


def test_what_the_org_requires_is_told(org: RunningOrg, tmp_path: Path) -> None:
    required = audited(org, tmp_path).capabilities.required
    assert {("deals", "stage"), ("deals", "close_date"), ("leads", "company")} <= required
    assert not {("deals", "amount"), ("deals", "owner_id"), ("contacts", "email")} & required
