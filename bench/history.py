"""The run store at full size: 36 months of 200,000 findings each, a fifth of which change a month.

``python -m bench.history RESULT.json`` prints its size, and the CPU seconds of its last month,
without what the engine does to find the findings again.
"""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from auditor.history.retention import months_before
from auditor.history.store import writing
from checks.change.comparing import compare
from checks.change.life import Remembered, Turn, missing, turns
from checks.change.records import Kind
from checks.results import AuditResult

MONTHS, FINDINGS, KINDS, CHANGED = 36, 200_000, 60, 0.2
LAST = date(2026, 10, 31)


def main(result: AuditResult) -> None:
    """Fill a history month by month, and time its last month."""
    rng = np.random.default_rng(7)
    keys = rng.choice(np.iinfo(np.int64).max >> 4, FINDINGS, replace=False)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "history.sqlite"
        for number in reversed(range(MONTHS)):
            day = months_before(LAST, number)
            changed = rng.random(FINDINGS) < CHANGED
            keys[changed] = rng.integers(0, np.iinfo(np.int64).max >> 4, int(changed.sum()))
            seconds = _month(file, keys, result, day)
        size = file.stat().st_size / 1e6
    print(f"{MONTHS} months of {FINDINGS:,} findings: {size:.0f} MB")
    for name, spent in seconds.items():
        print(f"last month, {name}: {spent:.2f} s")


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
        ).drop_duplicates(["kind", "record_key"])
        last = store.last("bench")
        alive = store.findings.alive("bench")
        lap("read")
        remembered = Remembered(alive, store.findings.ended(missing(found, alive)))
        lost = missing(alive, found).assign(outcome="passes", owner_key=1)
        lap("ended")
        moved = turns(remembered, found, lost, day)
        moved = moved.merge(kinds[["kind", "check_id"]], on="kind")
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


if __name__ == "__main__":
    import sys

    main(AuditResult.from_json(Path(sys.argv[1]).read_text("utf-8")))
