"""Third-party exports load with no configuration and no question, and every count agrees."""

import csv

import pytest

from connectors.csv_export.connector import CsvExport, infer_mapping
from connectors.engines.duckdb import Engine
from connectors.snapshot import Availability
from tests.connectors.written import load, shared_export

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def mashmatrix():
    return load(shared_export("sf_mashmatrix_demo"))


@pytest.fixture(scope="module")
def salesforce():
    return load(shared_export("fivetran_salesforce_seeds"))


@pytest.fixture(scope="module")
def hubspot():
    return load(shared_export("fivetran_hubspot_seeds"))


def raw(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def tables(loaded):
    return {each.table: each.rows_loaded for each in loaded.snapshot.intake.tables}


def reasons(loaded):
    return {f.name: f.reason for f in loaded.inferred.files if f.table is None}


@pytest.mark.parametrize(
    "name", ["sf_mashmatrix_demo", "fivetran_salesforce_seeds", "fivetran_hubspot_seeds"]
)
def test_an_unprepared_export_loads_without_a_question(name, tmp_path):
    snapshot = CsvExport(shared_export(name)).extract(Engine(), tmp_path)
    assert snapshot.count("deals") > 0
    assert not infer_mapping(shared_export(name), Engine(), tmp_path).questions


def test_every_row_of_the_demo_org_is_loaded(mashmatrix):
    assert tables(mashmatrix) == {"accounts": 83, "contacts": 133, "deals": 774}


def test_flags_written_as_1_or_nothing_tell_the_state_of_each_deal(mashmatrix):
    states = dict(mashmatrix.snapshot.rows("select state, count(*) from deals group by 1"))
    assert states == {"open": 95, "won": 640, "lost": 39}


def test_demo_org_figures_agree_with_a_count_by_hand(mashmatrix):
    rows = raw(shared_export("sf_mashmatrix_demo") / "Opportunity.csv")
    (row,) = mashmatrix.snapshot.rows(
        "select sum(amount), count_if(has_overdue_task), count(last_activity_at),"
        " count_if(state = 'open' and close_date < date '2021-07-11'),"
        " count(distinct name), count_if(next_step like 'Closed Won%' and state = 'open'),"
        " max(viewed_at) from deals"
    )
    assert float(row[0]) == pytest.approx(sum(float(r["Amount"]) for r in rows))
    assert row[1:6] == (16, 0, 36, 24, 79)
    assert row[6].isoformat()[:19] == max(r["LastViewedDate"] for r in rows)[:19]


def test_stages_of_the_demo_org_are_ranked_by_their_probability(mashmatrix):
    rows = mashmatrix.snapshot.rows("select name, rank from stages where not is_closed")
    ranks = dict(rows)
    assert ranks["Prospecting"] == 1
    assert ranks["Needs Analysis"] < ranks["Value Proposition"] < ranks["Negotiation/Review"]
    assert mashmatrix.snapshot.capabilities.table("stages") is Availability.DERIVED


def test_an_empty_column_is_told_from_a_missing_one(mashmatrix):
    column = mashmatrix.snapshot.capabilities.column
    assert column("deals", "last_activity_at") is Availability.COLUMN_EMPTY
    assert column("deals", "contact_id") is Availability.COLUMN_ABSENT
    assert column("deals", "TrackingNumber__c") is Availability.COLUMN_EMPTY
    assert column("deals", "amount") is Availability.SUPPLIED
    assert column("leads", "name") is Availability.TABLE_ABSENT


def test_a_column_that_nobody_claims_is_kept_under_its_name(mashmatrix):
    rows = raw(shared_export("sf_mashmatrix_demo") / "Account.csv")
    found = mashmatrix.snapshot.rows('select id, "SLA__c" from accounts order by row_no')
    assert found == [(row["Id"], row["SLA__c"] or None) for row in rows]


def test_history_copies_and_products_are_not_used(salesforce):
    assert tables(salesforce) == {
        "users": 10,
        "teams": 10,
        "accounts": 10,
        "contacts": 4,
        "leads": 1,
        "deals": 10,
        "activities": 20,
    }
    unused = reasons(salesforce)
    assert unused["sf_opportunity_history_data.csv"] == "history_copy"
    assert unused["sf_order_data.csv"] == "no_such_table"
    assert unused["sf_opportunity_line_item_data.csv"] == "no_such_table"


def test_deleted_deals_stay_but_are_not_live(salesforce):
    rows = salesforce.snapshot.rows("select count(*), count_if(is_live) from deals")
    assert rows == [(10, 0)]
    assert salesforce.snapshot.provenance.removed["deals"] == {"deleted": 10}


def test_a_probability_above_100_and_a_missing_amount_are_read_as_they_are(salesforce):
    (row,) = salesforce.snapshot.rows(
        "select max(probability), count_if(amount is null),"
        " count_if(close_date < cast(created_at as date)) from deals"
    )
    assert (float(row[0]), row[1], row[2]) == (1000.0, 6, 1)


def test_what_and_who_are_told_apart_by_the_prefix_of_the_id(salesforce):
    files = [
        shared_export("fivetran_salesforce_seeds") / f"sf_{n}_data.csv" for n in ("event", "task")
    ]
    rows = [row for file in files for row in raw(file)]
    (found,) = salesforce.snapshot.rows(
        "select count(deal_id), count(contact_id), count(lead_id), count(distinct kind)"
        " from activities"
    )
    assert found == (
        sum(row["what_id"].startswith("006") for row in rows),
        sum(row["who_id"].startswith("003") for row in rows),
        sum(row["who_id"].startswith("00Q") for row in rows),
        2,
    )


def test_warehouse_tables_of_hubspot_are_told_apart(hubspot):
    assert tables(hubspot) == {
        "users": 100,
        "teams": 3,
        "accounts": 24,
        "contacts": 22,
        "stages": 71,
        "field_history": 314,
        "deals": 44,
        "activities": 106,
    }
    unused = reasons(hubspot)
    assert unused["engagement_data.csv"] == "repeats_other_files"
    assert unused["deal_company_data.csv"] == "pairs_of_keys"
    assert all(unused[name] == "no_such_table" for name in unused if name.startswith("ticket_"))


def test_history_of_other_deals_shows_as_keys_that_lead_nowhere(hubspot):
    keys = {(k.table, k.column, k.target): k for k in hubspot.snapshot.intake.keys}
    history = keys["field_history", "record_id", "deals"]
    assert (history.filled, history.unresolved) == (114, 114)
    pairs = keys["deal_company_data", "deal_id", "deals"]
    assert (pairs.filled, pairs.unresolved) == (2, 2)
    owners = keys["deals", "owner_id", "users"]
    assert (owners.filled, owners.unresolved) == (22, 0)
    filled = sum(k.filled for k in keys.values())
    assert sum(k.unresolved for k in keys.values()) > filled / 2


def test_stage_flags_and_epoch_meetings_are_read_as_written(hubspot):
    rows = hubspot.snapshot.rows("select count_if(is_closed), count_if(is_won) from stages")
    assert rows == [(5, 5)]
    assert hubspot.snapshot.rows(
        "select count(*) from activities where kind = 'meeting' and year(happened_at) = 1970"
    ) == [(7,)]


def test_contacts_that_were_merged_into_another_are_not_live(hubspot):
    rows = hubspot.snapshot.rows("select id from contacts where merged_into_id = '78971951'")
    assert {row[0] for row in rows} == {"76340251", "46897301", "76226001"}
    assert hubspot.snapshot.provenance.removed["contacts"] == {"merged": 3}


def test_deals_without_stage_flag_or_status_have_no_state(hubspot):
    assert hubspot.snapshot.rows("select distinct state from deals") == [(None,)]
    assert not hubspot.inferred.questions
