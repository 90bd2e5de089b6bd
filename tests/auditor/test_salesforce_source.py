"""``auditor audit salesforce:NAME``: what is written, said, and asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.auditor.commands import run
from tests.auditor.live import PLAN
from tests.fakes.salesforce.process import RunningOrg, running
from tests.fakes.salesforce.tokens import GIVEN_TOKEN
from tests.worlds.adapters.salesforce import write_salesforce
from tests.worlds.world import make_world


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world with planted habits, as an export."""
    folder = tmp_path_factory.mktemp("worlds") / "export"
    write_salesforce(make_world(PLAN), folder)
    return folder


@pytest.fixture(scope="module")
def org(export: Path) -> Iterator[RunningOrg]:
    """The same world as an org."""
    with running(export) as running_org:
        yield running_org
        assert running_org.violations == []


@pytest.fixture
def settings(org: RunningOrg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings that name the org, in the working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SALESFORCE_TOKEN", GIVEN_TOKEN)
    file = tmp_path / "auditor.yaml"
    file.write_text(
        "sources:\n  prod:\n    system: salesforce\n"
        f"    host: {org.host}\n    sign_in: access-token\n    secret: env:SALESFORCE_TOKEN\n"
        "    bulk_from: 2000\n",
        encoding="utf-8",
    )
    return file


def test_a_pull_is_audited_again_without_the_org(
    org: RunningOrg, settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "audit", "salesforce:prod", "--out", "live", "--lang", "en").code == 0
    (folder,) = (tmp_path / "pulls" / "prod").iterdir()
    asked = len(org.requests)
    assert run(capsys, "audit", folder, "--out", "again", "--lang", "en").code == 0
    assert len(org.requests) == asked
    for name in ("result.json", "findings.parquet", "report.en.html"):
        assert (tmp_path / "live" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_nothing_that_is_written_holds_the_token(
    settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finished = run(capsys, "audit", "salesforce:prod", "--out", "live")
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) > 50
    for path in written:
        assert GIVEN_TOKEN.encode() not in path.read_bytes(), path
    assert GIVEN_TOKEN not in finished.out + finished.err


def test_doctor_lists_prices_and_names_what_is_missing(
    export: Path, settings: Path, org: RunningOrg, capsys: pytest.CaptureFixture[str]
) -> None:
    hidden = ("Opportunity.Amount", "LoginHistory", "ValidationRule", "ForecastingItem")
    with running(export, hidden=hidden, may_write=True) as narrow:
        settings.write_text(settings.read_text("utf-8").replace(org.host, narrow.host), "utf-8")
        finished = run(capsys, "doctor", "salesforce:prod")
        assert narrow.violations == []
        asked = narrow.requests
    assert finished.code == 0
    lines = " ".join(finished.out.split())
    assert "salesforce:prod: signed in to Fake (Enterprise Edition)" in lines
    assert "Opportunity.Amount (not readable with these rights)" in lines
    assert "Read Access on Opportunity.Amount" in lines
    assert "open-deal-without-amount" in lines
    assert "LoginHistory (not readable with these rights) → Ask the administrator for" in lines
    assert "Ask the administrator for: View Setup and Configuration" in lines
    assert "no check reads it: ForecastingAdjustment, ForecastingOwnerAdjustment" in lines
    assert "ForecastingItem" not in lines  # nobody is told of a lack that nothing lacks
    assert "of the 100,000 calls of a day" in lines
    assert "This user could also change Account" in lines
    assert not [request for request in asked if "jobs" in request]


def test_doctor_is_silent_about_writing_where_the_user_may_not(
    settings: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITOR_LANG", "fr")
    finished = run(capsys, "doctor", "salesforce:prod")
    assert "pourrait aussi modifier" not in finished.out
    assert "Ce qu’une lecture apporterait" in finished.out


def test_a_source_that_is_not_named_is_said(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finished = run(capsys, "audit", "salesforce:prdo", "--out", "live")
    assert finished.code == 2
    assert 'no account of Salesforce is named "prdo". Did you mean "prod"?' in finished.err


def test_an_org_that_refuses_is_exit_code_3(
    settings: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALESFORCE_TOKEN", "00DKz!stale")
    monkeypatch.setenv("AUDITOR_LANG", "fr")
    finished = run(capsys, "audit", "salesforce:prod", "--out", "live")
    assert finished.code == 3
    assert "la connexion n’est pas acceptée ou a expiré" in finished.err
    assert not Path("live").exists()
