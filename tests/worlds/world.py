"""A whole world: its people, what they did, what they typed, and what went wrong in it."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import numpy as np
import pandas as pd

from tests.worlds import (
    activities,
    beliefs,
    customers,
    deals,
    history,
    journeys,
    people,
    pipeline,
    slips,
    traces,
)
from tests.worlds.aftermath import Aftermath
from tests.worlds.habits import Habits
from tests.worlds.labels import Labels
from tests.worlds.people import People
from tests.worlds.plan import Plan
from tests.worlds.rhythm import Rhythm
from tests.worlds.words import english, french
from tests.worlds.workdays import Workdays, working_days

WORDS: dict[str, ModuleType] = {"fr": french, "en": english}

#: First letters of the ids of each table's records, as Salesforce gives them.
PREFIXES = {
    "users": "005", "teams": "00E", "accounts": "001", "contacts": "003", "leads": "00Q",
    "deals": "006", "stages": "01J", "activities": "00T", "field_history": "017",
    "attachments": "068", "logins": "0Ya", "analytics": "00O",
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """One CRM and the truth about it.

    Attributes:
        labels: One row a defect: ``check_id, table, number, rep, cause, form, twin``.
        dead: Per deal, whether it is open in the CRM and dead in truth.
        frames: What was typed, by table, in numbers and work times; ``adapters`` make ids,
            stamps and texts of it.
    """

    plan: Plan
    words: ModuleType
    calendar: Workdays
    people: People
    frames: dict[str, pd.DataFrame]
    labels: pd.DataFrame
    dead: np.ndarray

    def labelled(self, check_id: str, *, form: str | None = None) -> set[str]:
        """Return the ids of the records that a check should find."""
        chosen = self.labels[self.labels["check_id"] == check_id]
        if form is not None:
            chosen = chosen[chosen["form"] == form]
        return {record_id(t, n) for t, n in zip(chosen["table"], chosen["number"], strict=True)}

    def bad_reps(self, habit: str) -> set[str]:
        """Return the ids of the users who have a habit of people."""
        return self.labelled(habit)

    @property
    def reps(self) -> list[str]:
        """Ids of the sellers whom the plan counts."""
        return [record_id("users", number) for number in np.flatnonzero(self.people.seller)]


def record_id(table: str, number: int) -> str:
    """Return the id of a record, the same in every adapter but those with ids of their own."""
    return f"{PREFIXES[table]}Kz{int(number):010d}AAA"


def make_world(plan: Plan) -> World:
    """Make the world of a plan; the same plan gives the same world."""
    words = WORDS[plan.language]
    calendar = working_days(plan.as_of, plan.months + journeys.WARM_UP)
    everyone = people.hire(plan, words, calendar)
    habits = Habits(plan, everyone.seller, everyone.team)
    labels = Labels(plan)
    rhythm = Rhythm(plan, habits, everyone, calendar)
    course = journeys.travel(plan, habits, everyone, calendar, labels)
    clients = customers.win_over(plan, words, habits, everyone, calendar, course)
    moves = pipeline.type_moves(habits, rhythm, calendar, labels, course)
    dates = beliefs.announce(habits, calendar, labels, course, moves.created)
    amounts = beliefs.estimate(habits, everyone, calendar, course)
    slips.slip(words, habits, calendar, labels, course, clients)
    typed = deals.enter(
        plan, words, habits, everyone, calendar, labels, course, moves, dates, amounts, clients
    )
    edits, steps = history.record_history(
        plan,
        words,
        habits,
        everyone,
        rhythm,
        calendar,
        labels,
        course,
        moves,
        dates,
        amounts,
        typed,
    )
    done = activities.act(
        plan, words, habits, everyone, rhythm, calendar, labels, course, moves, clients
    )
    changes = history.tracked(plan, calendar, edits)
    Aftermath(
        calendar, labels, course, moves, clients, amounts, typed, edits, changes, done.frame
    ).label()
    frames = {
        "deals": _finish(typed, steps, edits),
        "accounts": clients.accounts,
        "contacts": clients.contacts,
        "leads": clients.leads,
        "activities": done.frame,
        "field_history": changes,
        "attachments": traces.attach(words, habits, everyone, calendar, labels, course, moves),
        "logins": traces.log_in(habits, everyone, rhythm, calendar, labels),
        "analytics": traces.report(words, habits, everyone, calendar, labels),
    }
    known = _of_live_records(labels.frame(), frames)
    return World(plan, words, calendar, everyone, frames, known, course.dead)


def _of_live_records(labels: pd.DataFrame, frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the labels of records that are not in the recycle bin."""
    gone = np.zeros(len(labels), dtype=bool)
    for table, frame in frames.items():
        if "deleted" in frame:
            deleted = np.flatnonzero(frame["deleted"])
            gone |= ((labels["table"] == table) & labels["number"].isin(deleted)).to_numpy()
    return labels[~gone].reset_index(drop=True)


def _finish(typed: pd.DataFrame, steps: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Return deals with what follows from their history: next step, last change, who made it."""
    modified, user, stage_changed = history.last_changes(changes, typed, len(typed))
    source = np.where(typed["copy_of"] >= 0, typed["copy_of"], np.arange(len(typed)))
    return typed.assign(
        next_step=steps["text"].to_numpy()[source],
        modified=modified,
        modified_by=user,
        stage_changed=stage_changed,
    )
