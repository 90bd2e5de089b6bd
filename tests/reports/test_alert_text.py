"""What an alert says, for people who read it on a telephone."""

from __future__ import annotations

import pytest

from reports.alert_text import alert
from reports.wording import Wording
from tests.reports.sample_audit import sample_result


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("established", "failure of the CRM established"),
        ("verdict", "failure of the CRM established"),
        ("any-present", "at least one failure signal present"),
        ("signal:workarounds", "signal “Teams work around the system” present"),
        ("index<50", "index of a signal below 50"),
        ("drop>7.5", "index of a signal down by more than 7.5 points"),
        ("junk-in-deals", "“junk-in-deals”: limit passed"),
        ("check:open-deal-past-close-date>0.05", "close date”: more than 5% of the records"),
    ],
)
def test_a_condition_is_told_in_words(condition: str, said: str) -> None:
    told = alert(Wording("en"), sample_result(), ["threshold"], [condition], "").body
    assert "A condition is met that was not before: " in told
    assert f"{said}." in told


def test_a_condition_is_told_in_the_language_of_the_reader() -> None:
    words = Wording("fr")
    told = alert(words, sample_result(), ["threshold"], ["index<50", "suspected"], "").body
    assert "2 conditions sont désormais remplies : " in told
    assert "indice d’un signal inférieur à 50 · échec du CRM au moins soupçonné." in told
