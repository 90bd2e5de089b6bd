"""A CRM with all that happened in it: tasks, and the history of its deals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from bench.export import WORLD, Size, write_export
from bench.paint import first_paints
from bench.processes import Run, audit, module

_DATA = Path(__file__).parent / "data"
_RUNS = 3
#: A million accounts, and next to nothing else.
_ACCOUNTS = Size(deals=1_000, contacts=1_000, accounts=1_000_000)


@dataclass(frozen=True)
class World:
    """What was measured on the world.

    Attributes:
        paints: Seconds until the page of the audit is seen, window by window.
        accounts: An audit of a million accounts.
        tenfold: An audit, and one with ten times the rows of history.
    """

    baseline: list[Run]
    ours: list[Run]
    paints: list[float]
    accounts: Run
    tenfold: tuple[Run, Run] | None


def measured(scratch: Path, *, tenfold: bool) -> World:
    """Measure the baseline and the audit in turn, three times.

    Args:
        scratch: Folder for what the audits write.
        tenfold: Whether an audit with ten times the history is measured too.
    """
    folder, out = _DATA / "world", scratch / "world"
    write_export(folder, WORLD)
    write_export(_DATA / "accounts", _ACCOUNTS)
    module("baseline", folder)
    baseline, ours = [], []
    for _ in range(_RUNS):
        baseline.append(module("baseline", folder))
        ours.append(audit(folder, out))
    return World(
        baseline,
        ours,
        paints=first_paints(out / "report.en.html"),
        accounts=audit(_DATA / "accounts", scratch / "accounts"),
        tenfold=_tenfold(scratch) if tenfold else None,
    )


def _tenfold(scratch: Path) -> tuple[Run, Run]:
    long = _DATA / "history"
    write_export(long, replace(WORLD, changes_a_deal=10 * WORLD.changes_a_deal))
    once = audit(_DATA / "world", scratch / "once")
    return once, audit(long, scratch / "long")
