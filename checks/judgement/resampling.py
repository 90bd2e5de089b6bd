"""How probable it is that at least two signals are present, given who owns the records.

With five owners or more, owners are drawn anew with replacement (a cluster bootstrap: records
of one person stay together). With fewer, drawing people says little, and rates are drawn from
the checks' posteriors instead. Every draw is then judged by the rules that judged the data, as
if it had been observed: a rate that lies high by chance is not enough, it must also be sure.

Checks that ruled by themselves have no counts to draw from: what they call present stays so in
as many draws as their own probability says, and is emerging in the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from checks.few_people import enough_people
from checks.judgement.families import JudgedSignal
from checks.judgement.scoring import EMERGING_FROM, PRESENT_FROM, JudgedCheck
from checks.judgement.stats import OwnerSums, Posterior, clustered_posterior
from checks.results import State

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Counts = NDArray[np.float64]
    Draws = NDArray[np.int64]
    Flags = NDArray[np.bool_]

DRAWS = 200
BOOTSTRAP_FROM = 5
#: What tolerances are multiplied with to see whether the answer hangs on them.
_STRICTER, _LOOSER = 0.75, 1.25
#: No tolerance is so high that nothing could exceed it.
_HIGHEST = 0.9


@dataclass(frozen=True)
class Robustness:
    """How many signals are present if one thing were otherwise.

    Attributes:
        stricter: With every tolerance a quarter lower.
        looser: With every tolerance a quarter higher.
        without_one: The fewest, whichever single owner is left out; None below five owners.
    """

    stricter: int
    looser: int
    without_one: int | None


def probability_of_two(signals: Sequence[JudgedSignal], seed: int) -> float | None:
    """Return P(at least two signals present), or None where no check was observed.

    The same counts give the same number, whatever the owners are called.
    """
    counted, ruled = _observed(signals)
    if not counted and not ruled:
        return None
    rng = np.random.default_rng(seed)
    table = _by_owner(counted)
    owners = table.records.shape[1]
    drawn = []
    if counted and owners >= BOOTSTRAP_FROM:
        times = rng.multinomial(owners, np.full(owners, 1 / owners), size=DRAWS)
        drawn.append(_judged_anew(counted, table, times))
    elif counted:
        drawn.append(_drawn_rates(counted, rng))
    if ruled:
        drawn.append(_drawn_rulings(ruled, rng))
    return float((_signals_present(signals, [*counted, *ruled], drawn) >= 2).mean())


def robustness(signals: Sequence[JudgedSignal]) -> Robustness:
    """Judge the same counts with other tolerances, and without each owner in turn.

    Checks that ruled by themselves keep their states.
    """
    counted, ruled = _observed(signals)
    table = _by_owner(counted)
    owners = table.records.shape[1]

    def present(times: Draws, scale: float = 1.0) -> Draws:
        drawn = [_judged_anew(counted, table, times, scale)] if counted else []
        drawn += [_as_ruled(ruled, len(times))] if ruled else []
        return _signals_present(signals, [*counted, *ruled], drawn)

    everybody = np.ones((1, owners), dtype=np.int64)
    all_but_one = 1 - np.eye(owners, dtype=np.int64)
    return Robustness(
        stricter=int(present(everybody, _STRICTER)[0]),
        looser=int(present(everybody, _LOOSER)[0]),
        without_one=int(present(all_but_one).min()) if owners >= BOOTSTRAP_FROM else None,
    )


def _observed(signals: Sequence[JudgedSignal]) -> tuple[list[JudgedCheck], list[JudgedCheck]]:
    """Return the checks with counts to judge anew, and those that ruled by themselves."""
    checks = sorted(
        (check for signal in signals for check in signal.checks if check.observed),
        key=lambda check: check.check_id,
    )
    return [c for c in checks if not c.ruled], [c for c in checks if c.ruled]


def _signals_present(
    signals: Sequence[JudgedSignal],
    checks: Sequence[JudgedCheck],
    drawn: Sequence[tuple[Flags, Flags]],
) -> Draws:
    """Return how many signals are present in each draw.

    Args:
        signals: The signals.
        checks: The checks, in the order of the rows of ``drawn`` taken together.
        drawn: Which checks are present and which emerging, as checks x draws.
    """
    if not drawn:
        return np.zeros(1, dtype=np.int64)
    present, emerging = (np.vstack(flags) for flags in zip(*drawn, strict=True))
    rows = {check.check_id: row for row, check in enumerate(checks)}
    number = np.zeros(present.shape[1], dtype=np.int64)
    for signal in signals:
        families_present, families_emerging = np.zeros_like(number), np.zeros_like(number)
        for family in signal.families:
            of_family = [rows[c.check_id] for c in family.checks if c.check_id in rows]
            worst = present[of_family].any(axis=0)
            families_present += worst
            families_emerging += emerging[of_family].any(axis=0) & ~worst
        number += (families_present >= 2) | ((families_present == 1) & (families_emerging >= 2))
    return number


def _judged_anew(
    checks: Sequence[JudgedCheck], table: _ByOwner, times: Draws, scale: float = 1.0
) -> tuple[Flags, Flags]:
    """Judge every check with each owner counted so many times; ownerless records stay.

    Args:
        checks: The checks.
        table: Their counts.
        times: Draws x owners.
        scale: What tolerances are multiplied with.
    """
    weights = times.astype(np.float64)

    def total(values: Counts) -> Counts:
        # einsum adds up in one order on every machine, which a threaded product does not
        return np.asarray(np.einsum("co,do->cd", values, weights))

    records, defects = table.records, table.defects
    owned, owned_defects = total(records), total(defects)
    everything = owned + table.ownerless[:, :1]
    posterior = clustered_posterior(
        OwnerSums(
            records=everything,
            defects=owned_defects + table.ownerless[:, 1:],
            owners=total((records > 0).astype(np.float64)),
            owned=owned,
            owned_defects=owned_defects,
            squares=total(records**2),
            concentration=total(defects**2 / np.maximum(records, 1)),
        )
    )
    enough = everything >= np.array([[check.tolerance.n_min] for check in checks])
    present, emerging = _states(checks, posterior, scale)
    few = np.array([[check.counts_people] for check in checks])
    few = few & ~enough_people(owned_defects, everything)
    return present & enough & ~few, (emerging | (present & few)) & enough


def _drawn_rates(checks: Sequence[JudgedCheck], rng: np.random.Generator) -> tuple[Flags, Flags]:
    """Judge rates drawn from the posteriors, on as many effective records as there were."""
    posteriors = [check.posterior for check in checks if check.posterior is not None]
    alpha = np.array([[float(p.alpha)] for p in posteriors])
    beta = np.array([[float(p.beta)] for p in posteriors])
    rates = rng.beta(alpha, beta, size=(len(checks), DRAWS))
    effective = alpha + beta - 1
    return _states(checks, Posterior(effective * rates + 0.5, effective * (1 - rates) + 0.5))


def _drawn_rulings(checks: Sequence[JudgedCheck], rng: np.random.Generator) -> tuple[Flags, Flags]:
    """Let what is present by a rule of its own be so as often as its probability says."""
    sure = np.array([[1.0 if c.probability is None else c.probability] for c in checks])
    is_present, is_emerging = _as_ruled(checks, DRAWS)
    present = is_present & (rng.random((len(checks), DRAWS)) < sure)
    return present, (is_present & ~present) | is_emerging


def _as_ruled(checks: Sequence[JudgedCheck], draws: int) -> tuple[Flags, Flags]:
    """Return the states that checks reached by a rule of their own, the same in all draws."""
    present = np.array([[check.state == State.PRESENT] * draws for check in checks])
    emerging = np.array([[check.state == State.EMERGING] * draws for check in checks])
    return present, emerging


def _states(
    checks: Sequence[JudgedCheck], posterior: Posterior, scale: float = 1.0
) -> tuple[Flags, Flags]:
    """Return which checks are present and which emerging, as checks x draws."""
    low = scale * np.array([[check.tolerance.t_lo] for check in checks])
    high = np.array([[check.tolerance.high] for check in checks])
    high = np.minimum(scale * high, np.maximum(high, _HIGHEST))
    present = posterior.is_above(low, PRESENT_FROM) & (posterior.mean >= high)
    return present, posterior.is_above(low, EMERGING_FROM) & ~present


@dataclass(frozen=True)
class _ByOwner:
    """Counts as checks x owners, and of nobody known as checks x 2: records and failures."""

    records: Counts
    defects: Counts
    ownerless: Counts


def _by_owner(checks: Sequence[JudgedCheck]) -> _ByOwner:
    """Arrange the counts of checks by owner; owners without a record take no part.

    Owners come in the order of their counts, not of their ids: renaming them changes nothing.
    """
    known = {c.owner_id for check in checks for c in check.counts if c.n_eligible}
    ids = sorted(owner for owner in known if owner is not None)
    column = {owner: number for number, owner in enumerate(ids)}
    records = np.zeros((len(checks), len(ids)))
    defects = np.zeros_like(records)
    ownerless = np.zeros((len(checks), 2))
    for row, check in enumerate(checks):
        for count in check.counts:
            if count.owner_id is None:
                ownerless[row] += (count.n_eligible, count.k_defect)
            elif count.n_eligible:
                records[row, column[count.owner_id]] += count.n_eligible
                defects[row, column[count.owner_id]] += count.k_defect
    order = np.lexsort(np.vstack([defects, records])) if checks else np.arange(0)
    return _ByOwner(records[:, order], defects[:, order], ownerless)
