"""The examples of every check hold, and what is wrong with one is said."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from checks.authoring.catalogue import Catalogue, load_catalogue
from checks.authoring.rehearse import AS_OF, rehearse, rehearse_check
from checks.spec import CheckSpec, Examples
from connectors.errors import ConfigurationError
from tests.checks.shipped_checks import CATALOGUE, each_check

PAST_CLOSE_DATE = CATALOGUE["open-deal-past-close-date"]


def with_examples(spec: CheckSpec, **kinds: list[dict[str, Any]]) -> CheckSpec:
    examples = Examples.model_validate({"pass": (), "fail": (), **kinds})
    return spec.model_copy(update={"examples": examples})


def said(spec: CheckSpec) -> list[str]:
    return [failure.what.format(**failure.facts) for failure in rehearse_check(spec)]


@each_check
def test_the_examples_of_the_package_hold(spec: CheckSpec):
    assert said(spec) == []


def test_examples_are_audited_on_the_day_that_the_form_promises():
    assert date(2026, 6, 30) == AS_OF


def test_an_example_that_does_not_hold_is_named_by_list_and_place():
    spec = with_examples(
        PAST_CLOSE_DATE,
        **{"pass": [{"state": "open", "close_date": "2026-06-26"}]},
        fail=[
            {"state": "open", "close_date": "2026-06-26"},
            {"state": "open", "close_date": "2026-06-27"},
        ],
        skip=[{"state": "open", "close_date": "2026-06-27"}],
    )
    assert said(spec) == [
        'open-deal-past-close-date: row 1 under "pass" came out as "fail"',
        'open-deal-past-close-date: row 2 under "fail" came out as "pass"',
        'open-deal-past-close-date: row 1 under "skip" came out as "pass"',
    ]


def test_a_definition_that_changes_makes_its_examples_fail():
    lenient = PAST_CLOSE_DATE.model_copy(update={"params": {"grace_days": 5000}})
    assert [(failure.kind, failure.got) for failure in rehearse_check(lenient)] == [
        ("fail", "pass"),
        ("fail", "pass"),
    ]


def test_a_column_that_no_example_names_is_told_as_the_reason():
    spec = with_examples(PAST_CLOSE_DATE, fail=[{"state": "open"}])
    (message,) = said(spec)
    assert message == (
        "open-deal-past-close-date: no example gives deals.close_date, without which nothing can"
        " be measured"
    )


def test_a_repeated_row_is_reported_once():
    spec = with_examples(
        PAST_CLOSE_DATE, fail=[{"times": 20, "state": "open", "close_date": "2026-12-31"}]
    )
    assert len(rehearse_check(spec)) == 1


def test_rows_that_all_have_to_be_left_out_may_stand_alone():
    spec = with_examples(PAST_CLOSE_DATE, skip=[{"state": "won", "close_date": "2026-01-31"}])
    assert said(spec) == []


def test_a_value_that_its_column_cannot_hold_is_refused():
    spec = with_examples(PAST_CLOSE_DATE, fail=[{"state": "open", "close_date": "31/01/2026"}])
    with pytest.raises(ConfigurationError, match="a value that its column cannot hold"):
        rehearse_check(spec)


def test_checks_without_examples_have_nothing_to_rehearse():
    spec = PAST_CLOSE_DATE.model_copy(update={"examples": None})
    assert rehearse(Catalogue((spec,), {spec.id: ""})) == []


def test_the_example_of_the_guide_is_a_check_that_holds(tmp_path: Path):
    guide = (Path(__file__).parents[2] / "docs" / "writing-checks.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```yaml\n# our-checks/(?:.*)\n(id: (?:.|\n)*?)```", guide)
    (tmp_path / "large-deal-without-contact.yaml").write_text(text, encoding="utf-8")
    assert said(load_catalogue(tmp_path)["large-deal-without-contact"]) == []


@pytest.mark.parametrize(
    ("gap", "allowed"), [(2, 14), (10, 30), (12, 36), (60, 45)], ids="every {} days".format
)
def test_normal_silence_is_learned_from_the_activities_of_won_deals(gap: int, allowed: int):
    def call(deal: str, days_ago: int) -> dict[str, Any]:
        return {"kind": "call", "deal_id": deal, "happened_at": AS_OF - timedelta(days=days_ago)}

    calls = [call("won", 100 + gap * number) for number in range(21)]
    calls += [call("busy", allowed), call("silent", allowed + 1)]
    created = AS_OF - timedelta(days=90)
    spec = with_examples(
        CATALOGUE["open-deal-without-activity"],
        **{"pass": [{"id": "busy", "state": "open", "created_at": created}]},
        fail=[{"id": "silent", "state": "open", "created_at": created}],
        skip=[
            {"id": "won", "state": "won", "created_at": created, "with": {"activities": calls}},
            {"id": "young", "state": "open", "created_at": AS_OF - timedelta(days=allowed)},
        ],
    )
    assert said(spec) == []
