"""Teams of reps with thousands of deals, for tests of what differs between people."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from checks.authoring.catalogue import load_catalogue
from checks.authoring.rehearsal import snapshot_from_rows
from checks.context import Context
from checks.judgement.scoring import JudgedCheck, judge_check
from checks.measurement import Measurement
from checks.measuring import measure_all
from checks.profile import Profile
from checks.spec import CheckSpec
from connectors.engines.duckdb import identifier
from connectors.model import TABLES
from connectors.snapshot import Availability
from tests.checks.snapshots import AS_OF

Frames = dict[str, pd.DataFrame]

#: Half of the people of a team of eight.
HALF = [f"u{i:02}" for i in range(4)]
_SOURCES = ["Web", "Fair", "Call", "Partner", "Other"]


def team(reps: int = 8, each: int = 60, seed: int = 1, stages: int = 4) -> pd.DataFrame:
    """Deals of a team in which nobody differs: half of them open, in stages ``S1``, ``S2``..."""
    rng = np.random.default_rng(seed)
    n = reps * each
    state = rng.choice(["open", "won", "lost"], n, p=[0.5, 0.25, 0.25])
    created = pd.Timestamp(AS_OF) - pd.to_timedelta(rng.integers(20, 200, n), unit="D")
    position = rng.integers(1, stages + 1, n)
    stage = np.where(state == "open", np.char.add("S", position.astype(str)), state)
    return pd.DataFrame(
        {
            "id": [f"d{i}" for i in range(n)],
            "name": [f"Deal {i}" for i in range(n)],
            "owner_id": [f"u{i % reps:02}" for i in range(n)],
            "pipeline": "Sales",
            "stage": stage,
            "state": state,
            "amount": np.round(rng.lognormal(9, 1, n)) + 0.5,
            "created_at": created,
            "close_date": (
                pd.Timestamp(AS_OF) - pd.to_timedelta(rng.integers(1, 90, n), unit="D")
            ).date,
            "account_id": "a1",
            "next_step": "Call back",
        }
    )


def owned_by(deals: pd.DataFrame, people: list[str]) -> pd.Series:
    """Whether each deal belongs to one of these people."""
    return deals["owner_id"].isin(people)


def with_sources(deals: pd.DataFrame, dumpers: list[str]) -> pd.DataFrame:
    """Deals of many sources, but for those of some who always pick the last of the list."""
    picked = np.random.default_rng(11).choice(_SOURCES, len(deals))
    return deals.assign(lead_source=np.where(owned_by(deals, dumpers), "Other", picked))


def with_probabilities(deals: pd.DataFrame, people: list[str], share: float = 0.7) -> pd.DataFrame:
    """Deals as probable as their stage is, but for a share of those of some who know better."""
    usual = deals["stage"].map({"S1": 10, "S2": 30, "S3": 50, "S4": 70}).fillna(0)
    struck = owned_by(deals, people) & (np.random.default_rng(5).random(len(deals)) < share)
    return deals.assign(probability=np.where(struck, 90, usual))


def stages_of(deals: pd.DataFrame) -> pd.DataFrame:
    """The table of stages: those of the open deals in the order of their names, won and lost."""
    names = [*sorted(deals.loc[deals["state"] == "open", "stage"].unique()), "won", "lost"]
    return pd.DataFrame(
        {
            "id": names,
            "name": names,
            "pipeline": "Sales",
            "rank": range(1, len(names) + 1),
            "is_closed": [name in ("won", "lost") for name in names],
            "is_won": [name == "won" for name in names],
        }
    )


def users_of(deals: pd.DataFrame, since: str = "2020-01-01") -> pd.DataFrame:
    """Everybody who owns a deal, active and there for long."""
    owners = sorted(deals["owner_id"].dropna().unique())
    return pd.DataFrame(
        {
            "id": owners,
            "is_active": True,
            "created_at": pd.Timestamp(since),
            "is_integration": False,
        }
    )


def context_of(
    deals: pd.DataFrame, profile: dict[str, Any] | None = None, **tables: Any
) -> Context:
    """Load deals, with their stages and owners unless other tables are given."""
    made = {"stages": stages_of, "users": users_of}
    frames: Frames = {"deals": deals}
    frames |= {name: make(deals) for name, make in made.items() if name not in tables}
    frames |= tables
    columns = {table: list(frame.columns) for table, frame in frames.items()}
    kept = {
        table: [{name: None for name in names if name not in TABLES[table] and name != "state"}]
        for table, names in columns.items()
    }
    snapshot = snapshot_from_rows(kept, supplied={})
    for table, frame in frames.items():
        snapshot.run(f"delete from {table}")
        numbered = frame.assign(row_no=range(1, len(frame) + 1), is_live=True)
        snapshot.engine.register("given", numbered)
        names = ", ".join(identifier(str(name)) for name in numbered.columns)
        snapshot.run(f"insert into {table} ({names}) select {names} from given")
        snapshot.capabilities.tables[table] = Availability.SUPPLIED
        for name in columns[table]:
            snapshot.capabilities.columns[table, name] = Availability.SUPPLIED
    return Context(snapshot, Profile(**(profile or {})), AS_OF)


def check(check_id: str) -> CheckSpec:
    """One check of the catalogue."""
    return next(spec for spec in load_catalogue().checks if spec.id == check_id)


def audit(check_id: str, deals: pd.DataFrame, **tables: Any) -> tuple[Measurement, JudgedCheck]:
    """Measure and judge one check alone."""
    spec = check(check_id)
    found = measure_all(context_of(deals, **tables), [spec]).measurements[check_id]
    return found, judge_check(spec, found)


def owners(found: Measurement) -> list[str]:
    """The people that a measurement shows, in its order."""
    return [group.key for group in found.groups if group.dimension == "owner"]
