"""What goes wrong at the invented company: each habit below plants defects and notes them.

The habits are those of a team without a system: deals that nobody reviews, fields nobody
needs, names typed twice. A record is noted for a check because of what was done to it here,
never because a predicate said so; a test compares the audit with these notes.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from examples.company import (
    AS_OF,
    STAGES,
    Company,
    Record,
    days_ago,
    log_task,
    salesforce_id,
    stamp,
)

_PAST_FIRST_THIRD = {stage for stage, _ in STAGES[1:]}


def let_it_slide(company: Company) -> None:
    """Plant every habit, in a fixed order, on records that no earlier habit made unfit."""
    open_deals = [deal for deal in company.deals if deal["IsClosed"] == "false"]
    recent = [deal for deal in company.deals if _closed_this_year(deal)]
    won = [deal for deal in recent if deal["IsWon"] == "true"]
    lost = [deal for deal in recent if deal["StageName"] == "Perdue"]
    _abandon_deals(company, _some(company, open_deals, 0.24))
    _postpone_the_date(company, _some(company, open_deals, 0.12))
    _leave_next_step_to_memory(company, _some(company, open_deals, 0.22))
    _skip_fields(company, open_deals)
    _lose_the_account(company, _some(company, open_deals, 0.03))
    _keep_a_leavers_deals(company, _some(company, open_deals, 0.07))
    _fill_in_anything(company, _some(company, open_deals, 0.06))
    _close_carelessly(company, won, lost)
    _neglect_contacts(company)
    _type_names_twice(company)
    _spell_as_you_like(company)
    _forget_leads(company)


def _some(company: Company, records: list[Record], share: float) -> list[Record]:
    return company.random.sample(records, round(len(records) * share))


def _closed_this_year(deal: Record) -> bool:
    year_ago = (AS_OF - timedelta(days=330)).isoformat()
    return deal["IsClosed"] == "true" and deal["CloseDate"] >= year_ago


def _abandon_deals(company: Company, deals: list[Record]) -> None:
    """Nobody reviews the pipeline: old deals keep their past date and are never closed."""
    abandoned = {deal["Id"] for deal in deals}
    company.tasks[:] = [task for task in company.tasks if task["WhatId"] not in abandoned]
    for deal in deals:
        created = days_ago(company.random, 420, 150)
        last_touch = created + timedelta(days=company.random.randint(5, 60))
        deal["CreatedDate"] = stamp(created)
        deal["LastModifiedDate"] = stamp(last_touch)
        deal["CloseDate"] = (
            (last_touch + timedelta(days=company.random.randint(3, 25))).date().isoformat()
        )
        deal["NextStep"] = ""
        log_task(company, deal, last_touch)
        for check_id in (
            "stalled-open-deal",
            "open-deal-past-close-date",
            "open-deal-without-activity",
            "open-deal-without-next-step",
        ):
            company.plant(check_id, deal)


def _postpone_the_date(company: Company, deals: list[Record]) -> None:
    """A live deal whose announced date went by without anyone moving it."""
    for deal in deals:
        created = datetime.fromisoformat(deal["CreatedDate"])
        passed = AS_OF - timedelta(days=company.random.randint(4, 40))
        deal["CloseDate"] = max(passed, created.date()).isoformat()
        if passed < created.date():
            deal["CreatedDate"] = stamp(created - timedelta(days=45))
            deal["CloseDate"] = passed.isoformat()
        company.plant("open-deal-past-close-date", deal)


def _leave_next_step_to_memory(company: Company, deals: list[Record]) -> None:
    for deal in deals:
        deal["NextStep"] = company.random.choice(("", "", "", "à voir", "xxx", "..."))
        company.plant("open-deal-without-next-step", deal)


def _skip_fields(company: Company, open_deals: list[Record]) -> None:
    advanced = [deal for deal in open_deals if deal["StageName"] in _PAST_FIRST_THIRD]
    for deal in _some(company, advanced, 0.14):
        deal["Amount"] = company.random.choice(("", "0.00"))
        company.plant("open-deal-without-amount", deal)
        company.plant("open-deal-with-missing-required-field", deal)
    for deal in _some(company, advanced, 0.04):
        deal["CloseDate"] = ""
        company.planted["open-deal-past-close-date"].discard(deal["Id"])
        company.plant("open-deal-without-close-date", deal)
        company.plant("open-deal-with-missing-required-field", deal)


def _lose_the_account(company: Company, deals: list[Record]) -> None:
    for deal in deals:
        deal["AccountId"] = company.random.choice(("", salesforce_id("001", 999_000)))
        company.plant("deal-without-account", deal)
        if not deal["AccountId"]:
            company.plant("open-deal-with-missing-required-field", deal)
    orphan = deals[0]
    orphan["OwnerId"] = ""
    company.plant("deal-without-owner", orphan)
    company.plant("open-deal-with-missing-required-field", orphan)


def _keep_a_leavers_deals(company: Company, deals: list[Record]) -> None:
    leaver = next(user["Id"] for user in company.users if user["IsActive"] == "false")
    for deal in deals:
        if deal["OwnerId"]:
            deal["OwnerId"] = leaver
            company.plant("deal-owned-by-inactive-user", deal)


def _fill_in_anything(company: Company, deals: list[Record]) -> None:
    """A field that the screen demands gets the first thing that the screen accepts."""
    for deal in deals:
        deal["Type"] = company.random.choice(("xxx", "à compléter", "..."))
        company.plant("junk-in-deals", deal)


def _close_carelessly(company: Company, won: list[Record], lost: list[Record]) -> None:
    random = company.random
    for deal in _some(company, won, 0.05):
        deal["Amount"] = random.choice(("", "0.00"))
        company.plant("won-deal-without-amount", deal)
    for deal in _some(company, lost, 0.31):
        deal["LossReason__c"] = random.choice(("", "", "???"))
        company.plant("lost-deal-without-reason", deal)
    for deal in _some(company, won, 0.015):
        deal["CloseDate"] = (AS_OF + timedelta(days=random.randint(10, 60))).isoformat()
        company.plant("closed-deal-with-future-close-date", deal)
    for deal in _some(company, lost, 0.02):
        created = datetime.fromisoformat(deal["CreatedDate"])
        deal["CloseDate"] = (created - timedelta(days=random.randint(2, 20))).date().isoformat()
        company.plant("close-date-before-creation", deal)
    twins = [deal for deal in _some(company, won, 0.012) if deal["Amount"] not in ("", "0.00")]
    for twin in twins:
        copy = dict(twin, Id=salesforce_id("006", len(company.deals)), Name=twin["Name"] + " bis")
        company.deals.append(copy)
        company.plant("duplicate-deal", copy)
        for check_id, planted in list(company.planted.items()):
            if twin["Id"] in planted and check_id != "duplicate-deal":
                company.plant(check_id, copy)


def _neglect_contacts(company: Company) -> None:
    random = company.random
    fresh = random.sample(company.contacts, 230)
    for contact in fresh[:70]:
        contact["Email"] = contact["Phone"] = contact["MobilePhone"] = ""
        company.plant("contact-without-email-or-phone", contact)
        company.plant("contact-with-missing-required-field", contact)
    for contact in fresh[70:150]:
        contact["AccountId"] = ""
        company.plant("contact-without-account", contact)
    for contact in fresh[150:186]:
        contact["Email"] = random.choice(
            ("contact@", "voir standard", contact["Email"].replace("@", "@@"))
        )
        company.plant("invalid-email", contact)
    for contact in fresh[186:214]:
        contact["MobilePhone"] = random.choice(("06 39 98", "06 39 98 11 22 33 44 55"))
        company.plant("invalid-phone", contact)
    for contact in fresh[214:]:
        contact["LastName"] = random.choice(("Test", "xxx", "asdf"))
        company.plant("junk-in-contacts", contact)


def _type_names_twice(company: Company) -> None:
    random = company.random
    for account in random.sample(company.accounts, 22):
        copy = dict(account, Id=salesforce_id("001", len(company.accounts)))
        copy["Name"] = account["Name"].upper() + random.choice(("", " SAS", " S.A.R.L."))
        copy["SIREN__c"] = ""
        copy["CreatedDate"] = stamp(days_ago(random, 190, 20))
        copy["LastModifiedDate"] = copy["CreatedDate"]
        company.accounts.append(copy)
        company.plant("duplicate-account", copy)
    reachable = [contact for contact in company.contacts if contact["Id"] not in _spoilt(company)]
    for contact in random.sample(reachable, 30):
        copy = dict(contact, Id=salesforce_id("003", len(company.contacts)))
        copy["Email"] = contact["Email"].upper()
        copy["CreatedDate"] = stamp(days_ago(random, 190, 20))
        copy["LastModifiedDate"] = copy["CreatedDate"]
        company.contacts.append(copy)
        company.plant("duplicate-contact", copy)


def _spoilt(company: Company) -> set[str]:
    return set().union(
        *(ids for check, ids in company.planted.items() if "contact" in check or "invalid" in check)
    )


def _spell_as_you_like(company: Company) -> None:
    random = company.random
    food = [account for account in company.accounts if account["Industry"] == "Agroalimentaire"]
    for account in _some(company, food, 0.18):
        account["Industry"] = random.choice(("Agro-alimentaire", "AGROALIMENTAIRE"))
        company.plant("value-variant", account)
    untouched = [a for a in company.accounts if a["Id"] not in company.planted["duplicate-account"]]
    for account in _some(company, untouched, 0.06):
        account["SIREN__c"] = account["SIREN__c"][:-1] + str(
            (int(account["SIREN__c"][-1]) + 5) % 10
        )
        company.plant("invalid-company-id", account)
    for account in _some(company, untouched, 0.05):
        account["BillingStreet"] = random.choice(("xxx", "à compléter", "-----"))
        company.plant("junk-in-accounts", account)
    bare = [a for a in untouched if a["Id"] not in company.planted["invalid-company-id"]]
    for account in _some(company, bare, 0.05):
        account["Website"] = account["Phone"] = account["BillingCountry"] = ""
        company.plant("account-with-missing-required-field", account)


def _forget_leads(company: Company) -> None:
    random = company.random
    forgotten = random.sample(company.leads, 58)
    ids = {lead["Id"] for lead in forgotten}
    company.tasks[:] = [task for task in company.tasks if task["WhoId"] not in ids]
    for lead in forgotten:
        lead["LastModifiedDate"] = lead["CreatedDate"]
        company.plant("lead-untouched", lead)
    for lead in random.sample(company.leads, 12):
        lead["OwnerId"] = ""
        company.plant("lead-without-owner", lead)
    for lead in random.sample(company.leads, 9):
        lead["Company"] = random.choice(("test", "xxx", "à renseigner"))
        company.plant("junk-in-leads", lead)
    for lead in random.sample(company.leads, 8):
        copy = dict(lead, Id=salesforce_id("00Q", len(company.leads)))
        copy["CreatedDate"] = stamp(days_ago(Random(lead["Id"]), 18, 15))
        copy["LastModifiedDate"] = stamp(days_ago(Random(lead["Id"]), 12, 1))
        company.leads.append(copy)
        company.plant("duplicate-lead", copy)
        for check_id in ("lead-without-owner", "junk-in-leads"):
            if lead["Id"] in company.planted[check_id]:
                company.plant(check_id, copy)
