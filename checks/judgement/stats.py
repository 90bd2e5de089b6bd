"""Rates of records that belong to people: the clustered posterior of a rate.

Records of one owner resemble each other, so a thousand records of five owners say less than a
thousand independent ones. The intraclass correlation measures how much they resemble each
other, and the posterior counts fewer records accordingly.

Everything works on sums over owners, as single numbers or as arrays of any shape, so that one
formula serves an audit and its bootstrap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from checks.measurement import OwnerCount

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]

#: Records of one owner are taken to resemble each other at least this much: with few owners
#: the estimate is biased towards zero.
LOWEST_CORRELATION = 0.05

#: Below this many owners nothing can be said about differences between them.
FEWEST_OWNERS = 3


#: From so many rates on, their integrals take longer than what can spare most of them.
_MANY_RATES = 8


@dataclass(frozen=True)
class OwnerSums:
    """Sums over owners, enough for the correlation and the posterior; all of one shape.

    Attributes:
        records: Records examined, those without a known owner included.
        defects: Records that failed, those without a known owner included.
        owners: Known owners with at least one record.
        owned: Records examined whose owner is known.
        owned_defects: Records that failed whose owner is known.
        squares: Sum over owners of the squared number of records.
        concentration: Sum over owners of squared defects over records.
    """

    records: Array
    defects: Array
    owners: Array
    owned: Array
    owned_defects: Array
    squares: Array
    concentration: Array


@dataclass(frozen=True)
class Posterior:
    """Beta distributions of rates, given what was counted.

    Attributes:
        alpha: First parameter, effective defects plus one half.
        beta: Second parameter, effective healthy records plus one half.
    """

    alpha: Array
    beta: Array

    @property
    def mean(self) -> Array:
        """Expected rate."""
        return self.alpha / (self.alpha + self.beta)

    def above(self, rate: float | Array) -> Array:
        """Return P(the true rate > ``rate``)."""
        from scipy.special import betaincc

        return np.asarray(betaincc(self.alpha, self.beta, rate), dtype=np.float64)

    def is_above(self, rate: float | Array, sure: float) -> Flags:
        """Return whether P(the true rate > ``rate``) ≥ ``sure``, without working out what it is.

        Of many rates, how many standard deviations ``rate`` lies away settles most: beyond these
        bounds Cantelli's inequality holds for any distribution, and spares the integral.
        """
        from scipy.special import betaincc

        alpha, beta, rate = np.broadcast_arrays(*np.atleast_1d(self.alpha, self.beta, rate))
        if alpha.size < _MANY_RATES:
            return np.asarray(betaincc(alpha, beta, rate) >= sure)
        both = alpha + beta
        away = (alpha / both - rate) / np.sqrt(alpha * beta / (both**2 * (both + 1)))
        is_above = away >= np.sqrt(sure / (1 - sure))
        close = ~is_above & (away >= -np.sqrt((1 - sure) / sure))
        is_above[close] = betaincc(alpha[close], beta[close], rate[close]) >= sure
        return np.asarray(is_above)

    def is_within(self, rate: float | Array, sure: float) -> Flags:
        """Return whether P(the true rate ≤ ``rate``) ≥ ``sure``."""
        return Posterior(self.beta, self.alpha).is_above(1 - rate, sure)

    def interval(self, level: float = 0.95) -> tuple[Array, Array]:
        """Return both ends of the equal-tailed interval that holds ``level`` of the mass."""
        from scipy.special import betaincinv

        tail = (1 - level) / 2
        ends = (betaincinv(self.alpha, self.beta, q) for q in (tail, 1 - tail))
        low, high = (np.asarray(end, dtype=np.float64) for end in ends)
        return low, high


def independent_posterior(defects: Array | int, records: Array | int) -> Posterior:
    """Return the posterior of a rate of independent records under Jeffreys' prior."""
    failed = np.asarray(defects)
    return Posterior(alpha=failed + 0.5, beta=np.asarray(records) - failed + 0.5)


def owner_sums(counts: Sequence[OwnerCount]) -> OwnerSums:
    """Add up the counts of one check.

    Args:
        counts: Records examined and failed by owner; an owner of None is nobody known.
    """
    known = [(c.n_eligible, c.k_defect) for c in counts if c.owner_id is not None and c.n_eligible]
    n, k = np.array(known, dtype=np.float64).reshape(-1, 2).T
    return OwnerSums(
        records=np.asarray(float(sum(c.n_eligible for c in counts))),
        defects=np.asarray(float(sum(c.k_defect for c in counts))),
        owners=np.asarray(float(len(known))),
        owned=n.sum(),
        owned_defects=k.sum(),
        squares=(n**2).sum(),
        concentration=(k**2 / n).sum(),
    )


def intraclass_correlation(sums: OwnerSums) -> Array:
    """Estimate how much records of one owner resemble each other; 0 is not at all.

    The one-way analysis-of-variance estimator for binary data (Fleiss, Statistical Methods for
    Rates and Proportions; Ridout, Demétrio and Firth, Biometrics 55, 1999). Below zero, it is
    chance or owners more alike than chance allows.

    Returns:
        The estimate, at most 1; 0 where it is not defined (one owner, no record, no variance).
    """
    owners = np.maximum(sums.owners, 2)
    records = np.maximum(sums.owned, 1)
    between = sums.concentration - sums.owned_defects**2 / records
    between = np.maximum(between, 0) / (owners - 1)
    within = (sums.owned_defects - sums.concentration) / np.maximum(records - owners, 1)
    typical = (records - sums.squares / records) / (owners - 1)
    spread = between + (typical - 1) * within
    defined = (sums.owners >= 2) & (spread > 1e-12)
    return np.where(defined, (between - within) / np.where(defined, spread, 1), 0.0)


def effective_records(sums: OwnerSums) -> Array:
    """Return how many independent records would say as much as these.

    ``n / (1 + (m - 1) rho)``, Kish's design effect, with ``m`` the mean number of records per
    owner. Below three owners ``m`` is 1: the interval then ignores differences between people.
    """
    mean = np.where(sums.owners >= FEWEST_OWNERS, sums.owned / np.maximum(sums.owners, 1), 1.0)
    correlation = np.clip(intraclass_correlation(sums), LOWEST_CORRELATION, 1.0)
    return sums.records / (1 + (mean - 1) * correlation)


def clustered_posterior(sums: OwnerSums) -> Posterior:
    """Return the posterior of the rate under Jeffreys' prior, Beta(1/2, 1/2)."""
    effective = effective_records(sums)
    rate = sums.defects / np.maximum(sums.records, 1)
    return Posterior(alpha=effective * rate + 0.5, beta=effective * (1 - rate) + 0.5)
