"""Third-party exports run without settings, and every count agrees with a query by hand.

The queries read the files as text and know nothing of the program.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import duckdb
import pytest

from auditor.cli import main

DATA = Path(__file__).parents[3] / "shared" / "data"

if not DATA.exists() and os.environ.get("CI") != "true":
    pytest.skip(f"the third-party exports are not in {DATA}", allow_module_level=True)

pytestmark = pytest.mark.shared


class Audited:
    """One finished audit of a data set, and its files for queries by hand."""

    def __init__(self, name: str, out: Path, *words: str) -> None:
        self.folder = DATA / name
        with redirect_stdout(io.StringIO()) as printed:
            self.code = int(main(["audit", str(self.folder), "--out", str(out), *words]))
        self.printed = printed.getvalue()
        self.result: dict[str, Any] = json.loads((out / "result.json").read_text("utf-8"))
        self.checks = {check["check_id"]: check for check in self.result["checks"]}
        self.tables = {name: t["rows"] for name, t in self.result["run"]["tables"].items()}

    def counts(self, check_id: str) -> tuple[int, int]:
        """Return records examined and failed, as the audit tells them."""
        check = self.checks[check_id]
        assert check["reason"] in (None, "too_few_records"), check["reason"]
        return check["n_eligible"], check["k_defect"]

    def by_hand(self, query: str) -> Any:
        """Return the first row of a query on the raw files; ``{Name}`` stands for Name.csv."""
        connection = duckdb.connect()
        for file in self.folder.glob("*.csv"):
            connection.execute(
                f"create view {file.stem} as select * from read_csv('{file}', all_varchar = true,"
                " header = true, sample_size = -1, nullstr = '', quote = '\"', escape = '\"')"
            )
        return connection.execute(query).fetchone()

    def facts(self) -> dict[str, Any]:
        """Return the facts that came with the data, by id."""
        recorded = json.loads((self.folder / "ground_truth.json").read_text("utf-8"))
        return {fact["id"]: fact["value"] for fact in recorded["facts"]}


@pytest.fixture(scope="module")
def demo_org(tmp_path_factory: pytest.TempPathFactory) -> Audited:
    out = tmp_path_factory.mktemp("out")
    return Audited("sf_mashmatrix_demo", out, "--as-of", "2021-07-11", "--lang", "en")


@pytest.fixture(scope="module")
def salesforce(tmp_path_factory: pytest.TempPathFactory) -> Audited:
    return Audited("fivetran_salesforce_seeds", tmp_path_factory.mktemp("out"), "--lang", "en")


@pytest.fixture(scope="module")
def hubspot(tmp_path_factory: pytest.TempPathFactory) -> Audited:
    return Audited("fivetran_hubspot_seeds", tmp_path_factory.mktemp("out"), "--lang", "en")


@pytest.fixture(autouse=True, scope="module")
def away_from_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Work where no auditor.yaml lies."""
    before = Path.cwd()
    os.chdir(tmp_path_factory.mktemp("cwd"))
    yield
    os.chdir(before)


# --- a demo org: 774 opportunities, no users, no tasks


def test_the_demo_org_ends_well_and_its_day_is_the_last_that_salesforce_wrote(
    demo_org: Audited, tmp_path: Path
) -> None:
    assert demo_org.code == 0
    latest = Audited("sf_mashmatrix_demo", tmp_path / "latest", "--lang", "en").result["run"]
    assert (latest["as_of"], latest["as_of_origin"]) == ("2021-07-10", "accounts.viewed_at")


def test_the_demo_org_is_read_whole(demo_org: Audited) -> None:
    rows = demo_org.facts()["rows"]
    assert [demo_org.tables[table] for table in ("deals", "accounts", "contacts")] == rows
    assert demo_org.tables["stages"] == len(demo_org.facts()["stages"])


#: Open deals, deals in the twelve months before the day, and the stages that come first.
OPEN = "IsClosed is null"
RECENT = """(
    IsClosed is null
    or greatest(left(CreatedDate, 10), left(LastModifiedDate, 10)) > '2020-07-11'
    or CloseDate between '2020-07-11' and '2021-07-11'
)"""
EARLY = "StageName in ('Prospecting', 'Qualification')"


@pytest.mark.parametrize(
    ("check_id", "examined", "failed"),
    [
        ("open-deal-past-close-date", OPEN, f"{OPEN} and CloseDate::date < date '2021-07-11' - 3"),
        ("open-deal-without-close-date", OPEN, f"{OPEN} and CloseDate is null"),
        ("open-deal-without-amount", f"{OPEN} and not {EARLY}", f"{OPEN} and Amount is null"),
        (
            "open-deal-without-next-step",
            OPEN,
            f"{OPEN} and NextStep is null and HasOpenActivity is null",
        ),
        (
            "open-deal-without-activity",
            OPEN,
            f"{OPEN} and left(LastModifiedDate, 10)::date < date '2021-07-11' - 30",
        ),
        (
            "open-deal-with-missing-required-field",
            OPEN,
            f"{OPEN} and (AccountId is null or OwnerId is null or StageName is null)",
        ),
        (
            "stalled-open-deal",
            OPEN,
            f"""{OPEN} and date '2021-07-11' - left(CreatedDate, 10)::date > (
                select quantile_cont(CloseDate::date - left(CreatedDate, 10)::date, 0.9)
                from Opportunity where IsWon = '1' and CloseDate <= '2021-07-11')""",
        ),
        ("deal-without-account", RECENT, "AccountId is null"),
        ("deal-without-owner", RECENT, "OwnerId is null"),
        (
            "closed-deal-with-future-close-date",
            f"IsClosed = '1' and {RECENT}",
            "IsClosed = '1' and CloseDate > '2021-07-11'",
        ),
        ("close-date-before-creation", RECENT, "CloseDate < left(CreatedDate, 10)"),
        ("won-deal-without-amount", f"IsWon = '1' and {RECENT}", "IsWon = '1' and Amount is null"),
    ],
)
def test_deals_of_the_demo_org_agree_with_a_query(
    check_id: str, examined: str, failed: str, demo_org: Audited
) -> None:
    query = f"select count_if({examined}), count_if({failed}) from Opportunity"
    assert demo_org.counts(check_id) == demo_org.by_hand(query)


def test_the_demo_org_agrees_with_its_facts(demo_org: Audited) -> None:
    facts = demo_org.facts()
    assert demo_org.counts("open-deal-past-close-date")[0] == facts["open"]
    within_grace = demo_org.by_hand(
        f"select count(*) from Opportunity where {OPEN}"
        " and CloseDate between '2021-07-08' and '2021-07-10'"
    )[0]
    assert demo_org.counts("open-deal-past-close-date")[1] + within_grace == facts["overdue_open"]
    assert demo_org.counts("open-deal-without-activity")[1] == facts["open_not_modified_30"]
    assert demo_org.counts("closed-deal-with-future-close-date")[1] == facts["closed_in_future"]
    assert demo_org.counts("close-date-before-creation")[1] == facts["close_before_create"]
    assert demo_org.counts("open-deal-without-amount")[1] == facts["amount_missing"]
    assert demo_org.counts("duplicate-account")[1] == facts["account_dup_name"]


def test_a_mail_that_all_contacts_share_makes_no_duplicates(demo_org: Audited) -> None:
    assert demo_org.facts()["mail_shared"] == [133, 1]
    same_person = demo_org.by_hand(
        "select count(*) - count(distinct lower(FirstName || '|' || LastName || '|' || AccountId))"
        " from Contact"
    )[0]
    assert demo_org.counts("duplicate-contact") == (133, same_person)


def test_duplicate_deals_of_the_demo_org_agree_with_a_query(demo_org: Audited) -> None:
    """Clusters are small here: a deal is one too many if an earlier one pairs with it.

    An amount that one deal in a hundred bears is a price, and pairs only deals of one name.
    """
    query = """
        with deal as (
            select Id, AccountId, Amount::decimal(18, 2) as amount, lower(Name) as name,
                left(CreatedDate, 10)::date as created, IsClosed is null as is_open
            from Opportunity),
        price as (
            select amount from deal where amount > 0 group by amount
            having count(*) >= (select count(*) / 100 from deal where amount > 0))
        select (select count(*) from deal), count(distinct later.Id)
        from deal as first join deal as later
            on first.AccountId = later.AccountId and first.Id < later.Id
        where first.amount > 0 and first.amount = later.amount
                and abs(first.created - later.created) <= 7
                and (first.name = later.name or first.amount not in (from price))
            or first.name = later.name and abs(first.created - later.created) <= 30
                and first.is_open and later.is_open"""
    assert demo_org.counts("duplicate-deal") == demo_org.by_hand(query)


def test_what_the_demo_org_cannot_show_is_not_healthy(demo_org: Audited) -> None:
    verdict = demo_org.result["verdict"]
    assert verdict["state"] in ("cannot_conclude", "suspected")
    assert verdict["would_decide"]
    lost = demo_org.checks["lost-deal-without-reason"]
    assert (lost["state"], lost["reason"]) == ("not_observable", "column_absent")
    assert demo_org.checks["deal-owned-by-inactive-user"]["state"] == "not_observable"


# --- Salesforce as a warehouse has it: ten deleted opportunities


def test_salesforce_seeds_are_read_whole(salesforce: Audited) -> None:
    rows = salesforce.facts()["rows"]
    assert salesforce.tables == {
        "deals": rows["opportunity"],
        "activities": rows["task"] + rows["event"],
        "users": rows["user"],
        "accounts": rows["account"],
        "contacts": rows["contact"],
        "leads": rows["lead"],
        "teams": salesforce.by_hand("select count(*) from sf_user_role_data")[0],
        "stages": salesforce.by_hand(
            "select count(distinct (record_type_id, stage_name)) from sf_opportunity_data"
        )[0],
    }


def test_deleted_records_are_outside_every_population(salesforce: Audited) -> None:
    removed = salesforce.result["run"]["provenance"]["removed"]
    assert removed["deals"] == {"deleted": salesforce.facts()["deleted"]}
    # Pointers are looked for in the texts of activities too, and those are not deleted.
    deals = [
        check
        for check in salesforce.result["checks"]
        if check["table"] == "deals" and check["check_id"] != "pointer-outside-crm"
    ]
    assert {check["n_eligible"] for check in deals} == {0}
    assert {check["state"] for check in deals} == {"not_observable"}


def test_contacts_of_the_salesforce_seeds_agree_with_a_query(salesforce: Audited) -> None:
    contacts = salesforce.by_hand("""
        select count(*), count_if(coalesce(email, phone, mobile_phone) is null),
            count_if(account_id is null or account_id not in (select id from sf_account_data))
        from sf_contact_data""")
    assert salesforce.counts("contact-without-email-or-phone") == (contacts[0], contacts[1])
    assert salesforce.counts("contact-without-account") == (contacts[0], contacts[2])


def test_ten_keys_that_lead_nowhere_are_too_few_to_distrust_the_audit(salesforce: Audited) -> None:
    """The files are samples of different records: no owner and no account is among them."""
    found = salesforce.by_hand("""
        select count_if(owner_id in (select id from sf_user_data)),
            count_if(account_id in (select id from sf_account_data)) from sf_opportunity_data""")
    assert found == (0, 0)
    keys = salesforce.result["run"]["provenance"]["intake"]["keys"]
    owners = next(k for k in keys if (k["table"], k["column"]) == ("deals", "owner_id"))
    assert owners["filled"] == owners["unresolved"] == salesforce.facts()["rows"]["opportunity"]
    assert salesforce.result["run"]["contract"] == {"success": True, "breaches": []}
    assert salesforce.code == 0


# --- HubSpot as a warehouse has it: its history belongs to other deals


def test_hubspot_seeds_cannot_be_trusted_because_their_history_is_of_other_deals(
    hubspot: Audited,
) -> None:
    assert hubspot.code == 4
    assert hubspot.facts()["history_orphans"] == 100
    breaches = hubspot.result["run"]["contract"]["breaches"]
    assert ("unresolved_keys", "field_history") in {(b["code"], b["table"]) for b in breaches}


def test_hubspot_seeds_are_read_whole(hubspot: Audited) -> None:
    rows = hubspot.facts()["rows"]
    assert hubspot.tables["deals"] == rows["deal"]
    assert hubspot.tables["users"] == rows["owner"]
    assert hubspot.tables["stages"] == rows["deal_pipeline_stage"]
    assert hubspot.tables["contacts"] == rows["contact"]
    others = hubspot.by_hand("""
        select (select count(*) from company_property_history_data)
            + (select count(*) from contact_property_history_data)""")[0]
    history = rows["deal_property_history"] + rows["deal_stage"] + others
    assert hubspot.tables["field_history"] == history


def test_owners_of_hubspot_deals_agree_with_the_facts(hubspot: Audited) -> None:
    facts = hubspot.facts()
    assert hubspot.counts("deal-without-owner") == (
        facts["rows"]["deal"],
        facts["no_owner"] + facts["owner_orphans"],
    )


def test_merged_contacts_of_hubspot_are_removed(hubspot: Audited) -> None:
    merged = hubspot.by_hand("""
        select count(*) from contact_data where id in (
            select unnest(string_split(property_hs_merged_object_ids, ';')) from contact_data)""")
    removed = hubspot.result["run"]["provenance"]["removed"]
    assert removed.get("contacts", {}).get("merged", 0) == merged[0]


def test_deals_whose_stage_nobody_knows_are_one_configuration_finding(hubspot: Audited) -> None:
    found = [f["code"] for f in hubspot.result["configuration_findings"]]
    assert found.count("deals_of_unknown_state") == 1


@pytest.mark.parametrize("name", ["demo_org", "salesforce", "hubspot"])
def test_no_check_fails_to_run(name: str, request: pytest.FixtureRequest) -> None:
    audited: Audited = request.getfixturevalue(name)
    assert [c for c, check in audited.checks.items() if check["state"] == "error"] == []
