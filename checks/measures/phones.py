"""Phone numbers that cannot exist, judged by Google's libphonenumber.

Only the length decides (``is_possible``): numbering plans move faster than their tables, so
whether a number is in use is shown on a sample and never counted.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

from checks.context import Context, hits_relation
from checks.features.texts import is_junk
from checks.lexicon.words import fold, lexicon
from checks.measurement import Measurement
from checks.measures.examined import (
    Members,
    absent,
    eligible_relation,
    measured,
    observable,
    rate_of,
    span,
)
from checks.measures.recognition import without
from checks.results import GroupStat
from checks.spec import CheckSpec
from connectors.engines.duckdb import identifier, literal

#: Tables that hold numbers besides the check's own.
_OTHERS = ("accounts", "leads")
_FIELDS = ("phone", "mobile")

#: Languages in which the names of countries are understood.
_LANGUAGES = ("en", "fr", "de", "es", "it", "nl")

#: Prefixes, as libphonenumber parses them, that are just dropped; ``0|180020`` is Britain's.
_PLAIN_PREFIXES = (None, "0", "1", "0|180020")
#: What a number begins with behind its prefix; without a prefix it may begin with 0.
_FIRST_DIGIT = {None: "[0-9]", "1": "[2-9]"}

#: The digits of a ``value``, where these are all that it holds besides its signs.
DIGITS = without("value", " .()-")

_SEPARATORS = re.compile(r"[/;,]")
_SAMPLE = 500


def invalid_phone(context: Context, spec: CheckSpec) -> Measurement:
    """Judge numbers with a leading + or a known region; several may share one field.

    The region of a number without prefix is the record's country, else ``profile.region``.
    Groups tell the fields apart, then show how many of a sample of numbers are not in use.
    """
    if not observable(context, spec.table, _FIELDS):
        return absent(context, spec.table, _FIELDS) or Measurement()
    others = [table for table in _OTHERS if observable(context, table, _FIELDS)]
    _create_numbers(context, spec, span(context, spec, others))
    snapshot, numbers = context.snapshot, f"numbers_{eligible_relation(spec)}"
    regions = [
        region
        for (region,) in snapshot.rows(
            f"select distinct region from {numbers} where region is not null order by region"
        )
    ]
    suspects = snapshot.rows(
        f"select distinct region, value from {numbers} where not ({plainly_possible(regions)}) "
        "order by region nulls first, value"
    )
    refused = [
        (region or "", value) for region, value in suspects if is_refused(value, region or None)
    ]
    snapshot.run(
        f"create or replace table {hits_relation(spec)} as "
        f"select row_no, record_id, table_name, field, value, name, owner_id from {numbers} "
        "where (coalesce(region, ''), value) in "
        "(select (unnest($regions), unnest($values))) order by table_name, abs(row_no), field",
        {"regions": [region for region, _ in refused], "values": [value for _, value in refused]},
    )
    # A record with numbers in both fields counts once.
    first = literal(_FIELDS[0])
    snapshot.run(
        f"create or replace view {eligible_relation(spec)} as "
        f"select row_no, record_id, owner_id from {numbers} where field = {first} "
        f"or row_no not in (select row_no from {numbers} where field = {first})"
    )
    groups = [*_by_field(context, spec, numbers), *_not_in_use(context, numbers)]
    return measured(context, spec, groups=groups)


def plainly_possible(regions: list[str]) -> str:
    """Return the condition that clears a ``value`` of a ``region`` that is plainly possible.

    It reads its ``digits`` besides. It knows two forms, an international one and each region's
    own, with blanks, dots, hyphens or brackets between the digits, and takes the possible
    lengths from libphonenumber.

    Args:
        regions: Regions that occur, ISO 3166 alpha-2.
    """
    abroad = "|".join(filter(None, (_international(code) for code in _calling_codes())))
    clauses = [
        "when starts_with(value, '+') "
        "then regexp_full_match(value, '\\+[0-9]+([ .-]?[0-9]+)*') "
        f"and regexp_full_match(digits, {literal(abroad)})"
    ]
    national = defaultdict[tuple[str, str], list[str]](list)
    for region in regions:
        if patterns := _national(region):
            national[patterns].append(literal(region))
    for (pattern, abroad_from), listed in national.items():
        clauses.append(
            f"when list_contains([{', '.join(listed)}], region) "
            "then regexp_full_match(value, '\\(?[0-9]+\\)?([ .-]?[0-9]+)*') "
            f"and regexp_full_match(digits, {literal(pattern)}) "
            f"and not regexp_matches(digits, {literal(abroad_from)})"
        )
    return f"coalesce(case {' '.join(clauses)} else false end, false)"


def is_refused(value: str, region: str | None) -> bool:
    """Return whether any of the numbers in a field cannot exist.

    Args:
        value: One number, or several parted by ``/``, ``;`` or ``,``.
        region: Where a number without prefix is dialled; None if unknown.
    """
    import phonenumbers

    parts = [part.strip() for part in _SEPARATORS.split(value) if part.strip()]
    for part in parts:
        if region is None and not part.startswith("+"):
            continue
        try:
            number = phonenumbers.parse(part, region)
        except phonenumbers.NumberParseException:
            return True
        reason = phonenumbers.is_possible_number_with_reason(number)
        if reason == phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            if _is_dialled_from_afar(part, region):
                return True
        elif reason != phonenumbers.ValidationResult.IS_POSSIBLE:
            return True
    return not parts


def _is_dialled_from_afar(number: str, region: str | None) -> bool:
    """Return whether a number begins as none does that is dialled within its town only."""
    from phonenumbers.phonemetadata import PhoneMetadata

    metadata = PhoneMetadata.metadata_for_region(region) if region else None
    prefix = metadata.national_prefix if metadata else None
    begun = re.sub(r"\D", "", number)
    return number.startswith("+") or bool(prefix and begun.startswith(prefix))


@cache
def regions_by_name() -> dict[str, str]:
    """Return ISO 3166 alpha-2 codes by folded name or code of a country."""
    import babel

    names: dict[str, str] = {}
    for language in _LANGUAGES:
        for code, name in babel.Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                names.setdefault(fold(name), code)
                names.setdefault(code.lower(), code)
    for code, listed in lexicon("countries")["names"].items():
        names.update({fold(name): code for name in listed})
    return names


def _create_numbers(context: Context, spec: CheckSpec, spans: list[Members]) -> None:
    """Create one row a filled number that can be judged, with its region."""
    parts = []
    for members in spans:
        region = _region(context, members.table)
        for field in observable(context, members.table, _FIELDS):
            column = f"record.{identifier(field)}"
            shown = (f"trim({column}) as value", "record.name", f"{region} as region")
            parts.append(
                f"{members.select(f'{literal(field)} as field', *shown)} "
                f"where is_filled({column}) and not {is_junk(context, members.table, field)}"
            )
    context.snapshot.run(
        f"create or replace table numbers_{eligible_relation(spec)} as "
        f"select *, {DIGITS} as digits from ({' union all '.join(parts)}) "
        "where region is not null or starts_with(value, '+')"
    )


def _region(context: Context, table: str) -> str:
    """Return the expression for a record's region, from the countries that occur."""
    default = literal(context.profile.region.upper()) if context.profile.region else "null"
    if not observable(context, table, ["country"]):
        return default
    known = regions_by_name()
    written = context.snapshot.rows(
        f"select distinct country from {identifier(table)} where filled(country) is not null "
        "order by country"
    )
    found = {country: known.get(fold(country)) for (country,) in written}
    entries = {country: region for country, region in found.items() if region}
    if not entries:
        return default
    # A country that is written but not understood says nothing of the region.
    keys = ", ".join(literal(country) for country in entries)
    values = ", ".join(literal(region) for region in entries.values())
    looked_up = f"map([{keys}], [{values}])[record.country]"
    return f"case when is_filled(record.country) then {looked_up} else {default} end"


@cache
def _calling_codes() -> tuple[int, ...]:
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    return tuple(sorted(COUNTRY_CODE_TO_REGION_CODE))


@cache
def _international(code: int) -> str | None:
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    region = COUNTRY_CODE_TO_REGION_CODE[code][0]
    plain = _significant(region)
    return rf"\+{code}{plain}" if plain else None


@cache
def _national(region: str) -> tuple[str, str] | None:
    """Return the patterns of a number dialled within a region, and of one dialled abroad."""
    from phonenumbers.phonemetadata import PhoneMetadata

    plain = _significant(region)
    metadata = PhoneMetadata.metadata_for_region(region)
    if plain is None or metadata is None:
        return None
    prefix = metadata.national_prefix or ""
    optional = "?" if prefix == "1" else ""
    return f"{prefix}{optional}{plain}", f"^({metadata.international_prefix or '00'})"


@cache
def _significant(region: str) -> str | None:
    """Return the pattern of the digits behind the prefix, or None where plans are intricate."""
    from phonenumbers.phonemetadata import PhoneMetadata

    metadata = PhoneMetadata.metadata_for_region(region)
    if metadata is None or metadata.national_prefix_transform_rule is not None:
        return None
    if metadata.national_prefix_for_parsing not in _PLAIN_PREFIXES:
        return None
    description = metadata.general_desc
    lengths = [n for n in description.possible_length if n > 3] if description else []
    if not lengths:
        return None
    first = _FIRST_DIGIT.get(metadata.national_prefix, "[1-9]")
    return first + "(" + "|".join(f"[0-9]{{{length - 1}}}" for length in lengths) + ")"


def _by_field(context: Context, spec: CheckSpec, numbers: str) -> list[GroupStat]:
    refused = _counts(context, hits_relation(spec))
    return [
        rate_of("field", name, n, refused.get(name, 0))
        for name, n in _counts(context, numbers).items()
    ]


def _counts(context: Context, relation: str) -> dict[str, int]:
    return dict(
        context.snapshot.rows(
            "select table_name || '.' || field as place, records from ("
            f"select table_name, field, count(*) as records from {relation} group by all) "
            "order by place"
        )
    )


def _not_in_use(context: Context, numbers: str) -> list[GroupStat]:
    """Judge a sample of possible numbers, the same in every run, by the tables in use."""
    import phonenumbers

    share = 1 + context.snapshot.count(numbers) // (2 * _SAMPLE)
    sample = context.snapshot.rows(
        f"select distinct region, value from {numbers} where hash(value) % {share} = 0 "
        f"order by hash(value), value, region limit {_SAMPLE}"
    )
    n = k = 0
    for region, value in sample:
        try:
            number = phonenumbers.parse(value, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            n += 1
            k += not phonenumbers.is_valid_number(number)
    return [rate_of("plausibility", "not_in_use", n, k)] if n else []
