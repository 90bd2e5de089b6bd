"""The resources of the API: queries with locators, bulk jobs, describe, limits."""

from __future__ import annotations

import base64
import json
import re
import threading
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.salesforce.errors import SalesforceFakeError, malformed
from tests.fakes.salesforce.org import FakeOrg, csv_text, records
from tests.fakes.salesforce.schema import NOT_IN_BULK, OBJECTS, ONE_AT_A_TIME
from tests.fakes.salesforce.soql import Query, parse

_NOT_IN_BULK_WORDS = re.compile(r"\b(COUNT|MIN|MAX|SUM|AVG|GROUP BY|OFFSET|TYPEOF)\b", re.I)
_PAGES_AT_ONCE = 5
_NEVER_WRITTEN = ("LoginHistory", "OpportunityFieldHistory", "OpportunityHistory", "Organization")


@dataclass
class Cursor:
    """A query whose rows are kept, as Salesforce keeps them for a locator."""

    query: Query
    rows: list[tuple[Any, ...]]
    all_rows: bool


@dataclass
class Job:
    """A bulk job; each look at it moves it on."""

    id: str
    soql: str
    all_rows: bool
    looks: int = 0
    state: str = "UploadComplete"
    message: str = ""
    cursor: Cursor | None = None


@dataclass
class Answering:
    """Answers requests of one org.

    Attributes:
        org: Its data.
        version: Version of the API in paths.
        rest_page: Records of a page of a query.
        bulk_page: Records of a page of a bulk result at most.
        daily: Calls a day.
        used: Calls used.
        may_write: Whether the user could change records.
    """

    org: FakeOrg
    version: str = "62.0"
    rest_page: int = 2_000
    bulk_page: int = 50_000
    daily: int = 100_000
    used: int = 100
    cursors: dict[str, Cursor] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    fate: str = ""
    may_write: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, path: str, query: dict[str, str]) -> tuple[dict[str, str], bytes]:
        """Return headers and body for a GET."""
        base = f"/services/data/v{self.version}"
        if not path.startswith(base + "/"):
            raise SalesforceFakeError(404, "NOT_FOUND", "The requested resource does not exist")
        steps = path.removeprefix(base).strip("/").split("/")
        match steps:
            case ["sobjects"]:
                names = [n for n in OBJECTS if self.org.visible(n) is not None]
                return _json({"sobjects": [self._listed(name) for name in names]})
            case ["sobjects", name, "describe"] if self.org.visible(name) is not None:
                return _json(self.org.describe(name))
            case ["limits"]:
                return _json(
                    {
                        "DailyApiRequests": {
                            "Max": self.daily,
                            "Remaining": self.daily - self.used,
                        },
                        "DailyBulkV2QueryJobs": {"Max": 10_000, "Remaining": 9_990},
                    }
                )
            case ["query" | "queryAll" as how] if "q" in query:
                return self._first_page(query["q"], how == "queryAll")
            case ["tooling", "query"] if "q" in query:
                return self._tooling(query["q"])
            case ["query" | "queryAll", locator]:
                return self._page(locator)
            case ["jobs", "query", job]:
                return _json(self._look(job))
            case ["jobs", "query", job, "results"]:
                return self._results(job, query)
            case ["jobs", "query", job, "resultPages"]:
                return self._result_pages(job, query)
        raise SalesforceFakeError(404, "NOT_FOUND", "The requested resource does not exist")

    def _listed(self, name: str) -> dict[str, Any]:
        changes = self.may_write and name not in _NEVER_WRITTEN
        ways = ("createable", "updateable", "deletable")
        return {"name": name, "queryable": True, **dict.fromkeys(ways, changes)}

    def create_job(self, body: str) -> tuple[dict[str, str], bytes]:
        """Return headers and body for a new bulk job."""
        try:
            asked = json.loads(body)
        except ValueError:
            raise SalesforceFakeError(400, "JSON_PARSER_ERROR", "Unexpected character") from None
        soql, operation = asked.get("query", ""), asked.get("operation")
        if operation not in ("query", "queryAll"):
            raise SalesforceFakeError(400, "API_ERROR", "operation is not supported")
        if _NOT_IN_BULK_WORDS.search(soql):
            raise SalesforceFakeError(400, "API_ERROR", "Aggregate queries are not supported")
        parsed = parse(soql, self.org.visible, all_rows=operation == "queryAll")
        if parsed.name in NOT_IN_BULK:
            message = f"Entity '{parsed.name}' is not supported by the Bulk API."
            raise SalesforceFakeError(400, "INVALIDENTITY", message)
        with self._lock:
            number = len(self.jobs) + 1
            job = Job(f"750Kz{number:010d}AAA", soql, operation == "queryAll")
            self.jobs[job.id] = job
        return _json(self._state(job))

    def _look(self, name: str) -> dict[str, Any]:
        job = self._job(name)
        with self._lock:
            job.looks += 1
            if self.fate and job.looks >= 2 and job.state != "JobComplete":
                job.state, job.message = self.fate, "InternalServerError"
                self.fate = ""
            elif job.state in ("UploadComplete", "InProgress"):
                job.state = "InProgress" if job.looks < 2 else "JobComplete"
        if job.state == "JobComplete" and job.cursor is None:
            job.cursor = self._opened(job.soql, job.all_rows)
        return self._state(job)

    def _results(self, name: str, query: dict[str, str]) -> tuple[dict[str, str], bytes]:
        job = self._job(name)
        if job.cursor is None:
            raise SalesforceFakeError(404, "NOT_FOUND", "The requested resource does not exist")
        size = min(self.bulk_page, int(query.get("maxRecords", self.bulk_page)))
        locator = query.get("locator", "")
        start = int(base64.b64decode(locator + "==")) if locator else 0
        rows = job.cursor.rows[start : start + size]
        end = start + len(rows)
        more = end < len(job.cursor.rows)
        following = _locator(end) if more else "null"
        headers = {
            "Content-Type": "text/csv",
            "Sforce-NumberOfRecords": str(len(rows)),
            "Sforce-Locator": following,
        }
        return headers, csv_text(job.cursor.query.paths, rows).encode()

    def _result_pages(self, name: str, query: dict[str, str]) -> tuple[dict[str, str], bytes]:
        """Return where up to five pages are, and where to learn of the next five."""
        job = self._job(name)
        if job.cursor is None:
            raise SalesforceFakeError(404, "NOT_FOUND", "The requested resource does not exist")
        starts = list(range(0, max(1, len(job.cursor.rows)), self.bulk_page))
        first = int(query.get("from", 0))
        base = f"/services/data/v{self.version}/jobs/query/{name}"
        told: dict[str, Any] = {
            "resultPages": [
                {"resultUrl": f"{base}/results?locator={_locator(start)}"}
                for start in starts[first : first + _PAGES_AT_ONCE]
            ],
            "done": first + _PAGES_AT_ONCE >= len(starts),
        }
        if not told["done"]:
            told["nextRecordUrl"] = f"{base}/resultPages?from={first + _PAGES_AT_ONCE}"
        return _json(told)

    def _job(self, name: str) -> Job:
        if name not in self.jobs:
            raise SalesforceFakeError(404, "NOT_FOUND", "The requested resource does not exist")
        return self.jobs[name]

    def _state(self, job: Job) -> dict[str, Any]:
        state: dict[str, Any] = {
            "id": job.id,
            "operation": "queryAll" if job.all_rows else "query",
            "state": job.state,
            "contentType": "CSV",
            "apiVersion": float(self.version),
            "lineEnding": "LF",
            "columnDelimiter": "COMMA",
        }
        if job.cursor is not None:
            state["numberRecordsProcessed"] = len(job.cursor.rows)
        if job.message:
            state["errorMessage"] = job.message
        return state

    def _opened(self, soql: str, all_rows: bool) -> Cursor:
        query = parse(soql, self.org.visible, all_rows=all_rows)
        return Cursor(query, self.org.rows(query.sql), all_rows)

    def _first_page(self, soql: str, all_rows: bool) -> tuple[dict[str, str], bytes]:
        if not soql.strip():
            raise malformed("A query string has to be specified")
        cursor = self._opened(soql, all_rows)
        query = cursor.query
        if query.counts:
            total = cursor.rows[0][0]
            return _json({"totalSize": total, "done": True, "records": []})
        if query.aggregates:
            from tests.fakes.salesforce.org import as_json

            (row,) = cursor.rows
            record = dict(zip(query.aggregates, map(as_json, row), strict=True))
            record = {"attributes": {"type": "AggregateResult"}, **record}
            return _json({"totalSize": 1, "done": True, "records": [record]})
        with self._lock:
            name = f"01gKz{len(self.cursors) + 1:010d}"
            self.cursors[name] = cursor
        return self._page(f"{name}-0")

    def _tooling(self, soql: str) -> tuple[dict[str, str], bytes]:
        """Answer a query on Setup, which comes on one page here."""
        query = parse(soql, self.org.in_setup, all_rows=True)
        rows = self.org.rows(query.sql)
        if query.name == "FieldDefinition" and "EntityDefinition" not in soql.partition("WHERE")[2]:
            raise malformed(
                "a filter on a reified column is required [EntityDefinitionId,DurableId]"
            )
        if len(rows) > 1 and set(query.paths) & set(ONE_AT_A_TIME):
            raise malformed(
                "When retrieving results with Metadata or FullName fields, the query qualifications"
                f" must specify no more than one row for retrieval. Result size: {len(rows)}"
            )
        found = list(records(query, rows, self.version))
        for record in found:
            if "Metadata" in record:
                record["Metadata"] = json.loads(record["Metadata"])
        told = {"size": len(found), "totalSize": len(found), "done": True, "queryLocator": None}
        return _json({**told, "entityTypeName": query.name, "records": found})

    def _page(self, locator: str) -> tuple[dict[str, str], bytes]:
        name, _, start = locator.partition("-")
        if name not in self.cursors or not start.isdigit():
            raise SalesforceFakeError(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
        cursor = self.cursors[name]
        end = int(start) + self.rest_page
        rows = cursor.rows[int(start) : end]
        page: dict[str, Any] = {
            "totalSize": len(cursor.rows),
            "done": end >= len(cursor.rows),
        }
        if not page["done"]:
            how = "queryAll" if cursor.all_rows else "query"
            page["nextRecordsUrl"] = f"/services/data/v{self.version}/{how}/{name}-{end}"
        page["records"] = list(records(cursor.query, rows, self.version))
        return _json(page)


def _locator(start: int) -> str:
    return base64.b64encode(str(start).encode()).decode().rstrip("=")


def _json(data: Any) -> tuple[dict[str, str], bytes]:
    return {"Content-Type": "application/json;charset=UTF-8"}, json.dumps(data).encode()
