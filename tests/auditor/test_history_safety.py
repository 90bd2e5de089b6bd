"""A history survives a killed process, a full disk, a second job and a file that is not sound."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from auditor.history.store import reading, writing
from tests.auditor.commands import PROGRAM, ROOT, run
from tests.auditor.exports import deals, write_csv
from tests.auditor.months import JULY, JUNE, Months, exported
from tests.auditor.test_bad_input import run_limited, without_override


def test_a_folder_that_may_not_be_written_is_said_before_the_audit(months: Months) -> None:
    export = months.folder / "export"
    months.audit(JUNE, deals())
    closed = months.folder / "closed"
    closed.mkdir()
    closed.chmod(0o500)
    code, err = run_limited(
        "audit", months.folder / f"export-{JUNE}", "--as-of", JUNE, "--out", export,
        "--history", closed / "history.sqlite", limit=without_override,
    )  # fmt: skip
    assert code == 2
    assert "history.sqlite: it cannot be written: permission is missing." in err
    assert err.count("\n") == 1
    assert not export.exists()


def test_a_full_disk_keeps_the_last_good_state(months: Months, tmp_path: Path) -> None:
    months.audit(JUNE, deals(overdue=10))
    before = exported(months, tmp_path / "before")
    size = months.history.stat().st_size
    script = tmp_path / "fill.py"
    script.write_text(FILL, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, script, months.history, "1"], cwd=ROOT,
        preexec_fn=small_files(size + 20_000),
        env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Free some room, or choose another place with --history." in done.stdout
    assert exported(months, tmp_path / "after") == before


def test_two_audits_at_once_do_not_mix(months: Months, tmp_path: Path) -> None:
    months.audit(JUNE, deals(overdue=10))
    before = exported(months, tmp_path / "before")
    with writing(months.history):
        finished = months.audit(JULY, deals(overdue=4))
        assert months.listed().splitlines()[0].startswith(JUNE)  # readers need not wait
    assert finished.code == 2
    assert "another audit is writing this history" in finished.err
    assert not (months.folder / f"report-{JULY}").exists()
    assert exported(months, tmp_path / "after") == before


def test_a_history_of_a_newer_version_is_left_alone(months: Months) -> None:
    months.audit(JUNE, deals())
    with closing(sqlite3.connect(months.history)) as connection:
        connection.execute("pragma user_version = 99")
    before = months.history.read_bytes()
    for words in (["audit"], ["list"]):
        finished = (
            months.audit(JULY, deals())
            if words == ["audit"]
            else run(months.capsys, "history", *words, "--history", months.history)
        )
        assert finished.code == 2
        assert "a newer version of auditor keeps this history (form 99" in finished.err
    assert months.history.read_bytes() == before


@pytest.mark.parametrize("kind", ["text", "cut", "scrambled", "other"])
def test_a_file_that_is_no_sound_history_is_left_alone(kind: str, months: Months) -> None:
    months.audit(JUNE, deals(overdue=10))
    whole = months.history.read_bytes()
    middle = len(whole) // 2
    if kind == "other":
        months.history.unlink()
        with closing(sqlite3.connect(months.history)) as connection:
            connection.execute("create table letters (text)")
    else:
        spoiled = {
            "text": b"Dear diary, today nothing happened.\n" * 40,
            "cut": whole[:middle],
            "scrambled": whole[: 4096 * 2] + b"\xff" * (len(whole) - 4096 * 2),
        }
        months.history.write_bytes(spoiled[kind])
    before = months.history.read_bytes()
    finished = months.audit(JULY, deals(overdue=4))
    assert finished.code == 2
    assert ("damaged" if kind in ("cut", "scrambled") else "not a history") in finished.err
    assert finished.err.count("\n") == 1
    assert months.history.read_bytes() == before
    assert not (months.folder / f"report-{JULY}").exists()


#: Keeps one audit after the other, of many findings each, until it is stopped.
FILL = """
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
import pandas as pd
from auditor.history.store import reading, writing
from checks.change.life import Turn
from checks.change.records import Kind
from connectors.errors import AuditorError

file, rounds = Path(sys.argv[1]), int(sys.argv[2])
with reading(file) as store:
    series = store.audits()[0].series
    first = store.result(store.last(series))
    last = store.last(series).as_of
try:
    for number in range(rounds):
        day = last + timedelta(days=1 + number)
        with writing(file) as store:
            kinds = store.findings.numbered(series, [Kind("a", 1, "deals", "")])
            kind = int(kinds.loc[kinds["check_id"] == "a", "kind"].iat[0])
            keys = range(number * 5000, number * 5000 + 5000)
            moved = pd.DataFrame({"kind": kind, "record_key": keys, "turn": Turn.NEW.value,
                                  "since": day.toordinal()})
            result = first.model_copy(update={"run": first.run.model_copy(update={"as_of": day})})
            store.keep(series, result, moved, trusted=True, at=datetime.now(UTC))
        print(day, flush=True)
except AuditorError as error:
    print(error)
"""


@pytest.mark.parametrize(
    "seed", [*range(4), *(pytest.param(n, marks=pytest.mark.long) for n in range(4, 300))]
)
def test_a_process_that_is_killed_leaves_whole_audits(
    seed: int, months: Months, tmp_path: Path
) -> None:
    months.audit(JUNE, deals(overdue=10))
    script = tmp_path / "fill.py"
    script.write_text(FILL, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, script, months.history, "400"], cwd=ROOT, stdout=subprocess.PIPE,
        text=True, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdout
    told = [process.stdout.readline().strip()]
    time.sleep(random.Random(seed).uniform(0.0, 0.4))
    process.kill()
    told += [line.strip() for line in process.stdout.read().splitlines()]
    process.wait()
    with reading(months.history) as store:
        kept = [str(audit.as_of) for audit in store.audits()]
        spells = sum(1 for _ in store.findings.spells("default"))
    days = len(kept) - 1
    assert told == kept[1 : 1 + len(told)]  # what was said to be kept is kept
    assert days - len(told) in (0, 1)  # and at most one audit more, whole
    assert spells == 10 + 5000 * days


def audit_process(months: Months, day: str, **more: Any) -> subprocess.Popen[str]:
    """Begin an audit of an export that ``Months`` wrote, in a process that tells what it does."""
    words = (
        "audit", months.folder / f"export-{day}", "--as-of", day, "--history", months.history,
        "--out", months.folder / f"report-{day}", "--lang", "en", "--log-format", "json",
    )  # fmt: skip
    return subprocess.Popen(
        [*PROGRAM, *map(str, words)], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, **more,
    )  # fmt: skip


#: Lines that an audit tells of itself before it ends.
STAGES = 14


@pytest.mark.parametrize(
    "seed", [*range(3), *(pytest.param(n, marks=pytest.mark.long) for n in range(3, 300))]
)
def test_an_audit_that_is_killed_loses_nothing(seed: int, months: Months, tmp_path: Path) -> None:
    """It is killed a moment after one of its stages has ended, another one each time."""
    months.audit(JUNE, deals(overdue=10))
    before = exported(months, tmp_path / "before")
    write_csv(months.folder / f"export-{JULY}" / "Opportunity.csv", deals(overdue=4))
    chance = random.Random(seed)
    process = audit_process(months, JULY)
    assert process.stderr
    for _ in range(chance.randrange(STAGES)):
        process.stderr.readline()
    time.sleep(chance.uniform(0.0, 0.3))
    process.kill()
    process.communicate()
    report = months.folder / f"report-{JULY}"
    after = exported(months, tmp_path / "after")
    whole = f"default-{JULY}.json" in after
    assert whole or after == before
    assert whole or not (report / "result.json").exists()  # the history is never behind
    assert months.audit(JULY, deals(overdue=4)).code == 0
    assert months.life(JULY)["resolved"] == 6
    assert months.result(JULY)["comparison"]["audits"] == 2


def small_files(limit: int) -> Callable[[], None]:
    def set_limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return set_limit


def test_a_disk_that_fills_up_during_the_report_leaves_the_history(
    months: Months, tmp_path: Path
) -> None:
    months.audit(JUNE, deals(overdue=10))
    before = exported(months, tmp_path / "before")
    write_csv(months.folder / f"export-{JULY}" / "Opportunity.csv", deals(overdue=4))
    process = audit_process(months, JULY, preexec_fn=small_files(40_000))
    _, told = process.communicate()
    assert process.returncode == 2
    (error,) = [line for line in map(json.loads, told.splitlines()) if line["event"] == "error"]
    assert error["next_step"] == "Free some room, or choose another place with {option}."
    assert exported(months, tmp_path / "after") == before
    assert not (months.folder / f"report-{JULY}").exists()


def test_a_disk_that_fills_up_during_the_history_leaves_the_report_out(
    months: Months, tmp_path: Path
) -> None:
    months.audit(JUNE, deals(overdue=10))
    with closing(sqlite3.connect(months.history)) as connection:
        connection.execute("create table ballast as select randomblob(8000000) as weight")
        connection.commit()
    before = exported(months, tmp_path / "before")
    write_csv(months.folder / f"export-{JULY}" / "Opportunity.csv", deals(overdue=4))
    limit = small_files(months.history.stat().st_size)
    process = audit_process(months, JULY, preexec_fn=limit)
    _, told = process.communicate()
    assert process.returncode == 2
    (error,) = [line for line in map(json.loads, told.splitlines()) if line["event"] == "error"]
    assert error["where"] == str(months.history)
    assert exported(months, tmp_path / "after") == before
    assert not (months.folder / f"report-{JULY}").exists()


def test_a_history_that_may_only_be_read_is_said_before_the_audit(months: Months) -> None:
    months.audit(JUNE, deals())
    months.history.chmod(0o400)
    export, out = months.folder / f"export-{JUNE}", months.folder / "report"
    code, err = run_limited(
        "audit", export, "--as-of", JULY, "--out", out, "--history", months.history,
        limit=without_override,
    )  # fmt: skip
    assert code == 2
    assert "history.sqlite: it cannot be written: permission is missing." in err
    assert err.count("\n") == 1
    assert not out.exists()
