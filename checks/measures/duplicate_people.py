"""Contacts and leads that are one person: same mailbox, same mobile, same name at one company."""

from __future__ import annotations

from checks.context import Context, slug
from checks.measurement import Measurement
from checks.measures.clusters import Key, links_of_keys, measure_clusters
from checks.measures.examined import absent, observable
from checks.measures.recognition import mail_key, phone_key
from checks.spec import CheckSpec


def duplicate_contact(context: Context, spec: CheckSpec) -> Measurement:
    """Recognise a contact by mail, then by phone, then by name within the account."""
    return _duplicate_person(context, spec, company="account_id", company_key="record.account_id")


def duplicate_lead(context: Context, spec: CheckSpec) -> Measurement:
    """Recognise a lead by mail, then by phone, then by name within the company as typed."""
    return _duplicate_person(
        context, spec, company="company", company_key="nullif(squash(record.company), '')"
    )


def _duplicate_person(
    context: Context, spec: CheckSpec, *, company: str, company_key: str
) -> Measurement:
    seen = set(
        observable(
            context,
            spec.table,
            ("name", "first_name", "last_name", "email", "phone", "mobile", company),
        )
    )
    named = _name(seen)
    keys = []
    if "email" in seen:
        keys.append(Key("email", mail_key("record.email", "record.person" if named else "")))
    if "mobile" in seen:
        keys.append(Key("mobile", phone_key("record.mobile")))
    # Colleagues share a desk's number: it recognises a person together with the name only.
    if "phone" in seen and named:
        keys.append(Key("phone", f"{phone_key('record.phone')} || '|' || record.person"))
    if company in seen and named:
        keys.append(Key("name", f"record.person || '|' || {company_key}"))
    if not keys:
        return absent(context, spec.table, ["email", "name"]) or Measurement()
    source = f"named_{slug(spec)}"
    context.snapshot.run(
        f"create or replace table {source} as select record.row_no, record.id, "
        + "".join(
            f"record.{name}, " for name in sorted(seen & {"email", "phone", "mobile", company})
        )
        + f"{named or 'null'} as person from {spec.table} record where record.is_live"
    )
    account = f"coalesce({company_key}, record.id)" if company in seen else "record.id"
    found = links_of_keys(context, spec, keys, source, account)
    return measure_clusters(context, spec, found)


def _name(seen: set[str]) -> str:
    """Return the expression for a person's folded name; empty if names cannot be read."""
    if {"last_name", "first_name"} <= seen:
        parts = ["record.last_name", "record.first_name"]
    elif "name" in seen:
        parts = ["record.name"]
    elif "last_name" in seen:
        parts = ["record.last_name"]
    else:
        return ""
    # A first name alone, or a name that is junk, recognises nobody.
    junk = " or ".join(f"coalesce({part}, '') = '' or strong_junk({part})" for part in parts)
    folded = " || ' ' || ".join(f"squash({part})" for part in parts)
    return f"case when {junk} then null else {folded} end"
