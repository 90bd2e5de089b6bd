"""Checks and contexts for tests of the row-check engine, from as few words as possible."""

from __future__ import annotations

from datetime import date
from typing import Any

from checks.authoring.rehearsal import snapshot_from_rows
from checks.context import Context
from checks.judgement.scoring import JudgedCheck, judge_check
from checks.measurement import Measurement
from checks.measuring import Measured, measure_all
from checks.profile import Profile
from checks.spec import CheckSpec, CheckText, Texts, Tolerance, WorklistSpec

AS_OF = date(2026, 6, 30)

_TEXT = CheckText(title="t", **{"pass": "p"}, fail="f", why="w", fix="x")


def spec(defect: str | None = None, **changes: Any) -> CheckSpec:
    """A check on deals that examines every live deal, but for what is said otherwise."""
    worklist = {"columns": changes.pop("columns", ("name",)), "sort": changes.pop("sort", ())}
    fields: dict[str, Any] = {
        "id": "a-check",
        "code": "S1.A1",
        "version": 1,
        "table": "deals",
        "population": "is_live",
        "defect": defect,
        "tolerance": Tolerance(t_lo=0.05, n_min=30),
        "effort": "S",
        "foundation": "ritual",
        "text": Texts(en=_TEXT, fr=_TEXT),
        "worklist": WorklistSpec(**worklist),
    }
    return CheckSpec(**{**fields, **changes})


def context_of(
    tables: dict[str, list[dict[str, Any]]], *, supplied: Any = None, **profile: Any
) -> Context:
    """A context on the rows given, at the end of June 2026."""
    return Context(snapshot_from_rows(tables, supplied=supplied), Profile(**profile), AS_OF)


def measured(context: Context, *specs: CheckSpec) -> Measured:
    """Measure these checks alone."""
    return measure_all(context, specs)


def measure(context: Context, one: CheckSpec) -> Measurement:
    """Measure one check alone."""
    return measured(context, one).measurements[one.id]


def judged(measurement: Measurement, one: CheckSpec) -> JudgedCheck:
    """Judge what was measured of a check."""
    return judge_check(one, measurement)


def hit_ids(context: Context, measurement: Measurement) -> list[str]:
    """The ids of the records hit, in the order of the source."""
    query = f"select record_id from {measurement.hits} order by row_no"
    return [record_id for (record_id,) in context.snapshot.rows(query)]


def counts(measurement: Measurement) -> tuple[int, int]:
    """Records examined, and failed."""
    return measurement.n_eligible, measurement.k_defect
