"""People under other names: an audit looks at a system, not at the people in it.

The page and ``result.json`` show owners as ``rep-042`` and contacts as initials, unless the
audit was asked to name them. Worklists keep the CRM's own ids and names: they go to whom the
CRM already shows them. This is pseudonymisation, not anonymisation: whoever holds
``people.csv``, or the ids of all users, can tell who is who.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from checks.lists.list_queries import ListColumn
from checks.lists.list_sources import LINK
from checks.results import GroupStat
from connectors.model import Kind

#: Groups of fewer people are shown together, so that a group never stands for one person.
FEWEST_PEOPLE = 3

#: Key and label code of the group that small groups are folded into.
FOLDED = "fewer-than-three-people"

_HIDDEN = "•"
_SHOWN_DIGITS = 3
_FILE = re.compile(r"\.(xls[xmb]?|ods|csv|numbers|gsheet)$", re.IGNORECASE)


class Pseudonyms:
    """Names for owners that stay the same from run to run and rank nobody.

    A number comes from a hash of the owner's id. Two ids with the same number are told apart
    by taking the next free one, in the order of the ids; no state is kept.

    Args:
        names: Name of every owner by id.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = dict(sorted(names.items()))
        self._labels: dict[str, str] = {}
        digits = max(3, len(str(2 * len(names))))
        numbers = 10**digits
        taken: set[int] = set()
        for owner_id in self._names:
            number = int(hashlib.sha256(owner_id.encode()).hexdigest(), 16) % numbers
            while number in taken:
                number = (number + 1) % numbers
            taken.add(number)
            self._labels[owner_id] = f"rep-{number:0{digits}d}"

    def label(self, owner_id: str) -> str:
        """Return the pseudonym of an owner; one nobody listed is ``rep-unknown``."""
        return self._labels.get(owner_id, "rep-unknown")

    def name(self, owner_id: str) -> str:
        """Return the name of an owner, or the id where the CRM gives none."""
        return self._names.get(owner_id) or owner_id

    def as_csv_rows(self) -> Iterator[tuple[str, str, str]]:
        """Yield ``(owner id, name, pseudonym)`` by pseudonym, the key to this audit's names."""
        for owner_id, label in sorted(self._labels.items(), key=lambda item: item[1]):
            yield owner_id, self._names[owner_id], label


@dataclass(frozen=True)
class Privacy:
    """How people appear in one result.

    Attributes:
        pseudonyms: Names for owners.
        named: Whether people may be named.
        team_sizes: Number of people by key of a team.
        redacted: Whether every column is left out that may name an owner, an account or a contact.
    """

    pseudonyms: Pseudonyms
    named: bool = False
    team_sizes: Mapping[str, int] = field(default_factory=dict)
    redacted: bool = False

    def listed(self, columns: Sequence[ListColumn]) -> list[str]:
        """Return the names of the columns that the written list has."""
        return [one.name for one in columns if self._shows(one)]

    def _shows(self, column: ListColumn) -> bool:
        return not (self.redacted and column.may_name)

    def owner(self, owner_id: str) -> str:
        """Return what stands for an owner: the pseudonym, or the name if that is allowed."""
        names = self.pseudonyms
        return names.name(owner_id) if self.named else names.label(owner_id)

    def groups(self, groups: Iterable[GroupStat]) -> list[GroupStat]:
        """Return groups of any dimension, owners under other names and small teams folded."""
        shown = [self._group(group) for group in groups]
        return shown if self.named else _without_small_groups(shown, self.team_sizes)

    def _group(self, group: GroupStat) -> GroupStat:
        if group.dimension != "owner":
            return group
        label = self.owner(group.key)
        key = self.pseudonyms.label(group.key)
        return group.model_copy(update={"key": key, "label": label})

    def row(self, values: Sequence[object], columns: Sequence[ListColumn]) -> dict[str, Any]:
        """Return one row of a list as it may stand in ``result.json``.

        Keys of users become what stands for them, and values that name or reach a person are
        masked, unless people may be named. Dates become ISO text, decimals decimal text. The
        name of a user beside its key, such as ``owner_name``, is left out: the key says as much
        as may be said, and initials beside a pseudonym would give it away. So is the ``link``,
        which the page makes itself.
        """
        return {
            column.name: self._cell(value, column)
            for value, column in zip(values, columns, strict=True)
            if column.name != LINK and not _says_again(column) and self._shows(column)
        }

    def _cell(self, value: object, column: ListColumn) -> Any:
        if value is None or value == "":
            return None
        if column.person and column.kind == Kind.KEY:
            return self.owner(str(value))
        if column.person and not self.named:
            return masked(str(value))
        return _plain(value)


def _says_again(column: ListColumn) -> bool:
    """Return whether a column names the user whose key stands beside it."""
    return column.person and column.names is not None


def _without_small_groups(
    groups: Sequence[GroupStat], people: Mapping[str, int]
) -> list[GroupStat]:
    owners = {group.key for group in groups if group.dimension == "owner"}
    small = [
        group
        for group in groups
        if (group.dimension == "team" and people.get(group.key, 0) < FEWEST_PEOPLE)
        or (group.dimension == "owner" and len(owners) < FEWEST_PEOPLE)
    ]
    kept = [group for group in groups if group not in small]
    for dimension in sorted({group.dimension for group in small}):
        folded = [group for group in small if group.dimension == dimension]
        n = sum(group.n_eligible for group in folded)
        k = sum(group.k_defect for group in folded)
        kept.append(
            GroupStat(
                dimension=dimension,
                key=FOLDED,
                label=FOLDED,
                n_eligible=n,
                k_defect=k,
                rate=k / n if n else None,
            )
        )
    return kept


def masked(value: str) -> str:
    """Return a value that names or reaches a person with most of it hidden.

    Mail addresses keep their first letter and their domain, numbers their first three digits
    and their length, names their initials: enough to recognise the defect, not the person. A
    file keeps what kind of file it is.
    """
    if file := _FILE.search(value):
        return _HIDDEN + file[0].lower()
    local, _, domain = value.strip().rpartition("@")
    if local:
        return f"{local[0]}…@{domain}"
    if sum(character.isdigit() for character in value) > _SHOWN_DIGITS:
        return _without_digits(value)
    return " ".join(f"{word[0].upper()}." for word in re.findall(r"\w[\w'’]*", value)) or _HIDDEN


def _without_digits(value: str) -> str:
    seen = 0
    characters = []
    for character in value:
        seen += character.isdigit()
        hide = character.isalpha() or (character.isdigit() and seen > _SHOWN_DIGITS)
        characters.append(_HIDDEN if hide else character)
    return "".join(characters)


def _plain(value: object) -> Any:
    if isinstance(value, Decimal | date):  # a datetime is a date too
        return value.isoformat() if isinstance(value, date) else str(value)
    return value if isinstance(value, str | int | float | bool) else str(value)
