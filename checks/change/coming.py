"""What the versions that a job keeps will make observable, and in how many months."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from checks.change.life import months_between
from checks.comparison import Coming, ComingCode
from checks.context import Context
from checks.forecast.rulings import FEWEST_MONTHS

#: The field that each needs a history of, and for how many months.
_NEEDS: dict[ComingCode, tuple[str, int]] = {
    "pushes": ("close_date", 3),
    "stage_time": ("stage", 6),
    "back_test": ("amount", FEWEST_MONTHS),
}


def coming(context: Context, days: Sequence[date]) -> list[Coming]:
    """Return what is not observable yet and will be, if the job runs every month.

    What the CRM's own history shows already is left out.

    Args:
        context: The audit.
        days: Days of the earlier audits that kept versions of deals.
    """
    begun = min([*days, context.as_of])
    passed = months_between(begun.toordinal(), context.as_of)
    own = {
        field
        for (field,) in context.snapshot.rows(
            "select distinct field from field_history where table_name = 'deals' "
            "and source is distinct from 'export_diff'"
        )
    }
    return [
        Coming(code=code, months=months - passed)
        for code, (field, months) in _NEEDS.items()
        if field not in own
        and months > passed
        and context.snapshot.capabilities.column("deals", field).observable
    ]
