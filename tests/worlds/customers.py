"""Whom they sell to: accounts, people at accounts, and leads, as they really are."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

from tests.worlds.habits import Floats, Habits, Ints, Mask
from tests.worlds.identity import landlines, mobiles, sirens
from tests.worlds.journeys import Journeys
from tests.worlds.people import People
from tests.worlds.plan import Plan
from tests.worlds.workdays import Workdays


@dataclass
class Customers:
    """Frames of accounts, contacts and leads; the position of a row is its number.

    ``entity`` tells which company or person a record stands for: two records of one entity are
    duplicates, whatever is typed in them.

    Attributes:
        account_of: Account that each deal is really for.
        contact_of: The person whom each deal is discussed with.
        first_contact: Number of the first contact of each account.
        contacts_at: How many contacts each account has.
    """

    accounts: pd.DataFrame
    contacts: pd.DataFrame
    leads: pd.DataFrame
    account_of: Ints
    contact_of: Ints
    first_contact: Ints
    contacts_at: Ints

    def someone_at(self, rng: np.random.Generator, account: Ints) -> Ints:
        """Return somebody at each account, the first contact most of the time."""
        turn = (rng.random(len(account)) ** 1.5 * self.contacts_at[account]).astype(np.int64)
        return self.first_contact[account] + turn


def win_over(
    plan: Plan,
    words: ModuleType,
    habits: Habits,
    people: People,
    calendar: Workdays,
    journeys: Journeys,
) -> Customers:
    """Return the customers of a world, all typed with care."""
    rng = habits.rng("customers")
    count = max(40, round(plan.deals * 0.42))
    reps = people.reps
    owner = np.sort(np.concatenate([reps, rng.choice(reps, max(count - len(reps), 0))]))
    count = len(owner)
    first = np.searchsorted(owner, journeys.rep, side="left")
    many = np.searchsorted(owner, journeys.rep, side="right") - first
    account_of = first + (rng.random(len(journeys)) * many).astype(np.int64)
    since = np.full(count, calendar.end)
    np.minimum.at(since, account_of, journeys.created)
    created = np.maximum(since - rng.exponential(15, count), 0.0)
    accounts = _accounts(words, rng, _stayed(rng, people, owner), created, calendar, plan)
    contacts_at = 1 + np.minimum(rng.poisson(0.8, count), 3)
    contacts = _contacts(words, rng, accounts, contacts_at, calendar, plan)
    first_contact = np.cumsum(contacts_at) - contacts_at
    customers = Customers(
        accounts, contacts, pd.DataFrame(), account_of, account_of, first_contact, contacts_at
    )
    customers.contact_of = customers.someone_at(rng, account_of)
    customers.leads = _leads(words, habits, people, calendar, round(plan.deals * 0.2))
    return customers


def _stayed(rng: np.random.Generator, people: People, owner: Ints) -> Ints:
    """Return owners, with those who left replaced by somebody who is there."""
    present = np.flatnonzero(people.seller)
    gone = np.isfinite(people.left[owner])
    return np.where(gone, rng.choice(present, len(owner)), owner)


def _accounts(
    words: ModuleType,
    rng: np.random.Generator,
    owner: Ints,
    created: Floats,
    calendar: Workdays,
    plan: Plan,
) -> pd.DataFrame:
    count = len(owner)
    name = _company_names(words, rng, count)
    slug = np.array([slugs(each) for each in name], dtype=object)
    town = rng.integers(0, len(words.CITIES), count)
    legal = np.array(words.LEGAL_FORMS, dtype=object)[
        rng.integers(0, len(words.LEGAL_FORMS), count)
    ]
    number = rng.integers(1, 180, count).astype(str).astype(object)
    street = np.array(words.STREETS, dtype=object)[rng.integers(0, len(words.STREETS), count)]
    frame = pd.DataFrame(
        {
            "name": name + legal,
            "owner": owner,
            "type": _pick(
                rng,
                ("Client", "Prospect") if plan.language == "fr" else ("Customer", "Prospect"),
                count,
            ),
            "industry": _pick(rng, words.INDUSTRIES, count),
            "website": "www." + slug + ".example",
            "domain": slug + ".example",
            "phone": landlines(rng, plan.language, count),
            "street": number + (", " if plan.language == "fr" else " ") + street,
            "city": np.array([city for city, _ in words.CITIES], dtype=object)[town],
            "postal_code": np.array([code for _, code in words.CITIES], dtype=object)[town],
            "country": words.COUNTRY,
            "employees": np.round(rng.lognormal(3.5, 1.1, count) + 1).astype(np.int64),
            "created": created,
            "touched": _touched(rng, created, calendar),
            "entity": np.arange(count),
            "deleted": rng.random(count) < 0.01,
        }
    )
    if plan.language == "fr":
        frame["siren"] = np.where(rng.random(count) < 0.7, sirens(rng, count), None)
    frame.loc[rng.integers(count), "name"] = words.NAME_LIKE_TEST
    return frame


def _contacts(
    words: ModuleType,
    rng: np.random.Generator,
    accounts: pd.DataFrame,
    contacts_at: Ints,
    calendar: Workdays,
    plan: Plan,
) -> pd.DataFrame:
    account = np.repeat(np.arange(len(accounts)), contacts_at)
    count = len(account)
    within = np.arange(count) - np.repeat(np.cumsum(contacts_at) - contacts_at, contacts_at)
    first, last = _person_names(words, rng, count, within)
    first_slug = _slugs_of(first)
    last_slug = _slugs_of(last)
    domain = accounts["domain"].to_numpy()[account]
    created = accounts["created"].to_numpy()[account] + rng.exponential(4, count) * (within > 0)
    return pd.DataFrame(
        {
            "first_name": first,
            "last_name": last,
            "account": account,
            "owner": accounts["owner"].to_numpy()[account],
            "email": first_slug + "." + last_slug + "@" + domain,
            "phone": np.where(rng.random(count) < 0.6, accounts["phone"].to_numpy()[account], None),
            "mobile": np.where(rng.random(count) < 0.7, mobiles(rng, plan.language, count), None),
            "title": _pick(rng, words.TITLES, count),
            "lead_source": _pick(rng, words.SOURCES, count),
            "country": words.COUNTRY,
            "bounced": False,
            "created": np.minimum(created, calendar.end - 0.02),
            "touched": _touched(rng, np.minimum(created, calendar.end - 0.02), calendar),
            "entity": np.arange(count),
            "deleted": rng.random(count) < 0.01,
        }
    )


def _leads(
    words: ModuleType, habits: Habits, people: People, calendar: Workdays, count: int
) -> pd.DataFrame:
    rng = habits.rng("leads")
    count = max(count, 20)
    sellers = np.flatnonzero(people.seller)
    owner = rng.choice(sellers, count)
    own_way = habits.have("definition-spread")[owner]
    chance = np.where(own_way, 0.75, 0.25)
    first, last = _person_names(words, rng, count, np.zeros(count, dtype=np.int64))
    company = _company_names(words, rng, count)
    slug = np.array([slugs(each) for each in company], dtype=object)
    created = rng.uniform(0, calendar.end - 0.1, count)
    return pd.DataFrame(
        {
            "first_name": first,
            "last_name": last,
            "company": company,
            "owner": owner,
            "email": _slugs_of(first) + "." + _slugs_of(last) + "@" + slug + ".example",
            "phone": landlines(rng, habits.plan.language, count),
            "lead_source": _pick(rng, (*words.SOURCES, words.WEB_SOURCE), count),
            "converted": (rng.random(count) < chance) & (created < calendar.end - 20),
            "created": created,
            "touched": np.minimum(created + rng.exponential(6, count) + 0.2, calendar.end - 0.01),
            "untouched": False,
            "entity": np.arange(count),
            "deleted": rng.random(count) < 0.01,
        }
    )


def slugs(text: str) -> str:
    """Return a text as it appears in an address: letters and digits without accents."""
    bare = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("æ", "ae"))
    return "".join(letter for letter in bare.lower() if letter.isascii() and letter.isalnum())


def _slugs_of(names: Any) -> Any:
    known = {name: slugs(name) for name in set(names)}
    return np.array([known[name] for name in names], dtype=object)


def _pick(rng: np.random.Generator, words: tuple[str, ...], count: int) -> pd.Categorical:
    codes = rng.integers(0, len(words), count)
    return pd.Categorical.from_codes(codes, list(words))


def _touched(rng: np.random.Generator, created: Floats, calendar: Workdays) -> Floats:
    """Return when records were last edited; not so near a year ago that a day would matter."""
    touched = created + rng.random(len(created)) ** 0.6 * (calendar.end - created)
    near: Mask = (touched > calendar.back(370)) & (touched < calendar.back(360))
    return np.where(near & (created < calendar.back(370)), calendar.back(350) + 0.5, touched)


def _company_names(words: ModuleType, rng: np.random.Generator, count: int) -> Any:
    """Return names that differ: a trade and a family, and a town where that is not enough."""
    trades, families = (
        np.array(words.TRADES, dtype=object),
        np.array(words.LAST_NAMES, dtype=object),
    )
    pairs = len(trades) * len(families)
    towns = np.array(["", *(f" {city}" for city, _ in words.CITIES)], dtype=object)
    serial = np.arange(count)
    rounds, within = serial // pairs, serial % pairs
    code = rng.permutation(pairs)[within]
    place = towns[rounds % len(towns)]
    more = np.where(
        rounds >= len(towns), " " + (rounds // len(towns)).astype(str).astype(object), ""
    )
    first = (
        trades[code % len(trades)] if words.COUNTRY == "France" else families[code // len(trades)]
    )
    second = (
        families[code // len(trades)] if words.COUNTRY == "France" else trades[code % len(trades)]
    )
    return first + " " + second + place + more


def _person_names(
    words: ModuleType, rng: np.random.Generator, count: int, within: Ints
) -> tuple[Any, Any]:
    """Return first and last names; colleagues at one account never share both."""
    first = rng.integers(0, len(words.FIRST_NAMES), count)
    last = (rng.integers(0, len(words.LAST_NAMES), count) // 4 * 4 + within) % len(words.LAST_NAMES)
    names = np.array(words.LAST_NAMES, dtype=object)[last]
    if count > 40:
        names[rng.integers(0, count, 2)] = words.SURNAME_LIKE_JUNK
    return np.array(words.FIRST_NAMES, dtype=object)[first], names
