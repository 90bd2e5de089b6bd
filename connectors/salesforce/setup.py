"""What Setup tells of an org: fields that are hidden, histories that are kept, rules that require.

``describe`` lists only what the user may see, and what nobody at all can leave empty. Who may view
Setup learns the rest: which fields there are besides, which of them are tracked, and what rules
demand. Who may not is told so, and the pull goes on without.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from connectors.errors import AuditorError
from connectors.http.gaps import Gap, remember_gap, remember_required
from connectors.http.pages import PageStore
from connectors.intake.feeding import columns_fed
from connectors.salesforce.answers import code_of_refusal
from connectors.salesforce.objects import SalesforceObject, known_objects
from connectors.salesforce.org import Org
from connectors.salesforce.plan import hidden_field
from connectors.salesforce.validation import Clause, required_fields
from connectors.snapshot import Availability, Note

_PERMISSION = "View Setup and Configuration"
#: Formulas are told one a call: of an org with more rules than this the rest is left, and said so.
_MOST_RULES = 500
_ID = re.compile(r"[A-Za-z0-9]{15,18}")


@dataclass
class Setup:
    """Reads Setup as far as it may be read.

    Args:
        org: The org.
        store: Takes what is found.
        most_rules: Rules whose formulas are asked for.
    """

    org: Org
    store: PageStore
    most_rules: int = _MOST_RULES
    _refused: set[str] = field(default_factory=set)

    def fields_of(self, wanted: SalesforceObject) -> dict[str, bool]:
        """Return all fields of an object, and whether they are tracked; none if not readable."""
        if "field_definitions" in self._refused:
            return {}
        try:
            return self.org.defined_fields(wanted.name)
        except AuditorError as error:
            self._cannot_read("field_definitions", "FieldDefinition", error)
            return {}

    def read_rules(self) -> None:
        """Note which fields validation rules make people fill."""
        wanted = {each.name: each for each in known_objects() if each.setup}
        rules = 0
        names: set[str] = set()
        try:
            listed = self.org.validation_rules(list(wanted))
            if left := len(listed[self.most_rules :]):
                self.store.remember("rules left", left=left, rules=len(listed))
            for rule, name in listed[: self.most_rules]:
                clauses = required_fields(self.org.formula_of_rule(rule)) if _is_id(rule) else []
                rules += bool(clauses)
                for clause in clauses:
                    names |= {f"{name}.{each}" for each in clause}
                    remember_required(self.store, wanted[name].table, labels(wanted[name], clause))
        except AuditorError as error:
            self._cannot_read("validation_rules", "ValidationRule", error)
        if rules:
            self.store.remember("rules that require", rules=rules, fields=sorted(names))

    def _cannot_read(self, table: str, source: str, error: AuditorError) -> None:
        if not code_of_refusal(error):
            raise error
        self._refused.add(table)
        gap = Gap(table, "", source, Availability.NO_PERMISSION, _PERMISSION)
        remember_gap(self.store, gap)


def required_by_rules(store: PageStore, name: str) -> list[str]:
    """Return the fields of an object that validation rules make people fill."""
    noted = [each for note in store.remembered("rules that require") for each in note["fields"]]
    return [field for each in noted for of, _, field in [each.partition(".")] if of == name]


def notes_of_rules(store: PageStore) -> Iterator[Note]:
    """Yield what the reader of a report should know of the rules of a pull."""
    for told in list(store.remembered("rules that require"))[-1:]:
        facts = {"rules": told["rules"], "fields": ", ".join(told["fields"])}
        yield Note("required_by_rules", facts)
    for told in list(store.remembered("rules left"))[-1:]:
        yield Note("rules_left", {"left": told["left"], "rules": told["rules"]})


def labels(wanted: SalesforceObject, clause: Clause) -> list[str]:
    """Return what a record must hold, as a profile would write it: ``email | phone``."""
    columns = [columns_fed(wanted.entry, name) or [name] for name in sorted(clause)]
    if len(columns) == 1:
        return columns[0]
    return [" | ".join(sorted({each for found in columns for each in found}))]


def hidden_besides(
    wanted: SalesforceObject, seen: Collection[str], defined: Collection[str]
) -> Iterator[Gap]:
    """Yield the gaps of fields that the org has and this user does not see.

    Standard ones are known to be hidden anyhow; of the others only those matter that would tell
    something of a record.
    """
    for name in sorted(set(defined) - set(seen) - set(wanted.standard)):
        if columns_fed(wanted.entry, name):
            for gap in hidden_field(wanted, name):
                yield replace(gap, decisive=False)


def untracked(wanted: SalesforceObject, defined: dict[str, bool]) -> Iterator[Gap]:
    """Yield the gaps of fields whose history the org could keep, and does not."""
    for name in wanted.track:
        if name in defined and not defined[name]:
            source = f"{wanted.name}.{name} history"
            ask = f"Set History Tracking on {wanted.name}.{name}"
            for column in columns_fed(wanted.entry, name) or [name]:
                yield Gap("field_history", column, source, Availability.NOT_TRACKED, ask)


def _is_id(text: str) -> bool:
    return bool(_ID.fullmatch(text))
