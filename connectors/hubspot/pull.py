"""The pull of a portal: what it has, what of it is asked for, several objects at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial

from connectors.base import Watch, unseen
from connectors.errors import AuditorError
from connectors.http.gaps import Gap, remember_gap, remember_required
from connectors.http.pages import Landed, Page, PageStore, Sink
from connectors.http.together import read_together
from connectors.hubspot.answers import (
    NOT_THERE,
    NOT_VISIBLE,
    code_of_refusal,
    scopes_of_refusal,
)
from connectors.hubspot.earlier_pull import take_over
from connectors.hubspot.objects import LINKED, HubSpotObject, known_object, known_objects
from connectors.hubspot.plan import ObjectPlan, hidden_object, planned
from connectors.hubspot.portal import Portal
from connectors.hubspot.reader import ARCHIVED, LIVE, ObjectReader, changes_since, links_of
from connectors.intake.feeding import columns_fed
from connectors.snapshot import Availability

OWNERS = "owners"
PIPELINES = "pipelines"
LOGINS = "logins"
AUDIT_LOG = "audit log"
OWNERS_SCOPE = "crm.objects.owners.read"
PIPELINES_SCOPE = "crm.schemas.deals.read"
LOGINS_SCOPE = "account-info.security.read"
#: Tables whose records people create, by a form that may require fields.
_FILLED_BY_PEOPLE = ("deals", "contacts", "accounts", "leads")


@dataclass(frozen=True)
class Options:
    """How a portal is pulled.

    Attributes:
        readers: Objects pulled at the same time.
        named: Properties that the settings name, by canonical table.
    """

    readers: int = 4
    named: Mapping[str, Collection[str]] = field(default_factory=dict)


class Pull:
    """Pulls a portal into a page store, and goes on where an earlier run stopped.

    Args:
        portal: The portal.
        store: Where everything lands.
        options: How.
        watch: Told, after every page, what has come of an object.
        earlier: A finished pull of the same portal, of which pages may be taken over.
    """

    def __init__(
        self,
        portal: Portal,
        store: PageStore,
        options: Options,
        watch: Watch = unseen,
        earlier: PageStore | None = None,
    ) -> None:
        self.portal, self.store, self.options = portal, store, options
        self.clock = portal.session.limiter.clock
        self._watch, self._earlier = watch, earlier
        self._came: dict[str, int] = {}

    def run(self) -> None:
        """Pull whatever is not there yet.

        Raises:
            SourceUnreachableError: If HubSpot does not give everything.
            PermissionDeniedError: If it refuses the sign-in.
        """
        for page in self.store.damaged():
            # Values that come apart from their list are of one step with it, and so is all that
            # was taken over from an earlier pull.
            name = page.object.removesuffix(".values")
            base = name.partition(".")[0]
            if changes_since(self.store, base):
                self.store.remember("anew", object=base)
                name = base
            self._reopen(name)
        plans = {plan.name: plan for plan in self.plans()}
        work: list[str] = [*plans, OWNERS, PIPELINES, LOGINS]
        read = partial(self._read, plans)
        read_together(work, read, self.options.readers, self.clock, "HubSpot")

    def plans(self) -> list[ObjectPlan]:
        """Return what is asked for, as planned by an earlier run or by this one."""
        if not any(self.store.remembered("planned")):
            self.store.restart()  # a plan that was cut off is made anew
            self._plan()
            if self._earlier is not None:
                take_over(self._earlier, self.store, plans_of(self.store), plans_of(self._earlier))
            self.store.remember("planned")
        return plans_of(self.store)

    def _plan(self) -> None:
        details = self.portal.details()
        self.store.update(
            portal=str(details.get("portalId", "")),
            pages=str(details.get("uiDomain", "")),
            currency=str(details.get("companyCurrency", "")),
        )
        for wanted in known_objects():
            named = self.options.named.get(wanted.table, ())
            try:
                listed = self.portal.properties(wanted.name)
            except AuditorError as error:
                if code_of_refusal(error) in NOT_THERE and wanted.optional:
                    self._hide(wanted, error)
                    continue
                if code_of_refusal(error) not in NOT_VISIBLE:
                    raise
                listed = None
            plan, gaps = planned(wanted, listed, named)
            for gap in gaps:
                remember_gap(self.store, gap)
            self.store.remember("plan", **asdict(plan))
            if wanted.table in _FILLED_BY_PEOPLE:
                self._require(wanted)
        self._note_audit_log()

    def _note_audit_log(self) -> None:
        """Note whether the audit log could be read; no check needs it, so it is left alone."""
        state = Availability.NOT_READ
        try:
            self.portal.look_at_audit_log()
        except AuditorError as error:
            if code_of_refusal(error) not in NOT_VISIBLE | NOT_THERE:
                raise
            state, _ = reason_of(error, "")
        remember_gap(self.store, Gap("audit_log", "", AUDIT_LOG, state))

    def _require(self, wanted: HubSpotObject) -> None:
        """Note which columns the portal makes people fill; where it does not tell, none."""
        try:
            names = self.portal.required(wanted.name)
        except AuditorError as error:
            if code_of_refusal(error) not in NOT_VISIBLE | NOT_THERE:
                raise
            return
        columns = {each for name in names for each in columns_fed(wanted.entry, name) or [name]}
        remember_required(self.store, wanted.table, sorted(columns))

    def _read(self, plans: Mapping[str, ObjectPlan], name: str) -> None:
        """Read one object, step by step; what is done is not done again."""
        if name == OWNERS:
            self._step(name, self._read_owners, self._without_owners)
        elif name == PIPELINES:
            self._step(name, partial(self._read_pipelines, "deals"), self._without_pipelines)
        elif name == LOGINS:
            self._step(name, self._read_logins, self._without_logins)
        else:
            self._read_object(plans[name])

    def _read_object(self, plan: ObjectPlan) -> None:
        reader = self._reader(plan)
        there = self._step(plan.name, reader.read_list, partial(self._hide, plan.of))
        if not there:
            return
        self._step(f"{plan.name}.history", reader.read_history, partial(self._untracked, plan.of))
        for target in plan.of.to:
            name = links_of(plan.name, target)
            hide = partial(self._unlinked, plan.of, target)
            self._step(name, partial(reader.read_links, target), hide)

    def _step(
        self, name: str, read: Callable[[], None], hide: Callable[[AuditorError], None]
    ) -> bool:
        """Do a step that is not done yet; return whether it could be read."""
        for note in self.store.remembered("done", step=name):
            if note["times"] == self._reopened(name):
                return bool(note["there"])
        there = True
        try:
            read()
        except AuditorError as error:
            if code_of_refusal(error) not in NOT_VISIBLE | NOT_THERE:
                raise
            there = False
            hide(error)
            self.store.forget(name)
        self.store.remember("done", step=name, there=there, times=self._reopened(name))
        return there

    def _reopen(self, name: str) -> None:
        """Let go of a step of which a page was damaged, and of what was asked for after it."""
        known = {page.object for page in self.store.pages}
        for each in known:
            if each == name or each.startswith(f"{name}."):
                self.store.remember("reopened", step=each)
                self.store.forget(each)

    def _reopened(self, name: str) -> int:
        return sum(1 for _ in self.store.remembered("reopened", step=name))

    def _reader(self, plan: ObjectPlan) -> ObjectReader:
        return ObjectReader(self.portal, self.store, plan, self.clock, watch=self._tell)

    def _read_owners(self) -> None:
        pages = self._reader(ObjectPlan(OWNERS, ()))
        for part in (LIVE, ARCHIVED):
            gone = part == ARCHIVED
            pages.read_pages(OWNERS, part, partial(self._owners_page, gone))

    def _owners_page(self, archived: bool, after: str, sink: Sink) -> Landed:
        return self.portal.owners_page(after, sink, archived=archived)

    def _read_pipelines(self, name: str) -> None:
        self.store.forget(PIPELINES)
        write = partial(self.portal.pipelines_page, name)
        self.store.land(PIPELINES, name, 0, ".json", write)

    def _read_logins(self) -> None:
        self._reader(ObjectPlan(LOGINS, ())).read_pages(LOGINS, LIVE, self.portal.logins_page)

    def _tell(self, page: Page) -> None:
        if page.part in (LIVE, ARCHIVED):
            # A large object has ten thousand pages: they are not counted anew for each of them.
            before = self._came.get(page.object)
            if before is None:
                before = sum(each.rows for each in self.store.of(page.object)) - page.rows
            self._came[page.object] = before + page.rows
            self._watch(page.object, before + page.rows, None)

    def _hide(self, wanted: HubSpotObject, error: AuditorError) -> None:
        remember_gap(self.store, hidden_object(wanted, *reason_of(error, wanted.scope)))

    def _untracked(self, wanted: HubSpotObject, error: AuditorError) -> None:
        state, ask = reason_of(error, wanted.scope)
        remember_gap(self.store, Gap("field_history", "", f"{wanted.name} history", state, ask))

    def _unlinked(self, wanted: HubSpotObject, target: str, error: AuditorError) -> None:
        state, ask = reason_of(error, known_object(target).scope)
        source = links_of(wanted.name, target)
        column = LINKED[target]
        remember_gap(self.store, Gap(wanted.table, column, source, state, ask))

    def _without_owners(self, error: AuditorError) -> None:
        state, ask = reason_of(error, OWNERS_SCOPE)
        for table in ("users", "teams"):
            remember_gap(self.store, Gap(table, "", OWNERS, state, ask, decisive=True))

    def _without_logins(self, error: AuditorError) -> None:
        state, ask = reason_of(error, LOGINS_SCOPE)
        remember_gap(self.store, Gap("logins", "", "login activity", state, ask, decisive=True))

    def _without_pipelines(self, error: AuditorError) -> None:
        state, ask = reason_of(error, PIPELINES_SCOPE)
        remember_gap(self.store, Gap("stages", "", PIPELINES, state, ask))


def reason_of(error: AuditorError, scope: str) -> tuple[Availability, str]:
    """Return why something could not be read, and the scope that would help."""
    if code_of_refusal(error) in NOT_THERE:
        return Availability.TABLE_ABSENT, ""
    told = scopes_of_refusal(error)
    return Availability.NO_PERMISSION, scope if told in ("", "-") else told


def plans_of(store: PageStore) -> list[ObjectPlan]:
    """Return what was asked for, as the pull noted it."""
    return [
        ObjectPlan(note["name"], tuple(note["properties"]), tuple(note["history"]))
        for note in store.remembered("plan")
    ]
