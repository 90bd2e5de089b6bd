"""An export of deals alone, or of less: what may be concluded, and what would decide."""

from __future__ import annotations

import json

import jsonschema
import pytest

from checks.authoring.catalogue import load_catalogue, resolve
from checks.judgement.evidence import MOST_ITEMS, needs
from checks.profile import Profile
from checks.results import AuditResult, SignalId, State, VerdictState
from checks.schema import schema_text
from checks.spec import FAMILIES
from connectors.model import TABLES
from tests.checks.judged_crm import audit, tables
from tests.checks.snapshots import AS_OF


@pytest.fixture(scope="module")
def deals_only():
    checks = resolve(load_catalogue(), Profile())
    return audit({"deals": tables()["deals"]}, checks)


def test_deals_alone_allow_a_suspicion_at_most(deals_only):
    verdict = deals_only.verdict

    assert verdict.state in (VerdictState.SUSPECTED, VerdictState.CANNOT_CONCLUDE)


def test_the_verdict_names_the_columns_and_questions_that_would_decide(deals_only):
    wanted = deals_only.verdict.would_decide

    assert 0 < len(wanted) <= MOST_ITEMS
    assert any(item.table and item.column for item in wanted)
    assert all(set(item.question) == {"en", "fr"} for item in wanted if item.question)
    assert {item.signal for item in wanted} >= {
        SignalId.INCONSISTENT_USE,
        SignalId.WORKAROUNDS,
        SignalId.NOT_USED_FOR_DECISIONS,
    }
    assert len({item.model_dump_json() for item in wanted}) == len(wanted)


def test_a_table_that_is_missing_is_asked_for_as_a_whole(deals_only):
    asked = {(item.table, item.column) for item in deals_only.verdict.would_decide}

    assert ("field_history", None) in asked
    assert {column for table, column in asked if table == "field_history"} == {None}


def test_columns_that_the_export_has_are_not_asked_for(deals_only):
    asked = {(item.table, item.column) for item in deals_only.verdict.would_decide}

    assert ("deals", "owner_id") not in asked
    assert ("deals", "next_step") in asked


@pytest.mark.parametrize("column", ["close_date", "amount", "owner_id", "is_closed"])
def test_leaving_out_a_column_hides_and_never_heals(column, deals_only):
    rows = [{k: v for k, v in row.items() if k != column} for row in tables()["deals"]]

    poorer = audit({"deals": rows}, resolve(load_catalogue(), Profile()))

    assert poorer.verdict.state != VerdictState.NOT_ESTABLISHED
    for before, after in zip(deals_only.signals, poorer.signals, strict=True):
        assert after.index_lo <= before.index_lo


def test_an_export_without_deals_still_has_its_first_signal_and_no_conclusion():
    contacts = [{"id": f"C{i}", "name": f"Person {i}", "created_at": AS_OF} for i in range(60)]

    result = audit({"contacts": contacts}, resolve(load_catalogue(), Profile()))

    assert result.verdict.state == VerdictState.CANNOT_CONCLUDE
    assert any(one.n_eligible for one in result.checks if one.table == "contacts")
    assert not any(one.state == State.ABSENT for one in result.checks if one.table == "deals")


def test_an_empty_export_allows_no_conclusion():
    result = audit({"deals": []}, resolve(load_catalogue(), Profile()))

    assert result.verdict.state == VerdictState.CANNOT_CONCLUDE
    assert {one.state for one in result.checks} == {State.NOT_OBSERVABLE}


def test_the_json_follows_the_schema_and_reads_back(deals_only):
    text = deals_only.to_json()

    jsonschema.validate(json.loads(text), json.loads(schema_text()))
    assert AuditResult.from_json(text) == deals_only


def test_every_family_says_what_would_make_it_measurable():
    for signal, families in FAMILIES.items():
        assert set(needs()[signal]) == set(families.values())
        for need in needs()[signal].values():
            assert need.columns or need.question
            for name in need.columns:
                table, column = name.split(".")
                assert column in TABLES[table], name
