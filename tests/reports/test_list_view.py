"""The first rows of a list: where records open, what paper holds, and what comes first."""

from typing import Any

import pytest

from checks.results import State
from reports.list_view import list_view
from reports.wording import Wording
from tests.reports.sample_checks import a_check

EN = Wording("en")
HUBSPOT = "https://app.hubspot.com/contacts/1234567"
CALL = {"record_id": "77", "subject": "Called back", "owner_id": "rep-042"}
DEAL = {"record_id": "88", "name": "Roof", "owner_id": "rep-042", "account_id": "99"}


def listed(table: str, *rows: dict[str, Any], link_base: str | None = HUBSPOT, paper: int = 10):
    check = a_check("a-check", State.PRESENT, ("A check", "Un contrôle"), sample=list(rows))
    check = check.model_copy(update={"table": table})
    return list_view(EN, check, 50, "EUR", link_base, rows_on_paper=paper)


def test_deals_of_hubspot_open_and_its_activities_say_why_they_do_not():
    assert listed("deals", DEAL).rows[0][0].href == f"{HUBSPOT}/record/0-3/88"
    assert listed("deals", DEAL).remark == ""
    assert "no page" in listed("activities", CALL).remark


def test_a_file_without_an_address_says_nothing_of_opening():
    assert listed("activities", CALL, link_base=None).remark == ""


def test_the_id_stands_last_where_a_name_tells_the_record_and_first_where_none_does():
    assert [one.label for one in listed("deals", DEAL).headings][-1] == "Record"
    nameless = {name: value for name, value in DEAL.items() if name != "name"}
    assert next(one.label for one in listed("deals", nameless).headings) == "Record"


def test_paper_leaves_out_the_keys_of_records_that_have_a_name():
    labels = {one.label: one.classes for one in listed("deals", DEAL).headings}
    assert labels == {"Deal": "", "Owner": "short", "Account": "on-screen", "Record": "on-screen"}


def test_paper_says_how_many_rows_it_holds():
    rows = [{**DEAL, "record_id": str(number)} for number in range(5)]
    view = listed("deals", *rows, paper=3)
    assert view.rows_on_paper == 3
    assert view.paper_caption.startswith("The first 3 of")


@pytest.mark.parametrize("value", ["2026-10-01T11:08:18", "2026-10-01 11:08:18+00:00"])
def test_a_moment_in_a_column_of_a_measure_is_written_as_a_day(value):
    view = listed("deals", {"record_id": "1", "imported_on": value})
    assert view.rows[0][1].text == "1\u00a0Oct\u00a02026"


def test_columns_that_no_record_of_several_tables_fills_are_left_out():
    mixed = {"record_id": "1", "table_name": "activities", "name": None, "container": "mail"}
    assert "Deal" not in [one.label for one in listed("deals", mixed).headings]
