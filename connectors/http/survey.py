"""What a look at a live source finds before anything is pulled: the table of ``doctor``."""

from __future__ import annotations

from dataclasses import dataclass, field

from connectors.http.gaps import Gap
from connectors.snapshot import Capabilities


@dataclass(frozen=True)
class SurveyedObject:
    """One kind of record.

    Attributes:
        name: Its name in the source.
        table: Canonical table.
        records: How many there are; None where that is not known beforehand.
        fields: Fields that would be asked for.
        calls: Calls that pulling it takes, about.
        in_bulk: Whether it would go through a bulk job.
    """

    name: str
    table: str
    records: int | None
    fields: int
    calls: int
    in_bulk: bool = False


@dataclass(frozen=True)
class Survey:
    """What a pull would bring, cost and miss.

    Attributes:
        account: Name of the account, as the source tells it.
        objects: What would be pulled.
        gaps: What cannot be seen, and why.
        writable: Objects that these credentials could also change.
        calls: Calls of the whole pull, about.
        minutes: How long it takes, about.
        daily_most: Calls that the source allows in a day; 0 where it does not tell.
        daily_used: Calls of the last day.
        capabilities: What could be observed after the pull.
    """

    account: str
    objects: list[SurveyedObject]
    gaps: list[Gap]
    writable: list[str]
    calls: int
    minutes: float
    daily_most: int = 0
    daily_used: int = 0
    capabilities: Capabilities = field(default_factory=Capabilities)
