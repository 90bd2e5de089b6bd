"""What could not be measured: one line a reason, the one that frees most checks first."""

from __future__ import annotations

from checks.authoring.catalogue import load_catalogue
from checks.results import State
from reports.check_view import _PICTURES, check_view
from reports.missing import unmeasured
from reports.wording import Wording
from tests.reports.sample_audit import sample_result
from tests.reports.sample_checks import a_check, deal_rows

EN = Wording("en")


def unseen(name, column):
    return a_check(
        name,
        State.NOT_OBSERVABLE,
        (name, name),
        reason="column_absent",
        reason_facts={"columns": [column]},
    )


def test_checks_that_wait_for_the_same_column_stand_together_and_the_most_come_first():
    result = sample_result(
        checks=[
            unseen("A", "deals.amount"),
            unseen("B", "deals.next_step"),
            unseen("C", "deals.next_step"),
        ]
    )
    assert [checks for _, checks in unmeasured(EN, result)] == ["B · C", "A"]
    assert "Next step" in unmeasured(EN, result)[0][0]


def test_what_was_measured_is_not_among_it():
    result = sample_result(checks=[a_check("A", State.INCONCLUSIVE, ("A", "A"))])
    assert unmeasured(EN, result) == []


def test_a_check_that_no_filter_shows_leads_to_its_list():
    check = a_check("a-check", State.PRESENT, ("A", "A"), sample=deal_rows(1))
    view = check_view(EN, check, sample_result(), 5)
    assert view.no_recipe.startswith("No filter of the CRM shows this figure")
    listed = next(one for one in sample_result().checks if one.check_id == "invalid-email")
    assert "worklists/invalid-email.csv" in check_view(EN, listed, sample_result(), 5).no_recipe


def test_a_check_that_a_picture_shows_leads_to_it_where_it_was_drawn():
    check = a_check("forecast-bias", State.PRESENT, ("A", "A"))
    view = check_view(EN, check, sample_result(), 5)
    assert view.picture == ("forecast-title", "The forecast, and what came")
    assert check_view(EN, check, sample_result(forecast=None), 5).picture is None


def test_the_pictures_are_those_of_checks_of_the_catalogue():
    ids = {spec.id for spec in load_catalogue().checks}
    assert set(_PICTURES) <= ids
