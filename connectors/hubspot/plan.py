"""Which properties of an object are asked for, and which are not there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from connectors.http.gaps import Gap
from connectors.hubspot.objects import HubSpotObject, known_object
from connectors.intake.feeding import columns_fed, feeding
from connectors.intake.recognition.dialects import spelling
from connectors.snapshot import Availability

#: Fields that every record tells without being asked, or that the links tell better.
_TOLD = frozenset({"id", "is_archived", "is_deleted", "account_id", "contact_id", "deal_id"})


@dataclass(frozen=True)
class ObjectPlan:
    """How one object is pulled.

    Attributes:
        name: Name of the object.
        properties: Properties asked for, in order.
        history: Those whose changes are asked for too.
    """

    name: str
    properties: tuple[str, ...]
    history: tuple[str, ...] = ()

    @property
    def of(self) -> HubSpotObject:
        """What ``objects.yaml`` says about it."""
        return known_object(self.name)


def planned(
    wanted: HubSpotObject,
    listed: Sequence[Mapping[str, Any]] | None,
    named: Collection[str] = (),
) -> tuple[ObjectPlan, list[Gap]]:
    """Return the plan of an object, and the gaps in what can be seen of it.

    Args:
        wanted: The object.
        listed: Its properties; None where they cannot be listed.
        named: Properties that the settings name.
    """
    told = list(wanted.standard) if listed is None else [str(each["name"]) for each in listed]
    names = list(dict.fromkeys(told))
    useful = [name for name in names if _is_useful(wanted, name)]
    meant = {spelling(each) for each in named}
    labels = {str(each["name"]): str(each.get("label", "")) for each in listed or ()}
    chosen = feeding(wanted.entry, useful)
    chosen += [
        name
        for name in names
        if name not in chosen and {spelling(name), spelling(labels.get(name, name))} & meant
    ]
    chosen += [name for name in wanted.also if name in names and name not in chosen]
    history = tuple(name for name in wanted.history if name in names)
    gaps = [gap for name in wanted.standard if name not in names for gap in _absent(wanted, name)]
    return ObjectPlan(wanted.name, tuple(chosen), history), gaps


def hidden_object(wanted: HubSpotObject, state: Availability, ask: str = "") -> Gap:
    """Return the gap of an object that cannot be read at all."""
    decisive = not wanted.optional
    return Gap(wanted.table, "", wanted.name, state, ask, decisive=decisive)


def _is_useful(wanted: HubSpotObject, name: str) -> bool:
    """Return whether a property feeds a column that nothing else tells."""
    fed = {field for field, _ in wanted.entry.labels.get(spelling(name), [])}
    return bool(fed - _TOLD)


def vanished_property(wanted: HubSpotObject, name: str) -> Iterator[Gap]:
    """Yield the gaps that a property leaves which was deleted while records were read."""
    for gap in _absent(wanted, name):
        yield replace(gap, decisive=True)


def _absent(wanted: HubSpotObject, name: str) -> Iterator[Gap]:
    for column in columns_fed(wanted.entry, name) or [name]:
        yield Gap(wanted.table, column, f"{wanted.name}.{name}", Availability.COLUMN_ABSENT)
