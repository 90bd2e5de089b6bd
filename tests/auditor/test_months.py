"""Months of one CRM: findings live as the ledger of its world says, and people hear of changes.

In quiet months they hear nothing.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.auditor.commands import run
from tests.auditor.mailbox import Mailbox
from tests.worlds.evolving import ADRIFT, NEGLECTED, ORPHANED, EvolvingCrm

KINDS = (NEGLECTED, ADRIFT, ORPHANED)
#: What happens in which month, besides what always happens.
EVENTS: dict[int, Callable[[EvolvingCrm], None]] = {
    2: lambda crm: crm.neglect(0.6),
    3: lambda crm: crm.mend(0.9),
    4: lambda crm: crm.hidden.add("AccountId"),
    5: lambda crm: crm.hidden.discard("AccountId"),
    9: lambda crm: crm.left.add(3),
    11: lambda crm: setattr(crm, "stage", "Offre"),
    14: lambda crm: crm.neglect(0.6),
    16: lambda crm: crm.mend(0.9),
    19: lambda crm: crm.hidden.add("CloseDate"),
    20: lambda crm: crm.hidden.discard("CloseDate"),
}
#: In this month somebody changes a threshold, so that figures before and after differ.
REDEFINED = 21
SETTINGS = "profile: {checks: {open-deal-past-close-date: {params: {grace_days: 8}}}}\n"
#: In these months findings get worse or better on purpose.
MOVES = {2: "worse", 3: "better", 14: "worse", 16: "better"}
#: In these the audit sees less than the one before.
BROKEN = {4, 19}
#: In these a condition is met that was not met before.
CONDITIONS = ("check:open-deal-past-close-date>0.4", "check:deal-owned-by-inactive-user>0.05")
REACHED = {2, 9, 14}
#: In these nothing but the ordinary happens.
QUIET = {1, 6, 7, 8, 10, 12, 13, 15, 17, 18, 22, 23}


@pytest.mark.parametrize("months", [5, pytest.param(24, marks=pytest.mark.long)])
def test_every_finding_lives_as_the_ledger_says(
    months: int, tmp_path: Path, capsys: pytest.CaptureFixture[str], mailbox: Mailbox
) -> None:
    crm = EvolvingCrm(seed=11)
    history, config = tmp_path / "history.sqlite", tmp_path / "auditor.yaml"
    config.write_text("{}\n", encoding="utf-8")
    told: dict[int, list[str]] = {}
    for month in range(months):
        if month:
            crm.pass_a_month()
        if month in EVENTS:
            EVENTS[month](crm)
        if month == REDEFINED:
            config.write_text(SETTINGS, encoding="utf-8")
        export = crm.write(tmp_path / f"export-{month}")
        out = tmp_path / f"report-{month}"
        done = run(
            capsys, "audit", export, "--as-of", crm.day, "--out", out, "--history", history,
            "--lang", "en", "--config", config, "--alert", mailbox.address,
            "--fail-on", ",".join(CONDITIONS),
        )  # fmt: skip
        assert (done.code == 4) == (month in BROKEN), (month, done.out, done.err)
        assert done.code in (0, 1, 4)
        check_month(month, out)
        told[month] = [mail["Subject"] for mail in mailbox.mails]
        mailbox.mails.clear()
    check_alerts(told)
    run(capsys, "history", "export", "--history", history, "--out", tmp_path / "kept")
    kept = told_spells(tmp_path / "kept" / "default-findings.csv")
    for kind in KINDS:
        for deal in crm.deals:
            assert kept.get((kind, record_key(deal.id)), []) == crm.spells(kind, deal.id), (
                kind,
                deal,
            )


def check_month(month: int, out: Path) -> None:
    comparison = json.loads((out / "result.json").read_text("utf-8"))["comparison"]
    moves = {one["check_id"]: one["move"] for one in comparison["checks"] if one["move"]}
    if month in MOVES:
        assert moves.get(NEGLECTED) == MOVES[month], (month, moves)
    if month in QUIET:
        assert moves == {}, (month, moves)
        assert confirmed(comparison) == [], month
    if month == REDEFINED:
        broken = [one["facts"] for one in comparison["breaks"] if one["code"] == "definition"]
        assert [(one["check"], one["name"]) for one in broken] == [(NEGLECTED, "grace_days")]


def check_alerts(told: dict[int, list[str]]) -> None:
    """People hear of what was planted in its month, of lost sight as such, and else of nothing."""
    for month, subjects in told.items():
        if month in BROKEN:
            assert [one for one in subjects if "cannot be trusted" in one] == subjects != [], month
        elif month in REACHED:
            assert [one for one in subjects if "something changed" in one] == subjects != [], month
        elif month in QUIET or month == REDEFINED:
            assert subjects == [], month


def confirmed(comparison: dict[str, Any]) -> list[str]:
    return [one["id"] for one in comparison["signals"] if one["confirmed"]]


def record_key(deal_id: str) -> str:
    return hashlib.sha1(f"deals:{deal_id}".encode()).hexdigest()[:15]


def told_spells(file: Path) -> dict[tuple[str, str], list[tuple[str, str, str]]]:
    told: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    with file.open(newline="") as handle:
        for row in csv.DictReader(handle):
            spell = (row["valid_from"], row["valid_to"], row["ending"])
            told.setdefault((row["check_id"], row["record_key"]), []).append(spell)
    return told
