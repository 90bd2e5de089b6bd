"""The lists that an audit writes: their columns, their style, their length, links into the CRM."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.auditor.small_audits import audited, result_of

pytestmark = pytest.mark.usefixtures("in_english")

CRM = "https://acme.lightning.force.com"


@pytest.mark.parametrize("words", [(), ("--redact",), ("--named",)])
def test_the_result_names_the_columns_that_the_lists_have(
    words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, report = audited(tmp_path, capsys, *words, "--lang", "en")
    lists = [check["worklist"] for check in result_of(report)["checks"] if check["worklist"]]
    assert len(lists) == len(list((report / "worklists").iterdir())) > 0
    for listed in lists:
        with (report / listed["file"]).open(encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
        assert header == listed["columns"]
        assert len(rows) == listed["rows"]


@pytest.mark.parametrize(
    ("words", "separator"),
    [((), ";"), (("--lang", "en"), ","), (("--csv-style", "us"), ",")],
)
def test_lists_come_in_the_style_of_their_readers(
    words: tuple[str, ...],
    separator: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, report = audited(tmp_path, capsys, *words)
    listed = (report / "worklists" / "open-deal-past-close-date.csv").read_text("utf-8-sig")
    assert listed.startswith(f'"record_id"{separator}')


def test_a_sheet_holds_as_many_records_as_one_asks_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from openpyxl import load_workbook

    _, report = audited(tmp_path, capsys, "--workbook-rows", "2", "--lang", "en")
    sheet = load_workbook(report / "worklists.xlsx")["open-deal-past-close-date"]
    assert sheet.max_row == 1 + 2
    _, report = audited(tmp_path, capsys, "--workbook-rows", "2000", "--lang", "en")
    sheet = load_workbook(report / "worklists.xlsx")["open-deal-past-close-date"]
    assert sheet.max_row == 1 + 30


def test_links_into_the_crm_stand_in_the_lists_and_on_the_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "auditor.yaml"
    settings.write_text(f"report:\n  crm_address: {CRM}/\n", encoding="utf-8")
    _, report = audited(tmp_path, capsys, "--config", settings, "--lang", "en")
    address = f"{CRM}/lightning/r/Opportunity/006A00000000001AAA/view"
    listed = (report / "worklists" / "open-deal-past-close-date.csv").read_text("utf-8")
    assert address in listed
    page = (report / "report.en.html").read_text("utf-8")
    assert f'<a href="{address}" rel="noreferrer">Ferme 1</a>' in page


def test_links_lead_to_no_other_host(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = tmp_path / "auditor.yaml"
    settings.write_text("report:\n  crm_address: https://evil.example\n", encoding="utf-8")
    finished, _ = audited(tmp_path, capsys, "--config", settings)
    assert finished.code == 2
    assert "https://evil.example is no address of Salesforce or HubSpot" in finished.err
    assert f"{settings}:2" in finished.err
