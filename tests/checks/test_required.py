from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.profile import RequiredFields
from tests.checks.snapshots import context_of, counts, measure, measured, spec

REQUIRED = spec("required_defect", population="is_open", columns=("name", "required_missing"))
WHOLE = {
    "state": "open",
    "name": "Atelier Morel",
    "account_id": "a1",
    "contact_id": "c1",
    "owner_id": "u1",
    "stage": "Offer",
    "amount": 5000,
    "close_date": "2026-09-01",
    "next_step": "Send the offer",
}
STAGES = [
    {"id": "s1", "name": "Lead", "rank": 1},
    {"id": "s2", "name": "Call", "rank": 2},
    {"id": "s3", "name": "Visit", "rank": 3},
    {"id": "s4", "name": "Offer", "rank": 4},
]


def outcome(*rows: dict[str, Any], stages: bool = True, **profile: Any) -> list[str | None]:
    """What each deal lacks, or None where it does not fail."""
    tables = {"deals": [{**WHOLE, **row} for row in rows]}
    context = context_of({**tables, "stages": STAGES} if stages else tables, **profile)
    measure(context, REQUIRED)
    query = "select required_defect, required_missing from examined_deals order by row_no"
    return [missing if defect else None for defect, missing in context.snapshot.rows(query)]


def test_a_whole_deal_passes() -> None:
    assert outcome({}) == [None]


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"account_id": None}, "account_id"),
        ({"owner_id": None}, "owner_id"),
        ({"stage": "TBD"}, "stage"),
        ({"amount": None}, "amount"),
        ({"amount": 0}, "amount"),
        ({"amount": 999999}, "amount"),
        ({"close_date": "1900-01-01"}, "close_date"),
    ],
)
def test_one_critical_field_empty_junk_or_invalid_is_a_defect(
    change: dict[str, Any], missing: str
) -> None:
    rows = [change] + [{}] * 3
    assert outcome(*rows)[0] == missing


def test_amount_and_close_date_are_asked_for_from_the_first_third_on() -> None:
    empty = {"amount": None, "close_date": None}
    rows = [{**empty, "stage": "Lead"}, {**empty, "stage": "Call"}, {}]
    assert outcome(*rows) == [None, "amount, close_date", None]


def test_while_the_order_of_stages_is_unknown_they_are_never_asked_for() -> None:
    assert outcome({"amount": None, "close_date": None}, {}, stages=False) == [None, None]


def test_too_many_lesser_gaps_are_a_defect() -> None:
    # With amount and close date 15 points are critical, 4 important, 1 for the name.
    lesser = {"next_step": None, "contact_id": None, "name": None}
    assert outcome({**lesser}, {}) == [None, None]
    # Without them 9 of 14 points are held.
    assert outcome({**lesser}, {}, stages=False) == ["next_step, contact_id, name", None]
    # 10 of 14 are enough.
    assert outcome({**lesser, "name": "Morel"}, {}, stages=False) == [None, None]


def test_seven_tenths_of_the_score_are_enough() -> None:
    required = RequiredFields(
        critical=("stage",),
        important=("next_step", "contact_id"),
        other=("name", "type", "owner_id"),
    )
    rows = [{"type": None, "next_step": None}, {"type": None, "next_step": None, "name": None}]
    rows = [{**row, "owner_id": "u1"} for row in rows] + [{"type": "New"}]
    found = outcome(*rows, required_fields={"deals": required})
    assert found == [None, "next_step, name, type", None]


def test_any_one_of_several_fields_is_enough() -> None:
    contacts = [
        {"name": "Ann Lee", "email": None, "phone": "+33 1 44 55 66 77", "mobile": None},
        {"name": "Bob Ray", "email": None, "phone": None, "mobile": None},
        {"name": "Cy Fox", "email": "noemail@none.fr", "phone": "0000000000", "mobile": None},
        {"name": None, "email": "d@morel.fr", "phone": None, "mobile": None},
    ]
    check = spec("required_defect", table="contacts")
    context = context_of({"contacts": contacts})
    found = measure(context, check)
    assert counts(found) == (4, 3)
    assert [(group.key, group.n_eligible, group.k_defect) for group in found.groups] == [
        ("name", 4, 1),
        ("email | phone | mobile", 4, 2),
    ]


def test_a_field_can_be_required_at_one_stage() -> None:
    required = RequiredFields(critical=("stage",), by_stage={"Visit": ("description",)})
    rows = [
        {"stage": "Visit", "description": None},
        {"stage": "Call", "description": None},
        {"stage": "Visit", "description": "Met the buyer"},
    ]
    assert outcome(*rows, required_fields={"deals": required}) == ["description", None, None]


def test_a_source_column_can_be_required() -> None:
    required = RequiredFields(critical=("Région du client",))
    rows = [{"Région du client": None}, {"Région du client": "Sud"}, {"Région du client": "n/a"}]
    found = outcome(*rows, required_fields={"deals": required})
    assert found == ["Région du client", None, "Région du client"]


def test_a_field_that_was_not_exported_is_left_out_and_named() -> None:
    row = {key: value for key, value in WHOLE.items() if key not in ("contact_id", "account_id")}
    found = measure(context_of({"deals": [row]}), REQUIRED)
    assert counts(found) == (1, 0)
    assert found.reason_facts == {"left_out": ["account_id", "contact_id"]}


def test_without_any_critical_field_nothing_can_be_said() -> None:
    found = measure(context_of({"deals": [{"state": "open", "name": "x"}]}), REQUIRED)
    columns = ["deals.account_id", "deals.owner_id", "deals.stage"]
    assert (found.reason, found.reason_facts) == ("column_absent", {"columns": columns})
    assert found.missing == (("deals", "account_id"), ("deals", "owner_id"), ("deals", "stage"))


def test_a_field_that_nobody_fills_is_left_out_and_is_a_finding() -> None:
    rows = [{**WHOLE, "account_id": None}] * 60
    found = measured(context_of({"deals": rows}), REQUIRED)
    assert counts(found.measurements["a-check"]) == (60, 0)
    assert [(one.column, one.stage) for one in found.configuration_findings] == [
        ("account_id", None)
    ]


def test_a_field_that_nobody_fills_at_a_stage_is_left_out_there() -> None:
    rows = [{**WHOLE, "stage": "Call", "account_id": None}] * 20
    rows += [{**WHOLE, "account_id": None}] * 2 + [WHOLE] * 8
    found = measured(context_of({"deals": rows}), REQUIRED)
    assert counts(found.measurements["a-check"]) == (30, 2)
    assert [(one.column, one.stage) for one in found.configuration_findings] == [
        ("account_id", "Call")
    ]


def test_a_field_is_no_finding_at_a_stage_where_it_is_not_asked_for() -> None:
    rows = [{**WHOLE, "stage": "Lead", "amount": None}] * 20 + [WHOLE] * 5
    found = measured(context_of({"deals": rows, "stages": STAGES}), REQUIRED)
    assert found.configuration_findings == ()


_WEIGHTS = {"account_id": 3, "owner_id": 3, "stage": 3, "next_step": 2, "contact_id": 2, "name": 1}
_DEAL = st.fixed_dictionaries(
    {name: st.sampled_from([None, WHOLE[name], WHOLE[name]]) for name in _WEIGHTS}
)


@settings(max_examples=12, deadline=None)
@given(rows=st.lists(_DEAL, min_size=1, max_size=18))
def test_the_score_is_that_of_plain_arithmetic(rows: list[dict[str, Any]]) -> None:
    expected = []
    for row in rows:
        held = sum(weight for name, weight in _WEIGHTS.items() if row[name] is not None)
        critical = any(row[name] is None for name, weight in _WEIGHTS.items() if weight == 3)
        lacking = ", ".join(name for name in _WEIGHTS if row[name] is None)
        expected.append(lacking if critical or held / 14 < 0.7 else None)
    assert outcome(*rows, stages=False) == expected


# What stages seem to require


def learned(filled: dict[str, int], won: int = 40, **profile: Any) -> tuple[list[Any], list[Any]]:
    """Findings, and the own column's counts, where so many of 40 deals a stage fill a column."""
    rows = [
        {**WHOLE, "stage": stage, "Budget__c": "yes" if number < count else None}
        for stage, count in filled.items()
        for number in range(40)
    ]
    rows += [
        {**WHOLE, "state": "won", "Budget__c": "yes" if number < won else None}
        for number in range(40)
    ]
    context = context_of({"deals": rows, "stages": STAGES}, **profile)
    found = measured(context, REQUIRED)
    groups = found.measurements[REQUIRED.id].groups
    asked = [(g.k_defect, g.n_eligible) for g in groups if g.key == "Budget__c"]
    wanted = [f for f in found.configuration_findings if f.code == "field_to_confirm"]
    return [(f.column, f.stage, dict(f.facts)) for f in wanted], asked


def test_what_four_in_five_fill_from_a_stage_on_is_asked_for_confirmation() -> None:
    first, *later = [stage["name"] for stage in STAGES if not stage.get("is_closed")]
    filled = {first: 4, **dict.fromkeys(later, 36)}
    findings, asked = learned(filled)
    total = 40 * len(later)
    assert findings == [("Budget__c", later[0], {"records": total, "filled": total * 9 // 10})]
    assert asked == [(total // 10, total)]


@pytest.mark.parametrize(
    ("first", "later", "won"),
    [(36, 36, 40), (4, 30, 40), (4, 36, 30)],
    ids=["everybody at once", "too few of them", "not the won ones"],
)
def test_what_is_no_rule_is_not_taken_for_one(first: int, later: int, won: int) -> None:
    names = [stage["name"] for stage in STAGES if not stage.get("is_closed")]
    assert learned({names[0]: first, **dict.fromkeys(names[1:], later)}, won) == ([], [])


def test_a_field_that_the_profile_names_is_not_asked_for_again() -> None:
    names = [stage["name"] for stage in STAGES if not stage.get("is_closed")]
    filled = {names[0]: 4, **dict.fromkeys(names[1:], 36)}
    for settled in ({"optional": ("Budget__c",)}, {"by_stage": {names[1]: ("Budget__c",)}}):
        required = RequiredFields(critical=("stage",), **settled)
        findings, _ = learned(filled, required_fields={"deals": required})
        assert findings == []


def test_a_learned_field_alone_makes_no_deal_fail() -> None:
    names = [stage["name"] for stage in STAGES if not stage.get("is_closed")]
    rows = [
        {**WHOLE, "stage": name, "Budget__c": "yes" if name != names[0] and number else None}
        for name in names
        for number in range(40)
    ]
    rows += [{**WHOLE, "state": "won", "Budget__c": "yes"}] * 40
    context = context_of({"deals": rows, "stages": STAGES})
    assert measure(context, REQUIRED).k_defect == 0


@pytest.mark.parametrize(
    ("listed", "missing"),
    [
        (RequiredFields(critical=("account_id",)), ["lead_source", None]),
        (RequiredFields(critical=("account_id",), optional=("lead_source",)), [None, None]),
    ],
)
def test_what_the_crm_makes_people_fill_is_required_unless_the_profile_says_otherwise(
    listed: RequiredFields, missing: list[str | None]
) -> None:
    rows = [{**WHOLE, "lead_source": source} for source in ("xxx", "Trade fair")]
    context = context_of({"deals": rows}, required_fields={"deals": listed})
    context.snapshot.capabilities.required.add(("deals", "lead_source"))
    measure(context, REQUIRED)
    query = "select required_defect, required_missing from examined_deals order by row_no"
    found = [lacking if defect else None for defect, lacking in context.snapshot.rows(query)]
    assert found == missing
