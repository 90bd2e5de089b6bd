"""Audit the grid and write docs/accuracy.md: ``python -m tests.accuracy.run [--share 0.05]``.

What was measured of each world is kept in ``build/``; parts that are not measured anew stay.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path

from tests.accuracy import grid
from tests.accuracy.audited import Audited, audit
from tests.accuracy.grid import Case
from tests.accuracy.page import page
from tests.accuracy.records import FACTS, JUDGED, LATENT, Tally, tally
from tests.accuracy.seen import Seen

PAGE = Path(__file__).parents[2] / "docs" / "accuracy.md"

#: Worlds of each row of each part.
FULL = {"healthy": 300, "borderline": 200, "found": 20, "systemic": 20, "power": 20, "causes": 50,
        "masked": 10, "records": 6}  # fmt: skip


def look(case: Case) -> Seen:
    """Audit one world of the grid."""
    audited = audit(case.plan, case.mask)
    states = {number: audited.signal(number).state.value for number in range(1, 5)}
    verdict = audited.result.verdict
    planted = {one.habit for one in case.plan.planted}
    return Seen(
        case.part,
        case.row,
        sorted(case.signals),
        verdict.state.value,
        verdict.cause,
        verdict.probability,
        [number for number, state in states.items() if state == "present"],
        [number for number, state in states.items() if state == "emerging"],
        [number for number, state in states.items() if state == "not_observable"],
        case.cause.value if case.cause else None,
        _triage(audited, case),
        [
            check.check_id
            for check in audited.result.checks
            if check.state == "present" and check.check_id not in planted
        ],
        _tallies(audited) if case.part == "records" else {},
    )


def _triage(audited: Audited, case: Case) -> str | None:
    if case.cause is None:
        return None
    check = audited.check(case.plan.planted[0].habit)
    return check.triage.kind if check and check.triage else "none"


def _tallies(audited: Audited) -> dict[str, dict[str, object]]:
    kept = {}
    for check_id in sorted(FACTS | JUDGED | LATENT):
        if audited.check(check_id):
            one = Tally()
            tally(audited, check_id, one)
            kept[check_id] = vars(one) | {"examples": dict(one.examples)}
    return kept


def cases(worlds: dict[str, int], parts: Iterable[str]) -> Iterator[Case]:
    """Return the worlds of some parts of the grid."""
    make = {
        "healthy": grid.well_kept,
        "borderline": grid.just_tolerable,
        "found": grid.planted_in_two_families,
        "systemic": grid.systemic,
        "power": grid.small_companies,
        "causes": grid.one_cause,
        "masked": grid.masked,
        "records": grid.for_records,
    }
    for part in parts:
        yield from make[part](worlds[part])


def main() -> None:
    """Audit the grid on all cores, part by part, and write the page."""
    options = argparse.ArgumentParser()
    options.add_argument("--share", type=float, default=1.0, help="share of the full grid")
    options.add_argument("--parts", nargs="*", default=list(FULL), help="parts to measure anew")
    options.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options.add_argument("--keep", type=Path, default=Path("build/accuracy.jsonl"))
    chosen = options.parse_args()
    worlds = {part: max(1, round(number * chosen.share)) for part, number in FULL.items()}
    chosen.keep.parent.mkdir(parents=True, exist_ok=True)
    old = [seen for seen in _read(chosen.keep) if seen.part not in chosen.parts]
    with ProcessPoolExecutor(chosen.jobs) as pool, chosen.keep.open("w", encoding="utf-8") as kept:
        kept.writelines(_line(seen) for seen in old)
        for seen in pool.map(look, cases(worlds, chosen.parts)):
            kept.write(_line(seen))
            kept.flush()
    PAGE.write_text(page(_read(chosen.keep)), encoding="utf-8")


def _line(seen: Seen) -> str:
    return json.dumps(asdict(seen), ensure_ascii=False) + "\n"


def _read(path: Path) -> list[Seen]:
    if not path.exists():
        return []
    return [Seen(**json.loads(line)) for line in path.read_text("utf-8").splitlines() if line]


if __name__ == "__main__":
    main()
