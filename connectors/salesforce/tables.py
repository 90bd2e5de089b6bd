"""From the pages of a pull to tables of text in the engine, as if they had been files."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import Any

from connectors.engines.duckdb import Engine, identifier, literal
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
from connectors.intake.raw_table import RawTable
from connectors.salesforce.completion import Completion
from connectors.salesforce.objects import SYSTEM
from connectors.salesforce.plan import SERVICE, ObjectPlan
from connectors.snapshot import Note

_LONGEST_CELL = 8 * 1024 * 1024


def raw_tables(
    store: PageStore, plans: Sequence[ObjectPlan], engine: Engine
) -> tuple[list[RawTable], list[Note]]:
    """Load every object of a pull; return its tables, and what to say of them.

    Args:
        store: The pull; its pages are believed.
        plans: What was asked for.
        engine: Receives one relation an object.
    """
    rows = {plan.name: rows_of(store, plan) for plan in plans if plan.of.completes}
    # In the order of names, as files of an export are read, so that ties are broken alike.
    named = sorted((p for p in plans if not p.of.completes), key=lambda plan: plan.name)

    def make() -> tuple[list[RawTable], list[Note]]:
        completion = Completion(engine, rows)
        tables = [_raw_table(store, plan, engine, at, completion) for at, plan in enumerate(named)]
        return tables, completion.notes

    return in_little_memory(engine, store, make)


def distinct_records(store: PageStore, plan: ObjectPlan) -> int:
    """Return how many records the pages of an object hold, each counted once."""
    engine = Engine()
    try:
        rows = rows_of(store, plan)
        return int(engine.value(f'select count(distinct "Id") from ({rows})'))
    finally:
        engine.close()


def _raw_table(
    store: PageStore, plan: ObjectPlan, engine: Engine, at: int, completion: Completion
) -> RawTable:
    relation = f"raw_{at}"
    pages = store.of(plan.name)
    shown = [name for name in plan.fields if name not in plan.service]
    served = [name for name in plan.of.serves if name in plan.fields]
    columns = [f"{identifier(name)} as c{n}" for n, name in enumerate([*shown, *served])]
    if len({page.part for page in pages}) > 1:
        columns += [f"{identifier(name)} as {STAMP}" for name in SERVICE if name in plan.fields]
    ordered = ", ".join(f"{identifier(name)} {way}".strip() for name, way in plan.order)
    order = f" order by {ordered}" if ordered and plan.bulk else ""
    text = f"{relation}_text"
    engine.run(
        f"create or replace temp table {text} as select {', '.join(columns)}"
        f" from ({rows_of(store, plan)}){order}"
    )
    key = f"c{shown.index('Id')}"
    expected = sum(page.rows for page in pages)
    loaded = require_all(engine, store, text, key, plan.name, expected)
    keep_latest(engine, text, key, loaded)
    completion.apply(plan.name, text, {name: f"c{n}" for n, name in enumerate([*shown, *served])})
    for n in range(len(shown), len(shown) + len(served)):
        engine.run(f"alter table {text} drop column c{n}")
    return table_of_text(engine, relation, plan.name, shown, SYSTEM)


def rows_of(store: PageStore, plan: ObjectPlan) -> str:
    """Return SQL over all pages of an object, one text column a field."""
    pages = store.of(plan.name)
    selects = [
        *_json_rows(store, plan, [page for page in pages if page.file.endswith(".json")]),
        *_csv_rows(store, plan, [page for page in pages if page.file.endswith(".csv")]),
    ]
    nothing = ", ".join(f"cast(null as varchar) as {identifier(name)}" for name in plan.fields)
    return " union all by name ".join(selects) or f"select {nothing} limit 0"


def _json_rows(store: PageStore, plan: ObjectPlan, pages: Sequence[Page]) -> Iterator[str]:
    pages = [page for page in pages if page.rows]
    if not pages:
        return
    form: dict[str, Any] = {}
    items = []
    for name in plan.fields:
        parent, point, child = name.partition(".")
        if point:
            form.setdefault(parent, {})[child] = TEXT
            items.append(f"r.{identifier(parent)}.{identifier(child)} as {identifier(name)}")
        else:
            form[name] = TEXT
            items.append(f"r.{identifier(name)} as {identifier(name)}")
    yield f"select {', '.join(items)} from {rows_of_json(store, pages, 'records', form)}"


def _csv_rows(store: PageStore, plan: ObjectPlan, pages: Sequence[Page]) -> Iterator[str]:
    """Pages of a job with one header are read together; a field that vanished has its own."""
    by_header: dict[tuple[str, ...], list[Page]] = {}
    for page in pages:
        by_header.setdefault(_header(store, page), []).append(page)
    for header, members in by_header.items():
        files = ", ".join(literal(str(store.path(page))) for page in members)
        columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in header)
        shown = ", ".join(identifier(name) for name in plan.fields if name in header)
        yield (
            f"select {shown} from read_csv([{files}], auto_detect = false, header = true,"
            f" columns = {{{columns}}}, delim = ',', quote = '\"', escape = '\"',"
            f" new_line = '\\n', max_line_size = {_LONGEST_CELL}, null_padding = false)"
        )


def _header(store: PageStore, page: Page) -> tuple[str, ...]:
    with store.path(page).open(encoding="utf-8-sig", newline="") as file:
        return tuple(next(csv.reader(file)))
