"""The next pull asks for what changed, and brings what a whole pull would bring."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.http.pages import PageStore
from tests.connectors.salesforce.conftest import PAGES
from tests.connectors.salesforce.pulling import NOW, as_text, pull, records_of
from tests.fakes.salesforce.process import RunningOrg, running

NEXT_DAY = NOW + timedelta(days=1)
STAMP = f"timestamp '{NEXT_DAY - timedelta(hours=1):%Y-%m-%d %H:%M:%S}'"


@pytest.fixture
def org(files: Path) -> Iterator[RunningOrg]:
    """An org for one test: it changes."""
    with running(files, **PAGES) as running_org:
        yield running_org
        assert running_org.violations == []


def read_of(store: PageStore, name: str) -> int:
    """Return how many records of an object were asked for anew."""
    return sum(page.rows for page in store.of(name) if page.part != "earlier")


def change(org: RunningOrg) -> None:
    """Let people work for a day: edits, new records, deletions into the bin."""
    for statement in (
        f'update "Opportunity" set "Amount" = 77777, "SystemModstamp" = {STAMP},'
        f' "LastModifiedDate" = {STAMP} where "Id" like \'%1AAA\'',
        f'update "Contact" set "IsDeleted" = true, "SystemModstamp" = {STAMP}'
        " where \"Id\" like '%7AAA'",
        'insert into "Task" select * replace (\'00TKz9999999999AAA\' as "Id",'
        f' {STAMP} as "SystemModstamp") from "Task" limit 1',
    ):
        org.back_door(sql=statement)


def test_only_what_changed_is_read(org: RunningOrg, tmp_path: Path) -> None:
    first = pull(org, tmp_path / "kept")
    change(org)
    second = pull(org, tmp_path / "kept", now=NEXT_DAY)
    whole = pull(org, tmp_path / "whole", now=NEXT_DAY)
    assert as_text(records_of(second)) == as_text(records_of(whole))
    assert as_text(records_of(second)) != as_text(records_of(first))
    assert read_of(second, "Task") == 1
    assert 0 < read_of(second, "Opportunity") < read_of(whole, "Opportunity") / 4
    assert read_of(second, "OpportunityFieldHistory") == 0


def test_what_was_deleted_for_good_is_gone(org: RunningOrg, tmp_path: Path) -> None:
    pull(org, tmp_path / "kept")
    change(org)
    org.back_door(sql='delete from "Lead" where "Id" like \'%3AAA\'')
    second = pull(org, tmp_path / "kept", now=NEXT_DAY)
    whole = pull(org, tmp_path / "whole", now=NEXT_DAY)
    assert as_text(records_of(second)) == as_text(records_of(whole))
    assert read_of(second, "Lead") == read_of(whole, "Lead")
    assert read_of(second, "Task") == 1


def test_a_pull_by_which_deletions_cannot_be_told_is_of_no_help(
    org: RunningOrg, tmp_path: Path
) -> None:
    first = pull(org, tmp_path)
    late = pull(org, tmp_path, now=NOW + timedelta(days=20))
    assert read_of(late, "Task") == read_of(first, "Task")


def test_other_fields_are_pulled_as_a_whole(org: RunningOrg, tmp_path: Path) -> None:
    first = pull(org, tmp_path)
    org.back_door(hide=["Contact.Phone"])
    second = pull(org, tmp_path, now=NEXT_DAY)
    assert read_of(second, "Contact") == read_of(first, "Contact")
    assert read_of(second, "Task") == 0


def test_the_day_after_goes_on_from_there(org: RunningOrg, tmp_path: Path) -> None:
    pull(org, tmp_path / "kept")
    change(org)
    pull(org, tmp_path / "kept", now=NEXT_DAY)
    third = pull(org, tmp_path / "kept", now=NEXT_DAY + timedelta(days=1))
    assert read_of(third, "Task") == 0
    whole = pull(org, tmp_path / "whole", now=NEXT_DAY)
    assert as_text(records_of(third)) == as_text(records_of(whole))
