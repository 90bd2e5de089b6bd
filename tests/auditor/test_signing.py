"""A report signed and printed: by auditor.yaml, by options, on paper, and without a browser."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from reports.pdf import find_browser, numbered_anew
from tests.auditor.commands import Finished, run
from tests.auditor.exports import AS_OF, write_export
from tests.reports.conftest import CHROMIUM
from tests.reports.hostile import poisoned
from tests.reports.sample_audit import sample_result
from tests.reports.test_branding import PIXEL

SETTINGS = """\
report:
  languages: [en]
  title: CRM review
  client: Portalys
  prepared_by: Atelier Nord
  brand:
    name: Atelier Nord
    logo: logo.png
    accent: "{accent}"
    footer: For the board only
"""
prints = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def result(tmp_path: Path) -> Path:
    file = tmp_path / "done" / "result.json"
    file.parent.mkdir()
    file.write_text(sample_result().to_json(), encoding="utf-8")
    return file


def audited(tmp_path: Path, capsys: pytest.CaptureFixture[str], accent: str) -> Finished:
    export = write_export(tmp_path / "export", overdue=30)
    (export / "logo.png").write_bytes(PIXEL)
    (export / "auditor.yaml").write_text(SETTINGS.format(accent=accent), encoding="utf-8")
    return run(capsys, "audit", export, "--out", tmp_path / "report", *AS_OF)


def page_in(folder: Path, language: str = "en") -> str:
    return (folder / f"report.{language}.html").read_text("utf-8")


def test_the_settings_sign_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert audited(tmp_path, capsys, "#8a1c5b").code == 0
    page = page_in(tmp_path / "report")
    for shown in ("CRM review · Portalys · 30 June 2026", "Prepared by Atelier Nord", "#8a1c5b"):
        assert shown in page
    assert base64.b64encode(PIXEL).decode() in page
    assert "For the board only" in page


def test_a_colour_that_nobody_could_read_ends_before_the_audit_begins(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finished = audited(tmp_path, capsys, "#ffd400")
    assert finished.code == 2
    assert "contrast of 1.3:1 on a light page" in finished.err
    assert not (tmp_path / "report").exists()


def test_options_sign_a_finished_result_anew(
    result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logo = tmp_path / "logo.png"
    logo.write_bytes(PIXEL)
    signed = ("--title", "Second look", "--client", "Portalys", "--prepared-by", "Zoé")
    look = ("--brand", "Zoé & Co", "--logo", logo, "--accent", "#0b5cad", "--footer", "Draft")
    finished = run(capsys, "report", result, "--lang", "en", *signed, *look)
    assert finished.code == 0
    page = page_in(result.parent)
    assert "Second look · Portalys · 30 November 2026" in page
    assert 'alt="Zoé &amp; Co"' in page
    assert ">Draft<" in page


def test_a_logo_that_is_a_program_is_refused(
    result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")
    finished = run(capsys, "report", result, "--logo", logo)
    assert finished.code == 2
    assert f"{logo}: the logo is no PNG or JPEG picture" in finished.err


@prints
def test_each_language_is_printed_and_prints_the_same_again(
    result: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = run(capsys, "report", result, "--pdf")
    assert first.code == 0, first.err
    assert "report.fr.pdf" in first.out
    printed = {name: (result.parent / name).read_bytes() for name in PDFS}
    run(capsys, "report", result, "--pdf")
    for name, content in printed.items():
        assert content.startswith(b"%PDF-")
        assert b"/CreationDate (D:20261130000000+00'00')" in content
        assert len(re.findall(rb"/Type /Page\b", content)) > 2
        assert (result.parent / name).read_bytes() == content


def test_cells_are_numbered_from_one_whatever_the_browser_had_numbered_before() -> None:
    once, later = (f"/ID (node{n:08}) /Headers [(node{n + 3:08})] /ID (node{n:08})" for n in (7, 9))
    assert numbered_anew(once.encode()) == numbered_anew(later.encode())
    assert numbered_anew(once.encode()).count(b"(node00000001)") == 2


PDFS = ("report.en.pdf", "report.fr.pdf")


@prints
def test_hostile_text_is_no_program_and_no_link_on_paper(
    result: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result.write_text(poisoned(sample_result()).to_json(), encoding="utf-8")
    assert run(capsys, "report", result, "--pdf", "--lang", "en").code == 0
    content = (result.parent / "report.en.pdf").read_bytes()
    assert b"/JavaScript" not in content
    assert b"/URI (" not in content
    assert str(result.parent).encode() not in content


def test_without_a_browser_the_page_is_there_and_the_next_step_is_said(
    result: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    finished = run(capsys, "report", result, "--pdf", "--lang", "en")
    assert finished.code == 2
    assert "no Chromium, Chrome or Edge was found" in finished.err
    assert "print it to a PDF" in finished.err
    assert (result.parent / "report.en.html").exists()
    assert not (result.parent / "report.en.pdf").exists()


def test_a_browser_that_fails_is_named(
    result: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert find_browser() == str(broken)
    finished = run(capsys, "report", result, "--pdf", "--lang", "en")
    assert finished.code == 2
    assert f"{broken}: no PDF was written" in finished.err
