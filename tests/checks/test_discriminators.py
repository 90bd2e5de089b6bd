"""What tells the organisation from its tool: required and unused fields, and teams that differ."""

from __future__ import annotations

import pytest

from checks.judgement.causes.teams import between_teams
from checks.profile import DEFAULT_REQUIRED, RequiredFields
from tests.checks.missing_amounts import (
    causes,
    deals,
)


def evidence(found, code):
    return next(one for one in found.thesis.discriminators if one.code == code)


def test_what_no_export_shows_is_listed_as_not_measured():
    found = causes(deals(lambda rep, number: number % 3 == 0))

    unmeasured = {one.code for one in found.thesis.discriminators if not one.measured}
    assert unmeasured >= {"required_fields", "unused_fields", "tool_change", "declared"}
    assert not found.thesis.friction_measured


def test_stages_that_require_many_fields_may_be_behind_a_finding_of_everybody():
    """Nobody's team does better, so the data cannot tell the organisation from the form."""
    heavy = RequiredFields(critical=tuple(f"field {i}" for i in range(13)))

    found = causes(
        deals(lambda rep, number: number % 3 == 0),
        required_fields={**DEFAULT_REQUIRED, "deals": heavy},
    )

    assert evidence(found, "required_fields").points_to == "tool"
    assert (found.thesis.outcome, found.cause) == ("supports", "not_separable")


def test_fields_that_nobody_fills_are_friction():
    empty = {f"Custom {i}": (lambda rep, number: None) for i in range(40)}

    found = causes(deals(lambda rep, number: number % 3 == 0, **empty))

    assert evidence(found, "unused_fields").points_to == "tool"


def test_one_measure_is_not_enough_to_call_a_tool_light():
    rows = deals(
        lambda rep, number: number % 3 == 0,
        **{f"Custom {i}": (lambda rep, number: "x") for i in range(40)},
    )
    light = RequiredFields(critical=("amount",))

    one = causes(rows).thesis
    both = causes(rows, required_fields={**DEFAULT_REQUIRED, "deals": light}).thesis

    assert (one.friction_measured, both.friction_measured) == (False, True)


def test_teams_that_differ_speak_for_the_organisation():
    found = causes(deals(lambda rep, number: number % (2 if rep < 4 else 5) == 0))

    teams = evidence(found, "between_teams")
    assert (teams.points_to, found.thesis.outcome) == ("organisation", "supports")
    assert teams.value == pytest.approx(0.2, abs=0.05)


def test_teams_alike_decide_nothing():
    found = causes(deals(lambda rep, number: (number + rep) % 3 == 0))

    assert evidence(found, "between_teams").points_to == "neither"


def test_teams_differ_no_more_than_their_deals_do():
    """One team has all deals of a stage where everybody forgets amounts."""
    import numpy as np

    records = np.array([[40.0, 40, 10, 10], [10, 10, 40, 40]])
    rates = np.array([[0.5], [0.1]])

    assert between_teams(records, records * rates, np.array([0, 0, 1, 1])) == 0


def test_two_people_a_team_are_needed_to_tell_teams_from_people():
    import numpy as np

    assert between_teams(np.full((1, 2), 40.0), np.full((1, 2), 8.0), np.array([0, 1])) is None
