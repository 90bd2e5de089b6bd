"""What every measure is given: the data, the definitions in force, and the day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any

from checks.learned_limits import LearnedLimits
from checks.profile import Profile, RequiredFields
from checks.spec import CheckSpec
from connectors.snapshot import Snapshot

#: Columns that a person's name is put together from.
_PARTS_OF_NAME = {"first_name", "last_name"}


@dataclass(frozen=True)
class Context:
    """One audit as its measures see it.

    Attributes:
        snapshot: Loaded, locked tables; features and flags are added to its engine.
        profile: Definitions in force.
        as_of: Day of the audit, inclusive.
        baseline: The limits that an earlier audit learned and that still hold, by name.
        learned: The limits in force, by name, as far as a check asked for them.
        lists: The lists that were prepared, by check id: each is joined and ordered once.
        columns: The columns of relations that are finished, by name: each is asked for once.
        relations: The relations of events that were laid out: each is made once.
        shared: What several measures work on, by name: whichever asks first makes it.
    """

    snapshot: Snapshot
    profile: Profile
    as_of: date
    baseline: Mapping[str, LearnedLimits] = field(default_factory=dict)
    learned: dict[str, LearnedLimits] = field(default_factory=dict, compare=False, repr=False)
    lists: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    columns: dict[str, dict[str, str]] = field(default_factory=dict, compare=False, repr=False)
    relations: set[str] = field(default_factory=set, compare=False, repr=False)
    shared: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)


def required_fields(context: Context, table: str) -> RequiredFields:
    """Return what records of a table must hold: as the profile says, and as the CRM itself asks.

    What only the CRM makes people fill is important, not critical: it is seldom empty, and often
    filled with anything that gets the form saved.
    """
    listed = context.profile.required_fields.get(table, RequiredFields())
    labels = [label for _, labels in listed for label in _labels(labels)]
    named = {name.strip() for label in labels for name in label.split("|")}
    if "name" in named:
        named |= _PARTS_OF_NAME
    asked = {column for of, column in context.snapshot.capabilities.required if of == table}
    important = (*listed.important, *sorted(asked - named))
    return listed.model_copy(update={"important": important})


def _labels(labels: tuple[str, ...] | dict[str, tuple[str, ...]]) -> Iterable[str]:
    return chain.from_iterable(labels.values()) if isinstance(labels, dict) else labels


def slug(spec: CheckSpec) -> str:
    """Return the check's id as an SQL name, for its relations in the engine."""
    return spec.id.replace("-", "_")


def list_relation(spec: CheckSpec) -> str:
    """Name of the relation of the check's whole list, in its order."""
    return f"list_{slug(spec)}"


def population_relation(spec: CheckSpec) -> str:
    """Name of the relation ``(row_no, record_id, owner_id)`` of the records examined."""
    return f"population_{slug(spec)}"


def hits_relation(spec: CheckSpec) -> str:
    """Name of the relation ``(row_no, record_id, ...)`` of the records that failed."""
    return f"hits_{slug(spec)}"
