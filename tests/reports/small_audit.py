"""A measured audit of a few open deals that are all past their close date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from checks.authoring.catalogue import load_catalogue
from checks.authoring.rehearsal import snapshot_from_rows
from checks.context import Context
from checks.measuring import Measured, measure_all
from checks.profile import Profile
from checks.rows.flags import failing_relation
from checks.spec import CheckSpec

CHECK = "open-deal-past-close-date"
COLUMNS = [
    "record_id",
    "name",
    "owner_id",
    "owner_name",
    "account_id",
    "account_name",
    "stage",
    "close_date",
    "days_past_close",
    "amount",
]


class SmallAudit(NamedTuple):
    """What the writers of lists are given."""

    context: Context
    specs: list[CheckSpec]
    measured: Measured

    def under_other_names(self, *check_ids: str) -> SmallAudit:
        """Return the same findings as those of checks with other ids."""
        (spec,) = self.specs
        measurement = self.measured.measurements[spec.id]
        specs = [spec.model_copy(update={"id": check_id}) for check_id in check_ids]
        for one in specs:
            self.context.snapshot.run(
                f"create view {failing_relation(one)} as select * from {failing_relation(spec)}"
            )
        return self._replace(
            specs=specs,
            measured=replace(self.measured, measurements=dict.fromkeys(check_ids, measurement)),
        )


def late_deal(**changes: Any) -> dict[str, Any]:
    """Return an open deal, 11 days late."""
    return {
        "id": "006A",
        "name": "Rénovation",
        "owner_id": "005A",
        "account_id": "001A",
        "stage": "Proposition",
        "state": "open",
        "close_date": date(2026, 6, 19),
        "amount": "1250.50",
        **changes,
    }


def audit_of(*deals: dict[str, Any]) -> SmallAudit:
    """Return the measured audit of the deals given, as of 30 June 2026."""
    snapshot = snapshot_from_rows(
        {
            "deals": list(deals),
            "users": [{"id": "005A", "name": "Marc Durand"}],
            "accounts": [{"id": "001A", "name": "Atelier Morel"}],
        }
    )
    context = Context(snapshot, Profile(), date(2026, 6, 30))
    specs = [load_catalogue()[CHECK]]
    return SmallAudit(context, specs, measure_all(context, specs))
