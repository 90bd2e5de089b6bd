"""What is pulled of an org, as ``objects.yaml`` lists it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from connectors.intake.recognition.dialects import Entry, entry_of
from connectors.yaml_file import read_yaml

#: Name under which exports by API name are read; pulled tables are read the same way.
SYSTEM = "salesforce-api"


_NO_ENTRY = Entry(None, None, frozenset(), (), {}, {}, {}, "", None, first=False)


@dataclass(frozen=True)
class SalesforceObject:
    """One object; the head of ``objects.yaml`` says what each attribute means."""

    name: str
    standard: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    all_rows: bool = False
    stamp: str = ""
    where: str = ""
    order: str = ""
    tracking: bool = False
    optional: bool = False
    rolling: bool = False
    part: bool = False
    sample: bool = False
    small: bool = False
    serves: tuple[str, ...] = ()
    completes: str = ""
    follows: str = ""
    setup: bool = False
    track: tuple[str, ...] = ()
    left: str = ""
    ask: str = ""

    @property
    def entry(self) -> Entry:
        """How its records are read; what only completes others is read with them."""
        if self.completes or self.left:
            return _NO_ENTRY
        found = entry_of(SYSTEM, self.name)
        if found is None:
            raise LookupError(f"the dialect does not know {self.name}")
        return found[1]

    @property
    def table(self) -> str:
        """Canonical table that its records go to or, for links, that they complete."""
        if self.left or self.completes:
            return self.left or self.completes.partition(".")[0]
        entry = self.entry
        return entry.table or (entry.link.table if entry.link else "")

    @property
    def ordered(self) -> list[tuple[str, str]]:
        """The fields of its order, and ``DESC`` or nothing."""
        parts = (item.strip().partition(" ") for item in self.order.split(",") if item)
        return [(name, way) for name, _, way in parts]

    @property
    def permission(self) -> str:
        """What to ask the administrator for."""
        return self.ask or f"Read on {self.name}"


@cache
def known_objects() -> tuple[SalesforceObject, ...]:
    """Return every object, in the order in which it is pulled."""
    data = read_yaml(Path(__file__).with_name("objects.yaml")).data
    return tuple(_object(entry) for entry in data["objects"])


def _object(entry: dict[str, Any]) -> SalesforceObject:
    lists = {key: tuple(value) for key, value in entry.items() if isinstance(value, list)}
    return SalesforceObject(**{**entry, **lists})


def known_object(name: str) -> SalesforceObject:
    """Return an object by its name."""
    return next(each for each in known_objects() if each.name == name)
