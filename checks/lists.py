"""The list behind a check: which columns, in which order, as one query."""

from __future__ import annotations

from dataclasses import dataclass

from checks.context import Context
from checks.measurement import Measurement
from checks.spec import CheckSpec
from connectors.model import Kind


@dataclass(frozen=True)
class ListColumn:
    """One column of a list.

    Attributes:
        name: Name in the list, and in the query.
        kind: What it holds.
        person: True where a value names or reaches a person, or is the key of a user.
    """

    name: str
    kind: Kind
    person: bool


@dataclass(frozen=True)
class ListQuery:
    """A query that yields a check's whole list; ``record_id`` comes first.

    Attributes:
        sql: Totally ordered; ``limit`` may be appended.
        columns: Its columns, in order.
    """

    sql: str
    columns: tuple[ListColumn, ...]


def list_query(context: Context, spec: CheckSpec, measurement: Measurement) -> ListQuery:
    """Return the query behind the list of a check whose measurement has hits."""
    raise NotImplementedError
