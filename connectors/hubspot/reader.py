"""Reads one object to the end: its list, what was archived, what changed, what it is linked to."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count, islice
from typing import Any

from connectors.errors import AuditorError
from connectors.http.earlier_pull import EARLIER
from connectors.http.gaps import remember_gap
from connectors.http.limiter import Clock
from connectors.http.pages import Landed, Page, PageStore, Sink
from connectors.hubspot.answers import NO_PROPERTY, NOT_VISIBLE, TOO_LONG, code_of_refusal
from connectors.hubspot.plan import ObjectPlan, vanished_property
from connectors.hubspot.portal import BATCH, HISTORY_BATCH, LINK_BATCH, SEARCHED, Portal

#: Parts of a list: records, and those in the recycle bin.
LIVE, ARCHIVED = "live", "archived"


@dataclass
class ObjectReader:
    """Reads one object into the page store, from where an earlier run left off.

    Args:
        portal: The portal.
        store: Where pages land.
        plan: What is asked for.
        clock: Halted when the pull is to end.
        watch: Told every page.
    """

    portal: Portal
    store: PageStore
    plan: ObjectPlan
    clock: Clock
    watch: Callable[[Page], None] = lambda page: None

    def read_list(self) -> None:
        """Read the records, and those in the recycle bin.

        An address holds only so many properties: where there are more, the list tells the ids
        alone, and the values come in batches.
        """
        if since := changes_since(self.store, self.plan.name):
            if self._read_changed(since):
                return
            # In this order: a run that is killed in between must not take old pages for good.
            self.store.forget(self.plan.name)
            self.store.forget(history_of(self.plan.name))
            self.store.remember("anew", object=self.plan.name)
        self._without_vanished(self._read_values)
        self._note_vanished(self._absent_at_the_end())

    def _read_changed(self, since: str) -> bool:
        """Read what changed since an earlier pull; return whether that makes up all there is."""
        name = self.plan.name
        ask = partial(self.portal.changed_page, name, self.plan.properties, since)
        self.read_pages(name, LIVE, ask)
        if self.store.of(name, LIVE)[0].total > SEARCHED:
            return False
        self._read_list(ARCHIVED, self.plan.properties)
        self._note_vanished(self._absent_at_the_end())
        return len(set(self._live_ids())) == self.portal.count(name)

    def _live_ids(self) -> Iterator[str]:
        """Yield the ids of all records that are not in the recycle bin, page after page.

        Of a million they would take much memory; one that came on two pages comes twice.
        """
        name = self.plan.name
        archived: set[str] = set()
        if self.store.of(name, EARLIER):
            archived = set(ids_of(self.store, name, ARCHIVED))
            changed = set(ids_of(self.store, name, LIVE))
            for each in ids_of(self.store, name, EARLIER):
                if each not in changed and each not in archived:
                    yield each
        for each in ids_of(self.store, name, LIVE):
            if each not in archived:
                yield each

    def read_history(self) -> None:
        """Read what became of the properties whose changes count."""
        self._without_vanished(self._read_changes)

    def _read_values(self) -> None:
        name = self.plan.name
        if not in_batches(self.store, name):
            try:
                self._lists(self.plan.properties)
                return
            except AuditorError as error:
                if code_of_refusal(error) != TOO_LONG:
                    raise
            self.store.forget(name)
            self.store.remember("in_batches", object=name)
        self._lists(())
        self._read_batches(values_of(name), BATCH, properties=self.plan.properties)

    def _read_changes(self) -> None:
        if self.plan.history:
            name = history_of(self.plan.name)
            self._read_batches(name, HISTORY_BATCH, history=self.plan.history)

    def _without_vanished(self, read: Callable[[], None]) -> None:
        """Read, and go on without properties that somebody has deleted meanwhile."""
        try:
            read()
        except AuditorError as error:
            asked = (*self.plan.properties, *self.plan.history)
            if code_of_refusal(error) != NO_PROPERTY or not self._note_vanished(asked):
                raise
            read()

    def _note_vanished(self, asked: Collection[str]) -> bool:
        """Ask for no property that is not listed any more; return whether there is one."""
        if not asked:
            return False
        try:
            listed = {str(each["name"]) for each in self.portal.properties(self.plan.name)}
        except AuditorError as error:
            if code_of_refusal(error) not in NOT_VISIBLE:
                raise
            return False  # records may be read without their properties being listed
        gone = set(asked) - listed
        for name in sorted(gone):
            for gap in vanished_property(self.plan.of, name):
                remember_gap(self.store, gap)
        self.plan = replace(
            self.plan,
            properties=tuple(each for each in self.plan.properties if each not in gone),
            history=tuple(each for each in self.plan.history if each not in gone),
        )
        return bool(gone)

    def _absent_at_the_end(self) -> set[str]:
        """Return properties that no record of a last page has, though they were asked for.

        HubSpot leaves out what it does not know without a word, as it may leave out what is empty.
        """
        absent: set[str] = set()
        stored = values_of if in_batches(self.store, self.plan.name) else str
        for part in (LIVE, ARCHIVED):
            filled = [page for page in self.store.of(stored(self.plan.name), part) if page.rows]
            for page in filled[-1:]:
                records = json.loads(self.store.path(page).read_bytes())["results"]
                told = {name for record in records for name in record.get("properties") or ()}
                absent |= set(self.plan.properties) - told
        return absent

    def _lists(self, properties: Sequence[str]) -> None:
        for part in (LIVE, ARCHIVED):
            self._read_list(part, properties)

    def _read_list(self, part: str, properties: Sequence[str]) -> None:
        def page(after: str, sink: Sink) -> Landed:
            archived = part == ARCHIVED
            return self.portal.page(self.plan.name, properties, after, sink, archived=archived)

        self.read_pages(self.plan.name, part, page)

    def _read_batches(
        self,
        name: str,
        size: int,
        *,
        properties: Sequence[str] = (),
        history: Sequence[str] = (),
    ) -> None:
        """Read something of every record that the lists hold."""
        for part in (LIVE, ARCHIVED):
            listed = ids_of(self.store, self.plan.name, part)
            for at, ids in self._batches(name, part, listed, size):
                write = partial(
                    self.portal.batch,
                    self.plan.name,
                    ids,
                    archived=part == ARCHIVED,
                    properties=properties,
                    history=history,
                )
                self._land(name, part, at, write)

    def read_links(self, target: str) -> None:
        """Read which records of another object these are linked to."""
        name = links_of(self.plan.name, target)
        for at, ids in self._batches(name, "all", self._live_ids(), LINK_BATCH):
            self._links(name, target, "all", at, [{"id": each} for each in ids])
        for page in self.store.of(name, "all"):
            self._rest_of_links(name, target, page)

    def _rest_of_links(self, name: str, target: str, page: Page) -> None:
        """Go on where a record has more links than a page holds."""
        part = f"more-{page.number:06d}"
        last = (self.store.of(name, part) or [page])[-1]
        while last.next:
            at = 0 if last is page else last.number + 1
            last = self._links(name, target, part, at, json.loads(last.next))

    def _links(
        self, name: str, target: str, part: str, at: int, inputs: Sequence[Mapping[str, str]]
    ) -> Page:
        def write(sink: Sink) -> Landed:
            landed, rest = self.portal.links_batch(self.plan.name, target, inputs, sink)
            return Landed(landed.rows, json.dumps(rest) if rest else "", len(inputs))

        return self._land(name, part, at, write)

    def read_pages(self, name: str, part: str, ask: Callable[[str, Sink], Landed]) -> None:
        """Read a list page by page, from where it was left."""
        pages = self.store.of(name, part)
        while not pages or pages[-1].next:
            after = pages[-1].next if pages else ""
            pages.append(self._land(name, part, len(pages), partial(ask, after)))

    def _batches(
        self, name: str, part: str, ids: Iterator[str], size: int
    ) -> Iterator[tuple[int, list[str]]]:
        """Yield the batches that are not there yet, by number."""
        there = len(self.store.of(name, part))
        left = islice(ids, there * size, None)
        for at in count(there):
            batch = list(dict.fromkeys(islice(left, size)))
            if not batch:
                return
            yield at, batch

    def _land(self, name: str, part: str, at: int, write: Callable[[Sink], Landed]) -> Page:
        page = self.store.land(name, part, at, ".json", write)
        self.watch(page)
        self.clock.sleep(0)  # where a pull that is told to end ends
        return page


def history_of(name: str) -> str:
    """Return where the changes of an object are kept."""
    return f"{name}.history"


def values_of(name: str) -> str:
    """Return where the values of an object are kept that its list does not hold."""
    return f"{name}.values"


def in_batches(store: PageStore, name: str) -> bool:
    """Return whether the values of an object come apart from its list."""
    return any(store.remembered("in_batches", object=name))


def links_of(name: str, target: str) -> str:
    """Return where the links from one object to another are kept."""
    return f"{name}.{target}"


def ids_of(store: PageStore, name: str, part: str) -> Iterator[str]:
    """Yield the ids of the records of a list, in the order in which they came."""
    for page in store.of(name, part):
        data: dict[str, Any] = json.loads(store.path(page).read_bytes())
        yield from (str(record["id"]) for record in data["results"])


def changes_since(store: PageStore, name: str) -> str:
    """Return from which moment on changes are asked for; empty where all is."""
    for note in reversed(store.notes):
        if note["note"] == "anew" and note["object"] == name:
            return ""
        if note["note"] == "since" and note["object"] == name:
            return str(note["since"])
    return ""
