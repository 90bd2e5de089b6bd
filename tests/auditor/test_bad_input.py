"""Bad input ends in one sentence, the right exit code, and an untouched output folder."""

from __future__ import annotations

import ctypes
import io
import os
import resource
import signal
import subprocess
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.auditor.commands import PROGRAM, ROOT, run
from tests.auditor.exports import DEAL_HEADERS, deal, write_csv, write_export

Prepare = Callable[[Path], Path]


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AUDITOR_LANG", "en")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


def missing(folder: Path) -> Path:
    return folder / "nowhere"


def empty_folder(folder: Path) -> Path:
    (folder / "export").mkdir()
    return folder / "export"


def prose(folder: Path) -> Path:
    file = folder / "letter.csv"
    file.write_text("Dear customer,\nthank you for your order.\n\nYours\n")
    return file


def binary(folder: Path) -> Path:
    file = folder / "deals.csv"
    file.write_bytes(b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 40)
    return file


def packed(folder: Path, *members: tuple[str, bytes]) -> Path:
    file = folder / "export.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return file


def truncated_zip(folder: Path) -> Path:
    file = packed(folder, ("Opportunity.csv", b"Id,Name\n" * 5000))
    file.write_bytes(file.read_bytes()[:-40])
    return file


def zip_that_climbs(folder: Path) -> Path:
    return packed(folder, ("../Opportunity.csv", b"Id,Name\n1,a\n"))


def zip_with_absolute_path(folder: Path) -> Path:
    return packed(folder, ("/tmp/Opportunity.csv", b"Id,Name\n1,a\n"))


def zip_bomb(folder: Path) -> Path:
    return packed(folder, ("Opportunity.csv", b"0" * 300_000_000))


def endless_line(folder: Path) -> Path:
    file = folder / "Opportunity.csv"
    file.write_bytes(b"a," * 50_000_000)
    return file


SOURCES: dict[Prepare, str] = {
    missing: "",
    empty_folder: "no file",
    prose: "",
    binary: "not a text file",
    truncated_zip: "cut short or damaged",
    zip_that_climbs: "leads out of it",
    zip_with_absolute_path: "leads out of it",
    zip_bomb: "unpacks to far more",
    endless_line: "no line break",
}


@pytest.mark.parametrize("prepare", SOURCES, ids=lambda prepare: prepare.__name__)
def test_a_bad_source_ends_in_one_sentence(
    prepare: Prepare, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = prepare(tmp_path)
    finished = run(capsys, "audit", source, "--out", tmp_path / "report")
    assert finished.code == 2, finished.err
    assert SOURCES[prepare] in finished.err
    assert finished.err.count("\n") == 1
    assert finished.out == ""
    assert left_over(tmp_path, source) == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("profil: {}\n", 'auditor.yaml:1: unknown key "profil". Did you mean "profile"?'),
        ("profile:\n  window_months: soon\n", "auditor.yaml:2: "),
        ("report: [a]\n", "auditor.yaml:1: "),
        ("a: &a [x]\nb: [*a, *a]\n", "anchors (&) and aliases (*) are not allowed"),
        ("x: !!python/object/apply:os.getcwd []\n", "tags (!) are not allowed"),
        ("profile: {checks: {open-deal-past-closedate: {}}}\n", "open-deal-past-close-date"),
    ],
)
def test_bad_settings_end_in_one_sentence(
    text: str, complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = write_export(tmp_path / "export")
    (export / "auditor.yaml").write_text(text)
    finished = run(capsys, "audit", export, "--out", tmp_path / "report")
    assert finished.code == 2
    settings, sentence, rest = finished.err.split("\n")
    assert settings == f"Settings: {export / 'auditor.yaml'}"
    assert complaint in sentence
    assert rest == ""
    assert not (tmp_path / "report").exists()


def test_a_header_without_records_gives_a_report_that_cannot_be_trusted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write_csv(tmp_path / "Opportunity.csv", [])
    assert source.read_text().startswith(",".join(DEAL_HEADERS))
    finished = run(capsys, "audit", source, "--out", tmp_path / "report", "--as-of", "2026-06-30")
    assert finished.code == 4
    assert "Do not trust this audit" in finished.out
    assert (tmp_path / "report" / "report.en.html").exists()


def test_an_audit_that_cannot_be_trusted_says_so_first_and_advises_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [deal(n, AccountId="001X", OwnerId="005X", CloseDate="2026-05-30") for n in range(40)]
    write_csv(tmp_path / "export" / "Opportunity.csv", rows)
    for name, key in (("Account.csv", "001A"), ("User.csv", "005A")):
        of_table = {"Id": f"{key}00000000001AAA", "Name": "A", "Username": "a@example.org",
                    "Type": "Customer", "Industry": "Farming", "IsActive": "true"}  # fmt: skip
        write_csv(tmp_path / "export" / name, [of_table])
    out = tmp_path / "report"
    finished = run(capsys, "audit", tmp_path / "export", "--out", out, "--as-of", "2026-06-30")
    assert finished.code == 4
    first, *reasons = finished.out.split("\n\n")[0].splitlines()
    assert first == "Do not trust this audit:"
    assert [line for line in reasons if "(deals) → accounts" in line]
    assert [line for line in reasons if "(deals) → users" in line]
    assert "To do first" not in finished.out


@pytest.mark.parametrize(
    ("tables", "line"),
    [('{deals: {columns: {amount: "Montant"}}}', 2), ("{deals: {file: x.csv}}", 2)],
)
def test_what_the_export_does_not_have_is_named_with_file_and_line(
    tables: str, line: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = write_export(tmp_path / "export")
    config = tmp_path / "mine.yaml"
    config.write_text(f"as_of: latest\ntables: {tables}\n")
    for words in (("audit", export, "--out", tmp_path / "report"), ("doctor", export)):
        finished = run(capsys, *words, "--config", config)
        assert finished.code == 2
        assert f"{config}:{line}: " in finished.err


def test_two_files_for_one_table_are_united_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = write_export(tmp_path / "export")
    rows = [{"Id": "006B00000000001AAA", "Name": "One more", "StageName": "Proposal",
             "IsClosed": "false", "IsWon": "false", "Budget__c": "7"}]  # fmt: skip
    write_csv(export / "Opportunity2.csv", rows)
    finished = run(capsys, "audit", export, "--out", tmp_path / "report")
    assert finished.code == 0
    assert "deals 41" in finished.out
    assert "Opportunity2.csv" in finished.out


def left_over(folder: Path, source: Path) -> list[str]:
    """Return what a run left beside its input."""
    return sorted(p.name for p in folder.iterdir() if p not in (source, folder / "here"))


def without_override() -> None:
    """Take from root, in a child process, the right to pass over permissions."""
    dac_override, dac_read_search, drop = 1, 2, 24
    for capability in (dac_override, dac_read_search):
        ctypes.CDLL(None).prctl(drop, capability, 0, 0, 0)


def run_limited(*words: object, limit: Callable[[], None], **environment: str) -> tuple[int, str]:
    done = subprocess.run(
        [*PROGRAM, *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit,
        cwd=ROOT,
        env={**os.environ, "AUDITOR_LANG": "en", **environment},
    )
    return done.returncode, done.stderr


def test_a_folder_that_may_not_be_read_is_said(tmp_path: Path) -> None:
    export = write_export(tmp_path / "export")
    export.chmod(0)
    try:
        code, err = run_limited("audit", export, "--out", tmp_path / "r", limit=without_override)
    finally:
        export.chmod(0o700)
    assert code == 2
    assert "cannot be read" in err
    assert err.count("\n") == 1
    assert not (tmp_path / "r").exists()


def test_an_output_folder_that_may_not_be_written_is_said(tmp_path: Path) -> None:
    export = write_export(tmp_path / "export")
    out = tmp_path / "report"
    out.mkdir()
    out.chmod(0o500)
    code, err = run_limited("audit", export, "--out", out, limit=without_override)
    assert code == 2
    assert f"{out}: it cannot be written: permission is missing." in err
    assert err.count("\n") == 1
    assert list(out.iterdir()) == []


def test_a_full_disk_is_said_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """A limit on the size of files makes every large write fail, as a full disk does."""
    export = write_export(tmp_path / "export", overdue=20)

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    (tmp_path / "work").mkdir()
    code, err = run_limited(
        "audit", export, "--out", tmp_path / "report", limit=small_files,
        TMPDIR=str(tmp_path / "work"),
    )  # fmt: skip
    assert code == 2, err
    assert "no" in err and err.count("\n") == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["export", "here", "work"]
    assert list((tmp_path / "work").iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_audit_cleans_up(number: signal.Signals, tmp_path: Path) -> None:
    export = write_export(tmp_path / "export")
    (tmp_path / "work").mkdir()
    process = subprocess.Popen(
        [*PROGRAM, "audit", str(export), "--out", str(tmp_path / "report")],
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "AUDITOR_LANG": "en", "TMPDIR": str(tmp_path / "work")},
    )
    while not list((tmp_path / "work").glob("auditor-*")) and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(number)
    _, err = process.communicate()
    assert process.returncode == 128 + number
    assert err == "Stopped; the output folder is as it was.\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["export", "here", "work"]
    assert list((tmp_path / "work").iterdir()) == []


def test_an_internal_error_shows_no_traceback_and_no_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    record = " ".join(("Jane", "Doe"))

    def broken(*_: object) -> None:
        raise ZeroDivisionError(record)

    monkeypatch.setattr("connectors.csv_export.connector.CsvExport.extract", broken)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    export = write_export(tmp_path / "export")
    finished = run(capsys, "--debug", "audit", export, "--out", tmp_path / "report")
    assert finished.code == 5
    assert finished.err.startswith("internal error (ZeroDivisionError).")
    (saved,) = tmp_path.glob("auditor-error-*.txt")
    assert str(saved) in finished.err
    assert "in broken" in saved.read_text()
    assert record not in saved.read_text() + finished.err
    assert not (tmp_path / "report").exists()


def test_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with io.FileIO(writer, "w") as closed:
        done = subprocess.run(
            [*PROGRAM, "checks", "list"],
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
            cwd=ROOT,
        )
    assert (done.returncode, done.stderr) == (0, b"")
