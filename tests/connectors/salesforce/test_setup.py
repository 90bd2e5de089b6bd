"""What Setup tells: rules that require, fields that are hidden, histories that nobody keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.engines.duckdb import Engine
from connectors.http.gaps import gaps_of
from connectors.http.log import RequestLog
from connectors.http.pages import PageStore
from connectors.http.quota import Meter
from connectors.salesforce.connector import PulledOrg
from connectors.salesforce.org import Org
from connectors.salesforce.setup import Setup, notes_of_rules
from connectors.salesforce.validation import required_fields
from connectors.snapshot import Availability, Capabilities, Note, Snapshot
from tests.connectors.clocks import Skipping
from tests.connectors.salesforce.conftest import PAGES
from tests.connectors.salesforce.pulling import connector, pull
from tests.fakes.salesforce.process import RunningOrg, running


@pytest.mark.parametrize(
    ("formula", "required"),
    [
        ("ISBLANK(NextStep)", ["NextStep"]),
        ("isblank( NextStep )", ["NextStep"]),
        ('ISPICKVAL(LeadSource, "")', ["LeadSource"]),
        ("ISBLANK(TEXT(LeadSource))", ["LeadSource"]),
        ('LEN(TRIM(NextStep)) = 0 || TEXT(Type) = ""', ["NextStep", "Type"]),
        ("OR(ISBLANK(Amount), Amount <= 0)", ["Amount"]),
        ("/* reach */ AND(ISBLANK(Email), ISBLANK(Phone))", ["Email|Phone"]),
        ("ISBLANK(Email) && (ISBLANK(Phone) || ISBLANK(MobilePhone))",
         ["Email|MobilePhone", "Email|Phone"]),
        ("OR(AND(ISNEW(), ISBLANK(Type)), ISBLANK(Amount))", ["Amount"]),
    ],
)  # fmt: skip
def test_a_rule_requires_what_it_refuses_when_blank(formula: str, required: list[str]) -> None:
    assert ["|".join(sorted(clause)) for clause in required_fields(formula)] == required


@pytest.mark.parametrize(
    "formula",
    [
        'AND(ISPICKVAL(StageName, "Closed Lost"), ISBLANK(Loss_Reason__c))',
        'ISBLANK(NextStep) && $Profile.Name <> "Admin"',
        "NOT(ISBLANK(NextStep))",
        "ISBLANK(NextStep) = false",
        "IF(ISBLANK(NextStep), true, false)",
        "ISBLANK(Account.Name)",
        "ISBLANK($User.Phone)",
        "Amount < 0",
        "AND()",
        "",
        "ISBLANK(NextStep",
        "ISBLANK(NextStep) ISBLANK(Amount)",
        "ISBLANK(\x00)",
        "(" * 5_000,
        "OR(" + "ISBLANK(NextStep)," * 1_000 + "ISBLANK(Amount))",
    ],
)
def test_a_rule_for_some_records_or_that_cannot_be_read_requires_nothing(formula: str) -> None:
    assert required_fields(formula) == []


@pytest.fixture
def org(files: Path) -> Iterator[RunningOrg]:
    """An org for one test."""
    with running(files, **PAGES) as running_org:
        yield running_org
        assert running_org.violations == []


def rule(org: RunningOrg, number: int, name: str, formula: str, *, active: bool = True) -> None:
    """Let an administrator make a rule."""
    metadata = json.dumps({"active": active, "errorConditionFormula": formula})
    org.back_door(
        sql='insert into "ValidationRule" ("Id", "EntityDefinitionId", "ValidationName", "Active",'
        f" \"Metadata\") values ('03dKz000000000{number:01d}', '{name}', 'Rule {number}', {active},"
        f" '{metadata}')"
    )


def audited(org: RunningOrg, folder: Path) -> Snapshot:
    """Pull an org, and return what an audit sees."""
    return PulledOrg(pull(org, folder).folder).extract(Engine(), folder)


def test_what_validation_rules_require_is_required(org: RunningOrg, tmp_path: Path) -> None:
    rule(org, 1, "Opportunity", "OR(ISBLANK(NextStep), ISBLANK(Unused__c))")
    rule(org, 2, "Contact", "AND(ISBLANK(Email), ISBLANK(Phone))")
    rule(org, 3, "Opportunity", "ISBLANK(Description)", active=False)
    rule(org, 4, "Campaign", "ISBLANK(Name)")
    snapshot = audited(org, tmp_path)
    required = snapshot.capabilities.required
    assert {("deals", "next_step"), ("deals", "Unused__c")} <= required
    assert ("contacts", "email | phone") in required
    assert ("deals", "description") not in required
    assert ("deals", "Unused__c") in snapshot.capabilities.columns  # pulled, though nobody fills it
    (note,) = [n for n in snapshot.provenance.notes if n.code == "required_by_rules"]
    named = "Contact.Email, Contact.Phone, Opportunity.NextStep, Opportunity.Unused__c"
    assert note.facts == {"rules": 2, "fields": named}


def test_an_org_without_rules_says_nothing_of_them(org: RunningOrg, tmp_path: Path) -> None:
    assert not [n for n in audited(org, tmp_path).provenance.notes if n.code == "required_by_rules"]


def test_rules_that_are_too_many_are_counted(org: RunningOrg, tmp_path: Path) -> None:
    for number in range(3):
        rule(org, number, "Opportunity", "ISBLANK(NextStep)")
    source = connector(org, tmp_path)
    meter = Meter(source.source.quota, source.usage, source.service)
    session = source.session(Skipping(), RequestLog(), meter)
    for most, told in ((3, []), (2, [Note("rules_left", {"left": 1, "rules": 3})])):
        store = PageStore.create(tmp_path / str(most), {})
        Setup(Org(session, source.source.api_version), store, most).read_rules()
        required, *left = notes_of_rules(store)
        assert (required.facts["rules"], left) == (most, told)


def test_a_rule_that_is_deleted_meanwhile_requires_nothing(org: RunningOrg, tmp_path: Path) -> None:
    rule(org, 1, "Opportunity", "ISBLANK(NextStep)")
    gone = {"sql": 'delete from "ValidationRule"'}
    org.script({"do": gone, "on": "SELECT Metadata"})
    assert ("deals", "next_step") not in audited(org, tmp_path).capabilities.required


def capabilities(files: Path, folder: Path, *hidden: str) -> Capabilities:
    """Return what can be observed of an org when some of it is hidden."""
    with running(files, hidden=hidden, **PAGES) as narrow:
        return audited(narrow, folder).capabilities


def test_a_field_of_ones_own_that_is_hidden_is_not_taken_for_absent(
    files: Path, tmp_path: Path
) -> None:
    column = ("deals", "lost_reason")
    seen = capabilities(files, tmp_path / "seen", "Opportunity.Loss_Reason__c")
    assert seen.column(*column) is Availability.NO_PERMISSION
    hidden = ("Opportunity.Loss_Reason__c", "FieldDefinition")
    assert (
        capabilities(files, tmp_path / "unseen", *hidden).column(*column)
        is Availability.COLUMN_ABSENT
    )


def test_a_history_that_a_field_has_not_is_said(org: RunningOrg, tmp_path: Path) -> None:
    off = 'update "FieldDefinition" set "IsFieldHistoryTracked" = false where "Id" ='
    org.back_door(sql=f"{off} 'Opportunity.OwnerId'")
    store = pull(org, tmp_path)
    (gap,) = [gap for gap in gaps_of(store) if gap.column == "owner_id"]
    assert (gap.table, gap.state) == ("field_history", Availability.NOT_TRACKED)
    assert gap.ask == "Set History Tracking on Opportunity.OwnerId"


def test_who_may_not_view_setup_is_told_so_once(files: Path, tmp_path: Path) -> None:
    with running(files, hidden=["ValidationRule", "FieldDefinition"], **PAGES) as narrow:
        store = pull(narrow, tmp_path)
        asked = [request for request in narrow.requests if "tooling" in request]
    assert len(asked) == 2
    found = {gap.table: (gap.state, gap.ask) for gap in gaps_of(store) if "_" in gap.table}
    told = (Availability.NO_PERMISSION, "View Setup and Configuration")
    assert (found["validation_rules"], found["field_definitions"]) == (told, told)


def test_forecasts_are_left_alone_and_said(org: RunningOrg, tmp_path: Path) -> None:
    states = audited(org, tmp_path / "pulls").capabilities.tables
    assert states["forecasts"] is states["forecast_adjustments"] is Availability.NOT_READ
    assert not [request for request in org.requests if "Forecasting" in request]
    found = connector(org, tmp_path / "survey").survey(tmp_path)
    left = {gap.source for gap in found.gaps if gap.state is Availability.NOT_READ}
    assert left == {"ForecastingItem", "ForecastingAdjustment", "ForecastingOwnerAdjustment"}


def test_an_org_without_forecasts_has_none(files: Path, tmp_path: Path) -> None:
    states = capabilities(files, tmp_path, "ForecastingItem").tables
    assert states["forecasts"] is Availability.TABLE_ABSENT
