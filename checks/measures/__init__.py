"""Measures that no row-by-row predicate can express.

A measure reads the population that its check declares, creates ``hits_<slug>``, and returns
the counts by owner. Its module is imported when it first runs. A summary reads what the other
checks found, and runs after them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from checks.context import Context
from checks.measurement import Measurement
from checks.spec import CheckSpec

Measure = Callable[[Context, CheckSpec], Measurement]
Summary = Callable[[Context, CheckSpec, Mapping[str, Measurement]], Measurement]

#: Module of each measure; the function bears the measure's name.
_HOMES = {
    "invalid_email": "emails",
    "invalid_phone": "phones",
    "invalid_company_id": "company_ids",
    "junk_values": "junk_values",
    "value_not_in_reference": "reference",
    "value_variant": "variants",
    "duplicate_account": "duplicate_accounts",
    "duplicate_contact": "duplicate_people",
    "duplicate_lead": "duplicate_people",
    "duplicate_deal": "duplicate_deals",
    "absent_manager": "managers",
    "forecast_bias": "forecasts",
    "forecast_error": "forecasts",
    "forecast_without_skill": "forecasts",
    "forecast_miscalibrated": "forecasts",
    "missing_review_ritual": "review_ritual",
    "obsolete_contact": "obsolete_contacts",
    "field_completion_spread": "field_spread",
    "private_field": "field_spread",
    "stage_dialect": "stage_dialect",
    "skipped_stage": "stage_paths",
    "backward_stage_move": "stage_paths",
    "picklist_dump": "picklist_dump",
    "amount_convention_spread": "conventions",
    "probability_override_spread": "conventions",
    "definition_spread": "definition_spread",
    "pointer_outside_crm": "pointers",
    "burst_updates": "bursts",
    "activity_desert": "deserts",
    "recurring_import": "imports",
    "proxy_typing": "proxies",
}
#: Module of each summary.
_SUMMARY_HOMES = {"comparability_index": "comparability"}


def _imported_when_called(name: str, module: str) -> Callable[..., Measurement]:
    def measure(*arguments: Any) -> Measurement:
        function: Callable[..., Measurement] = getattr(import_module(f"{__name__}.{module}"), name)
        return function(*arguments)

    measure.__name__ = name
    return measure


#: Every measure by the name that check files use.
MEASURES: dict[str, Measure] = {
    name: _imported_when_called(name, module) for name, module in _HOMES.items()
}
#: Every summary by the name that check files use under ``measure``.
SUMMARIES: dict[str, Summary] = {
    name: _imported_when_called(name, module) for name, module in _SUMMARY_HOMES.items()
}
