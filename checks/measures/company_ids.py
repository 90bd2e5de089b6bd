"""Company numbers that contradict their own check digits, or one another.

SIREN, SIRET and VAT numbers are judged by python-stdnum; the engine clears those whose check
digits it can work out itself.
"""

from __future__ import annotations

from typing import Any

from checks.context import Context, hits_relation
from checks.measurement import Measurement
from checks.measures.examined import (
    absent,
    eligible_relation,
    measured,
    observable,
    rate_of,
)
from checks.results import GroupStat
from checks.rows.flags import members_relation
from checks.spec import CheckSpec
from connectors.engines.duckdb import identifier

_FIELDS = ("siren", "siret", "vat_number")

#: Blanks, dots and hyphens that people put between the digits.
_BETWEEN = r"[\s.\-]"


def invalid_company_id(context: Context, spec: CheckSpec) -> Measurement:
    """Judge filled company numbers; a VAT number of an unknown country is not judged."""
    fields = observable(context, spec.table, _FIELDS)
    if not fields:
        return absent(context, spec.table, _FIELDS) or Measurement()
    snapshot, eligible, hits = context.snapshot, eligible_relation(spec), hits_relation(spec)
    _create_numbers(context, spec, fields)
    numbers = f"numbers_{eligible}"
    suspects = snapshot.rows(
        f"select distinct field, number from {numbers} where not {PLAINLY_VALID} "
        "order by field, number"
    )
    judged = [(field, number, is_refused(field, number)) for field, number in suspects]
    snapshot.run(
        f"create or replace table verdicts_{eligible} as select "
        "unnest($fields) as field, unnest($numbers) as number, unnest($refused) as refused",
        {
            "fields": [field for field, _, refused in judged if refused is not False],
            "numbers": [number for _, number, refused in judged if refused is not False],
            "refused": [bool(refused) for _, _, refused in judged if refused is not False],
        },
    )
    snapshot.run(
        f"delete from {numbers} where (field, number) in "
        f"(select (field, number) from verdicts_{eligible} where not refused)"
    )
    snapshot.run(
        f"create or replace table {hits} as select row_no, record_id, field, value, reason from ("
        "select number.*, case when refused then 'check_digits' "
        "when field <> 'siren' and siren <> inner_siren then 'contradicts_siren' end as reason "
        f"from (select *, max(number) filter (field = 'siren') over (partition by row_no) as siren "
        f"from {numbers}) number left join verdicts_{eligible} using (field, number)) "
        "where reason is not null order by row_no, field"
    )
    snapshot.run(
        f"create or replace table {eligible} as "
        f"select distinct row_no, record_id, owner_id from {numbers}"
    )
    return measured(context, spec, groups=_by_field(context, numbers, hits))


def _luhn(digits: str, count: int) -> str:
    """Return the condition that the check digits of a text of ``count`` digits add up."""
    number = f"try_cast({digits} as bigint)"
    terms = []
    for place in range(count):
        digit = f"({number} // {10**place} % 10)"
        terms.append(f"(2 * {digit} - 9 * cast({digit} > 4 as integer))" if place % 2 else digit)
    return f"({' + '.join(terms)}) % 10 = 0"


_UNEQUAL = "replace(number, left(number, 1), '') <> ''"
_VAT_KEY = (
    "try_cast(substr(number, 3, 2) as bigint) = "
    "(12 + 3 * (try_cast(right(number, 9) as bigint) % 97)) % 97"
)
#: Form of each number, and the conditions under which its check digits add up.
_PLAIN = {
    "siren": ("[0-9]{9}", _UNEQUAL, _luhn("number", 9)),
    "siret": (
        "[0-9]{14}",
        _UNEQUAL,
        "not starts_with(number, '356000000')",  # La Poste counts otherwise
        _luhn("number", 14),
        _luhn("left(number, 9)", 9),
    ),
    "vat_number": (
        "FR[0-9]{11}",
        "right(number, 9) <> '000000000'",
        _VAT_KEY,
        _luhn("right(number, 9)", 9),
    ),
}


def _cleared(field: str, form: str, *conditions: str) -> str:
    matching = f"field = '{field}' and regexp_full_match(number, '{form}')"
    return f"when {matching} then {' and '.join(conditions)}"


#: Clears ``number`` of ``field`` when its check digits add up; what is not cleared may be valid.
PLAINLY_VALID = (
    "coalesce(case "
    + " ".join(_cleared(field, *rule) for field, rule in _PLAIN.items())
    + " else false end, false)"
)


def is_refused(field: str, number: str) -> bool | None:
    """Return whether python-stdnum refuses a number; None if no rule is known for it.

    Args:
        field: ``siren``, ``siret`` or ``vat_number``.
        number: Capitals and digits, without separators.
    """
    from stdnum.exceptions import ValidationError
    from stdnum.fr import siren, siret

    if len(set(number)) == 1:
        return True
    judge = {"siren": siren, "siret": siret}.get(field) or _vat_rules(number[:2])
    if judge is None:
        return None
    digits = number[2:] if field == "vat_number" else number
    if len(set(digits)) <= 1:
        return True
    try:
        judge.validate(number)
    except ValidationError:
        return True
    return False


def _vat_rules(country: str) -> Any:
    from stdnum.util import get_cc_module

    if not country.isalpha():
        return None
    return get_cc_module("gr" if country == "EL" else country.lower(), "vat")


def _create_numbers(context: Context, spec: CheckSpec, fields: list[str]) -> None:
    """Create one row a filled number; words such as "n/a" are junk and have another home."""
    parts = []
    for field in fields:
        column = f"record.{identifier(field)}"
        parts.append(
            f"select record.row_no, record.id as record_id, record.owner_id, '{field}' as field, "
            f"{column} as value, upper(regexp_replace({column}, '{_BETWEEN}', '', 'g')) as number "
            f"from {members_relation(spec)} record where regexp_matches({column}, '[0-9]')"
        )
    context.snapshot.run(
        f"create or replace table numbers_{eligible_relation(spec)} as "
        "select *, case when field = 'siret' then left(number, 9) "
        "when field = 'vat_number' and regexp_full_match(number, 'FR[0-9A-Z]{2}[0-9]{9}') "
        "then right(number, 9) end as inner_siren "
        f"from ({' union all '.join(parts)})"
    )


def _by_field(context: Context, numbers: str, hits: str) -> list[GroupStat]:
    counts = context.snapshot.rows(
        f"select field, count(*), count(hit.row_no) from {numbers} "
        f"left join {hits} hit using (row_no, field) group by field order by field"
    )
    return [rate_of("field", field, n, k) for field, n, k in counts]
