"""Contacts and leads that are one person: same mailbox, same mobile, same name at one company."""

from __future__ import annotations

from checks.context import Context
from checks.features.texts import is_junk
from checks.measurement import Measurement
from checks.measures.clusters import Key, links_of_keys, measure_clusters
from checks.measures.examined import absent, observable
from checks.measures.recognition import address_of, digits_of, mail_key, phone_key
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
    person = _name(context, spec.table, seen)
    reads: dict[str, str] = {}
    keys = []
    if "email" in seen:
        reads |= {
            "address": address_of("record.email"),
            "no_address": is_junk(context, spec.table, "email"),
        }
        named = "record.person" if person else ""
        keys.append(Key("email", mail_key("record.address", "record.no_address", named)))
    if "mobile" in seen:
        reads["mobile_digits"] = digits_of("record.mobile")
        keys.append(Key("mobile", phone_key("record.mobile_digits")))
    # Colleagues share a desk's number: it recognises a person together with the name only.
    if "phone" in seen and person:
        reads["phone_digits"] = digits_of("record.phone")
        keys.append(Key("phone", f"{phone_key('record.phone_digits')} || '|' || record.person"))
    if company in seen and person:
        keys.append(Key("name", f"record.person || '|' || {company_key}"))
    if not keys:
        return absent(context, spec.table, ["email", "name"]) or Measurement()
    reads["person"] = person or "null"
    if company in seen:
        reads[company] = f"record.{company}"
    source = (
        "(select record.row_no, record.id, "
        + ", ".join(f"{sql} as {name}" for name, sql in reads.items())
        + f" from {spec.table} record where record.is_live)"
    )
    account = f"coalesce({company_key}, record.id)" if company in seen else "record.id"
    found = links_of_keys(context, spec, keys, source, account)
    return measure_clusters(context, spec, found)


def _name(context: Context, table: str, seen: set[str]) -> str:
    """Return the expression for a person's folded name; empty if names cannot be read."""
    if {"last_name", "first_name"} <= seen:
        parts = ["last_name", "first_name"]
    elif "name" in seen:
        parts = ["name"]
    elif "last_name" in seen:
        parts = ["last_name"]
    else:
        return ""
    # A first name alone, or a name that is junk, recognises nobody.
    junk = " or ".join(
        f"coalesce(record.{part}, '') = '' or {is_junk(context, table, part)}" for part in parts
    )
    folded = " || ' ' || ".join(f"squash(record.{part})" for part in parts)
    return f"case when {junk} then null else {folded} end"
