"""How differently two people spread their records over the same answers.

The Jensen-Shannon divergence in bits: 0 where the shares are the same, 1 where they have nothing
in common (Lin, IEEE Trans. Inf. Theory 37, 1991). Counted on few records it is always above
zero, so what chance alone would show is drawn, within strata of like work, and taken off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from checks.statistics.significance import tail

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_DRAWS = 299


@dataclass(frozen=True)
class Difference:
    """How far one rep is from the others.

    Attributes:
        bits: Divergence beyond what chance shows; may be below zero.
        p: P(a rep who does not differ shows as much or more).
    """

    bits: float
    p: float


def entropy(counts: Floats | Ints) -> Floats:
    """Return the entropy in bits of counts along the last axis, as they are."""
    counts = np.asarray(counts, dtype=np.float64)
    share = counts / np.maximum(counts.sum(axis=-1, keepdims=True), 1e-300)
    return np.asarray(-(share * np.log2(np.where(share > 0, share, 1))).sum(axis=-1))


def corrected_entropy(counts: Floats | Ints) -> Floats:
    """Return the entropy in bits, its bias on few records taken off (Miller and Madow, 1955)."""
    counts = np.asarray(counts, dtype=np.float64)
    seen = (counts > 0).sum(axis=-1)
    total = np.maximum(counts.sum(axis=-1), 1)
    return np.asarray(entropy(counts) + np.maximum(seen - 1, 0) / (2 * total * np.log(2)))


def divergence(one: Floats | Ints, other: Floats | Ints) -> Floats:
    """Return the Jensen-Shannon divergence in bits of two counts along the last axis."""
    p, q = (_shares(counts) for counts in (one, other))
    return np.asarray(entropy((p + q) / 2) - (entropy(p) + entropy(q)) / 2)


def from_the_others(own: Ints, everybody: Ints, seed: int, parts: Ints | None = None) -> Difference:
    """Compare one rep with the others who do like work.

    Args:
        own: The rep's records, as strata x answers.
        everybody: Records of everybody, the rep's included, of the same shape.
        seed: Seed of the draws.
        parts: What each answer is made of, as answers x parts, where these are compared: a
            deal's way through the stages is drawn as a whole, its visits are compared.
    """
    shared = (own.sum(axis=1) > 0) & (everybody.sum(axis=1) > own.sum(axis=1))
    own, everybody = own[shared], everybody[shared]
    if not len(own):
        return Difference(0.0, 1.0)
    rng = np.random.default_rng(seed)
    mine = own.sum(axis=1)
    drawn = np.stack(
        [
            rng.multivariate_hypergeometric(answers, records, size=_DRAWS)
            for answers, records in zip(everybody, mine, strict=True)
        ],
        axis=1,
    )
    observed = float(_apart(own, everybody, parts))
    chance = _apart(drawn, everybody, parts)
    return Difference(observed - float(chance.mean()), tail(observed, chance))


def _apart(own: Ints, everybody: Ints, parts: Ints | None) -> Floats:
    """Divergence from the others, these weighted as the rep's work lies over the strata."""
    others = _shares(everybody - own)
    weight = own.sum(axis=-1, keepdims=True)
    mine, theirs = own.sum(axis=-2).astype(np.float64), (others * weight).sum(axis=-2)
    if parts is not None:
        mine, theirs = (np.einsum("...a,ap->...p", one, parts) for one in (mine, theirs))
    return divergence(mine, theirs)


def _shares(counts: Floats | Ints) -> Floats:
    counts = np.asarray(counts, dtype=np.float64)
    return np.asarray(counts / np.maximum(counts.sum(axis=-1, keepdims=True), 1e-300))
