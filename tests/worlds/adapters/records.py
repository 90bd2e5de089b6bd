"""The records of a world as canonical rows: a frame for the engine, and the query over it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.worlds.adapters.ids import key, named, stage_names
from tests.worlds.journeys import DEFAULT_CHANCES, OPEN_STAGES, WON
from tests.worlds.world import World


def users(world: World) -> tuple[pd.DataFrame, str]:
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
    return (
        frame,
        f"""
        select {key("users", "n")} as id, name, mail as email, is_active, is_integration, title,
          {key("teams", "team")} as team_id, {key("users", "manager")} as manager_id,
          last_login as last_login_at, created as created_at
        from {{source}}""",
    )


def teams(world: World) -> tuple[pd.DataFrame, str]:
    teams = int(world.people.team.max()) + 1
    names = [
        world.words.TEAMS[number % len(world.words.TEAMS)]
        + (f" {number // len(world.words.TEAMS) + 1}" if number >= len(world.words.TEAMS) else "")
        for number in range(teams)
    ]
    return pd.DataFrame({"name": names}), f"select {key('teams', 'n')} as id, name from {{source}}"


def accounts(world: World) -> tuple[pd.DataFrame, str]:
    frame, calendar = world.frames["accounts"], world.calendar
    siren = ", siren" if "siren" in frame else ""
    stamped = frame.assign(
        created=calendar.stamp(frame["created"].to_numpy()),
        touched=calendar.stamp(frame["touched"].to_numpy()),
    )
    return (
        stamped,
        f"""
        select {key("accounts", "n")} as id, name, {key("users", "owner")} as owner_id,
          cast(type as varchar) as type, industry, website, phone, street, city, postal_code,
          country, employees{siren}, created as created_at,
          {key("users", "owner")} as created_by_id,
          touched as modified_at, {key("users", "owner")} as modified_by_id, deleted as is_deleted
        from {{source}}""",
    )


def contacts(world: World) -> tuple[pd.DataFrame, str]:
    frame, calendar = world.frames["contacts"], world.calendar
    stamped = frame.assign(
        created=calendar.stamp(frame["created"].to_numpy()),
        touched=calendar.stamp(frame["touched"].to_numpy()),
    )
    return (
        stamped,
        f"""
        select {key("contacts", "n")} as id, first_name || ' ' || last_name as name, first_name,
          last_name, {key("accounts", "account")} as account_id,
          {key("users", "owner")} as owner_id, email, phone, mobile,
          cast(title as varchar) as title,
          country, cast(lead_source as varchar) as lead_source, bounced as email_bounced,
          created as created_at, {key("users", "owner")} as created_by_id, touched as modified_at,
          {key("users", "owner")} as modified_by_id, deleted as is_deleted
        from {{source}}""",
    )


def leads(world: World) -> tuple[pd.DataFrame, str]:
    frame, calendar = world.frames["leads"], world.calendar
    stamped = frame.assign(
        created=calendar.stamp(frame["created"].to_numpy()),
        touched=calendar.stamp(frame["touched"].to_numpy()),
        status=np.where(frame["converted"], "Qualified", "Working"),
    )
    return (
        stamped,
        f"""
        select {key("leads", "n")} as id, first_name || ' ' || last_name as name, first_name,
          last_name, company, {key("users", "owner")} as owner_id, status, email, phone,
          cast(lead_source as varchar) as lead_source, converted as is_converted,
          case when converted then touched end as converted_at, created as created_at,
          {key("users", "owner")} as created_by_id, touched as modified_at,
          {key("users", "owner")} as modified_by_id, deleted as is_deleted
        from {{source}}""",
    )


def deals(world: World) -> tuple[pd.DataFrame, str]:
    frame, calendar, words = world.frames["deals"], world.calendar, world.words
    owner = np.maximum(frame["owner"].to_numpy(), 0)
    hours = world.people.hours
    stamped = frame.assign(
        created=calendar.stamp(frame["created"].to_numpy(), hours[owner]),
        modified=calendar.stamp(frame["modified"].to_numpy(), hours[owner]),
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
    return (
        stamped,
        f"""
        select {key("deals", "n")} as id,
          coalesce(name, project || ' ' || site || case when account >= 0
            then ' – ' || account_name else '' end) as name,
          {key("accounts", "account")} as account_id, {key("contacts", "contact")} as contact_id,
          {key("users", "owner")} as owner_id, {named("kind", words.PIPELINES)} as pipeline,
          {named("stage", stage_names(world))} as stage, stage >= {OPEN_STAGES} as is_closed,
          stage = {WON} as is_won, cast(amount as decimal(18, 2)) as amount,
          '{"EUR" if world.plan.language == "fr" else "GBP"}' as currency,
          cast(chance as decimal(18, 6)) as probability,
          {named("category", words.CATEGORIES)} as forecast_category,
          cast(close as date) as close_date, {named("next_step", words.NEXT_STEPS)} as next_step,
          lost_reason, coalesce(type, {named("kind", words.TYPES)}) as type, lead_source,
          description, stage_changed as stage_changed_at, created as created_at,
          case when by_program then {key("users", str(program))}
            else {key("users", "owner")} end as created_by_id,
          modified as modified_at, {key("users", "modified_by")} as modified_by_id,
          cast(null as timestamp) as last_activity_at, deleted as is_deleted{extras}
        from {{source}}""",
    )


def stages(world: World) -> tuple[pd.DataFrame, str]:
    names = stage_names(world)
    frame = pd.DataFrame(
        {
            "name": names,
            "rank": np.arange(1, len(names) + 1),
            "is_closed": np.arange(len(names)) >= OPEN_STAGES,
            "is_won": np.arange(len(names)) == WON,
            "chance": DEFAULT_CHANCES,
        }
    )
    return (
        frame,
        f"""
        select {key("stages", "n")} as id, name, rank, is_closed, is_won, chance as probability
        from {{source}}""",
    )
