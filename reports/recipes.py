"""How to see the records of a check in a CRM, in the language of the page.

Salesforce takes a query, which is the same in every language. HubSpot has filters, which check
files write down by the internal names of properties, in clauses that all hold::

    deals: hs_is_closed is false; amount unknown or amount at most 0; sort dealstage

A clause is one condition or several joined by ``or``; or it says how the list is set up: ``sort``,
``columns``, ``count by``, ``average``, ``history`` (of a property, on the record), ``duplicates``.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from reports.wording import Wording

_RECIPE = re.compile(r"(?P<object>[a-z]+): (?P<clauses>.+)", re.DOTALL)
_SETUP = re.compile(
    r"(?P<verb>sort|columns|count by|average|history) (?P<names>\w+(?:, \w+)*)"
    r"|(?P<alone>duplicates)"
)
_CONDITION = re.compile(
    r"(?P<name>\w+) (?P<sign>known|unknown|deactivated"
    r"|(?:is not|is|before|after|from|until|at most|contains) (?P<value>.+))",
    re.DOTALL,
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
#: Columns of a settings page, which are no properties and have no internal name.
_NO_PROPERTIES = ("last_active",)
#: HubSpot knows days before and after a day, not the day itself and those after it.
_NEIGHBOURS = {"from": ("after", -1), "until": ("before", 1)}


def recipe_text(words: Wording, system: str, text: str) -> str:
    """Return what a reader types or chooses; text in no known form stays as it is."""
    found = _RECIPE.fullmatch(text) if system == "hubspot" else None
    if found is None or f"hubspot.object.{found['object']}" not in words:
        return text
    of = found["object"]
    clauses = [_clause(words, of, clause.strip()) for clause in found["clauses"].split(";")]
    if any(clause is None for clause in clauses):
        return text
    return " · ".join([words(f"hubspot.object.{of}"), *filter(None, clauses)])


def _clause(words: Wording, of: str, clause: str) -> str | None:
    setup = _SETUP.fullmatch(clause)
    if setup is not None and setup["alone"]:
        return words("hubspot.setup.duplicates")
    if setup is not None:
        names = words.listed([_property(words, of, name) for name in setup["names"].split(", ")])
        return words(f"hubspot.setup.{setup['verb'].replace(' ', '_')}", names=names)
    conditions = [_CONDITION.fullmatch(part) for part in clause.split(" or ")]
    if not all(conditions):
        return None
    told = [_condition(words, of, one) for one in conditions if one is not None]
    return f" {words('hubspot.or')} ".join(told)


def _condition(words: Wording, of: str, found: re.Match[str]) -> str:
    name, value = _property(words, of, found["name"]), found["value"]
    if value is None:
        return words(f"hubspot.sign.{found['sign']}", name=name)
    sign = found["sign"].removesuffix(f" {value}").replace(" ", "_")
    if not _DAY.fullmatch(value):
        told = words.either(f"hubspot.value.{value.lower()}", value)
        return words(f"hubspot.sign.{sign}", name=name, value=told)
    sign, days = _NEIGHBOURS.get(sign, (sign, 0))
    day = words.numbers.short_day(date.fromisoformat(value) + timedelta(days=days))
    return words(f"hubspot.sign.{sign}", name=name, value=day)


def _property(words: Wording, of: str, name: str) -> str:
    """Return what a property is called, and by which name it is found in every language.

    What every object has, such as an owner, each of them calls in its own way.
    """
    label = words.either(f"hubspot.property.{of}.{name}", "")
    label = label or words.either(f"hubspot.property.{name}", name)
    return label if label == name or name in _NO_PROPERTIES else f"{label} ({name})"
