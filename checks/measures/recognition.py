"""Keys that records are recognised by, as expressions over a column."""

from __future__ import annotations

import re

from checks.lexicon.words import words
from connectors.engines.duckdb import literal

#: Digits that identify a number in its country, without prefixes; fewer identify nothing.
_SIGNIFICANT_DIGITS, _FEWEST_DIGITS = 9, 8

#: Signs that part the words of a name.
_SIGNS = ",;:-_/\\|&+()[]\"'’`*!?#@"


def mail_key(column: str, name: str = "") -> str:
    """Return the key of a mail address; a desk's mailbox needs the person's name besides.

    Args:
        column: Expression for the address.
        name: Expression for the folded name of the person, or empty if unknown.
    """
    address = f"lower(trim({column}))"
    desks = "|".join(re.escape(name) for name in sorted(words("role_mailboxes", "names")))
    of_desk = f"regexp_matches({address}, {literal(f'^(?:{desks})@')})"
    shared = f"{address} || '|' || {name}" if name else "null"
    return (
        f"case when {column} is null or not contains({column}, '@') "
        f"or strong_junk_email({column}) then null "
        f"when {of_desk} then {shared} else {address} end"
    )


def phone_key(column: str) -> str:
    """Return the last nine digits of a number: the same with and without its prefix."""
    digits = f"ltrim(translate({column}, ' .-()/+', ''), '0')"
    return (
        f"case when regexp_full_match({digits}, '[0-9]{{{_FEWEST_DIGITS},15}}') "
        f"and not strong_junk_phone({digits}) then right({digits}, {_SIGNIFICANT_DIGITS}) end"
    )


def domain_key(column: str) -> str:
    """Return the domain of a web or mail address, unless the public shares it."""
    shared = words("freemail", "domains") | words("freemail", "shared_sites")
    public = "|".join(re.escape(domain) for domain in sorted(shared))
    domain = (
        f"regexp_extract(lower({column}), "
        "'^\\s*(?:https?://)?(?:[^/@]*@)?(?:www[0-9]?\\.)?"
        "([^/@:?#\\s]+\\.[a-z]{2,})\\.?(?:[/:?#]|\\s*$)', 1)"
    )
    return (
        f"case when not regexp_full_match({domain}, {literal(f'(?:{public})?')}) then {domain} end"
    )


def company_words(column: str) -> str:
    """Return a company's folded name in words apart, without legal forms and articles."""
    dropped = words("legal_forms", "forms") | words("legal_forms", "stop_words")
    forms = "|".join(sorted(dropped))
    folded = f"replace(strip_accents(lower({column})), '.', '')"
    # Blanks are doubled, so that two neighbouring forms do not share the one between them.
    apart = f"replace(translate({folded}, {literal(_SIGNS)}, '{' ' * len(_SIGNS)}'), ' ', '  ')"
    return f"trim(regexp_replace(' ' || {apart} || ' ', ' (?:{forms}) ', '', 'g'))"
