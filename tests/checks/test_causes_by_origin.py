"""Where failing records come from: imports, programs and forms that are behind a finding."""

from __future__ import annotations

from datetime import datetime, timedelta

from checks.judgement.causes.examine import find_causes
from checks.judgement.scoring import judge_check
from tests.checks.judged_samples import spec as weighing
from tests.checks.missing_amounts import NO_AMOUNT, REPS, START, causes, deals, of_amounts, users
from tests.checks.snapshots import context_of, measured


def imported(rep, number):
    return number < 8


def test_an_import_is_a_technical_process():
    """64 deals within ten minutes, by one user, most without an amount: nobody's habit."""
    rows = deals(
        lambda rep, number: number < 7,
        created_at=lambda rep, number: (
            datetime.fromisoformat(f"2026-03-03T12:0{rep}")
            if imported(rep, number)
            else START + timedelta(days=number, minutes=13 * rep)
        ),
        created_by_id=lambda rep, number: "u0" if imported(rep, number) else f"u{rep}",
    )

    found = causes(rows)
    (part,) = found.triages[NO_AMOUNT.id].parts

    assert (part.kind, part.attribute, part.level) == ("technical", "import_batch", "2026-03-03")
    assert (found.cause, found.thesis.outcome) == ("technical", "contradicts")


def test_what_a_program_creates_is_a_technical_process():
    rows = deals(
        lambda rep, number: number < 7,
        created_by_id=lambda rep, number: "robot" if imported(rep, number) else f"u{rep}",
    )

    (part,) = of_amounts(rows).parts

    assert (part.kind, part.attribute) == ("technical", "created_by")


def test_a_column_of_the_export_that_names_an_origin_is_read():
    rows = deals(
        lambda rep, number: number < 7,
        **{"Source System": lambda rep, number: "O'Brien; drop" if number < 8 else "CRM"},
    )

    (part,) = of_amounts(rows).parts

    assert (part.kind, part.attribute, part.level) == (
        "technical",
        "Source System",
        "O'Brien; drop",
    )


def test_blanks_around_an_origin_make_no_other_one_of_it():
    def typed(rep, number):
        return f"{' ' * (number % 2)}Web form" if number < 8 else " "

    (part,) = of_amounts(deals(lambda rep, number: number < 7, **{"Source System": typed})).parts

    assert (part.kind, part.level, part.people) == ("technical", "Web form", REPS)


def test_what_people_do_is_no_origin():
    """Calls lack what mails have by themselves: that is no process behind them."""
    calls = [
        {
            "id": f"a{rep}-{number}",
            "owner_id": f"u{rep}",
            "kind": "call" if number < 15 else "email",
            "subject": None if number < 12 else "Offer",
        }
        for rep in range(REPS)
        for number in range(40)
    ]
    check = weighing(
        "S1.D12", "untitled", 0.05, table="activities", population="is_live",
        defect="subject is null",
    )  # fmt: skip
    context = context_of({"activities": calls, "users": users()})
    found = measured(context, check)
    judged = {check.id: judge_check(check, found.measurements[check.id])}

    assert find_causes(context, [check], found, judged).triages[check.id].kind == "systemic"


def test_days_of_creation_without_a_time_are_no_import():
    rows = deals(
        lambda rep, number: number % 3 == 0,
        created_at=lambda rep, number: datetime.fromisoformat(f"2026-01-0{5 + number % 4}"),
    )

    assert of_amounts(rows).kind == "systemic"


def test_what_a_program_owns_belongs_to_no_person():
    rows = deals(
        lambda rep, number: rep == 7,
        owner_id=lambda rep, number: "robot" if rep == 7 else f"u{rep}",
    )

    found = of_amounts(rows)

    assert (found.kind, found.undetermined_because) == ("undetermined", "owner_unknown")
