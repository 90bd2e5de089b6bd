"""Values against their list of legal values, folded."""

from __future__ import annotations

from connectors.snapshot import Availability
from tests.checks.relations import counts, groups, hits, lay_out, measure
from tests.checks.snapshots import context_of, spec


def test_a_stage_must_be_one_of_the_stages_supplied_by_label_or_by_id() -> None:
    context, check, found = measure(
        "value_not_in_reference",
        "deals",
        {
            "deals": [
                {"stage": "Negotiation"},
                {"stage": " négotiation "},
                {"stage": "s1"},
                {"stage": "Zombie"},
                {"stage": None},
            ],
            "stages": [{"id": "s1", "name": "Negotiation"}],
        },
    )
    assert counts(found) == (1, 4)
    assert hits(context, check, "record_id", "field", "value") == [("d4", "stage", "Zombie")]


def test_stages_derived_from_the_deals_are_no_reference() -> None:
    from checks.measures.reference import value_not_in_reference

    context = context_of({"deals": [{"stage": "Zombie"}], "stages": [{"name": "Won"}]})
    context.snapshot.capabilities.tables["stages"] = Availability.DERIVED
    check = spec(id="value-not-in-reference", measure="value_not_in_reference")
    lay_out(context, check)
    assert value_not_in_reference(context, check).reason == "no_reference"


def test_the_profile_lists_legal_values_of_any_column_of_any_table() -> None:
    context, check, found = measure(
        "value_not_in_reference",
        "deals",
        {
            "deals": [{"Sector": "Retail"}, {"Sector": "retail "}, {"Sector": "Retial"}],
            "accounts": [{"country": "France"}, {"country": "Fance"}],
        },
        values={"deals.Sector": ["Retail"], "accounts.country": ["FRANCE"], "deals.none": ["x"]},
    )
    assert counts(found) == (2, 5)
    assert groups(found, "column") == {"accounts.country": (1, 2), "deals.Sector": (1, 3)}
    assert hits(context, check, "table_name", "record_id") == [("accounts", "a2"), ("deals", "d3")]


def test_a_hostile_column_name_or_value_is_data() -> None:
    _, _, found = measure(
        "value_not_in_reference",
        "deals",
        {"deals": [{'a"; drop table deals; --': "'; drop table deals; --"}]},
        values={'deals.a"; drop table deals; --': ["'); drop table deals; --"]},
    )
    assert counts(found) == (1, 1)
