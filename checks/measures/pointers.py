"""Texts that send the reader elsewhere: to a mailbox, a spreadsheet, a chat, a notebook.

Mails are no notes, whoever logged them: what they say is said to the customer. So only what
people typed into the CRM is read.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from checks.context import Context, hits_relation, slug
from checks.events.relations import relation, unseen
from checks.lexicon.pointers import (
    container_named,
    in_plain_signs,
    kind_named,
    names_container,
    sounds_pointing,
    spared,
)
from checks.measurement import Measurement, not_observable
from checks.measures.examined import eligible_relation, measured, observable, rate_of
from checks.results import GroupStat
from checks.rows.flags import members_relation
from checks.spec import CheckSpec
from connectors.engines.duckdb import identifier, literal
from connectors.snapshot import Availability

_FIELDS = {
    "deals": ("next_step", "description", "lost_reason"),
    "activities": ("subject", "body"),
}
#: A container in the names of so many deals, and this share of them, is what the company sells.
_SOLD_FROM, _SOLD_SHARE = 3, 0.01


@dataclass(frozen=True)
class _Texts:
    """The texts of one table: ``relation`` has its columns, ``row_no`` tells tables apart."""

    table: str
    relation: str
    row_no: str
    fields: tuple[str, ...]

    def filled(self) -> str:
        return " or ".join(f"is_filled({identifier(field)})" for field in self.fields)


def pointer_outside_crm(context: Context, spec: CheckSpec) -> Measurement:
    """Find the deals and activities with a text that points outside the CRM.

    ``n`` counts those that hold any text. ``hits`` say the field and the kind of container, and
    nothing of the text itself.
    """
    texts = _readable(context, spec)
    missing = _unread(context)
    if not texts:
        columns = [f"{table}.{field}" for table, field in missing]
        reason = str(context.snapshot.capabilities.column(*missing[0])) if missing else "no_texts"
        return not_observable(reason, missing=missing, columns=columns)
    eligible = " union all ".join(
        f"select {one.row_no} as row_no, id as record_id, owner_id from {one.relation} "
        f"where {one.filled()}"
        for one in texts
    )
    context.snapshot.run(f"create or replace temp view {eligible_relation(spec)} as {eligible}")
    _create_hits(context, spec, texts)
    counted = measured(context, spec, groups=_groups(context, spec, texts))
    return replace(counted, missing=missing)


def _readable(context: Context, spec: CheckSpec) -> list[_Texts]:
    found = []
    if deals := observable(context, "deals", _FIELDS["deals"]):
        found.append(_Texts("deals", members_relation(spec), "row_no", tuple(deals)))
    activities = observable(context, "activities", _FIELDS["activities"])
    if activities and unseen(context, "human_activities") is None:
        start = {"as_of": context.as_of, "months": context.profile.window_months}
        ((since,),) = context.snapshot.rows("select months_before($as_of, $months)", start)
        typed = (
            f"(select * from activities where row_no in (select row_no from "
            f"{relation(context, 'human_activities')} where is_manual and "
            f"kind is distinct from 'email' and happened_day >= {literal(str(since))}))"
        )
        found.append(_Texts("activities", typed, "-row_no", tuple(activities)))
    return found


def _unread(context: Context) -> tuple[tuple[str, str], ...]:
    """Return the texts that the export leaves out; one that nobody fills is no loss."""
    column = context.snapshot.capabilities.column
    return tuple(
        (table, field)
        for table, fields in _FIELDS.items()
        for field in fields
        if not column(table, field).observable
        and column(table, field) is not Availability.COLUMN_EMPTY
    )


def _create_hits(context: Context, spec: CheckSpec, texts: list[_Texts]) -> None:
    """Let each step look only at what the one before it left, for each costs more.

    Even to read the expressions takes the engine as long as to look through many texts: where no
    text names a container, nothing else is asked.
    """
    snapshot, named, hits = context.snapshot, f"named_{slug(spec)}", hits_relation(spec)
    naming = " union all ".join(
        f"select {one.row_no} as row_no, id as record_id, owner_id, "
        f"{literal(one.table)} as table_name, {literal(field)} as field, "
        f"{in_plain_signs(identifier(field))} as text from {one.relation} "
        f"where {names_container(identifier(field))}"
        for one in texts
        for field in one.fields
    )
    snapshot.run(f"create or replace temp table {named} as {naming}")
    if snapshot.count(named):
        _create_pointing(context, named, hits)
    else:
        snapshot.run(
            f"create or replace table {hits} as "
            f"select * exclude (text), cast(null as varchar) as container from {named}"
        )
    snapshot.run(f"drop table {named}")


def _create_pointing(context: Context, named: str, hits: str) -> None:
    """Create the hits from the texts that name a container, of whatever kind."""
    sold, heard = _sold(context), f"heard_{named}"
    context.snapshot.run(
        f"create or replace temp table {heard} as "
        f"select * replace ({spared('text', sold)} as text) from {named} "
        f"where {names_container('text', sold)} and {sounds_pointing('text', sold)}"
    )
    context.snapshot.run(
        f"create or replace table {hits} as "
        f"select * exclude (text), {kind_named('text')} as container from {heard} "
        f"where {sounds_pointing('text', sold)}"
    )
    context.snapshot.run(f"drop table {heard}")


def _sold(context: Context) -> Collection[str]:
    """Return the containers in the names of what the company sells: they prove nothing."""
    offered = "offered_containers"
    context.snapshot.run(
        f"create or replace temp table {offered} as "
        f"select text, {container_named('text')} as container from "
        f"(select {in_plain_signs('typed')} as text from "
        "(select concat_ws(' ', name, type, pipeline) as typed from deals where is_live) "
        f"where {names_container('typed')})"
    )
    often = (
        "group by container having count(*) >= "
        f"greatest({_SOLD_FROM}, {_SOLD_SHARE} * (select count(*) from deals where is_live)) "
        "order by container"
    )
    sold = context.snapshot.rows(f"select container from {offered} {often}")
    if sold:
        sold = context.snapshot.rows(
            f"select container from {offered} where not ({sounds_pointing('text')}) {often}"
        )
    context.snapshot.run(f"drop table {offered}")
    return [container for (container,) in sold]


def _groups(context: Context, spec: CheckSpec, texts: list[_Texts]) -> list[GroupStat]:
    hit = {
        (table, field): count
        for table, field, count in context.snapshot.rows(
            f"select table_name, field, count(*) from {hits_relation(spec)} group by all"
        )
    }
    groups, total = [], 0
    for one in texts:
        counts = ", ".join(
            f"count(*) filter (is_filled({identifier(field)}))" for field in one.fields
        )
        (filled,) = context.snapshot.rows(f"select {counts} from {one.relation}")
        for field, n in zip(one.fields, filled, strict=True):
            total += n
            if n:
                groups.append(
                    rate_of("field", f"{one.table}.{field}", n, hit.get((one.table, field), 0))
                )
    kinds = context.snapshot.rows(
        f"select container, count(*) from {hits_relation(spec)} group by 1 order by 1"
    )
    return [*groups, *(rate_of("container", kind, total, count) for kind, count in kinds if kind)]
