"""From measurements to the result of an audit: every figure that a page may show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from checks.context import Context
from checks.interview.answers import Answers
from checks.judgement.actions import actions
from checks.judgement.by_people import read_staff
from checks.judgement.causes.examine import Causes, find_causes
from checks.judgement.check_results import amount, check_result, rounded
from checks.judgement.evidence import would_decide
from checks.judgement.families import JudgedSignal, judge_signals
from checks.judgement.foundations import foundations
from checks.judgement.four_questions import four_questions
from checks.judgement.hearing import declared_families, hear
from checks.judgement.people import Privacy, Pseudonyms
from checks.judgement.scoring import JudgedCheck, judge_check
from checks.judgement.signals import confidence, evidence, headline, index
from checks.judgement.verdict import decide
from checks.lists.money import OpenDeals
from checks.lists.pipeline import read_pipeline
from checks.measuring import Measured
from checks.results import (
    AuditResult,
    FamilyResult,
    Money,
    Robustness,
    SignalResult,
    State,
    Verdict,
)
from checks.run_info import ContractResult, RunInfo
from checks.spec import CheckSpec
from checks.system import DeclaredAnswers
from connectors.base import Stage, unwatched

_PSEUDONYMS = "pseudonyms"


def judge(
    context: Context,
    specs: Sequence[CheckSpec],
    measured: Measured,
    contract: ContractResult,
    run: RunInfo,
    *,
    named: bool,
    redact: bool = False,
    answers: Answers | None = None,
    stage: Stage = unwatched,
) -> AuditResult:
    """Judge what was measured.

    Args:
        context: The snapshot that was measured; samples and money are read from it.
        specs: Checks that ran, with the parameters and tolerances in force.
        measured: What they found.
        contract: Whether the audit may be trusted.
        run: What was audited; its ``contract`` and ``named`` are set here.
        named: Whether people appear under their names.
        redact: Whether names of owners, accounts and contacts are left out.
        answers: What people answered in the interview, or None without one.
        stage: Told when it computes ``statistics``.
    """
    said = declared_families(answers) if answers else {}
    with stage("statistics"):
        judged = {spec.id: judge_check(spec, measured.measurements[spec.id]) for spec in specs}
        signals = judge_signals(list(judged.values()), context.profile, said)
        causes = find_causes(context, specs, measured, judged, answers)
    staff = read_staff(context)
    privacy = Privacy(read_pseudonyms(context, measured), named, staff.team_sizes, redact)
    open_deals = OpenDeals(context)
    checks = [
        check_result(
            context,
            spec,
            measured,
            judged[spec.id],
            causes=causes,
            privacy=privacy,
            staff=staff,
            open_deals=open_deals,
        )
        for spec in specs
    ]
    declared = _declared(answers, judged, signals) if answers and answers.given else None
    with stage("statistics"):
        verdict = _verdict(context, measured, signals, open_deals, causes, declared)
    return AuditResult(
        run=run.model_copy(update={"contract": contract, "named": named}),
        verdict=verdict,
        signals=[_signal_result(signal) for signal in signals],
        checks=checks,
        configuration_findings=list(measured.configuration_findings),
        declared=declared,
        foundations=foundations(checks, declared),
        questions=four_questions(checks, declared),
        actions=actions(
            checks,
            declared,
            as_of=context.as_of,
            money_of=lambda check_ids: open_deals.touched(measured, check_ids).touched,
            open_total=open_deals.total(),
        ),
        pipeline=read_pipeline(context, measured, open_deals),
        learned=[context.learned[name] for name in sorted(context.learned)],
        **measured.blocks,
    )


def _declared(
    answers: Answers, judged: Mapping[str, JudgedCheck], signals: Sequence[JudgedSignal]
) -> DeclaredAnswers:
    """Set the answers beside the checks that weigh, and beside the families that they fill."""
    filled = {
        (signal.id, family.id): family.state
        for signal in signals
        for family in signal.families
        if family.evidence == "declared"
    }
    return hear(answers, {one.check_id: one.state for one in judged.values() if one.weighs}, filled)


def read_pseudonyms(context: Context, measured: Measured) -> Pseudonyms:
    """Return the pseudonyms of every user of the CRM and of every owner of a record."""
    if _PSEUDONYMS not in context.shared:
        context.shared[_PSEUDONYMS] = _pseudonyms(context, measured)
    found: Pseudonyms = context.shared[_PSEUDONYMS]
    return found


def _pseudonyms(context: Context, measured: Measured) -> Pseudonyms:
    owners = {
        count.owner_id: ""
        for measurement in measured.measurements.values()
        for count in measurement.owners
        if count.owner_id is not None
    }
    users = context.snapshot.rows("select id, any_value(name) from users group by id")
    return Pseudonyms(owners | {user_id: name or "" for user_id, name in users if user_id})


def _verdict(
    context: Context,
    measured: Measured,
    signals: Sequence[JudgedSignal],
    open_deals: OpenDeals,
    causes: Causes,
    declared: DeclaredAnswers | None,
) -> Verdict:
    reps, deals = _examined_reps_and_deals(context)
    decision = decide(signals, reps=reps, deals=deals, seed=context.profile.seed)
    missing = {check_id: one.missing for check_id, one in measured.measurements.items()}
    answered = [one.question_id for one in declared.questions] if declared else []
    return Verdict(
        state=decision.state,
        present=decision.present,
        observable=decision.observable,
        cause=causes.cause,
        confidence=decision.confidence,
        decided_by=list(decision.decided_by),
        would_decide=would_decide(signals, missing, context.snapshot.capabilities, answered)
        if decision.is_open
        else [],
        money=_money(measured, signals, open_deals),
        probability=decision.probability,
        gates=decision.gates,
        thesis=causes.thesis,
        robustness=Robustness(**asdict(decision.robustness)),
    )


def _examined_reps_and_deals(context: Context) -> tuple[int, int]:
    """Count deals that are open or were closed in the window, and the people who own them.

    Users who left and users that are programs own deals, but are no reps.
    """
    ((reps, deals),) = context.snapshot.rows(
        """
        select
            count(distinct owner_id) filter (
                owner_id not in (
                    select id from users
                    where id is not null and (is_integration or not is_active)
                )
            ),
            count(*)
        from deals
        where is_live and (
            state = 'open'
            or state in ('won', 'lost')
            and close_date between cast($as_of as date) - to_months($months) and $as_of
        )
        """,
        {"as_of": context.as_of, "months": context.profile.window_months},
    )
    return int(reps), int(deals)


def _money(measured: Measured, signals: Sequence[JudgedSignal], open_deals: OpenDeals) -> Money:
    raised = [
        check.check_id
        for signal in signals
        for check in signal.checks
        if check.state in (State.PRESENT, State.EMERGING)
    ]
    found = open_deals.touched(measured, raised)
    return Money(
        touched=amount(found.touched),
        open_total=amount(open_deals.total()),
        top5_share=rounded(found.top5_share),
        deals=found.deals,
        without_amount=found.without_amount,
        currency=open_deals.currency,
        at_risk=amount(found.at_risk),
    )


def _signal_result(signal: JudgedSignal) -> SignalResult:
    worst = headline(signal)
    bounds = index(signal)
    return SignalResult(
        id=signal.id,
        state=signal.state,
        index=None if bounds.value is None else round(bounds.value, 1),
        index_lo=round(bounds.low, 1),
        index_hi=round(bounds.high, 1),
        coverage=round(signal.coverage, 4),
        confidence=confidence(signal),
        evidence=evidence(signal),
        headline_check_id=worst.check_id if worst else None,
        families=[
            FamilyResult(
                id=family.id,
                state=family.state,
                weight=family.weight,
                severity=rounded(family.severity),
                checks=[check.check_id for check in family.checks],
                evidence=family.evidence,
            )
            for family in signal.families
        ],
    )
