"""The calls that are made to an org: what it has, its limits, its records."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import requests

from connectors.http.pages import Landed, Sink
from connectors.http.session import BrokenAnswerError, Session, parse_json
from connectors.salesforce.csv_pages import RecordCounter

#: Records a page of a bulk result holds at most; Salesforce may send fewer.
BULK_PAGE = 50_000
_CHUNK = 1 << 18


class Org:
    """One org, through a session.

    Args:
        session: Signed in, or able to.
        version: Version of the API, for example ``62.0``.
    """

    def __init__(self, session: Session, version: str) -> None:
        self.session = session
        self.base = f"/services/data/v{version}"

    def objects(self) -> set[str]:
        """Return the names of all objects that this user can query."""
        return {each["name"] for each in self._listed() if each.get("queryable", True)}

    def writable(self) -> set[str]:
        """Return the names of all objects that this user could also change."""
        ways = ("createable", "updateable", "deletable")
        return {each["name"] for each in self._listed() if any(each.get(way) for way in ways)}

    def _listed(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = self.session.json(f"{self.base}/sobjects")["sobjects"]
        return listed

    def describe(self, name: str) -> dict[str, Any]:
        """Return the fields of an object that this user can see, and more."""
        found: dict[str, Any] = self.session.json(f"{self.base}/sobjects/{name}/describe")
        return found

    def limits(self) -> dict[str, Any]:
        """Return the limits of the org, and what is left of them."""
        found: dict[str, Any] = self.session.json(f"{self.base}/limits")
        return found

    def rows(self, soql: str, *, all_rows: bool = False) -> list[dict[str, Any]]:
        """Return the rows of a query that yields one page."""
        found: list[dict[str, Any]] = self.session.json(self.query_path(soql, all_rows))["records"]
        return found

    def count(self, soql: str, *, all_rows: bool) -> int:
        """Return what a query with ``COUNT()`` counts."""
        return int(self.session.json(self.query_path(soql, all_rows))["totalSize"])

    def defined_fields(self, name: str) -> dict[str, bool]:
        """Return all fields of an object, seen or not, and whether their history is tracked."""
        soql = (
            "SELECT QualifiedApiName, IsFieldHistoryTracked FROM FieldDefinition"
            f" WHERE EntityDefinition.QualifiedApiName = '{name}'"
        )
        return {
            str(each["QualifiedApiName"]): bool(each["IsFieldHistoryTracked"])
            for each in self._tooling_rows(soql)
        }

    def validation_rules(self, names: Collection[str]) -> list[tuple[str, str]]:
        """Return id and object of the rules in force that may refuse a record.

        Args:
            names: Objects.
        """
        listed = ", ".join(f"'{name}'" for name in names)
        soql = (
            "SELECT Id, EntityDefinition.QualifiedApiName FROM ValidationRule WHERE Active = true"
            f" AND EntityDefinition.QualifiedApiName IN ({listed})"
        )
        rows = self._tooling_rows(soql)
        return sorted(
            (str(each["Id"]), str(each["EntityDefinition"]["QualifiedApiName"])) for each in rows
        )

    def formula_of_rule(self, rule: str) -> str:
        """Return the error condition of a rule, which is told of one rule at a time."""
        rows = self._tooling_rows(f"SELECT Metadata FROM ValidationRule WHERE Id = '{rule}'")
        metadata = rows[0]["Metadata"] if rows else None
        return str((metadata or {}).get("errorConditionFormula") or "")

    def _tooling_rows(self, soql: str) -> list[dict[str, Any]]:
        """Return all rows of a query on what Setup holds."""
        found: list[dict[str, Any]] = []
        path = f"{self.base}/tooling/query?{urlencode({'q': soql})}"
        while path:
            page = self.session.json(path)
            found += page["records"]
            path = "" if page.get("done", True) else str(page["nextRecordsUrl"])
        return found

    def query_path(self, soql: str, all_rows: bool) -> str:
        """Return the address of the first page of a query."""
        return f"{self.base}/{'queryAll' if all_rows else 'query'}?{urlencode({'q': soql})}"

    def rest_page(self, path: str, sink: Sink) -> tuple[Landed, list[str]]:
        """Write a page of a query as it comes; return what it holds, and the ids in it."""

        def read(response: requests.Response) -> tuple[Landed, list[str]]:
            content = response.content
            data = parse_json(content)
            if not isinstance(data, dict) or not isinstance(data.get("records"), list):
                raise BrokenAnswerError("no page of records")
            following = "" if data.get("done") else data.get("nextRecordsUrl")
            if following is None:
                raise BrokenAnswerError("a page that is not the last leads nowhere")
            sink.restart()
            sink.write(content)
            records = data["records"]
            landed = Landed(len(records), following, int(data.get("totalSize", -1)))
            return landed, [record.get("Id", "") for record in records]

        return self.session.send("GET", path, read)

    def create_job(self, soql: str, *, all_rows: bool) -> str:
        """Begin a bulk job, and return its id."""
        body = {
            "operation": "queryAll" if all_rows else "query",
            "query": soql,
            "contentType": "CSV",
            "columnDelimiter": "COMMA",
            "lineEnding": "LF",
        }

        def read(response: requests.Response) -> str:
            data = parse_json(response.content)
            if not data.get("id"):
                raise BrokenAnswerError("a job without an id")
            return str(data["id"])

        return self.session.send("POST", f"{self.base}/jobs/query", read, body=body)

    def job(self, job: str) -> Mapping[str, Any]:
        """Return how a job is doing."""
        found: Mapping[str, Any] = self.session.json(f"{self.base}/jobs/query/{job}")
        return found

    def result_pages(self, job: str) -> list[str]:
        """Return the addresses of all pages of the result of a job, to be read in any order."""
        found: list[str] = []
        path = f"{self.base}/jobs/query/{job}/resultPages"
        while path:
            told = self.session.json(path)
            found += [str(each["resultUrl"]) for each in told["resultPages"]]
            path = "" if told.get("done", True) else str(told["nextRecordUrl"])
        return found

    def bulk_page(self, job: str, locator: str, total: int, sink: Sink) -> Landed:
        """Write a page of the result of a job as it comes, and tell where the next one is."""
        params = {"maxRecords": str(BULK_PAGE)} | ({"locator": locator} if locator else {})
        return self._csv_page(f"{self.base}/jobs/query/{job}/results", params, total, sink)

    def result_page(self, path: str, total: int, sink: Sink) -> Landed:
        """Write one of several pages that are read at once; where the next one is, is known."""
        return replace(self._csv_page(path, {}, total, sink), next="")

    def _csv_page(self, path: str, params: Mapping[str, str], total: int, sink: Sink) -> Landed:

        def read(response: requests.Response) -> Landed:
            sink.restart()
            counter = RecordCounter()
            for chunk in response.iter_content(_CHUNK):
                counter.feed(chunk)
                sink.write(chunk)
            rows = counter.records()
            announced = response.headers.get("Sforce-NumberOfRecords")
            following = response.headers.get("Sforce-Locator")
            if following is None or (announced is not None and int(announced) != rows):
                raise BrokenAnswerError("not the records that were announced")
            return Landed(rows, "" if following == "null" else following, total)

        return self.session.send("GET", path, read, params=params, headers={"Accept": "text/csv"})
