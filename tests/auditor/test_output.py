"""The output folder is either as it was, or holds all of the new report."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from auditor.output import staged, write_private, writing_to
from connectors.errors import OutputError


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def write_audit(folder: Path, *lists: str) -> None:
    with staged(folder) as stage:
        (stage / "worklists").mkdir()
        for check in lists:
            (stage / "worklists" / f"{check}.csv").write_text("record_id\n")
        files = [{"worklist": {"file": f"worklists/{check}.csv"}} for check in lists]
        (stage / "result.json").write_text(json.dumps({"checks": files}))


def test_files_appear_only_when_the_block_ends(tmp_path: Path) -> None:
    out = tmp_path / "new" / "report"
    with staged(out) as stage:
        (stage / "result.json").write_text("{}")
        assert not out.exists()
    assert names(out) == {"result.json"}


def test_a_failed_run_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    out = tmp_path / "report"
    write_audit(out, "a")
    before = (out / "result.json").read_text()
    with pytest.raises(KeyError), staged(out) as stage:
        (stage / "result.json").write_text("half")
        raise KeyError
    assert (out / "result.json").read_text() == before
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_a_failed_run_leaves_no_folder_where_there_was_none(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), staged(tmp_path / "a" / "b"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_lists_of_an_earlier_audit_go_and_other_files_stay(tmp_path: Path) -> None:
    out = tmp_path / "report"
    write_audit(out, "old", "kept")
    (out / "people.csv").write_text("")
    (out / "notes.txt").write_text("mine")
    (out / "worklists" / "mine.csv").write_text("mine")
    write_audit(out, "kept", "new")
    assert names(out) == {
        "result.json",
        "notes.txt",
        "worklists/mine.csv",
        "worklists/kept.csv",
        "worklists/new.csv",
    }


def test_an_earlier_result_cannot_name_files_elsewhere(tmp_path: Path) -> None:
    out = tmp_path / "report"
    write_audit(out)
    (tmp_path / "precious.csv").write_text("")
    hostile = {"checks": [{"worklist": {"file": "../precious.csv"}}]}
    (out / "result.json").write_text(json.dumps(hostile))
    write_audit(out)
    assert (tmp_path / "precious.csv").exists()


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("a file")
    with pytest.raises(OutputError, match="cannot be written"), staged(tmp_path / "report"):
        pass
    assert (tmp_path / "report").read_text() == "a file"


def test_a_folder_in_place_of_a_file_is_refused_before_anything_moves(tmp_path: Path) -> None:
    out = tmp_path / "report"
    (out / "result.json").mkdir(parents=True)
    with pytest.raises(OutputError), staged(out) as stage:
        (stage / "findings.parquet").write_text("")
        (stage / "result.json").write_text("{}")
    assert names(out) == set()


def test_a_folder_that_does_not_exist_is_no_question_of_room(tmp_path: Path) -> None:
    place = tmp_path / "nowhere" / "checks.md"
    with pytest.raises(OutputError) as told, writing_to(place):
        place.write_text("", encoding="utf-8")
    assert str(told.value) == (
        f"{place}: it cannot be written: the folder it belongs in does not exist."
        " Choose another place with --out."
    )


def test_what_the_system_says_about_a_full_disk_becomes_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"the disk is full.*--out"), writing_to(tmp_path):
        raise OSError(28, os.strerror(28))


def test_a_private_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        write_private(tmp_path / "people.csv", "who")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "people.csv").stat().st_mode) == 0o600


def test_published_files_have_ordinary_rights(tmp_path: Path) -> None:
    write_audit(tmp_path / "report", "a")
    mode = stat.S_IMODE((tmp_path / "report" / "worklists").stat().st_mode)
    assert mode & stat.S_IRGRP
