"""What else people leave behind: files, logins, reports."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pandas as pd

from tests.worlds.habits import Habits
from tests.worlds.journeys import NEW, Journeys
from tests.worlds.labels import Labels, numbers
from tests.worlds.people import People
from tests.worlds.pipeline import Pipeline
from tests.worlds.rhythm import Rhythm
from tests.worlds.workdays import Workdays

#: Working days back that the CRM keeps logins for.
_LOGIN_DAYS = 130


def attach(
    words: ModuleType,
    habits: Habits,
    people: People,
    calendar: Workdays,
    labels: Labels,
    journeys: Journeys,
    pipeline: Pipeline,
) -> pd.DataFrame:
    """Return the files on deals: offers, one price list again and again, and side files."""
    rng = habits.rng("attachments")
    count = len(journeys)
    fit = (journeys.kind == NEW) & ~journeys.untouched
    offers = numbers(fit & (rng.random(count) < 0.45))
    lists = numbers(fit & (rng.random(count) < 0.05))
    current = np.minimum(pipeline.closing, calendar.end) >= calendar.back(365)
    beside = numbers(habits.strikes("spreadsheet-attachment", journeys.rep, among=fit, of=current))
    offer_names = [
        f"{words.FILES[code]} {number}.pdf"
        for code, number in zip(rng.integers(0, len(words.FILES), len(offers)), offers, strict=True)
    ]
    surname = [name.split(" ", 1)[1] for name in people.name]
    side_names = [
        f"{words.SIDE_FILES[code]} {surname[journeys.rep[deal]]} {deal % 53}.{ending}"
        for deal, code, ending in zip(
            beside,
            rng.integers(0, len(words.SIDE_FILES), len(beside)),
            rng.choice(["xlsx", "xls", "csv"], len(beside), p=[0.7, 0.2, 0.1]),
            strict=True,
        )
    ]
    deal = np.concatenate([offers, lists, beside])
    name = [*offer_names, *([words.PRICE_LIST] * len(lists)), *side_names]
    start = pipeline.created[deal]
    until = np.minimum(np.minimum(journeys.closing, journeys.death), calendar.end)[deal]
    at = start + rng.random(len(deal)) * np.maximum(until - start, 0.02)
    counted = beside[current[beside]]
    labels.add("spreadsheet-attachment", "deals", counted, rep=journeys.rep[counted])
    return pd.DataFrame(
        {"name": np.array(name, dtype=object), "deal": deal, "owner": journeys.rep[deal], "at": at}
    )


def log_in(
    habits: Habits, people: People, rhythm: Rhythm, calendar: Workdays, labels: Labels
) -> pd.DataFrame:
    """Return logins of the last half year: most people on most days, some nobody sees again."""
    rng = habits.rng("logins")
    everyone = len(people.team)
    first = max(0, len(calendar.days) - _LOGIN_DAYS)
    days = np.arange(first, len(calendar.days))
    chance = np.where(people.weight < 1, 0.6, rng.uniform(0.75, 0.95, everyone))
    chance[people.only("director")] = 0.7
    absent = _absent_managers(habits, people)
    chance[absent] = 0.04
    comes = rng.random((everyone, len(days))) < chance[:, None]
    comes &= days[None, :] >= people.hired[:, None]
    comes &= days[None, :] < people.left[:, None]
    comes[rhythm.away] &= days[None, :] < rhythm.away_since
    user, day = np.nonzero(comes)
    at = days[day] + rng.random(len(day)) * 0.1
    away = numbers(rhythm.away)
    labels.add("user-without-login", "users", away, rep=away)
    labels.add("absent-manager", "users", absent, rep=absent)
    return pd.DataFrame({"user": user, "at": at}).sort_values(["at", "user"], ignore_index=True)


def _absent_managers(habits: Habits, people: People) -> np.ndarray:
    planted = habits.plan.plants("absent-manager")
    managers = people.only("manager")
    if planted is None:
        return managers[:0]
    away = habits.rng("absent-manager").permutation(managers)
    return np.sort(away[: max(1, round(max(planted.reps, planted.rate) * len(managers)))])


def report(
    words: ModuleType, habits: Habits, people: People, calendar: Workdays, labels: Labels
) -> pd.DataFrame:
    """Return reports and dashboards, with the last time that anybody ran them."""
    rng = habits.rng("analytics")
    names = [*words.REPORTS, *words.OTHER_REPORTS]
    steering = np.arange(len(names)) < len(words.REPORTS)
    owner = np.where(steering, rng.choice(people.only("manager"), len(names)), people.assistant)
    unread = habits.strikes("unread-report", owner, among=steering)
    ran = np.where(
        unread,
        calendar.end - rng.uniform(40, 110, len(names)),
        calendar.end - rng.uniform(0.2, 15, len(names)),
    )
    ran = np.where(steering, ran, calendar.end - rng.uniform(1, 200, len(names)))
    rows = numbers(unread)
    labels.add("unread-report", "analytics", rows, rep=owner[rows])
    return pd.DataFrame(
        {
            "name": np.array(names, dtype=object),
            "folder": np.where(steering, words.FOLDERS[0], words.FOLDERS[1]).astype(object),
            "kind": np.where(np.arange(len(names)) % 6 == 5, "dashboard", "report").astype(object),
            "owner": owner,
            "ran": np.maximum(ran, 0),
            "created": np.full(len(names), 5.0),
            "modified": np.maximum(ran - 20, 6),
        }
    )
