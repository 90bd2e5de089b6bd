"""Fields of histories under the names that the rest of the program uses."""

from __future__ import annotations

import pytest

from tests.connectors.written import load, values, write_csv

HISTORY = ["Id", "OpportunityId", "Field", "OldValue", "NewValue", "CreatedById", "CreatedDate"]
DEALS = ["Id", "Name", "StageName", "CloseDate", "OwnerId", "Budget__c"]


def export(folder, *fields):
    deal = ["006A", "Deal", "Offer", "2026-05-01", "005A", "9"]
    write_csv(folder, "Opportunity.csv", DEALS, [deal])
    rows = [
        [f"h{n}", "006A", field, "a", "b", "005A", f"2026-05-0{n}T08:00:00.000Z"]
        for n, field in enumerate(fields, start=1)
    ]
    write_csv(folder, "OpportunityFieldHistory.csv", HISTORY, rows)
    return load(folder)


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("StageName", "stage"),
        ("CloseDate", "close_date"),
        ("Amount", "amount"),
        ("Owner", "owner_id"),
        ("OwnerId", "owner_id"),
        ("NextStep", "next_step"),
        ("Budget__c", "Budget__c"),
        ("created", "created"),
        ("opportunityCreatedFromLead", "opportunityCreatedFromLead"),
    ],
)
def test_a_field_of_salesforce_bears_its_canonical_name(tmp_path, written, field):
    loaded = export(tmp_path, written)
    assert values(loaded, "select field from field_history") == [field]


def test_a_history_of_hubspot_speaks_of_the_same_fields(tmp_path):
    write_csv(
        tmp_path,
        "deal_data.csv",
        ["deal_id", "property_dealname", "property_dealstage", "property_closedate", "owner_id"],
        [["1", "Deal", "s1", "2026-05-01", "7"]],
    )
    rows = [
        ["1", "2026-05-01 08:00:00", "CRM_UI", name, "x"]
        for name in ("dealstage", "closedate", "amount", "hubspot_owner_id", "our_own_field")
    ]
    headers = ["deal_id", "timestamp", "source", "name", "value"]
    write_csv(tmp_path, "deal_property_history_data.csv", headers, rows)
    assert values(load(tmp_path), "select field from field_history order by row_no") == [
        "stage",
        "close_date",
        "amount",
        "owner_id",
        "our_own_field",
    ]


def test_every_row_of_a_history_is_kept_whatever_its_field_is_called(tmp_path):
    loaded = export(tmp_path, "StageName", "StageName", "'; drop table deals; --", "")
    assert values(loaded, "select field from field_history order by row_no") == [
        "stage",
        "stage",
        "'; drop table deals; --",
        None,
    ]
