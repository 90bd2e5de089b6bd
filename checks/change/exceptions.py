"""Findings that somebody accepted, for a reason and up to a day: counted, and shown apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from checks.change.records import findings_relation, lay_out_findings
from checks.comparison import AcceptedException
from checks.context import Context
from checks.measuring import Measured
from checks.spec import CheckSpec


class Acceptance(BaseModel):
    """One entry of ``accepted:`` in ``auditor.yaml``.

    Attributes:
        check: Id of the check.
        reason: Why these findings are accepted.
        owner: Who answers for that.
        until: Last day on which they are.
        records: Ids of the records in the CRM; all findings of the check where it is empty.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    check: str
    reason: str = Field(min_length=1)
    owner: str = Field(min_length=1)
    until: date
    records: tuple[str, ...] = ()


def covered(
    context: Context,
    specs: Sequence[CheckSpec],
    measured: Measured,
    accepted: Sequence[Acceptance],
    *,
    without_people: bool,
) -> list[AcceptedException]:
    """Return how many open findings each acceptance covers; an expired one covers them no more.

    Args:
        context: The audit.
        specs: The checks that were measured.
        measured: What they found.
        accepted: What was accepted.
        without_people: Whether findings on people are left out.
    """
    places = {spec.id: place for place, spec in enumerate(specs)}
    if accepted:
        lay_out_findings(context, specs, measured, without_people=without_people)
    return [
        AcceptedException(
            check_id=one.check,
            reason=one.reason,
            owner=one.owner,
            until=one.until,
            findings=_count(context, one, places.get(one.check)),
            expired=one.until < context.as_of,
        )
        for one in accepted
    ]


def _count(context: Context, one: Acceptance, place: int | None) -> int:
    found = findings_relation()
    named = ""
    if one.records:
        named = (
            " and record_key in (select record_key(table_name, id) from "
            f"(select distinct table_name from {found}), (select unnest($records) as id))"
        )
    facts: dict[str, object] = {"place": place}
    if one.records:
        facts["records"] = list(one.records)
    ((count,),) = context.snapshot.rows(
        f"select count(*) from {found} where place = $place{named}", facts
    )
    return int(count)
