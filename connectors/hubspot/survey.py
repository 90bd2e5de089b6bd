"""What a pull of a portal would bring, cost and miss, told without pulling."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from connectors.errors import AuditorError
from connectors.http.gaps import Gap, gaps_of, mark
from connectors.http.pages import PageStore
from connectors.http.survey import Survey, SurveyedObject
from connectors.hubspot.answers import NOT_THERE, NOT_VISIBLE, code_of_refusal
from connectors.hubspot.plan import ObjectPlan, hidden_object
from connectors.hubspot.portal import HISTORY_BATCH, LINK_BATCH, LIST_PAGE, Portal
from connectors.hubspot.pull import (
    LOGINS_SCOPE,
    OWNERS,
    OWNERS_SCOPE,
    PIPELINES,
    PIPELINES_SCOPE,
    Options,
    Pull,
    reason_of,
)
from connectors.hubspot.settings import SignIn
from connectors.intake.feeding import columns_fed
from connectors.snapshot import Availability, Capabilities

#: Seconds that a page takes, about, and calls that a portal allows in a second.
_PER_PAGE, _A_SECOND = 0.4, 10.0
#: Calls besides those for records: the account, owners, pipelines, the recycle bin.
_BESIDES = 5


def survey(portal: Portal, options: Options, store: PageStore, sign_in: SignIn) -> Survey:
    """Look at a portal.

    Args:
        portal: The portal, signed in or able to.
        options: How it would be pulled.
        store: Takes the plan.
        sign_in: How the token was come by, for where HubSpot tells of it.
    """
    plans = Pull(portal, store, options).plans()
    gaps = gaps_of(store)
    objects, readable = [], []
    for plan in plans:
        try:
            records = portal.count(plan.name)
        except AuditorError as error:
            if code_of_refusal(error) not in NOT_VISIBLE | NOT_THERE:
                raise
            gaps.append(hidden_object(plan.of, *reason_of(error, plan.of.scope)))
            continue
        readable.append(plan)
        calls = _calls(plan, records)
        objects.append(
            SurveyedObject(plan.name, plan.of.table, records, len(plan.properties), calls)
        )
    granted = portal.scopes(sign_in)
    gaps += _lacking(granted)
    calls = _BESIDES + sum(each.calls for each in objects)
    return Survey(
        account=str(store.header.get("portal", "")),
        objects=objects,
        gaps=gaps,
        writable=[scope for scope in granted if scope.endswith((".write", ".delete"))],
        calls=calls,
        minutes=max(calls / _A_SECOND, calls * _PER_PAGE / options.readers) / 60,
        capabilities=expected_capabilities(readable, gaps),
    )


def _lacking(granted: Sequence[str]) -> Iterator[Gap]:
    """Yield what the token may not read of what is no kind of record, where its scopes are told."""
    for table, source, scope in _BY_SCOPE if granted else ():
        if scope not in granted:
            yield Gap(table, "", source, Availability.NO_PERMISSION, scope, decisive=True)


def expected_capabilities(plans: Sequence[ObjectPlan], gaps: list[Gap]) -> Capabilities:
    """Return what could be observed if every property that is asked for were filled."""
    capabilities = Capabilities()
    for plan in plans:
        table = plan.of.table
        capabilities.tables[table] = Availability.SUPPLIED
        told = {"id", "is_deleted", *plan.of.entry.constants, *plan.of.linked_columns}
        asked = {column for name in plan.properties for column in columns_fed(plan.of.entry, name)}
        for column in told | asked:
            capabilities.columns[table, column] = Availability.SUPPLIED
        if plan.history:
            capabilities.tables["field_history"] = Availability.SUPPLIED
            for column in (
                "table_name",
                "record_id",
                "field",
                "new_value",
                "changed_at",
                "source",
                "user_id",
            ):
                capabilities.columns["field_history", column] = Availability.SUPPLIED
    for table, columns in _ALWAYS.items():
        capabilities.tables[table] = Availability.SUPPLIED
        for column in columns:
            capabilities.columns[table, column] = Availability.SUPPLIED
    mark(capabilities, gaps)
    return capabilities


#: Tables that are fed by other things than records, and the scope of each.
_BY_SCOPE = (
    ("users", OWNERS, OWNERS_SCOPE),
    ("teams", OWNERS, OWNERS_SCOPE),
    ("stages", PIPELINES, PIPELINES_SCOPE),
    ("logins", "login activity", LOGINS_SCOPE),
)
#: What owners, pipelines and the account tell.
_ALWAYS = {
    "users": ("id", "name", "email", "is_active", "team_id", "created_at"),
    "teams": ("id", "name"),
    "logins": ("id", "user_id", "logged_in_at"),
    "stages": ("id", "name", "pipeline", "rank", "is_closed", "is_won", "probability"),
}


def _calls(plan: ObjectPlan, records: int) -> int:
    pages = max(1, math.ceil(records / LIST_PAGE)) + 1
    history = math.ceil(records / HISTORY_BATCH) if plan.history else 0
    return pages + history + len(plan.of.to) * math.ceil(records / LINK_BATCH)
