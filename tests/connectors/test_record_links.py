"""Addresses of records: on the CRM's own host over https, and nowhere else."""

import pytest

from connectors.engines.duckdb import literal
from connectors.record_links import RecordLinks, crm_address
from tests.reports.hostile import TEXTS
from tests.reports.small_audit import audit_of, late_deal

SALESFORCE = "https://acme.lightning.force.com"
DEAL = "006A00000000001AAA"
HUBSPOT = "https://app-eu1.hubspot.com/contacts/1234567"


@pytest.mark.parametrize(
    ("base", "table", "record_id", "path"),
    [
        (SALESFORCE, "deals", DEAL, f"/lightning/r/Opportunity/{DEAL}/view"),
        (SALESFORCE, "activities", "00TA00000000001", "/lightning/r/Task/00TA00000000001/view"),
        (HUBSPOT, "deals", "9876", "/record/0-3/9876"),
        (HUBSPOT, "accounts", "12", "/record/0-2/12"),
    ],
)
def test_a_record_opens_on_its_own_page(base, table, record_id, path):
    assert RecordLinks(base).address(table, record_id) == base + path


@pytest.mark.parametrize("base", [SALESFORCE, HUBSPOT])
@pytest.mark.parametrize("table", ["deals", "contacts", "activities", "users"])
@pytest.mark.parametrize(
    "record_id",
    [
        DEAL,
        "00Q000000000001",
        "42",
        "",
        "006A/../../evil",
        "00XA00000000001",
        *TEXTS,
    ],
)
def test_the_engine_says_the_same_as_python(base, table, record_id):
    links = RecordLinks(base)
    sql = links.sql(literal(table), literal(record_id.replace("\0", "")))
    ((found,),) = audit_of(late_deal()).context.snapshot.rows(f"select {sql}")
    assert found == links.address(table, record_id.replace("\0", ""))
    assert found is None or found.startswith(f"{base}/")


@pytest.mark.parametrize(
    "text",
    [
        "http://acme.my.salesforce.com",
        "https://acme.my.salesforce.com.evil.example",
        "https://evil.example/acme.my.salesforce.com",
        "https://user@acme.my.salesforce.com",
        "https://acme.my.salesforce.com:8443",
        "https://acme.my.salesforce.com/?x=1",
        "https://app.hubspot.com",
        "https://app.hubspot.com/contacts/12/../../x",
        "javascript:alert(1)//force.com",
        "https://[",
        *TEXTS,
    ],
)
def test_nothing_else_is_the_address_of_a_crm(text):
    assert crm_address(text) is None


def test_an_address_is_taken_without_its_last_slash():
    assert crm_address(" https://acme.my.salesforce.com/ ") == SALESFORCE
    assert crm_address(f"{SALESFORCE}/lightning/") == SALESFORCE
    assert crm_address(f"{HUBSPOT}/") == HUBSPOT
