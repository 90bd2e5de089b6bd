"""Which fields of an object are asked for, and which cannot be seen."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.http.gaps import Gap
from connectors.intake.feeding import columns_fed, feeding
from connectors.salesforce.objects import SalesforceObject, known_object
from connectors.snapshot import Availability

#: Types whose value is put together from other fields that are there on their own.
_COMPOUND = frozenset({"address", "location"})
#: Types that are never asked for: their values are no text, or very long.
_UNREADABLE = frozenset({"base64", "complexvalue", "encryptedstring"})
#: What the querying user looked at last: of no meaning for a program.
_OF_THE_READER = frozenset({"LastViewedDate", "LastReferencedDate"})
#: Fields by which only we go: for slices, order and changes.
SERVICE = ("SystemModstamp",)


@dataclass(frozen=True)
class ObjectPlan:
    """How one object is pulled.

    Attributes:
        name: Name of the object.
        fields: Fields asked for, in order; ``Id`` first.
        service: Those of them that are no data of the audit.
        bulk: Whether it goes through a bulk job.
        expected: Records counted before, None where they could not be counted.
    """

    name: str
    fields: tuple[str, ...]
    service: tuple[str, ...] = ()
    bulk: bool = False
    expected: int | None = None

    @property
    def of(self) -> SalesforceObject:
        """What ``objects.yaml`` says about it."""
        return known_object(self.name)

    @property
    def order(self) -> list[tuple[str, str]]:
        """The order of its rows, as far as this user sees it: fields, and ``DESC`` or nothing."""
        return [(name, way) for name, way in self.of.ordered if name in self.fields]

    def query(self, condition: str = "") -> str:
        """Return the SOQL for all rows, or for those of a condition."""
        conditions = [f"({each})" for each in (self.of.where, condition) if each]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        # An order would switch off the slicing that makes large bulk jobs fast.
        ordered = ", ".join(f"{name} {way}".strip() for name, way in self.order)
        order = f" ORDER BY {ordered}" if ordered and not self.bulk else ""
        return f"SELECT {', '.join(self.fields)} FROM {self.name}{where}{order}"

    def count_query(self, condition: str = "") -> str:
        """Return the SOQL that counts the same rows."""
        conditions = [f"({each})" for each in (self.of.where, condition) if each]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return f"SELECT COUNT() FROM {self.name}{where}"


def planned(
    wanted: SalesforceObject, described: Mapping[str, Any], custom: Collection[str] = ()
) -> tuple[ObjectPlan, list[Gap]]:
    """Return the plan of an object, and the gaps in what can be seen of it.

    Args:
        wanted: The object.
        described: What describe says; it lists only the fields that this user may see.
        custom: Custom fields to ask for besides.
    """
    seen = {field["name"]: field for field in described["fields"] if _is_readable(field)}
    also = [name for name in wanted.also if _is_seen(name, seen)]
    fields = ["Id", *feeding(wanted.entry, [*seen, *also]), *also]
    if wanted.entry.link or wanted.entry.versions or wanted.completes:
        fields += [name for name in wanted.standard if name in seen]
    fields += [name for name in custom if name in seen]
    service = [
        name
        for name in (*sorted({wanted.stamp, *SERVICE}), *wanted.serves, *dict(wanted.ordered))
        if name in seen and name not in fields
    ]
    plan = ObjectPlan(wanted.name, tuple(dict.fromkeys([*fields, *service])), tuple(service))
    return plan, list(_hidden_fields(wanted, seen))


def hidden_object(wanted: SalesforceObject) -> Gap:
    """Return the gap of an object that this user cannot see at all."""
    if wanted.tracking:
        state = Availability.NOT_TRACKED
    elif wanted.optional:
        state = Availability.TABLE_ABSENT
    else:
        state = Availability.NO_PERMISSION
    ask = "" if wanted.optional else wanted.permission
    column = wanted.completes.partition(".")[2]
    return Gap(wanted.table, column, wanted.name, state, ask, decisive=not wanted.part)


def left_alone(known: SalesforceObject, there: bool) -> Gap:
    """Return what is said of an object that no check needs: whether it could be read."""
    state = Availability.NOT_READ if there else Availability.TABLE_ABSENT
    return Gap(known.table, "", known.name, state)


def required_columns(wanted: SalesforceObject, described: Mapping[str, Any]) -> list[str]:
    """Return the columns that the org makes everybody fill who creates a record."""
    required = [
        field["name"]
        for field in described["fields"]
        if not field.get("nillable", True)
        and field.get("createable")
        and not field.get("defaultedOnCreate")
        and field["type"] != "boolean"
    ]
    return sorted({each for name in required for each in columns_fed(wanted.entry, name) or [name]})


def custom_candidates(described: Mapping[str, Any]) -> list[str]:
    """Return custom fields whose use can be counted."""
    return [
        field["name"]
        for field in described["fields"]
        if field.get("custom")
        and _is_readable(field)
        and field.get("aggregatable", True)
        and field["type"] not in ("textarea", "boolean", "multipicklist")
    ]


def _is_readable(field: Mapping[str, Any]) -> bool:
    return field["type"] not in _COMPOUND | _UNREADABLE and field["name"] not in _OF_THE_READER


def _is_seen(name: str, seen: Mapping[str, Any]) -> bool:
    """Return whether a field, or the key to the parent that has it, is listed."""
    parent, point, _ = name.partition(".")
    if not point:
        return name in seen
    return any(field.get("relationshipName") == parent for field in seen.values())


def hidden_field(wanted: SalesforceObject, name: str) -> Iterator[Gap]:
    """Yield the gaps that a hidden field leaves, one a canonical column."""
    for column in columns_fed(wanted.entry, name) or [name]:
        yield Gap(
            wanted.table,
            column,
            f"{wanted.name}.{name}",
            Availability.NO_PERMISSION,
            f"Read Access on {wanted.name}.{name}",
            decisive=not wanted.part,
        )


def _hidden_fields(wanted: SalesforceObject, seen: Mapping[str, Any]) -> Iterator[Gap]:
    for name in wanted.standard:
        if name not in seen:
            yield from hidden_field(wanted, name)
