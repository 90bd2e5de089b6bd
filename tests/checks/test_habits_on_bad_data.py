"""Bursts, deserts, imports and typing for others, on records that are empty or wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from checks.authoring.catalogue import load_catalogue
from checks.results import State
from tests.checks.half_year import DAYS, HALF, calls, deal, deals, edit
from tests.checks.snapshots import context_of, judged, measure

CATALOGUE = load_catalogue()
BURSTS = CATALOGUE["burst-updates"]
DESERTS = CATALOGUE["activity-desert"]
IMPORTS = CATALOGUE["recurring-import"]
PROXIES = CATALOGUE["proxy-typing"]


@pytest.mark.parametrize("spec", [BURSTS, DESERTS, IMPORTS, PROXIES], ids=lambda spec: spec.id)
def test_nothing_raises_and_nothing_unseen_is_healthy(spec: Any) -> None:
    nothing = {"deals": [], "activities": [], "field_history": [], "users": []}
    nulls = dict.fromkeys(deal(0, 0))
    wrong = [
        edit(0, 0, datetime.fromisoformat("2030-01-01")),
        edit(0, 0, datetime.fromisoformat("1990-01-01")),
        {**edit(0, 0, DAYS[0]), "record_id": None, "user_id": None},
        {**edit(0, 0, DAYS[0]), "record_id": "nowhere"},
    ]
    sleepless = {**next(calls(0, HALF)), "happened_at": datetime.fromisoformat("2026-03-29 01:30")}
    worlds = [
        context_of({**nothing}),
        context_of({**nothing, "deals": [nulls, nulls]}),
        context_of({**nothing, "deals": deals(1, 1), "field_history": wrong}),
        context_of(
            {**nothing, "deals": deals(1, 9), "activities": [sleepless]}, time_zone="Europe/Paris"
        ),
    ]
    for context in worlds:
        for table, names in (
            ("deals", nulls),
            ("activities", sleepless),
            ("field_history", wrong[0]),
        ):
            for name in names:
                context.snapshot.capabilities.columns.setdefault(
                    (table, name), next(iter(context.snapshot.capabilities.tables.values()))
                )
        one = measure(context, spec)
        assert one.reason != "error"
        assert judged(one, spec).state is not State.PRESENT
        # One deal that is older than the migration was seen not to be imported.
        assert judged(one, spec).state is not State.ABSENT or spec is IMPORTS
