"""An export of records alone: a million deals, against the baseline and other validators."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bench.export import RECORDS, times, write_export
from bench.processes import Run, audit, measure, module, program

_DATA = Path(__file__).parent / "data"
_RUNS = 5
#: Great Expectations takes so long that three runs must do.
_SLOW_RUNS = 3
_WRITTEN = ("report.en.html", "result.json", "findings.parquet", "worklists.xlsx")


@dataclass(frozen=True)
class Records:
    """What was measured on the export of records.

    Attributes:
        asked_for_help: Runs of ``auditor --help``.
        written: Size in KB of what an audit writes, by file name.
        tenfold: An audit, and one of ten times the rows.
    """

    baseline: list[Run]
    ours: list[Run]
    pointblank: list[Run]
    great_expectations: list[Run]
    asked_for_help: list[Run]
    written: dict[str, float]
    tenfold: tuple[Run, Run] | None


def measured(scratch: Path, *, tenfold: bool) -> Records:
    """Measure everything in turn, five times.

    Args:
        scratch: Folder for what the audits write.
        tenfold: Whether an audit of ten times the rows is measured too.
    """
    folder, out = _DATA / "x1", scratch / "records"
    write_export(folder, RECORDS)
    module("baseline", folder)
    baseline, ours, pointblank, great_expectations = [], [], [], []
    for turn in range(_RUNS):
        baseline.append(module("baseline", folder))
        ours.append(audit(folder, out))
        pointblank.append(module("pointblank_run", folder))
        if turn < _SLOW_RUNS:
            great_expectations.append(module("great_expectations_run", folder))
    return Records(
        baseline,
        ours,
        pointblank,
        great_expectations,
        asked_for_help=[measure([program(), "--help"]) for _ in range(_RUNS)],
        written={name: (out / name).stat().st_size / 1024 for name in _WRITTEN},
        tenfold=_tenfold(scratch) if tenfold else None,
    )


def _tenfold(scratch: Path) -> tuple[Run, Run]:
    write_export(_DATA / "x10", times(RECORDS, 10))
    once = audit(_DATA / "x1", scratch / "once")
    return once, audit(_DATA / "x10", scratch / "ten")
