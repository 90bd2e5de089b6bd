"""Groups of a check: people beside what is expected of them, in an order that ranks nobody."""

from __future__ import annotations

import pytest
from lxml import html

from checks.judgement.people import FOLDED
from checks.results import GroupStat, State
from reports.group_view import group_tables
from reports.render import render_page
from reports.wording import Wording
from tests.reports.sample_audit import sample_result
from tests.reports.sample_checks import a_check, compared

WORDS = Wording("en")


def tables_of(*groups):
    check = a_check("a-check", State.PRESENT, ("A check", "Un contrôle"), groups=list(groups))
    return group_tables(WORDS, check)


def person(number, k=20, n=50, low=0.28, high=0.54):
    return compared("owner", f"rep-{number:03}", f"rep-{number:03}", (n, k), low, high)


def stage(name, n, k):
    return GroupStat(dimension="stage", key=name, label=name, n_eligible=n, k_defect=k, rate=k / n)


def test_people_stand_in_the_order_of_their_pseudonyms_whatever_their_rates():
    (table,) = tables_of(person(700, k=45), person(3, k=1), person(41, k=20))
    assert [group.label[-3:] for group in table.groups] == ["003", "041", "700"]


def test_teams_stand_in_the_order_of_their_names_and_folded_ones_last():
    (table,) = tables_of(
        compared("team", FOLDED, FOLDED, (12, 5), None, None),
        compared("team", "2", "Sud", (100, 90), 0.3, 0.5),
        compared("team", "1", "Est", (100, 10), 0.3, 0.5),
    )
    assert [group.label for group in table.groups] == ["Est", "Sud", "Fewer than three people"]


def test_a_rate_outside_its_band_is_marked_and_one_inside_is_not():
    (table,) = tables_of(person(1, k=45), person(2, k=20))
    assert [group.apart for group in table.groups] == [True, False]
    assert table.groups[0].expected == "28–54%"


def test_too_few_records_show_no_rate_and_no_dot():
    (table,) = tables_of(person(1), person(2, n=4, k=4), person(3))
    few = table.groups[1]
    assert (few.rate, few.plot) == ("too few", None)


def test_people_and_teams_of_one_check_share_an_axis():
    people, team = tables_of(person(1, k=45), compared("team", "1", "Est", (100, 10), 0.3, 0.5))
    assert people.axis == team.axis == ["0%", "50%", "100%"]


def test_a_promise_is_marked_where_the_interval_of_what_came_misses_it():
    kept = stage("Offer", 90, 30).model_copy(update={"expected": 0.7, "lo": 0.25, "hi": 0.44})
    (table,) = tables_of(kept)
    assert table.groups[0].apart
    assert table.groups[0].expected == "70%"
    assert "promised" in table.legend


def test_groups_that_are_compared_with_nothing_are_bars_in_their_own_order():
    (table,) = tables_of(stage("New", 20, 3), stage("Close", 20, 12))
    assert [(group.label, group.bar) for group in table.groups] == [("New", 15.0), ("Close", 60.0)]
    assert table.axis == []


def test_people_are_told_of_which_field_their_rates_are():
    fields = [
        GroupStat(dimension="field", key=key, label=key, n_eligible=90, k_defect=30, rate=1 / 3)
        for key in ("next_step", "Segment__c")
    ]
    people = [person(i).model_copy(update={"of": "next_step"}) for i in range(4)]
    by_field, by_person = tables_of(*fields, *people)
    assert by_field.title == "By field, share left empty"
    assert by_person.title == "By salesperson: “Next step” left empty"


def test_people_are_told_of_which_definition_their_rates_are():
    meaning = GroupStat(
        dimension="meaning",
        key="lead_became_deal",
        label="lead_became_deal",
        n_eligible=90,
        k_defect=30,
        rate=1 / 3,
    )
    people = [person(i).model_copy(update={"of": "lead_became_deal"}) for i in range(4)]
    assert tables_of(meaning, *people)[1].title == "By salesperson: Lead turned into a deal"
    alone = [person(i).model_copy(update={"of": "round"}) for i in range(4)]
    assert tables_of(*alone)[0].title == "By salesperson: Round amounts"
    unknown = [person(i).model_copy(update={"of": "new code"}) for i in range(4)]
    assert tables_of(*unknown)[0].title == "By salesperson"


def test_of_more_people_than_fit_a_table_each_is_a_mark_without_a_name():
    (table,) = tables_of(*(person(i, k=45 if i < 3 else 20) for i in range(30)))
    assert table.groups == []
    assert len(table.strip.apart) == 3
    assert len(table.strip.inside) == 27
    assert "27 within" in table.strip.text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_page_with_very_many_people_names_none_of_them(language):
    check = a_check(
        "a-check", State.PRESENT, ("A check", "Un contrôle"), groups=[person(i) for i in range(40)]
    )
    page = html.document_fromstring(render_page(sample_result(checks=[check]), language))
    (strip,) = page.xpath("//figure[@class='strip']")
    assert "40" in strip.text_content()
    assert "013" not in page.text_content()
