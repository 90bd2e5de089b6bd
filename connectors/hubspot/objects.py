"""What is pulled of a portal, as ``objects.yaml`` lists it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from connectors.intake.recognition.dialects import Entry, entry_of
from connectors.yaml_file import read_yaml

#: Name under which exports by API name are read; pulled tables are read the same way.
SYSTEM = "hubspot-api"

#: Canonical column that holds the link to an object.
LINKED = {"companies": "account_id", "contacts": "contact_id", "deals": "deal_id"}


@dataclass(frozen=True)
class HubSpotObject:
    """One kind of record; the head of ``objects.yaml`` says what each attribute means."""

    name: str
    scope: str
    standard: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    pipelines: bool = False
    optional: bool = False

    @property
    def entry(self) -> Entry:
        """How its records are read."""
        return dialect_entry(self.name)

    @property
    def linked_as(self) -> str:
        """What its links are filed under: those of all engagements are in one file."""
        return "engagements" if self.table == "activities" else self.name

    @property
    def linked_columns(self) -> list[str]:
        """Canonical columns that its links fill."""
        return [LINKED[target] for target in self.to]

    @property
    def table(self) -> str:
        """Canonical table that its records go to."""
        return str(self.entry.table)


def dialect_entry(name: str) -> Entry:
    """Return how what the API calls so is read."""
    found = entry_of(SYSTEM, name)
    if found is None:
        raise LookupError(f"the dialect does not know {name}")
    return found[1]


@cache
def known_objects() -> tuple[HubSpotObject, ...]:
    """Return every object, in the order in which it is pulled."""
    data = read_yaml(Path(__file__).with_name("objects.yaml")).data
    return tuple(_object(entry) for entry in data["objects"])


def _object(entry: dict[str, Any]) -> HubSpotObject:
    lists = {key: tuple(value) for key, value in entry.items() if isinstance(value, list)}
    return HubSpotObject(**{**entry, **lists})


def known_object(name: str) -> HubSpotObject:
    """Return an object by its name."""
    return next(each for each in known_objects() if each.name == name)
