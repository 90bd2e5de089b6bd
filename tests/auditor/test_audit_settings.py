"""What an audit takes from auditor.yaml: day, sources, own checks, and the title of the report."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.auditor.commands import run
from tests.auditor.exports import AS_OF, write_export
from tests.auditor.small_audits import result_of

pytestmark = pytest.mark.usefixtures("in_english")


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
