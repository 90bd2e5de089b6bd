"""Contacts and leads that are one person: same mailbox, same mobile, same name at one company."""

from __future__ import annotations

from checks.context import Context
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
    name = _name(seen)
    keys = []
    if "email" in seen:
        keys.append(Key("email", mail_key("record.email", name)))
    if "mobile" in seen:
        keys.append(Key("mobile", phone_key("record.mobile")))
    # Colleagues share a desk's number: it recognises a person together with the name only.
    if "phone" in seen and name:
        keys.append(Key("phone", f"{phone_key('record.phone')} || '|' || {name}"))
    if company in seen and name:
        keys.append(Key("name", f"{name} || '|' || {company_key}"))
    if not keys:
        return absent(context, spec.table, ["email", "name"]) or Measurement()
    account = f"coalesce({company_key}, record.id)" if company in seen else "record.id"
    return measure_clusters(context, spec, links_of_keys(context, spec, keys, account))


def _name(seen: set[str]) -> str:
    """Return the expression for a person's folded name; empty if names cannot be read."""
    if "last_name" in seen and "first_name" in seen:
        parts = ["record.last_name", "record.first_name"]
    elif "name" in seen:
        parts = ["record.name"]
    elif "last_name" in seen:
        parts = ["record.last_name"]
    else:
        return ""
    # A first name alone, or a name that is junk, recognises nobody.
    known = " and ".join(
        f"filled({part}) is not null and not strong_junk({part})" for part in parts
    )
    folded = " || ' ' || ".join(f"squash({part})" for part in parts)
    return f"case when {known} then {folded} end"
