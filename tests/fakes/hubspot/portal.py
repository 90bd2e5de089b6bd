"""The records of a portal, filled from the files of a warehouse copy of one."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: Kinds of records, by the file that they come from.
_FILES = {
    "deal": "deals",
    "company": "companies",
    "contact": "contacts",
    "engagement_call": "calls",
    "engagement_email": "emails",
    "engagement_meeting": "meetings",
    "engagement_note": "notes",
    "engagement_task": "tasks",
    "lead": "leads",
}
#: Columns of the copy that are properties under another name.
_RENAMED = {
    "deal_pipeline_id": "pipeline",
    "deal_pipeline_stage_id": "dealstage",
    "owner_id": "hubspot_owner_id",
}
_IDS = ("id", "deal_id", "engagement_id", "lead_id")
csv.field_size_limit(1 << 24)  # a cell may hold more than the library thinks wise
_NO_PROPERTIES = (*_IDS, "is_deleted", "type")
#: Types of links that HubSpot defines; the first one of a deal or contact is its primary company.
_LINK_TYPES = {
    ("deals", "companies"): 5,
    ("deals", "contacts"): 3,
    ("contacts", "companies"): 1,
}
#: Users have numbers of their own, apart from those of owners.
USER_OFFSET = 50_000_000


@dataclass
class Record:
    """One record."""

    id: str
    properties: dict[str, str | None]
    archived: bool = False
    history: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))


class FakePortal:
    """What a portal holds.

    Args:
        folder: Files of a warehouse copy.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.number, self.pages = 8_765_432, "app-eu1.hubspot.com"
        self.pipelines = self._pipelines()
        self.owners = self._owners()
        self.objects: dict[str, dict[str, Record]] = {name: {} for name in _FILES.values()}
        self.links: dict[tuple[str, str], dict[str, list[tuple[str, int]]]] = {}
        for file, name in _FILES.items():
            for row in self._rows(file):
                record = self._record(row)
                self.objects[name][record.id] = record
        self.logins = self._logins()
        self._history()
        self._links()

    def properties(self, name: str) -> list[str]:
        """Return the names of all properties that records of a kind have."""
        found = {"hs_object_id"}
        for record in self.objects[name].values():
            found |= record.properties.keys()
        return sorted(found)

    def edit(
        self,
        kind: str,
        numbers: list[str],
        properties: dict[str, str] | None = None,
        *,
        at: str = "",
        was: dict[str, list[dict[str, Any]]] | None = None,
        archived: bool | None = None,
        erased: bool = False,
    ) -> None:
        """Let somebody change some records: what they say or said, or whether they are there."""
        for number in numbers:
            if erased:
                self.objects[kind].pop(number, None)
                continue
            record = self.objects[kind].setdefault(number, Record(number, {}))
            stamp = "lastmodifieddate" if kind == "contacts" else "hs_lastmodifieddate"
            record.properties |= {**(properties or {}), **({stamp: at} if at else {})}
            record.history |= was or {}
            record.archived = record.archived if archived is None else archived

    def drop_property(self, kind: str, name: str) -> None:
        """Let somebody delete a property."""
        for record in self.objects[kind].values():
            record.properties.pop(name, None)
            record.history.pop(name, None)

    def _rows(self, file: str) -> list[dict[str, str]]:
        path = self._folder / f"{file}.csv"
        if not path.exists():
            return []
        with path.open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    def _pipelines(self) -> dict[str, dict[str, Any]]:
        """Return the pipelines by label; their ids are not their labels."""
        found: dict[str, dict[str, Any]] = {}
        for row in self._rows("deal_pipeline_stage"):
            label = row["pipeline_id"]
            pipeline = found.setdefault(
                label,
                {
                    "id": str(70_000 + len(found)) if found else "default",
                    "label": label,
                    "displayOrder": len(found),
                    "archived": False,
                    "stages": [],
                },
            )
            pipeline["stages"].append(
                {
                    "id": row["stage_id"],
                    "label": row["label"],
                    "displayOrder": int(row["display_order"]),
                    "metadata": {
                        "isClosed": row["is_closed"],
                        "probability": str(float(row["probability"] or 0)),
                    },
                    "archived": False,
                }
            )
        return found

    def _owners(self) -> list[dict[str, Any]]:
        teams = {row["id"]: row["name"] for row in self._rows("team")}
        of_owner = {row["owner_id"]: row["team_id"] for row in self._rows("owner_team")}
        owners = []
        for row in self._rows("owner"):
            team = of_owner.get(row["owner_id"])
            gone = row.get("is_active") == "false"
            user = int(row["owner_id"]) + USER_OFFSET
            owners.append(
                {
                    "id": row["owner_id"],
                    "email": row["email"],
                    "type": "PERSON",
                    "firstName": row["first_name"],
                    "lastName": row["last_name"],
                    "userId": None if gone else user,
                    "userIdIncludingInactive": user,
                    "createdAt": row["created_at"],
                    "updatedAt": row["created_at"],
                    "archived": gone,
                    "teams": [{"id": team, "name": teams[team], "primary": True}] if team else [],
                }
            )
        return owners

    def _record(self, row: dict[str, str]) -> Record:
        properties: dict[str, str | None] = {}
        for column, value in row.items():
            if column not in _NO_PROPERTIES:
                name = _RENAMED.get(column, column).removeprefix("property_")
                properties[name] = value or None
        if properties.get("pipeline") in self.pipelines:
            properties["pipeline"] = self.pipelines[str(properties["pipeline"])]["id"]
        for name in ("hs_created_by_user_id", "hs_updated_by_user_id"):
            if author := properties.get(name):
                properties[name] = str(int(author) + USER_OFFSET)
        number = next(row[name] for name in _IDS if name in row)
        return Record(number, properties, row.get("is_deleted") == "true")

    def _logins(self) -> list[dict[str, Any]]:
        return [
            {
                "id": row["id"],
                "userId": int(row["user_id"]) + USER_OFFSET,
                "email": "",
                "loginAt": row["login_at"],
                "loginSucceeded": row["login_succeeded"] == "true",
                "ipAddress": "192.0.2.1",
                "countryCode": "fr",
                "userAgent": "Mozilla/5.0",
            }
            for row in self._rows("login")
        ]

    def _history(self) -> None:
        for row in self._rows("deal_property_history"):
            record = self.objects["deals"].get(row["deal_id"])
            if record is None or not row["name"]:
                continue
            user = row["source_id"].removeprefix("userId:")
            version: dict[str, Any] = {
                "value": row["value"],
                "timestamp": row["timestamp"],
                "sourceType": row["source"],
            }
            if user:
                number = int(user) + USER_OFFSET
                version |= {"sourceId": f"userId:{number}", "updatedByUserId": number}
            record.history[row["name"]].insert(0, version)  # the newest comes first

    def _links(self) -> None:
        for (source, target), kind in _LINK_TYPES.items():
            one, other = _singular(source), _singular(target)
            for row in self._rows(f"{one}_{other}"):
                self._link(source, row[f"{one}_id"], target, row[f"{other}_id"], kind)
        kinds = {
            number: name
            for name in ("calls", "emails", "meetings", "notes", "tasks")
            for number in self.objects[name]
        }
        for target in ("deals", "companies", "contacts"):
            other = _singular(target)
            for row in self._rows(f"engagement_{other}"):
                if row["engagement_id"] in kinds:
                    source = kinds[row["engagement_id"]]
                    self._link(source, row["engagement_id"], target, row[f"{other}_id"], 200)

    def _link(self, source: str, one: str, target: str, other: str, kind: int) -> None:
        if self.objects[source][one].archived:
            return  # what is archived is linked to nothing any more
        self.links.setdefault((source, target), {}).setdefault(one, []).append((other, kind))


def _singular(name: str) -> str:
    return "company" if name == "companies" else name.removesuffix("s")
