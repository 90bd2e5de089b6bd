"""What changed since the audit before: the life of findings, the moves, and what broke the trend.

A *spell* is an uninterrupted time in which a finding is open. Counts of a check obey one
identity, ``now = before + new + reopened + seen_again - resolved - vanished - unknown``, which
``LifeCounts`` refuses to break.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field, model_validator

from checks.run_info import Notice, ResultPart
from connectors.errors import RefusedValueError

Direction = Literal["worse", "better"]

#: Why a result is not compared with the one before.
Uncompared = Literal["first_audit", "older_than_last", "not_trusted"]


class LifeCounts(ResultPart):
    """How many findings live and moved since the audit before.

    Attributes:
        before: Open in the audit before.
        new: Seen for the first time.
        reopened: Open again after they were resolved or had vanished.
        seen_again: Open, and out of sight in the audit before for want of input.
        persisting: Open in both.
        resolved: The record is there, could be examined, and passes.
        vanished: The record was deleted, merged or left the population; never counted as resolved.
        unknown: The input that would tell is missing.
        now: Open in this audit.
        accepted: Of those, how many are accepted exceptions.
        oldest_months: Age of the oldest one, in whole months since it was first seen.
        long_lived: How many have been open in every audit for at least three months.
    """

    before: int = 0
    new: int = 0
    reopened: int = 0
    seen_again: int = 0
    persisting: int = 0
    resolved: int = 0
    vanished: int = 0
    unknown: int = 0
    now: int = 0
    accepted: int = 0
    oldest_months: int | None = None
    long_lived: int = 0

    @model_validator(mode="after")
    def _add_up(self) -> LifeCounts:
        entered = self.new + self.reopened + self.seen_again
        left = self.resolved + self.vanished + self.unknown
        if self.before + entered - left != self.now or self.persisting + entered != self.now:
            raise RefusedValueError("the life of findings does not add up")
        return self

    def plus(self, other: LifeCounts) -> LifeCounts:
        """Return both taken together."""
        ages = [age for age in (self.oldest_months, other.oldest_months) if age is not None]
        names = [name for name in LifeCounts.model_fields if name != "oldest_months"]
        added = {name: getattr(self, name) + getattr(other, name) for name in names}
        return LifeCounts(**added, oldest_months=max(ages, default=None))


BreakCode = Literal[
    "definition",
    "tolerance",
    "version",
    "check_added",
    "check_removed",
    "input_lost",
    "input_gained",
    "profile",
    "learning",
    "rebaselined",
]


class Break(ResultPart):
    """Something other than the CRM that changed, so that figures before and after differ.

    Attributes:
        code: What kind of change.
        checks: Checks whose figures are not comparable for that; empty where none is, or all are.
        facts: Facts for the sentence.
    """

    code: BreakCode
    checks: list[str] = Field(default_factory=list)
    facts: dict[str, Any] = Field(default_factory=dict)


class CheckChange(ResultPart):
    """One check in both audits.

    Attributes:
        probability: P(the rate rose), given what entered and left; None where that is no
            matter of records, or the two are not comparable.
        move: A move that chance does not explain, or None.
        comparable: Whether both audits could measure it, by the same definition.
    """

    check_id: str
    state_before: str | None = None
    state: str | None = None
    rate_before: float | None = None
    rate: float | None = None
    life: LifeCounts = LifeCounts()
    probability: float | None = None
    move: Direction | None = None
    comparable: bool = True


class SignalChange(ResultPart):
    """One signal in both audits, over the families that both could observe.

    Attributes:
        families: Families observed in both by the same definitions.
        like_before: Index over these families in the audit before.
        like: Index over these families now.
        chained: Index at the first audit, plus every like-for-like step since; None before any.
        smoothed: Exponentially weighted mean of the chained index, 0.3 for the latest.
        move: A move of its checks that chance does not explain, or None.
        confirmed: Whether the state changed, and the signal moved that way.
    """

    id: str
    state_before: str | None = None
    state: str
    families: list[str] = Field(default_factory=list)
    like_before: float | None = None
    like: float | None = None
    chained: float | None = None
    smoothed: float | None = None
    move: Direction | None = None
    confirmed: bool = False


class TrendPoint(ResultPart):
    """One audit in the line of audits.

    Attributes:
        chained: Chained index by signal; a signal that has none is left out.
        smoothed: The same, smoothed.
        findings: Findings open.
        breaks: How many breaks lie between the audit before and this one.
    """

    as_of: date
    verdict: str
    chained: dict[str, float] = Field(default_factory=dict)
    smoothed: dict[str, float] = Field(default_factory=dict)
    findings: int = 0
    breaks: int = 0


class AcceptedException(ResultPart):
    """Findings that somebody accepted, for a reason and up to a day.

    Attributes:
        check_id: The check.
        findings: How many open findings it covers today.
        expired: Whether its day is over: its findings count as any other again.
    """

    check_id: str
    reason: str
    owner: str
    until: date
    findings: int = 0
    expired: bool = False


ComingCode = Literal["pushes", "stage_time", "back_test"]


class Coming(ResultPart):
    """Something that snapshots of this job will make observable.

    Attributes:
        code: What it is.
        months: In how many months, if the job runs every month; 0 where it is now.
    """

    code: ComingCode
    months: int


class Comparison(ResultPart):
    """This audit beside the one before.

    Attributes:
        reason: Why there is none to compare with, or None.
        previous_as_of: Day of the audit before.
        audits: How many audits the history holds, this one included.
        life: All checks together.
        checks: Checks that changed, or hold findings; in the order of the result.
        signs: What looks like figures being made rather than work being done.
        trend: The line of audits up to this one, at most 36.
    """

    reason: Uncompared | None = None
    previous_as_of: date | None = None
    audits: int = 1
    verdict_before: str | None = None
    verdict_confirmed: bool = False
    life: LifeCounts = LifeCounts()
    checks: list[CheckChange] = Field(default_factory=list)
    signals: list[SignalChange] = Field(default_factory=list)
    breaks: list[Break] = Field(default_factory=list)
    signs: list[Notice] = Field(default_factory=list)
    coming: list[Coming] = Field(default_factory=list)
    trend: list[TrendPoint] = Field(default_factory=list)
