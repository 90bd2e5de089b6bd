"""A process that keeps a history is killed at any moment: what was kept stays, nothing is lost."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.history.store import reading
from tests.auditor.commands import ROOT
from tests.auditor.exports import deals
from tests.auditor.months import JULY, Months, exported, prepared
from tests.auditor.nursery import Nursery

#: Keeps one audit after the other, of many findings each, until it is stopped.
FILL = """
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
import pandas as pd
from auditor.history.store import reading, writing
from checks.change.life import Turn
from checks.change.records import Kind

file = Path(sys.argv[1])
with reading(file) as store:
    series = store.audits()[0].series
    first = store.result(store.last(series))
    last = store.last(series).as_of
for number in range(400):
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
"""


def grid(few: int, many: int) -> list[object]:
    """Return seeds of kills: a few for every day, the others with the long tests."""
    return [
        *range(few),
        *(pytest.param(seed, marks=pytest.mark.long) for seed in range(few, many)),
    ]


@pytest.mark.parametrize("seed", grid(4, 300))
def test_a_process_that_is_killed_leaves_whole_audits(
    seed: int, after_june: Months, tmp_path: Path
) -> None:
    script = tmp_path / "fill.py"
    script.write_text(FILL, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, script, after_june.history], cwd=ROOT, stdout=subprocess.PIPE,
        text=True, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdout
    told = [process.stdout.readline().strip()]
    time.sleep(random.Random(seed).uniform(0.0, 0.4))
    process.kill()
    told += [line.strip() for line in process.stdout.read().splitlines()]
    process.wait()
    with reading(after_june.history) as store:
        kept = [str(audit.as_of) for audit in store.audits()]
        spells = sum(1 for _ in store.findings.spells("default"))
    days = len(kept) - 1
    assert told == kept[1 : 1 + len(told)]  # what was said to be kept is kept
    assert days - len(told) in (0, 1)  # and at most one audit more, whole
    assert spells == 10 + 5000 * days


#: Lines that an audit tells of its stages, the last one when all but the commit is done.
STAGES = 19


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as nursery:
        yield nursery


@pytest.mark.parametrize("seed", grid(3, 300))
def test_an_audit_that_is_killed_loses_nothing(
    seed: int, after_june: Months, tmp_path: Path, nursery: Nursery
) -> None:
    """It is killed a moment after one of its stages has ended, another one each time."""
    before = exported(after_june, tmp_path / "before")
    words = prepared(after_june.folder, JULY, deals(overdue=4))
    chance = random.Random(seed)
    audit = nursery.begin([*words, "--log-format", "json"], tmp_path / "told")
    for _ in range(chance.randrange(STAGES + 1)):
        audit.told.readline()
    time.sleep(0.3 * chance.random() ** 3)  # mostly at once: what follows a stage is soon done
    audit.kill()
    report = after_june.folder / f"report-{JULY}"
    after = exported(after_june, tmp_path / "after")
    whole = f"default-{JULY}.json" in after
    assert whole or after == before
    assert whole or not (report / "result.json").exists()  # the history is never behind
    assert after_june.audit(JULY, deals(overdue=4)).code == 0
    assert after_june.life(JULY)["resolved"] == 6
    assert after_june.result(JULY)["comparison"]["audits"] == 2
