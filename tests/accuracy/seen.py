"""What is kept of one audited world."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Seen:
    """What is kept of one audit.

    Attributes:
        present: Signals that are present.
        emerging: Signals that are emerging.
        unseen: Signals that could not be measured.
        planted_cause: The cause of the one planted habit, if one was planted.
        triage: What the audit says about that habit's cause.
        false: Checks that are present though nothing was planted for them.
        tallies: Per check, counts at record level.
    """

    part: str
    row: str
    signals: list[int]
    verdict: str
    cause: str | None
    probability: float | None
    present: list[int]
    emerging: list[int]
    unseen: list[int]
    planted_cause: str | None
    triage: str | None
    false: list[str]
    tallies: dict[str, dict[str, object]]
