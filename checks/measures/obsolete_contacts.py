"""Contacts of customers that nobody reaches any more: bounced, or without a word for two years."""

from __future__ import annotations

from dataclasses import replace

from checks.context import Context, hits_relation, population_relation
from checks.events.relations import relation, signs, unseen
from checks.measurement import Measurement, not_observable
from checks.measures.examined import absent, eligible_relation, measured, observable
from checks.spec import CheckSpec
from connectors.engines.duckdb import literal

#: Months of silence that make a contact obsolete, and those that begin to, where the activities
#: that were exported reach back no further.
_OBSOLETE, _BEGINNING = 24, 12
#: Where fewer exchanges in ten say with whom they were, silence says nothing of a contact.
_LEAST_NAMED_IN_TEN = 3
#: Kinds of activity that take two: notes and tasks do not.
_WITH_SOMEBODY = ("call", "email", "event", "meeting")


def obsolete_contact(context: Context, spec: CheckSpec) -> Measurement:
    """Judge the contacts of active customers by their last exchange, and by bounced mail.

    A contact who was entered since then has had no time to fall silent. Hits say in ``field``
    what is wrong, and in ``last_exchange`` when somebody last talked to the contact.
    """
    missing = unseen(context, "human_activities") or absent(context, "activities", ["contact_id"])
    if missing:
        return missing
    exchanges, named, months = _seen(context)
    if months is None:
        return not_observable("activities_too_recent", months=_BEGINNING)
    if named * 10 < exchanges * _LEAST_NAMED_IN_TEN:
        return not_observable("activities_without_contacts", share=100 * named // exchanges)
    eligible, hits = eligible_relation(spec), hits_relation(spec)
    bounced = "coalesce(contacts.email_bounced, false)"
    silent_since = f"months_before({literal(context.as_of.isoformat())}, {months})"
    context.snapshot.run(
        f"create or replace temp view {eligible} as select * from {population_relation(spec)};"
        f"create or replace table {hits} as "
        "with exchange as (select contact_id, max(happened_day) as day "
        f"from ({_exchanges(context)}) where contact_id is not null group by contact_id) "
        "select examined.row_no, examined.record_id, exchange.day as last_exchange, "
        f"if({bounced}, 'email_bounced', 'last_exchange') as field "
        f"from {eligible} examined join contacts using (row_no) "
        "left join exchange on exchange.contact_id = contacts.id "
        f"where {bounced} or coalesce(greatest(exchange.day, day_of(contacts.last_activity_at), "
        f"day_of(contacts.created_at)) < {silent_since}, false) order by examined.row_no"
    )
    doubts = signs(context, "inbox")
    return replace(
        measured(context, spec),
        is_capped=months < _OBSOLETE,
        evidence="estimated" if doubts else "measured",
        reason_facts={"doubts": doubts} if doubts else {},
    )


def _seen(context: Context) -> tuple[int, int, int | None]:
    """Return the exchanges seen, those that name a contact, and the months that they reach back.

    One in a hundred may lie before, so that a mistyped year does not lengthen the past. The
    months are those of silence that can be judged, or None if too few.
    """
    ((exchanges, named, whole, part),) = context.snapshot.rows(
        "select count(*), count(contact_id), "
        f"quantile_disc(happened_day, 0.01) <= months_before($as_of, {_OBSOLETE}), "
        f"quantile_disc(happened_day, 0.01) <= months_before($as_of, {_BEGINNING}) "
        f"from ({_exchanges(context)})",
        {"as_of": context.as_of},
    )
    months = _OBSOLETE if whole else _BEGINNING if part else None
    return exchanges, named, months


def _exchanges(context: Context) -> str:
    done = relation(context, "human_activities")
    kinds = ", ".join(literal(kind) for kind in _WITH_SOMEBODY)
    by_kind = f" where kind in ({kinds})" if observable(context, "activities", ["kind"]) else ""
    return f"select contact_id, happened_day from {done}{by_kind}"
