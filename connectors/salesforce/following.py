"""Reads an object that may only be asked for by the records of another one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from connectors.engines.duckdb import Engine, identifier
from connectors.http.pages import Landed, Sink
from connectors.salesforce.plan import ObjectPlan
from connectors.salesforce.reader import ObjectReader
from connectors.salesforce.tables import rows_of

#: Ids in one question: an address that is longer may be refused on the way.
_AT_ONCE = 75
#: Files that somebody may keep beside the CRM; where others lie is of no interest.
_SPREADSHEETS = ("xls", "xlsx", "xlsm", "xlsb", "csv", "ods", "numbers", "gsheet")


@dataclass
class FollowingReader(ObjectReader):
    """Reads an object by the ids that another one leads to, some at a time."""

    def read(self) -> None:
        """Read every batch that is not there yet.

        Raises:
            SourceUnreachableError: If the org does not give all records.
            PermissionDeniedError: If it does not want to.
        """
        name = self.plan.name
        for at, ids in enumerate(self._batches()):
            part = f"batch-{at:06d}"
            pages = self.store.of(name, part)
            path = pages[-1].next if pages else self._question(ids)
            while path:
                write = partial(self._page, path)
                pages.append(self.store.land(name, part, len(pages), ".json", write))
                self.watch(pages[-1])
                path = pages[-1].next
                self.clock.sleep(0)  # where a pull that is told to end ends
        self.store.remember("done", object=name, fields=list(self.plan.fields))

    def _page(self, path: str, sink: Sink) -> Landed:
        return self.org.rest_page(path, sink)[0]

    def _question(self, ids: list[str]) -> str:
        listed = ", ".join(f"'{each}'" for each in ids)
        key = self.plan.of.follows.partition(".")[2]
        return self.org.query_path(self.plan.query(f"{key} IN ({listed})"), all_rows=False)

    def _batches(self) -> Iterator[list[str]]:
        """Yield the ids in one order, some at a time."""
        source, _, key = self.plan.of.follows.partition(".")
        (note,) = list(self.store.remembered("plan", name=source))[-1:]
        plan = ObjectPlan(source, tuple(note["fields"]))
        if key not in plan.fields or "FileExtension" not in plan.fields:
            return
        kinds = ", ".join(f"'{kind}'" for kind in _SPREADSHEETS)
        engine = Engine()
        found = engine.rows(
            f"select distinct {identifier(key)} from ({rows_of(self.store, plan)})"
            f' where lower("FileExtension") in ({kinds})'
            f" and regexp_full_match({identifier(key)}, '[0-9A-Za-z]{{15,18}}') order by 1"
        )
        engine.close()
        ids = [each for (each,) in found]
        for start in range(0, len(ids), _AT_ONCE):
            yield ids[start : start + _AT_ONCE]
