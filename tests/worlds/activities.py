"""What is done for deals and leads, and what of it is logged: calls, meetings, tasks, mails."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import numpy as np
import pandas as pd

from tests.worlds.customers import Customers
from tests.worlds.habits import Floats, Habits, Ints, Mask
from tests.worlds.journeys import NEW, Journeys
from tests.worlds.labels import Labels, numbers
from tests.worlds.people import People
from tests.worlds.phrases import pointers, sentences
from tests.worlds.pipeline import Pipeline
from tests.worlds.plan import Plan, Ritual
from tests.worlds.rhythm import Rhythm
from tests.worlds.workdays import Workdays

KINDS = ("email", "call", "meeting", "task", "note")
_SHARES = (0.34, 0.24, 0.14, 0.14, 0.14)
EMAIL, CALL, MEETING, TASK, NOTE = range(5)


@dataclass
class Activities:
    """One entry an activity; ``parent`` columns are numbers, -1 for none.

    Attributes:
        frame: ``kind, deal, account, contact, lead, owner, typist, at, logged, due, is_closed,
            source, subject, body`` - moments are work times.
    """

    frame: pd.DataFrame


def act(
    plan: Plan,
    words: ModuleType,
    habits: Habits,
    people: People,
    rhythm: Rhythm,
    calendar: Workdays,
    labels: Labels,
    journeys: Journeys,
    pipeline: Pipeline,
    customers: Customers,
) -> Activities:
    """Return everything that is logged about deals and leads, and the tasks still to do."""
    deal, at = _on_deals(plan, habits, calendar, journeys)
    unlogged = _unlogged(habits, calendar, journeys, pipeline)
    rng = habits.rng("activities")
    kind = rng.choice(len(KINDS), len(deal), p=_SHARES)
    rep = journeys.rep[deal]
    manual = kind != EMAIL
    logged = _logged(habits, calendar, rep, at, kind)
    logged = np.where(kind == TASK, np.maximum(logged, pipeline.created[deal]), logged)
    late = logged - at > 2.5
    known = (logged < calendar.end) & ~unlogged[deal]
    known &= ~(pipeline.at_once[deal] & (at < pipeline.created[deal]))
    deserts = _Deserts(habits, calendar, labels)
    known &= ~(manual & deserts.hold(rep, at))
    deal, at, kind, rep, logged, late = (
        values[known] for values in (deal, at, kind, rep, logged, late)
    )
    contact = customers.someone_at(habits.rng("activities/contact"), customers.account_of[deal])
    frame = pd.DataFrame(
        {
            "kind": kind,
            "deal": deal,
            "account": customers.account_of[deal],
            "contact": contact,
            "lead": -1,
            "owner": rep,
            "typist": np.where(kind == EMAIL, rep, rhythm.typist(rep, logged, "activities")),
            "at": at,
            "logged": logged,
            "due": np.where(kind == TASK, np.ceil(at), np.nan),
            "is_closed": True,
            "late": late & (kind != EMAIL),
            "source": np.where(kind == EMAIL, 1, 0),
        }
    )
    todo = _tasks(habits, calendar, journeys, pipeline, customers)
    on_leads = _on_leads(habits, calendar, customers)
    on_leads = on_leads[~deserts.hold(on_leads["owner"].to_numpy(), on_leads["at"].to_numpy())]
    frame = pd.concat([frame, todo, on_leads], ignore_index=True)
    frame["late"] = frame["late"].fillna(False).astype(bool)
    frame = _import_monthly(habits, people, calendar, frame)
    _strip_parents(habits, frame)
    _write(words, habits, calendar, labels, frame)
    _label(labels, calendar, frame)
    return Activities(frame)


def _on_deals(
    plan: Plan, habits: Habits, calendar: Workdays, journeys: Journeys
) -> tuple[Ints, Floats]:
    """Return deals and moments: over-dispersed between deals, even within the life of each."""
    rng = habits.rng("activities/times")
    count = len(journeys)
    until = np.minimum(np.minimum(journeys.closing, journeys.death), calendar.end)
    begun = journeys.created
    pace = rng.gamma(5.0, 1 / 5.0, count) * plan.activity / 5
    number = rng.poisson(pace * np.maximum(until - begun, 0))
    number += ((journeys.closing < calendar.end) & (rng.random(count) < 0.9)).astype(np.int64)
    number[journeys.untouched] = 0
    deal = np.repeat(np.arange(count), number)
    at = begun[deal] + rng.random(len(deal)) * (until - begun)[deal]
    if plan.ritual is not None:
        span = np.where(journeys.untouched, 0.0, until - begun)
        asked, when = _asked_for(rng, plan.ritual, span, deal, at - begun[deal])
        deal = np.concatenate([deal, asked])
        at = np.concatenate([at, begun[asked] + when])
    order = np.lexsort((at, deal))
    return deal[order], np.minimum(at[order], calendar.end - 1e-3)


def _asked_for(
    rng: np.random.Generator, ritual: Ritual, span: Floats, deal: Ints, since: Floats
) -> tuple[Ints, Floats]:
    """Return what reviews bring about: a deal that was silent for two weeks gets a call."""
    fortnights = np.floor(np.maximum(span, 0) / 10).astype(np.int64)
    offset = np.cumsum(fortnights) - fortnights
    which = (since / 10).astype(np.int64)
    whole = which < fortnights[deal]
    busy = np.bincount(offset[deal[whole]] + which[whole], minlength=int(fortnights.sum())) > 0
    owner = np.repeat(np.arange(len(span)), fortnights)
    asked = ~busy & (rng.random(len(busy)) < ritual.coverage * ritual.regularity)
    start = (np.arange(len(busy)) - offset[owner]) * 10.0
    return owner[asked], (start + rng.uniform(0, 10, len(busy)))[asked]


def _unlogged(habits: Habits, calendar: Workdays, journeys: Journeys, pipeline: Pipeline) -> Mask:
    """Return the won deals of which nobody logs anything."""
    sold = journeys.won & (journeys.kind == NEW) & np.isfinite(pipeline.closing)
    return habits.strikes(
        "won-deal-without-activity",
        journeys.rep,
        among=sold,
        of=sold & ~pipeline.at_once & (pipeline.closing >= calendar.back(365)),
        from_source=journeys.from_web,
    )


def _logged(habits: Habits, calendar: Workdays, rep: Ints, at: Floats, kind: Ints) -> Floats:
    """Return when activities are created: tasks ahead, mails and notes at once, others when logged.

    That is the same day or the next; only those with the habit log later than that.
    """
    manual = (kind == CALL) | (kind == MEETING)
    rng = habits.rng("activities/logged")
    prompt = np.minimum(at + rng.exponential(0.2, len(at)).clip(0.02, 1.2), np.floor(at) + 1.9)
    prompt = np.where(calendar.before_closure[at.astype(np.int64)], at + 0.01, prompt)
    # A task is made ahead, and counts as typed in time.
    dated = (manual | (kind == TASK)) & (at >= calendar.back(365))
    late = habits.strikes("late-logged-activity", rep, among=manual, of=dated)
    prompt = np.where(late, at + 3.1 + rng.exponential(3.0, len(at)), prompt)
    ahead = np.where(kind == TASK, at - rng.uniform(0.3, 6.0, len(at)), at + 0.003)
    return np.where(manual, prompt, ahead)


class _Deserts:
    """Months of which a rep logs nothing by hand, neither on deals nor on leads."""

    def __init__(self, habits: Habits, calendar: Workdays, labels: Labels) -> None:
        dry = habits.have("activity-desert")
        rng = habits.rng("activity-desert/months")
        self.months = calendar.month - calendar.month[0]
        self.is_dry = dry[:, None] & (rng.random((len(dry), self.months[-1] + 1)) < 0.5)
        reps = numbers(dry)
        labels.add("activity-desert", "users", reps, rep=reps)

    def hold(self, rep: Ints, at: Floats) -> Mask:
        """Return what is done by someone in such a month."""
        is_dry: Mask = self.is_dry[rep, self.months[at.astype(np.int64)]] & (rep >= 0)
        return is_dry


def _tasks(
    habits: Habits,
    calendar: Workdays,
    journeys: Journeys,
    pipeline: Pipeline,
    customers: Customers,
) -> pd.DataFrame:
    """Return open tasks and planned meetings on live deals; some are overdue."""
    rng = habits.rng("tasks")
    end = calendar.end
    alive = pipeline.is_open & ~journeys.dead & (pipeline.created < end - 1)
    silent = habits.strikes("open-deal-without-next-step", journeys.rep, of=pipeline.is_open)
    deal = numbers(alive & ~silent & (rng.random(len(journeys)) < 0.55))
    since = np.maximum(pipeline.created[deal], end - 60)
    # A task of a young deal can be overdue by a few days only, and those of the last days by none.
    longest = np.minimum(end - since, 45)
    overdue = habits.strikes(
        "overdue-task", journeys.rep[deal], among=longest > 7.5, of=np.full(len(deal), True)
    )
    late_by = 7 + rng.random(len(deal)) * np.maximum(longest - 7, 0)
    due = np.where(overdue, end - late_by, end + rng.uniform(1, 25, len(deal)))
    made = np.minimum(np.maximum(since, due - 20), end - 0.5)
    meets = ~overdue & (rng.random(len(deal)) < 0.2)
    return pd.DataFrame(
        {
            "kind": np.where(meets, MEETING, TASK),
            "deal": deal,
            "account": customers.account_of[deal],
            "contact": customers.someone_at(rng, customers.account_of[deal]),
            "lead": -1,
            "owner": journeys.rep[deal],
            "typist": journeys.rep[deal],
            "at": due,
            "logged": made,
            "due": due,
            "is_closed": False,
            "late": False,
            "source": 0,
            "overdue": overdue,
        }
    )


def _on_leads(habits: Habits, calendar: Workdays, customers: Customers) -> pd.DataFrame:
    """Return calls to leads that somebody looks after."""
    rng = habits.rng("activities/leads")
    leads = customers.leads
    number = np.where(leads["untouched"], 0, rng.integers(1, 4, len(leads)))
    lead = np.repeat(np.arange(len(leads)), number)
    begun = leads["created"].to_numpy()[lead]
    at = np.minimum(begun + 0.1 + rng.exponential(3.0, len(lead)), calendar.end - 0.01)
    owner = leads["owner"].to_numpy()[lead]
    return pd.DataFrame(
        {
            "kind": CALL,
            "deal": -1,
            "account": -1,
            "contact": -1,
            "lead": lead,
            "owner": owner,
            "typist": owner,
            "at": at,
            "logged": at + 0.005,
            "due": np.nan,
            "is_closed": True,
            "late": False,
            "source": 0,
        }
    )


def _import_monthly(
    habits: Habits, people: People, calendar: Workdays, frame: pd.DataFrame
) -> pd.DataFrame:
    """Bring in, once a month, what a spreadsheet holds: up to ninety calls in four minutes."""
    if not habits.excess("recurring-import"):
        return frame
    days = calendar.month_start[np.unique(calendar.month_start)][-6:]
    at = frame["at"].to_numpy()
    done = frame["is_closed"].to_numpy() & frame["kind"].isin([CALL, MEETING, NOTE]).to_numpy()
    for day in days:
        earlier = numbers(done & (at < day) & (at > day - 22))[:90]
        frame.loc[frame.index[earlier], "logged"] = day + 0.30 + np.arange(len(earlier)) * 5e-5
        frame.loc[frame.index[earlier], "typist"] = people.assistant
        frame.loc[frame.index[earlier], "source"] = 2
    return frame


def _strip_parents(habits: Habits, frame: pd.DataFrame) -> None:
    """Leave some activities attached to nothing."""
    owner = frame["owner"].to_numpy()
    fit = (frame["source"] == 0).to_numpy() & (frame["lead"] < 0).to_numpy()
    fit &= frame["is_closed"].to_numpy()
    orphan = habits.strikes("activity-without-parent", owner, among=fit)
    frame["orphan"] = orphan
    for parent in ("deal", "account", "contact"):
        frame.loc[orphan, parent] = -1


def _write(
    words: ModuleType, habits: Habits, calendar: Workdays, labels: Labels, frame: pd.DataFrame
) -> None:
    """Give every activity its subject, half of the manual ones a text, and some a pointer."""
    rng = habits.rng("activities/texts")
    count = len(frame)
    kind = frame["kind"].to_numpy()
    subjects = [words.SUBJECTS[name] for name in KINDS]
    vocabulary = [text for each in subjects for text in each]
    offset = np.cumsum([0, *(len(each) for each in subjects)])[kind]
    of_kind = np.array([len(each) for each in subjects])[kind]
    codes = offset + (rng.random(count) * of_kind).astype(np.int64)
    frame["subject"] = pd.Categorical.from_codes(codes, vocabulary, ordered=False)
    plain = sentences(words)
    known, outside = pointers()
    text = rng.integers(0, len(plain), count)
    has_text = (kind != EMAIL) & ((kind == NOTE) | (rng.random(count) < 0.45))
    # Nobody typed what an import brought.
    recent = (frame["at"] >= calendar.back(365)).to_numpy() & (frame["source"] == 0).to_numpy()
    sends = habits.strikes(
        "pointer-outside-crm",
        frame["owner"].to_numpy(),
        among=has_text,
        of=recent & (kind != EMAIL),  # a subject is a text, too
    )
    away = sends & (rng.random(count) < 0.25)
    near = sends & ~away
    text[near] = len(plain) + rng.integers(0, len(known), int(near.sum()))
    text[away] = len(plain) + len(known) + rng.integers(0, len(outside), int(away.sum()))
    bodies = [*plain, *known, *outside]
    frame["body"] = pd.Categorical.from_codes(np.where(has_text, text, -1), bodies)
    for form, which in (("known", near), ("outside", away)):
        rows = numbers(which & recent)
        owner = frame["owner"].to_numpy()[rows]
        labels.add("pointer-outside-crm", "activities", rows, rep=owner, form=form)


def _label(labels: Labels, calendar: Workdays, frame: pd.DataFrame) -> None:
    owner = frame["owner"].to_numpy()
    by_hand = (frame["source"] == 0).to_numpy()
    entered = (frame["logged"] >= calendar.back(365)).to_numpy()
    overdue = frame["overdue"].eq(True).to_numpy() & (frame["due"] < calendar.back(8)).to_numpy()
    for check_id, which in (
        ("late-logged-activity", frame["late"].to_numpy() & by_hand & entered),
        ("activity-without-parent", frame["orphan"].to_numpy()),
        ("overdue-task", overdue),
    ):
        rows = numbers(which)
        labels.add(check_id, "activities", rows, rep=owner[rows])
