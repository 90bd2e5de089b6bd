"""What tells an organisation from its tool, where an export can show it.

A defect in everybody's records does not prove that the organisation causes it: a badly made form
hits everybody too. So the report shows beside the causes what speaks for either, and what could
not be measured.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from checks.cause_results import Discriminator
from checks.context import Context, slug
from checks.interview.answers import Answers
from checks.judgement.causes.roster import Roster
from checks.judgement.causes.spoken import spoken
from checks.judgement.causes.teams import between_teams
from checks.profile import DEFAULT_REQUIRED
from checks.rows.flags import counted_relation
from checks.spec import CheckSpec
from connectors.engines.duckdb import identifier
from connectors.model import TABLES
from connectors.snapshot import Availability

#: Differences between teams, in points of the rate, from which the organisation matters.
TEAMS_DIFFER_FROM = 0.10
#: Fields required at one stage, and share of fields that nobody fills, from which a form is heavy.
MOST_REQUIRED, MOST_UNUSED = 12, 0.50
#: An export of fewer columns was made by hand and says nothing of the fields of the CRM.
_FEWEST_COLUMNS = 30
#: Share of records below which nobody uses a field.
_USED_FROM = 0.02

#: What a tool asks of people.
FRICTION = ("required_fields", "unused_fields")
#: What no export can tell.
_NEVER_IN_AN_EXPORT = ("tool_change", "sync_errors")


def discriminate(
    context: Context,
    present: Sequence[CheckSpec],
    roster: Roster,
    answers: Answers | None = None,
) -> list[Discriminator]:
    """Return all evidence for the organisation or for the tool, measured or not.

    Args:
        context: The audit.
        present: Checks that are present.
        roster: Who is in which team.
        answers: What people answered, or None without an interview.
    """
    return [
        _between_teams(context, present, roster),
        _required_fields(context),
        _unused_fields(context),
        *(Discriminator(code=code, measured=False) for code in _NEVER_IN_AN_EXPORT),
        *spoken(answers),
    ]


def _between_teams(context: Context, present: Sequence[CheckSpec], roster: Roster) -> Discriminator:
    """Compare teams on the findings about deals, given the stages that their deals are in."""
    differences = [
        sd
        for spec in present
        if spec.table == "deals" and spec.defect
        if (sd := _difference(context, spec, roster, len(present))) is not None
    ]
    if not differences:
        return Discriminator(code="between_teams", measured=False, limit=TEAMS_DIFFER_FROM)
    greatest = max(differences)
    return Discriminator(
        code="between_teams",
        measured=True,
        value=round(greatest, 4),
        limit=TEAMS_DIFFER_FROM,
        points_to="organisation" if greatest >= TEAMS_DIFFER_FROM else "neither",
    )


def _difference(context: Context, spec: CheckSpec, roster: Roster, findings: int) -> float | None:
    name = slug(spec)
    rows = context.snapshot.rows(
        f"select owner_id, coalesce(stage, '') as stage, sum(records), "
        f"coalesce(sum(records) filter (d_{name}), 0) from {counted_relation('deals')} "
        f"where e_{name} and owner_id is not null group by all order by all"
    )
    kept = [row for row in rows if roster.is_person(row[0]) and roster.team(row[0]) >= 0]
    owners = {owner: place for place, owner in enumerate(dict.fromkeys(row[0] for row in kept))}
    stages = {stage: place for place, stage in enumerate(dict.fromkeys(row[1] for row in kept))}
    records, defects = np.zeros((2, len(stages), len(owners)))
    for owner, stage, n, k in kept:
        records[stages[stage], owners[owner]], defects[stages[stage], owners[owner]] = n, k
    teams = np.array([roster.team(owner) for owner in owners], dtype=np.int64)
    return between_teams(records, defects, teams, tried=findings)


def _required_fields(context: Context) -> Discriminator:
    """Count the fields that one stage requires; only where somebody stated them."""
    required = context.profile.required_fields["deals"]
    if required == DEFAULT_REQUIRED["deals"]:
        return Discriminator(code="required_fields", measured=False, limit=MOST_REQUIRED)
    always = {*required.critical, *required.from_first_third}
    most = max((len(always | set(fields)) for fields in required.by_stage.values()), default=0)
    number = max(most, len(always))
    return Discriminator(
        code="required_fields",
        measured=True,
        value=number,
        limit=MOST_REQUIRED,
        points_to="tool" if number > MOST_REQUIRED else "neither",
    )


def _unused_fields(context: Context) -> Discriminator:
    """Return the share of the fields of a deal that nobody fills."""
    capabilities = context.snapshot.capabilities.columns
    exported = [
        (column, state)
        for (table, column), state in sorted(capabilities.items())
        if table == "deals" and state in (Availability.SUPPLIED, Availability.COLUMN_EMPTY)
    ]
    if len(exported) < _FEWEST_COLUMNS:
        return Discriminator(code="unused_fields", measured=False, limit=MOST_UNUSED)
    readable = [
        column for column, state in exported if state.observable and _exists(context, column)
    ]
    counts = ", ".join(f"count({identifier(column)})" for column in readable)
    ((records, *filled),) = context.snapshot.rows(
        f"select count(*), {counts} from deals where is_live"
    )
    unused = len(exported) - sum(count >= _USED_FROM * records for count in filled)
    share = unused / len(exported)
    return Discriminator(
        code="unused_fields",
        measured=True,
        value=round(share, 4),
        limit=MOST_UNUSED,
        points_to="tool" if share > MOST_UNUSED else "neither",
        facts={"unused": unused, "fields": len(exported)},
    )


def _exists(context: Context, column: str) -> bool:
    return column in TABLES["deals"] or bool(
        context.snapshot.rows(
            "select 1 from information_schema.columns "
            "where table_name = 'deals' and column_name = ? limit 1",
            [column],
        )
    )
