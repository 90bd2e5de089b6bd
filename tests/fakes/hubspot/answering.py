"""What a portal answers, in both generations of paths: lists, batches, links, searches."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.fakes.hubspot.errors import HubSpotFakeError, missing_scopes
from tests.fakes.hubspot.portal import FakePortal, Record

Query = dict[str, list[str]]
Answer = tuple[int, dict[str, Any]]

_DATED = re.compile(r"/(crm)/([a-z]+)/2026-03(/.*)?")
_SEARCHED = 10_000
#: Without these no record can be made.
REQUIRED = {"deals": ["dealname", "dealstage", "pipeline"], "companies": ["name"]}


@dataclass
class Answering:
    """Answers requests.

    Attributes:
        portal: What it holds.
        list_page: Records on a page of a list at most.
        link_page: Links of one record on a page at most.
        missing: Scopes that the token lacks.
        shape: Where a refusal names them.
        scopes: Scopes that the token has besides reading.
        absent: Kinds of records that the portal does not have; ``logins`` and ``audit log`` of
            lesser editions.
        longest: Characters of an address at most.
    """

    portal: FakePortal
    list_page: int = 100
    link_page: int = 500
    missing: list[str] = field(default_factory=list)
    shape: str = "requiredGranularScopes"
    scopes: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    longest: int = 8_000

    def answer(self, method: str, path: str, query: Query, body: Any) -> Answer:
        """Return status and body of an answer."""
        bare = self._undated(path)
        for verb, pattern, ask in self._routes():
            found = re.fullmatch(pattern, bare)
            if found and verb == method:
                return ask(*found.groups(), query=query, body=body)
        raise HubSpotFakeError(404, "NOT_FOUND", "resource not found")

    def _undated(self, path: str) -> str:
        path = re.sub("^/(account-info|crm-object-schemas)/2026-03/", r"/\1/v3/", path)
        dated = _DATED.fullmatch(path)
        if not dated:
            return path
        version = "v4" if dated[2] == "associations" else "v3"
        return f"/crm/{version}/{dated[2]}{dated[3] or '/'}"

    def _routes(self) -> list[tuple[str, str, Callable[..., Answer]]]:
        return [
            ("GET", r"/account-info/v3/details", self._details),
            ("POST", r"/oauth/v2/private-apps/get/access-token-info", self._private_app),
            ("GET", r"/oauth/v1/access-tokens/([\w-]+)", self._oauth_app),
            ("GET", r"/account-info/v3/activity/login", self._logins),
            ("GET", r"/account-info/v3/activity/audit-logs", self._audit_log),
            ("GET", r"/crm-object-schemas/v3/schemas/(\w+)", self._schema),
            ("GET", r"/crm/v3/owners/", self._owners),
            ("GET", r"/crm/v3/pipelines/(\w+)", self._pipelines),
            ("GET", r"/crm/v3/properties/(\w+)", self._properties),
            ("GET", r"/crm/v3/objects/(\w+)", self._list),
            ("POST", r"/crm/v3/objects/(\w+)/batch/read", self._batch),
            ("POST", r"/crm/v3/objects/(\w+)/search", self._search),
            ("POST", r"/crm/v4/associations/(\w+)/(\w+)/batch/read", self._associations),
        ]

    def _details(self, **_: Any) -> Answer:
        return 200, {
            "portalId": self.portal.number,
            "accountType": "STANDARD",
            "timeZone": "Europe/Paris",
            "companyCurrency": "EUR",
            "additionalCurrencies": [],
            "utcOffset": "+01:00",
            "utcOffsetMilliseconds": 3_600_000,
            "uiDomain": self.portal.pages,
            "dataHostingLocation": "eu1",
        }

    def _private_app(self, body: Any, **_: Any) -> Answer:
        if not body["tokenKey"].startswith("pat-"):
            raise HubSpotFakeError(400, "VALIDATION_ERROR", "The token key is not valid")
        told = {"userId": 1, "hubId": self.portal.number, "appId": 2}
        return 200, told | {"scopes": self._granted()}

    def _oauth_app(self, token: str, **_: Any) -> Answer:
        if not token.startswith("oauth-"):
            raise HubSpotFakeError(404, "NOT_FOUND", "access token not found")
        told = {"token": token, "user_id": 1, "hub_id": self.portal.number, "app_id": 2}
        return 200, told | {"token_type": "access", "expires_in": 1800, "scopes": self._granted()}

    def _granted(self) -> list[str]:
        return [scope for scope in _SCOPES if scope not in self.missing] + self.scopes

    def _logins(self, query: Query, **_: Any) -> Answer:
        if "logins" in self.absent:
            raise HubSpotFakeError(404, "NOT_FOUND", "resource not found")
        self._require("account-info.security.read")
        if int(query.get("limit", ["10"])[0]) > 200:
            raise HubSpotFakeError(400, "VALIDATION_ERROR", "limit must be at most 200")
        return 200, self._page(self.portal.logins, query)

    def _audit_log(self, query: Query, **_: Any) -> Answer:
        if "audit log" in self.absent:
            raise HubSpotFakeError(404, "NOT_FOUND", "resource not found")
        self._require("account-info.security.read")
        entry = {
            "id": "jAzNiQgaEZUTlJISRtESldLGFNM",
            "category": "PROPERTY_VALUE",
            "subCategory": "DEAL",
            "action": "UPDATE",
            "targetObjectId": "4711",
            "occurredAt": "2026-10-07T20:58:49.529Z",
            "actingUser": {"userId": 1, "userEmail": "claire@example.test"},
        }
        return 200, self._page([entry] * 3, query)

    def _schema(self, name: str, **_: Any) -> Answer:
        self._there(name)
        self._require(f"crm.schemas.{name}.read")
        return 200, {"name": name, "requiredProperties": REQUIRED.get(name, [])}

    def _owners(self, query: Query, **_: Any) -> Answer:
        self._require("crm.objects.owners.read")
        archived = query.get("archived") == ["true"]
        owners = [each for each in self.portal.owners if each["archived"] is archived]
        return 200, self._page(owners, query)

    def _pipelines(self, name: str, **_: Any) -> Answer:
        self._require(f"crm.schemas.{name}.read")
        return 200, {"results": list(self.portal.pipelines.values()) if name == "deals" else []}

    def _properties(self, name: str, **_: Any) -> Answer:
        self._there(name)
        self._require(f"crm.schemas.{name}.read")
        return 200, {"results": [_property(each) for each in self.portal.properties(name)]}

    def _list(self, name: str, query: Query, **_: Any) -> Answer:
        records = self._there(name)
        self._require(_scope(name))
        if int(query.get("limit", ["10"])[0]) > 100:
            raise HubSpotFakeError(400, "VALIDATION_ERROR", "limit must be at most 100")
        archived = query.get("archived") == ["true"]
        asked = [each for joined in query.get("properties", []) for each in joined.split(",")]
        shown = [each for each in records.values() if each.archived is archived]
        shown.sort(key=lambda record: int(record.id))
        # The cursor is an id, so that what is erased meanwhile moves no page.
        start = bisect_left(shown, int(query.get("after", ["0"])[0]), key=lambda one: int(one.id))
        page = self._page(shown, query, start, lambda at: shown[at].id)
        page["results"] = [_shown(record, asked) for record in page["results"]]
        return 200, page

    def _page(
        self,
        records: list[Any],
        query: Query,
        start: int | None = None,
        cursor: Callable[[int], str] = str,
    ) -> dict[str, Any]:
        """Return a page; ``after`` is where it begins, and the last page leads nowhere."""
        size = min(int(query.get("limit", ["10"])[0]), self.list_page)
        begin = int(query.get("after", ["0"])[0]) if start is None else start
        end = begin + size
        page: dict[str, Any] = {"results": records[begin:end]}
        if end < len(records):
            after = cursor(end)
            page["paging"] = {"next": {"after": after, "link": f"https://unused?after={after}"}}
        return page

    def _batch(self, name: str, query: Query, body: Any, **_: Any) -> Answer:
        records = self._there(name)
        self._require(_scope(name))
        asked, history = body.get("properties", []), body.get("propertiesWithHistory") or []
        most = 50 if history else 100
        if len(body["inputs"]) > most:
            text = "The maximum number of inputs supported in a batch request"
            more = f" for property histories is {most}." if history else f" is {most}."
            raise HubSpotFakeError(400, "VALIDATION_ERROR", text + more)
        archived = query.get("archived") == ["true"]
        results, gone = [], []
        for each in body["inputs"]:
            record = records.get(each["id"])
            if record is None or record.archived is not archived:
                gone.append(each["id"])
                continue
            results.append(_shown(record, asked, history))
        answer: dict[str, Any] = {"status": "COMPLETE", "results": results}
        if not gone:
            return 200, answer
        error = {
            "status": "error",
            "category": "OBJECT_NOT_FOUND",
            "message": f"Could not get some {name.upper()} objects, they may be deleted or not"
            " exist. Check that ids are valid.",
            "context": {"ids": gone},
        }
        return 207, answer | {"numErrors": 1, "errors": [error]}

    def _search(self, name: str, body: Any, **_: Any) -> Answer:
        records = self._there(name)
        self._require(_scope(name))
        after, limit = int(body.get("after") or 0), int(body.get("limit", 10))
        if limit > 200 or after + limit > _SEARCHED:
            raise HubSpotFakeError(400, "VALIDATION_ERROR", "paging beyond 10000 is not possible")
        found = [each for each in records.values() if not each.archived and _fits(each, body)]
        found.sort(key=lambda record: int(record.id))
        page: dict[str, Any] = {
            "total": len(found),
            "results": [_shown(each, body.get("properties", [])) for each in found[after:][:limit]],
        }
        if after + limit < len(found):
            page["paging"] = {"next": {"after": str(after + limit)}}
        return 200, page

    def _associations(self, source: str, target: str, body: Any, **_: Any) -> Answer:
        self._require(_scope(source))
        self._require(_scope(target))
        if len(body["inputs"]) > 1_000:
            raise HubSpotFakeError(400, "VALIDATION_ERROR", "at most 1000 inputs")
        links = self.portal.links.get((source, target), {})
        results, errors = [], []
        for each in body["inputs"]:
            found, start = links.get(each["id"], []), int(each.get("after") or 0)
            if not found:
                errors.append(_no_association(source, target, each["id"]))
                continue
            result: dict[str, Any] = {
                "from": {"id": each["id"]},
                "to": [_link(*one) for one in found[start : start + self.link_page]],
            }
            if start + self.link_page < len(found):
                result["paging"] = {"next": {"after": str(start + self.link_page)}}
            results.append(result)
        answer: dict[str, Any] = {"status": "COMPLETE", "results": results}
        if not errors:
            return 200, answer
        return 207, answer | {"numErrors": len(errors), "errors": errors}

    def _there(self, name: str) -> dict[str, Record]:
        if name in self.absent or name not in self.portal.objects:
            text = f"Unable to infer object type from: {name}"
            raise HubSpotFakeError(400, "VALIDATION_ERROR", text)
        return self.portal.objects[name]

    def _require(self, scope: str) -> None:
        if scope in self.missing:
            raise missing_scopes([scope], self.shape)


_KINDS = ("deals", "contacts", "companies", "leads")
#: What an app is granted that may read everything.
_SCOPES = (
    *(f"crm.objects.{name}.read" for name in (*_KINDS, "owners")),
    *(f"crm.schemas.{name}.read" for name in _KINDS),
    "account-info.security.read",
)


def _scope(name: str) -> str:
    """Return the scope that reading a kind of record needs; engagements go with contacts."""
    engagements = ("calls", "emails", "meetings", "notes", "tasks")
    return f"crm.objects.{'contacts' if name in engagements else name}.read"


def _property(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": name.replace("_", " ").title(),
        "type": "string",
        "fieldType": "text",
        "options": [],
        "calculated": False,
        "hidden": False,
        "hubspotDefined": not name.startswith("custom_"),
    }


def _fits(record: Record, body: Any) -> bool:
    """Return whether a record fits one of the groups of filters; there is only >=, on stamps."""
    groups = body.get("filterGroups") or []
    return not groups or any(
        all(
            _milliseconds(record.properties.get(each["propertyName"])) >= int(each["value"])
            for each in group["filters"]
            if each["operator"] == "GTE"
        )
        for group in groups
    )


def _milliseconds(stamp: str | None) -> int:
    return int(datetime.fromisoformat(stamp).timestamp() * 1000) if stamp else -1


def _shown(record: Record, asked: list[str], history: list[str] | None = None) -> dict[str, Any]:
    values = {name: record.properties.get(name) for name in asked if name in record.properties}
    stamp = record.properties.get("hs_lastmodifieddate") or record.properties.get(
        "lastmodifieddate"
    )
    shown: dict[str, Any] = {
        "id": record.id,
        "properties": {"hs_object_id": record.id, **values},
        "createdAt": record.properties.get("createdate"),
        "updatedAt": stamp,
        "archived": record.archived,
    }
    if history:
        shown["propertiesWithHistory"] = {name: record.history.get(name, []) for name in history}
    return shown


def _link(number: str, kind: int) -> dict[str, Any]:
    label = "Primary" if kind in (1, 5) else None
    types = [{"category": "HUBSPOT_DEFINED", "typeId": kind, "label": label}]
    return {"toObjectId": int(number), "associationTypes": types}


def _no_association(source: str, target: str, number: str) -> dict[str, Any]:
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
        "message": f"No {target} is associated with {source} {number}.",
        "context": {"fromObjectId": [number]},
    }
