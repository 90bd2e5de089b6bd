"""Causes in words: who is behind a finding, and what that does not prove."""

import re
from typing import get_args

import pytest

from checks.cause_results import (
    Cause,
    CausePart,
    CauseShare,
    CheckTriage,
    Discriminator,
    Thesis,
)
from checks.results import State
from reports.cause_view import cause_share, check_cause, verdict_cause
from reports.render import render_page
from reports.wording import Wording
from tests.reports.sample_audit import sample_result
from tests.reports.sample_checks import a_check

EN, FR = Wording("en"), Wording("fr")
TITLE = ("Late deals", "Affaires en retard")


def part(kind, share=1.0, **facts):
    return CausePart(kind=kind, share=share, excess=40.0, **{"people": 9, **facts})


def finding(kind, *parts, cause="organisational", people=9, **facts):
    triage = CheckTriage(
        kind=kind, confidence=0.97, people=people, of_people=11, parts=list(parts), **facts
    )
    return a_check("late-deals", State.PRESENT, TITLE, cause=cause, triage=triage)


IMPORT = part("technical", 0.7, attribute="import_batch", level="2026-03-03")


@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        (
            finding("systemic", part("systemic")),
            "Spread over 9 of 11 people: coaching single people will not mend it.",
        ),
        (
            finding("individual", part("individual", people=1), cause="individual", people=1),
            "One of 11 people accounts for most of it",
        ),
        (
            finding("team", part("team", people=4, teams=1), cause="team", people=4),
            "It sits in one team, with 4 of 11 people",
        ),
        (finding("technical", IMPORT, cause="technical"), "70% of what exceeds the tolerance"),
        (finding("mixed", part("mixed", people=4), cause="mixed", people=4), "4 of 11 people"),
        (
            finding("mixed", IMPORT, part("individual", 0.3, people=1), cause="mixed"),
            "Several causes: 70% from the import of 3 March 2026 and 30% from one person",
        ),
        (
            finding(
                "mixed",
                part("team", 0.5, people=4, teams=1),
                part("individual", 0.3, people=1),
                part("individual", 0.2, people=2),
                cause="mixed",
            ),
            "Several causes: 50% from one team and 50% from 3 people who stand out.",
        ),
        (
            finding(
                "mixed",
                IMPORT.model_copy(update={"share": 0.3}),
                IMPORT.model_copy(update={"share": 0.2, "level": "2026-04-03"}),
                part("individual", 0.5, people=1),
                cause="mixed",
            ),
            "Several causes: 50% from the imports of 3 March 2026 and 3 April 2026 and 50%",
        ),
        (
            finding("systemic", part("systemic"), cause="not_separable"),
            "The records do not tell",
        ),
        (
            finding(
                "undetermined",
                cause="not_separable",
                undetermined_because="too_few_people",
                facts={"people": 3, "needed": 4},
            ),
            "Where it comes from cannot be told: 3 people own such records, and 4 are needed.",
        ),
    ],
)
def test_the_cause_of_a_check_is_a_sentence(check, sentence):
    assert check_cause(EN, check)[0].startswith(sentence)
    assert check_cause(FR, check)[0]


def test_people_who_stand_out_for_two_reasons_are_told_once():
    parts = (part("individual", 0.6, people=2), part("individual", 0.4, people=1))
    told = check_cause(EN, finding("individual", *parts, cause="individual", people=3))
    assert len(told) == 1


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("systemic", "The differences run through the whole group, 9 of 11 people lie apart"),
        ("team", "People of one team work alike"),
        ("individual", "9 of 11 people work in another way than all others"),
    ],
)
def test_differences_between_people_have_words_of_their_own(kind, sentence):
    check = finding(kind, part(kind), cause="organisational", about="differences")

    assert check_cause(EN, check)[0].startswith(sentence)
    assert check_cause(FR, check)[0]


def test_the_parts_of_a_finding_are_told_beside_its_main_cause():
    check = finding("technical", IMPORT, part("individual", 0.3, people=1), cause="technical")

    assert check_cause(EN, check)[1] == (
        "Of what exceeds the tolerance: 70% from the import of 3 March 2026 and 30% from one "
        "person who stands out."
    )


@pytest.mark.parametrize("state", [State.ABSENT, State.ERROR, State.NOT_OBSERVABLE])
def test_what_is_no_finding_has_no_cause(state):
    check = finding("systemic", part("systemic")).model_copy(update={"state": state})

    assert check_cause(EN, check) == []


def test_the_level_of_a_cause_is_hostile_text():
    level = '<img src=x onerror=alert(1)> {w("x")} ' + "x" * 500
    check = finding("technical", part("technical", attribute="lead_source", level=level))

    page = render_page(sample_result(checks=[check]), "en")

    assert "<img src=x" not in page
    assert "x" * 100 not in check_cause(EN, check)[0]


def test_two_people_of_eight_are_never_a_percentage():
    check = a_check(
        "late-deals", State.EMERGING, TITLE, kind="people", n_eligible=8, k_defect=2, rate=0.25
    )

    page = render_page(sample_result(checks=[check]), "en")

    assert "2 of 8 people" in page
    assert "25%" not in page


# --- the verdict

SHARE = CauseShare(value=0.81, lo=0.66, hi=0.92)


def verdict(cause, *evidence, friction=False):
    thesis = Thesis(
        outcome="supports",
        findings=6,
        examined=5,
        organisational=SHARE,
        individual=SHARE,
        technical=SHARE,
        of_teams=SHARE,
        friction_measured=friction,
        discriminators=list(evidence),
    )
    return sample_result().verdict.model_copy(update={"cause": cause, "thesis": thesis})


def said(words, verdict):
    return " ".join(verdict_cause(words, verdict, anything_present=True))


def test_the_share_behind_the_cause_is_given_with_its_interval():
    (sentence,) = cause_share(EN, verdict("organisational"))
    assert "81% of all defects" in sentence
    assert "66–92%" in sentence


def test_no_share_is_given_where_no_cause_prevails():
    assert cause_share(EN, verdict("not_separable")) == []


def test_an_unmeasured_friction_is_said_to_be_unmeasured():
    assert "was not measured" in said(EN, verdict("organisational"))
    assert "n’a pas été mesuré" in said(FR, verdict("organisational"))


def test_a_heavy_tool_is_named_beside_the_organisation():
    heavy = Discriminator(
        code="required_fields", measured=True, value=19, limit=12, points_to="tool"
    )

    assert "19 fields are required at one stage" in said(
        EN, verdict("not_separable", heavy, friction=True)
    )


def test_what_people_say_of_rules_and_of_their_tool_is_said_as_theirs():
    typing = Discriminator(code="typing_time", measured=True, value=2, points_to="tool")
    rules = Discriminator(
        code="declared",
        measured=True,
        value=2,
        points_to="organisation",
        facts={"missing": 2, "asked": 3},
    )

    english, french = (said(words, verdict("organisational", typing, rules)) for words in (EN, FR))

    assert "people say that they type for more than half an hour" in english
    assert "Of 3 rules that were asked about, people say that 2 are missing" in english
    assert "les commerciaux disent saisir plus d’une demi-heure" in french
    assert "Sur 3 règles évoquées en entretien, 2 manquent" in french


def test_teams_that_differ_speak_for_the_organisation():
    teams = Discriminator(
        code="between_teams", measured=True, value=0.14, limit=0.1, points_to="organisation"
    )

    assert "±14%" in said(EN, verdict("organisational", teams))


@pytest.mark.parametrize("words", [EN, FR])
@pytest.mark.parametrize("cause", get_args(Cause))
@pytest.mark.parametrize("friction", [False, True])
def test_the_software_is_never_said_to_be_innocent(words, cause, friction):
    """Whatever was measured: only that nothing against it was seen where it was looked at."""
    text = said(words, verdict(cause, friction=friction))

    assert not re.search(
        r"not (the|a) (software|tool)|pas (le|un|l’) ?(logiciel|outil)|n’est pas l’outil", text
    )


def test_nothing_present_has_no_cause_to_look_for():
    empty = sample_result().verdict.model_copy(update={"cause": None})

    assert verdict_cause(EN, empty, anything_present=False)[0].startswith("Nothing is firmly")
