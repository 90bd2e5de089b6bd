"""A world of a million deals, for the benchmark: ``python -m tests.worlds.large FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.worlds.adapters.salesforce import write_salesforce
from tests.worlds.plan import Plan, Ritual, healthy
from tests.worlds.world import make_world


def large(deals: int = 1_000_000, months_of_history: int = 7) -> Plan:
    """Return a plan with about 4.6 activities and 2.7 rows of history a deal, and 200 reps."""
    return healthy(
        99,
        reps=200,
        deals=deals,
        tracked_months=months_of_history,
        activity=0.38,
        touches=0.1,
        ritual=Ritual(weeks=11, coverage=0.3),
    )


def write_large_world(folder: Path, deals: int = 1_000_000, months_of_history: int = 7) -> None:
    """Write that world as Salesforce exports it; a folder that holds it already is left alone."""
    if not (folder / "User.csv").exists():
        write_salesforce(make_world(large(deals, months_of_history)), folder, quoted=False)


if __name__ == "__main__":
    write_large_world(Path(sys.argv[1]))
