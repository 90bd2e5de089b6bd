"""What a habit of some people means for all: a few are a hint, a third of them a way of working."""

from __future__ import annotations

from collections.abc import Collection

from checks.measurement import OwnerCount, Ruling
from checks.measures.comparing import FEWEST_RECORDS, FEWEST_REPS, FIRM_REPS
from checks.results import State

#: From so many people, and this share of all, it is no longer a matter of single people.
_MANY, _MANY_SHARE = 3, 1 / 3
#: P(beyond what is tolerated) for the verdict: people who stand out were told from chance at
#: one in a hundred, but what a few do may be no matter of the system.
_SURE, _OPEN, _NONE = 0.99, 0.80, 0.05


def rule_people(reps: int, differing: int) -> Ruling:
    """Return the ruling on a habit that some people have.

    Two of eight or three of twelve are emerging: it takes three people and a third of all.

    Args:
        reps: People who could be compared.
        differing: Those of them who have the habit beyond chance.
    """
    share = differing / max(1, reps)
    if reps < FEWEST_REPS or (reps < FIRM_REPS and not differing):
        facts = {"reps": reps, "needed": FIRM_REPS, "records": FEWEST_RECORDS}
        return Ruling(State.INCONCLUSIVE, None, reason="too_few_reps", reason_facts=facts)
    if differing >= _MANY and share >= _MANY_SHARE and reps >= FIRM_REPS:
        return Ruling(State.PRESENT, min(1.0, 0.5 + share - _MANY_SHARE), _SURE)
    if differing:
        return Ruling(State.EMERGING, min(0.45, share), _OPEN)
    return Ruling(State.ABSENT, 0.0, _NONE)


def count_people(
    compared: Collection[str], differing: Collection[str], *, anybody: bool
) -> tuple[OwnerCount, ...]:
    """Return each person once, as examined, and as failed where he or she has the habit.

    Args:
        compared: People with enough records.
        differing: Those of them who have the habit.
        anybody: Whether there is anybody at all: then too few records is no empty table.
    """
    if not compared:
        return (OwnerCount(None, 1, 0),) if anybody else ()
    return tuple(OwnerCount(rep, 1, int(rep in differing)) for rep in sorted(compared))
