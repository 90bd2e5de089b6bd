"""Deals of eight reps of which some have no amount, and the causes that are found for it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from checks.judgement.causes.examine import find_causes
from checks.judgement.scoring import judge_check
from tests.checks.judged_samples import spec as weighing
from tests.checks.snapshots import context_of, measured

START = datetime.fromisoformat("2025-09-01T08:00")
NO_AMOUNT = weighing("S1.A3", "deal-without-amount", 0.05, defect="amount is null")
REPS, EACH = 8, 40


def deals(fails, *, reps=REPS, each=EACH, **fields):
    """Return open deals of several reps; ``fails(rep, number)`` says whose amount is missing."""
    return [
        {
            "id": f"d{rep}-{number}",
            "owner_id": f"u{rep}",
            "state": "open",
            "stage": "Offer",
            "amount": None if fails(rep, number) else Decimal(1000),
            "close_date": date(2026, 8, 1),
            "created_at": START + timedelta(days=number, minutes=13 * rep),
            "created_by_id": f"u{rep}",
            **{name: value(rep, number) for name, value in fields.items()},
        }
        for rep in range(reps)
        for number in range(each)
    ]


def users():
    """Return the reps, four in each of two teams, and a program."""
    people = [
        {
            "id": f"u{rep}",
            "name": f"Person {rep}",
            "is_active": True,
            "is_integration": False,
            "team_id": f"t{rep // 4}",
        }
        for rep in range(REPS)
    ]
    return [*people, {"id": "robot", "name": "Sync", "is_active": True, "is_integration": True}]


def causes(rows, *checks, people=None, **profile):
    """Return what is found about the causes of missing amounts, or of other checks."""
    context = context_of({"deals": rows, "users": people or users()}, **profile)
    found = measured(context, *(checks or (NO_AMOUNT,)))
    judged = {
        one.id: judge_check(one, found.measurements[one.id]) for one in checks or (NO_AMOUNT,)
    }
    return find_causes(context, checks or (NO_AMOUNT,), found, judged)


def of_amounts(rows, **given):
    """Return the cause of missing amounts."""
    return causes(rows, **given).triages[NO_AMOUNT.id]
