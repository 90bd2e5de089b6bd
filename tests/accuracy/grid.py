"""The grid of worlds, and what each part of it is held to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from tests.accuracy.sickness import SICK, all_families, two_families
from tests.worlds.adapters.masks import NOTHING, Mask, level
from tests.worlds.plan import Cause, Plan, Planted, borderline, healthy

#: Reps and deals of healthy and borderline worlds, in turn.
SIZES = ((3, 60), (5, 150), (8, 400), (20, 2_000), (60, 6_000))


@dataclass(frozen=True)
class Case:
    """One world to audit.

    Attributes:
        part: Part of the page that it belongs to.
        row: Row there.
        plan: The world.
        signals: Signals that were planted.
        cause: The planted cause, where one habit was planted.
        mask: What is left out.
    """

    part: str
    row: str
    plan: Plan
    signals: frozenset[int] = frozenset()
    cause: Cause | None = None
    mask: Mask = NOTHING


def well_kept(worlds: int) -> Iterator[Case]:
    """Healthy worlds of all sizes, in both languages."""
    for seed in range(worlds):
        yield Case("healthy", "healthy", _sized(healthy(1_000 + seed), seed))


def just_tolerable(worlds: int) -> Iterator[Case]:
    """Worlds in which every habit is just tolerable."""
    for seed in range(worlds):
        yield Case("borderline", "borderline", _sized(borderline(2_000 + seed), seed))


def planted_in_two_families(worlds: int) -> Iterator[Case]:
    """Each signal alone, each pair, all four: two families a signal, 20 reps, 2,000 deals."""
    for signals in _subsets():
        for seed in range(worlds):
            plan = healthy(3_000 + seed, language=("fr", "en")[seed % 2])
            for signal in signals:
                plan = plan.planting(*two_families(signal, seed))
            yield Case("found", _row(signals), plan, frozenset(signals))


def systemic(worlds: int, sizes: tuple[tuple[int, int], ...] = ((8, 480),)) -> Iterator[Case]:
    """Two signals, or all four, planted in every family of theirs."""
    for reps, deals in sizes:
        for signals in _subsets():
            if len(signals) not in (2, 4):
                continue
            for seed in range(worlds):
                plan = healthy(4_000 + seed, reps=reps, deals=deals)
                for signal in signals:
                    plan = plan.planting(*all_families(signal, seed))
                row = f"{reps} reps, {deals:,} deals: {_row(signals)}"
                yield Case("systemic", row, plan, frozenset(signals))


def small_companies(worlds: int) -> Iterator[Case]:
    """All four signals in every family, in companies of a few reps."""
    for reps, deals in ((3, 120), (5, 200), (8, 240), (8, 480), (12, 1_000), (20, 2_000)):
        for seed in range(worlds):
            plan = healthy(5_000 + seed, reps=reps, deals=deals)
            for signal in range(1, 5):
                plan = plan.planting(*all_families(signal, seed))
            row = f"{reps} reps, {deals:,} deals"
            yield Case("power", row, plan, frozenset({1, 2, 3, 4}))


def one_cause(worlds: int) -> Iterator[Case]:
    """One habit with one cause: 8 reps with about 40 records each."""
    habit = "deal-without-account"
    strengths = {
        Cause.SYSTEMIC: 0.35,
        Cause.TEAM: 0.60,
        Cause.INDIVIDUAL: 0.60,
        Cause.TECHNICAL: 0.75,
    }
    for cause, rate in strengths.items():
        for seed in range(worlds):
            plan = healthy(6_000 + seed, reps=8, deals=600)
            plan = plan.planting(Planted(habit, rate, cause))
            yield Case("causes", cause.value, plan, cause=cause)


def masked(worlds: int) -> Iterator[Case]:
    """A sick and a healthy world at each level of observability."""
    for number in range(5):
        for seed in range(worlds):
            plan = healthy(7_000 + seed, reps=12, deals=1_000)
            yield Case("masked", f"L{number}, healthy", plan, mask=level(number))
            for signal in range(1, 5):
                plan = plan.planting(*all_families(signal, seed))
            everything = frozenset({1, 2, 3, 4})
            row = f"L{number}, all four signals"
            yield Case("masked", row, plan, everything, mask=level(number))


def for_records(worlds: int) -> Iterator[Case]:
    """Worlds with everything planted that one signal can have, for the record level."""
    for signal in range(1, 5):
        for seed in range(worlds):
            plan = healthy(8_000 + seed, language=("fr", "en")[seed % 2], reps=12, deals=1_500)
            yield Case("records", f"signal {signal}", plan.planting(*_everything(signal, seed)))


#: A customer's record suffers one of these at most: each has its part where all are planted.
_OF_CUSTOMERS = frozenset(
    ["contact-without-email-or-phone", "contact-without-account", "invalid-email", "invalid-phone",
     "junk-in-contacts", "obsolete-contact", "duplicate-contact", "junk-in-accounts",
     "duplicate-account", "invalid-company-id", "junk-in-leads", "lead-untouched",
     "duplicate-lead"]
)  # fmt: skip
_PART = 0.12


def _everything(signal: int, seed: int) -> tuple[Planted, ...]:
    habits = [habit for family in SICK[signal].values() for habit in family]
    more = {
        1: ("junk-in-deals", "junk-in-contacts", "junk-in-accounts", "junk-in-leads",
            "duplicate-contact", "duplicate-deal", "duplicate-lead", "invalid-company-id",
            "obsolete-contact", "lead-untouched", "contact-without-account",
            "activity-without-parent", "never-touched-deal", "won-deal-without-amount"),
        2: ("skipped-stage",),
        3: ("won-account-without-reachable-contact",),
        4: ("manual-forecast-override", "unread-report"),
    }  # fmt: skip
    whole = (*habits, *(Planted(habit, 0.30) for habit in more[signal]))
    return tuple(replace(one, rate=_PART) if one.habit in _OF_CUSTOMERS else one for one in whole)


def _sized(plan: Plan, seed: int) -> Plan:
    reps, deals = SIZES[seed % len(SIZES)]
    return replace(plan, reps=reps, deals=deals, language=("fr", "en")[seed // len(SIZES) % 2])


def _subsets() -> list[tuple[int, ...]]:
    alone = [(signal,) for signal in range(1, 5)]
    return [*alone, *combinations(range(1, 5), 2), (1, 2, 3, 4)]


def _row(signals: tuple[int, ...]) -> str:
    if len(signals) == 4:
        return "all four"
    return "signal " + " and ".join(str(signal) for signal in signals)
