"""Triage of one finding: who, or what, its defects come from.

A rule, tried in this order; the first that fits is taken out, and the rest is tried again
(*peeling*), so that two causes show as two parts:

- **technical**: records that carry one level (an import, a program, a source) fail far more often
  than all others, whoever owns them;
- **team**: most people of some teams exceed what is tolerated, and few of all others;
- **individual**: without the worst few people, at most a quarter, the rest is within tolerance;
- **systemic**: at least half of the people exceed what is tolerated.

Whether a person exceeds it is read from an empirical Bayes posterior (Carlin and Louis, Bayes and
Empirical Bayes Methods for Data Analysis), so few records of one person prove little. Everything
here works on counts, and is pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING

import numpy as np

from checks.cause_results import CauseClass
from checks.judgement.causes.finding import NO_TEAM, Finding
from checks.judgement.stats import OwnerSums, intraclass_correlation

if TYPE_CHECKING:
    from checks.judgement.causes.finding import Counts, Flags, Weights

#: Fewer records or people than these allow no answer.
FEWEST_RECORDS = 60
FEWEST_PEOPLE = 4
#: Fewest records with a level, and without it; and fewest of one person that count.
_FEWEST_OF_LEVEL = 15
_FEWEST_OF_PERSON = 3
#: P(rate above tolerance) of a level, and of a person, that is called bad; P(rate within
#: tolerance) of a rest that is called healthy.
_BAD_LEVEL = 0.975
_BAD_PERSON = 0.80
_HEALTHY_REST = 0.80
#: How many times the rate of the rest a level must have; and where the rest is bad too.
_TIMES_THE_REST = 3.0
_TIMES_A_BAD_REST = 1.5
#: Standard errors by which a level must exceed a rest that is bad too: many levels are tried.
_BEYOND_CHANCE = 4.0
#: Share of the people in whom a level must show; of a bad team, and of any other team.
_SHOWS_IN = 0.60
OF_BAD_TEAM = 0.60
OF_OTHER_TEAMS = 0.34
#: Probability, by chance alone, of as many bad people in a team, at most.
_TEAM_BY_CHANCE = 0.17
#: Share of the people from which a finding is systemic.
SYSTEMIC_FROM = 0.50
#: Share of the excess from which one part names the whole.
_NAMES_THE_WHOLE = 0.60
_MOST_PARTS = 5
#: Limits of the correlation behind the empirical Bayes prior.
_LEAST_LIKE, _MOST_LIKE = 0.005, 0.9


@dataclass(frozen=True)
class Part:
    """What one cause explains of a finding.

    Attributes:
        kind: The cause; ``mixed`` for people above tolerance whom no rule explains.
        excess: Defects beyond what is tolerated.
        money: The same, weighed in money.
        people: People concerned, as positions in the finding.
        level: Position of the level, where the cause is technical.
        teams: Numbers of the teams, where the cause is one.
    """

    kind: CauseClass
    excess: float
    money: float
    people: tuple[int, ...]
    level: int | None = None
    teams: tuple[int, ...] = ()


@dataclass(frozen=True)
class Triage:
    """The cause of a finding, and the parts that it was peeled into, in that order."""

    kind: CauseClass
    parts: tuple[Part, ...] = ()

    def share(self, part: Part) -> float:
        """Return the share of a part in the excess of all."""
        return part.excess / (sum(one.excess for one in self.parts) or 1.0)


def can_be_triaged(finding: Finding) -> bool:
    """Return whether there are enough records and people to ask for a cause."""
    return finding.people >= FEWEST_PEOPLE and int(finding.records.sum()) >= FEWEST_RECORDS


def triage(finding: Finding) -> Triage:
    """Peel a finding into parts and name it by the greatest, or ``mixed`` where none prevails."""
    if not can_be_triaged(finding):
        return Triage("undetermined")
    parts: list[Part] = []
    rest, exceptions = finding, max(1, finding.people // 4)
    while len(parts) < _MOST_PARTS:
        hit = _technical(rest) or _of_people_alone(rest, exceptions)
        if hit is None:
            break
        part, cells = hit
        parts.append(part)
        if part.kind in ("systemic", "mixed"):
            break  # these are everything that was left
        rest = rest.kept(~cells)
        exceptions -= len(part.people) if part.kind == "individual" else 0
    return Triage(_named(parts), tuple(parts))


def _named(parts: list[Part]) -> CauseClass:
    if not parts:
        return "none"
    excess = dict.fromkeys((part.kind for part in parts), 0.0)
    for part in parts:
        excess[part.kind] += part.excess
    greatest = max(excess, key=lambda kind: excess[kind])
    share = excess[greatest] / (sum(excess.values()) or 1.0)
    return greatest if share >= _NAMES_THE_WHOLE else "mixed"


_Hit = tuple[Part, "Flags"]


def _technical(finding: Finding) -> _Hit | None:
    """Find the level whose records fail far more often than all others, whoever owns them."""
    found = [
        (part, finding.carries[:, level][None, :])
        for level in range(len(finding.levels))
        if (part := _of_level(finding, level)) is not None
    ]
    return max(found, key=lambda hit: hit[0].excess, default=None)


def _of_level(finding: Finding, level: int) -> Part | None:
    inside = finding.carries[:, level]
    n_in, k_in = finding.records[:, inside].sum(axis=1), finding.defects[:, inside].sum(axis=1)
    n_out, k_out = finding.records_of - n_in, finding.defects_of - k_in
    n, k, others, failed = (int(counts.sum()) for counts in (n_in, k_in, n_out, k_out))
    if min(n, others) < _FEWEST_OF_LEVEL:
        return None
    times, elsewhere = k / n / max(failed / others, 0.01), failed / others
    if times < _TIMES_A_BAD_REST:
        return None
    healthy = _within(finding.tolerated, failed, others) >= _HEALTHY_REST
    if (
        (healthy and times < _TIMES_THE_REST)
        or _within(finding.tolerated, k, n) > 1 - _BAD_LEVEL
        or not (
            _whoever_owns_them(finding, level, (n_in, k_in), (n_out, k_out))
            or _without_the_worst(finding.tolerated, (n_in, k_in), (n_out, k_out))
        )
        or not (healthy or _stands_out((n_in, k_in), (n_out, k_out)))
    ):
        return None
    usual = finding.tolerated if healthy else max(finding.tolerated, elsewhere)
    return _part(
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
        and float(_within(tolerated, k, n)) <= 1 - _BAD_LEVEL
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


def _of_people_alone(finding: Finding, exceptions: int) -> _Hit | None:
    """Find a cause in who owns the records; ``mixed`` where people exceed and no rule says why."""
    bad = bad_people(finding)
    if not bad.any():
        return None
    return (
        _team(finding, bad)
        or _individual(finding, exceptions)
        or _systemic(finding, bad)
        or _of_people("mixed", finding, bad)
    )


def _team(finding: Finding, bad: Flags) -> _Hit | None:
    """Find teams most of whose people exceed what is tolerated, while few others do."""
    active = finding.records_of > 0
    placed = active & (finding.teams != NO_TEAM)
    if bad.sum() < 2 or not placed.any():
        return None
    names, place, sizes = np.unique(finding.teams[placed], return_inverse=True, return_counts=True)
    rates = np.bincount(place, weights=bad[placed], minlength=len(names)) / sizes
    teams, shares = names[sizes >= 2], rates[sizes >= 2]
    worst = teams[shares >= OF_BAD_TEAM]
    if not len(worst) or len(worst) == len(teams):
        return None
    if shares[shares < OF_BAD_TEAM].max() > OF_OTHER_TEAMS:
        return None
    of_worst = np.isin(finding.teams, worst)
    alone = active & ~np.isin(finding.teams, teams)
    if alone.any() and bad[alone].mean() > OF_OTHER_TEAMS:
        return None
    if not beyond_chance(bad, of_worst & active, active & ~of_worst):
        return None
    cells = of_worst[:, None]
    people = np.flatnonzero(of_worst & bad)
    teams_hit = tuple(int(team) for team in worst)
    return _part("team", finding.kept(cells), people, finding.tolerated, teams=teams_hit), cells


def beyond_chance(bad: Flags, team: Flags, others: Flags) -> bool:
    """Return whether so many bad people in these teams are more than chance would put there.

    Fisher's exact test, one-sided: people drawn by lot often make one team the worse one.
    """
    inside, all_bad = int(team.sum()), int((bad & (team | others)).sum())
    everybody = inside + int(others.sum())
    seen = int((bad & team).sum())
    ways = (
        comb(all_bad, hit) * comb(everybody - all_bad, inside - hit)
        for hit in range(seen, min(inside, all_bad) + 1)
    )
    return sum(ways) <= _TEAM_BY_CHANCE * comb(everybody, inside)


def _individual(finding: Finding, most: int) -> _Hit | None:
    """Find the fewest people, at most so many, without whom the rest is within tolerance."""
    records, defects = finding.records_of, finding.defects_of
    excess = defects - finding.tolerated * records
    order = np.argsort(-excess, kind="stable")
    n = records.sum() - np.cumsum(records[order[:most]])
    k = defects.sum() - np.cumsum(defects[order[:most]])
    healthy = (_within(finding.tolerated, k, n) >= _HEALTHY_REST) & (n > 0)
    if not healthy.any():  # nor where nobody may be an exception any more
        return None
    worst = order[: int(np.argmax(healthy)) + 1]
    return _of_people("individual", finding, np.isin(np.arange(len(records)), worst))


def _systemic(finding: Finding, bad: Flags) -> _Hit | None:
    """Find out whether at least half of the people exceed what is tolerated."""
    active = finding.records_of > 0
    if bad[active].mean() < SYSTEMIC_FROM:
        return None
    return _of_people("systemic", finding, active, bad)


def _of_people(
    kind: CauseClass, finding: Finding, taken: Flags, counted: Flags | None = None
) -> _Hit:
    cells = taken[:, None]
    people = np.flatnonzero(taken if counted is None else taken & counted)
    return _part(kind, finding.kept(cells), people, finding.tolerated), cells


def _part(
    kind: CauseClass,
    finding: Finding,
    people: Counts,
    usual: float,
    *,
    level: int | None = None,
    teams: tuple[int, ...] = (),
) -> Part:
    """Return a part of which everything in ``finding`` belongs.

    Args:
        kind: The cause.
        finding: The records of the part alone.
        people: Positions of the people concerned.
        usual: Rate that would be there without this cause.
        level: Position of the level behind it.
        teams: Numbers of the teams behind it.
    """
    defects = finding.defects_of
    excess = float(np.maximum(0.0, defects - usual * finding.records_of).sum())
    each = float(finding.money.sum()) / max(int(defects.sum()), 1)
    return Part(kind, excess, excess * each, tuple(int(p) for p in people), level, teams)


def bad_people(finding: Finding) -> Flags:
    """Return who exceeds what is tolerated, P ≥ 0.80, each shrunk towards the rate of all."""
    from scipy.special import betaincc

    records, defects = finding.records_of, finding.defects_of
    total = int(records.sum())
    if not total:
        return np.zeros(len(records), dtype=np.bool_)
    correlation = float(np.clip(_likeness(records, defects), _LEAST_LIKE, _MOST_LIKE))
    prior = 1 / correlation - 1
    rate = defects.sum() / total
    alpha = prior * rate + defects + 1e-9
    beta = prior * (1 - rate) + records - defects + 1e-9
    # How many standard deviations a person lies above the tolerance settles most of them: beyond
    # these bounds Cantelli's inequality holds for any distribution, and spares the integral.
    mean, both = alpha / (alpha + beta), alpha + beta
    beyond = (mean - finding.tolerated) / np.sqrt(alpha * beta / (both**2 * (both + 1)))
    bad = beyond >= np.sqrt(_BAD_PERSON / (1 - _BAD_PERSON))
    close = ~bad & (beyond >= -np.sqrt((1 - _BAD_PERSON) / _BAD_PERSON))
    bad[close] = betaincc(alpha[close], beta[close], finding.tolerated) >= _BAD_PERSON
    return np.asarray(bad & (records > 0))


def _likeness(records: Counts, defects: Counts) -> float:
    """Return how much records of one person resemble each other."""
    n, k = records[records > 0].astype(np.float64), defects[records > 0].astype(np.float64)
    sums = OwnerSums(
        records=n.sum(),
        defects=k.sum(),
        owners=np.asarray(float(len(n))),
        owned=n.sum(),
        owned_defects=k.sum(),
        squares=(n**2).sum(),
        concentration=(k**2 / n).sum(),
    )
    return float(intraclass_correlation(sums))


def _within(tolerated: float, defects: Counts | int, records: Counts | int) -> Weights:
    """Return P(true rate ≤ ``tolerated``) under Jeffreys' prior."""
    from scipy.special import betainc

    failed, examined = np.asarray(defects), np.asarray(records)
    return np.asarray(betainc(failed + 0.5, examined - failed + 0.5, tolerated), dtype=np.float64)
