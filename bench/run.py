"""Time whole processes in turn, and write ratios, medians and spread to docs/benchmarks.md.

``python -m bench.run`` measures an export of a million deals, a world of a million deals with all
that happened to them, and what a history adds to a monthly audit. ``--tenfold`` also audits ten
times the rows of both exports.
"""

from __future__ import annotations

import argparse
import compileall
import tempfile
from pathlib import Path

from bench import history, page, records, world

_ROOT = Path(__file__).parent.parent
REPORT = _ROOT / "docs" / "benchmarks.md"


def main() -> None:
    """Measure, and write the page."""
    words = argparse.ArgumentParser(prog="python -m bench.run", description=__doc__)
    words.add_argument("--tenfold", action="store_true", help="also audit ten times the rows")
    tenfold: bool = words.parse_args().tenfold
    # A program that was installed has its bytecode, as all that it is measured against does.
    for package in ("auditor", "reports", "checks", "connectors"):
        compileall.compile_dir(_ROOT / package, quiet=1)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        text = page.text(
            records.measured(scratch, tenfold=tenfold),
            world.measured(scratch, tenfold=tenfold),
            history.measured(scratch),
        )
    REPORT.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
