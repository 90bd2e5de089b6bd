"""From the pages of a pull to tables of text in the engine, as if they had been files.

HubSpot speaks of users where it means who did something, of owners where it means whose a record
is, and of pipelines by number: the tables speak of owners, and of pipelines by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connectors.engines.duckdb import Engine, identifier, literal
from connectors.http.earlier_pull import EARLIER
from connectors.http.page_tables import (
    STAMP,
    TEXT,
    in_little_memory,
    keep_latest,
    require_all,
    rows_of_json,
    table_of_text,
)
from connectors.http.pages import Page, PageStore
from connectors.hubspot.currencies import Currencies
from connectors.hubspot.objects import SYSTEM
from connectors.hubspot.plan import ObjectPlan
from connectors.hubspot.pull import LOGINS, OWNERS, PIPELINES
from connectors.hubspot.reader import history_of, in_batches, links_of, values_of
from connectors.intake.raw_table import RawTable
from connectors.snapshot import Note

#: Properties that hold the number of something else, the relation that tells of it, its number
#: there and what is meant by it.
_MEANT = {
    "hs_created_by_user_id": ("pulled_users", "user_id", "owner_id"),
    "hs_updated_by_user_id": ("pulled_users", "user_id", "owner_id"),
    "pipeline": ("pulled_pipelines", "id", "label"),
}
#: Types of links that single out one of several: the primary company of a deal, of a contact.
_PRIMARY = ("5", "1")

_OWNER = {
    **dict.fromkeys(("id", "email", "firstName", "lastName", "userId"), TEXT),
    **dict.fromkeys(("userIdIncludingInactive", "createdAt", "archived"), TEXT),
    "teams": [dict.fromkeys(("id", "name", "primary"), TEXT)],
}
_STAGE = {
    **dict.fromkeys(("id", "label", "displayOrder"), TEXT),
    "metadata": dict.fromkeys(("isClosed", "probability"), TEXT),
}
_LOGIN = dict.fromkeys(("id", "userId", "loginAt", "loginSucceeded"), TEXT)
_PIPELINE = {"id": TEXT, "label": TEXT, "stages": [_STAGE]}
_VERSION = dict.fromkeys(("value", "timestamp", "sourceType", "updatedByUserId"), TEXT)
_LINK = {
    "from": {"id": TEXT},
    "to": [{"toObjectId": TEXT, "associationTypes": [{"typeId": TEXT}]}],
}


class _Tables:
    """Makes the tables of one pull."""

    def __init__(self, store: PageStore, plans: Sequence[ObjectPlan], engine: Engine) -> None:
        self.store, self.plans, self.engine = store, plans, engine
        self._made: list[RawTable] = []
        self.currencies = Currencies(engine, str(store.header.get("currency", "")))

    def all(self) -> list[RawTable]:
        """Return every table."""
        self._look_up()
        for plan in self.plans:
            if self.store.of(plan.name):
                self._records(plan)
            if self.store.of(history_of(plan.name)):
                self._history(plan)
        for target, sources in self._links_by_file().items():
            self._links(target, sources)
        if self.store.of(OWNERS):
            self._owners()
        if self.store.of(PIPELINES):
            self._stages()
        if self.store.of(LOGINS):
            self._logins()
        # In the order of names, as files of an export are read, so that ties are broken alike.
        return sorted(self._made, key=lambda table: table.name)

    def _look_up(self) -> None:
        """Create the relations that say which owner a user is, and what a pipeline is called."""
        owners = self._rows(self.store.of(OWNERS), _OWNER)
        self.engine.run(
            "create or replace temp table pulled_users as select"
            " coalesce(r.userIdIncludingInactive, r.userId) as user_id, min(r.id) as owner_id"
            f" from {owners} group by 1"
        )
        pipelines = self._rows(self.store.of(PIPELINES), _PIPELINE)
        self.engine.run(
            "create or replace temp table pulled_pipelines as"
            f" select r.id as id, min(r.label) as label from {pipelines} group by 1"
        )

    def _records(self, plan: ObjectPlan) -> None:
        apart = in_batches(self.store, plan.name)
        pages = self.store.of(values_of(plan.name) if apart else plan.name)
        pages.sort(key=lambda page: page.part != EARLIER)  # what came later goes before them
        told = dict.fromkeys(plan.properties or ("hs_object_id",), TEXT)
        form = {"id": TEXT, "properties": told, "updatedAt": TEXT, "archived": TEXT}
        shown = [name for name in plan.properties if name not in plan.of.also]
        also = [name for name in plan.properties if name in plan.of.also]
        headers = ["id", *shown, "is_deleted"]
        values = {name: f"properties.{identifier(name)}" for name in plan.properties}
        cells = ["id", *(values[name] for name in shown), "archived", *(values[n] for n in also)]
        relation, text = self._next()
        records = f"(select r.* from {self._rows(pages, form)})"
        self._fill(text, cells, records, f"updatedAt as {STAMP}")
        rows = sum(page.rows for page in pages)
        require_all(self.engine, self.store, text, "c0", plan.name, rows)
        keep_latest(self.engine, text, "c0", rows)
        columns = {name: f"c{n}" for n, name in enumerate([*headers, *also])}
        for name in _MEANT.keys() & set(shown):
            self._tell(text, columns[name], *_MEANT[name])
        if plan.name == "deals":
            self.currencies.convert(text, columns)
        for name in also:
            self.engine.run(f"alter table {text} drop column {columns[name]}")
        self._made.append(table_of_text(self.engine, relation, plan.name, headers, SYSTEM))

    def _tell(self, text: str, column: str, told: str, key: str, name: str) -> None:
        """Put what is meant in the place of a number; the rows stay in their order."""
        self.engine.run(
            f"update {text} as t set {column} = told.{name} from {told} as told"
            f" where told.{key} = t.{column}"
        )

    def _history(self, plan: ObjectPlan) -> None:
        pages = self.store.of(history_of(plan.name))
        form = {"id": TEXT, "propertiesWithHistory": {name: [_VERSION] for name in plan.history}}
        self.engine.run(
            f"create or replace temp table pulled_history as select r.* from"
            f" {self._rows(pages, form)}"
        )
        parts = (
            f"select id as record_id, {literal(name)} as name,"
            f" unnest(propertiesWithHistory.{identifier(name)}) as v from pulled_history"
            for name in plan.history
        )
        found = (
            f"(select distinct record_id, name, {self.currencies.changed} as value,"
            " v.timestamp as stamp, v.sourceType as source,"
            " coalesce(u.owner_id, v.updatedByUserId) as user_id"
            f" from ({' union all '.join(parts)}) left join pulled_users as u"
            " on u.user_id = v.updatedByUserId) order by stamp, record_id, name"
        )
        key = f"{plan.of.name.removesuffix('s')}_id"
        headers = [key, "name", "timestamp", "value", "source", "updated_by_user_id"]
        cells = ["record_id", "name", "stamp", "value", "source", "user_id"]
        self._make(history_of(plan.name), headers, cells, found)
        self.engine.run("drop table pulled_history")

    def _links_by_file(self) -> dict[tuple[str, str], list[str]]:
        """Return what is kept of links, by the file of pairs that it makes."""
        files: dict[tuple[str, str], list[str]] = {}
        for plan in self.plans:
            for target in plan.of.to:
                stored = links_of(plan.name, target)
                if self.store.of(stored):
                    files.setdefault((plan.of.linked_as, target), []).append(stored)
        return files

    def _links(self, file: tuple[str, str], stored: Sequence[str]) -> None:
        source, target = file
        pages = [page for name in stored for page in self.store.of(name)]
        primary = ", ".join(literal(kind) for kind in _PRIMARY)
        found = (
            '(select distinct r."from".id as key, t.toObjectId as value,'
            f" len(list_filter(t.associationTypes, lambda a: a.typeId in ({primary}))) > 0 as first"
            f' from (select r, unnest(r."to") as t from {self._rows(pages, _LINK)}))'
            " order by key, first desc, try_cast(value as bigint), value"
        )
        headers = [_key(source), _key(target)]
        self._make(f"{source}.{target}", headers, ["key", "value"], found)

    def _owners(self) -> None:
        rows = self._rows(self.store.of(OWNERS), _OWNER)
        headers = ["owner_id", "email", "first_name", "last_name", "is_active", "created_at"]
        cells = ["id", "email", "firstName", "lastName", "active", "createdAt"]
        # Who left is listed among the archived ones only; who came back, among both.
        found = (
            "(select r.*, case when r.archived = 'true' then 'false' else 'true' end as active"
            f" from {rows} qualify row_number() over (partition by r.id order by r.archived) = 1)"
            " order by id"
        )
        self._make(OWNERS, headers, cells, found)
        teams = f"(select distinct r.id as owner_id, unnest(r.teams) as t from {rows})"
        self._make(
            "teams",
            ["id", "name"],
            ["id", "name"],
            f"(select t.id as id, min(t.name) as name from {teams} group by 1) order by id",
        )
        self._make(
            "owners.teams",
            ["owner_id", "team_id", "is_team_primary"],
            ["owner_id", "t.id", 't."primary"'],
            f'{teams} order by owner_id, t."primary" desc, t.id',
        )

    def _stages(self) -> None:
        rows = self._rows(self.store.of(PIPELINES), _PIPELINE)
        headers = [
            "stage_id",
            "pipeline_id",
            "label",
            "display_order",
            "is_closed",
            "closed_won",
            "probability",
        ]
        cells = [
            "s.id",
            "pipeline",
            "s.label",
            "s.displayOrder",
            "s.metadata.isClosed",
            "case when s.metadata.isClosed = 'true' and try_cast(s.metadata.probability as double)"
            " = 1 then 'true' else 'false' end",
            "s.metadata.probability",
        ]
        found = f"(select distinct r.label as pipeline, unnest(r.stages) as s from {rows})"
        self._make(
            "stages",
            headers,
            cells,
            f"{found} order by pipeline, try_cast(s.displayOrder as integer), s.id",
        )

    def _logins(self) -> None:
        found = (
            "(select distinct r.id as id, coalesce(u.owner_id, r.userId) as user_id,"
            " r.loginAt as moment"
            f" from {self._rows(self.store.of(LOGINS), _LOGIN)} left join pulled_users as u"
            " on u.user_id = r.userId where r.loginSucceeded = 'true') order by moment, id"
        )
        self._make(LOGINS, ["id", "user_id", "login_at"], ["id", "user_id", "moment"], found)

    def _make(self, name: str, headers: Sequence[str], cells: Sequence[str], found: str) -> None:
        relation, text = self._next()
        self._fill(text, cells, found)
        self._made.append(table_of_text(self.engine, relation, name, headers, SYSTEM))

    def _next(self) -> tuple[str, str]:
        """Return the name of the next relation, and of the table of its text."""
        relation = f"raw_{len(self._made)}"
        return relation, f"{relation}_text"

    def _fill(self, text: str, cells: Sequence[str], found: str, *more: str) -> None:
        columns = [f"nullif({cell}, '') as c{n}" for n, cell in enumerate(cells)]
        self.engine.run(
            f"create or replace temp table {text} as select {', '.join([*columns, *more])}"
            f" from {found}"
        )

    def _rows(self, pages: Sequence[Page], form: Any) -> str:
        """Return SQL of the records on some pages, none where there are no pages."""
        return rows_of_json(self.store, [page for page in pages if page.rows], "results", form)


def raw_tables(
    store: PageStore, plans: Sequence[ObjectPlan], engine: Engine
) -> tuple[list[RawTable], list[Note]]:
    """Load every object of a pull; return its tables, and what to say of them.

    Args:
        store: The pull; its pages are believed.
        plans: What was asked for.
        engine: Receives one relation a table.
    """

    def make() -> tuple[list[RawTable], list[Note]]:
        tables = _Tables(store, plans, engine)
        return tables.all(), tables.currencies.notes

    return in_little_memory(engine, store, make)


def _key(name: str) -> str:
    """Return what a column of ids of an object is called in files of pairs."""
    singular = {"companies": "company", "engagements": "engagement"}
    return f"{singular.get(name, name.removesuffix('s'))}_id"
