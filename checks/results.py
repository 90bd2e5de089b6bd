"""The result of an audit, and its versioned JSON: all that a page may show.

Rates and coverages run from 0 to 1; money is a decimal string in the currency named beside
it. Readers accept unknown keys, so that a newer file opens in an older program.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from checks.blocks import ForecastBlock, PipelineBlock, RhythmBlock
from checks.cause_results import Cause, CheckTriage, Thesis
from checks.comparison import AcceptedException, Comparison
from checks.learned_limits import LearnedLimits
from checks.run_info import ResultPart, RunInfo
from checks.system import Action, DeclaredAnswers, FoundationResult, QuestionResult

SCHEMA_VERSION = "1.0"


class SignalId(StrEnum):
    """The four signals of the article, in its order."""

    INCOMPLETE_OR_OBSOLETE = "incomplete_or_obsolete"
    INCONSISTENT_USE = "inconsistent_use"
    WORKAROUNDS = "workarounds"
    NOT_USED_FOR_DECISIONS = "not_used_for_decisions"


class State(StrEnum):
    """State of a check, a family or a signal. Unmeasured is never ``absent``."""

    PRESENT = "present"
    EMERGING = "emerging"
    ABSENT = "absent"
    INCONCLUSIVE = "inconclusive"
    NOT_OBSERVABLE = "not_observable"
    ERROR = "error"


class VerdictState(StrEnum):
    """How sure the signals are; the cause is a field of its own."""

    ESTABLISHED = "established"
    SUSPECTED = "suspected"
    NOT_ESTABLISHED = "not_established"
    CANNOT_CONCLUDE = "cannot_conclude"


Evidence = Literal["measured", "declared", "estimated"]
Confidence = Literal["high", "medium", "low"]


class Money(ResultPart):
    """Money touched by the defects of the verdict's checks, each open deal counted once.

    Attributes:
        touched: Sum over distinct open deals hit by a check that is present or emerging; None
            when open deals are in several currencies.
        open_total: Sum over all open deals; None when they are in several currencies.
        top5_share: Share of ``touched`` that the five largest of these deals hold.
        deals: Number of distinct open deals hit.
        without_amount: How many of them have no amount, and so add nothing to the sum.
        currency: ISO code, or None when the export names none or several.
        at_risk: ``touched`` with every deal weighed by its chance of being won, as stage history
            tells it; None without.
    """

    touched: str | None
    open_total: str | None
    top5_share: float | None
    deals: int = 0
    without_amount: int = 0
    currency: str | None
    at_risk: str | None = None


class WouldDecide(ResultPart):
    """A column to export, or a question to ask, that would make a signal measurable."""

    signal: SignalId
    table: str | None = None
    column: str | None = None
    question: dict[str, str] | None = None


class Robustness(ResultPart):
    """How many signals would be present if one thing were otherwise.

    Attributes:
        stricter: With every tolerance a quarter lower.
        looser: With every tolerance a quarter higher.
        without_one: The fewest, whichever single owner is left out; None below five owners.
    """

    stricter: int
    looser: int
    without_one: int | None = None


class Verdict(ResultPart):
    """The answer to "is this a system problem?".

    Attributes:
        present: Signals that are present, 0 to 4.
        observable: Signals that could be measured, 0 to 4; answers of people do not count.
        cause: Where most of the excess defects of the present findings come from; null where
            there are none. It does not depend on the state, nor the state on it.
        thesis: How that was found out, and what would tell the organisation from its tool.
        decided_by: Checks that made the present signals present.
        probability: P(at least two signals present) by what was measured, or None.
        gates: Each gate of ``established`` and whether it held.
    """

    state: VerdictState
    present: int
    observable: int
    cause: Cause | None = None
    confidence: Confidence | None = None
    decided_by: list[str] = Field(default_factory=list)
    would_decide: list[WouldDecide] = Field(default_factory=list)
    money: Money
    probability: float | None = None
    gates: dict[str, bool] = Field(default_factory=dict)
    thesis: Thesis | None = None
    robustness: Robustness | None = None


class FamilyResult(ResultPart):
    """One family of checks: as bad as its worst observable check.

    Attributes:
        evidence: ``declared`` where no check could be observed and people's answers fill it.
    """

    id: str
    state: State
    weight: float
    severity: float | None
    checks: list[str] = Field(default_factory=list)
    evidence: Evidence = "measured"


class SignalResult(ResultPart):
    """One of the four signals.

    Attributes:
        index: 0 to 100, or None when coverage is below 0.5.
        index_lo: The index if every family that was not observed were at its worst.
        index_hi: The index if every family that was not observed were healthy.
        coverage: Weight of the observed families over the weight of all.
    """

    id: SignalId
    state: State
    index: float | None
    index_lo: float
    index_hi: float
    coverage: float
    confidence: Confidence | None
    evidence: Evidence = "measured"
    headline_check_id: str | None
    families: list[FamilyResult]


class Metric(ResultPart):
    """A measured value that is no rate."""

    name: str
    value: float | None
    unit: str
    lo: float | None = None
    hi: float | None = None


class GroupStat(ResultPart):
    """The rate of a check within one group, for example one field or one stage.

    Attributes:
        dimension: ``field``, ``stage``, ``owner``...
        key: Stable key of the group; a pseudonym for people.
        label: What the page shows.
        expected: What the group would show if it were like the others; None if not compared.
        lo: Lower end of the band, or of the interval, that the rate is read against.
        hi: Upper end.
        ci_lo: Lower end of the 95 % interval of the rate itself, where ``lo`` is a band.
        ci_hi: Upper end.
        of: What the rate is one of, where a check compares several things: the key of its group.
    """

    dimension: str
    key: str
    label: str
    n_eligible: int
    k_defect: int
    rate: float | None
    expected: float | None = None
    lo: float | None = None
    hi: float | None = None
    ci_lo: float | None = None
    ci_hi: float | None = None
    of: str | None = None


class Worklist(ResultPart):
    """The file, relative to the output folder, that holds every record of a check."""

    file: str
    rows: int
    columns: list[str] = Field(default_factory=list)


class Stock(ResultPart):
    """The same check on records outside the window: shown, without a state."""

    n_eligible: int
    k_defect: int


class CheckResult(ResultPart):
    """What one check found.

    Attributes:
        kind: ``rate`` of records, ``metric`` for another figure, or ``people``: then records
            are people, and their number is said, never a percentage.
        n_eligible: Records examined.
        k_defect: Records that failed.
        ci_lo: Lower end of the equal-tailed 95 % interval, clustered by owner.
        owners: Owners the interval was clustered by; below 3 it ignores differences
            between people, and the page says so.
        coverage: Share of the population whose outcome could be seen.
        cause: Where its defects come from, where it is present or emerging, or close to its
            tolerance because of some people or of a process; else null.
        triage: How that was found out, with the parts that it consists of.
        money_touched: Sum of the amounts of distinct open deals hit; a decimal string.
        reason: Code that says why the state is not observable, inconclusive or error.
        reason_facts: Facts for the sentence behind ``reason``.
        sample: At most 50 rows of the worklist; people pseudonymised.
        text: Wording of the check by language: title, pass, fail, why, fix.
        reproduce: How to see it in the CRM, by system, with literal dates.
        definition: Population, defect, nulls and parameters as resolved.
    """

    check_id: str
    code: str
    version: int
    kind: Literal["rate", "metric", "people"] = "rate"
    signal: SignalId
    family: str
    lifecycle: str = "stable"
    state: State
    n_eligible: int
    k_defect: int
    rate: float | None
    ci_lo: float | None
    ci_hi: float | None
    probability: float | None = None
    owners: int = 0
    metric: Metric | None = None
    t_lo: float
    n_min: int
    severity: float | None
    coverage: float
    evidence: Evidence = "measured"
    cause: Cause | None = None
    triage: CheckTriage | None = None
    money_touched: str | None = None
    money_without_amount: int = 0
    money_at_risk: str | None = None
    reason: str | None = None
    reason_facts: dict[str, Any] = Field(default_factory=dict)
    groups: list[GroupStat] = Field(default_factory=list)
    stock: Stock | None = None
    sample: list[dict[str, Any]] = Field(default_factory=list)
    worklist: Worklist | None = None
    table: str = ""
    effort: str = "M"
    foundation: str = ""
    text: dict[str, dict[str, str]] = Field(default_factory=dict)
    reproduce: dict[str, str] = Field(default_factory=dict)
    definition: dict[str, Any] = Field(default_factory=dict)


class ConfigurationFinding(ResultPart):
    """Something about the CRM's set-up, not about its records: a field nobody fills at a stage."""

    code: str
    table: str
    column: str | None = None
    stage: str | None = None
    facts: dict[str, Any] = Field(default_factory=dict)


class AuditResult(ResultPart):
    """Everything an audit found. The last blocks stay null until they are built.

    Attributes:
        actions: What to do first, at most five, the most urgent first.
        accepted: Findings that somebody accepted; they are among those of the checks.
        comparison: What changed since the audit before; null where no history is kept.
        declared: What people answered; null without an interview.
        foundations: Rituals, responsibilities and usage scenarios.
        learned: Limits that the past of this CRM taught, in the order of their names.
        questions: The four questions to settle before any tool.
    """

    schema_version: str = SCHEMA_VERSION
    run: RunInfo
    verdict: Verdict
    signals: list[SignalResult]
    checks: list[CheckResult]
    configuration_findings: list[ConfigurationFinding] = Field(default_factory=list)
    declared: DeclaredAnswers | None = None
    foundations: list[FoundationResult] | None = None
    questions: list[QuestionResult] | None = None
    actions: list[Action] | None = None
    accepted: list[AcceptedException] = Field(default_factory=list)
    comparison: Comparison | None = None
    rhythm: RhythmBlock | None = None
    forecast: ForecastBlock | None = None
    pipeline: PipelineBlock | None = None
    learned: list[LearnedLimits] = Field(default_factory=list)

    def to_json(self) -> str:
        """Return the JSON text, the same bytes for the same result."""
        return self.model_dump_json(indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> AuditResult:
        """Read a result written by this or a newer version.

        Raises:
            pydantic.ValidationError: If the text is not such a result.
        """
        return cls.model_validate_json(text)
