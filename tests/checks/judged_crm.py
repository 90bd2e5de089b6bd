"""A small CRM of late deals, audited and judged."""

from __future__ import annotations

from datetime import timedelta

from checks.authoring.rehearsal import snapshot_from_rows
from checks.context import Context
from checks.judgement.judging import judge
from checks.measuring import measure_all
from checks.profile import Profile
from checks.run_info import ContractResult, RunInfo
from checks.spec import Reproduce, Tolerance
from tests.checks.judged_samples import spec
from tests.checks.snapshots import AS_OF

REPS = 6
CHECKS = (
    spec(
        "S1.A1",
        "open-deal-without-amount",
        tolerance=Tolerance(t_lo=0.10, n_min=30),
        population="is_open",
        defect="amount is null",
    ),
    spec(
        "S1.B2",
        "open-deal-past-close-date",
        population="is_open and close_date is not null",
        defect="days_past_close > $grace_days",
        params={"grace_days": 3},
        worklist={"columns": ("name", "owner_id", "close_date", "amount"), "sort": ("-amount",)},
        reproduce=Reproduce(
            salesforce="SELECT Id FROM Opportunity WHERE CloseDate < {as_of_minus_grace_days}",
            hubspot="Close date before {as_of} by more than {grace_days} days {kept}",
        ),
    ),
    spec(
        "S1.D9",
        "won-deal-without-amount",
        population="is_won",
        defect="amount is null",
    ),
    spec(
        "S1.D10",
        "contact-without-reach",
        table="contacts",
        population="email is not null",
        defect="email = 'none'",
        tolerance=Tolerance(t_lo=0.10, n_min=3),
        worklist={"columns": ("name", "email", "owner_id")},
    ),
)


def deal(number, *, late, **fields):
    """Return an open deal, late by forty days or due in forty."""
    return {
        "id": f"D{number:03}",
        "name": f"Deal {number}",
        "owner_id": f"u{number % REPS}",
        "is_closed": False,
        "is_won": False,
        "amount": 100 + number,
        "close_date": AS_OF - timedelta(days=40) if late else AS_OF + timedelta(days=40),
        **fields,
    }


USERS = [{"id": f"u{i}", "name": f"Seller Number{i}", "is_active": i != 5} for i in range(REPS)]


def tables(late=70, deals=120):
    """Return so many deals, of which some are late, with their owners and two contacts."""
    contacts = [
        {"id": "C1", "name": "Claire Durand", "email": "none", "owner_id": "u1"},
        {"id": "C2", "name": "Paul Martin", "email": "paul@acme.example", "owner_id": "u2"},
    ]
    return {
        "deals": [deal(i, late=i < late) for i in range(deals)],
        "users": USERS,
        "contacts": contacts,
    }


def audit(rows=None, checks=CHECKS, *, named=False, profile=None):
    """Return the result of an audit of these tables."""
    context = Context(snapshot_from_rows(rows or tables()), profile or Profile(), AS_OF)
    run = RunInfo(
        tool_version="0",
        source="test",
        as_of=AS_OF,
        profile_hash="p",
        catalogue_hash="c",
        tables={},
        contract=ContractResult(success=True),
    )
    measured = measure_all(context, checks)
    return judge(context, checks, measured, ContractResult(success=True), run, named=named)
