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
        "Deals · Is deal closed? (hs_is_closed) is false · Amount (amount) is unknown or"
        " Amount (amount) is at most 0 · sorted by Deal stage (dealstage)"
    )
    assert recipe_text(FR, "hubspot", text) == (
        "Transactions · Affaire close (hs_is_closed) est faux · Montant (amount) est inconnu ou"
        " Montant (amount) est au plus 0 · trié par Étape (dealstage)"
    )


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
