"""A history survives a full disk, a second job and a file that is not sound."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from auditor.history.store import writing
from tests.auditor.commands import run
from tests.auditor.exports import deals
from tests.auditor.months import JULY, JUNE, Months, exported
from tests.auditor.test_bad_input import run_limited, without_override


def test_a_folder_that_may_not_be_written_is_said_before_the_audit(after_june: Months) -> None:
    export = after_june.folder / "export"
    closed = after_june.folder / "closed"
    closed.mkdir()
    closed.chmod(0o500)
    code, err = run_limited(
        "audit", after_june.folder / f"export-{JUNE}", "--as-of", JUNE, "--out", export,
        "--history", closed / "history.sqlite", limit=without_override,
    )  # fmt: skip
    assert code == 2
    assert "history.sqlite: it cannot be written: permission is missing." in err
    assert err.count("\n") == 1
    assert not export.exists()


def test_two_audits_at_once_do_not_mix(after_june: Months, tmp_path: Path) -> None:
    before = exported(after_june, tmp_path / "before")
    with writing(after_june.history):
        finished = after_june.audit(JULY, deals(overdue=4))
        assert after_june.listed().splitlines()[0].startswith(JUNE)  # readers need not wait
    assert finished.code == 2
    assert "another audit is writing this history" in finished.err
    assert not (after_june.folder / f"report-{JULY}").exists()
    assert exported(after_june, tmp_path / "after") == before


def test_a_history_of_a_newer_version_is_left_alone(after_june: Months) -> None:
    with closing(sqlite3.connect(after_june.history)) as connection:
        connection.execute("pragma user_version = 99")
    before = after_june.history.read_bytes()
    for words in (["audit"], ["list"]):
        finished = (
            after_june.audit(JULY, deals())
            if words == ["audit"]
            else run(after_june.capsys, "history", *words, "--history", after_june.history)
        )
        assert finished.code == 2
        assert "a newer version of auditor keeps this history (form 99" in finished.err
    assert after_june.history.read_bytes() == before


@pytest.mark.parametrize("kind", ["text", "cut", "scrambled", "other"])
def test_a_file_that_is_no_sound_history_is_left_alone(kind: str, after_june: Months) -> None:
    whole = after_june.history.read_bytes()
    middle = len(whole) // 2
    if kind == "other":
        after_june.history.unlink()
        with closing(sqlite3.connect(after_june.history)) as connection:
            connection.execute("create table letters (text)")
    else:
        spoiled = {
            "text": b"Dear diary, today nothing happened.\n" * 40,
            "cut": whole[:middle],
            "scrambled": whole[: 4096 * 2] + b"\xff" * (len(whole) - 4096 * 2),
        }
        after_june.history.write_bytes(spoiled[kind])
    before = after_june.history.read_bytes()
    finished = after_june.audit(JULY, deals(overdue=4))
    assert finished.code == 2
    assert ("damaged" if kind in ("cut", "scrambled") else "not a history") in finished.err
    assert finished.err.count("\n") == 1
    assert after_june.history.read_bytes() == before
    assert not (after_june.folder / f"report-{JULY}").exists()


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size, as on a disk that is full."""
    was = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, was[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, was)


def test_a_disk_that_fills_up_during_the_report_leaves_the_history(
    after_june: Months, tmp_path: Path
) -> None:
    before = exported(after_june, tmp_path / "before")
    with files_of_at_most(40_000):
        finished = after_june.audit(JULY, deals(overdue=4))
    assert finished.code == 2
    assert f"report-{JULY}" in finished.err
    assert "Free some room, or choose another place with --out." in finished.err
    assert exported(after_june, tmp_path / "after") == before
    assert not (after_june.folder / f"report-{JULY}").exists()


def test_a_disk_that_fills_up_during_the_history_leaves_the_report_out(
    after_june: Months, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(after_june.history)) as connection:
        connection.execute("create table ballast as select randomblob(8000000) as weight")
        connection.commit()
    before = exported(after_june, tmp_path / "before")
    with files_of_at_most(after_june.history.stat().st_size):
        finished = after_june.audit(JULY, deals(overdue=4))
    assert finished.code == 2
    assert "history.sqlite: it cannot be written" in finished.err
    assert "Free some room, or choose another place with --history." in finished.err
    assert exported(after_june, tmp_path / "after") == before
    assert not (after_june.folder / f"report-{JULY}").exists()


def test_a_history_that_may_only_be_read_is_said_before_the_audit(after_june: Months) -> None:
    after_june.history.chmod(0o400)
    export, out = after_june.folder / f"export-{JUNE}", after_june.folder / "report"
    code, err = run_limited(
        "audit", export, "--as-of", JULY, "--out", out, "--history", after_june.history,
        limit=without_override,
    )  # fmt: skip
    assert code == 2
    assert "history.sqlite: it cannot be written: permission is missing." in err
    assert err.count("\n") == 1
    assert not out.exists()
