"""Contacts and leads that are one person: same mailbox, same mobile, same name at one company."""

from __future__ import annotations

from checks.context import Context, slug
from checks.features.texts import is_junk
from checks.measurement import Measurement
from checks.measures.clusters import Key, Links, links_of, links_of_keys, measure_clusters
from checks.measures.examined import absent, observable
from checks.measures.recognition import address_of, digits_of, mail_key, phone_key
from checks.measures.resembling import alike, by_letters
from checks.spec import CheckSpec

#: Keys that belong to one person; a mailbox or mobile of one's own each tells two apart.
_IDENTITIES = ("email", "mobile")


def duplicate_contact(context: Context, spec: CheckSpec) -> Measurement:
    """Recognise a contact by mail, then by phone, then by name within the account.

    Names that resemble one another within the account make a probable duplicate, unless mail or
    mobile tells the two apart.
    """
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
    reads["words"] = _words(seen)
    if company in seen:
        reads[company] = f"record.{company}"
    source = f"named_{slug(spec)}"
    context.snapshot.run(
        f"create or replace table {source} as select record.row_no, record.id, "
        + ", ".join(f"{sql} as {name}" for name, sql in reads.items())
        + f" from {spec.table} record where record.is_live"
    )
    account = f"coalesce({company_key}, record.id)" if company in seen else "record.id"
    found = links_of_keys(context, spec, keys, source, account)
    if company in seen and person:
        found += _resembling(context, spec, source, company_key, keys)
    context.snapshot.run(f"drop table {source}")
    return measure_clusters(context, spec, found)


def _resembling(
    context: Context, spec: CheckSpec, source: str, company_key: str, keys: list[Key]
) -> list[Links]:
    """Return the pairs of one company whose names resemble one another.

    They are possible duplicates only where each has a mailbox or a mobile of its own.
    """
    named = f"names_{slug(spec)}"
    identities = [key for key in keys if key.name in _IDENTITIES]
    own = "".join(f", {key.sql} as own_{key.name}" for key in identities)
    context.snapshot.run(
        f"create or replace table {named} as "
        f"select record.row_no, record.words as name, {company_key} as company{own} "
        f"from {source} record where record.person is not null"
    )
    differ = " or ".join(
        f"coalesce(one.own_{key.name} <> other.own_{key.name}, false)" for key in identities
    )
    pairs = alike(
        context,
        named,
        by_letters("company", first=2, last=3),
        {"are_told_apart": differ or "false"},
    )
    context.snapshot.run(f"drop table {named}")
    doubtful = pairs["are_told_apart"] | ~pairs["is_alike"]
    return [
        links_of(pairs[~doubtful], "name", "probable"),
        links_of(pairs[doubtful], "name", "possible"),
    ]


def _parts(seen: set[str]) -> list[str]:
    """Return the columns that make up a person's name; none if names cannot be read."""
    if {"last_name", "first_name"} <= seen:
        return ["last_name", "first_name"]
    return ["name"] if "name" in seen else [name for name in ("last_name",) if name in seen]


def _words(seen: set[str]) -> str:
    """Return the expression for a person's folded name with its words apart."""
    parts = ", ".join(f"fold(record.{part})" for part in _parts(seen))
    return f"concat_ws(' ', {parts})" if parts else "null"


def _name(context: Context, table: str, seen: set[str]) -> str:
    """Return the expression for a person's folded name; empty if names cannot be read."""
    parts = _parts(seen)
    if not parts:
        return ""
    # A first name alone, or a name that is junk, recognises nobody.
    junk = " or ".join(
        f"coalesce(record.{part}, '') = '' or {is_junk(context, table, part)}" for part in parts
    )
    folded = " || ' ' || ".join(f"squash(record.{part})" for part in parts)
    return f"case when {junk} then null else {folded} end"
