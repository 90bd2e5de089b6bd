"""Several CRMs in one job: each audited for itself, and a page with all of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.auditor.commands import Finished, run
from tests.auditor.exports import deals, write_csv

SETTINGS = """
sources: {north: exports/north, south: exports/south}
as_of: 2026-06-30
history: {file: history.sqlite}
"""


def audit(
    folder: Path, capsys: pytest.CaptureFixture[str], *words: object, settings: str = SETTINGS
) -> Finished:
    (folder / "auditor.yaml").write_text(settings, encoding="utf-8")
    config, out = folder / "auditor.yaml", folder / "report"
    return run(capsys, "audit", "--config", config, "--out", out, *words)


def exports(folder: Path, north: int, south: int) -> None:
    for name, overdue in (("north", north), ("south", south)):
        write_csv(folder / "exports" / name / "Opportunity.csv", deals(overdue=overdue))


def page(folder: Path, language: str = "en") -> str:
    return (folder / "report" / f"summary.{language}.html").read_text("utf-8")


def test_each_is_audited_and_all_stand_on_one_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exports(tmp_path, 0, 30)
    finished = audit(tmp_path, capsys, "--fail-on", "check:open-deal-past-close-date>0.5")
    assert finished.code == 1  # the south alone meets the condition
    for name in ("north", "south"):
        assert (tmp_path / "report" / name / "result.json").exists()
        assert f'href="{name}/report.fr.html"' in page(tmp_path, "fr")
    assert "In 0 of 2 companies the failure of the CRM is established." in page(tmp_path)
    assert "2 sociétés" in page(tmp_path, "fr")
    assert "Content-Security-Policy" in page(tmp_path)
    assert "005A0000" not in page(tmp_path)  # nobody is named


def test_a_report_says_which_company_it_is_about(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exports(tmp_path, 0, 30)
    audit(tmp_path, capsys, settings=SETTINGS + "report: {client: Groupe Aubrac}\n")
    for name in ("north", "south"):
        report = (tmp_path / "report" / name / "report.en.html").read_text("utf-8")
        assert f"Groupe Aubrac, {name}" in report


def test_each_has_its_own_line_in_the_history(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exports(tmp_path, 4, 30)
    audit(tmp_path, capsys)
    later = SETTINGS.replace("06-30", "07-18")
    exports(tmp_path, 6, 30)
    assert audit(tmp_path, capsys, settings=later).code == 0
    for name, new in (("north", 2), ("south", 0)):
        result = json.loads((tmp_path / "report" / name / "result.json").read_text("utf-8"))
        (change,) = [
            one
            for one in result["comparison"]["checks"]
            if one["check_id"] == "open-deal-past-close-date"
        ]
        assert change["life"]["new"] == new
    assert "Since 30 June 2026" in page(tmp_path)


def test_one_that_cannot_be_audited_keeps_no_other_from_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exports(tmp_path, 0, 30)
    (tmp_path / "exports" / "north" / "Opportunity.csv").write_text("Nothing\nhere\n")
    beat = tmp_path / "beat.json"
    finished = audit(tmp_path, capsys, "--heartbeat", beat)
    assert finished.code == 2
    assert (tmp_path / "report" / "south" / "result.json").exists()
    assert "No audit" in page(tmp_path)
    assert "One company could not be audited, and is not counted as healthy." in page(tmp_path)
    outcomes = [
        json.loads((tmp_path / f"beat.{name}.json").read_text())["outcome"]
        for name in ("north", "south")
    ]
    assert outcomes == ["broken", "done"]


def test_sums_stand_side_by_side_in_one_currency_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exports(tmp_path, 20, 30)
    audit(tmp_path, capsys)
    assert "do not stand side by side" in page(tmp_path)
    audit(tmp_path, capsys, settings=SETTINGS + "profile: {currency: EUR}\n")
    assert "do not stand side by side" not in page(tmp_path)
    assert "€" in page(tmp_path)


def test_json_holds_each_by_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exports(tmp_path, 0, 30)
    printed = json.loads(audit(tmp_path, capsys, "--json").out)
    assert list(printed) == ["north", "south"]
    assert printed["south"]["run"]["source"] == "south"


@pytest.mark.parametrize(
    ("words", "settings", "complaint"),
    [
        (["--earlier", "old"], SETTINGS, "--earlier is about one source"),
        (
            [],
            "sources: [north/crm.zip, south/crm.zip]\n",
            "auditor.yaml:1: two sources would share",
        ),
        ([], "{}\n", "there is no export to audit"),
    ],
)
def test_what_cannot_be_meant_is_said(
    words: list[str],
    settings: str,
    complaint: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    finished = audit(tmp_path, capsys, *words, settings=settings)
    assert finished.code == 2
    assert complaint in finished.err
    assert not (tmp_path / "report").exists()
