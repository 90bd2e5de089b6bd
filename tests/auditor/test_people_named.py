"""Who is named in what an audit writes: pseudonyms, redacted files, workbooks of owners."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.auditor.commands import run
from tests.auditor.exports import AS_OF, deal, write_csv
from tests.auditor.small_audits import audited

pytestmark = pytest.mark.usefixtures("in_english")


def test_people_have_pseudonyms_unless_they_may_be_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, report = audited(tmp_path, capsys)
    owner = "005A00000000001AAA"
    assert owner not in (report / "result.json").read_text("utf-8")
    with (report / "people.csv").open(encoding="utf-8", newline="") as file:
        known = {row["owner_id"]: row["pseudonym"] for row in csv.DictReader(file)}
    assert known[owner] in (report / "result.json").read_text("utf-8")
    audited(tmp_path, capsys, "--named")
    assert owner in (report / "result.json").read_text("utf-8")
    assert not (report / "people.csv").exists()


def test_redacting_takes_owners_out_of_lists_and_findings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import duckdb

    _, report = audited(tmp_path, capsys)
    listed = report / "worklists" / "open-deal-past-close-date.csv"
    assert "005A00000000001AAA" in listed.read_text("utf-8-sig")
    audited(tmp_path, capsys, "--redact")
    assert "005A0000000" not in listed.read_text("utf-8-sig")
    findings = report / "findings.parquet"
    query = f"select count(*) > 0, count(owner_id) from '{findings}'"
    assert duckdb.connect().execute(query).fetchall() == [(True, 0)]
    assert not (report / "people.csv").exists()


def test_redacting_takes_every_name_out_of_every_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from zipfile import ZipFile

    rows = [deal(n, Name="Toiture Kermadec", OwnerName="Zélie Quintrec") for n in range(30)]
    accounts = [
        {"Id": f"001A{n:011d}AAA", "Name": f"Kermadec {n}", "OwnerId": rows[0]["OwnerId"]}
        for n in range(30)
    ]
    contacts = [
        {"Id": f"003A{n:011d}AAA", "LastName": "Morvan", "FirstName": "Yves"} for n in range(30)
    ]
    write_csv(tmp_path / "export" / "Opportunity.csv", rows)
    write_csv(tmp_path / "export" / "Account.csv", accounts)
    write_csv(tmp_path / "export" / "Contact.csv", contacts)
    words = ("audit", tmp_path / "export", "--out", tmp_path / "report", *AS_OF)
    assert run(capsys, *words, "--redact").code == 0
    texts = {path: path.read_bytes() for path in (tmp_path / "report").rglob("*") if path.is_file()}
    book = ZipFile(tmp_path / "report" / "worklists.xlsx")
    texts |= {Path(name): book.read(name) for name in book.namelist()}
    found = {
        (path.name, name)
        for path, text in texts.items()
        for name in ("Kermadec", "Quintrec", "Morvan", "Yves", str(rows[0]["OwnerId"]))
        if name.encode() in text
    }
    assert found == set()
    assert run(capsys, *words).code == 0
    assert b"Kermadec" in (tmp_path / "report" / "result.json").read_bytes()


def test_owners_get_a_workbook_each_on_request_and_it_goes_with_the_next_audit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from openpyxl import load_workbook

    _, report = audited(tmp_path, capsys, "--owner-workbooks")
    with (report / "people.csv").open(encoding="utf-8", newline="") as file:
        known = {row["pseudonym"]: row["owner_id"] for row in csv.DictReader(file)}
    books = sorted((report / "owners").iterdir())
    assert [book.stem for book in books] == sorted(known)
    rows = load_workbook(books[0])["open-deal-past-close-date"].iter_rows(
        min_row=2, values_only=True
    )
    assert {row[2] for row in rows} == {known[books[0].stem]}
    audited(tmp_path, capsys)
    assert not (report / "owners").exists()
