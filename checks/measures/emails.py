"""Mail addresses that no mail server would accept, judged by email-validator."""

from __future__ import annotations

from checks.context import Context, hits_relation
from checks.features.texts import is_junk
from checks.measurement import Measurement
from checks.measures.examined import (
    absent,
    eligible_relation,
    measured,
    observable,
    rate_of,
    span,
)
from checks.results import GroupStat
from checks.spec import CheckSpec

#: Tables that hold addresses besides the check's own.
_OTHERS = ("leads",)

#: Top-level names that no mail leaves or reaches (RFC 6761 and its kin).
_RESERVED = ("arpa", "invalid", "local", "localhost", "onion", "test")

#: Clears ``value`` when nothing about it is unusual; what it does not clear may still be valid.
PLAINLY_VALID = (
    "length(value) <= 64 and regexp_full_match(value, "
    "'[A-Za-z0-9_]+([.+-][A-Za-z0-9_]+)*@([A-Za-z0-9]+(-[A-Za-z0-9]+)*\\.)+[A-Za-z]{2,}') "
    f"and not regexp_matches(lower(value), '\\.({'|'.join(_RESERVED)})$')"
)

_FREQUENT_DOMAINS = 20
#: A domain is taken for a mistyped one when the other is so many times more frequent.
_RATIO = 10
_SHOWN_TYPOS = 10


def invalid_email(context: Context, spec: CheckSpec) -> Measurement:
    """Judge filled addresses that are not junk; deliverability is never looked up.

    Groups tell the tables apart, then show domains one letter away from one of the file's 20
    most frequent: probably mistyped, not counted.
    """
    missing = absent(context, spec.table, ["email"])
    if missing:
        return missing
    others = [table for table in _OTHERS if observable(context, table, ["email"])]
    spans = span(context, spec, others)
    snapshot, eligible = context.snapshot, eligible_relation(spec)
    addresses = " union all ".join(
        f"{members.select('record.name', 'trim(record.email) as value')} "
        f"where is_filled(record.email) and not {is_junk(context, members.table, 'email')}"
        for members in spans
    )
    snapshot.run(f"create or replace table {eligible} as {addresses}")
    suspects = [
        value
        for (value,) in snapshot.rows(
            f"select distinct value from {eligible} where not ({PLAINLY_VALID}) order by value"
        )
    ]
    snapshot.run(
        f"create or replace table {hits_relation(spec)} as "
        "select row_no, record_id, table_name, 'email' as field, value, name, owner_id "
        f"from {eligible} where value in (select unnest($refused)) "
        "order by table_name, abs(row_no)",
        {"refused": [value for value in suspects if is_refused(value)]},
    )
    groups = [*_by_table(context, spec, len(spans)), *_typo_domains(context, spec)]
    return measured(context, spec, groups=groups)


def is_refused(address: str) -> bool:
    """Return whether email-validator refuses an address for its form."""
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(address, check_deliverability=False, test_environment=False)
    except EmailNotValidError:
        return True
    return False


def _by_table(context: Context, spec: CheckSpec, tables: int) -> list[GroupStat]:
    if tables == 1:
        return []
    counts = context.snapshot.rows(
        "select table_name, count(*), count(*) filter "
        f"(row_no in (select row_no from {hits_relation(spec)})) "
        f"from {eligible_relation(spec)} group by table_name order by table_name"
    )
    return [rate_of("table", table, n, k) for table, n, k in counts]


def _typo_domains(context: Context, spec: CheckSpec) -> list[GroupStat]:
    import numpy as np
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cdist

    counts = context.snapshot.rows(
        "select lower(split_part(value, '@', 2)) as domain, count(*) as n "
        f"from {eligible_relation(spec)} where contains(value, '@') "
        "group by domain order by n desc, domain"
    )
    total = sum(n for _, n in counts)
    frequent = [(domain, n) for domain, n in counts[:_FREQUENT_DOMAINS] if n >= _RATIO]
    rare = [(domain, n) for domain, n in counts if frequent and n * _RATIO <= frequent[0][1]]
    if not rare:
        return []
    is_near = (
        cdist(
            [domain for domain, _ in rare],
            [domain for domain, _ in frequent],
            scorer=OSA.distance,
            score_cutoff=1,
        )
        == 1
    )
    typos = []
    for place in np.flatnonzero(is_near.any(axis=1)):
        domain, n = rare[place]
        near = (one for one, near in zip(frequent, is_near[place], strict=True) if near)
        meant = [right for right, often in near if n * _RATIO <= often]
        if meant:
            typos.append(rate_of("typo_domain", domain, total, n, f"{domain} → {meant[0]}"))
    return typos[:_SHOWN_TYPOS]
