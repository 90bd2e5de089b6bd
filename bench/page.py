"""The page of the benchmarks: what was measured, beside its limits."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Iterator, Sequence
from operator import attrgetter

from bench.export import RECORDS, WORLD, Size
from bench.history import Kept, Month
from bench.processes import Run, cpu_median, median, peak, ratio
from bench.records import Records
from bench.world import World

#: Not in the second limit: imports of others, and writing what was asked for.
_OUTSIDE_ENGINE = ("imports", "lists", "workbook")
_BASELINE = "baseline: `CREATE TABLE AS SELECT * FROM read_csv(f)`"
_EXPORT = {
    "x1": "the first one",
    "x1-sounder": "with a quarter of its flaws",
    "x1-tracked": "with a change of stage a deal, too",
}
_AUDIT = "`auditor audit`, one language, with lists and workbook"


def text(records: Records, world: World, kept: Kept) -> str:
    """Return the text of docs/benchmarks.md."""
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`. Whole processes in turn on one machine "
        f"({os.cpu_count()} cores, Python {platform.python_version()}); the machine is shared, so "
        "read the ratios, not the seconds. CPU seconds are disturbed least.",
        "",
        *_of_records(records),
        "",
        *_of_world(world),
        "",
        *_of_history(kept),
    ]
    return "\n".join(lines) + "\n"


def _of_records(found: Records) -> Iterator[str]:
    ours, base = found.ours, found.baseline
    inner = statistics.median(run.without(*_OUTSIDE_ENGINE) for run in ours)
    sizes = ", ".join(f"{name} {kilobytes:,.0f} KB" for name, kilobytes in found.written.items())
    yield from ("## Records", "", _described(RECORDS), "")
    yield from _table(
        {
            _BASELINE: base,
            _AUDIT: ours,
            "Great Expectations on pandas, ten of the checks": found.great_expectations,
            "Pointblank on Polars, the same ten, with its report": found.pointblank,
        },
        base,
    )
    yield from (
        "",
        f"- Whole audit: {ratio(ours, base):.1f} × the baseline (limit 10, aim 6), "
        f"{1 / ratio(ours, found.great_expectations):.1f} × faster than the Great Expectations "
        f"run (limit 3), {ratio(ours, found.pointblank):.1f} × the Pointblank run (aim 2).",
        f"- All phases but {', '.join(_OUTSIDE_ENGINE)}: {inner:.1f} s, "
        f"{inner / median(base):.1f} × the baseline (limit 5).",
        f"- `auditor --help`: {median(found.asked_for_help):.2f} s (limit 0.5).",
        f"- Output: {sizes}.",
    )
    if found.tenfold:
        yield _grown("Ten times the rows", found.tenfold)
    yield from ("", *_phases(ours))


def _of_world(found: World) -> Iterator[str]:
    ours, base = found.ours, found.baseline
    share = statistics.median(run.of("statistics") / run.seconds for run in ours)
    shown = statistics.median(run.of("page") / run.seconds for run in ours)
    yield from ("## A world", "", _described(WORLD), "")
    yield from _table({_BASELINE: base, _AUDIT: ours}, base)
    yield from (
        "",
        f"- Whole audit: {ratio(ours, base):.1f} × the baseline (limit 12), peak "
        f"{peak(ours):,.0f} MB (limit 6,144).",
        f"- Statistics: {100 * share:.1f} % of the run (limit 10).",
        f"- Page: {100 * shown:.1f} % of the run (limit 10); first contentful paint "
        f"{statistics.median(found.paints):.2f} s, median of {len(found.paints)} (limit 0.6).",
        "- All checks on 1,000,000 accounts, their duplicates with them: "
        f"{found.accounts.of('checks', 'duplicates'):.1f} s (limit 60 for the duplicates alone, "
        "which are looked for beside the other checks).",
    )
    if found.tenfold:
        yield _grown("Ten times the history", found.tenfold)
    yield from ("", *_phases(ours))


def _of_history(found: Kept) -> Iterator[str]:
    yield from (
        "## A history",
        "",
        "The second month of an export: a twentieth of the deals pushed, others moved on. Audited "
        "by turns without a history and with one. Where an export has no changes of fields, those "
        "that a history tells let other checks run, whose time counts as added; `history` is what "
        "the history takes itself.",
        "",
        "| export | findings open | that came or went | without, median s | added s | % of the run "
        "| CPU, median s | added s | % of the run "
        "| `history`, s | % of the rest |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
        *(_added(month) for month in found.months),
        "",
        "- The limit of what a history adds is 10 % of the run, set for 200,000 findings.",
        f"- Store of 36 months, 200,000 findings and 1,000,000 deals: {found.megabytes:,.0f} MB "
        "(limit 1,000).",
        f"- Its last month, read, compared and kept: {found.compared:.1f} s (limit 5).",
    )


def _added(month: Month) -> str:
    cells = [_EXPORT[month.name], f"{month.open:,}", f"{month.turned:,}"]
    pairs = list(zip(month.alone, month.kept, strict=True))
    for of in (attrgetter("seconds"), attrgetter("cpu_seconds")):
        alone = statistics.median(map(of, month.alone))
        added = statistics.median(of(kept) - of(run) for run, kept in pairs)
        cells += [f"{alone:.1f}", f"{added:.1f}", f"{100 * added / alone:.1f}"]
    own = statistics.median(run.of("history") for run in month.kept)
    share = statistics.median(run.of("history") / run.without("history") for run in month.kept)
    cells += [f"{own:.1f}", f"{100 * share:.1f}"]
    return f"| {' | '.join(cells)} |"


def _described(size: Size) -> str:
    parts = [
        f"{size.deals:,} deals",
        f"{size.contacts:,} contacts",
        f"{size.accounts:,} accounts",
        f"{size.owners} owners",
    ]
    if size.changes_a_deal:
        parts.append(f"{size.deals * size.tasks_a_deal:,} tasks")
        parts.append(f"{size.deals * size.changes_a_deal:,} changes of fields")
    return f"Export: {', '.join(parts)}."


def _table(processes: dict[str, list[Run]], base: Sequence[Run]) -> Iterator[str]:
    yield (
        "| process | median s | min to max | times the baseline "
        "| median CPU s | times the baseline | peak MB |"
    )
    yield "|---|---|---|---|---|---|---|"
    for label, runs in processes.items():
        seconds = [run.seconds for run in runs]
        yield (
            f"| {label} | {median(runs):.2f} | {min(seconds):.2f} to {max(seconds):.2f} "
            f"| {ratio(runs, base):.1f} | {cpu_median(runs):.2f} "
            f"| {cpu_median(runs) / cpu_median(base):.1f} | {peak(runs):,.0f} |"
        )


def _phases(runs: Sequence[Run]) -> Iterator[str]:
    yield from (
        "Seconds of each phase; of duplicates, what the other checks leave to wait for:",
        "",
        "| phase | median s |",
        "|---|---|",
    )
    for name in runs[0].phases:
        yield f"| {name} | {statistics.median(run.of(name) for run in runs):.2f} |"


def _grown(what: str, runs: tuple[Run, Run]) -> str:
    once, ten = runs
    return (
        f"- {what}: {ten.seconds:.0f} s, {ten.seconds / once.seconds:.1f} × the time (limit 11), "
        f"peak {ten.peak_mb:,.0f} MB (limit 6,144)."
    )
