"""A rich, invented audit result: every state, a list, groups, notes, in one place."""

from __future__ import annotations

from typing import Any

from checks.results import (
    AuditResult,
    ConfigurationFinding,
    FamilyResult,
    Money,
    SignalId,
    SignalResult,
    State,
    Verdict,
    VerdictState,
    WouldDecide,
)
from tests.reports.sample_blocks import sample_forecast, sample_pipeline, sample_rhythm
from tests.reports.sample_checks import sample_checks
from tests.reports.sample_run import sample_run
from tests.reports.sample_system import (
    sample_actions,
    sample_answers,
    sample_foundations,
    sample_questions,
)

S1, S2, S3, S4 = SignalId


def _family(name: str, state: State) -> FamilyResult:
    return FamilyResult(id=name, state=state, weight=1, severity=None)


def _signals() -> list[SignalResult]:
    return [
        SignalResult(
            id=S1,
            state=State.PRESENT,
            index=38.2,
            index_lo=31.0,
            index_hi=52.4,
            coverage=0.875,
            confidence="high",
            headline_check_id="open-deal-past-close-date",
            families=[
                _family("completeness", State.EMERGING),
                _family("staleness", State.PRESENT),
                _family("validity", State.EMERGING),
                _family("integrity", State.ABSENT),
                _family("timeliness", State.NOT_OBSERVABLE),
            ],
        ),
        SignalResult(
            id=S2,
            state=State.EMERGING,
            index=None,
            index_lo=20.0,
            index_hi=95.0,
            coverage=0.11,
            confidence="low",
            headline_check_id="value-variant",
            families=[
                _family("fields", State.NOT_OBSERVABLE),
                _family("vocabulary", State.EMERGING),
            ],
        ),
        *(
            SignalResult(
                id=signal,
                state=State.NOT_OBSERVABLE,
                index=None,
                index_lo=0.0,
                index_hi=100.0,
                coverage=0.0,
                confidence=None,
                headline_check_id=None,
                families=[],
            )
            for signal in (S3, S4)
        ),
    ]


def sample_result(*, trusted: bool = True, **changes: Any) -> AuditResult:
    """Return the invented audit; ``trusted=False`` breaks its contract."""
    given: dict[str, Any] = {
        "run": sample_run(trusted=trusted),
        "verdict": Verdict(
            state=VerdictState.SUSPECTED,
            present=1,
            observable=2,
            confidence="medium",
            decided_by=["open-deal-past-close-date"],
            would_decide=[
                WouldDecide(signal=S3, table="activities"),
                WouldDecide(signal=S3, table="deals", column="created_by_id"),
                WouldDecide(
                    signal=S4,
                    question={
                        "en": "Is the weekly sales meeting held with the CRM open?",
                        "fr": "La réunion commerciale se tient-elle avec le CRM ouvert ?",
                    },
                ),
            ],
            money=Money(
                touched="3214500.00",
                open_total="11432000.00",
                top5_share=0.61,
                deals=271,
                without_amount=12,
                currency="EUR",
            ),
            probability=0.42,
            gates={"reps": True, "deals": True, "robust": False, "probability": False},
        ),
        "signals": _signals(),
        "checks": sample_checks(),
        "declared": sample_answers(),
        "foundations": sample_foundations(),
        "questions": sample_questions(),
        "actions": sample_actions(),
        "rhythm": sample_rhythm(),
        "forecast": sample_forecast(),
        "pipeline": sample_pipeline(),
        "configuration_findings": [
            ConfigurationFinding(
                code="field_not_collected",
                table="deals",
                column="next_step",
                stage="Signature",
                facts={"records": 41, "filled": 0},
            )
        ],
    }
    return AuditResult(**{**given, **changes})
