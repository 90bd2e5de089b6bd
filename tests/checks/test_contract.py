"""The intake contract: exactly these breaches, judged by Great Expectations, offline."""

from __future__ import annotations

import socket
from datetime import date
from typing import Any

import pytest

from checks.authoring.rehearsal import snapshot_from_rows
from checks.expectations.contract import judge_contract
from checks.profile import Profile
from checks.run_info import ContractResult
from connectors.snapshot import ColumnIntake, IntakeProfile, KeyIntake, TableIntake

AS_OF = date(2026, 6, 30)


def table(name: str = "deals", **changes: int) -> TableIntake:
    figures = {"rows_in": 1000, "rows_loaded": 1000, "rows_unread": 0, "duplicate_ids": 0}
    return TableIntake(name, **{**figures, **changes})


def judge(
    intake: IntakeProfile,
    created: tuple[str, ...] = ("2026-01-05",),
    as_of: date = AS_OF,
    **limits: float,
) -> ContractResult:
    snapshot = snapshot_from_rows({"deals": [{"created_at": day} for day in created]})
    snapshot.intake = intake
    return judge_contract(snapshot, Profile.model_validate({"contract": limits}), as_of)


def codes(result: ContractResult) -> list[str]:
    return [breach.code for breach in result.breaches]


def test_a_sound_export_keeps_the_contract() -> None:
    result = judge(
        IntakeProfile(
            tables=[table(), table("contacts", rows_in=0, rows_loaded=0)],
            columns=[ColumnIntake("deals", "amount", filled=900, unparsed=0)],
            keys=[KeyIntake("deals", "account_id", "accounts", filled=900, unresolved=3)],
        )
    )
    assert result == ContractResult(success=True, breaches=[])


@pytest.mark.parametrize(
    ("intake", "code", "kept"),
    [
        ({"tables": [table(rows_in=1000, rows_loaded=990, rows_unread=10)]}, "", True),
        ({"tables": [table(rows_in=1000, rows_loaded=989, rows_unread=11)]}, "rows_unread", False),
        ({"tables": [table(rows_in=1000, rows_loaded=980)]}, "rows_unread", False),
        ({"tables": [table(duplicate_ids=1)]}, "", True),
        ({"tables": [table(duplicate_ids=2)]}, "duplicate_ids", False),
        ({"columns": [ColumnIntake("deals", "amount", 100, 5)]}, "", True),
        ({"columns": [ColumnIntake("deals", "amount", 100, 6)]}, "unparsed_values", False),
        ({"columns": [ColumnIntake("deals", "amount", 0, 0)]}, "", True),
        ({"keys": [KeyIntake("deals", "account_id", "accounts", 100, 50)]}, "", True),
        ({"keys": [KeyIntake("deals", "account_id", "accounts", 29, 29)]}, "", True),
        (
            {"keys": [KeyIntake("deals", "account_id", "accounts", 30, 30)]},
            "unresolved_keys",
            False,
        ),
        (
            {"keys": [KeyIntake("deals", "account_id", "accounts", 100, 51)]},
            "unresolved_keys",
            False,
        ),
    ],
)
def test_a_clause_breaks_just_above_its_limit(
    intake: dict[str, Any], code: str, kept: bool
) -> None:
    result = judge(IntakeProfile(**{"tables": [table()], **intake}))
    assert result.success is kept
    assert codes(result) == ([code] if code else [])


def test_a_breach_names_its_place_and_its_figures() -> None:
    (breach,) = judge(
        IntakeProfile(
            tables=[table()], columns=[ColumnIntake("deals", "close_date", filled=80, unparsed=20)]
        )
    ).breaches
    assert (breach.table, breach.column) == ("deals", "close_date")
    assert (breach.observed, breach.limit) == ("0.25", "0.05")


@pytest.mark.parametrize(
    "tables", [[], [table("deals", rows_in=0, rows_loaded=0)], [table("users"), table("stages")]]
)
def test_an_export_without_a_record_to_audit_breaks_it(tables: list[TableIntake]) -> None:
    result = judge(IntakeProfile(tables=tables), created=())
    assert codes(result) == ["no_rows"]
    assert not result.success


def test_a_day_before_the_oldest_record_cannot_be_audited() -> None:
    result = judge(IntakeProfile(tables=[table()]), as_of=date(2026, 1, 4))
    assert codes(result) == ["as_of_before_data", "created_after_as_of"]
    assert (result.breaches[0].observed, result.breaches[0].limit) == ("2026-01-05", "2026-01-04")


def test_the_day_of_the_oldest_record_can() -> None:
    assert judge(IntakeProfile(tables=[table()]), as_of=date(2026, 1, 5)).success


@pytest.mark.parametrize(("later", "kept"), [(1, True), (2, False)])
def test_few_records_may_be_created_after_the_day_of_the_audit(later: int, kept: bool) -> None:
    created = ("2026-01-05",) * (20 - later) + ("2026-07-01",) * later
    result = judge(IntakeProfile(tables=[table()]), created=created)
    assert result.success is kept


def test_the_profile_sets_the_limits() -> None:
    intake = IntakeProfile(tables=[table(rows_in=1000, rows_loaded=950, rows_unread=50)])
    assert judge(intake, rows_unread=0.05).success
    assert not judge(intake, rows_unread=0.049).success


def test_breaches_come_in_the_order_of_the_clauses_then_of_the_tables() -> None:
    result = judge(
        IntakeProfile(
            tables=[table("deals", rows_loaded=1), table("contacts", rows_loaded=1)],
            columns=[ColumnIntake("accounts", "employees", 10, 9)],
        )
    )
    assert [(breach.code, breach.table) for breach in result.breaches] == [
        ("rows_unread", "contacts"),
        ("rows_unread", "deals"),
        ("unparsed_values", "accounts"),
    ]


def test_nothing_opens_a_connection_or_says_a_word(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert not judge(IntakeProfile(tables=[table(rows_loaded=1)])).success
    assert capfd.readouterr() == ("", "")
