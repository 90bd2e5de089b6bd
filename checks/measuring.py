"""Run every check of the catalogue on a snapshot; one that breaks never stops the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace

from checks.context import Context
from checks.lexicon.junk import define_junk
from checks.measurement import Measurement, not_observable
from checks.results import ConfigurationFinding
from checks.rows.long_cycles import long_cycles
from checks.rows.row_checks import broken, measure_rows
from checks.run_info import ResultPart
from checks.spec import CheckSpec
from connectors.base import Stage, unwatched


@dataclass(frozen=True)
class Measured:
    """What the checks found.

    Attributes:
        measurements: By check id, in the order of the catalogue.
        configuration_findings: What is amiss in the set-up, not in the records.
        tables: Table of each check.
        blocks: What measures leave for the result besides their checks, by its name there.
    """

    measurements: dict[str, Measurement]
    configuration_findings: tuple[ConfigurationFinding, ...]
    tables: dict[str, str]
    blocks: Mapping[str, ResultPart] = field(default_factory=dict)

    def with_hits(self, specs: Iterable[CheckSpec]) -> Iterator[tuple[CheckSpec, Measurement]]:
        """Yield those of some checks that say which records they hit, with what they found."""
        for spec in specs:
            measurement = self.measurements.get(spec.id)
            if measurement is not None and measurement.hits is not None:
                yield spec, measurement


def measure_all(context: Context, specs: Sequence[CheckSpec], stage: Stage = unwatched) -> Measured:
    """Measure every check that is given.

    A check whose columns were not supplied is not observable; one that raises gets the
    reason ``error``. Neither stops the audit, and neither ever looks like a pass.

    Args:
        context: A loaded snapshot, the definitions in force, and the day.
        specs: The enabled checks, with the profile's parameters.
        stage: Told when it runs ``checks`` and when it waits for ``duplicates``.
    """
    settled: dict[str, Measurement] = {}
    with stage("checks"):
        define_junk(context.snapshot, context.profile)
        findings = [*_deals_of_unknown_state(context), *long_cycles(context)]
        for table in dict.fromkeys(spec.table for spec in specs):
            outcome = measure_rows(context, table, [spec for spec in specs if spec.table == table])
            settled.update(outcome.measurements)
            findings += outcome.findings
    awaited = [spec for spec in specs if spec.id not in settled]
    alone = [spec for spec in awaited if not _sums_up(spec)]
    settled |= _measure_side_by_side(context, alone, stage)
    with stage("checks"):
        for spec in filter(_sums_up, awaited):
            settled[spec.id] = _measure_population(context, spec, settled)
    return Measured(
        {spec.id: settled[spec.id] for spec in specs},
        tuple(_distinct(findings)),
        {spec.id: spec.table for spec in specs},
        {name: block for one in settled.values() for name, block in one.blocks.items()},
    )


def _deals_of_unknown_state(context: Context) -> Iterator[ConfigurationFinding]:
    ((count,),) = context.snapshot.rows(
        "select count(*) from deals where is_live and state is null"
    )
    if count:
        yield ConfigurationFinding(
            code="deals_of_unknown_state", table="deals", facts={"count": count}
        )


def _measure_side_by_side(
    context: Context, specs: Sequence[CheckSpec], stage: Stage
) -> dict[str, Measurement]:
    """Look for duplicates while the other measures run: each leaves half of the machine idle."""

    def measured(context: Context, specs: Iterable[CheckSpec]) -> dict[str, Measurement]:
        return {spec.id: _measure_population(context, spec, {}) for spec in specs}

    duplicates = [spec for spec in specs if spec.id.startswith("duplicate-")]
    others = [spec for spec in specs if spec not in duplicates]
    with (
        closing(context.snapshot.beside()) as snapshot,
        ThreadPoolExecutor(max_workers=1) as beside,
    ):
        apart = replace(context, snapshot=snapshot, relations=set())
        looked_for = beside.submit(measured, apart, duplicates)
        with stage("checks"):
            found = measured(context, others)
        with stage("duplicates"):
            return found | looked_for.result()


def _sums_up(spec: CheckSpec) -> bool:
    """Return whether a check reads what the others found, so that it comes after them."""
    from checks.measures import SUMMARIES

    return spec.measure in SUMMARIES


def _measure_population(
    context: Context, spec: CheckSpec, found: Mapping[str, Measurement]
) -> Measurement:
    """Let a measure or an expectation decide over the population laid out for it."""
    try:
        measurement = _measure_of(spec, found)(context, spec)
    except Exception as error:
        return broken(error)
    if measurement.reason is None and measurement.n_eligible == 0:
        return not_observable("nobody_to_examine")
    return measurement


def _measure_of(
    spec: CheckSpec, found: Mapping[str, Measurement]
) -> Callable[[Context, CheckSpec], Measurement]:
    if spec.expect is not None:
        from checks.expectations.expectation_checks import run_expectation

        return run_expectation
    from checks.measures import MEASURES, SUMMARIES

    if _sums_up(spec):
        return lambda context, one: SUMMARIES[one.measure or ""](context, one, found)
    return MEASURES[spec.measure or ""]


def _distinct(findings: Iterable[ConfigurationFinding]) -> Iterator[ConfigurationFinding]:
    """Keep one finding a field and stage, whichever checks came upon it."""
    seen = set()
    for finding in findings:
        place = (finding.code, finding.table, finding.column, finding.stage)
        if place not in seen:
            seen.add(place)
            yield finding
