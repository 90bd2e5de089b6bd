"""Do reps differ, once they are compared on like work? An exact test and how far they differ.

Records are told apart by strata of like work. In each stratum the number of successes is taken
as given; if people do not differ, these fall on the reps as balls drawn from one urn do. The
statistic sums the squared differences between what each rep has and what like work makes
expected, each over its variance in that urn.

How far the true rates of reps lie apart (``sd``, between 0 and 0.5) is the moment estimator of
a random-effects model (DerSimonian and Laird, Controlled Clinical Trials 7, 1986), written for
stratified counts; its bounds come from inverting the same test under beta-binomial reps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from checks.statistics.significance import tail

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

#: Draws under the null, and under a given spread.
DRAWS, SPREAD_DRAWS = 999, 400
#: So many draws do where this share of them is beyond what was observed: chance explains it.
_FIRST_DRAWS, _CLEARLY_CHANCE = 199, 0.10
#: From this variance of every rep's count on, counts are as good as normal.
_NORMAL_FROM = 9.0
_BISECTIONS = 12
#: Added to a covariance that has directions without any variance, before its root is taken.
_RIDGE = 1e-9
#: Among more reps, what one takes from the expectation of the others no longer matters.
_MANY = 30
#: Where hardly a drawn team has the rate observed, all drawn teams count.
_FEWEST_ALIKE = 40


@dataclass(frozen=True)
class Counts:
    """Records and successes, as strata x reps of whole numbers.

    Attributes:
        n: Records.
        k: Successes among them.
    """

    n: Ints
    k: Ints

    def of(self, reps: NDArray[np.bool_] | Ints) -> Counts:
        """Return the counts of some reps alone, in the order given."""
        return Counts(self.n[:, reps], self.k[:, reps])

    def order(self) -> Ints:
        """Return the reps in the order of their counts, so that their names change no draw."""
        return np.lexsort(np.vstack([*self.k, *self.n, self.k.sum(axis=0), self.n.sum(axis=0)]))


@dataclass(frozen=True)
class Spread:
    """How far the rates of reps lie apart.

    Attributes:
        counts: What was compared.
        seed: Seed of every draw.
    """

    counts: Counts
    seed: int

    @cached_property
    def expected(self) -> Floats:
        """Successes of each rep if like work had like rates."""
        return np.asarray((self.counts.n * self._rates[:, None]).sum(axis=0))

    @cached_property
    def rate(self) -> float:
        """Rate of all reps together."""
        return float(self.counts.k.sum() / max(1, self.counts.n.sum()))

    @cached_property
    def comparable(self) -> NDArray[np.bool_]:
        """Reps who share work with others, on which outcomes differ."""
        return np.asarray(self._variance > 1e-9)

    @cached_property
    def statistic(self) -> float:
        """Sum over comparable reps of squared differences over their variance."""
        own = self.comparable
        difference = (self.counts.k.sum(axis=0) - self.expected)[own]
        return float((difference**2 / self._variance[own]).sum())

    @cached_property
    def p(self) -> float:
        """P(reps who do not differ show as much or more)."""
        if self.comparable.sum() < 2:
            return 1.0
        if self._is_normal:
            return tail(self.statistic, self._null)
        first = self._drawn(_FIRST_DRAWS)
        if (first >= self.statistic - 1e-9).sum() > _CLEARLY_CHANCE * _FIRST_DRAWS:
            return tail(self.statistic, first)
        return tail(self.statistic, self._null)

    @cached_property
    def sd(self) -> float:
        """Standard deviation, between reps, of the true rate; 0 where chance explains all."""
        if self.comparable.sum() < 2:
            return 0.0
        excess = self.statistic - self.comparable.sum()
        return float(min(self._widest, np.sqrt(max(0.0, excess / self._leverage))))

    def beyond(self, sd: float) -> float:
        """Return how surely reps differ by more: P(statistic at most this one) under ``sd``.

        Rates around a mean near 0 or 1 cannot lie far apart.
        """
        if self.comparable.sum() < 2 or sd >= self._widest:
            return 0.0
        return self._reached(sd)

    def bounds(self, tail_mass: float = 0.05) -> tuple[float, float]:
        """Return the least and the greatest spread that the observed one does not contradict."""
        if self.comparable.sum() < 2:
            return 0.0, self._widest
        low = self._largest(lambda sd: self._reached(sd) >= 1 - tail_mass)
        high = self._largest(lambda sd: self._reached(sd) >= tail_mass)
        return low, high

    def redrawn(self) -> Floats:
        """Return the spreads that would be estimated if the estimate were true, drawn."""
        if self.comparable.sum() < 2:
            return np.zeros(SPREAD_DRAWS)
        excess = self._under(self.sd) - self.comparable.sum()
        return np.asarray(np.sqrt(np.maximum(0.0, excess / self._leverage)))

    def detectable(self, power: float = 0.80, alpha: float = 0.01) -> float | None:
        """Return the smallest spread that the test finds with that power; None if none is."""
        if self.comparable.sum() < 2:
            return None
        critical = float(np.quantile(self._null, 1 - alpha))
        found = self._largest(lambda sd: (self._under(sd) > critical).mean() < power)
        return found if found < 0.98 * self._widest else None

    @cached_property
    def _rates(self) -> Floats:
        return np.asarray(self.counts.k.sum(axis=1) / np.maximum(1, self.counts.n.sum(axis=1)))

    @cached_property
    def _certain(self) -> Floats:
        """Successes of each rep in strata where everything succeeds."""
        everything = self._rates >= 1
        return np.asarray(self.counts.k[everything].sum(axis=0))

    @cached_property
    def _urn(self) -> Floats:
        """Variance of one draw of each stratum's urn, its finite size allowed for."""
        size = self.counts.n.sum(axis=1)
        rates = self._rates
        return np.asarray(rates * (1 - rates) * size / np.maximum(1, size - 1))

    @cached_property
    def _variance(self) -> Floats:
        n = self.counts.n.astype(np.float64)
        size = np.maximum(1, n.sum(axis=1, keepdims=True))
        return np.asarray((self._urn[:, None] * n * (1 - n / size)).sum(axis=0))

    @cached_property
    def _mixing(self) -> Floats:
        """What a rep's own difference adds to every rep's distance from the expected."""
        n = self.counts.n[:, self.comparable].astype(np.float64)
        size = np.maximum(1, self.counts.n.sum(axis=1, keepdims=True))
        return np.asarray(np.diag(n.sum(axis=0)) - np.einsum("hr,hs->rs", n / size, n))

    @cached_property
    def _leverage(self) -> float:
        """How much the statistic grows with the squared spread."""
        return float(((self._mixing**2).sum(axis=1) / self._variance[self.comparable]).sum())

    @cached_property
    def _covariance(self) -> Floats:
        """Covariance of the standardised differences of comparable reps who do not differ."""
        n = self.counts.n[:, self.comparable].astype(np.float64)
        size = np.maximum(1, self.counts.n.sum(axis=1, keepdims=True))
        weighted = self._urn[:, None] * n
        covariance = np.diag(weighted.sum(axis=0)) - np.einsum("hr,hs->rs", weighted / size, n)
        return np.asarray(covariance / np.outer(self._scale, self._scale))

    @cached_property
    def _scale(self) -> Floats:
        return np.asarray(np.sqrt(self._variance[self.comparable]))

    @cached_property
    def _widest(self) -> float:
        """The largest spread that rates around this mean can have."""
        mean = min(max(self.rate, 0.005), 0.995)
        return float(0.999 * np.sqrt(mean * (1 - mean)))

    @property
    def _is_normal(self) -> bool:
        return bool(self._variance[self.comparable].min() >= _NORMAL_FROM)

    @cached_property
    def _null(self) -> Floats:
        return self._drawn(DRAWS)

    def _drawn(self, draws: int) -> Floats:
        """Return the statistic of reps who do not differ, drawn."""
        rng = np.random.default_rng(self.seed)
        own = self.comparable
        if self._is_normal:
            # A sum of squares of normal values: as good as a gamma of the same moments.
            variance = 2 * float((self._covariance**2).sum())
            mean = float(own.sum())
            return rng.gamma(mean**2 / variance, variance / mean, draws)
        drawn = np.zeros((draws, self.counts.n.shape[1]))
        expected = self.expected - self._certain
        for n, k in zip(self.counts.n, self.counts.k.sum(axis=1), strict=True):
            if 0 < k < n.sum():
                drawn += rng.multivariate_hypergeometric(n, k, size=draws)
        difference = (drawn - expected)[:, own]
        return np.asarray((difference**2 / self._variance[own]).sum(axis=1))

    def _reached(self, sd: float) -> float:
        return float((self._under(sd) <= self.statistic + 1e-9).mean())

    def _under(self, sd: float) -> Floats:
        """The statistic of reps whose true rates lie ``sd`` apart, drawn."""
        rng = np.random.default_rng(self.seed + 1)
        mean = min(max(self.rate, 0.005), 0.995)
        sd = min(sd, self._widest)
        left = max(0.0, 1 - sd**2 / (mean * (1 - mean)))
        noise = np.sqrt(left) * self._noise(rng)
        if sd <= 0:
            return np.asarray((noise**2).sum(axis=1))
        rates = self._rates_apart(mean, sd, rng)
        n = self.counts.n[:, self.comparable].astype(np.float64)
        of_stratum = np.einsum("br,hr->bh", rates, n) / np.maximum(1, self.counts.n.sum(axis=1))
        pushed = rates * n.sum(axis=0) - np.einsum("bh,hr->br", of_stratum, n)
        return np.asarray(((pushed / self._scale + noise) ** 2).sum(axis=1))

    def _rates_apart(self, mean: float, sd: float, rng: np.random.Generator) -> Floats:
        """Draw how far reps are from the mean rate, for teams with about the rate observed."""
        n = self.counts.n[:, self.comparable].sum(axis=0)
        size = mean * (1 - mean) / sd**2 - 1
        drawn = rng.beta(mean * size, (1 - mean) * size, (SPREAD_DRAWS, len(n)))
        of_team = np.einsum("br,r->b", drawn, n / n.sum())
        alike = np.abs(of_team - mean) <= 0.5 * min(mean, 1 - mean)
        kept = np.flatnonzero(alike) if alike.sum() >= _FEWEST_ALIKE else np.arange(len(drawn))
        return drawn[np.resize(kept, SPREAD_DRAWS)] - mean

    def _noise(self, rng: np.random.Generator) -> Floats:
        """Draw standardised differences of comparable reps who do not differ."""
        reps = len(self._scale)
        drawn = rng.standard_normal((SPREAD_DRAWS, reps))
        if reps > _MANY:
            return drawn
        root = np.linalg.cholesky(self._covariance + _RIDGE * np.eye(reps))
        return np.asarray(np.einsum("br,sr->bs", drawn, root))

    def _largest(self, holds: Callable[[float], bool]) -> float:
        """Return the largest spread, to a thousandth of the widest, at which ``holds`` is true."""
        low, high = 0.0, self._widest
        if not holds(low):
            return 0.0
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2
            low, high = (middle, high) if holds(middle) else (low, middle)
        return low
