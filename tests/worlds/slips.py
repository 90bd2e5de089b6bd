"""How records of customers are typed carelessly: gaps, typos, nonsense, the same one twice."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

from tests.worlds.customers import Customers, slugs
from tests.worlds.habits import Habits, Ints, Mask
from tests.worlds.journeys import Journeys
from tests.worlds.labels import Labels, numbers
from tests.worlds.words import mistakes
from tests.worlds.workdays import Workdays


def slip(
    words: ModuleType,
    habits: Habits,
    calendar: Workdays,
    labels: Labels,
    journeys: Journeys,
    customers: Customers,
) -> None:
    """Type the customers as carelessly as the habits of the world have it."""
    contacts = _Slips("contacts", habits, calendar, labels, customers.contacts)
    contacts.contacts()
    accounts = _Slips("accounts", habits, calendar, labels, customers.accounts)
    accounts.accounts(words, journeys, customers)
    leads = _Slips("leads", habits, calendar, labels, customers.leads)
    leads.leads()
    customers.accounts = _typed_again_accounts(accounts)
    customers.contacts = _typed_again("duplicate-contact", contacts)
    customers.leads = _typed_again("duplicate-lead", leads)


class _Slips:
    """The slips in one table; a record suffers one of them at most."""

    def __init__(
        self, table: str, habits: Habits, calendar: Workdays, labels: Labels, frame: pd.DataFrame
    ) -> None:
        self.table, self.habits, self.labels, self.frame = table, habits, labels, frame
        self.calendar = calendar
        self.owner: Ints = frame["owner"].to_numpy()
        self.spoilt: Mask = frame["deleted"].to_numpy().copy()
        self.recent: Mask = (frame["touched"] > calendar.back(365)).to_numpy().copy()
        self.end, self.year_ago = calendar.end, calendar.back(365)

    def struck(self, habit: str, among: Mask | None = None) -> Ints:
        """Return the records that a habit strikes and nothing else did, and take them.

        A planted rate is about all of them that count today, also those that are taken.
        """
        web = self.frame["lead_source"].cat.codes.eq(0) if "lead_source" in self.frame else None
        source = web.to_numpy() if web is not None else None
        fit = np.ones(len(self.frame), dtype=bool) if among is None else among
        struck = self.habits.strikes(
            habit,
            self.owner,
            among=fit & ~self.spoilt,
            of=fit & self.recent & ~self.frame["deleted"].to_numpy(),
            from_source=source,
        )
        self.spoilt |= struck
        return numbers(struck)

    def note(self, check_id: str, rows: Ints, *, form: object = "", habit: str = "") -> None:
        """Label those of the records that count today: edited within the year."""
        counted = self.recent[rows]
        form = np.asarray(form, dtype=object)[counted] if np.ndim(form) else form
        rows = rows[counted]
        self.labels.add(check_id, self.table, rows, rep=self.owner[rows], habit=habit, form=form)

    def set(self, rows: Ints, **values: Any) -> None:
        """Overwrite columns of some records."""
        for column, value in values.items():
            self.frame.loc[rows, column] = value

    def contacts(self) -> None:
        rng = self.habits.rng("slips/contacts")
        rows = self.struck("contact-without-email-or-phone")
        self.set(rows, email=None, phone=None, mobile=None)
        for check_id in ("contact-without-email-or-phone", "contact-with-missing-required-field"):
            self.note(check_id, rows, habit="contact-without-email-or-phone")
        rows = self.struck("contact-without-account")
        self.set(rows, account=-1)
        self.note("contact-without-account", rows)
        reached = self.frame["mobile"].notna().to_numpy()
        self._mistype_mails(rng, reached)
        self._mistype_numbers(rng, reached)
        rows = self.struck("junk-in-contacts")
        self._junk(rng, rows, "junk-in-contacts", ("last_name", "title"))
        # Some people have left their company: mail to them bounces, and nobody noted it.
        rows = self.struck("obsolete-contact", self.frame["created"].to_numpy() < self.end - 120)
        self.set(rows, bounced=True)

    def accounts(self, words: ModuleType, journeys: Journeys, customers: Customers) -> None:
        rng = self.habits.rng("slips/accounts")
        rows = self.struck("account-with-missing-required-field")
        self.set(rows, website=None, phone=None, country=None)
        self.note("account-with-missing-required-field", rows)
        if "siren" in self.frame:
            rows = self.struck("invalid-company-id", self.frame["siren"].notna().to_numpy())
            typed = self.frame["siren"].to_numpy()[rows]
            self.set(rows, siren=[n[:-1] + str((int(n[-1]) + 3) % 10) for n in typed])
            self.note("invalid-company-id", rows)
        rows = self.struck("junk-in-accounts")
        self._junk(rng, rows, "junk-in-accounts", ("street", "city"))
        self._spell_anew(rng, words)
        self._mistype_numbers(rng, np.zeros(len(self.frame), dtype=bool))
        self._lose_touch(journeys, customers)

    def _spell_anew(self, rng: np.random.Generator, words: ModuleType) -> None:
        """Write industries in other ways: ordinarily a few, where it is planted all of them."""
        planted = self.habits.plan.plants("value-variant")
        variants = words.VARIANTS | words.MORE_VARIANTS if planted else words.VARIANTS
        self.frame["industry"] = self.frame["industry"].astype(object)
        rows = self.struck("value-variant", self.frame["industry"].isin(list(variants)).to_numpy())
        typed = [rng.choice(variants[each]) for each in self.frame["industry"][rows]]
        self.set(rows, industry=typed)
        self.note("value-variant", rows)

    def _mistype_mails(self, rng: np.random.Generator, ordinary: Mask) -> None:
        """Mistype addresses: ordinarily some, where it is planted any of those that there are."""
        filled = self.frame["email"].notna().to_numpy()
        planted = self.habits.plan.plants("invalid-email")
        rows = self.struck("invalid-email", filled if planted else ordinary)
        mails = self.frame["email"].to_numpy()[rows]
        self.set(rows, email=_mistyped_mails(rng, mails))
        self.note("invalid-email", rows)

    def _mistype_numbers(self, rng: np.random.Generator, ordinary: Mask) -> None:
        """Mistype numbers: ordinarily mobile ones, where it is planted any that there are."""
        fields = [name for name in ("phone", "mobile") if name in self.frame]
        filled = self.frame[fields].notna()
        planted = self.habits.plan.plants("invalid-phone")
        rows = self.struck("invalid-phone", filled.any(axis=1).to_numpy() if planted else ordinary)
        last = filled.to_numpy()[rows, -1]
        for field, which in ((fields[-1], rows[last]), (fields[0], rows[~last])):
            typed, form = _mistyped_numbers(rng, self.frame[field].to_numpy()[which])
            self.set(which, **{field: typed})
            self.note("invalid-phone", which, form=form)

    def _lose_touch(self, journeys: Journeys, customers: Customers) -> None:
        """Of some customers who bought, nobody noted how to reach anyone."""
        bought = np.zeros(len(self.frame), dtype=bool)
        bought[customers.account_of[journeys.won]] = True
        habit = "won-account-without-reachable-contact"
        lost = numbers(self.habits.strikes(habit, self.owner, among=bought))
        people = customers.contacts
        theirs = people["account"].isin(lost)
        people.loc[theirs, ["email", "phone", "mobile"]] = None
        which = numbers(theirs.to_numpy())
        for check_id in ("invalid-email", "invalid-phone"):
            self.labels.forget(check_id, "contacts", which)
        recent = which[(people["touched"] > self.year_ago).to_numpy()[which]]
        recent = recent[~people["deleted"].to_numpy()[recent]]
        for check_id in ("contact-without-email-or-phone", "contact-with-missing-required-field"):
            owner = people["owner"].to_numpy()[recent]
            self.labels.add(check_id, "contacts", recent, rep=owner, habit=habit)

    def leads(self) -> None:
        rng = self.habits.rng("slips/leads")
        open_leads = ~self.frame["converted"].to_numpy()
        rows = self.struck(
            "lead-untouched", open_leads & (self.frame["created"] < self.end - 13).to_numpy()
        )
        self.set(rows, untouched=True)
        self.frame.loc[rows, "touched"] = self.frame["created"][rows]
        self.recent[rows] = self.frame["created"].to_numpy()[rows] > self.year_ago
        self.note("lead-untouched", rows)
        rows = self.struck("lead-without-owner", open_leads)
        self.note("lead-without-owner", rows)
        self.set(rows, owner=-1)
        rows = self.struck("junk-in-leads")
        self._junk(rng, rows, "junk-in-leads", ("company", "last_name"))
        # Most leads come by forms and lists: nobody mistypes them but where it is planted. Their
        # numbers stay: of which country they are was noted by nobody.
        self._mistype_mails(rng, np.zeros(len(self.frame), dtype=bool))

    def _junk(
        self, rng: np.random.Generator, rows: Ints, check_id: str, columns: tuple[str, ...]
    ) -> None:
        words, form = junk(rng, len(rows))
        which = rng.integers(0, len(columns), len(rows))
        for number, column in enumerate(columns):
            if self.frame[column].dtype == "category":
                self.frame[column] = self.frame[column].astype(object)
            self.set(rows[which == number], **{column: words[which == number]})
        self.note(check_id, rows, form=form)


def junk(rng: np.random.Generator, count: int) -> tuple[Any, Any]:
    """Return nonsense, and whether each form of it is ``known`` or ``outside`` the usual."""
    outside = rng.random(count) < 0.25
    known = np.array(mistakes.JUNK_KNOWN, dtype=object)[
        rng.integers(0, len(mistakes.JUNK_KNOWN), count)
    ]
    other = np.array(mistakes.JUNK_OUTSIDE, dtype=object)[
        rng.integers(0, len(mistakes.JUNK_OUTSIDE), count)
    ]
    return np.where(outside, other, known), np.where(outside, "outside", "known").astype(object)


def _mistyped_mails(rng: np.random.Generator, mails: Any) -> list[str]:
    ways = (
        lambda name, host: f"{name}@",
        lambda name, host: f"{name}@@{host}",
        lambda name, host: f"{name} {host}",
        lambda name, host: f"{name}@{host.replace('.', ',')}",
        lambda name, host: f"{name}@{host.split('.')[0]}",
        lambda name, host: f"{name}@.{host}",
        lambda name, host: f"{name}@{host.replace('.', '..')}",
        lambda name, host: f"{name.replace('.', ' ')}@{host}",
    )
    return [ways[rng.integers(len(ways))](*mail.split("@")) for mail in mails]


def _mistyped_numbers(rng: np.random.Generator, typed: Any) -> tuple[list[str], list[str]]:
    """Return numbers that are half or double, a quarter of them with one digit lost instead.

    Only a plan of every number in use could tell that a digit is missing: those are ``outside``.
    """
    ways = (
        (lambda number: number[: len(number) // 2], "known"),
        (lambda number: number + number[3:], "known"),
        (lambda number: number[:-1], "outside"),
    )
    chosen = [ways[code] for code in rng.choice(len(ways), len(typed), p=[0.4, 0.35, 0.25])]
    mistyped = [way(number) for (way, _), number in zip(chosen, typed, strict=True)]
    return mistyped, [form for _, form in chosen]


def _typed_again(check_id: str, slips: _Slips) -> pd.DataFrame:
    """Return people with some entered a second time: the same mail in capitals, a shorter name.

    Nobody enters a record twice that has a slip already.
    """
    frame, habits, calendar = slips.frame, slips.habits, slips.calendar
    rng = habits.rng(f"{check_id}/how")
    fit = (
        frame["email"].notna()
        & ~frame["deleted"]
        & frame["email"].str.contains(r"^[^@ ]+@[a-z0-9]+\.example$", na=False)
    )
    if "account" in frame:
        fit = fit & (frame["account"] >= 0)
    fit = fit & ~slips.spoilt
    owner, live = frame["owner"].to_numpy(), ~frame["deleted"].to_numpy()
    twice = numbers(habits.strikes(check_id, owner, among=fit.to_numpy(), of=live))
    copies = frame.iloc[twice].copy()
    copies["created"] = np.minimum(
        copies["created"] + rng.uniform(10, 120, len(twice)), calendar.end - 0.05
    )
    copies["touched"] = np.maximum(copies["created"], copies["touched"])
    if "untouched" in copies:
        copies["untouched"] = False
        copies["converted"] = False
    capital = rng.random(len(twice)) < 0.5
    copies["email"] = np.where(capital, copies["email"].str.upper(), copies["email"])
    copies["first_name"] = np.where(
        capital, copies["first_name"].str[:1] + ".", copies["first_name"]
    )
    form = np.where(capital, "initial and capitals", "same mail").astype(object)
    new = np.arange(len(frame), len(frame) + len(copies))
    rep = copies["owner"].to_numpy()
    slips.labels.add(check_id, slips.table, new, rep=rep, form=form, twin=twice)
    return pd.concat([frame, copies], ignore_index=True)


def _typed_again_accounts(slips: _Slips) -> pd.DataFrame:
    """Return accounts with some entered a second time, in the ways in which names differ."""
    frame, habits, calendar = slips.frame, slips.habits, slips.calendar
    rng = habits.rng("duplicate-account/how")
    fit = (~frame["deleted"] & frame["website"].notna()).to_numpy() & ~slips.spoilt
    owner = frame["owner"].to_numpy()
    live = ~frame["deleted"].to_numpy()
    twice = numbers(habits.strikes("duplicate-account", owner, among=fit, of=live))
    copies = frame.iloc[twice].copy()
    form = rng.choice(
        ["same domain", "capitals", "legal form", "typo"], len(twice), p=[0.4, 0.2, 0.2, 0.2]
    )
    copies["name"] = [_respelt(rng, *pair) for pair in zip(copies["name"], form, strict=True)]
    keyed = form == "same domain"
    copies["website"] = np.where(keyed, copies["domain"], None)
    copies["phone"] = None
    if "siren" in copies:
        copies["siren"] = None
    copies["created"] = np.minimum(
        copies["created"] + rng.uniform(10, 120, len(twice)), calendar.end - 0.05
    )
    copies["touched"] = np.maximum(copies["created"], copies["touched"])
    new = np.arange(len(frame), len(frame) + len(copies))
    rep = owner[twice]
    slips.labels.add("duplicate-account", "accounts", new, rep=rep, form=form.astype(object),
                     twin=twice)  # fmt: skip
    return pd.concat([frame, copies], ignore_index=True)


def _respelt(rng: np.random.Generator, name: str, form: str) -> str:
    if form == "capitals":
        return name.upper()
    if form == "legal form":
        bare = (
            name.rsplit(" ", 1)[0] if name.split()[-1].isupper() and len(name.split()) > 2 else name
        )
        return f"{bare} {rng.choice(['SAS', 'S.A.R.L.', 'Ltd', 'SA'])}"
    if form == "typo":
        at = int(rng.integers(2, max(3, len(name) - 1)))
        return name[:at] + name[at + 1 :]
    return f"{name.split()[-1]} {slugs(name.split()[0]).title()}" if rng.random() < 0.4 else name
