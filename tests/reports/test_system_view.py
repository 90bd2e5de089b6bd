"""The plan, the four questions, the foundations and the answers, as the page words them."""

from __future__ import annotations

import pytest
from lxml import html

from checks.results import State
from checks.system import DeclaredAnswers
from reports.action_view import plan_view
from reports.render import render_page
from reports.system_view import answers_view, foundation_views, four_questions_view
from reports.wording import Wording
from tests.reports.sample_audit import sample_result

EN, FR = Wording("en"), Wording("fr")
NB = "\u00a0"


def page_of(language="en", **changes):
    return html.document_fromstring(render_page(sample_result(**changes), language))


def chapters(page):
    return [heading.text_content() for heading in page.xpath("//section[@class='chapter']/h2")]


def test_the_plan_comes_first_then_the_pictures_the_questions_and_the_foundations():
    assert chapters(page_of())[:5] == [
        "What to do",
        "The rhythm of the team",
        "Four questions to settle before any tool",
        "The three foundations",
        "What people say",
    ]


def test_a_result_of_an_earlier_version_has_none_of_these_chapters():
    page = page_of(actions=None, questions=None, foundations=None, declared=None)
    assert not {"What to do", "The three foundations", "What people say"} & set(chapters(page))


def test_an_audit_without_an_interview_says_how_to_hold_one():
    text = page_of(declared=None).text_content()
    assert "Nobody was interviewed for this audit." in text
    assert "What people say" not in chapters(page_of(declared=None))


def test_an_audit_that_finds_nothing_to_do_says_so():
    page = page_of(actions=[])
    assert "Nothing that could be measured calls for an action." in page.text_content()
    assert not page.xpath("//ol[@class='actions']")


# --- the plan


def test_an_action_names_who_when_how_far_and_where_to_start():
    first, second, third = plan_view(EN, sample_result()).actions
    assert first.terms == [
        ("Owner", "Sales manager"),
        ("When", "Every week, pipeline review"),
        ("Goal", "Open deals past their close date: 41% today, at most 5% by 29 January 2027"),
        ("Money touched", "€2.4M"),
    ]
    assert first.lists == [
        ("Open deals past their close date", "worklists/open-deal-past-close-date.csv"),
        ("Open deals without a next step", "worklists/open-deal-without-next-step.csv"),
    ]
    assert ("Goal", "One value, several spellings: within tolerance by 30 December 2026") in (
        second.terms
    )
    assert third.scope == "Called for by what people say; no record shows it."
    assert third.terms[1] == ("When", "For every newcomer")


def test_whom_an_action_is_for_is_said_in_full_once():
    sample = sample_result()
    twice = [*sample.actions, sample.actions[0].model_copy(update={"id": "another"})]
    plan = plan_view(EN, sample.model_copy(update={"actions": twice}))
    scopes = [one.scope for one in plan.actions]
    assert scopes[0] == "For everyone: it takes a common rule."
    assert scopes[3] == ""
    assert plan.actions[3].labels == ["ritual", "for everyone"]


def test_an_action_of_a_newer_version_is_shown_as_it_is():
    sample = sample_result()
    strange = sample.actions[0].model_copy(
        update={"owner": "cfo", "meeting": "board", "cadence": "hourly", "checks": ["a-new-check"]}
    )
    (one,) = plan_view(FR, sample.model_copy(update={"actions": [strange]})).actions
    assert one.terms[0][1] == "cfo"
    assert one.terms[1][1] == "hourly"
    assert one.lists == []


# --- questions and foundations


def test_a_reply_leads_to_the_checks_that_it_rests_on():
    uses, steers, controls, decides = four_questions_view(EN, sample_result())
    assert [ground.anchor for ground in steers.grounds] == ["open-deal-past-close-date"]
    assert steers.basis.startswith("Records and people contradict each other")
    assert controls.basis == "People say so; no record shows it."
    assert "Salespeople (2): no review is held" in controls.grounds[0].text
    assert [ground.anchor for ground in decides.grounds] == [None]  # it passed: no section
    assert uses.wanted[0].startswith("To ask: Take three required fields at random")


def test_every_link_of_these_chapters_leads_somewhere():
    page = page_of()
    anchors = set(page.xpath("//@id"))
    links = page.xpath("//ul[@class='grounds']//a/@href")
    assert links
    assert {link[1:] for link in links} <= anchors


def test_what_is_unknown_says_what_would_tell():
    scenario = foundation_views(EN, sample_result())[2]
    deals = scenario.aspects[1]
    assert (deals.state_word, deals.basis, deals.grounds) == ("Unknown", "", [])
    assert deals.wanted == ["Not measured: Leads that nobody touched"]


# --- answers


def test_contradictions_and_disagreements_are_findings():
    view = answers_view(EN, sample_result())
    contradiction, disagreement = view.findings
    assert contradiction.anchor == "open-deal-past-close-date"
    assert "The records show something else: It concerns 212 of 517 records" in contradiction.text
    assert "contradict each other" in disagreement.text
    assert view.asked == (
        "4 people answered, on 20 November 2026: the sales director, a manager and 2 salespeople."
    )
    assert view.table.rows[0][3] == "Rituals"
    assert view.remarks == [
        "Fields that they would delete: Code NAF",
        "2 of 12 questions were not answered.",
    ]


def test_one_answer_is_one_person():
    declared = DeclaredAnswers(respondents={"rep": 1}, questions=[])
    sample = sample_result(declared=declared)
    assert answers_view(EN, sample).asked == "One person answered: a salesperson."
    assert answers_view(FR, sample).asked == f"1 personne a répondu{NB}: un commercial."


# --- what is declared elsewhere on the page


@pytest.mark.parametrize(
    ("evidence", "sentence"),
    [
        ("measured", "Chance that at least two signals are present: 42%."),
        ("declared", "Chance that at least two signals are present, by the records alone: 42%."),
    ],
)
def test_the_chance_is_that_of_the_records(evidence, sentence):
    sample = sample_result()
    *others, last = sample.signals
    signals = [*others, last.model_copy(update={"evidence": evidence})]
    verdict = sample.verdict.model_copy(update={"present": 2})
    assert sentence in page_of(signals=signals, verdict=verdict).text_content()


def test_a_signal_that_only_people_describe_says_so_on_its_tile_and_family():
    sample = sample_result()
    *others, last = sample.signals
    family = (
        sample.signals[0]
        .families[0]
        .model_copy(update={"id": "ritual", "state": State.PRESENT, "evidence": "declared"})
    )
    told = last.model_copy(
        update={"state": State.PRESENT, "evidence": "declared", "families": [family]}
    )
    page = page_of("fr", signals=[*others, told])
    tile = page.xpath("//li[contains(@class, 'tile present')]")[-1].text_content()
    assert f"D’après les personnes interrogées{NB}; aucune fiche ne le montre." in tile
    assert "Présent (déclaré)" in page.text_content()
