"""The pull of an org: what it has, what of it is asked for, several objects at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from connectors.base import Watch, unseen
from connectors.errors import AuditorError
from connectors.http.gaps import Gap, remember_gap, remember_required
from connectors.http.pages import PageStore
from connectors.http.together import read_together
from connectors.intake.recognition.dialects import spelling
from connectors.salesforce.answers import NOT_VISIBLE, code_of_refusal
from connectors.salesforce.earlier_pull import take_over
from connectors.salesforce.following import FollowingReader
from connectors.salesforce.objects import SalesforceObject, known_objects
from connectors.salesforce.org import Org
from connectors.salesforce.plan import (
    ObjectPlan,
    custom_candidates,
    hidden_field,
    hidden_object,
    left_alone,
    planned,
    required_columns,
)
from connectors.salesforce.reader import ObjectReader
from connectors.salesforce.settings import PARALLEL_FROM
from connectors.salesforce.setup import Setup, hidden_besides, required_by_rules, untracked
from connectors.snapshot import Availability

#: Custom fields that more than this share of open deals fill are pulled.
IN_USE = 0.05
#: Custom fields whose use one query counts; SOQL has a limit of its own.
_COUNTED_AT_ONCE = 50
#: What of Setup is looked at for all objects together.
_RULES = "ValidationRule"


@dataclass(frozen=True)
class Options:
    """How an org is pulled.

    Attributes:
        readers: Objects pulled at the same time.
        bulk_from: Records from which an object goes through a bulk job.
        named: Fields of the org that the profile names, by canonical table.
        parallel_from: Records from which several pages of a bulk result are read at a time.
    """

    readers: int = 3
    bulk_from: int = 20_000
    named: Mapping[str, Collection[str]] = field(default_factory=dict)
    parallel_from: int = PARALLEL_FROM


class Pull:
    """Pulls an org into a page store, and goes on where an earlier run stopped.

    Args:
        org: The org.
        store: Where everything lands.
        options: How.
        watch: Told, after every page, what has come of an object.
        earlier: A finished pull of the same org, of which pages may be taken over.
    """

    def __init__(
        self,
        org: Org,
        store: PageStore,
        options: Options,
        watch: Watch = unseen,
        earlier: PageStore | None = None,
    ) -> None:
        self.org, self.store, self.options = org, store, options
        self.clock = org.session.limiter.clock
        self._watch, self._earlier = watch, earlier

    def run(self) -> None:
        """Pull whatever is not there yet.

        Raises:
            SourceUnreachableError: If Salesforce does not give everything.
            PermissionDeniedError: If it refuses the sign-in.
        """
        for page in self.store.damaged():
            self.store.remember("reopened", object=page.object)
            self.store.forget(page.object, page.part, since=page.number)
        plans = self.plans()
        done = self._done()
        left = [plan for plan in plans if plan.name not in done]
        for follows in (False, True):
            work = [plan for plan in left if bool(plan.of.follows) is follows]
            read_together(work, self._read, self.options.readers, self.clock, "Salesforce")

    def _done(self) -> set[str]:
        """Return the objects that are there to the last page."""
        done: set[str] = set()
        for note in self.store.notes:
            if note["note"] == "done":
                done.add(note["object"])
            elif note["note"] == "reopened":
                done.discard(note["object"])
        return done

    def plans(self) -> list[ObjectPlan]:
        """Return what is asked for, as planned by an earlier run or by this one."""
        if not any(self.store.remembered("planned")):
            self._plan()
            if self._earlier is not None:
                plans, before = plans_of(self.store), plans_of(self._earlier)
                take_over(self._earlier, self.store, plans, before)
            self.store.remember("planned")
        return plans_of(self.store)

    def _plan(self) -> None:
        there = self.org.objects()
        setup = Setup(self.org, self.store)
        looked_at = {note["object"] for note in self.store.remembered("looked at")}
        # By a run, perhaps, that its share of the calls stopped before it had a whole plan.
        if _RULES not in looked_at:
            setup.read_rules()
            self.store.remember("looked at", object=_RULES)
        for wanted in known_objects():
            if wanted.name in looked_at:
                continue
            if wanted.left:
                remember_gap(self.store, left_alone(wanted, wanted.name in there))
                continue
            if wanted.name not in there:
                if not (wanted.completes and wanted.optional):
                    remember_gap(self.store, hidden_object(wanted))
                self.store.remember("looked at", object=wanted.name)
                continue
            described = self.org.describe(wanted.name)
            plan, gaps = planned(wanted, described, self._custom(wanted, described))
            if wanted.setup:
                defined = setup.fields_of(wanted)
                seen = [each["name"] for each in described["fields"]]
                gaps += [*hidden_besides(wanted, seen, defined), *untracked(wanted, defined)]
            for gap in gaps:
                remember_gap(self.store, gap)
            if required := required_columns(wanted, described):
                remember_required(self.store, wanted.table, required)
            plan = self._counted(plan)
            self.store.remember("plan", **asdict(plan))
            self.store.remember("looked at", object=wanted.name)

    def _counted(self, plan: ObjectPlan) -> ObjectPlan:
        """Count the records of an object, and decide how it is pulled."""
        if plan.of.small:
            return plan
        try:
            rows = self.org.count(plan.count_query(), all_rows=plan.of.all_rows)
        except AuditorError as error:
            if not code_of_refusal(error):
                raise
            return replace(plan, bulk=True)  # what cannot even be counted is large
        return replace(plan, expected=rows, bulk=rows >= self.options.bulk_from)

    def _custom(self, wanted: SalesforceObject, described: Mapping[str, Any]) -> list[str]:
        """Return custom fields that are in use on open deals, or that the profile names."""
        named = {spelling(each) for each in self.options.named.get(wanted.table, ())}
        named |= {spelling(each) for each in required_by_rules(self.store, wanted.name)}
        chosen = [
            field["name"]
            for field in described["fields"]
            if {spelling(field["name"]), spelling(str(field.get("label", "")))} & named
        ]
        if not wanted.sample:
            return chosen
        candidates = [
            name
            for name in custom_candidates(described)
            if name not in chosen and spelling(name) not in wanted.entry.labels
        ]
        for start in range(0, len(candidates), _COUNTED_AT_ONCE):
            asked = candidates[start : start + _COUNTED_AT_ONCE]
            counts = ", ".join(f"COUNT({name}) n{at}" for at, name in enumerate(asked))
            soql = f"SELECT COUNT(Id) rows, {counts} FROM {wanted.name} WHERE IsClosed = false"
            try:
                row, *_ = self.org.rows(soql)
            except AuditorError as error:
                if not code_of_refusal(error):
                    raise
                chosen += asked  # nothing tells that they are not in use
                continue
            least = IN_USE * row["rows"]
            in_use = {name for at, name in enumerate(asked) if row[f"n{at}"] > least}
            chosen += [name for name in asked if name in in_use]
            for name in asked:
                if name not in in_use:
                    unused = Availability.COLUMN_EMPTY  # as good as: nobody relies on it
                    remember_gap(
                        self.store, Gap(wanted.table, name, f"{wanted.name}.{name}", unused)
                    )
        return chosen

    def _read(self, plan: ObjectPlan) -> None:
        kind = FollowingReader if plan.of.follows else ObjectReader
        reader = kind(
            self.org,
            self.store,
            plan,
            self.clock,
            watch=lambda page: self._tell(plan),
            parallel_from=self.options.parallel_from,
        )
        try:
            reader.read()
        except AuditorError as error:
            if code_of_refusal(error) not in NOT_VISIBLE:
                raise
            remember_gap(
                self.store, replace(hidden_object(plan.of), state=Availability.NO_PERMISSION)
            )
            self.store.forget(plan.name)
        for name in reader.dropped:
            for gap in hidden_field(plan.of, name):
                remember_gap(self.store, gap)

    def _tell(self, plan: ObjectPlan) -> None:
        came = sum(page.rows for page in self.store.of(plan.name))
        self._watch(plan.name, came, plan.expected)


def plans_of(store: PageStore) -> list[ObjectPlan]:
    """Return what was asked for, as the pull noted it."""
    plans = (
        ObjectPlan(
            note["name"],
            tuple(note["fields"]),
            tuple(note["service"]),
            note["bulk"],
            note["expected"],
        )
        for note in store.remembered("plan")
    )
    return list({plan.name: plan for plan in plans}.values())
