"""What the first signal finds in a made CRM, against what is true there."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import numpy as np
import pytest

from checks.authoring.catalogue import load_catalogue
from checks.context import Context, hits_relation
from checks.measuring import measure_all
from tests.world_snapshots import context_of
from tests.worlds.plan import Planted, healthy
from tests.worlds.world import World, make_world, record_id

CHECKS = {
    spec.id: spec
    for spec in load_catalogue().checks
    if spec.id
    in {
        "activity-without-parent", "deal-born-late", "duplicate-account", "duplicate-contact",
        "duplicate-deal", "duplicate-lead", "late-logged-activity", "never-touched-deal",
        "obsolete-contact", "stalled-open-deal", "zombie-deal",
    }
}  # fmt: skip
DUPLICATES = ("duplicate-account", "duplicate-contact", "duplicate-lead")


class Audited(NamedTuple):
    """A world, and what the checks found in it."""

    world: World
    context: Context

    def found(self, check_id: str) -> set[str]:
        """Ids of the records that count."""
        relation = hits_relation(CHECKS[check_id])
        columns = {
            name for (name,) in self.rows(f"select name from pragma_table_info('{relation}')")
        }
        counted = " where counted" if "counted" in columns else ""
        return {record for (record,) in self.rows(f"select record_id from {relation}{counted}")}

    def pairs(self, check_id: str, *tiers: str) -> set[frozenset[str]]:
        """Pairs of records of one cluster, where both are of one of these tiers."""
        relation = hits_relation(CHECKS[check_id])
        clusters: dict[int, list[str]] = {}
        for cluster, tier, record in self.rows(
            f"select cluster_id, tier, record_id from {relation} order by all"
        ):
            if tier in tiers:
                clusters.setdefault(cluster, []).append(record)
        return {frozenset(pair) for each in clusters.values() for pair in combinations(each, 2)}

    def twins(self, check_id: str) -> set[frozenset[str]]:
        """Pairs that are one and the same in truth."""
        labels = self.world.labels[self.world.labels["check_id"] == check_id]
        table = CHECKS[check_id].table
        return {
            frozenset((record_id(table, one), record_id(table, other)))
            for one, other in zip(labels["number"], labels["twin"], strict=True)
        }

    def rows(self, query: str) -> list[tuple[object, ...]]:
        return self.context.snapshot.rows(query)  # type: ignore[no-any-return]


def audited(*planted: Planted, seed: int) -> Audited:
    world = make_world(healthy(seed=seed, reps=20, deals=3000).planting(*planted))
    context = context_of(world)
    measure_all(context, list(CHECKS.values()))
    return Audited(world, context)


@pytest.fixture(scope="module")
def sick() -> Audited:
    rates = {check_id: 0.1 if check_id in DUPLICATES else 0.3 for check_id in CHECKS}
    del rates["stalled-open-deal"], rates["duplicate-deal"]
    return audited(*(Planted(check_id, rate) for check_id, rate in rates.items()), seed=5)


def shares(found: set[object] | set[str], true: set[object] | set[str]) -> tuple[float, float]:
    """Precision, which nothing found cannot spoil, and recall."""
    both = len(found & true)
    return both / len(found) if found else 1.0, both / max(1, len(true))


def test_dead_deals_are_found_and_living_ones_spared(sick: Audited) -> None:
    dead = {record_id("deals", number) for number in np.flatnonzero(sick.world.dead)}
    precision, recall = shares(sick.found("zombie-deal"), dead)
    assert precision >= 0.95
    assert recall >= 0.70


def test_dead_deals_are_stalled(sick: Audited) -> None:
    # One living deal in ten is slower than nine in ten: stalled is a question, dead an answer.
    dead = {record_id("deals", number) for number in np.flatnonzero(sick.world.dead)}
    precision, recall = shares(sick.found("stalled-open-deal"), dead)
    assert precision >= 0.75
    assert recall >= 0.70


@pytest.mark.parametrize("check_id", DUPLICATES)
def test_duplicates_are_found_pair_by_pair(sick: Audited, check_id: str) -> None:
    true = sick.twins(check_id)
    assert len(true) > 30
    assert shares(sick.pairs(check_id, "certain"), true)[0] >= 0.98
    assert shares(sick.pairs(check_id, "probable"), true)[0] >= 0.95
    assert shares(sick.pairs(check_id, "certain", "probable"), true)[1] >= 0.90


@pytest.mark.parametrize("check_id", ["activity-without-parent", "late-logged-activity"])
def test_activities_are_judged_as_they_were_entered(sick: Audited, check_id: str) -> None:
    precision, recall = shares(sick.found(check_id), sick.world.labelled(check_id))
    assert precision >= 0.99
    # Late entries count for a year, those without a parent for ever.
    assert recall >= (0.99 if check_id == "activity-without-parent" else 0.30)


def test_a_healthy_company_is_healthy() -> None:
    well = audited(seed=6)
    for check_id, spec in CHECKS.items():
        relation = hits_relation(spec)
        (n,) = well.rows(f"select count(*) from population_{check_id.replace('-', '_')}")[0]
        assert len(well.found(check_id)) <= spec.tolerance.t_lo * int(str(n)), relation
