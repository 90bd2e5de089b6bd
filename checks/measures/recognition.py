"""Keys that records are recognised by, as expressions over a column."""

from __future__ import annotations

import re

from checks.lexicon.words import words
from connectors.engines.duckdb import literal

#: Digits that identify a number in its country, without prefixes; fewer identify nothing.
_SIGNIFICANT_DIGITS, _FEWEST_DIGITS = 9, 8

#: What parts the words of a name; the engine's ``translate`` takes twice as long.
_BETWEEN_WORDS = r"""[ ,;:\-_/\\|&+()\[\]"'’`*!?#@]"""


#: A plain host name, and how a domain is read off any other web or mail address.
_PLAIN_HOST = "([a-z0-9-]+\\.)+[a-z]{2,}"
IN_ADDRESS = (
    "^\\s*(?:https?://)?(?:[^/@]*@)?(?:www[0-9]?\\.)?([^/@:?#\\s]+\\.[a-z]{2,})\\.?(?:[/:?#]|\\s*$)"
)


def address_of(column: str) -> str:
    """Return the mail address in a column as ``mail_key`` reads it."""
    return f"lower(trim({column}))"


def mail_key(address: str, junk: str, name: str = "") -> str:
    """Return the key of a mail address; a desk's mailbox needs the person's name besides.

    Args:
        address: What ``address_of`` gives.
        junk: Condition that it is no address.
        name: Expression for the folded name of the person, or empty if unknown.
    """
    desks = "|".join(re.escape(name) for name in sorted(words("role_mailboxes", "names")))
    of_desk = f"regexp_matches({address}, {literal(f'^(?:{desks})@')})"
    shared = f"{address} || '|' || {name}" if name else "null"
    return (
        f"case when {address} is null or not contains({address}, '@') or {junk} then null "
        f"when {of_desk} then {shared} else {address} end"
    )


def digits_of(column: str) -> str:
    """Return the digits of a phone number as ``phone_key`` reads them."""
    return f"ltrim({without(column, ' .-()/+')}, '0')"


def phone_key(digits: str) -> str:
    """Return the last nine digits of a number: the same with and without its prefix.

    Args:
        digits: What ``digits_of`` gives.
    """
    return (
        f"case when regexp_full_match({digits}, '[0-9]{{{_FEWEST_DIGITS},15}}') "
        f"and not strong_junk_digits({digits}) then right({digits}, {_SIGNIFICANT_DIGITS}) end"
    )


def without(column: str, signs: str) -> str:
    """Return a text without some signs; the engine's ``translate`` takes twice as long."""
    for sign in signs:
        column = f"replace({column}, '{sign}', '')"
    return column


def domain_of(column: str) -> str:
    """Return the domain of a web or mail address; most can be told without taking it apart."""
    address = f"lower({column})"
    path = (
        f"case when starts_with({address}, 'https://') then substr({address}, 9) "
        f"when starts_with({address}, 'http://') then substr({address}, 8) else {address} end"
    )
    host = f"split_part({path}, '/', 1)"
    return (
        f"case when not regexp_full_match({host}, '{_PLAIN_HOST}') or starts_with({host}, 'www') "
        f"and not regexp_full_match({host}, 'www\\.{_PLAIN_HOST}') "
        f"then regexp_extract({address}, '{IN_ADDRESS}', 1) "
        f"when starts_with({host}, 'www.') then substr({host}, 5) else {host} end"
    )


def domain_key(domain: str) -> str:
    """Return a domain, unless the public shares it.

    Args:
        domain: What ``domain_of`` gives.
    """
    shared = words("freemail", "domains") | words("freemail", "shared_sites")
    public = "|".join(re.escape(one) for one in sorted(shared))
    return (
        f"case when not regexp_full_match({domain}, {literal(f'(?:{public})?')}) then {domain} end"
    )


def company_words(column: str) -> str:
    """Return a company's folded name in words apart, without legal forms and articles."""
    dropped = words("legal_forms", "forms") | words("legal_forms", "stop_words")
    forms = "|".join(sorted(dropped))
    folded = f"replace(strip_accents(lower({column})), '.', '')"
    # Blanks are doubled, so that two neighbouring forms do not share the one between them.
    apart = f"regexp_replace({folded}, {literal(_BETWEEN_WORDS)}, '  ', 'g')"
    return f"trim(regexp_replace(' ' || {apart} || ' ', ' (?:{forms}) ', '', 'g'))"
