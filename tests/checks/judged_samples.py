"""Checks and counts in a few words, for the tests of the judgement."""

from __future__ import annotations

from checks.judgement.scoring import JudgedCheck, judge_check
from checks.measurement import Measurement, OwnerCount
from checks.results import SignalId
from checks.spec import FAMILIES, CheckSpec, CheckText, Texts, Tolerance, WorklistSpec

S1, S2, S3, S4 = SignalId
TEXT = CheckText.model_validate(
    {"title": "Title", "pass": "Fine.", "fail": "Not fine.", "why": "Because.", "fix": "Do."}
)


def spec(code="S1.B2", check_id=None, t_lo=0.05, n_min=30, **fields):
    """Return a stable check of the family that the code names."""
    return CheckSpec(
        **{
            "id": check_id or "check-" + code.lower().replace(".", "-"),
            "code": code,
            "version": 1,
            "lifecycle": "stable",
            "table": "deals",
            "population": "is_open",
            "defect": "amount is null",
            "tolerance": Tolerance(t_lo=t_lo, n_min=n_min),
            "effort": "S",
            "foundation": "ritual",
            "text": Texts(en=TEXT, fr=TEXT),
            "worklist": WorklistSpec(columns=("name",)),
            **fields,
        }
    )


def counted(n, k, owners=10, **fields):
    """Return a measurement whose records and defects are spread evenly over owners."""
    shares = [
        OwnerCount(
            f"owner-{i:03}",
            n // owners + (i < n % owners),
            k // owners + (i >= owners - k % owners),
        )
        for i in range(owners)
    ]
    return Measurement(owners=tuple(shares), **fields)


HEALTHY, SICK = 0, 120  # defects of 400 records at a tolerance of 5 %


def judged(code, k=HEALTHY, n=400, **fields) -> JudgedCheck:
    """Return a judged check with ``k`` defects among ``n`` records of ten owners."""
    return judge_check(spec(code, **fields), counted(n, k))


def code_of(signal: SignalId, letter: str, number: int = 1) -> str:
    """Return the code of a check of a family, by its letter."""
    return f"S{list(SignalId).index(signal) + 1}.{letter}{number}"


def one_check_a_family(sick=()) -> list[JudgedCheck]:
    """Return a judged check for every family of every signal; the codes given are sick."""
    codes = [code_of(signal, letter) for signal, names in FAMILIES.items() for letter in names]
    return [judged(code, SICK if code in sick else HEALTHY) for code in codes]
