"""What a history costs: the store at full size, and what it adds to an audit of a month later.

The store holds 36 months of 200,000 findings each, a fifth of which change every month.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from auditor.history.retention import months_before
from auditor.history.store import writing
from bench.export import NEXT_AS_OF, RECORDS, write_export, write_next_month
from bench.processes import Run, audit
from checks.change.comparing import compare
from checks.change.life import Turn, meet, turns
from checks.change.records import Kind, with_kinds
from checks.results import AuditResult

MONTHS, FINDINGS, KINDS, CHANGED = 36, 200_000, 60, 0.2
LAST = date(2026, 10, 31)
_DATA, _RUNS = Path(__file__).parent / "data", 3


@dataclass(frozen=True)
class Kept:
    """What was measured.

    Attributes:
        megabytes: Of the store, with the versions of a million deals in it.
        compared: CPU seconds of its last month, without what the engine does.
        findings: Open ones in the second month, and those that came or went.
        months: Audits of a second month, whose first is in the history.
    """

    megabytes: float
    compared: float
    findings: tuple[int, int]
    months: list[Run]


def measured(scratch: Path) -> Kept:
    """Audit an export with a history, and once more a month later; and fill a store.

    Args:
        scratch: Folder for what the audits write.
    """
    first, later = _DATA / "x1", _DATA / "x1-later"
    write_export(first, RECORDS)
    write_next_month(later, first)
    store, out = scratch / "history.sqlite", scratch / "kept"
    audit(first, out, "--history", str(store))
    begun = store.read_bytes()
    months = []
    for _ in range(_RUNS):
        store.write_bytes(begun)
        months.append(audit(later, out, "--history", str(store), as_of=NEXT_AS_OF))
    grown = store.stat().st_size - len(begun)
    deals = (len(begun) + (MONTHS - 1) * grown) / 1e6
    result = AuditResult.from_json((out / "result.json").read_text("utf-8"))
    megabytes, seconds = filled(result, scratch / "filled.sqlite")
    return Kept(megabytes + deals, sum(seconds.values()), _findings(result), months)


def _findings(result: AuditResult) -> tuple[int, int]:
    assert result.comparison
    life = result.comparison.life
    changed = life.new + life.reopened + life.resolved + life.vanished + life.unknown
    return life.now, changed


def filled(result: AuditResult, file: Path) -> tuple[float, dict[str, float]]:
    """Fill a store month by month; return its megabytes, and the CPU seconds of its last month."""
    rng = np.random.default_rng(7)
    keys = rng.choice(np.iinfo(np.int64).max >> 4, FINDINGS, replace=False)
    for number in reversed(range(MONTHS)):
        day = months_before(LAST, number)
        changed = rng.random(FINDINGS) < CHANGED
        keys[changed] = rng.integers(0, np.iinfo(np.int64).max >> 4, int(changed.sum()))
        seconds = _month(file, keys, result, day)
    return file.stat().st_size / 1e6, seconds


def _month(file: Path, keys: np.ndarray, result: AuditResult, day: date) -> dict[str, float]:
    seconds = {}
    begun = time.process_time()

    def lap(name: str) -> None:
        nonlocal begun
        seconds[name] = time.process_time() - begun
        begun = time.process_time()

    with writing(file) as store:
        lap("opened and checked")
        kinds = store.findings.numbered(
            "bench", [Kind(f"check-{n}", 1, "deals", "") for n in range(KINDS)]
        )
        found = pd.DataFrame(
            {"kind": 1 + keys % KINDS, "record_key": keys, "owner_key": keys % 200}
        )
        found = found.sort_values(["kind", "record_key"], ignore_index=True)
        last = store.last("bench")
        alive = store.findings.alive("bench")
        lap("read")
        meeting = meet(found, alive)
        ended = store.findings.ended(meeting.arrived())
        lost = meeting.missing().assign(outcome="passes", owner_key=1)
        lap("ended")
        moved = with_kinds(turns(meeting, ended, lost, day), kinds)
        lap("turned")
        now = result.model_copy(update={"run": result.run.model_copy(update={"as_of": day})})
        comparison = compare(store.result(last) if last else None, now, moved)
        lap("compared")
        kept = now.model_copy(update={"comparison": comparison})
        store.keep("bench", kept, moved, trusted=True, at=datetime.now(UTC))
        assert (moved["turn"] == Turn.NEW).any()
        lap("kept")
    lap("committed")
    return seconds
