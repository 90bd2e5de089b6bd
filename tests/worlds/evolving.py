"""A CRM over many months, and the ledger of everything that went wrong in it, and when.

It imports nothing from the program and shares no predicate with it: the world decides that a deal
is neglected, and then types the date that shows it. Each month it is written as an export of its
own, as a scheduled job would find it.
"""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

#: What can be wrong with a deal, by the name of the check that should see it.
NEGLECTED, ADRIFT, ORPHANED = (
    "open-deal-past-close-date",
    "deal-without-account",
    "deal-owned-by-inactive-user",
)

#: Months that passed before the first audit, so that it finds a CRM in its usual course.
_WARM_UP = 24

#: What is the case with a deal and one kind of defect, at one audit.
BAD, FINE, GONE, UNSEEN = "bad", "fine", "gone", "unseen"


@dataclass
class Deal:
    """One deal, and what is wrong with it in truth."""

    number: int
    rep: int
    born: date
    neglected: bool = False
    adrift: bool = False
    closed: date | None = None
    deleted: bool = False

    @property
    def id(self) -> str:
        return f"006Kz{self.number:010d}AAA"


@dataclass
class EvolvingCrm:
    """A CRM whose months pass one at a time.

    Attributes:
        ledger: By audit day: by kind of defect and deal id, what was the case.
        hidden: Columns that the export of this month lacks, for want of a permission.
        left: Reps who left the company, and whose account in the CRM was closed.
        stage: What the open stage is called.
    """

    seed: int
    size: int = 240
    reps: int = 8
    day: date = date(2022, 6, 30)
    deals: list[Deal] = field(default_factory=list)
    ledger: dict[date, dict[tuple[str, str], str]] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    left: set[int] = field(default_factory=set)
    stage: str = "Proposal"

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        for _ in range(self.size):
            self._open_deal()
        for deal in self.deals:
            deal.neglected = self.rng.random() < 0.10
            deal.adrift = self.rng.random() < 0.05
        for _ in range(_WARM_UP):
            self.pass_a_month()

    def open_deals(self) -> list[Deal]:
        """Return the deals that somebody could still win."""
        return [deal for deal in self.deals if not (deal.closed or deal.deleted)]

    def pass_a_month(self) -> None:
        """Let an ordinary month pass: as much goes wrong as is put right, closed or deleted."""
        self.day = _month_end(self.day + timedelta(days=5))
        usual = {name: len(self._wrong(name)) for name in ("neglected", "adrift")}
        for deal in self.open_deals():
            if self.rng.random() < 0.10:
                deal.closed = self.day - timedelta(days=self.rng.randrange(25))
                deal.closed = max(deal.closed, deal.born)
            elif self.rng.random() < 0.004:
                deal.deleted = True
        for _ in range(self.size - len(self.open_deals())):
            self._open_deal()
        for name, count in usual.items():
            wrong = self._wrong(name)
            for deal in self.rng.sample(wrong, len(wrong) // 5):
                setattr(deal, name, False)
            right = [deal for deal in self.open_deals() if not getattr(deal, name)]
            for deal in self.rng.sample(right, max(0, count - len(self._wrong(name)))):
                setattr(deal, name, True)

    def _wrong(self, name: str) -> list[Deal]:
        return [deal for deal in self.open_deals() if getattr(deal, name)]

    def neglect(self, share: float) -> None:
        """Let people stop minding the dates of their deals."""
        for deal in self.open_deals():
            deal.neglected = deal.neglected or self.rng.random() < share

    def mend(self, share: float) -> None:
        """Let people put the dates of their deals right."""
        for deal in self.open_deals():
            deal.neglected = deal.neglected and self.rng.random() >= share

    def write(self, folder: Path) -> Path:
        """Write the export of this month, and note in the ledger what is the case."""
        folder.mkdir(parents=True)
        rows = [self._row(deal) for deal in self.deals if not deal.deleted]
        _write_csv(folder / "Opportunity.csv", rows)
        _write_csv(folder / "User.csv", [self._user(rep) for rep in range(self.reps)])
        self.ledger[self.day] = {
            (kind, deal.id): self._case(kind, deal)
            for kind in (NEGLECTED, ADRIFT, ORPHANED)
            for deal in self.deals
        }
        return folder

    def spells(self, kind: str, deal_id: str) -> list[tuple[str, str, str]]:
        """Return when a deal had a defect, by the ledger: from, to (exclusive), and how it ended.

        A defect that is out of sight is taken to end there; when it is seen again, what is then
        the case settles how it ended.
        """
        spells: list[list[str]] = []
        for day, cases in self.ledger.items():
            case = cases.get((kind, deal_id), FINE)
            is_open = bool(spells) and not spells[-1][1]
            is_hidden = bool(spells) and spells[-1][2] == "unknown"
            if case == BAD and not is_open:
                spells.append([day.isoformat(), "", ""])
            elif case != BAD and is_open:
                ending = {FINE: "resolved", GONE: "vanished", UNSEEN: "unknown"}[case]
                spells[-1][1:] = [day.isoformat(), ending]
            elif is_hidden and case in (FINE, GONE):
                spells[-1][2] = {FINE: "resolved", GONE: "vanished"}[case]
        return [(spell[0], spell[1], spell[2]) for spell in spells]

    def _case(self, kind: str, deal: Deal) -> str:
        if deal.deleted:
            return UNSEEN if self._is_hidden(kind) else GONE
        if self._is_hidden(kind):
            return UNSEEN
        if kind == ADRIFT:
            return BAD if deal.adrift else FINE
        if deal.closed:
            return GONE
        if kind == NEGLECTED:
            return BAD if deal.neglected else FINE
        return BAD if deal.rep in self.left else FINE

    def _is_hidden(self, kind: str) -> bool:
        needed = {NEGLECTED: "CloseDate", ADRIFT: "AccountId", ORPHANED: "IsActive"}
        return needed[kind] in self.hidden

    def _open_deal(self) -> None:
        staying = [rep for rep in range(self.reps) if rep not in self.left]
        born = self.day - timedelta(days=self.rng.randrange(1, 25))
        self.deals.append(Deal(len(self.deals), self.rng.choice(staying), born))

    def _row(self, deal: Deal) -> dict[str, str]:
        close = self.day + timedelta(days=20 + deal.number % 60)
        if deal.neglected:
            close = self.day - timedelta(days=10 + deal.number % 60)
        if deal.closed:
            close = deal.closed
        row = {
            "Id": deal.id,
            "Name": f"Contrat {deal.number}",
            "AccountId": "" if deal.adrift else f"001Kz{deal.number % 90:010d}AAA",
            "OwnerId": f"005Kz{deal.rep:010d}AAA",
            "StageName": ("Closed Won" if deal.number % 3 else "Closed Lost")
            if deal.closed
            else self.stage,
            "Amount": str(1_000 + 37 * (deal.number % 211)),
            "CloseDate": close.isoformat(),
            "NextStep": f"Rappeler la cliente {deal.number}",
            "IsClosed": str(bool(deal.closed)).lower(),
            "IsWon": str(bool(deal.closed and deal.number % 3)).lower(),
            "IsDeleted": "false",
            "CreatedDate": f"{deal.born}T09:00:00.000Z",
            "LastModifiedDate": f"{self.day}T09:00:00.000Z",
        }
        return {name: value for name, value in row.items() if name not in self.hidden}

    def _user(self, rep: int) -> dict[str, str]:
        row = {
            "Id": f"005Kz{rep:010d}AAA",
            "Name": f"Personne {rep}",
            "Email": f"personne{rep}@exemple.fr",
            "IsActive": str(rep not in self.left).lower(),
            "UserType": "Standard",
        }
        return {name: value for name, value in row.items() if name not in self.hidden}


def _write_csv(file: Path, rows: list[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _month_end(day: date) -> date:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return following - timedelta(days=1)
