"""Ten of the program's row checks, in the words that any validator understands.

Each rule is a name, the rows it looks at, the column that must be right, and how.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Rule:
    """One rule on the deals or contacts of the export.

    Attributes:
        file: File stem of the table.
        among: ``(column, value)`` of the rows examined, or None for all.
        column: Column that must be right.
        kind: ``filled``, ``positive``, ``at_least`` or ``matches``.
        bound: Bound or pattern of the kind.
    """

    name: str
    file: Literal["Opportunity", "Contact"]
    among: tuple[str, str] | None
    column: str
    kind: Literal["filled", "positive", "at_least", "matches"]
    bound: str = ""


_OPEN = ("IsClosed", "false")

RULES = (
    Rule("past-close-date", "Opportunity", _OPEN, "CloseDate", "at_least", "2026-10-27"),
    Rule("without-close-date", "Opportunity", _OPEN, "CloseDate", "filled"),
    Rule("without-amount", "Opportunity", _OPEN, "Amount", "positive"),
    Rule("without-next-step", "Opportunity", _OPEN, "NextStep", "filled"),
    Rule("without-activity", "Opportunity", _OPEN, "LastActivityDate", "at_least", "2026-09-30"),
    Rule("without-account", "Opportunity", None, "AccountId", "filled"),
    Rule("without-owner", "Opportunity", None, "OwnerId", "filled"),
    Rule("won-without-amount", "Opportunity", ("IsWon", "true"), "Amount", "positive"),
    Rule("contact-without-account", "Contact", None, "AccountId", "filled"),
    Rule("invalid-email", "Contact", None, "Email", "matches", r"^[^@\s]+@[^@\s]+\.[a-z]+$"),
)  # fmt: skip
