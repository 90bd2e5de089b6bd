from __future__ import annotations

import json
from datetime import date, timedelta

import jsonschema
import pytest

from checks.authoring.catalogue import load_catalogue, resolve
from checks.authoring.rehearsal import snapshot_from_rows
from checks.context import Context
from checks.judgement.evidence import MOST_ITEMS, needs
from checks.judgement.judging import judge, read_pseudonyms
from checks.measuring import measure_all
from checks.profile import Profile
from checks.results import AuditResult, SignalId, State, VerdictState
from checks.run_info import ContractResult, RunInfo
from checks.schema import schema_text
from checks.spec import FAMILIES, Reproduce, Tolerance
from connectors.model import TABLES
from tests.checks.judged_samples import spec

AS_OF = date(2026, 6, 30)
REPS = 6
CHECKS = (
    spec(
        "S1.A1",
        "open-deal-without-amount",
        tolerance=Tolerance(t_lo=0.10, n_min=30),
        population="is_open",
        defect="amount is null",
    ),
    spec(
        "S1.B2",
        "open-deal-past-close-date",
        population="is_open and close_date is not null",
        defect="days_past_close > $grace_days",
        params={"grace_days": 3},
        worklist={"columns": ("name", "owner_id", "close_date", "amount"), "sort": ("-amount",)},
        reproduce=Reproduce(
            salesforce="SELECT Id FROM Opportunity WHERE CloseDate < {as_of_minus_grace_days}",
            hubspot="Close date before {as_of} by more than {grace_days} days {kept}",
        ),
    ),
    spec(
        "S1.D9",
        "won-deal-without-amount",
        population="is_won",
        defect="amount is null",
    ),
    spec(
        "S1.D10",
        "contact-without-reach",
        table="contacts",
        population="email is not null",
        defect="email = 'none'",
        tolerance=Tolerance(t_lo=0.10, n_min=3),
        worklist={"columns": ("name", "email", "owner_id")},
    ),
)


def deal(number, *, late, **fields):
    return {
        "id": f"D{number:03}",
        "name": f"Deal {number}",
        "owner_id": f"u{number % REPS}",
        "is_closed": False,
        "is_won": False,
        "amount": 100 + number,
        "close_date": AS_OF - timedelta(days=40) if late else AS_OF + timedelta(days=40),
        **fields,
    }


USERS = [{"id": f"u{i}", "name": f"Seller Number{i}", "is_active": i != 5} for i in range(REPS)]


def tables(late=70, deals=120):
    contacts = [
        {"id": "C1", "name": "Claire Durand", "email": "none", "owner_id": "u1"},
        {"id": "C2", "name": "Paul Martin", "email": "paul@acme.example", "owner_id": "u2"},
    ]
    return {
        "deals": [deal(i, late=i < late) for i in range(deals)],
        "users": USERS,
        "contacts": contacts,
    }


def audit(rows=None, checks=CHECKS, *, named=False, profile=None):
    context = Context(snapshot_from_rows(rows or tables()), profile or Profile(), AS_OF)
    run = RunInfo(
        tool_version="0",
        source="test",
        as_of=AS_OF,
        profile_hash="p",
        catalogue_hash="c",
        tables={},
        contract=ContractResult(success=True),
    )
    measured = measure_all(context, checks)
    return judge(context, checks, measured, ContractResult(success=True), run, named=named)


@pytest.fixture(scope="module")
def result():
    return audit()


def check(result, check_id="open-deal-past-close-date"):
    return next(one for one in result.checks if one.check_id == check_id)


def test_a_check_carries_its_counts_its_interval_and_its_state(result):
    late = check(result)

    assert (late.state, late.n_eligible, late.k_defect) == (State.PRESENT, 120, 70)
    assert late.rate == pytest.approx(70 / 120, abs=1e-6)
    assert late.ci_lo < late.rate < late.ci_hi
    assert (late.severity, late.owners, late.t_lo, late.n_min) == (1, 6, 0.05, 30)


def test_a_check_carries_the_money_of_the_deals_it_hits(result):
    assert check(result).money_touched == f"{sum(100 + i for i in range(70))}.00"
    assert check(result, "contact-without-reach").money_touched is None


def test_the_verdict_carries_the_money_of_its_checks(result):
    money = result.verdict.money

    assert money.touched == check(result).money_touched
    assert money.open_total == f"{sum(100 + i for i in range(120))}.00"
    assert money.deals == 70
    assert money.top5_share == pytest.approx(sum(100 + i for i in range(65, 70)) / 9415, abs=1e-6)


def test_a_check_says_how_to_see_it_in_the_crm_with_literal_dates(result):
    assert check(result).reproduce == {
        "salesforce": "SELECT Id FROM Opportunity WHERE CloseDate < 2026-06-27",
        "hubspot": "Close date before 2026-06-30 by more than 3 days {kept}",
    }


def test_a_check_states_its_definition(result):
    assert check(result).definition == {
        "population": "is_open and close_date is not null",
        "defect": "days_past_close > $grace_days",
        "nulls": "skip",
        "params": {"grace_days": 3},
        "tolerance": {"t_lo": 0.05, "t_hi": 0.1, "t_cr": 0.2, "n_min": 30},
    }


def test_a_check_is_worded_in_both_languages(result):
    text = check(result).text

    assert set(text) == {"en", "fr"}
    assert set(text["fr"]) == {"title", "pass", "fail", "why", "fix"}


def test_the_sample_is_the_head_of_the_list(result):
    late = check(result)

    assert len(late.sample) == 50
    assert (late.worklist.file, late.worklist.rows) == (
        "worklists/open-deal-past-close-date.csv",
        70,
    )
    assert late.sample[0]["name"] == "Deal 69"
    assert late.sample[0]["amount"] == "169.00"
    assert late.sample[0]["close_date"] == "2026-05-21"


def test_people_appear_under_other_names(result):
    text = result.to_json()

    assert "Seller" not in text
    assert "Claire" not in text
    assert check(result).sample[0]["owner_id"].startswith("rep-")
    assert check(result, "contact-without-reach").sample[0]["name"] == "C. D."


def test_people_appear_under_their_names_when_asked_for():
    named = audit(named=True)

    assert named.run.named
    assert check(named).sample[0]["owner_id"] == "Seller Number3"
    assert check(named, "contact-without-reach").sample[0]["name"] == "Claire Durand"


def test_pseudonyms_cover_every_user():
    context = Context(snapshot_from_rows(tables()), Profile(), AS_OF)

    rows = list(read_pseudonyms(context, measure_all(context, CHECKS)).as_csv_rows())

    assert {owner for owner, _, _ in rows} == {f"u{i}" for i in range(REPS)}


def test_a_check_without_defects_has_no_list(result):
    healthy = check(result, "open-deal-without-amount")

    assert (healthy.state, healthy.worklist, healthy.sample) == (State.ABSENT, None, [])


def test_a_check_with_nobody_to_examine_says_so(result):
    won = check(result, "won-deal-without-amount")

    assert (won.state, won.reason, won.rate) == (State.NOT_OBSERVABLE, "nobody_to_examine", None)


def test_every_signal_and_family_is_reported(result):
    assert [signal.id for signal in result.signals] == list(SignalId)
    for signal in result.signals:
        assert [family.id for family in signal.families] == list(FAMILIES[signal.id].values())


def test_a_signal_carries_its_index_with_coverage_and_range(result):
    first = result.signals[0]

    assert first.state == State.EMERGING
    assert first.coverage == pytest.approx(5 / 8)
    assert first.index == pytest.approx(40)
    assert (first.index_lo, first.index_hi) == (25, 62.5)
    assert first.headline_check_id == "open-deal-past-close-date"


def test_a_signal_that_nothing_measured_has_no_index(result):
    last = result.signals[3]

    assert (last.state, last.index, last.coverage) == (State.NOT_OBSERVABLE, None, 0)
    assert (last.index_lo, last.index_hi) == (0, 100)
    assert (last.confidence, last.headline_check_id) == (None, None)


def test_reps_who_left_do_not_count_as_reps():
    """Six owners, one of whom left, are five reps; without a user list all six count."""
    with_leaver = tables()
    fewer = {**with_leaver, "deals": [d for d in with_leaver["deals"] if d["owner_id"] != "u0"]}

    assert audit(with_leaver).verdict.gates["reps"]
    assert not audit(fewer).verdict.gates["reps"]
    assert audit({"deals": fewer["deals"]}).verdict.gates["reps"]


def test_old_closed_deals_do_not_count_as_examined():
    old = [
        deal(i, late=False, is_closed=True, is_won=True) | {"close_date": date(2024, 1, 31)}
        for i in range(200, 300)
    ]
    few = tables(deals=99, late=20)

    assert not audit(few | {"deals": few["deals"] + old}).verdict.gates["deals"]


# --- deals only


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


# --- the file


def test_the_json_follows_the_schema_and_reads_back(deals_only):
    text = deals_only.to_json()

    jsonschema.validate(json.loads(text), json.loads(schema_text()))
    assert AuditResult.from_json(text) == deals_only


def test_the_same_data_gives_the_same_bytes(result):
    assert audit().to_json() == result.to_json()


# --- what would decide


def test_every_family_says_what_would_make_it_measurable():
    for signal, families in FAMILIES.items():
        assert set(needs()[signal]) == set(families.values())
        for need in needs()[signal].values():
            assert need.columns or need.question
            for name in need.columns:
                table, column = name.split(".")
                assert column in TABLES[table], name
