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


def test_an_account_stands_under_its_name_and_one_without_a_name_under_its_key():
    view = listed("deals", {**DEAL, "account_name": "Atelier <Morel>"}, DEAL)
    assert {one.label: one.classes for one in view.headings}["Account"] == ""
    assert [row[2].text for row in view.rows] == ["Atelier <Morel>", "99"]


def test_initials_that_an_older_result_holds_beside_a_pseudonym_are_not_shown():
    view = listed("deals", {**DEAL, "owner_name": "M. D."})
    assert [cell.text for cell in view.rows[0][:2]] == ["Roof", "Rep\N{NO-BREAK SPACE}042"]


def test_people_in_a_list_of_users_are_called_as_elsewhere():
    view = listed("users", {"record_id": "rep-042", "team_id": "T1", "team_name": "North"})
    assert [cell.text for cell in view.rows[0]] == ["Rep\N{NO-BREAK SPACE}042", "North"]


def test_probabilities_are_percentages_and_limits_whole_days():
    row = {**DEAL, "probability": "50.000000", "stage_probability": "30", "stall_days": 41.6}
    texts = {cell.text: cell.sort for cell in listed("deals", row).rows[0]}
    assert (texts["50%"], texts["30%"], texts["42"]) == ("50.000000", "30", "41.6")


def test_kinds_and_containers_are_words_and_what_the_crm_calls_otherwise_stays():
    rows = [{**CALL, "kind": kind} for kind in ("Call", "Site visit <b>")]
    view = listed("activities", *rows)
    at = [one.label for one in view.headings].index("Kind")
    assert [row[at].text for row in view.rows] == ["call", "Site visit <b>"]


def test_paper_says_how_many_rows_it_holds():
    rows = [{**DEAL, "record_id": str(number)} for number in range(5)]
    view = listed("deals", *rows, paper=3)
    assert view.paper_caption.startswith("The first 3 of")


@pytest.mark.parametrize("value", ["2026-10-01T11:08:18", "2026-10-01 11:08:18+00:00"])
def test_a_moment_in_a_column_of_a_measure_is_written_as_a_day(value):
    view = listed("deals", {"record_id": "1", "imported_on": value})
    assert view.rows[0][1].text == "1\u00a0Oct\u00a02026"


def test_columns_that_no_record_of_several_tables_fills_are_left_out():
    mixed = {"record_id": "1", "table_name": "activities", "name": None, "container": "mail"}
    assert "Name" not in [one.label for one in listed("deals", mixed).headings]


def test_names_of_records_of_several_tables_are_headed_as_names_not_as_deals():
    mixed = {"record_id": "1", "table_name": "accounts", "name": "Atelier Morel"}
    assert "Name" in [one.label for one in listed("deals", mixed).headings]


def test_columns_that_no_record_fills_are_left_out():
    empty = {**DEAL, "close_date": None, "lost_reason": "", "is_won": False}
    labels = [one.label for one in listed("deals", empty).headings]
    assert "Close date" not in labels
    assert "Reason lost" not in labels
    assert "Won" in labels
