"""An audit from end to end: what it writes, what it prints, how it ends."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from tests.auditor.commands import run, run_process
from tests.auditor.exports import AS_OF, deal, deals, write_csv, write_export
from tests.auditor.small_audits import audited, result_of

pytestmark = pytest.mark.usefixtures("in_english")


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


def test_one_record_is_one_and_pairs_are_read_as_links(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = tmp_path / "export"
    write_csv(export / "deal_data.csv", [{"deal_id": "1", "property_dealname": "A"}])
    write_csv(export / "engagement_deal_data.csv", [{"engagement_id": "7", "deal_id": "1"}])
    write_csv(
        export / "engagement_call_data.csv",
        [{"engagement_id": "7", "property_hs_timestamp": "2026-06-01T09:00:00Z"}],
    )
    words = ("--out", tmp_path / "report", *AS_OF)
    said = run(capsys, "audit", export, *words).out
    assert "engagement_call_data.csv → activities: 1 record (" in said
    assert "engagement_deal_data.csv: read as links between activities and deals\n" in said
    (export / "engagement_call_data.csv").unlink()
    said = run(capsys, "audit", export, *words).out
    assert "engagement_deal_data.csv: not used (links between records)\n" in said


@pytest.mark.parametrize(
    ("language", "condition", "said"),
    [
        (
            "en",
            "check:open-deal-past-close-date>0.5",
            "--fail-on check:open-deal-past-close-date>0.5 is met: open-deal-past-close-date 0.75.",
        ),
        (
            "fr",
            "open-deal-past-close-date",
            "--fail-on open-deal-past-close-date est atteint\u00a0:"
            " open-deal-past-close-date 0,75.",
        ),
        (
            "en",
            "index<50",
            "--fail-on index<50 is met: Data are incomplete or obsolete 44.7.",
        ),
    ],
)
def test_a_condition_that_is_met_is_said_with_its_value(
    language: str, condition: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--fail-on", condition, "--fail-on", "established", "--lang", language, "--json")
    finished, _ = audited(tmp_path, capsys, *words)
    assert finished.code == 1
    assert [line for line in finished.err.splitlines() if "--fail-on" in line] == [said]
    assert json.loads(finished.out)["run"]["as_of"] == "2026-06-30"


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
