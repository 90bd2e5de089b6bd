"""The frames of a world as canonical rows: ids, stamps, texts; made by the engine, so fast.

Every adapter starts here: ``lay_out`` creates one table ``world_<table>`` a canonical table, with
the columns that a CRM would hold and no others.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import pandas as pd

from tests.worlds.activities import KINDS
from tests.worlds.history import AMOUNT, CATEGORY, CHANCE, CLOSE, FIELDS, OWNER, STAGE, STEP
from tests.worlds.journeys import DEFAULT_CHANCES, OPEN_STAGES, WON
from tests.worlds.world import PREFIXES, World

_SOURCES = ("CRM_UI", "EMAIL_SYNC", "IMPORT")


class Engine(Protocol):
    """What laying out needs of an engine."""

    def run(self, statement: str) -> None:
        """Run statements."""

    def register(self, name: str, frame: pd.DataFrame) -> None:
        """Make a frame readable under a name."""


def lay_out(world: World, engine: Engine) -> None:
    """Create ``world_<table>`` for every table of a world."""
    for name, make in _TABLES.items():
        frame, query = make(world)
        engine.register(f"frame_{name}", frame)
        source = f"(select *, row_number() over () - 1 as n from frame_{name})"
        engine.run(f"create table world_{name} as {query.format(source=source)}")
    engine.run(
        "update world_deals set last_activity_at = a.last_at from (select deal_id, max(happened_at) as last_at"
        " from world_activities where is_closed group by 1) as a where a.deal_id = world_deals.id"
    )


def key(table: str, number: str) -> str:
    """Return the SQL of an id; NULL for numbers below 0."""
    text = f"'{PREFIXES[table]}Kz' || lpad(cast({number} as bigint)::varchar, 10, '0') || 'AAA'"
    return f"case when {number} >= 0 then {text} end"


def _named(codes: str, names: tuple[str, ...] | list[str]) -> str:
    quoted = ", ".join("'" + name.replace("'", "''") + "'" for name in names)
    return f"([{quoted}])[cast({codes} as integer) + 1]"


def _stage_names(world: World) -> list[str]:
    return [*world.words.STAGES, world.words.WON, world.words.LOST]


def _users(world: World) -> tuple[pd.DataFrame, str]:
    people, calendar = world.people, world.calendar
    everyone = len(people.job)
    logins = world.frames["logins"]
    last = np.full(everyone, np.nan)
    np.fmax.at(last, logins["user"].to_numpy(), logins["at"].to_numpy())
    frame = pd.DataFrame(
        {
            "name": people.name,
            "mail": [f"u{number:03d}@{world.words.MAIL}" for number in range(everyone)],
            "is_active": ~np.isfinite(people.left),
            "is_integration": [job == "program" for job in people.job],
            "title": [world.words.JOBS[job] for job in people.job],
            "team": people.team,
            "manager": people.manager,
            "last_login": calendar.stamp(last, people.hours),
            "created": calendar.stamp(np.maximum(people.hired, 0.0)),
        }
    )
    return frame, f"""
        select {key("users", "n")} as id, name, mail as email, is_active, is_integration, title,
          {key("teams", "team")} as team_id, {key("users", "manager")} as manager_id,
          last_login as last_login_at, created as created_at
        from {{source}}"""


def _teams(world: World) -> tuple[pd.DataFrame, str]:
    teams = int(world.people.team.max()) + 1
    names = [
        world.words.TEAMS[number % len(world.words.TEAMS)]
        + (f" {number // len(world.words.TEAMS) + 1}" if number >= len(world.words.TEAMS) else "")
        for number in range(teams)
    ]
    return pd.DataFrame({"name": names}), f"select {key('teams', 'n')} as id, name from {{source}}"


def _accounts(world: World) -> tuple[pd.DataFrame, str]:
    frame, calendar = world.frames["accounts"], world.calendar
    siren = ", siren" if "siren" in frame else ""
    stamped = frame.assign(
        created=calendar.stamp(frame["created"].to_numpy()),
        touched=calendar.stamp(frame["touched"].to_numpy()),
    )
    return stamped, f"""
        select {key("accounts", "n")} as id, name, {key("users", "owner")} as owner_id,
          cast(type as varchar) as type, industry, website, phone, street, city, postal_code,
          country, employees{siren}, created as created_at, {key("users", "owner")} as created_by_id,
          touched as modified_at, {key("users", "owner")} as modified_by_id, deleted as is_deleted
        from {{source}}"""


def _contacts(world: World) -> tuple[pd.DataFrame, str]:
    frame, calendar = world.frames["contacts"], world.calendar
    stamped = frame.assign(
        created=calendar.stamp(frame["created"].to_numpy()),
        touched=calendar.stamp(frame["touched"].to_numpy()),
    )
    return stamped, f"""
        select {key("contacts", "n")} as id, first_name || ' ' || last_name as name, first_name,
          last_name, {key("accounts", "account")} as account_id, {key("users", "owner")} as owner_id,
          email, phone, mobile, cast(title as varchar) as title,
          country, cast(lead_source as varchar) as lead_source, bounced as email_bounced,
          created as created_at, {key("users", "owner")} as created_by_id, touched as modified_at,
          {key("users", "owner")} as modified_by_id, deleted as is_deleted
        from {{source}}"""


def _leads(world: World) -> tuple[pd.DataFrame, str]:
    frame, calendar = world.frames["leads"], world.calendar
    stamped = frame.assign(
        created=calendar.stamp(frame["created"].to_numpy()),
        touched=calendar.stamp(frame["touched"].to_numpy()),
        status=np.where(frame["converted"], "Qualified", "Working"),
    )
    return stamped, f"""
        select {key("leads", "n")} as id, first_name || ' ' || last_name as name, first_name,
          last_name, company, {key("users", "owner")} as owner_id, status, email, phone,
          cast(lead_source as varchar) as lead_source, converted as is_converted,
          case when converted then touched end as converted_at, created as created_at,
          {key("users", "owner")} as created_by_id, touched as modified_at,
          {key("users", "owner")} as modified_by_id, deleted as is_deleted
        from {{source}}"""


def _deals(world: World) -> tuple[pd.DataFrame, str]:
    frame, calendar, words = world.frames["deals"], world.calendar, world.words
    owner = np.maximum(frame["owner"].to_numpy(), 0)
    hours = world.people.hours
    stamped = frame.assign(
        created=calendar.stamp(frame["created"].to_numpy(), hours[owner]),
        modified=calendar.stamp(
            frame["modified"].to_numpy(), hours[np.maximum(frame["modified_by"].to_numpy(), 0)]
        ),
        stage_changed=calendar.stamp(frame["stage_changed"].to_numpy(), hours[owner]),
        close=calendar.day(frame["close"].to_numpy()).astype("datetime64[s]"),
        account_name=world.frames["accounts"]["name"].to_numpy()[
            np.maximum(frame["account"].to_numpy(), 0)
        ],
    )
    program = world.people.program
    extras = (
        ', budget as "Budget_Confirmed__c", competitor as "Competitor__c",'
        ' segment as "Segment__c", second_offer as "Second_Offer__c"'
        if "budget" in frame
        else ""
    )
    return stamped, f"""
        select {key("deals", "n")} as id,
          coalesce(name, project || ' ' || site || case when account >= 0
            then ' – ' || account_name else '' end) as name,
          {key("accounts", "account")} as account_id, {key("contacts", "contact")} as contact_id,
          {key("users", "owner")} as owner_id, {_named("kind", words.PIPELINES)} as pipeline,
          {_named("stage", _stage_names(world))} as stage, stage >= {OPEN_STAGES} as is_closed,
          stage = {WON} as is_won, cast(amount as decimal(18, 2)) as amount,
          '{"EUR" if world.plan.language == "fr" else "GBP"}' as currency,
          cast(chance as decimal(18, 6)) as probability,
          {_named("category", words.CATEGORIES)} as forecast_category,
          cast(close as date) as close_date, {_named("next_step", words.NEXT_STEPS)} as next_step,
          lost_reason, coalesce(type, {_named("kind", words.TYPES)}) as type, lead_source,
          description, stage_changed as stage_changed_at, created as created_at,
          case when by_program then {key("users", str(program))}
            else {key("users", "owner")} end as created_by_id,
          modified as modified_at, {key("users", "modified_by")} as modified_by_id,
          cast(null as timestamp) as last_activity_at, deleted as is_deleted{extras}
        from {{source}}"""


def _stages(world: World) -> tuple[pd.DataFrame, str]:
    names = _stage_names(world)
    frame = pd.DataFrame(
        {
            "name": names,
            "rank": np.arange(1, len(names) + 1),
            "is_closed": np.arange(len(names)) >= OPEN_STAGES,
            "is_won": np.arange(len(names)) == WON,
            "chance": DEFAULT_CHANCES,
        }
    )
    return frame, f"""
        select {key("stages", "n")} as id, name, rank, is_closed, is_won, chance as probability
        from {{source}}"""


def _activities(world: World) -> tuple[pd.DataFrame, str]:
    frame, calendar = world.frames["activities"], world.calendar
    at, hours = frame["at"].to_numpy(), world.people.hours
    ahead = calendar.day(at).astype("datetime64[s]") + np.timedelta64(10, "h")
    owner = np.maximum(frame["owner"].to_numpy(), 0)
    stamped = frame[["kind", "deal", "account", "contact", "lead", "owner", "typist", "is_closed"]]
    stamped = stamped.assign(
        subject=frame["subject"],
        body=frame["body"],
        origin=frame["source"],
        happened=np.where(at < calendar.end, calendar.stamp(at, hours[owner]), ahead),
        logged=calendar.stamp(frame["logged"].to_numpy(), hours[owner]),
        due=calendar.day(frame["due"].to_numpy()).astype("datetime64[s]"),
    )
    return stamped, f"""
        select {key("activities", "n")} as id, {_named("kind", KINDS)} as kind,
          cast(subject as varchar) as subject, cast(body as varchar) as body,
          {key("users", "owner")} as owner_id, {key("deals", "deal")} as deal_id,
          {key("accounts", "account")} as account_id, {key("contacts", "contact")} as contact_id,
          {key("leads", "lead")} as lead_id, happened as happened_at, cast(due as date) as due_date,
          case when is_closed and kind = {KINDS.index("task")} then logged end as completed_at,
          case when is_closed then 'Completed' else 'Not Started' end as status, is_closed,
          {_named("origin", _SOURCES)} as source, logged as created_at,
          {key("users", "typist")} as created_by_id, logged as modified_at,
          {key("users", "typist")} as modified_by_id, false as is_deleted
        from {{source}}"""


def _history(world: World) -> tuple[pd.DataFrame, str]:
    frame, calendar, words = world.frames["field_history"], world.calendar, world.words
    stamped = frame.assign(at=calendar.stamp(frame["at"].to_numpy(), world.people.hours[frame["user"]]))
    dated = (frame["field"] == CLOSE).to_numpy()
    for value in ("old", "new"):
        moment = np.where(dated, frame[value].to_numpy(), np.nan)
        stamped[f"{value}_day"] = calendar.day(moment).astype("datetime64[s]")

    def text(value: str) -> str:
        day = f"strftime({value}_day, '%Y-%m-%d')"
        cases = {
            STAGE: _named(value, _stage_names(world)),
            CHANCE: f"cast(cast({value} as decimal(9, 1)) as varchar)",
            CATEGORY: _named(value, words.CATEGORIES),
            CLOSE: day,
            AMOUNT: f"cast(cast({value} as decimal(18, 2)) as varchar)",
            STEP: _named(value, words.NEXT_STEPS),
            OWNER: key("users", value),
        }
        whens = " ".join(f"when {field} then {sql}" for field, sql in cases.items())
        return f"case field {whens} end"

    return stamped, f"""
        select {key("field_history", "n")} as id, 'deals' as table_name,
          {key("deals", "deal")} as record_id, {_named("field", FIELDS)} as field,
          {text("old")} as old_value, {text("new")} as new_value, "at" as changed_at,
          {key("users", '"user"')} as user_id, 'CRM_UI' as source
        from {{source}}"""


def _attachments(world: World) -> tuple[pd.DataFrame, str]:
    frame, calendar = world.frames["attachments"], world.calendar
    stamped = frame.assign(
        at=calendar.stamp(frame["at"].to_numpy()),
        extension=frame["name"].str.rsplit(".", n=1).str[-1],
    )
    return stamped, f"""
        select {key("attachments", "n")} as id, name, extension, {key("deals", "deal")} as record_id,
          {key("users", "owner")} as owner_id, "at" as created_at,
          {key("users", "owner")} as created_by_id
        from {{source}}"""


def _logins(world: World) -> tuple[pd.DataFrame, str]:
    frame = world.frames["logins"]
    hours = world.people.hours[frame["user"].to_numpy()]
    stamped = frame.assign(at=world.calendar.stamp(frame["at"].to_numpy(), hours))
    return stamped, f"""
        select {key("logins", "n")} as id, {key("users", '"user"')} as user_id,
          "at" as logged_in_at, 'Application' as kind
        from {{source}}"""


def _analytics(world: World) -> tuple[pd.DataFrame, str]:
    frame, calendar = world.frames["analytics"], world.calendar
    stamped = frame.assign(
        ran=calendar.stamp(frame["ran"].to_numpy()),
        created=calendar.stamp(frame["created"].to_numpy()),
        modified=calendar.stamp(frame["modified"].to_numpy()),
    )
    return stamped, f"""
        select {key("analytics", "n")} as id, kind, name, folder, {key("users", "owner")} as owner_id,
          ran as last_run_at, created as created_at, {key("users", "owner")} as created_by_id,
          modified as modified_at, {key("users", "owner")} as modified_by_id
        from {{source}}"""


_TABLES: dict[str, Any] = {
    "users": _users,
    "teams": _teams,
    "accounts": _accounts,
    "contacts": _contacts,
    "leads": _leads,
    "deals": _deals,
    "stages": _stages,
    "activities": _activities,
    "field_history": _history,
    "attachments": _attachments,
    "logins": _logins,
    "analytics": _analytics,
}
