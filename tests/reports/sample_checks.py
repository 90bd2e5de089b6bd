"""The checks of the invented audit, and the way to make another one."""

from __future__ import annotations

from typing import Any

from checks.cause_results import CausePart, CheckTriage
from checks.judgement.people import FOLDED
from checks.results import CheckResult, GroupStat, SignalId, State, Stock, Worklist

S1, S2, *_ = SignalId


def a_check(check_id: str, state: State, title: tuple[str, str], **changes: Any) -> CheckResult:
    """Return one check of signal 1, with what the caller wants changed."""
    texts = {
        language: {
            "title": named,
            "pass": named,
            "fail": fail,
            "why": why,
            "fix": fix,
        }
        for language, named, fail, why, fix in (
            (
                "en",
                title[0],
                "It concerns {k} of {n} records ({rate}).",
                "A forecast adds deals up by close date. Once dates have passed, the month's "
                "figure rests on deals that nobody has looked at again.",
                "Hold the pipeline review in the tool, thirty minutes a week: each late deal gets "
                "a new date with the reason and a next action, or it is closed.",
            ),
            (
                "fr",
                title[1],
                "Cela concerne {k} des {n} fiches ({rate}).",
                "Une prévision additionne les affaires par date de clôture. Quand ces dates sont "
                "passées, le chiffre du mois repose sur des affaires que plus personne n’a "
                "regardées.",
                "Tenez la revue des affaires dans l’outil, trente minutes par semaine : chaque "
                "affaire en retard reçoit une nouvelle date motivée et une prochaine action, ou "
                "elle est close.",
            ),
        )
    }
    unseen = state in (State.NOT_OBSERVABLE, State.ERROR)
    given: dict[str, Any] = {
        "check_id": check_id,
        "code": "S1.B2",
        "version": 1,
        "signal": S1,
        "family": "staleness",
        "state": state,
        "n_eligible": 0 if unseen else 517,
        "k_defect": 0 if unseen else 212,
        "rate": None if unseen else 212 / 517,
        "ci_lo": None if unseen else 0.35,
        "ci_hi": None if unseen else 0.471,
        "owners": 11,
        "t_lo": 0.05,
        "n_min": 30,
        "severity": None if unseen else 1.0,
        "coverage": 0.0 if unseen else 1.0,
        "table": "deals",
        "foundation": "ritual",
        "text": texts,
        "definition": {
            "population": "is_open and close_date is not null",
            "defect": "days_past_close > $grace_days",
            "nulls": "skip",
            "params": {"grace_days": 3},
        },
    }
    return CheckResult(**{**given, **changes})


def compared(
    dimension: str,
    key: str,
    label: str,
    counts: tuple[int, int],
    low: float | None,
    high: float | None,
) -> GroupStat:
    """Return the rate of people beside the band that chance allows around 41 %."""
    n, k = counts
    banded = low is not None
    return GroupStat(
        dimension=dimension,
        key=key,
        label=label,
        n_eligible=n,
        k_defect=k,
        rate=k / n,
        expected=0.41 if banded else None,
        lo=low,
        hi=high,
        ci_lo=max(0.0, k / n - 0.13) if banded else None,
        ci_hi=min(1.0, k / n + 0.13) if banded else None,
    )


def deal_rows(count: int) -> list[dict[str, Any]]:
    """Return list rows as an audit leaves them in its result."""
    return [
        {
            "record_id": f"0065g00000{number:05d}AAA",
            "name": f"Rénovation du site {number}, lot électricité et contrôle d’accès",
            "owner_id": f"rep-{number % 11:03d}",
            "owner_name": "M. D.",
            "stage": ("Qualification", "Proposition", "Négociation")[number % 3],
            "close_date": f"2026-0{1 + number % 9}-1{number % 9}",
            "days_past_close": 3 + 7 * number,
            "amount": f"{95000 - 613 * number}.50",
            "has_open_activity": number % 2 == 0,
        }
        for number in range(1, count + 1)
    ]


def sample_checks() -> list[CheckResult]:
    """Return a check in every state, with lists, groups and a stock."""
    return [
        a_check(
            "open-deal-past-close-date",
            State.PRESENT,
            ("Open deals past their close date", "Affaires dont la date de clôture est dépassée"),
            cause="organisational",
            triage=CheckTriage(
                kind="systemic",
                confidence=0.98,
                people=9,
                of_people=11,
                holding_most=6,
                parts=[CausePart(kind="systemic", share=1.0, excess=186.2, people=9)],
            ),
            money_touched="1912345.00",
            money_without_amount=3,
            worklist=Worklist(file="worklists/open-deal-past-close-date.csv", rows=212),
            sample=deal_rows(50),
            reproduce={
                "salesforce": "SELECT Id FROM Opportunity WHERE IsClosed = false "
                "AND CloseDate < 2026-11-27",
                "hubspot": "Deals · Close date is before 2026-11-27 · Is closed = false",
            },
            groups=[
                GroupStat(
                    dimension="stage",
                    key=stage,
                    label=stage,
                    n_eligible=n,
                    k_defect=k,
                    rate=k / n,
                )
                for stage, n, k in (
                    ("Qualification", 210, 131),
                    ("Proposition", 190, 61),
                    ("Négociation", 114, 19),
                    ("Signature", 3, 1),
                )
            ]
            + [
                compared("team", "00E1", "Nord", (300, 118), 0.36, 0.46),
                compared("team", FOLDED, FOLDED, (12, 5), None, None),
                compared("owner", "rep-902", "rep-902", (60, 40), 0.28, 0.54),
                compared("owner", "rep-017", "rep-017", (48, 19), 0.27, 0.55),
                compared("owner", "rep-404", "rep-404", (3, 3), 0.0, 1.0),
            ],
        ),
        a_check(
            "open-deal-without-next-step",
            State.PRESENT,
            ("Open deals without a next step", "Affaires en cours sans prochaine étape"),
            code="S1.B3",
            k_defect=166,
            rate=166 / 517,
            ci_lo=0.26,
            ci_hi=0.39,
            t_lo=0.2,
            severity=0.4,
            coverage=0.9,
            money_touched="1210000.00",
            worklist=Worklist(file="worklists/open-deal-without-next-step.csv", rows=166),
            sample=deal_rows(20),
        ),
        a_check(
            "invalid-email",
            State.EMERGING,
            ("Mail addresses that cannot receive mail", "Adresses e-mail invalides"),
            code="S1.C1",
            family="validity",
            table="contacts",
            n_eligible=2304,
            k_defect=101,
            rate=101 / 2304,
            ci_lo=0.035,
            ci_hi=0.055,
            t_lo=0.03,
            severity=0.3,
            foundation="responsibility",
            stock=Stock(n_eligible=840, k_defect=122),
            worklist=Worklist(file="worklists/invalid-email.csv", rows=2),
            sample=[
                {"record_id": "003A", "name": "M. D.", "field": "email", "value": "m…@exemple,fr"},
                {"record_id": "003B", "name": "É. L.", "field": "email", "value": "sans objet"},
            ],
            groups=[
                GroupStat(
                    dimension="field",
                    key="email",
                    label="email",
                    n_eligible=2304,
                    k_defect=101,
                    rate=101 / 2304,
                )
            ],
        ),
        a_check(
            "duplicate-account",
            State.INCONCLUSIVE,
            ("Accounts entered twice", "Comptes saisis deux fois"),
            code="S1.D1",
            family="integrity",
            table="accounts",
            n_eligible=21,
            k_defect=1,
            rate=1 / 21,
            ci_lo=0.002,
            ci_hi=0.21,
            t_lo=0.02,
            severity=None,
            owners=2,
        ),
        a_check(
            "won-deal-without-amount",
            State.ABSENT,
            ("Won deals without an amount", "Affaires gagnées sans montant"),
            code="S1.D9",
            family="integrity",
            n_eligible=840,
            k_defect=6,
            rate=6 / 840,
            ci_lo=0.003,
            ci_hi=0.015,
            t_lo=0.03,
            severity=0.0,
            money_touched="0",
        ),
        a_check(
            "open-deal-without-activity",
            State.NOT_OBSERVABLE,
            ("Open deals without activity", "Affaires en cours sans activité"),
            code="S1.B4",
            reason="column_absent",
            reason_facts={"columns": ["deals.last_activity_at"]},
        ),
        a_check(
            "lead-untouched",
            State.ERROR,
            ("Leads that nobody touched", "Leads laissés sans suite"),
            code="S1.B7",
            table="leads",
            reason="error",
        ),
        a_check(
            "value-variant",
            State.EMERGING,
            ("One value, several spellings", "Une valeur, plusieurs graphies"),
            code="S2.C1",
            signal=S2,
            family="vocabulary",
            n_eligible=1204,
            k_defect=49,
            rate=49 / 1204,
            ci_lo=0.03,
            ci_hi=0.05,
            t_lo=0.03,
            severity=0.2,
            foundation="scenario",
            evidence="estimated",
            lifecycle="experimental",
        ),
    ]
