"""init, doctor, demo, report and checks, each on real files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.config import load_configuration
from tests.auditor.commands import run
from tests.auditor.exports import AS_OF, deal, deals, write_csv, write_export

pytestmark = pytest.mark.usefixtures("in_english")


def findings(report: Path) -> dict[str, Any]:
    """Return a result without what says how the export was read and by which settings."""
    result: dict[str, Any] = json.loads((report / "result.json").read_text("utf-8"))
    for key in ("provenance", "profile_hash", "profile_parts"):
        del result["run"][key]
    return result


def test_the_settings_that_init_writes_change_no_finding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = write_export(tmp_path / "export", overdue=30)
    run(capsys, "audit", export, "--out", tmp_path / "before", *AS_OF)
    written = run(capsys, "init", export)
    assert written.out == "auditor.yaml\n"
    assert not (export / "auditor.yaml").exists()  # next month's export takes its place
    assert written.err.endswith(f"Correct it where it is wrong, then: auditor audit {export}\n")
    finished = run(capsys, "audit", export, "--out", tmp_path / "after", *AS_OF)
    assert "Settings: auditor.yaml" in finished.err
    assert findings(tmp_path / "after") == findings(tmp_path / "before")


def test_init_writes_stages_that_only_their_names_explain(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["Closed Won", "Closed Lost", "Proposal"]
    rows = [deal(n, StageName=names[n % 3]) for n in range(30)]
    bare = [{k: v for k, v in row.items() if k not in ("IsClosed", "IsWon")} for row in rows]
    export = tmp_path / "export"
    write_csv(export / "Opportunity.csv", bare)
    run(capsys, "audit", export, "--out", tmp_path / "before", *AS_OF)
    run(capsys, "init", export)
    stages = load_configuration(Path("auditor.yaml")).mapping.stages
    assert (stages.won, stages.lost) == (("Closed Won",), ("Closed Lost",))
    run(capsys, "audit", export, "--out", tmp_path / "after", *AS_OF)
    assert findings(tmp_path / "after") == findings(tmp_path / "before")


def test_init_asks_in_the_file_what_only_the_user_knows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [deal(n, CloseDate="05/06/2026") for n in range(30)]
    write_csv(tmp_path / "Opportunity.csv", rows)
    assert run(capsys, "audit", tmp_path / "Opportunity.csv").code == 2
    finished = run(capsys, "init", tmp_path / "Opportunity.csv")
    assert finished.code == 0
    assert "1 question(s) wait for you" in finished.err
    text = Path("auditor.yaml").read_text("utf-8")
    assert "???" in text
    answered = text.replace("    # dates:", "    dates:").replace(
        "    #   close_date: day-first | month-first", "      close_date: day-first"
    )
    Path("auditor.yaml").write_text(answered, encoding="utf-8")
    finished = run(capsys, "audit", "--out", tmp_path / "report", *AS_OF)
    assert finished.code == 0, finished.err
    assert "CloseDate → close_date" in finished.out


def test_init_keeps_a_file_that_exists(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export = write_export(tmp_path / "export")
    Path("auditor.yaml").write_text("# mine\n")
    finished = run(capsys, "init", export)
    assert finished.code == 2
    assert "--force" in finished.err
    assert Path("auditor.yaml").read_text() == "# mine\n"
    assert run(capsys, "init", export, "--force").code == 0
    assert Path("auditor.yaml").read_text() != "# mine\n"


def test_init_says_how_its_file_is_found_where_the_export_has_one_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = write_export(tmp_path / "export")
    (export / "auditor.yaml").write_text("{}\n")
    finished = run(capsys, "init", export)
    assert finished.err.endswith(f"then: auditor audit {export} --config auditor.yaml\n")


def test_hostile_headers_stay_texts_and_comments(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = 'x"\nprofile: {seed: 1}\u2028\u0085# \\ &a *a !!python \x07'
    rows = [row | {hostile: "v"} for row in deals()]
    write_csv(tmp_path / "export" / "Opportunity.csv", rows)
    assert run(capsys, "init", tmp_path / "export").code == 0
    configuration = load_configuration(Path("auditor.yaml"))
    assert configuration.profile == load_configuration(None).profile


def test_doctor_says_what_can_be_observed_and_how_to_see_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finished = run(capsys, "doctor", write_export(tmp_path / "export"))
    assert finished.code == 0
    assert "L0  deals: stage, value and dates: yes" in finished.out
    assert "field_history (no such table in the export)" in finished.out
    assert "export OpportunityHistory" in finished.out
    assert "duckdb " in finished.out


def test_doctor_ends_like_an_audit_on_what_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finished = run(capsys, "doctor", tmp_path / "nowhere")
    assert finished.code == 2
    assert finished.err.count("\n") == 1


def test_the_demo_needs_no_clock_and_no_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finished = run(capsys, "demo", "--out", tmp_path / "demo", "--owner-workbooks")
    assert finished.code == 0, finished.err
    assert findings(tmp_path / "demo")["run"]["as_of"] == "2026-10-30"
    owners = list((tmp_path / "demo" / "owners").glob("rep-*.xlsx"))
    assert f"{tmp_path / 'demo' / 'owners'}/ ({len(owners)})" in finished.out
    assert len(owners) > 5
    assert (tmp_path / "demo" / "report.fr.html").exists()


def test_pages_are_rendered_anew_from_the_result_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = write_export(tmp_path / "export", overdue=30)
    report = tmp_path / "report"
    run(capsys, "audit", export, "--out", report, *AS_OF)
    lists = {path.name for path in (report / "worklists").iterdir()}
    pages = {name: (report / name).read_bytes() for name in ("report.en.html", "report.fr.html")}
    for name in pages:
        (report / name).unlink()
    finished = run(capsys, "report", report / "result.json")
    assert finished.code == 0
    assert "Worklists were not remade" in finished.err
    assert {name: (report / name).read_bytes() for name in pages} == pages
    assert {path.name for path in (report / "worklists").iterdir()} == lists


def test_a_result_of_a_newer_version_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = write_export(tmp_path / "export")
    run(capsys, "audit", export, "--out", tmp_path / "report", *AS_OF)
    result = json.loads((tmp_path / "report" / "result.json").read_text("utf-8"))
    result |= {"schema_version": "1.7", "weather": "fine"}
    newer = tmp_path / "newer.json"
    newer.write_text(json.dumps(result), encoding="utf-8")
    assert run(capsys, "report", newer, "--out", tmp_path / "again").code == 0
    assert (tmp_path / "again" / "report.en.html").exists()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"{", "this is not a result.json"),
        (b"[1, 2]", "this is not a result.json"),
        (b"\xff\xfe\x00", "this is not a result.json"),
        (b'{"schema_version": "9.0"}', "has the form 9.0"),
    ],
)
def test_what_is_no_result_is_refused(
    content: bytes, complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "result.json").write_bytes(content)
    finished = run(capsys, "report", tmp_path / "result.json")
    assert finished.code == 2
    assert complaint in finished.err
    assert [p.name for p in tmp_path.iterdir() if p.suffix == ".html"] == []


def test_every_check_is_listed_with_what_it_finds(capsys: pytest.CaptureFixture[str]) -> None:
    lines = run(capsys, "checks", "list").out.splitlines()
    assert any(line.startswith("S1.B2") and "open-deal-past-close-date" in line for line in lines)
    assert len(lines) >= 33


def test_a_check_is_shown_with_its_definition(capsys: pytest.CaptureFixture[str]) -> None:
    shown = run(capsys, "checks", "show", "open-deal-past-close-date").out
    assert "days_past_close > $grace_days" in shown


def test_the_examples_of_a_check_are_run(capsys: pytest.CaptureFixture[str]) -> None:
    finished = run(capsys, "checks", "test", "open-deal-past-close-date")
    assert (finished.code, finished.out) == (0, "The examples of 1 check(s) hold.\n")


def test_an_example_that_does_not_hold_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = Path(__file__).parents[2] / "checks" / "catalogue" / "incomplete_or_obsolete"
    text = (ours / "open-deal-past-close-date.yaml").read_text("utf-8")
    text = text.replace("id: open-deal-past-close-date", "id: my-late-deal")
    text = text.replace("grace_days: 3", "grace_days: 3000")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "my-late-deal.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "auditor.yaml").write_text("profile: {checks_dir: mine}\n")
    finished = run(capsys, "checks", "test", "my-late-deal", "--config", tmp_path / "auditor.yaml")
    assert finished.code == 2
    assert 'my-late-deal: row 1 under "fail" came out as "pass"' in finished.out


def test_the_reference_is_written_to_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "checks", "docs", "--out", tmp_path / "checks.md").code == 0
    assert "open-deal-past-close-date" in (tmp_path / "checks.md").read_text("utf-8")
