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
    pages = f"All companies on one page: {tmp_path / 'report' / 'summary.en.html'}, "
    assert pages in finished.err
    for name in ("north", "south"):
        assert (tmp_path / "report" / name / "result.json").exists()
        assert f'href="{name}/report.fr.html"' in page(tmp_path, "fr")
    assert "In none of 2 companies is the failure of the CRM established." in page(tmp_path)
    assert "Dans aucune des 2 sociétés l’échec du CRM n’est établi." in page(tmp_path, "fr")
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


ALONE = """
sources: {north: exports/north}
as_of: 2026-06-30
history: {file: history.sqlite}
"""


def in_july(settings: str) -> str:
    return settings.replace("06-30", "07-18")


def new_findings(folder: Path, *report: str) -> int | None:
    """Return the late deals that are new since the audit before; None where there is none."""
    result = json.loads(folder.joinpath("report", *report, "result.json").read_text("utf-8"))
    if result["comparison"]["reason"] == "first_audit":
        return None
    lives = [
        one["life"]["new"]
        for one in result["comparison"]["checks"]
        if one["check_id"] == "open-deal-past-close-date"
    ]
    return lives[0] if lives else 0


def listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> set[tuple[str, str]]:
    """Return day and name of every audit in the history."""
    out = run(capsys, "history", "list", "--history", folder / "history.sqlite").out
    return {(line.split()[0], line.split()[1]) for line in out.splitlines()}


def test_a_source_that_gains_a_neighbour_goes_on_with_its_history(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exports(tmp_path, 4, 30)
    audit(tmp_path, capsys, settings=ALONE)
    exports(tmp_path, 6, 30)
    assert audit(tmp_path, capsys, settings=in_july(SETTINGS)).code == 0
    assert new_findings(tmp_path, "north") == 2
    assert new_findings(tmp_path, "south") is None
    assert listed(tmp_path, capsys) == {
        ("2026-06-30", "north"),
        ("2026-07-18", "north"),
        ("2026-07-18", "south"),
    }
    report = (tmp_path / "report" / "north" / "report.en.html").read_text("utf-8")
    assert "it is called north now" in report


def test_a_source_that_loses_its_neighbours_goes_on_with_its_history(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exports(tmp_path, 4, 30)
    audit(tmp_path, capsys)
    exports(tmp_path, 6, 30)
    assert audit(tmp_path, capsys, settings=in_july(ALONE)).code == 0
    assert new_findings(tmp_path) == 2
    assert ("2026-07-18", "north") in listed(tmp_path, capsys)


def test_a_source_of_the_command_line_is_known_by_its_name_in_the_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exports(tmp_path, 4, 30)
    audit(tmp_path, capsys)
    exports(tmp_path, 6, 30)
    audit(tmp_path, capsys, tmp_path / "exports" / "north", settings=in_july(SETTINGS))
    assert new_findings(tmp_path) == 2


def test_a_source_that_moves_is_known_by_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_csv(tmp_path / "export" / "Opportunity.csv", deals(overdue=4))
    audit(tmp_path, capsys, settings=ALONE.replace("exports/north", "export"))
    exports(tmp_path, 6, 30)
    audit(tmp_path, capsys, settings=in_july(SETTINGS))
    assert new_findings(tmp_path, "north") == 2


def test_a_history_that_was_kept_without_a_name_is_known_by_its_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exports(tmp_path, 4, 30)
    history = ("--history", tmp_path / "history.sqlite")
    audit(tmp_path, capsys, tmp_path / "exports" / "north", *history, settings="as_of: 2026-06-30")
    exports(tmp_path, 6, 30)
    audit(tmp_path, capsys, settings=in_july(SETTINGS))
    assert new_findings(tmp_path, "north") == 2


def test_no_history_goes_to_one_of_two_that_it_may_be_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    twins = "sources: {north: north/crm, south: south/crm}\nhistory: {file: history.sqlite}\n"
    for name in ("north", "south"):
        write_csv(tmp_path / name / "crm" / "Opportunity.csv", deals(overdue=4))
    history = ("--history", tmp_path / "history.sqlite")
    audit(tmp_path, capsys, tmp_path / "south" / "crm", *history, settings="as_of: 2026-06-30")
    audit(tmp_path, capsys, settings=f"{twins}as_of: 2026-07-18\n")
    assert new_findings(tmp_path, "north") is new_findings(tmp_path, "south") is None
    assert ("2026-06-30", "default") in listed(tmp_path, capsys)
