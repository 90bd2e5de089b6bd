"""How to see a check in HubSpot, told in the language of the page."""

import re

import pytest

from checks.authoring.catalogue import load_catalogue
from reports.recipes import recipe_text
from reports.wording import Wording

EN, FR = Wording("en"), Wording("fr")
FILTERS = {
    spec.id: re.sub(r"\{(as_of|window)\w*\}", "2026-06-30", spec.reproduce.hubspot)
    for spec in load_catalogue().checks
    if spec.reproduce.hubspot
}


@pytest.mark.parametrize("check", FILTERS)
@pytest.mark.parametrize("words", [EN, FR], ids=["en", "fr"])
def test_every_filter_is_told_in_words_with_the_internal_names(words, check):
    told = recipe_text(words, "hubspot", FILTERS[check])
    assert told != FILTERS[check]
    assert told.startswith(words(f"hubspot.object.{FILTERS[check].split(':')[0]}") + " · ")
    named = set(re.findall(r"\b(?:hs_\w+|\w+_id|closedate|dealstage)\b", FILTERS[check]))
    assert named <= set(re.findall(r"\((\w+)\)", told))
    assert "2026-06-30" not in told


def test_a_filter_reads_as_one_sets_it():
    text = "deals: hs_is_closed is false; amount unknown or amount at most 0; sort dealstage"
    assert recipe_text(EN, "hubspot", text) == (
        "Deals · Is Deal Closed? (hs_is_closed) is any of “False” · Amount (amount) is unknown or"
        " Amount (amount) is less than or equal to 0 · sorted by Deal Stage (dealstage)"
    )
    assert recipe_text(FR, "hubspot", text) == (
        "Transactions · La transaction est-elle conclue\N{NO-BREAK SPACE}? (hs_is_closed) est l’un"
        " des «\N{NO-BREAK SPACE}Faux\N{NO-BREAK SPACE}» · Montant (amount) est inconnu ou Montant"
        " (amount) est inférieur ou égal à 0 · trié par Phase de la transaction (dealstage)"
    )


def test_each_object_has_its_own_word_for_what_all_of_them_have():
    told = [
        recipe_text(EN, "hubspot", f"{of}: hubspot_owner_id unknown") for of in ("deals", "leads")
    ]
    assert told == [
        "Deals · Deal owner (hubspot_owner_id) is unknown",
        "Leads · Lead owner (hubspot_owner_id) is unknown",
    ]


@pytest.mark.parametrize("words", [EN, FR], ids=["en", "fr"])
def test_a_check_names_no_property_and_no_value_without_a_word_for_it(words):
    for text in FILTERS.values():
        told = recipe_text(words, "hubspot", text)
        assert not re.search(r"(?<![(\w])(?:hs_\w+|\w+_id|[a-z]+date)\b", told), told
        assert not re.search(r"\b[A-Z]{3,}\b", told), told


@pytest.mark.parametrize(
    ("sign", "told"), [("from", "is after 29 Jun 2026"), ("until", "is before 1 Jul 2026")]
)
def test_days_are_told_with_the_operators_that_hubspot_has(sign, told):
    text = recipe_text(EN, "hubspot", f"deals: closedate {sign} 2026-06-30")
    assert text.replace("\N{NO-BREAK SPACE}", " ").endswith(told)


def test_a_day_is_written_as_the_language_writes_it():
    told = recipe_text(FR, "hubspot", "deals: closedate before 2026-06-27")
    assert told.endswith("est avant le 27\u00a0juin 2026".replace(" 2026", "\u00a02026"))


@pytest.mark.parametrize(
    ("system", "text"),
    [
        ("salesforce", "deals: amount unknown"),
        ("hubspot", "Open the deal, then Actions"),
        ("hubspot", "planets: amount unknown"),
        ("hubspot", "deals: amount feels low"),
    ],
)
def test_what_is_in_no_known_form_stays_as_its_author_wrote_it(system, text):
    assert recipe_text(EN, system, text) == text
