"""Whether the organisation or its tool is behind all findings together, or nothing says so."""

from __future__ import annotations

import pytest

from checks.judgement.causes.part import Part
from checks.judgement.causes.thesis import Sifted, mostly_teams, several_causes, try_thesis
from checks.judgement.causes.triage import Triage


def sifted(kind, excess=50.0, records=400, draws=40):
    one = Triage(kind, (Part(kind, excess, excess, (0,)),))
    return Sifted("check", records, one, (one,) * draws)


@pytest.mark.parametrize(
    ("kinds", "outcome"),
    [
        (("systemic", "systemic", "individual"), "supports"),
        (("systemic", "team"), "supports"),
        (("technical", "technical", "systemic"), "contradicts"),
        (("individual", "individual", "technical"), "individual"),
        (("systemic", "technical"), "undetermined"),
        (("mixed", "mixed", "systemic"), "undetermined"),
    ],
)
def test_the_thesis_is_decided_by_more_than_half_of_the_excess(kinds, outcome):
    assert try_thesis([sifted(kind) for kind in kinds]).outcome == outcome


def test_the_thesis_needs_its_whole_interval_above_one_half():
    systemic, technical = sifted("systemic").triage, sifted("technical").triage
    shaky = Sifted("check", 400, systemic, (systemic,) * 36 + (technical,) * 4)

    judgement = try_thesis([shaky])

    assert judgement.shares["organisational"].value == 1
    assert judgement.outcome == "undetermined"


def test_a_finding_on_many_records_does_not_outvote_one_on_few():
    contacts = sifted("technical", excess=5_000, records=50_000)
    deals = sifted("systemic", excess=120, records=400)

    judgement = try_thesis([contacts, deals])

    assert judgement.shares["organisational"].value == pytest.approx(0.75)


def test_money_weighs_a_part_and_not_its_number_of_records():
    large = Triage("systemic", (Part("systemic", 10, 100, (0,)), Part("technical", 10, 10, (1,))))

    judgement = try_thesis([Sifted("check", 400, large, (large,) * 10)])

    assert judgement.shares["organisational"].value == pytest.approx(100 / 110)


def test_two_causes_of_a_quarter_each_are_several():
    assert several_causes(try_thesis([sifted("systemic"), sifted("technical")]))
    assert not several_causes(try_thesis([sifted("systemic")] * 4 + [sifted("technical")]))


def test_teams_that_hold_most_of_the_organisations_share_are_named():
    assert mostly_teams(try_thesis([sifted("team"), sifted("team"), sifted("systemic")]))
    assert not mostly_teams(try_thesis([sifted("team"), sifted("systemic")]))


def test_no_finding_is_no_evidence():
    assert try_thesis([]).outcome == "undetermined"
    assert try_thesis([]).shares == {}
