"""A pull brings every record once, in few calls, and can be read again without a network."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from connectors.engines.duckdb import Engine
from connectors.errors import SourceUnreachableError
from connectors.salesforce.connector import PulledOrg
from connectors.salesforce.pull import plans_of
from connectors.salesforce.tables import raw_tables
from tests.connectors.salesforce.conftest import PAGES
from tests.connectors.salesforce.pulling import Records, as_text, connector, pull, records_of
from tests.fakes.salesforce.process import RunningOrg


def rows_of(files: Path, name: str) -> list[dict[str, str]]:
    with (files / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_record_comes_once(files: Path, undisturbed: Records) -> None:
    for name, (header, *rows) in undisturbed.items():
        if (files / f"{name}.csv").exists():
            at = header.index("Id")
            assert sorted(row[at] for row in rows) == sorted(
                row["Id"] for row in rows_of(files, name)
            ), name


def test_values_come_as_they_are(files: Path, undisturbed: Records) -> None:
    for name in ("Task", "Opportunity"):  # one as a bulk job, one in pages of JSON
        header, *rows = undisturbed[name]
        pulled = {row[header.index("Id")]: dict(zip(header, row, strict=True)) for row in rows}
        for written in rows_of(files, name):
            seen = pulled[written["Id"]]
            for field in ("Description", "OwnerId", "CreatedById"):
                assert (seen[field] or "") == written[field], (name, field)
            assert seen["LastModifiedDate"][:23] == written["LastModifiedDate"][:23]


def test_large_objects_are_bulk_jobs_and_small_ones_are_not(
    org: RunningOrg, tmp_path: Path
) -> None:
    store = pull(org, tmp_path)
    kinds = {page.object: page.file.rpartition(".")[2] for page in store.pages}
    assert (kinds["Task"], kinds["OpportunityFieldHistory"]) == ("csv", "csv")
    assert kinds["Opportunity"] == kinds["OpportunityStage"] == "json"


@pytest.mark.parametrize("bulk_from", [1, 10**9])
def test_both_ways_bring_the_same(
    bulk_from: int, org: RunningOrg, tmp_path: Path, undisturbed: Records
) -> None:
    found = records_of(pull(org, tmp_path, bulk_from=bulk_from))
    assert as_text(found) == as_text(undisturbed)


@pytest.mark.parametrize("bulk_from", [1, 10**9])
def test_the_primary_contact_of_a_deal_comes_first_both_ways(
    bulk_from: int, org: RunningOrg, tmp_path: Path
) -> None:
    for number, primary in ((1, "false"), (2, "true"), (3, "true")):
        org.back_door(
            sql='insert into "OpportunityContactRole" ("Id", "OpportunityId", "ContactId",'
            f" \"IsPrimary\", \"CreatedDate\") values ('00KKz00000zz{number}', '006KzNEW',"
            f" '003Kz0{number}', {primary}, '2026-10-0{number} 10:00:00')"
        )
    store = pull(org, tmp_path, bulk_from=bulk_from)
    org.back_door(sql='delete from "OpportunityContactRole" where "Id" like \'00KKz00000zz%\'')
    engine = Engine()
    tables, _ = raw_tables(store, plans_of(store), engine)
    (table,) = [each for each in tables if each.name == "OpportunityContactRole"]
    deal, contact = (f"c{table.headers.index(name)}" for name in ("OpportunityId", "ContactId"))
    found = engine.rows(
        f"select {contact} from {table.relation} where {deal} = '006KzNEW' order by row_no"
    )
    assert found == [("003Kz02",), ("003Kz03",), ("003Kz01",)]
    engine.close()


def test_fields_whose_use_cannot_be_counted_are_pulled(org: RunningOrg, tmp_path: Path) -> None:
    org.script({"fault": "query_timeout", "on": "COUNT.Unused__c"})
    store = pull(org, tmp_path)
    assert org.back_door()["struck"] == 1
    assert "Unused__c" in records_of(store)["Opportunity"][0]


def test_calls_are_few(org: RunningOrg, tmp_path: Path) -> None:
    store = pull(org, tmp_path)
    plans = plans_of(store)
    pages = 0
    for plan in plans:
        rows = sum(page.rows for page in store.of(plan.name))
        size = PAGES["bulk_page"] if plan.bulk else PAGES["rest_page"]
        pages += max(1, math.ceil(rows / size))
    counted = sum(plan.expected is not None for plan in plans)
    jobs = 3 * sum(plan.bulk for plan in plans)  # begun, looked at twice
    limits_and_list, use_of_custom_fields, fields_and_rules_of_setup = 2, 1, 4 + 1
    around = limits_and_list + use_of_custom_fields + fields_and_rules_of_setup
    least = around + len(plans) + counted + jobs + pages
    assert len(org.requests) <= 1.05 * least


def test_the_folder_gives_the_same_snapshot_again(org: RunningOrg, tmp_path: Path) -> None:
    store = pull(org, tmp_path)
    asked = len(org.requests)
    for _ in range(2):
        engine = Engine()
        snapshot = PulledOrg(store.folder).extract(engine, tmp_path)
        assert snapshot.count("activities") == sum(
            page.rows for name in ("Task", "Event", "Note") for page in store.of(name)
        )
        assert snapshot.provenance.source == "salesforce:prod"
        engine.close()
    assert len(org.requests) == asked


def test_archived_activities_and_deleted_records_are_there(
    org: RunningOrg, files: Path, tmp_path: Path
) -> None:
    org.back_door(sql='update "Task" set "IsArchived" = true where "IsClosed"')
    org.back_door(sql='update "Account" set "IsDeleted" = true where "Name" is not null')
    store = pull(org, tmp_path)
    for name in ("Task", "Account"):
        assert sum(page.rows for page in store.of(name)) == len(rows_of(files, name))


def test_mails_without_a_task_are_activities(org: RunningOrg, tmp_path: Path) -> None:
    org.back_door(
        sql='insert into "EmailMessage" ("Id", "ActivityId", "RelatedToId", "Subject",'
        ' "CreatedById", "MessageDate", "CreatedDate", "LastModifiedDate", "SystemModstamp") values'
        " ('02sKz0000000001AAA', null, '006Kz0000000001AAA', 'Offer', '005Kz0000000001AAA',"
        " '2026-10-01 10:00:00', '2026-10-01 10:00:00', '2026-10-01 10:00:00',"
        " '2026-10-01 10:00:00'), ('02sKz0000000002AAA', '00TKz0000000001AAA', null, 'Twice',"
        " null, null, null, null, null)"
    )
    store = pull(org, tmp_path)
    org.back_door(sql='delete from "EmailMessage"')
    engine = Engine()
    PulledOrg(store.folder).extract(engine, tmp_path)
    mails = engine.rows(
        "select deal_id, owner_id, kind, subject, cast(happened_at as varchar) from activities"
        " where starts_with(id, '02s')"
    )
    assert mails == [
        ("006Kz0000000001AAA", "005Kz0000000001AAA", "email", "Offer", "2026-10-01 10:00:00")
    ]
    engine.close()


def test_a_field_that_somebody_names_is_pulled_though_nobody_uses_it(
    org: RunningOrg, tmp_path: Path
) -> None:
    def asked(folder: Path, **named: set[str]) -> tuple[str, ...]:
        source = connector(org, folder)
        source.named = named
        (plan,) = [plan for plan in plans_of(source.pull()) if plan.name == "Opportunity"]
        return plan.fields

    assert "Unused__c" not in asked(tmp_path / "plain")
    assert "Unused__c" in asked(tmp_path / "named", deals={"unused__C"})


def test_a_large_result_is_read_several_pages_at_a_time(org: RunningOrg, tmp_path: Path) -> None:
    one_by_one = as_text(records_of(pull(org, tmp_path / "one by one")))
    store = pull(org, tmp_path / "at once", parallel_from=500)
    assert as_text(records_of(store)) == one_by_one
    assert len([asked for asked in org.requests if asked.endswith("/resultPages")]) >= 3
    org.script({"fault": "daily", "on": "/results", "nth": 5, "times": -1})
    with pytest.raises(SourceUnreachableError):
        pull(org, tmp_path / "stopped", parallel_from=500)
    org.back_door(script=[], reset=True)
    store = pull(org, tmp_path / "stopped", parallel_from=500)
    assert as_text(records_of(store)) == one_by_one
    again = [asked for asked in org.requests if asked.endswith("/results")]
    pages = [page for page in store.pages if page.file.endswith(".csv")]
    assert len(again) <= len(pages) - 4  # what had come is not asked for again


def test_an_org_that_does_not_tell_where_pages_are_is_read_one_by_one(
    org: RunningOrg, tmp_path: Path
) -> None:
    one_by_one = as_text(records_of(pull(org, tmp_path / "one by one")))
    org.script({"fault": "not_found", "on": "/resultPages", "times": -1})
    store = pull(org, tmp_path / "old", parallel_from=500)
    assert as_text(records_of(store)) == one_by_one
    assert org.back_door()["struck"] > 0


def test_pages_of_a_result_that_is_gone_are_asked_for_anew(org: RunningOrg, tmp_path: Path) -> None:
    one_by_one = as_text(records_of(pull(org, tmp_path / "one by one")))
    org.script({"fault": "locator_gone", "on": "/results", "nth": 4})
    store = pull(org, tmp_path / "at once", parallel_from=500)
    assert as_text(records_of(store)) == one_by_one
