"""The calls that are made to a portal: what it has, its records, what they are linked to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

import requests

from connectors.errors import AuditorError
from connectors.http.limiter import Window
from connectors.http.pages import Landed, Sink
from connectors.http.session import BrokenAnswerError, Session, parse_json, read_json
from connectors.hubspot.library import Asked, Paths, in_generation, library
from connectors.hubspot.settings import SignIn

T = TypeVar("T")

#: Records on a page of a list, in a batch, in a batch with history, and in one of links.
LIST_PAGE, BATCH, HISTORY_BATCH, LINK_BATCH = 100, 100, 50, 1_000
#: Logins on a page.
LOGIN_PAGE = 200
#: Records that a search finds on a page, and over all its pages.
_FOUND, SEARCHED = 200, 10_000
#: Searches in a second.
_SEARCHES = 4


class Portal:
    """One portal, through a session.

    Args:
        session: Signed in, or able to.
        paths: Generation of paths.
    """

    def __init__(self, session: Session, paths: Paths) -> None:
        self.session, self._paths = session, paths
        self._searches = Window(_SEARCHES, 1.0, session.limiter.clock)
        self._library = library(paths)

    def details(self) -> Mapping[str, Any]:
        """Return the number of the portal, its time zone, its currency, the host of its pages."""
        path = in_generation("/account-info/v3/details", self._paths)
        found: Mapping[str, Any] = self.session.json(path)
        return found

    def properties(self, name: str) -> list[dict[str, Any]]:
        """Return the properties of an object that this token may see."""
        asked = self._library.crm.properties.core_api.get_all(name, _preload_content=False)
        return list(self._sent(asked, _whole_list))

    def count(self, name: str) -> int:
        """Return how many records of an object there are, without those in the recycle bin."""
        asked = self._library.crm.objects.search_api.do_search(
            name, {"limit": 1, "properties": []}, _preload_content=False
        )
        self._searches.pause()
        return self._sent(asked, _total)

    def scopes(self, sign_in: SignIn) -> list[str]:
        """Return what the token may do; empty where HubSpot does not tell."""
        token = self.session.access.grant().token
        asked = Asked(
            "POST", "/oauth/v2/private-apps/get/access-token-info", body={"tokenKey": token}
        )
        if sign_in == "oauth":
            asked = self._library.oauth.access_tokens_api.get(token, _preload_content=False)
        try:
            told = self._sent(asked, read_json)
        except AuditorError:
            return []
        return sorted(str(scope) for scope in told.get("scopes") or ())

    def page(
        self, name: str, properties: Sequence[str], after: str, sink: Sink, *, archived: bool
    ) -> Landed:
        """Write a page of a list as it comes."""
        more: dict[str, Any] = {"after": after} if after else {}
        if properties:
            more["properties"] = [",".join(properties)]
        asked = self._library.crm.objects.basic_api.get_page(
            name, limit=LIST_PAGE, archived=archived, _preload_content=False, **more
        )
        return self._landed(asked, sink)

    def changed_page(
        self, name: str, properties: Sequence[str], since: str, after: str, sink: Sink
    ) -> Landed:
        """Write a page of the records that were saved since a moment, as they come."""
        stamp = "lastmodifieddate" if name == "contacts" else "hs_lastmodifieddate"
        moment = int(datetime.fromisoformat(since).timestamp() * 1000)
        body = {
            "filterGroups": [
                {"filters": [{"propertyName": stamp, "operator": "GTE", "value": str(moment)}]}
            ],
            "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            "properties": list(properties),
            "limit": _FOUND,
        } | ({"after": after} if after else {})
        asked = self._library.crm.objects.search_api.do_search(name, body, _preload_content=False)
        self._searches.pause()
        landed = self._landed(asked, sink)
        # Beyond, nothing is found any more: whoever reads the total goes another way.
        return replace(landed, next="") if landed.total > SEARCHED else landed

    def owners_page(self, after: str, sink: Sink, *, archived: bool) -> Landed:
        """Write a page of owners as it comes."""
        more = {"after": after} if after else {}
        asked = self._library.crm.owners.owners_api.get_page(
            limit=LIST_PAGE, archived=archived, _preload_content=False, **more
        )
        return self._landed(asked, sink)

    def logins_page(self, after: str, sink: Sink) -> Landed:
        """Write a page of who signed in when; only some editions tell."""
        path = in_generation("/account-info/v3/activity/login", self._paths)
        more = {"after": after} if after else {}
        return self._landed(Asked("GET", path, {"limit": str(LOGIN_PAGE)} | more), sink)

    def look_at_audit_log(self) -> None:
        """Ask for the latest entry of the audit log, to see whether it may be read."""
        path = in_generation("/account-info/v3/activity/audit-logs", self._paths)
        self.session.json(path, {"limit": "1"})

    def required(self, name: str) -> list[str]:
        """Return the properties without which no record of an object can be made."""
        asked = self._library.crm.schemas.core_api.get_by_id(name, _preload_content=False)
        return [str(each) for each in self._sent(asked, read_json).get("requiredProperties") or ()]

    def pipelines_page(self, name: str, sink: Sink) -> Landed:
        """Write the pipelines of an object, with their stages."""
        asked = self._library.crm.pipelines.pipelines_api.get_all(name, _preload_content=False)
        return self._landed(asked, sink, whole=lambda data: not _after(data))

    def batch(
        self,
        name: str,
        ids: Sequence[str],
        sink: Sink,
        *,
        archived: bool,
        properties: Sequence[str] = (),
        history: Sequence[str] = (),
    ) -> Landed:
        """Write some records as they come: their properties, or what became of these."""
        body: dict[str, Any] = {
            "inputs": [{"id": each} for each in ids],
            "properties": list(properties),
        }
        if history:
            body["propertiesWithHistory"] = list(history)
        asked = self._library.crm.objects.batch_api.read(
            name, body, archived=archived, _preload_content=False
        )
        return self._landed(asked, sink, whole=lambda data: _covers(data, ids))

    def links_batch(
        self, name: str, target: str, inputs: Sequence[Mapping[str, str]], sink: Sink
    ) -> tuple[Landed, list[dict[str, str]]]:
        """Write the links of some records; return them, and what to ask for the rest of them."""
        asked = self._library.crm.associations.v4.batch_api.get_page(
            name, target, {"inputs": list(inputs)}, _preload_content=False
        )
        rest: list[dict[str, str]] = []

        def whole(data: Any) -> bool:
            rest[:] = [
                {"id": str(each["from"]["id"]), "after": after}
                for each in data["results"]
                if (after := _after(each))
            ]
            told = {str(each["from"]["id"]) for each in data["results"]}
            return told | _told_apart(data, "fromObjectId") >= {each["id"] for each in inputs}

        landed = self._landed(asked, sink, whole=whole)
        return landed, rest

    def _landed(
        self, asked: Asked, sink: Sink, whole: Callable[[Any], bool] = lambda data: True
    ) -> Landed:
        def read(response: requests.Response) -> Landed:
            content = response.content
            data = parse_json(content)
            results, following = _results(data), _after(data)
            if not whole(data):
                raise BrokenAnswerError("not the records that were asked for")
            if following and following == asked.after:
                raise BrokenAnswerError("a page that leads back to itself")
            sink.restart()
            sink.write(content)
            return Landed(len(results), following, int(data.get("total", -1)))

        return self._sent(asked, read)

    def _sent(self, asked: Asked, read: Callable[[Any], T]) -> T:
        return self.session.send(
            asked.method, asked.path, read, params=asked.params, body=asked.body
        )


def _whole_list(response: requests.Response) -> list[Any]:
    """Return a list that comes on one page; nothing that is listed so is ever empty."""
    data = parse_json(response.content)
    found = _results(data)
    if not found or _after(data):
        raise BrokenAnswerError("not the whole list")
    return found


def _total(response: requests.Response) -> int:
    """Return how many records a search finds."""
    data = parse_json(response.content)
    if not isinstance(data, dict) or not isinstance(data.get("total"), int):
        raise BrokenAnswerError("no total")
    return int(data["total"])


def _results(data: Any) -> list[Any]:
    """Return the records of a page."""
    if not isinstance(data, dict) or not isinstance(data.get("results"), list):
        raise BrokenAnswerError("no page of records")
    found: list[Any] = data["results"]
    return found


def _after(data: Mapping[str, Any]) -> str:
    """Return where a list goes on: only this tells its end, never a short page."""
    following = (data.get("paging") or {}).get("next") or {}
    return str(following.get("after") or "")


def _covers(data: Mapping[str, Any], ids: Sequence[str]) -> bool:
    """Return whether a batch tells of every record: what became of it, or that it has gone."""
    told = {str(each.get("id")) for each in data["results"]}
    return told | _told_apart(data, "ids") >= set(ids)


def _told_apart(data: Mapping[str, Any], name: str) -> set[str]:
    """Return the records of a batch of which there is nothing: gone, or linked to nothing."""
    contexts = [error.get("context") or {} for error in data.get("errors") or ()]
    return {str(each) for context in contexts for each in context.get(name, ())}
