"""What a reader types into the CRM, for every check of the package."""

from __future__ import annotations

import re

import pytest

from checks.authoring.catalogue import resolve
from checks.profile import Profile
from checks.spec import CheckSpec
from tests.checks.judged_crm import audit
from tests.checks.shipped_checks import CATALOGUE, each_check
from tests.fakes.salesforce.errors import SalesforceFakeError
from tests.fakes.salesforce.org import FakeOrg
from tests.fakes.salesforce.schema import FakeField
from tests.fakes.salesforce.soql import parse


def reproduced(profile: Profile) -> dict[str, dict[str, str]]:
    result = audit({"deals": []}, resolve(CATALOGUE, profile), profile=profile)
    return {check.check_id: check.reproduce for check in result.checks}


@pytest.fixture(scope="module")
def literal() -> dict[str, dict[str, str]]:
    return reproduced(Profile())


#: What Salesforce shows by no query: figures from many records, fields that only the customer
#: knows, records that always have an owner there.
NOT_IN_SALESFORCE = {
    "account-with-missing-required-field",
    "comparability-index",
    "contact-with-missing-required-field",
    "deal-without-owner",
    "forecast-bias",
    "forecast-error",
    "forecast-miscalibrated",
    "forecast-without-skill",
    "invalid-company-id",
    "lead-without-owner",
    "open-deal-with-missing-required-field",
    "value-not-in-reference",
}
#: HubSpot's lists and reports see no edits of fields, no attachments and no views of reports.
NOT_IN_HUBSPOT = {
    *(NOT_IN_SALESFORCE - {"deal-without-owner", "lead-without-owner"}),
    "activity-desert",
    "activity-without-parent",
    "burst-updates",
    "duplicate-lead",
    "junk-in-leads",
    "missing-review-ritual",
    "spreadsheet-attachment",
    "unread-report",
}


@pytest.fixture(scope="module")
def org() -> FakeOrg:
    return FakeOrg(further={"Opportunity": [FakeField("HasOpenActivity", "boolean")]})


@pytest.mark.parametrize(
    ("system", "unseen"), [("salesforce", NOT_IN_SALESFORCE), ("hubspot", NOT_IN_HUBSPOT)]
)
def test_every_check_says_how_to_see_it_where_the_crm_can_show_it(
    system: str, unseen: set[str], literal: dict[str, dict[str, str]]
):
    assert {name for name, recipes in literal.items() if system not in recipes} == unseen


@each_check
def test_everything_is_literal(spec: CheckSpec, literal: dict[str, dict[str, str]]):
    for text in literal[spec.id].values():
        assert not re.search(r"[{}]|<\w", text)


@each_check
def test_every_query_runs_in_an_org(
    spec: CheckSpec, literal: dict[str, dict[str, str]], org: FakeOrg
):
    query = literal[spec.id].get("salesforce")
    if query is None:
        return
    assert org.rows(parse(query, org.visible, all_rows=False).sql) == []
    moments = r"(?:Created|LastModified|LastLogin|LastRun)Date [<>]=? ([\w:-]+)"
    assert all(value.endswith("T00:00:00Z") for value in re.findall(moments, query))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT Id FROM Opportunity WHERE Description LIKE '%x%'",
        "SELECT Id FROM OpportunityFieldHistory WHERE NewValue = 'x'",
        "SELECT Name, COUNT(Id) FROM Account GROUP BY Industry",
        "SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Task)",
        "SELECT Id FROM Account WHERE CreatedDate >= ModifiedDate",
    ],
)
def test_the_org_refuses_what_salesforce_refuses(query: str, org: FakeOrg):
    with pytest.raises(SalesforceFakeError):
        parse(query, org.visible, all_rows=False)


def test_a_query_finds_what_its_check_is_about(literal: dict[str, dict[str, str]], org: FakeOrg):
    org.run(
        """insert into "Opportunity" (Id, Name, IsClosed, CloseDate, IsDeleted) values
        ('1', 'late', false, '2026-06-26', false), ('2', 'in time', false, '2026-06-27', false)"""
    )
    query = literal["open-deal-past-close-date"]["salesforce"]
    found = org.rows(parse(query, org.visible, all_rows=False).sql)
    org.run('delete from "Opportunity"')
    assert [row[:2] for row in found] == [("1", "late")]


def test_dates_are_those_of_the_audit(literal: dict[str, dict[str, str]]):
    assert "CloseDate < 2026-06-27" in literal["open-deal-past-close-date"]["salesforce"]
    assert "LastModifiedDate >= 2025-06-30" in literal["won-deal-without-amount"]["salesforce"]


def test_dates_follow_the_profile():
    profile = Profile.model_validate(
        {
            "window_months": 6,
            "checks": {"open-deal-past-close-date": {"params": {"grace_days": 10}}},
        }
    )
    literal = reproduced(profile)
    assert "CloseDate < 2026-06-20" in literal["open-deal-past-close-date"]["salesforce"]
    assert "LastModifiedDate >= 2025-12-30" in literal["won-deal-without-amount"]["salesforce"]


def test_a_parameter_that_is_no_number_of_days_does_no_harm():
    profile = Profile.model_validate(
        {"checks": {"open-deal-past-close-date": {"params": {"grace_days": 10**12}}}}
    )
    assert reproduced(profile)["open-deal-past-close-date"]["salesforce"].startswith("SELECT")
