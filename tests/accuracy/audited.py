"""One world, audited: what was found beside what is true."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from checks.authoring.catalogue import load_catalogue, resolve
from checks.context import Context
from checks.judgement.judging import judge
from checks.measuring import Measured, measure_all
from checks.profile import Profile
from checks.results import AuditResult, CheckResult, SignalId, SignalResult, State
from checks.run_info import ContractResult, RunInfo
from checks.spec import CheckSpec
from tests.world_snapshots import snapshot_of
from tests.worlds.adapters.masks import NOTHING, Mask
from tests.worlds.plan import Plan
from tests.worlds.world import World, make_world


@dataclass(frozen=True)
class Audited:
    """What an audit of a world came to.

    Attributes:
        found: Per check, the ids of the records that it counts.
        pairs: Per check on duplicates, the pairs of records that it holds for one.
    """

    world: World
    result: AuditResult
    found: dict[str, frozenset[str]]
    pairs: dict[str, frozenset[frozenset[str]]]

    def check(self, check_id: str) -> CheckResult | None:
        """Return a check's result; None while the catalogue has no such check."""
        return next((one for one in self.result.checks if one.check_id == check_id), None)

    def signal(self, number: int) -> SignalResult:
        """Return a signal by its number, from 1."""
        wanted = list(SignalId)[number - 1]
        return next(one for one in self.result.signals if one.id is wanted)

    @property
    def present(self) -> set[int]:
        """The numbers of the signals that are present."""
        return {n for n in range(1, 5) if self.signal(n).state is State.PRESENT}


@cache
def specs() -> tuple[CheckSpec, ...]:
    """Return every check of the package, as it ships."""
    return resolve(load_catalogue(None), Profile())


def audit(plan: Plan, mask: Mask = NOTHING) -> Audited:
    """Make the world of a plan, and audit it."""
    return audit_world(make_world(plan), mask)


def audit_world(world: World, mask: Mask = NOTHING) -> Audited:
    """Audit a world, all checks and the verdict, without reading files or writing any."""
    profile = Profile()
    context = Context(snapshot_of(world, mask), profile, world.plan.as_of)
    measured = measure_all(context, specs())
    result = judge(context, specs(), measured, TRUSTED, run_of(world), named=True)
    found = {spec.id: _found(context, measured, spec.id) for spec in specs()}
    pairs = {
        spec.id: _pairs(context, measured, spec.id)
        for spec in specs()
        if spec.id.startswith("duplicate-")
    }
    context.snapshot.close()
    return Audited(world, result, found, pairs)


#: The contract of worlds that come from no file.
TRUSTED = ContractResult(success=True)


def run_of(world: World) -> RunInfo:
    """Return what a result says about the audit of a world."""
    return RunInfo(
        tool_version="",
        source="world",
        as_of=world.plan.as_of,
        profile_hash="",
        catalogue_hash="",
        tables={},
        contract=TRUSTED,
    )


def _found(context: Context, measured: Measured, check_id: str) -> frozenset[str]:
    hits = measured.measurements[check_id].hits
    if hits is None:
        return frozenset()
    counted = " where counted" if "counted" in _columns(context, hits) else ""
    rows = context.snapshot.rows(f"select distinct record_id from {hits}{counted}")
    return frozenset(record_id for (record_id,) in rows)


def _pairs(context: Context, measured: Measured, check_id: str) -> frozenset[frozenset[str]]:
    hits = measured.measurements[check_id].hits
    if hits is None or "cluster_id" not in _columns(context, hits):
        return frozenset()
    rows = context.snapshot.rows(
        f"select a.record_id, b.record_id from {hits} as a join {hits} as b"
        " on a.cluster_id = b.cluster_id and a.record_id < b.record_id"
    )
    return frozenset(frozenset(row) for row in rows)


def _columns(context: Context, relation: str) -> set[str]:
    return {row[0] for row in context.snapshot.rows(f"describe {relation}")}
