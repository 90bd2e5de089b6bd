"""Technical causes: records that carry one level fail far more often than all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from checks.judgement.causes.finding import Finding
from checks.judgement.causes.part import Hit, Part, part_of
from checks.judgement.stats import independent_posterior

if TYPE_CHECKING:
    from checks.judgement.causes.finding import Counts

#: Fewest records with a level, and without it; and fewest of one person that count.
_FEWEST_OF_LEVEL = 15
_FEWEST_OF_PERSON = 3
#: P(rate above tolerance) of a level that is called bad; P(rate within tolerance) of a rest that
#: is called healthy.
_BAD_LEVEL = 0.975
_HEALTHY_REST = 0.80
#: How many times the rate of the rest a level must have; and where the rest is bad too.
_TIMES_THE_REST = 3.0
_TIMES_A_BAD_REST = 1.5
#: Standard errors by which a level must exceed a rest that is bad too: many levels are tried.
_BEYOND_CHANCE = 4.0
#: Share of the people in whom a level must show.
_SHOWS_IN = 0.60


def of_technical_process(finding: Finding) -> Hit | None:
    """Find the level whose records fail far more often than all others, whoever owns them."""
    n_in, k_in = finding.records @ finding.carries, finding.defects @ finding.carries
    found = [
        (part, finding.carries[:, level][None, :])
        for level in _suspects(finding, n_in.sum(axis=0), k_in.sum(axis=0))
        if (part := _of_level(finding, int(level), n_in[:, level], k_in[:, level])) is not None
    ]
    return max(found, key=lambda hit: hit[0].excess, default=None)


def _suspects(finding: Finding, n: Counts, k: Counts) -> Counts:
    """Return the levels with enough records inside and outside, and a higher rate inside."""
    others, failed = finding.records_of.sum() - n, finding.defects_of.sum() - k
    enough = np.minimum(n, others) >= _FEWEST_OF_LEVEL
    times = k / np.maximum(n, 1) / np.maximum(failed / np.maximum(others, 1), 0.01)
    return np.flatnonzero(enough & (times >= _TIMES_A_BAD_REST))


def _of_level(finding: Finding, level: int, n_in: Counts, k_in: Counts) -> Part | None:
    inside = finding.carries[:, level]
    n_out, k_out = finding.records_of - n_in, finding.defects_of - k_in
    n, k, others, failed = (int(counts.sum()) for counts in (n_in, k_in, n_out, k_out))
    times, elsewhere = k / n / max(failed / others, 0.01), failed / others
    rest = independent_posterior(failed, others)
    healthy = bool(rest.is_within(finding.tolerated, _HEALTHY_REST))
    if (
        (healthy and times < _TIMES_THE_REST)
        or not independent_posterior(k, n).is_above(finding.tolerated, _BAD_LEVEL)
        or not (
            _whoever_owns_them(finding, level, (n_in, k_in), (n_out, k_out))
            or _without_the_worst(finding.tolerated, (n_in, k_in), (n_out, k_out))
        )
        or not (healthy or _stands_out((n_in, k_in), (n_out, k_out)))
    ):
        return None
    usual = finding.tolerated if healthy else max(finding.tolerated, elsewhere)
    return part_of(
        "technical", finding.kept(inside[None, :]), np.flatnonzero(n_in), usual, level=level
    )


def _whoever_owns_them(
    finding: Finding, level: int, inside: tuple[Counts, Counts], outside: tuple[Counts, Counts]
) -> bool:
    """Return whether a level shows in most people who own such records.

    Where people own records with and without the level, their own difference decides: a level
    that only one team uses is told from that team. Where nobody owns both, only a level that
    names a process by itself is taken for a cause.
    """
    (n_in, k_in), (n_out, k_out) = inside, outside
    asked = n_in >= _FEWEST_OF_PERSON
    above = k_in > finding.tolerated * n_in
    if asked.sum() < 2 or above[asked].mean() < _SHOWS_IN:
        return False
    both = asked & (n_out >= _FEWEST_OF_PERSON)
    if both.sum() < 2:
        return finding.levels[level].is_process
    worse = k_in[both] * n_out[both] > k_out[both] * n_in[both]
    return bool(worse.mean() >= _SHOWS_IN)


def _without_the_worst(
    tolerated: float, inside: tuple[Counts, Counts], outside: tuple[Counts, Counts]
) -> bool:
    """Return whether a level is bad without the quarter of its owners who have most of it.

    Where everybody owns a record or two of a level, no rate of a single person says anything;
    all of them together do.
    """
    n_in, k_in = inside
    owners = int((n_in > 0).sum())
    rest = np.argsort(-k_in, kind="stable")[max(1, owners // 4) :]
    n, k = int(n_in[rest].sum()), int(k_in[rest].sum())
    return (
        int((k_in[rest] > 0).sum()) >= _FEWEST_OF_PERSON
        and bool(independent_posterior(k, n).is_above(tolerated, _BAD_LEVEL))
        and _stands_out(inside, outside)
    )


def _stands_out(inside: tuple[Counts, Counts], outside: tuple[Counts, Counts]) -> bool:
    """Return whether a level is worse than a rest that is bad too, person by person.

    The test of Mantel and Haenszel (1959), people being the strata: who owns many records of
    the level, and fails often anyway, is no proof against it.
    """
    (n_in, k_in), (n_out, k_out) = inside, outside
    n, k = n_in + n_out, k_in + k_out
    expected = n_in * k / np.maximum(n, 1)
    variance = n_in * n_out * k * (n - k) / (np.maximum(n, 1) ** 2 * np.maximum(n - 1, 1))
    excess, spread = float((k_in - expected).sum()), float(variance.sum())
    return bool(spread > 0 and excess >= _BEYOND_CHANCE * np.sqrt(spread))
