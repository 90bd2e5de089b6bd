"""An audit from end to end: what it writes, what it prints, how it ends."""

from __future__ import annotations

import csv
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.auditor.commands import Finished, run, run_process
from tests.auditor.exports import deal, deals, write_csv, write_export

AS_OF = ("--as-of", "2026-06-30")


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LANG", "C.UTF-8")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


def audited(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *words: object, overdue: int = 30
) -> tuple[Finished, Path]:
    export = write_export(tmp_path / "export", overdue=overdue)
    finished = run(capsys, "audit", export, "--out", tmp_path / "report", *AS_OF, *words)
    return finished, tmp_path / "report"


def result_of(report: Path) -> dict[str, Any]:
    return json.loads((report / "result.json").read_text("utf-8"))


def test_an_audit_writes_all_that_it_promises(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finished, report = audited(tmp_path, capsys)
    assert finished.code == 0, finished.err
    written = {path.relative_to(report).as_posix() for path in report.rglob("*")}
    assert written >= {
        "result.json",
        "findings.parquet",
        "report.en.html",
        "report.fr.html",
        "actions.en.csv",
        "actions.en.ics",
        "actions.fr.csv",
        "actions.fr.ics",
        "worklists.xlsx",
        "worklists/open-deal-past-close-date.csv",
        "people.csv",
    }
    assert stat.S_IMODE((report / "people.csv").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_the_summary_says_which_lines_could_not_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = write_export(tmp_path / "export", overdue=30)
    (file,) = export.glob("*.csv")
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([*lines[:3], "broken,in,two", *lines[3:]]) + "\n", "utf-8")
    finished = run(capsys, "audit", export, "--out", tmp_path / "report", *AS_OF)
    said = "Lines that could not be read: 1, the first is {}, line 4. The report lists them."
    assert said.format(file.name) in finished.out


def test_the_summary_says_answer_mapping_and_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finished, report = audited(tmp_path, capsys)
    assert "As of 2026-06-30, from --as-of." in finished.out
    assert "Opportunity.csv → deals: 40 records" in finished.out
    assert "CloseDate → close_date" in finished.out
    assert str(report / "report.fr.html") in finished.out
    assert finished.err == ""


def test_the_day_is_printed_with_the_column_it_came_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = write_export(tmp_path / "export")
    finished = run(capsys, "audit", export, "--out", tmp_path / "report")
    assert "As of 2026-06-30, from deals.modified_at." in finished.out


def test_without_a_stamp_of_the_crm_the_day_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {k: v for k, v in row.items() if k not in ("CreatedDate", "LastModifiedDate")}
        for row in deals()
    ]
    source = write_csv(tmp_path / "Opportunity.csv", rows)
    finished = run(capsys, "audit", source, "--out", tmp_path / "report")
    assert finished.code == 2
    assert "Say it with --as-of 2026-06-30" in finished.err
    assert not (tmp_path / "report").exists()


def test_json_is_the_only_thing_on_stdout(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finished, report = audited(tmp_path, capsys, "--json")
    assert json.loads(finished.out) == result_of(report)


def test_one_language_writes_one_page_and_removes_the_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    audited(tmp_path, capsys)
    finished, report = audited(tmp_path, capsys, "--lang", "fr")
    assert [path.name for path in report.glob("*.html")] == ["report.fr.html"]
    assert "Comment l’export a été lu" in finished.out


def test_lists_of_an_earlier_audit_are_gone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, report = audited(tmp_path, capsys)
    late = report / "worklists" / "open-deal-past-close-date.csv"
    assert late.exists()
    audited(tmp_path, capsys, overdue=0)
    assert not late.exists()


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("open-deal-past-close-date", 1),
        ("established,open-deal-past-close-date", 1),
        ("established", 0),
        ("deal-without-owner", 0),
    ],
)
def test_fail_on_decides_the_exit_code(
    what: str, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finished, report = audited(tmp_path, capsys, "--fail-on", what)
    assert finished.code == code
    assert (report / "result.json").exists()


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


def test_a_flag_wins_over_the_environment_and_that_over_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    export = write_export(tmp_path / "export")
    (export / "auditor.yaml").write_text(
        "as_of: 2026-06-28\nreport: {languages: [fr], csv_style: us, client: Ferme du Lac}\n"
    )
    report = tmp_path / "report"

    def day(*words: str) -> object:
        run(capsys, "audit", export, "--out", report, *words)
        return result_of(report)["run"]["as_of"]  # type: ignore[index]

    assert day() == "2026-06-28"
    assert [page.name for page in report.glob("*.html")] == ["report.fr.html"]
    assert result_of(report)["run"]["parameters"]["client"] == "Ferme du Lac"  # type: ignore[index]
    monkeypatch.setenv("AUDITOR_AS_OF", "2026-06-29")
    assert day() == "2026-06-29"
    assert day("--as-of", "2026-06-30") == "2026-06-30"


def test_the_source_may_stand_in_the_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_export(tmp_path / "here" / "export")
    Path("auditor.yaml").write_text("sources: [export]\n")
    finished = run(capsys, "audit", "--out", tmp_path / "report", *AS_OF)
    assert finished.code == 0
    assert finished.err == "Settings: auditor.yaml\n"


def test_each_of_several_sources_that_is_not_there_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("auditor.yaml").write_text("sources: [january, february]\n")
    finished = run(capsys, "audit")
    assert finished.code == 2
    for name in ("january", "february"):
        assert f"{name}: there is no such file or folder" in finished.err


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    export = write_export(tmp_path / "export", overdue=30)
    for name, seed in (("one", "1"), ("two", "2")):
        done = run_process("audit", export, "--out", tmp_path / name, *AS_OF, PYTHONHASHSEED=seed)
        assert done.code == 0, done.err
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*"))
    different = [
        str(file)
        for file in files
        if (tmp_path / "one" / file).read_bytes() != (tmp_path / "two" / file).read_bytes()
    ]
    assert different == []
    assert str(tmp_path) not in (tmp_path / "one" / "result.json").read_text("utf-8")


def test_a_user_check_runs_beside_ours_and_weighs_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = write_export(tmp_path / "export", overdue=30)
    (export / "mine").mkdir()
    theirs = Path(__file__).parents[2] / "checks" / "catalogue" / "incomplete_or_obsolete"
    text = (theirs / "open-deal-past-close-date.yaml").read_text("utf-8")
    text = text.replace("id: open-deal-past-close-date", "id: my-late-deal")
    text = text.replace("lifecycle: stable", "lifecycle: experimental")
    (export / "mine" / "my-late-deal.yaml").write_text(text, encoding="utf-8")
    (export / "auditor.yaml").write_text("profile: {checks_dir: mine}\n")
    run(capsys, "audit", export, "--out", tmp_path / "report", *AS_OF)
    checks = {c["check_id"]: c for c in result_of(tmp_path / "report")["checks"]}  # type: ignore[attr-defined]
    assert checks["my-late-deal"]["k_defect"] == 30
    assert checks["my-late-deal"]["lifecycle"] == "experimental"
    assert (tmp_path / "report" / "worklists" / "my-late-deal.csv").exists()


def test_the_report_carries_the_title_and_the_names_of_the_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = write_export(tmp_path / "export")
    (export / "auditor.yaml").write_text(
        "report: {title: State of <our> CRM, client: Ferme du Lac, prepared_by: Cabinet Lune}\n"
    )
    run(capsys, "audit", export, "--out", tmp_path / "report", *AS_OF)
    page = (tmp_path / "report" / "report.en.html").read_text("utf-8")
    assert "State of &lt;our&gt; CRM" in page
    assert "Ferme du Lac" in page
    assert "Cabinet Lune" in page


@pytest.mark.long
def test_a_hundred_thousand_defects_leave_a_page_that_opens_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = {"NextStep": "", "Amount": "", "AccountId": "", "OwnerId": "", "Name": "Café <é> " * 20}
    rows = [deal(n, CloseDate="2026-01-30", **bare) for n in range(50_000)]
    write_csv(tmp_path / "export" / "Opportunity.csv", rows)
    run(capsys, "audit", tmp_path / "export", "--out", tmp_path / "report", *AS_OF)
    report = tmp_path / "report"
    assert sum(check["k_defect"] for check in result_of(report)["checks"]) >= 100_000
    for language in ("en", "fr"):
        assert (report / f"report.{language}.html").stat().st_size <= 1_000_000


CRM = "https://acme.lightning.force.com"


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
    assert f'<a href="{address}" rel="noreferrer"><bdi>Ferme 1</bdi></a>' in page


def test_links_lead_to_no_other_host(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = tmp_path / "auditor.yaml"
    settings.write_text("report:\n  crm_address: https://evil.example\n", encoding="utf-8")
    finished, _ = audited(tmp_path, capsys, "--config", settings)
    assert finished.code == 2
    assert "https://evil.example is no address of Salesforce or HubSpot" in finished.err
    assert f"{settings}:2" in finished.err


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
