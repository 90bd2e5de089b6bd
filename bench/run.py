"""Time whole processes in turn, and write ratios, medians and spread to docs/benchmarks.md.

``python -m bench.run`` measures the export of a million deals; ``--tenfold`` also measures one
audit of ten times the rows.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.export import ACCOUNTS, AS_OF, CONTACTS, DEALS, OWNERS, write_export

HERE = Path(__file__).parent
REPORT = HERE.parent / "docs" / "benchmarks.md"
RUNS = 5
#: Not in the second limit: imports of others, and writing what was asked for.
OUTSIDE_ENGINE = ("imports", "lists", "workbook")


@dataclass(frozen=True)
class Run:
    """One finished process: wall seconds, peak memory in MB, and seconds per phase."""

    seconds: float
    peak_mb: float
    phases: dict[str, float]


def measure(command: list[str], timings: Path | None = None) -> Run:
    """Run a command to its end and account for it.

    Raises:
        RuntimeError: If the command fails.
    """
    started = time.perf_counter()
    pid = os.posix_spawnp(
        command[0],
        command,
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - started
    if os.waitstatus_to_exitcode(status) not in (0, 4):
        raise RuntimeError(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    phases = json.loads(timings.read_text()) if timings else {}
    return Run(seconds, usage.ru_maxrss / 1024, phases)


def audit(folder: Path, out: Path) -> Run:
    """Audit the export once, with the report in one language."""
    timings = out.with_suffix(".json")
    shutil.rmtree(out, ignore_errors=True)
    arguments = ["audit", str(folder), "--as-of", AS_OF, "--lang", "en", "--out", str(out)]
    program = str(Path(sys.executable).parent / "auditor")
    return measure([program, *arguments, "--timings", str(timings)], timings)


def module(name: str, folder: Path) -> Run:
    """Run a module of this package on the export."""
    return measure([sys.executable, "-m", f"bench.{name}", str(folder)])


def main() -> None:
    """Measure everything in turn, five times, and write the page."""
    folder = HERE / "data" / "x1"
    write_export(folder)
    runs: dict[str, list[Run]] = {name: [] for name in ("baseline", "ours", "gx", "pointblank")}
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "audit"
        module("baseline", folder)
        for turn in range(RUNS):
            runs["baseline"].append(module("baseline", folder))
            runs["ours"].append(audit(folder, out))
            runs["pointblank"].append(module("pointblank_run", folder))
            if turn < 3:
                runs["gx"].append(module("great_expectations_run", folder))
        size = _size(out)
        tenfold = _tenfold(Path(scratch)) if "--tenfold" in sys.argv else None
    help_run = [
        measure([str(Path(sys.executable).parent / "auditor"), "--help"]) for _ in range(RUNS)
    ]
    text = page(runs, help_run, size, tenfold)
    REPORT.write_text(text, encoding="utf-8")
    print(text)


def page(
    runs: dict[str, list[Run]], help_run: list[Run], size: str, tenfold: tuple[Run, Run] | None
) -> str:
    """Return the text of docs/benchmarks.md."""
    ours, base = runs["ours"], runs["baseline"]
    inner = [sum(v for k, v in run.phases.items() if k not in OUTSIDE_ENGINE) for run in ours]
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`. Whole processes in turn on one machine "
        f"({os.cpu_count()} cores, Python {platform.python_version()}); the machine is shared, so "
        "read the ratios, not the seconds.",
        "",
        f"Export: {DEALS:,} deals, {CONTACTS:,} contacts, {ACCOUNTS:,} accounts, {OWNERS} owners.",
        "",
        "| process | median s | min to max | peak MB | times the baseline |",
        "|---|---|---|---|---|",
        _row("baseline: `CREATE TABLE AS SELECT * FROM read_csv(f)`", base, base),
        _row("`auditor audit`, one language, with lists and workbook", ours, base),
        _row("Great Expectations on pandas, ten of the checks", runs["gx"], base),
        _row("Pointblank on Polars, the same ten, with its report", runs["pointblank"], base),
        "",
        f"- Whole audit: {_ratio(ours, base):.1f} × the baseline (limit 10, aim 6), "
        f"{1 / _ratio(ours, runs['gx']):.1f} × faster than the Great Expectations run (limit 3), "
        f"{_ratio(ours, runs['pointblank']):.1f} × the Pointblank run (aim 2).",
        f"- All phases but {', '.join(OUTSIDE_ENGINE)}: {statistics.median(inner):.1f} s, "
        f"{statistics.median(inner) / _median(base):.1f} × the baseline (limit 5).",
        f"- `auditor --help`: {_median(help_run):.2f} s (limit 0.5).",
        f"- Output: {size}",
        "",
        "| phase | median s |",
        "|---|---|",
        *(
            f"| {name} | {statistics.median(run.phases[name] for run in ours):.2f} |"
            for name in ours[0].phases
        ),
    ]
    if tenfold:
        once, ten = tenfold
        lines += [
            "",
            f"Ten times the rows: {ten.seconds:.0f} s, {ten.seconds / once.seconds:.1f} × the time "
            f"(limit 11), peak {ten.peak_mb:,.0f} MB (limit 6,144).",
        ]
    return "\n".join(lines) + "\n"


def _tenfold(scratch: Path) -> tuple[Run, Run]:
    large = HERE / "data" / "x10"
    write_export(large, scale=10)
    once = audit(HERE / "data" / "x1", scratch / "once")
    return once, audit(large, scratch / "ten")


def _size(out: Path) -> str:
    names = ("report.en.html", "result.json", "findings.parquet", "worklists.xlsx")
    return ", ".join(f"{name} {(out / name).stat().st_size / 1024:,.0f} KB" for name in names) + "."


def _row(label: str, runs: list[Run], base: list[Run]) -> str:
    seconds = [run.seconds for run in runs]
    return (
        f"| {label} | {_median(runs):.2f} | {min(seconds):.2f} to {max(seconds):.2f} "
        f"| {max(run.peak_mb for run in runs):,.0f} | {_ratio(runs, base):.1f} |"
    )


def _ratio(runs: list[Run], base: list[Run]) -> float:
    return _median(runs) / _median(base)


def _median(runs: list[Run]) -> float:
    return statistics.median(run.seconds for run in runs)


if __name__ == "__main__":
    main()
