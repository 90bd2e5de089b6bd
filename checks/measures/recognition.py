"""Keys that records are recognised by, as expressions over a column."""

from __future__ import annotations

from checks.words import words
from connectors.engines.duckdb import literal

#: Digits that identify a number in its country, without prefixes; fewer identify nothing.
_SIGNIFICANT_DIGITS, _FEWEST_DIGITS = 9, 8


def mail_key(column: str, name: str = "") -> str:
    """Return the key of a mail address; a desk's mailbox needs the person's name besides.

    Args:
        column: Expression for the address.
        name: Expression for the folded name of the person, or empty if unknown.
    """
    address = f"lower(trim({column}))"
    desks = _listed(words("role_mailboxes", "names"))
    of_desk = f"list_contains({desks}, split_part({address}, '@', 1))"
    shared = f"{address} || '|' || {name}" if name else "null"
    return (
        f"case when {column} is null or not contains({column}, '@') "
        f"or strong_junk_email({column}) then null "
        f"when {of_desk} then {shared} else {address} end"
    )


def phone_key(column: str) -> str:
    """Return the last nine digits of a number: the same with and without its prefix."""
    digits = f"regexp_replace(regexp_replace({column}, '[^0-9]', '', 'g'), '^0+', '')"
    return (
        f"case when {column} is null or strong_junk_phone({column}) then null "
        f"when length({digits}) >= {_FEWEST_DIGITS} then right({digits}, {_SIGNIFICANT_DIGITS}) end"
    )


def domain_key(column: str) -> str:
    """Return the domain of a web or mail address, unless the public shares it."""
    shared = _listed(words("freemail", "domains") | words("freemail", "shared_sites"))
    domain = (
        f"regexp_extract(lower({column}), "
        "'^\\s*(?:https?://)?(?:[^/@]*@)?(?:www[0-9]?\\.)?"
        "([^/@:?#\\s]+\\.[a-z]{2,})\\.?(?:[/:?#]|\\s*$)', 1)"
    )
    return (
        f"case when {column} is null or strong_junk({column}) then null "
        f"else list_extract(list_filter([{domain}], "
        f"lambda domain: domain <> '' and not list_contains({shared}, domain)), 1) end"
    )


def company_words(column: str) -> str:
    """Return a company's folded name, its words apart, without legal forms and articles."""
    forms = "|".join(
        sorted(words("legal_forms", "forms") | words("legal_forms", "stop_words"), key=len)
    )
    plain = (
        f"' ' || regexp_replace(replace(lower(strip_accents({column})), '.', ''), "
        "'[^\\p{L}\\p{N}]+', '  ', 'g') || ' '"
    )
    kept = f"trim(regexp_replace({plain}, ' ({forms}) ', ' ', 'g'))"
    return f"regexp_replace({kept}, ' +', ' ', 'g')"


def _listed(values: frozenset[str]) -> str:
    return "[" + ", ".join(literal(value) for value in sorted(values)) + "]"
