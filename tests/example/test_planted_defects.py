"""The bundled examples hold known defects: the audit must find those, and hardly any others."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from auditor.cli import main
from examples.generate import EXAMPLES, Example, stale

#: Checks that read facts off a record: all that was planted, and nothing else.
FACTS = (
    "account-with-missing-required-field",
    "close-date-before-creation",
    "closed-deal-with-future-close-date",
    "contact-with-missing-required-field",
    "contact-without-account",
    "contact-without-email-or-phone",
    "deal-owned-by-inactive-user",
    "deal-without-account",
    "deal-without-owner",
    "invalid-company-id",
    "invalid-email",
    "lead-without-owner",
    "lost-deal-without-reason",
    "open-deal-past-close-date",
    "open-deal-with-missing-required-field",
    "open-deal-without-amount",
    "open-deal-without-close-date",
    "won-deal-without-amount",
)


@dataclass(frozen=True)
class Audited:
    """One audited example."""

    planted: dict[str, list[str]]
    checks: dict[str, dict[str, Any]]
    run: dict[str, Any]
    out: Path

    def counted(self, check_id: str) -> set[str]:
        """Ids of the records that count: of a cluster of duplicates, all but the survivor."""
        query = "select record_id from read_parquet(?) where check_id = ?"
        found = duckdb.execute(query, [str(self.out / "findings.parquet"), check_id]).fetchall()
        return {record_id for (record_id,) in found}


@pytest.fixture(scope="module", params=EXAMPLES, ids=lambda example: example.name)
def audited(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Audited:
    """The audit of each example."""
    example: Example = request.param
    out = tmp_path_factory.mktemp("example") / "out"
    assert main(["audit", str(example.folder), "--out", str(out), "--csv-style", "us"]) == 0
    result = json.loads((out / "result.json").read_text("utf-8"))
    checks = {check["check_id"]: check for check in result["checks"]}
    return Audited(json.loads(example.planted.read_text("utf-8")), checks, result["run"], out)


def test_the_examples_are_current() -> None:
    assert stale() == []


def test_the_examples_carry_their_own_date(audited: Audited) -> None:
    assert audited.run["as_of_origin"] != "argument"
    assert audited.run["as_of"] == "2026-10-30"


def test_every_file_of_the_examples_is_recognised(audited: Audited) -> None:
    files = audited.run["provenance"]["files"]
    assert [file["name"] for file in files if not file["table"]] == []


@pytest.mark.parametrize("check_id", FACTS)
def test_what_was_planted_is_found_and_nothing_else(check_id: str, audited: Audited) -> None:
    planted = set(audited.planted.get(check_id, ()))
    assert audited.counted(check_id) == planted
    assert audited.checks[check_id]["k_defect"] == len(planted)


def test_a_number_that_may_be_one_is_not_called_wrong(audited: Audited) -> None:
    assert audited.counted("invalid-phone") <= set(audited.planted["invalid-phone"])


@pytest.mark.parametrize(
    "check_id", ["junk-in-deals", "duplicate-account", "duplicate-contact", "value-variant"]
)
def test_of_what_takes_judgement_most_is_found(check_id: str, audited: Audited) -> None:
    planted, found = set(audited.planted[check_id]), audited.counted(check_id)
    assert len(found & planted) >= 0.6 * len(planted)
    assert len(found & planted) >= 0.9 * len(found)
