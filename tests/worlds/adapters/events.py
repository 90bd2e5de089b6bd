"""What happened in a world as canonical rows: a frame for the engine, and the query over it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.worlds.activities import KINDS
from tests.worlds.adapters.ids import key, named, stage_names
from tests.worlds.history import AMOUNT, CATEGORY, CHANCE, CLOSE, FIELDS, OWNER, STAGE, STEP
from tests.worlds.world import World

_SOURCES = ("CRM_UI", "EMAIL_SYNC", "IMPORT")


def activities(world: World) -> tuple[pd.DataFrame, str]:
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
    return (
        stamped,
        f"""
        select {key("activities", "n")} as id, {named("kind", KINDS)} as kind,
          cast(subject as varchar) as subject, cast(body as varchar) as body,
          {key("users", "owner")} as owner_id, {key("deals", "deal")} as deal_id,
          {key("accounts", "account")} as account_id, {key("contacts", "contact")} as contact_id,
          {key("leads", "lead")} as lead_id, happened as happened_at, cast(due as date) as due_date,
          case when is_closed and kind = {KINDS.index("task")} then happened end as completed_at,
          case when is_closed then 'Completed' else 'Not Started' end as status, is_closed,
          {named("origin", _SOURCES)} as source, logged as created_at,
          {key("users", "typist")} as created_by_id, logged as modified_at,
          {key("users", "typist")} as modified_by_id, false as is_deleted
        from {{source}}""",
    )


def history(world: World) -> tuple[pd.DataFrame, str]:
    frame, calendar, words = world.frames["field_history"], world.calendar, world.words
    # Whoever types for somebody in another time zone does so in that seller's hours, or the moves
    # of one deal would get out of order.
    owner = np.maximum(world.frames["deals"]["owner"].to_numpy(), 0)[frame["deal"]]
    stamped = frame.assign(at=calendar.stamp(frame["at"].to_numpy(), world.people.hours[owner]))
    dated = (frame["field"] == CLOSE).to_numpy()
    for value in ("old", "new"):
        moment = np.where(dated, frame[value].to_numpy(), np.nan)
        stamped[f"{value}_day"] = calendar.day(moment).astype("datetime64[s]")

    def text(value: str) -> str:
        day = f"strftime({value}_day, '%Y-%m-%d')"
        cases = {
            STAGE: named(value, stage_names(world)),
            CHANCE: f"cast(cast({value} as decimal(9, 1)) as varchar)",
            CATEGORY: named(value, words.CATEGORIES),
            CLOSE: day,
            AMOUNT: f"cast(cast({value} as decimal(18, 2)) as varchar)",
            STEP: named(value, words.NEXT_STEPS),
            OWNER: key("users", value),
        }
        whens = " ".join(f"when {field} then {sql}" for field, sql in cases.items())
        return f"case field {whens} end"

    return (
        stamped,
        f"""
        select {key("field_history", "n")} as id, 'deals' as table_name,
          {key("deals", "deal")} as record_id, {named("field", FIELDS)} as field,
          {text("old")} as old_value, {text("new")} as new_value, "at" as changed_at,
          {key("users", '"user"')} as user_id, 'CRM_UI' as source
        from {{source}}""",
    )


def attachments(world: World) -> tuple[pd.DataFrame, str]:
    frame, calendar = world.frames["attachments"], world.calendar
    stamped = frame.assign(
        at=calendar.stamp(frame["at"].to_numpy()),
        extension=frame["name"].str.rsplit(".", n=1).str[-1],
    )
    return (
        stamped,
        f"""
        select {key("attachments", "n")} as id, name, extension,
          {key("deals", "deal")} as record_id,
          {key("users", "owner")} as owner_id, "at" as created_at,
          {key("users", "owner")} as created_by_id
        from {{source}}""",
    )


def logins(world: World) -> tuple[pd.DataFrame, str]:
    frame = world.frames["logins"]
    hours = world.people.hours[frame["user"].to_numpy()]
    stamped = frame.assign(at=world.calendar.stamp(frame["at"].to_numpy(), hours))
    return (
        stamped,
        f"""
        select {key("logins", "n")} as id, {key("users", '"user"')} as user_id,
          "at" as logged_in_at, 'Application' as kind
        from {{source}}""",
    )


def analytics(world: World) -> tuple[pd.DataFrame, str]:
    frame, calendar = world.frames["analytics"], world.calendar
    stamped = frame.assign(
        ran=calendar.stamp(frame["ran"].to_numpy()),
        created=calendar.stamp(frame["created"].to_numpy()),
        modified=calendar.stamp(frame["modified"].to_numpy()),
    )
    return (
        stamped,
        f"""
        select {key("analytics", "n")} as id, kind, name, folder,
          {key("users", "owner")} as owner_id, ran as last_run_at, created as created_at,
          {key("users", "owner")} as created_by_id,
          modified as modified_at, {key("users", "owner")} as modified_by_id
        from {{source}}""",
    )
