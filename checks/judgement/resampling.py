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
from typing import TYPE_CHECKING

import numpy as np

from checks.judgement.scoring import (
    EMERGING_FROM,
    PRESENT_FROM,
    JudgedCheck,
    JudgedSignal,
    enough_people,
)
from checks.judgement.stats import OwnerSums, Posterior, clustered_posterior
from checks.results import State

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Counts = NDArray[np.float64]
    Flags = NDArray[np.bool_]

DRAWS = 200
BOOTSTRAP_FROM = 5


def probability_of_two(signals: Sequence[JudgedSignal], seed: int) -> float | None:
    """Return P(at least two signals present), or None where no check was observed.

    The same counts give the same number, whatever the owners are called.
    """
    checks = sorted(
        (check for signal in signals for check in signal.checks if check.observed),
        key=lambda check: check.check_id,
    )
    if not checks:
        return None
    counted = [check for check in checks if not check.ruled]
    ruled = [check for check in checks if check.ruled]
    owners = {c.owner_id for check in counted for c in check.counts if c.n_eligible} - {None}
    draw = _resampled_owners if len(owners) >= BOOTSTRAP_FROM else _drawn_rates
    rng = np.random.default_rng(seed)
    drawn = [draw(counted, rng)] if counted else []
    drawn += [_drawn_rulings(ruled, rng)] if ruled else []
    present, emerging = (np.vstack(flags) for flags in zip(*drawn, strict=True))

    rows = {check.check_id: row for row, check in enumerate([*counted, *ruled])}
    signals_present = np.zeros(DRAWS, dtype=np.int64)
    for signal in signals:
        families_present = np.zeros(DRAWS, dtype=np.int64)
        families_emerging = np.zeros(DRAWS, dtype=np.int64)
        for family in signal.families:
            of_family = [rows[c.check_id] for c in family.checks if c.check_id in rows]
            worst = present[of_family].any(axis=0)
            families_present += worst
            families_emerging += emerging[of_family].any(axis=0) & ~worst
        signals_present += (families_present >= 2) | (
            (families_present == 1) & (families_emerging >= 2)
        )
    return float((signals_present >= 2).mean())


def _resampled_owners(
    checks: Sequence[JudgedCheck], rng: np.random.Generator
) -> tuple[Flags, Flags]:
    """Judge every check on owners drawn with replacement; ownerless records stay as they are."""
    records, defects, ownerless = _by_owner(checks)
    owners = records.shape[1]
    drawn = rng.multinomial(owners, np.full(owners, 1 / owners), size=DRAWS)

    def total(values: Counts) -> Counts:
        # einsum adds up in one order on every machine, which a threaded product does not
        return np.asarray(np.einsum("co,do->cd", values, drawn.astype(np.float64)))

    owned, owned_defects = total(records), total(defects)
    everything = owned + ownerless[:, :1]
    posterior = clustered_posterior(
        OwnerSums(
            records=everything,
            defects=owned_defects + ownerless[:, 1:],
            owners=total((records > 0).astype(np.float64)),
            owned=owned,
            owned_defects=owned_defects,
            squares=total(records**2),
            concentration=total(defects**2 / np.maximum(records, 1)),
        )
    )
    enough = everything >= np.array([[check.tolerance.n_min] for check in checks])
    present, emerging = _states(checks, posterior)
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
    is_present = np.array([[check.state == State.PRESENT] for check in checks])
    is_emerging = np.array([[check.state == State.EMERGING] for check in checks])
    present = is_present & (rng.random((len(checks), DRAWS)) < sure)
    return present, (is_present & ~present) | (is_emerging & np.ones_like(present))


def _states(checks: Sequence[JudgedCheck], posterior: Posterior) -> tuple[Flags, Flags]:
    """Return which checks are present and which emerging, as checks x draws."""
    above = posterior.above(np.array([[check.tolerance.t_lo] for check in checks]))
    high = np.array([[check.tolerance.high] for check in checks])
    present = (above >= PRESENT_FROM) & (posterior.mean >= high)
    return present, (above >= EMERGING_FROM) & ~present


def _by_owner(checks: Sequence[JudgedCheck]) -> tuple[Counts, Counts, Counts]:
    """Return records and failures as checks x owners, and both of nobody known as checks x 2.

    Owners come in the order of their counts, not of their ids: renaming them changes nothing.
    """
    ids = sorted({c.owner_id for check in checks for c in check.counts if c.owner_id is not None})
    column = {owner: number for number, owner in enumerate(ids)}
    records = np.zeros((len(checks), len(ids)))
    defects = np.zeros_like(records)
    ownerless = np.zeros((len(checks), 2))
    for row, check in enumerate(checks):
        for count in check.counts:
            if count.owner_id is None:
                ownerless[row] += (count.n_eligible, count.k_defect)
            else:
                records[row, column[count.owner_id]] += count.n_eligible
                defects[row, column[count.owner_id]] += count.k_defect
    order = np.lexsort(np.vstack([defects, records]))
    return records[:, order], defects[:, order], ownerless
