"""What people say of rules and of their tool, beside the causes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from checks.judgement.causes.examine import find_causes
from checks.judgement.causes.spoken import spoken
from checks.judgement.scoring import judge_check
from checks.profile import DEFAULT_REQUIRED, RequiredFields
from tests.checks.heard import answers
from tests.checks.missing_amounts import NO_AMOUNT
from tests.checks.snapshots import context_of, measured

RULES = answers(who_corrects={"director": 2}, stage_definition={"director": 2})
TYPING = answers(typing_time={"rep_1": 2, "rep_2": 2})
HEAVY = RequiredFields(critical=tuple(f"field {number}" for number in range(13)))


def said(**given):
    return {one.code: one for one in spoken(answers(**given))}


def test_without_an_interview_rules_are_not_measured_and_typing_is_not_spoken_of():
    (rules,) = spoken(None)
    assert (rules.code, rules.measured, rules.points_to) == ("declared", False, None)


@pytest.mark.parametrize(
    ("corrects", "stages", "review", "measured", "points_to"),
    [
        (2, 2, 0, True, "organisation"),
        (2, 2, None, True, "organisation"),
        (2, 0, 0, True, "neither"),
        (1, 1, 1, True, "neither"),
        (2, None, None, False, None),  # one answer is too few
        (None, None, None, False, None),
    ],
)
def test_two_missing_rules_speak_for_the_organisation(
    corrects, stages, review, measured, points_to
):
    rules = said(
        who_corrects={"director": corrects},
        stage_definition={"director": stages},
        review_on_screen={"director": review},
    )["declared"]
    assert (rules.measured, rules.points_to) == (measured, points_to)


@pytest.mark.parametrize(
    ("levels", "points_to"), [((2, 2), "tool"), ((2, 1), "tool"), ((0, 2), "neither")]
)
def test_much_typing_speaks_for_the_tool(levels, points_to):
    found = said(typing_time=dict(zip(("rep_1", "rep_2"), levels, strict=True)))
    assert found["typing_time"].points_to == points_to


def test_who_does_not_know_how_long_says_nothing():
    assert "typing_time" not in said(typing_time={"rep_1": None})


def everybody(said=None, **profile):
    """Return the causes where a third of everybody's deals has no amount."""
    deals = [
        {
            "id": f"d{rep}-{number}",
            "owner_id": f"u{rep}",
            "state": "open",
            "amount": None if number % 3 == 0 else Decimal(1000),
        }
        for rep in range(8)
        for number in range(40)
    ]
    users = [{"id": f"u{rep}", "name": f"Person {rep}", "is_active": True} for rep in range(8)]
    context = context_of({"deals": deals, "users": users}, **profile)
    found = measured(context, NO_AMOUNT)
    judged = {NO_AMOUNT.id: judge_check(NO_AMOUNT, found.measurements[NO_AMOUNT.id])}
    return find_causes(context, (NO_AMOUNT,), found, judged, said)


def test_much_typing_does_not_acquit_the_organisation_and_measures_no_friction():
    found = everybody(TYPING)
    by_code = {one.code: one for one in found.thesis.discriminators}
    assert by_code["typing_time"].points_to == "tool"
    assert (found.cause, found.thesis.friction_measured) == ("organisational", False)


def test_missing_rules_do_not_acquit_a_heavy_tool():
    required = {**DEFAULT_REQUIRED, "deals": HEAVY}
    found = everybody(RULES, required_fields=required)
    by_code = {one.code: one for one in found.thesis.discriminators}
    assert by_code["declared"].points_to == "organisation"
    assert found.cause == everybody(required_fields=required).cause == "not_separable"
