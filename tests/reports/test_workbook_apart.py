"""A workbook of many records is written by a process of its own."""

from __future__ import annotations

import shutil
import sys
from datetime import date
from pathlib import Path

import pytest

from reports.workbook import Sheet, sheets_of, write_workbook
from reports.workbook_apart import WorkbookApart
from tests.reports.small_audit import audit_of, late_deal

DAY = date(2026, 6, 30)


@pytest.fixture(scope="module")
def many() -> list[Sheet]:
    """A sheet of more records than are written at once."""
    return [one._replace(records=one.records * 9_000) for one in sheets_of(*audit_of(late_deal()))]


def as_the_program_itself_writes_it(sheets: list[Sheet], folder: Path) -> bytes:
    write_workbook(sheets, folder / "here.xlsx", as_of=DAY, language="fr")
    return (folder / "here.xlsx").read_bytes()


def apart(sheets: list[Sheet], path: Path) -> WorkbookApart:
    workbook = WorkbookApart()
    workbook.begin(sheets, path, as_of=DAY, language="fr")
    return workbook


def test_another_process_writes_the_same_workbook(
    many: list[Sheet], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = as_the_program_itself_writes_it(many, tmp_path)
    monkeypatch.setattr("xlsxwriter.Workbook", "not to be had in this process")
    with apart(many, tmp_path / "apart.xlsx") as workbook:
        workbook.wait()
    assert (tmp_path / "apart.xlsx").read_bytes() == here
    assert {file.name for file in tmp_path.iterdir()} == {"apart.xlsx", "here.xlsx"}


def test_few_records_are_written_at_once(tmp_path: Path) -> None:
    with apart(list(sheets_of(*audit_of(late_deal()))), tmp_path / "few.xlsx"):
        assert (tmp_path / "few.xlsx").exists()


@pytest.mark.parametrize("python", [shutil.which("false"), "/no/such/program"])
def test_what_no_other_process_can_write_is_written_here(
    python: str, many: list[Sheet], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", python)
    with apart(many, tmp_path / "apart.xlsx") as workbook:
        workbook.wait()
    written = (tmp_path / "apart.xlsx").read_bytes()
    assert written == as_the_program_itself_writes_it(many, tmp_path)


def test_a_folder_that_cannot_be_written_to_is_told(many: list[Sheet], tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    with apart(many, folder / "apart.xlsx") as workbook:
        shutil.rmtree(folder)
        with pytest.raises(OSError, match="No such file or directory"):
            workbook.wait()


def test_an_audit_that_fails_leaves_no_process_behind(many: list[Sheet], tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), apart(many, tmp_path / "apart.xlsx"):
        raise ZeroDivisionError
    assert not (tmp_path / "apart.xlsx").exists()
