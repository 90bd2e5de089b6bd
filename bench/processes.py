"""Whole processes, measured from outside: seconds, CPU seconds, peak memory, and phases."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.export import AS_OF


@dataclass(frozen=True)
class Run:
    """One finished process: wall and CPU seconds, peak memory in MB, and seconds per phase."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    phases: dict[str, float]

    def of(self, *phases: str) -> float:
        """Return the seconds spent in some phases."""
        return sum(self.phases.get(phase, 0.0) for phase in phases)

    def without(self, *phases: str) -> float:
        """Return the seconds spent in all other phases."""
        return sum(self.phases.values()) - self.of(*phases)


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
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, phases)


def audit(folder: Path, out: Path, *words: str, as_of: str = AS_OF) -> Run:
    """Audit an export once, with the report in one language.

    Args:
        folder: The export.
        out: Folder for the report.
        words: Other options.
        as_of: Day of the audit.
    """
    timings = out.with_suffix(".json")
    shutil.rmtree(out, ignore_errors=True)
    arguments = ["audit", str(folder), "--as-of", as_of, "--lang", "en", "--out", str(out)]
    return measure([program(), *arguments, *words, "--timings", str(timings)], timings)


def module(name: str, folder: Path) -> Run:
    """Run a module of this package on an export."""
    return measure([sys.executable, "-m", f"bench.{name}", str(folder)])


def program() -> str:
    """Return the path of the auditor of this environment."""
    return str(Path(sys.executable).parent / "auditor")


def median(runs: Sequence[Run]) -> float:
    """Return the median of the wall seconds."""
    return statistics.median(run.seconds for run in runs)


def cpu_median(runs: Sequence[Run]) -> float:
    """Return the median of the CPU seconds, which a shared machine disturbs less."""
    return statistics.median(run.cpu_seconds for run in runs)


def ratio(runs: Sequence[Run], base: Sequence[Run]) -> float:
    """Return how many times the median of others the median is."""
    return median(runs) / median(base)


def peak(runs: Sequence[Run]) -> float:
    """Return the highest peak memory in MB."""
    return max(run.peak_mb for run in runs)
