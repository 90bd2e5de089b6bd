"""CRMs made of counts alone: twenty families of three checks, with known rates."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from checks.judgement.families import judge_signals
from checks.judgement.scoring import judge_check
from checks.judgement.verdict import Decision, decide
from checks.measurement import Measurement, OwnerCount
from checks.profile import Profile
from checks.results import SignalId, VerdictState
from checks.spec import FAMILIES
from tests.checks.judged_samples import code_of, spec

TOLERATED = {1: 0.05, 2: 0.10, 3: 0.20}
SPECS = {
    (signal, letter, number): spec(
        code_of(signal, letter, number),
        f"check-{signal}-{letter}-{number}".lower().replace("_", "-"),
        t_lo,
    )
    for signal, letters in FAMILIES.items()
    for letter in letters
    for number, t_lo in TOLERATED.items()
}


@dataclass(frozen=True)
class World:
    """How a CRM behaves.

    Attributes:
        healthy: Range of rates of healthy checks, as multiples of what is tolerated.
        sick: Range of rates in sick signals.
        sick_signals: How many signals are sick.
        sick_families: How many families of a sick signal are sick.
        sloppiness: Standard deviation, between owners, of the log of their rates; an owner's
            sloppiness is the same in every check, and the team's mean rate is kept.
        bad_owners: If given, only these many owners have the defects of sick signals, on nine
            of ten of their records; everybody else is healthy.
    """

    healthy: tuple[float, float] = (0.2, 0.8)
    sick: tuple[float, float] = (3.0, 5.0)
    sick_signals: int = 0
    sick_families: int = 5
    sloppiness: float = 0.0
    bad_owners: int = 0


def simulate(world: World, owners: int, deals: int, seed: int) -> Decision:
    """Return the verdict on one CRM drawn from a world."""
    rng = np.random.default_rng([seed, owners, deals])
    records = rng.multinomial(deals, np.full(owners, 1 / owners))
    factors = np.exp(rng.normal(0, world.sloppiness, owners))
    factors /= (factors * records).sum() / records.sum()
    sick_signals = list(SignalId)[: world.sick_signals]
    checks = []
    for (signal, letter, _), one in SPECS.items():
        sick = signal in sick_signals and "ABCDE".index(letter) < world.sick_families
        times = rng.uniform(*(world.sick if sick and not world.bad_owners else world.healthy))
        rates = np.minimum(0.95, times * one.tolerance.t_lo * factors)
        if sick:
            rates[: world.bad_owners] = 0.9
        defects = rng.binomial(records, rates)
        counts = [
            OwnerCount(f"owner-{i:03}", int(n), int(k))
            for i, (n, k) in enumerate(zip(records, defects, strict=True))
        ]
        checks.append(judge_check(one, Measurement(owners=tuple(counts))))
    return decide(judge_signals(checks, Profile()), reps=owners, deals=deals, seed=seed)


def verdicts(world: World, owners: int, deals: int, runs: int) -> Counter[VerdictState]:
    """Count the verdicts on many CRMs of one world."""
    return Counter(simulate(world, owners, deals, seed).state for seed in range(runs))
