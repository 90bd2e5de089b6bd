"""``--log-format json``: what happens, one object a line, without a word from the CRM."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.auditor.commands import Finished, run
from tests.auditor.exports import deal, write_csv

PRIVATE = ("Tilleuls", "Hélène", "Étape secrète", "006A0000", "005A0000")


def audit(
    folder: Path, capsys: pytest.CaptureFixture[str], rows: list[dict[str, str]], *words: object
) -> Finished:
    write_csv(folder / "Ferme des Tilleuls" / "Opportunity.csv", rows)
    return run(
        capsys, "audit", folder / "Ferme des Tilleuls", "--out", folder / "report",
        "--as-of", "2026-06-30", "--lang", "fr", "--log-format", "json", *words,
    )  # fmt: skip


def events(finished: Finished) -> list[dict[str, Any]]:
    return [json.loads(line) for line in finished.err.splitlines()]


def test_an_audit_is_told_in_codes_and_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        deal(n, Name="Ferme des Tilleuls", NextStep="Rappeler Hélène", StageName="Étape secrète")
        for n in range(40)
    ]
    finished = audit(tmp_path, capsys, rows, "--history", tmp_path / "history.sqlite")
    assert finished.code == 0
    told = events(finished)
    assert {"stage", "audited", "ended"} <= {one["event"] for one in told}
    (audited,) = [one for one in told if one["event"] == "audited"]
    assert (audited["as_of"], audited["trusted"]) == ("2026-06-30", True)
    assert audited["records"] >= 40
    assert told[-1]["exit_code"] == 0
    assert not [text for text in PRIVATE if text in finished.err.encode().decode("unicode_escape")]
    assert finished.out  # the summary is for people, and on the other stream


def test_a_condition_that_is_met_is_an_event_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [deal(n, Name="Ferme des Tilleuls", CloseDate="2026-05-30") for n in range(40)]
    condition = "check:open-deal-past-close-date>0.5"
    finished = audit(tmp_path, capsys, rows, "--fail-on", condition)
    assert finished.code == 1
    (met,) = [one for one in events(finished) if one["event"] == "condition_met"]
    assert (met["level"], met["condition"]) == ("warning", condition)
    assert met["values"] == {"open-deal-past-close-date": 1.0}
    assert not [text for text in PRIVATE if text in finished.err.encode().decode("unicode_escape")]


def test_a_failure_is_told_in_our_own_words_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finished = audit(tmp_path, capsys, [{"Étape secrète": "Hélène"}])
    assert finished.code == 2
    (error,) = [one for one in events(finished) if one["event"] == "error"]
    assert error["message"]
    assert error["level"] == "error"
    assert events(finished)[-1]["exit_code"] == 2
    assert not [text for text in PRIVATE if text in finished.err.encode().decode("unicode_escape")]


def test_where_the_operator_is_wrong_is_told_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "auditor.yaml").write_text("as_of: never\n")
    config = tmp_path / "auditor.yaml"
    finished = run(capsys, "audit", tmp_path, "--config", config, "--log-format=json")
    (error,) = [one for one in events(finished) if one["event"] == "error"]
    assert error["where"].endswith("auditor.yaml:1")
    assert error["message"] == "as_of is no day"


def test_a_format_that_is_none_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finished = run(capsys, "audit", tmp_path, "--lang", "en", "--log-format", "yaml")
    assert finished.code == 2
    assert '--log-format does not take "yaml". It takes text, json.' in finished.err
