"""Accounts that are one company: same number, same domain, same phone, same name and place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from checks.context import Context, slug
from checks.features.texts import is_junk
from checks.measurement import Measurement
from checks.measures.clusters import Key, Links, links_of, links_of_keys, measure_clusters
from checks.measures.examined import absent, observable
from checks.measures.recognition import (
    company_words,
    digits_of,
    domain_key,
    domain_of,
    phone_key,
)
from checks.measures.resembling import BY_WORD, Block, alike, by_letters
from checks.spec import CheckSpec

if TYPE_CHECKING:
    import pandas as pd

#: A word that so few companies have in their name identifies them, where enough are listed to
#: know which words are rare.
_RARE, _ENOUGH_COMPANIES = 3, 1_000

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

    Names that resemble one another make probable duplicates of two accounts in one place, or
    of two with a rare word where no place speaks against it; possible ones of any others.
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
    places = " or ".join(f"record.{place} <> ''" for place in _PLACES if place in seen)
    certain = links_of_keys(
        context,
        spec,
        keys,
        source,
        "record.id",
        f"coalesce(record.company <> '' and ({places or 'false'}), false)",
    )
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
    """Return the pairs of accounts whose names resemble one another.

    Two that hold different company numbers, or different domains, are two companies.
    """
    if "name" not in seen:
        return []
    places = [place for place in _PLACES if place in seen]
    identities = [key for key in _keys(seen) if key.name in _IDENTITIES]
    named = f"names_{slug(spec)}"
    columns = "".join(
        [f", nullif(squash(record.{place}), '') as {place}" for place in places]
        + [f", {key.sql} as own_{key.name}" for key in identities]
    )
    context.snapshot.run(
        f"create or replace temp table {named} as "
        f"select record.row_no, record.company as name{columns} from {source} record"
    )
    shares_rare_word = _mark_rare_words(context, named)
    pairs = alike(
        context,
        named,
        _blocks(places),
        {
            "in_one_place": _any(f"one.{place} = other.{place}" for place in places),
            "in_two_places": _any(f"one.{place} <> other.{place}" for place in places),
            "shares_rare_word": shares_rare_word,
        },
        told_apart_by=[f"own_{key.name}" for key in identities],
    )
    context.snapshot.run(f"drop table {named}")
    return _graded(pairs)


def _blocks(places: list[str]) -> list[Block]:
    blocks = [*BY_WORD, *by_letters(first=5, last=6)]
    for place in places:
        blocks += by_letters(place, first=4, last=5)
    return blocks


def _mark_rare_words(context: Context, named: str) -> str:
    """Keep the words that few companies bear; return the condition that two share one."""
    ((companies,),) = context.snapshot.rows(f"select count(*) from {named} where name <> ''")
    if companies < _ENOUGH_COMPANIES:
        return "false"
    words = f"select row_no, unnest(regexp_extract_all(name, '[^ ]{{4,}}')) as word from {named}"
    context.snapshot.run(
        f"create or replace temp table rare_{named} as with entry as materialized ({words}) "
        "select row_no, list(word) as words from entry where word in (select word from entry "
        f"group by word having count(*) between 2 and {_RARE}) group by row_no"
    )
    context.snapshot.run(
        f"create or replace temp table {named} as select named.*, rare.words as rare_words "
        f"from {named} named left join rare_{named} rare using (row_no)"
    )
    return "list_has_any(one.rare_words, other.rare_words)"


def _any(conditions: Iterable[str]) -> str:
    return " or ".join(f"coalesce({one}, false)" for one in conditions) or "false"


def _graded(pairs: pd.DataFrame) -> list[Links]:
    """Part the pairs into tiers: one letter apart is possible in one place, else nothing."""
    backed = pairs["in_one_place"] | (pairs["shares_rare_word"] & ~pairs["in_two_places"])
    probable = pairs["is_alike"] & backed
    possible = ~probable & (pairs["is_alike"] | pairs["in_one_place"])
    return [
        links_of(pairs[probable], "name", "probable"),
        links_of(pairs[possible], "name", "possible"),
    ]
