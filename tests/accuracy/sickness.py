"""What can be planted in each family of each signal, at three times what is tolerated.

Tolerances are those of the specification: ``max(3 x tolerance, 0.30)`` of the records, or half of
the reps for habits of people.
"""

from __future__ import annotations

import numpy as np

from tests.worlds.plan import Planted

#: Signal number, family, and the habits that make it fail.
SICK: dict[int, dict[str, tuple[Planted, ...]]] = {
    1: {
        "completeness": (
            Planted("lost-deal-without-reason", 0.30),
            Planted("open-deal-without-amount", 0.30),
            Planted("contact-without-email-or-phone", 0.30),
        ),
        "staleness": (
            Planted("zombie-deal", 0.30),
            Planted("open-deal-past-close-date", 0.30),
            Planted("open-deal-without-next-step", 0.60),
        ),
        "validity": (Planted("invalid-email", 0.30), Planted("invalid-phone", 0.30)),
        "integrity": (Planted("deal-without-account", 0.30), Planted("duplicate-account", 0.30)),
        "timeliness": (Planted("late-logged-activity", 0.60), Planted("deal-born-late", 0.30)),
    },
    2: {
        "fields": (Planted("field-completion-spread"), Planted("private-field")),
        "stages": (Planted("stage-dialect"), Planted("backward-stage-move", 0.30)),
        "vocabulary": (Planted("picklist-dump"), Planted("value-variant", 0.30)),
        "amounts": (Planted("amount-convention-spread"), Planted("probability-override-spread")),
        "definitions": (Planted("definition-spread"),),
    },
    3: {
        "unlogged": (
            Planted("won-deal-without-activity", 0.45),
            Planted("deal-created-and-won-same-day", 0.30),
            Planted("stages-typed-at-closing", 0.30),
        ),
        "bursts": (Planted("burst-updates"),),
        "deserts": (Planted("activity-desert"),),
        "pointers": (Planted("pointer-outside-crm", 0.30), Planted("spreadsheet-attachment", 0.30)),
        "side_masters": (Planted("recurring-import"), Planted("proxy-typing")),
    },
    4: {
        "consultation": (Planted("absent-manager", reps=1.0), Planted("user-without-login", 0.30)),
        "forecast": (Planted("forecast-bias", 0.9),),
        "churn": (Planted("serially-pushed-deal", 0.60), Planted("late-amount-change", 0.45)),
        "follow_up": (Planted("overdue-task", 0.60),),
        "ritual": (Planted("missing-review-ritual"),),
    },
}


#: Round amounts may come from a price list.
EMERGING_AT_MOST = frozenset(["amount-convention-spread"])


def two_families(signal: int, seed: int) -> tuple[Planted, ...]:
    """Return one habit in each of two families of a signal, drawn by a seed.

    Habits that are emerging at most, however many have them, are left out: they are no failure by
    themselves.
    """
    rng = np.random.default_rng([seed, signal])
    families = rng.choice(sorted(SICK[signal]), 2, replace=False)
    whole = [
        tuple(one for one in SICK[signal][family] if one.habit not in EMERGING_AT_MOST)
        for family in families
    ]
    return tuple(_one(rng, habits) for habits in whole)


def all_families(signal: int, seed: int) -> tuple[Planted, ...]:
    """Return one habit in every family of a signal."""
    rng = np.random.default_rng([seed, signal, 1])
    return tuple(_one(rng, habits) for _, habits in sorted(SICK[signal].items()))


def _one(rng: np.random.Generator, habits: tuple[Planted, ...]) -> Planted:
    return habits[int(rng.integers(len(habits)))]
