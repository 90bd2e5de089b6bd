"""Months of one CRM: findings live as the ledger of its world says, and quiet months are quiet."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.auditor.commands import run
from tests.worlds.evolving import ADRIFT, NEGLECTED, ORPHANED, EvolvingCrm

KINDS = (NEGLECTED, ADRIFT, ORPHANED)
#: What happens in which month, besides what always happens.
EVENTS: dict[int, Callable[[EvolvingCrm], None]] = {
    2: lambda crm: crm.neglect(0.6),
    3: lambda crm: crm.mend(0.9),
    5: lambda crm: crm.hidden.add("AccountId"),
    6: lambda crm: crm.hidden.discard("AccountId"),
    9: lambda crm: crm.left.add(3),
    11: lambda crm: setattr(crm, "stage", "Offre"),
    14: lambda crm: crm.neglect(0.6),
    16: lambda crm: crm.mend(0.9),
    19: lambda crm: crm.hidden.add("CloseDate"),
    20: lambda crm: crm.hidden.discard("CloseDate"),
}
#: In these months findings get worse or better on purpose.
MOVES = {2: "worse", 3: "better", 14: "worse", 16: "better"}
#: In these the audit sees less than the one before.
BROKEN = {5, 19}
#: In these nothing but the ordinary happens, neither then nor just before.
QUIET = {1, 4, 8, 12, 13, 15, 17, 18, 22, 23}


@pytest.mark.parametrize("months", [6, pytest.param(24, marks=pytest.mark.long)])
def test_every_finding_lives_as_the_ledger_says(
    months: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crm = EvolvingCrm(seed=11)
    history = tmp_path / "history.sqlite"
    for month in range(months):
        if month:
            crm.pass_a_month()
        if month in EVENTS:
            EVENTS[month](crm)
        export = crm.write(tmp_path / f"export-{month}")
        out = tmp_path / f"report-{month}"
        done = run(
            capsys, "audit", export, "--as-of", crm.day, "--out", out, "--history", history,
            "--lang", "en",
        )  # fmt: skip
        assert done.code == (4 if month in BROKEN else 0), (month, done.out, done.err)
        check_month(month, out)
    run(capsys, "history", "export", "--history", history, "--out", tmp_path / "kept")
    told = told_spells(tmp_path / "kept" / "default-findings.csv")
    for kind in KINDS:
        for deal in crm.deals:
            assert told.get((kind, record_key(deal.id)), []) == crm.spells(kind, deal.id), (
                kind,
                deal,
            )


def check_month(month: int, out: Path) -> None:
    import json

    comparison = json.loads((out / "result.json").read_text("utf-8"))["comparison"]
    moves = {one["check_id"]: one["move"] for one in comparison["checks"] if one["move"]}
    if month in MOVES:
        assert moves.get(NEGLECTED) == MOVES[month], (month, moves)
    if month in QUIET:
        assert moves == {}, (month, moves)
        assert confirmed(comparison) == [], month


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
