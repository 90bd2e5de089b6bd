"""Records find each other: by id, by name, by pairs; and what they point to is counted."""

import pytest

from connectors.csv_export.connector import CsvExport
from connectors.engines.duckdb import Engine
from connectors.errors import ConfigurationError, InputError
from connectors.snapshot import Availability
from tests.connectors.written import fields, load, load_deals, values, write_csv

CASE_SAFE = "006f4000002NAbGAAW"


def notes(loaded):
    return [note.code for note in loaded.inferred.notes]


def test_owners_and_accounts_by_name_become_tables_and_that_is_said(tmp_path):
    rows = [["A", "Won", "Léa", "Durand"], ["B", "Won", "Max", "Durand"], ["C", "Won", "", ""]]
    loaded = load_deals(tmp_path, ["Deal Name", "Stage", "Owner", "Company"], rows)
    assert loaded.snapshot.rows("select id, name from users order by id") == [
        ("Léa", "Léa"),
        ("Max", "Max"),
    ]
    assert values(loaded, "select account_id from deals order by row_no") == [
        "Durand",
        "Durand",
        None,
    ]
    column = loaded.snapshot.capabilities.column
    assert column("users", "name") is column("deals", "owner_id") is Availability.DERIVED
    assert column("users", "is_active") is Availability.COLUMN_ABSENT
    assert {"users_derived_from_names", "accounts_derived_from_names"} <= set(notes(loaded))
    assert not [key for key in loaded.snapshot.intake.keys if key.target == "users"]


def test_ids_and_names_of_owners_are_used_together(tmp_path):
    headers = ["Record Id", "Deal Owner.id", "Deal Owner", "Deal Name", "Stage"]
    rows = [["zcrm_1", "zcrm_9", "Léa", "A", "Won"], ["zcrm_2", "zcrm_9", "Léa", "B", "Won"]]
    loaded = load_deals(tmp_path, headers, rows)
    assert loaded.snapshot.rows("select id, name from users") == [("zcrm_9", "Léa")]
    assert values(loaded, "select distinct owner_id from deals") == ["zcrm_9"]


def test_names_are_looked_up_in_a_table_that_came_with_the_export(tmp_path):
    write_csv(tmp_path, "users.csv", ["User ID", "Full name", "Active"], [["u1", "Léa Roy", "yes"]])
    rows = [["A", "Won", "lea  roy"], ["B", "Won", "Nobody"]]
    loaded = load_deals(tmp_path, ["Deal Name", "Stage", "Owner"], rows)
    assert values(loaded, "select owner_id from deals order by row_no") == ["u1", "Nobody"]
    (key,) = [key for key in loaded.snapshot.intake.keys if key.column == "owner_id"]
    assert (key.target, key.filled, key.unresolved) == ("users", 2, 1)


def test_salesforce_ids_of_15_characters_are_lengthened_where_both_lengths_occur(tmp_path):
    write_csv(
        tmp_path,
        "Opportunity.csv",
        ["Id", "Name", "StageName", "CloseDate", "AccountId"],
        [[CASE_SAFE[:15], "A", "Closed Won", "2026-01-31", "001f4000003NkdYAAS"]],
    )
    write_csv(
        tmp_path,
        "Account.csv",
        ["Id", "Name", "BillingCity", "Industry", "ParentId"],
        [["001f4000003NkdY", "Acme", "Lyon", "Steel", ""]],
    )
    loaded = load(tmp_path)
    assert values(loaded, "select id from deals") == [CASE_SAFE]
    (key,) = [key for key in loaded.snapshot.intake.keys if key.column == "account_id"]
    assert key.unresolved == 0


def test_salesforce_ids_of_one_length_stay_as_they_are(tmp_path):
    headers = ["Id", "Name", "StageName", "CloseDate"]
    rows = [[CASE_SAFE[:15], "A", "Closed Won", "2026-01-31"]]
    loaded = load_deals(tmp_path, headers, rows, name="Opportunity.csv")
    assert values(loaded, "select id from deals") == [CASE_SAFE[:15]]


def test_the_first_of_several_associated_ids_is_the_key(tmp_path):
    headers = [
        "Record ID",
        "Deal Name",
        "Deal Stage",
        "Associated Company IDs",
        "Associated Company",
    ]
    rows = [["1", "A", "Won", "77;78", "Acme (77);Zed (78)"], ["2", "B", "Won", "79", "Solo (79)"]]
    loaded = load_deals(tmp_path, headers, rows)
    assert values(loaded, "select account_id from deals order by row_no") == ["77", "79"]
    assert loaded.snapshot.rows("select id, name from accounts order by id") == [
        ("77", "Acme"),
        ("79", "Solo"),
    ]


def test_the_id_behind_a_name_is_the_key_when_no_id_column_came(tmp_path):
    headers = ["Record ID", "Deal Name", "Deal Stage", "Associated Company"]
    loaded = load_deals(tmp_path, headers, [["1", "A", "Won", "Acme (77)"]])
    assert values(loaded, "select account_id from deals") == ["77"]


def test_records_without_an_id_get_one_from_their_row(tmp_path):
    loaded = load_deals(tmp_path, ["Deal Name", "Stage"], [["A", "Won"], ["B", "Won"]])
    assert values(loaded, "select id from deals order by row_no") == ["deals:1", "deals:2"]
    assert "ids_made_from_rows" in notes(loaded)
    assert loaded.snapshot.capabilities.column("deals", "id") is Availability.DERIVED


def test_ids_that_occur_twice_are_counted(tmp_path):
    rows = [["1", "A", "Won"], ["1", "B", "Won"], ["2", "C", "Won"]]
    loaded = load_deals(tmp_path, ["ID", "Deal Name", "Stage"], rows)
    (table,) = loaded.snapshot.intake.tables
    assert (table.rows_in, table.rows_loaded, table.duplicate_ids) == (3, 3, 1)


def test_rows_that_go_on_with_the_record_above_are_no_records(tmp_path):
    headers = ["id", "name", "stage_id/id", "partner_id/id", "order_ids/name"]
    rows = [["x1", "A", "won", "p1", "S1"], ["", "", "", "", "S2"], ["x2", "B", "lost", "p1", "S3"]]
    write_csv(tmp_path, "crm.lead.csv", headers, rows)
    loaded = load(tmp_path)
    assert values(loaded, "select id from deals order by row_no") == ["x1", "x2"]
    (file,) = loaded.inferred.files
    assert (file.rows_in, file.rows_loaded, file.lines_set_aside) == (2, 2, 1)
    assert "continuation_rows_set_aside" in notes(loaded)


def test_pairs_of_ids_fill_the_keys(tmp_path):
    headers = ["deal_id", "property_dealname", "deal_pipeline_id", "property_amount"]
    write_csv(tmp_path, "deal.csv", headers, [["1", "A", "p", "5"], ["2", "B", "p", "6"]])
    write_csv(tmp_path, "deal_company.csv", ["deal_id", "company_id"], [["1", "c9"], ["1", "c8"]])
    write_csv(tmp_path, "merged_deal.csv", ["deal_id", "merged_deal_id"], [["1", "2"]])
    loaded = load(tmp_path)
    assert loaded.snapshot.rows(
        "select id, account_id, merged_into_id, is_live from deals order by id"
    ) == [("1", "c9", None, True), ("2", None, "1", False)]
    assert loaded.snapshot.provenance.removed == {"deals": {"merged": 1}}


def test_two_columns_never_feed_one_field_silently(tmp_path):
    headers = ["Deal Name", "Stage", "Amount", "Value", "Close Date"]
    loaded = load_deals(tmp_path, headers, [["A", "Won", "1", "2", "2026-01-31"]])
    assert fields(loaded, "deals")["amount"] == "Amount"
    assert values(loaded, 'select "Value" from deals') == ["2"]


def test_the_user_names_file_and_columns(tmp_path):
    write_csv(tmp_path, "x.csv", ["Foo", "Bar", "Baz"], [["A", "Won", "5"]])
    told = {"deals": {"file": "x.csv", "columns": {"name": "Foo", "stage": "bar", "amount": "Baz"}}}
    loaded = load(tmp_path, {"tables": told})
    assert loaded.snapshot.rows("select name, stage, state, cast(amount as int) from deals") == [
        ("A", "Won", "won", 5)
    ]
    assert {column.reason for column in loaded.inferred.columns} == {"configured"}


def test_an_inferred_mapping_reads_the_same_when_it_is_told(tmp_path):
    rows = [["A", "Won", "Léa", "Durand", "1"], ["B", "Lost", "Max", "Roy", "2"]]
    headers = ["Deal Name", "Stage", "Owner", "Company", "Amount"]
    first = load_deals(tmp_path, headers, rows)
    told = {"deals": {"file": "deals.csv", "columns": fields(first, "deals")}}
    second = load(tmp_path, {"tables": told})
    everything = "select * from deals order by row_no"
    assert first.snapshot.rows(everything) == second.snapshot.rows(everything)
    assert second.snapshot.count("users") == 2


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (
            {"file": "deal.csv"},
            'the export has no file "deal.csv" for deals. Did you mean "deals.csv"?',
        ),
        ({"columns": {"amount": "Amont"}}, 'has a column "Amont". Did you mean "Amount"?'),
    ],
)
def test_a_name_that_does_not_exist_is_refused_with_the_nearest(told, sentence, tmp_path):
    write_csv(tmp_path, "deals.csv", ["Deal Name", "Stage", "Amount"], [["A", "Won", "1"]])
    with pytest.raises(ConfigurationError) as refused:
        load(tmp_path, {"tables": {"deals": told}})
    assert sentence in str(refused.value)
    assert "auditor.yaml: tables.deals" in str(refused.value)


def test_an_export_without_records_is_refused_with_the_files_seen(tmp_path):
    write_csv(tmp_path, "menu.csv", ["Dish", "Price"], [["Soup", "4.50"]])
    with pytest.raises(InputError) as refused:
        CsvExport(tmp_path).extract(Engine(), tmp_path)
    assert "menu.csv" in str(refused.value)


def test_a_table_with_a_header_only_is_there_and_empty(tmp_path):
    loaded = load_deals(tmp_path, ["Deal Name", "Stage", "Amount"], [])
    assert loaded.snapshot.count("deals") == 0
    assert loaded.snapshot.capabilities.column("deals", "amount") is Availability.COLUMN_EMPTY
