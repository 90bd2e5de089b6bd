"""Record level: of what was planted, how much is found; of what is found, how much was planted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.accuracy.audited import Audited
from tests.worlds.words import mistakes
from tests.worlds.world import World, record_id

#: Checks that read facts: the bar is 0.99 both ways.
FACTS = frozenset(
    [
        "account-with-missing-required-field", "activity-without-parent",
        "close-date-before-creation", "closed-deal-with-future-close-date",
        "contact-with-missing-required-field", "contact-without-account",
        "contact-without-email-or-phone", "deal-created-and-won-same-day",
        "deal-owned-by-inactive-user", "deal-without-account", "deal-without-owner",
        "invalid-company-id", "invalid-email", "invalid-phone", "late-amount-change",
        "late-logged-activity", "lead-untouched", "lead-without-owner",
        "lost-deal-without-reason", "manual-forecast-override", "open-deal-past-close-date",
        "open-deal-with-missing-required-field", "open-deal-without-amount",
        "open-deal-without-close-date", "open-deal-without-next-step", "overdue-task",
        "serially-pushed-deal", "won-account-without-reachable-contact",
        "won-deal-without-activity", "won-deal-without-amount", "never-touched-deal",
        "backward-stage-move", "skipped-stage", "stages-typed-at-closing",
        "user-without-login", "unread-report",
    ]
)  # fmt: skip
#: Checks that judge: precision 0.95, recall 0.90 on well-known forms.
JUDGED = frozenset(
    [
        "junk-in-deals", "junk-in-contacts", "junk-in-accounts", "junk-in-leads",
        "pointer-outside-crm", "value-variant", "duplicate-account", "duplicate-contact",
        "duplicate-deal", "duplicate-lead", "spreadsheet-attachment", "obsolete-contact",
    ]
)  # fmt: skip
#: Checks held to the truth about dead deals: precision 0.95, recall 0.70.
LATENT = frozenset(["zombie-deal", "stalled-open-deal"])


@dataclass
class Tally:
    """Counts of one check over several worlds.

    Attributes:
        right: Found and planted.
        wrong: Found and not planted.
        missed: Planted and not found.
        right_outside: Found, of forms outside the usual (nonsense that no list holds, deals that
            are slow but alive, or dead but young); right, and no part of the recall that has a bar.
        missed_outside: Not found, of those.
        examples: What was missed or wrong, as the CRM shows it.
    """

    right: int = 0
    wrong: int = 0
    missed: int = 0
    right_outside: int = 0
    missed_outside: int = 0
    examples: Counter[str] = field(default_factory=Counter)

    @property
    def precision(self) -> float | None:
        """Share of what was found that was planted."""
        found = self.right + self.right_outside + self.wrong
        return (self.right + self.right_outside) / found if found else None

    @property
    def recall(self) -> float | None:
        """Share found of what was planted in well-known forms."""
        planted = self.right + self.missed
        return self.right / planted if planted else None

    @property
    def recall_outside(self) -> float | None:
        """Share found of what was planted outside them."""
        planted = self.right_outside + self.missed_outside
        return self.right_outside / planted if planted else None


#: Forms of a defect that have no bar.
_OUTSIDE = ("outside", "slow", "young")


def tally(audited: Audited, check_id: str, into: Tally) -> None:
    """Add what one audit found of one check."""
    check = audited.check(check_id)
    if check is None or check.reason == "error" or check.state == "not_observable":
        return
    if check_id.startswith("duplicate-"):
        _tally_pairs(audited, check_id, into)
        return
    planted = audited.world.labelled(check_id)
    outside = {
        record for form in _OUTSIDE for record in audited.world.labelled(check_id, form=form)
    }
    found = audited.found[check_id]
    into.right += len(found & (planted - outside))
    into.right_outside += len(found & outside)
    into.wrong += len(found - planted)
    into.missed += len(planted - outside - found)
    into.missed_outside += len(outside - found)
    into.examples.update(f"missed {text}" for text in _texts(audited.world, planted - found))
    into.examples.update(f"wrong {text}" for text in _texts(audited.world, found - planted))


def _tally_pairs(audited: Audited, check_id: str, into: Tally) -> None:
    """Duplicates are right by pairs: two records of one company or person."""
    labels = audited.world.labels
    twins = labels[labels["check_id"] == check_id]
    planted = {
        frozenset((record_id(table, number), record_id(table, twin)))
        for table, number, twin in zip(twins["table"], twins["number"], twins["twin"], strict=True)
    }
    found = audited.pairs[check_id]
    into.right += len(planted & found)
    into.wrong += len(found - planted)
    into.missed += len(planted - found)
    names = [_name(audited.world, pair) for pair in planted - found]
    into.examples.update(f"missed {name}" for name in names)
    into.examples.update(f"wrong {_name(audited.world, pair)}" for pair in found - planted)


def _name(world: World, pair: frozenset[str]) -> str:
    return " / ".join(sorted(_texts(world, pair)))


def _texts(world: World, ids: frozenset[str] | set[str]) -> list[str]:
    """Return what explains best why each record was hard: its nonsense, its text, its name."""
    return [_text(world, _TABLES.get(one[:3], "record"), int(one[5:15])) for one in sorted(ids)]


def _text(world: World, table: str, number: int) -> str:
    if table not in world.frames:
        return table
    row = world.frames[table].loc[number]
    said = [str(value) for value in row if isinstance(value, str) and value in _NONSENSE]
    if said:
        return ", ".join(said)
    return str(row["body"] if table == "activities" else row["name"] if table == "accounts" else "")


_TABLES = {
    "006": "deals",
    "001": "accounts",
    "003": "contacts",
    "00T": "activities",
    "00Q": "leads",
}
_NONSENSE = frozenset((*mistakes.JUNK_KNOWN, *mistakes.JUNK_OUTSIDE))
