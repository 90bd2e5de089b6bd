"""Accounts that are one company: same number, same domain, same phone, same name and place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from checks.context import Context, slug
from checks.features.texts import is_junk
from checks.measurement import Measurement
from checks.measures.clusters import Key, Links, links_of_keys, measure_clusters
from checks.measures.examined import absent, observable
from checks.measures.recognition import (
    company_words,
    digits_of,
    domain_key,
    domain_of,
    phone_key,
)
from checks.spec import CheckSpec

if TYPE_CHECKING:
    import pandas as pd

#: Fuzzy names are compared within blocks; a larger block shares too little to mean anything.
_LARGEST_BLOCK = 60
#: Share of equal letters, words in any order, from which two names are taken for one.
_LEAST_SIMILARITY = 88.0
_BEGINNING, _END = 4, 5
_NAMES = ("one_name", "other_name")

_ADDRESSES = ("website", "email")
_PLACES = ("postal_code", "city")


def _number_of(column: str, form: str) -> str:
    """Return the part of a number that identifies the company."""
    plain = f"upper(translate(record.{column}, ' .-', ''))"
    return f"nullif(regexp_extract({plain}, '{form}', 1), '')"


def _number_key(number: str) -> str:
    """Return a number, unless it is "000000000"."""
    return f"case when not regexp_full_match({number}, '[A-Z]*0+') then {number} end"


#: Keys that belong to one company: two accounts that hold different ones are two companies,
#: however much their names and places resemble one another.
_IDENTITIES = ("siren", "website")

#: How a company's number is read; a French VAT number holds the SIREN.
_NUMBERS = {
    "siren": _number_of("siren", "^([0-9]{9})$"),
    "siret": _number_of("siret", "^([0-9]{9})[0-9]{5}$"),
    "vat_number": _number_of("vat_number", "^(?:FR[0-9A-Z]{2})?([0-9]{9}|[A-Z]{2}[0-9A-Z]{6,})$"),
}


def duplicate_account(context: Context, spec: CheckSpec) -> Measurement:
    """Recognise a company by SIREN or VAT, domain, phone, then name and postal code.

    Names that only resemble one another join two accounts of the same postal code or city, as
    probable duplicates.
    """
    seen = set(
        observable(
            context,
            spec.table,
            (*_NUMBERS, "name", *_ADDRESSES, "phone", *_PLACES),
        )
    )
    keys = _keys(seen)
    if not keys:
        return absent(context, spec.table, ["name", "website", "phone"]) or Measurement()
    source = f"named_{slug(spec)}"
    reads = ", ".join(f"{sql} as {name}" for name, sql in _reads(context, spec.table, seen))
    context.snapshot.run(
        f"create or replace table {source} as select record.row_no, record.id, {reads} "
        "from accounts record where record.is_live"
    )
    certain = links_of_keys(context, spec, keys, source, "record.id")
    return measure_clusters(context, spec, [*certain, *_resembling(context, spec, seen, source)])


def _reads(context: Context, table: str, seen: set[str]) -> Iterator[tuple[str, str]]:
    """Yield what the keys and the places are read from, by name."""
    yield "company", _company(context, table) if "name" in seen else "null"
    for name, number in _NUMBERS.items():
        if name in seen:
            yield f"{name}_number", number
    for name in _ADDRESSES:
        if name in seen:
            yield f"{name}_domain", domain_of(f"record.{name}")
    if "phone" in seen:
        yield "phone_digits", digits_of("record.phone")
    for name in _PLACES:
        if name in seen:
            yield name, f"record.{name}"


def _keys(seen: set[str]) -> list[Key]:
    known = [_number_key(f"record.{name}_number") for name in _NUMBERS if name in seen]
    keys = [Key("siren", f"coalesce({', '.join(known)})")] if known else []
    domains = [domain_key(f"record.{name}_domain") for name in _ADDRESSES if name in seen]
    if domains:
        keys.append(Key("website", f"coalesce({', '.join(domains)})"))
    if "phone" in seen:
        keys.append(Key("phone", phone_key("record.phone_digits")))
    if {"name", "postal_code"} <= seen:
        keys.append(
            Key(
                "name",
                "nullif(replace(record.company, ' ', ''), '') || '|' "
                "|| nullif(squash(record.postal_code), '')",
            )
        )
    return keys


def _company(context: Context, table: str) -> str:
    name = "record.name"
    return f"case when not {is_junk(context, table, 'name')} then {company_words(name)} end"


def _resembling(context: Context, spec: CheckSpec, seen: set[str], source: str) -> list[Links]:
    """Return the pairs of accounts of one place whose names resemble one another."""
    places = [name for name in _PLACES if name in seen]
    if "name" not in seen or not places:
        return []
    names, blocks = f"names_{slug(spec)}", f"blocks_{slug(spec)}"
    snapshot = context.snapshot
    columns = ", ".join(
        f"nullif(lower(strip_accents(replace(record.{place}, ' ', ''))), '') as {place}"
        for place in places
    )
    identities = [(key.name, key.sql) for key in _keys(seen) if key.name in _IDENTITIES]
    columns += "".join(f", {sql} as own_{name}" for name, sql in identities)
    snapshot.run(
        f"create or replace table {names} as select *, "
        "array_to_string(list_sort(string_split(name, ' ')), '') as letters from ("
        f"select record.row_no, record.company as name, {columns} from {source} record) "
        "where name <> ''"
    )
    parts = [
        f"select row_no, '{place}{part}' as kind, {place} || '|' || {ending} as block from {names} "
        f"where {place} is not null"
        for place in places
        for part, ending in enumerate((f"left(letters, {_BEGINNING})", f"right(letters, {_END})"))
    ]
    snapshot.run(f"create or replace table {blocks} as {' union all '.join(parts)}")
    snapshot.run(
        f"delete from {blocks} where (kind, block) not in (select (kind, block) from {blocks} "
        f"group by kind, block having count(*) between 2 and {_LARGEST_BLOCK})"
    )
    pairs = snapshot.sql(
        "select one_row, other_row, one.name as one_name, other.name as other_name from ("
        "select distinct one.row_no as one_row, other.row_no as other_row "
        f"from {blocks} one join {blocks} other "
        "on one.kind = other.kind and one.block = other.block and one.row_no < other.row_no) "
        f"join {names} one on one.row_no = one_row join {names} other on other.row_no = other_row "
        + "".join(
            f"{'and' if number else 'where'} coalesce(one.own_{name} = other.own_{name}, true) "
            for number, (name, _) in enumerate(identities)
        )
        + "order by one_row, other_row"
    )
    return _alike(pairs)


def _alike(pairs: pd.DataFrame) -> list[Links]:
    import numpy as np
    from rapidfuzz.fuzz import token_sort_ratio
    from rapidfuzz.process import cpdist

    if pairs.empty:
        return []
    scores = cpdist(
        *(pairs[name].to_list() for name in _NAMES),
        scorer=token_sort_ratio,
        score_cutoff=_LEAST_SIMILARITY,
        workers=-1,
    )
    found = pairs[scores >= _LEAST_SIMILARITY]
    digits = [found[name].str.replace(r"[^0-9]", "", regex=True) for name in _NAMES]
    found = found[digits[0] == digits[1]]
    left, right = (found[name].to_numpy(np.int64) for name in ("one_row", "other_row"))
    return [Links("name", False, left, right)]
