"""What a reader types into the CRM, for every check of the package."""

from __future__ import annotations

import re
from datetime import date

import pytest

from checks.authoring.catalogue import load_catalogue, resolve
from checks.authoring.rehearsal import snapshot_from_rows
from checks.context import Context
from checks.judgement.judging import judge
from checks.measuring import Measured, measure_all
from checks.profile import Profile
from checks.run_info import ContractResult, RunInfo
from checks.spec import CheckSpec

CATALOGUE = load_catalogue()
AS_OF = date(2026, 6, 30)


def reproduced(profile: Profile) -> dict[str, dict[str, str]]:
    specs = resolve(CATALOGUE, profile)
    context = Context(snapshot_from_rows({"deals": []}), profile, AS_OF)
    measured: Measured = measure_all(context, specs)
    contract = ContractResult(success=True)
    run = RunInfo(
        tool_version="0",
        source="test",
        as_of=AS_OF,
        profile_hash="p",
        catalogue_hash="c",
        tables={},
        contract=contract,
    )
    result = judge(context, specs, measured, contract, run, named=False)
    return {check.check_id: check.reproduce for check in result.checks}


@pytest.fixture(scope="module")
def literal() -> dict[str, dict[str, str]]:
    return reproduced(Profile())


@pytest.mark.parametrize("spec", CATALOGUE.checks, ids=lambda spec: spec.id)
def test_everything_but_the_readers_own_stages_and_users_is_literal(
    spec: CheckSpec, literal: dict[str, dict[str, str]]
):
    for text in literal[spec.id].values():
        assert not re.search(r"[{}]", text)
        assert set(re.findall(r"<your [^>]*>", text)) == set(re.findall(r"<[a-z][^>]*>", text))


@pytest.mark.parametrize("spec", CATALOGUE.checks, ids=lambda spec: spec.id)
def test_queries_name_an_object_of_salesforce_and_balance_their_brackets(
    spec: CheckSpec, literal: dict[str, dict[str, str]]
):
    query = literal[spec.id].get("salesforce")
    if query is None:
        return
    objects = {
        "deals": "Opportunity",
        "accounts": "Account",
        "contacts": "Contact",
        "leads": "Lead",
        "activities": "Task",
        "users": "User",
        "analytics": "Report",
    }
    assert re.match(rf"SELECT [\w., ]+ FROM {objects[spec.table]} WHERE ", query)
    assert query.count("(") == query.count(")")
    assert query.startswith(("SELECT Id, Name", "SELECT Id, Subject"))
    moments = r"(?:Created|LastModified|LastLogin|LastRun)Date [<>]=? ([\w:-]+)"
    assert all(value.endswith("T00:00:00Z") for value in re.findall(moments, query))


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
