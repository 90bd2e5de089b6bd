"""What a history costs: the store at full size, and what it adds to an audit of a month later.

The store holds 36 months of 200,000 findings each, a fifth of which change every month.
"""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from auditor.history.retention import months_before
from auditor.history.store import writing
from bench.export import NEXT_AS_OF, RECORDS, SOUNDER, TRACKED, Size, write_export, write_next_month
from bench.processes import Run, audit
from checks.change.comparing import compare
from checks.change.life import Turn, meet, turns
from checks.change.records import Kind, with_kinds
from checks.results import AuditResult

MONTHS, FINDINGS, KINDS, CHANGED = 36, 200_000, 60, 0.2
LAST = date(2026, 10, 31)
_DATA, _RUNS = Path(__file__).parent / "data", 3
#: The first has twice the findings that the limit is set for. Of records alone, a history tells so
#: much that other checks can run; the last one tells that itself.
_EXPORTS = {"x1": RECORDS, "x1-sounder": SOUNDER, "x1-tracked": TRACKED}


@dataclass(frozen=True)
class Month:
    """A second month, audited by turns without a history and with one that holds the first.

    Attributes:
        name: Of its export.
        open: Findings that month.
        turned: Findings that came or went.
    """

    name: str
    open: int
    turned: int
    alone: list[Run]
    kept: list[Run]


@dataclass(frozen=True)
class Kept:
    """What was measured.

    Attributes:
        megabytes: Of the store, with the versions of a million deals in it.
        compared: CPU seconds of its last month, without what the engine does.
    """

    megabytes: float
    compared: float
    months: list[Month]


def measured(scratch: Path) -> Kept:
    """Audit two exports, and what became of them a month later; and fill a store.

    Args:
        scratch: Folder for what the audits write.
    """
    months = [_second_month(name, size, scratch) for name, size in _EXPORTS.items()]
    result = AuditResult.from_json((scratch / "kept" / "result.json").read_text("utf-8"))
    megabytes, seconds = filled(result, scratch / "filled.sqlite")
    begun, store = (scratch / name for name in ("begun.sqlite", "history.sqlite"))
    grown = store.stat().st_size - begun.stat().st_size
    deals = (begun.stat().st_size + (MONTHS - 1) * grown) / 1e6
    return Kept(megabytes + deals, sum(seconds.values()), months)


def _second_month(name: str, size: Size, scratch: Path) -> Month:
    first, later = _DATA / name, _DATA / f"{name}-later"
    write_export(first, size)
    write_next_month(later, first)
    begun, store, out = (scratch / one for one in ("begun.sqlite", "history.sqlite", "kept"))
    begun.unlink(missing_ok=True)
    audit(first, out, "--history", str(begun))
    alone, kept = [], []
    for _ in range(_RUNS):
        alone.append(audit(later, out, as_of=NEXT_AS_OF))
        shutil.copy(begun, store)
        kept.append(audit(later, out, "--history", str(store), as_of=NEXT_AS_OF))
    result = AuditResult.from_json((out / "result.json").read_text("utf-8"))
    assert result.comparison
    life = result.comparison.life
    turned = life.new + life.reopened + life.resolved + life.vanished + life.unknown
    return Month(name, life.now, turned, alone, kept)


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
