"""``auditor audit hubspot:NAME``: what is written, said, and asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.auditor.commands import run
from tests.auditor.live import PLAN, findings
from tests.fakes.hubspot.process import RunningPortal, running
from tests.fakes.hubspot.server import GIVEN_TOKEN
from tests.worlds.adapters.hubspot import write_hubspot
from tests.worlds.world import make_world

PAGES = "https://app-eu1.hubspot.com/contacts/8765432"


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world with planted habits, as a warehouse copy."""
    folder = tmp_path_factory.mktemp("worlds") / "export"
    write_hubspot(make_world(PLAN), folder)
    (folder / "auditor.yaml").write_text(f"report:\n  crm_address: {PAGES}\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def portal(export: Path) -> Iterator[RunningPortal]:
    """The same world as a portal."""
    with running(export) as running_portal:
        yield running_portal
        assert running_portal.violations == []


@pytest.fixture
def settings(portal: RunningPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings that name the portal, in the working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HUBSPOT_TOKEN", GIVEN_TOKEN)
    file = tmp_path / "auditor.yaml"
    file.write_text(
        "sources:\n  prod:\n    system: hubspot\n"
        f"    host: {portal.host}\n    secret: env:HUBSPOT_TOKEN\n",
        encoding="utf-8",
    )
    return file


def test_both_generations_of_paths_bring_the_same(
    settings: Path, portal: RunningPortal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "audit", "hubspot:prod", "--out", "old", "--lang", "en").code == 0
    portal.back_door(reset=True)
    settings.write_text(settings.read_text("utf-8") + "    paths: '2026-03'\n", "utf-8")
    assert run(capsys, "audit", "hubspot:prod", "--out", "new", "--lang", "en").code == 0
    assert findings(tmp_path / "old") == findings(tmp_path / "new")
    assert not [asked for asked in portal.requests if "/v3" in asked or "/v4" in asked]


def test_a_pull_is_audited_again_without_the_portal(
    portal: RunningPortal, settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "audit", "hubspot:prod", "--out", "live", "--lang", "en").code == 0
    (folder,) = (tmp_path / "pulls" / "prod").iterdir()
    asked = len(portal.requests)
    assert run(capsys, "audit", folder, "--out", "again", "--lang", "en").code == 0
    assert len(portal.requests) == asked
    for name in ("result.json", "findings.parquet", "report.en.html"):
        assert (tmp_path / "live" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_nothing_that_is_written_holds_the_token(
    settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finished = run(capsys, "audit", "hubspot:prod", "--out", "live", "--lang", "en")
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) > 50
    for path in written:
        assert GIVEN_TOKEN.encode() not in path.read_bytes(), path
    assert GIVEN_TOKEN not in finished.out + finished.err


def test_doctor_lists_prices_and_names_what_is_missing(
    export: Path, settings: Path, portal: RunningPortal, capsys: pytest.CaptureFixture[str]
) -> None:
    lacking = ["crm.objects.companies.read"]
    with running(export, missing=lacking, scopes=["crm.objects.deals.write"]) as narrow:
        settings.write_text(settings.read_text("utf-8").replace(portal.host, narrow.host), "utf-8")
        finished = run(capsys, "doctor", "hubspot:prod")
        assert narrow.violations == []
        asked = narrow.requests
    assert finished.code == 0
    lines = " ".join(finished.out.split())
    assert "hubspot:prod: signed in to" in lines
    assert "companies (not readable with these rights)" in lines
    assert "Ask the administrator for: crm.objects.companies.read" in lines
    assert "of the 250,000 calls of a day" in lines
    assert "Left alone, because no check reads it: audit log" in lines
    assert "could also change" in lines
    assert "crm.objects.deals.write" in lines
    assert not [request for request in asked if "batch" in request]


def test_a_portal_that_refuses_is_exit_code_3(
    settings: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUBSPOT_TOKEN", "pat-na1-stale")
    monkeypatch.setenv("AUDITOR_LANG", "fr")
    finished = run(capsys, "audit", "hubspot:prod", "--out", "live")
    assert finished.code == 3
    assert "le jeton n’est pas accepté" in finished.err
    assert not Path("live").exists()
