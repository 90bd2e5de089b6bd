"""Reads one object to the last page, however the org makes it go on: REST, bulk jobs, slices."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from connectors.errors import AuditorError, SourceUnreachableError
from connectors.http.limiter import Clock
from connectors.http.pages import Landed, Page, PageStore, Sink
from connectors.salesforce.answers import LOCATOR_GONE, NO_BULK, TOO_WIDE, code_of_refusal
from connectors.salesforce.earlier_pull import changes_of
from connectors.salesforce.org import Org
from connectors.salesforce.plan import ObjectPlan
from connectors.salesforce.settings import PARALLEL_FROM
from connectors.salesforce.slices import EVERYTHING, Slice, read_stamp
from connectors.salesforce.tables import distinct_records

#: Called after every page.
Watch = Callable[[Page], None]

_TRIES = 3
#: Seconds between looks at a bulk job: at first, and at most.
_FIRST_LOOK, _LONGEST_WAIT = 0.5, 30.0
_NO_COLUMN = re.compile(r"No such column '([^']+)'")
_NO_PARENT = re.compile(r"Didn't understand relationship '([^']+)'")
_GONE_STATES = ("Failed", "Aborted")


class TooWideError(Exception):
    """A query takes the org too long; a shorter slice may not."""


@dataclass
class ObjectReader:
    """Reads one object into the page store, from where an earlier run left off.

    Args:
        org: The org.
        store: Where pages land.
        plan: What is asked for.
        clock: For the waits between looks at a job.
        watch: Told every page.
        parallel_from: Records from which several pages of a result are read at a time.
    """

    org: Org
    store: PageStore
    plan: ObjectPlan
    clock: Clock
    watch: Watch = lambda page: None
    parallel_from: int = PARALLEL_FROM
    dropped: list[str] = field(default_factory=list)

    def read(self) -> None:
        """Read every slice.

        Raises:
            SourceUnreachableError: If the org does not give all records.
            PermissionDeniedError: If it does not want to.
        """
        changes = changes_of(self.store, self.plan)
        self._read_all(self._slices(changes or EVERYTHING))
        if changes and not self._is_complete():
            # In this order: a run that is killed in between must not take old pages for good.
            self.store.forget(self.plan.name)
            self.store.remember("anew", object=self.plan.name)
            self._read_all([EVERYTHING])
        self.store.remember("done", object=self.plan.name, fields=list(self.plan.fields))

    def _read_all(self, slices: list[Slice]) -> None:
        while slices:
            part = slices.pop(0)
            try:
                self._read(part)
            except TooWideError:
                slices = [*self._split(part), *slices]

    def _is_complete(self) -> bool:
        """Return whether what changed, with what was there, makes up what the org has now."""
        of, before = self.plan.of, self.plan.expected
        after = self.org.count(self.plan.count_query(), all_rows=of.all_rows)
        counts = [after if before is None else before, after]
        return min(counts) <= distinct_records(self.store, self.plan) <= max(counts)

    def _slices(self, whole: Slice) -> list[Slice]:
        """Return the slices as an earlier run left them."""
        slices = [whole]
        for note in self.store.remembered("split", object=self.plan.name):
            at = next((i for i, each in enumerate(slices) if each.name == note["part"]), None)
            if at is None:  # of a way of asking that was given up
                continue
            slices[at : at + 1] = [Slice(**each) for each in note["into"]]
        return slices

    def _split(self, part: Slice) -> list[Slice]:
        halves = None
        if stamp := self.plan.of.stamp:
            soql = f"SELECT MIN({stamp}) earliest, MAX({stamp}) latest FROM {self.plan.name}"
            bounds, *_ = self.org.rows(soql, all_rows=self.plan.of.all_rows)
            if bounds.get("earliest"):
                first, last = read_stamp(bounds["earliest"]), read_stamp(bounds["latest"])
                halves = part.halves(first, last)
        if halves is None:
            raise SourceUnreachableError(
                "the query on {object} takes Salesforce too long, even for a short span of time",
                where="Salesforce",
                next_step="Run again at a quieter hour: what was pulled is kept.",
                object=self.plan.name,
            )
        self.store.forget(self.plan.name, part.name)
        into = [half.as_note() for half in halves]
        self.store.remember("split", object=self.plan.name, part=part.name, into=into)
        return list(halves)

    def _read(self, part: Slice) -> None:
        """Read one slice; what comes incomplete is read again, and never taken as it is."""
        for _ in range(_TRIES):
            try:
                missing = self._read_bulk(part) if self.plan.bulk else self._read_rest(part)
                if not missing:
                    return
            except AuditorError as error:
                self._answer(error)
            self.store.forget(self.plan.name, part.name)
        raise SourceUnreachableError(
            "{object} came incomplete, several times in a row",
            where="Salesforce",
            next_step="Run again later: what was pulled is kept.",
            object=self.plan.name,
        )

    def _answer(self, error: AuditorError) -> None:
        """Change the way of asking as an error suggests, or let it stop the pull."""
        code = code_of_refusal(error)
        if code in TOO_WIDE:
            raise TooWideError from error
        if code in NO_BULK and self.plan.bulk:
            self.plan = replace(self.plan, bulk=False)
        elif code == "INVALID_FIELD" and (gone := self._gone_fields(error)):
            self.dropped += gone
            kept = tuple(name for name in self.plan.fields if name not in gone)
            self.plan = replace(self.plan, fields=kept)
        elif code not in LOCATOR_GONE:
            raise error

    def _gone_fields(self, error: AuditorError) -> list[str]:
        """Return the fields that cannot be seen any more, though describe listed them."""
        text = str(error.facts.get("text", ""))
        column, parent = _NO_COLUMN.search(text), _NO_PARENT.search(text)
        return [
            name
            for name in self.plan.fields
            if name != "Id"
            and (
                (column and column[1] in (name, name.rpartition(".")[2]))
                or (parent and name.startswith(f"{parent[1]}."))
            )
        ]

    def _read_rest(self, part: Slice) -> bool:
        """Read a slice page by page; return whether records are missing at the end."""
        name, of = self.plan.name, self.plan.of
        pages = self.store.of(name, part.name)
        ids = set(self._ids_of(pages))
        if pages:
            path = pages[-1].next
        else:
            path = self.org.query_path(self.plan.query(part.condition(of.stamp)), of.all_rows)
        while path:
            found: list[str] = []

            def write(sink: Sink, at: str = path, into: list[str] = found) -> Landed:
                landed, listed = self.org.rest_page(at, sink)
                into += listed
                return landed

            pages.append(self.store.land(name, part.name, len(pages), ".json", write))
            self.watch(pages[-1])
            ids.update(found)
            path = pages[-1].next
            self.clock.sleep(0)  # where a pull that is told to end ends
        return len(ids) < pages[0].total

    def _ids_of(self, pages: list[Page]) -> Iterator[str]:
        for page in pages:
            records = json.loads(self.store.path(page).read_bytes())["records"]
            yield from (record.get("Id", "") for record in records)

    def _read_bulk(self, part: Slice) -> bool:
        """Read a slice as a bulk job; return whether records are missing at the end."""
        pages = self.store.of(self.plan.name, part.name)
        job = self._job_of(part) if pages else None
        if pages and not pages[-1].next and not (job and self._addresses(part, job)):
            return False
        if job is None:
            self.store.forget(self.plan.name, part.name)
            pages = []
            job = self._begun(part)
        total = self._finished(job)
        if total >= self.parallel_from and not pages:
            self._ask_for_addresses(part, job)
        if paths := self._addresses(part, job):
            return self._read_at_once(part, paths, total)
        locator = pages[-1].next if pages else ""
        while True:
            write = partial(self.org.bulk_page, job, locator, total)
            page = self.store.land(self.plan.name, part.name, len(pages), ".csv", write)
            pages.append(page)
            self.watch(page)
            self.clock.sleep(0)
            locator = page.next
            if not locator:
                return sum(each.rows for each in pages) != total

    def _ask_for_addresses(self, part: Slice, job: str) -> None:
        """Note where all pages of a result are; versions before 58 do not tell."""
        try:
            paths = self.org.result_pages(job)
        except AuditorError as error:
            if code_of_refusal(error) not in LOCATOR_GONE:
                raise
            return
        told = {"object": self.plan.name, "part": part.name, "job": job}
        self.store.remember("result pages", **told, paths=paths)

    def _read_at_once(self, part: Slice, paths: list[str], total: int) -> bool:
        """Read several pages of a large result at a time; return whether records are missing."""
        name = self.plan.name
        there = {page.number for page in self.store.of(name, part.name)}

        def read(number: int) -> None:
            write = partial(self.org.result_page, paths[number], total)
            self.watch(self.store.land(name, part.name, number, ".csv", write))
            self.clock.sleep(0)

        pool = ThreadPoolExecutor(self.org.session.limiter.lanes)
        try:
            list(pool.map(read, [n for n in range(len(paths)) if n not in there]))
        finally:
            pool.shutdown(cancel_futures=True)
        return sum(each.rows for each in self.store.of(name, part.name)) != total

    def _addresses(self, part: Slice, job: str) -> list[str]:
        """Return where the pages of a job are that an earlier run read at once."""
        told = {"object": self.plan.name, "part": part.name, "job": job}
        notes = list(self.store.remembered("result pages", **told))
        return list(notes[-1]["paths"]) if notes else []

    def _job_of(self, part: Slice) -> str | None:
        notes = list(self.store.remembered("job", object=self.plan.name, part=part.name))
        return notes[-1]["job"] if notes else None

    def _begun(self, part: Slice) -> str:
        of = self.plan.of
        job = self.org.create_job(self.plan.query(part.condition(of.stamp)), all_rows=of.all_rows)
        self.store.remember("job", object=self.plan.name, part=part.name, job=job)
        return job

    def _finished(self, job: str) -> int:
        """Wait for the end of a job, and return how many records it found."""
        wait = _FIRST_LOOK
        while True:
            state: dict[str, Any] = dict(self.org.job(job))
            if state["state"] == "JobComplete":
                return int(state.get("numberRecordsProcessed", 0))
            if state["state"] in _GONE_STATES:
                message = str(state.get("errorMessage", ""))
                if "TIMEOUT" in message.upper() or "timed out" in message:
                    raise TooWideError(message)
                raise SourceUnreachableError(
                    "Salesforce gave up a bulk job on {object} ({state})",
                    where="Salesforce",
                    next_step="Run again later: what was pulled is kept.",
                    object=self.plan.name,
                    state=state["state"],
                    code="INVALIDENTITY" if "not supported" in message else "JOB_GONE",
                )
            self.clock.sleep(wait)
            wait = min(_LONGEST_WAIT, wait * 1.5)
