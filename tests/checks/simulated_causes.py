"""Findings whose cause is known: counts of people, teams and levels, drawn from rates."""

from __future__ import annotations

from collections import Counter

import numpy as np

from checks.judgement.causes.finding import Finding, Level
from checks.judgement.causes.triage import triage

TOLERATED = 0.10
#: Share of the records that a technical process made, and the share of those that fail.
FROM_PROCESS, FAILING_FROM_PROCESS = 0.12, 0.75


def simulate(
    cause: str, people: int = 8, records: int = 40, seed: int = 0, noise_levels: int = 3
) -> Finding:
    """Draw one finding: everybody healthy (.2 to .8 of what is tolerated), but for its cause.

    Causes may be joined, ``technical+individual``. Records carry ``noise_levels`` further levels
    that mean nothing.
    """
    rng = np.random.default_rng([seed, people, records, *cause.encode()])
    causes = cause.split("+")
    rates = rng.uniform(0.2, 0.8, people) * TOLERATED
    teams = np.arange(people) % 2
    if "systemic" in causes:
        rates = rng.beta(8 * 0.35, 8 * 0.65, people)
    if "weak systemic" in causes:
        rates = rng.beta(8 * 0.18, 8 * 0.82, people)
    if "team" in causes:
        rates = np.where(teams == 1, rng.beta(20 * 0.40, 20 * 0.60, people), rates)
    if "individual" in causes:
        rates[rng.integers(people)] = 0.60
    if "weak individual" in causes:
        rates[rng.integers(people)] = 0.30
    person = np.repeat(np.arange(people), records)
    carried = rng.random((len(person), 1 + noise_levels)) < FROM_PROCESS
    carried[:, 1:] = rng.random((len(person), noise_levels)) < rng.uniform(0.1, 0.5, noise_levels)
    chance = rates[person]
    if "technical" in causes:
        chance = np.where(carried[:, 0], np.maximum(FAILING_FROM_PROCESS, chance), chance)
    failed = rng.random(len(person)) < chance
    return counted(person, carried, failed, teams)


def counted(person, carried, failed, teams) -> Finding:
    """Count records that are given one by one."""
    kinds, kind = np.unique(carried, axis=0, return_inverse=True)
    shape = (len(teams), len(kinds))
    records, defects = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    np.add.at(records, (person, kind.ravel()), 1)
    np.add.at(defects, (person, kind.ravel()), failed.astype(np.int64))
    return Finding(
        tolerated=TOLERATED,
        records=records,
        defects=defects,
        money=defects.astype(np.float64),
        teams=np.asarray(teams, dtype=np.int64),
        levels=tuple(Level("source", f"level {i}") for i in range(carried.shape[1])),
        carries=kinds.astype(np.bool_),
    )


def found(cause: str, runs: int, **world) -> Counter[str]:
    """Count the classes that many findings of one cause are given."""
    return Counter(triage(simulate(cause, seed=seed, **world)).kind for seed in range(runs))
