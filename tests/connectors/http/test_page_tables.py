"""From pages to tables of text: in little memory, each record once, none without an id."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from connectors.engines.duckdb import Engine
from connectors.errors import InputError
from connectors.http.page_tables import (
    STAMP,
    TEXT,
    in_little_memory,
    keep_latest,
    require_all,
    rows_of_json,
)
from connectors.http.pages import Landed, PageStore, Sink

FORM = {"id": TEXT, "told": {"name": TEXT, "size": TEXT}, "to": [{"id": TEXT}]}


@pytest.fixture
def store(tmp_path: Path) -> PageStore:
    """The folder of a pull."""
    return PageStore.create(tmp_path / "pull", {})


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """An engine that may write to disk."""
    return Engine(tmp_path)


def land(store: PageStore, *records: object) -> None:
    """Let a page of records come."""

    def write(sink: Sink) -> Landed:
        sink.write(json.dumps({"results": records}).encode())
        return Landed(len(records))

    store.land("deals", "all", len(store.pages), ".json", write)


def test_records_are_read_in_the_order_of_their_pages(store: PageStore, engine: Engine) -> None:
    land(store, {"id": "1", "told": {"name": "é", "size": 1.5}, "more": [1]}, {"id": 2})
    land(store, {"id": "3", "told": None, "to": [{"id": 7}, {"id": "8"}]})
    read = rows_of_json(store, store.pages, "results", FORM)
    assert engine.rows(f"select r.id, r.told.name, r.told.size, len(r.to) from {read}") == [
        ("1", "é", "1.5", None),
        ("2", None, None, None),
        ("3", None, None, 2),
    ]
    none = rows_of_json(store, [], "results", FORM)
    assert engine.rows(f"select r.id, r.told.name, len(r.to) from {none}") == []


@pytest.mark.parametrize("record", ["text", {"name": "Acme"}, {"id": None}, None])
def test_a_record_without_an_id_is_no_record(
    store: PageStore, engine: Engine, record: object
) -> None:
    land(store, {"id": "1"}, record)
    read = rows_of_json(store, store.pages, "results", FORM)
    engine.run(f"create temp table text as select r.id as c0 from {read}")
    with pytest.raises(InputError, match="deals holds 1 records where 2 came"):
        require_all(engine, store, "text", "c0", "deals", 2)


def test_each_record_stays_once_as_it_was_last_saved(engine: Engine) -> None:
    engine.run(
        "create temp table text as select unnest(['a', 'b', 'a', 'c', 'b', 'a']) as c0,"
        f" unnest([1, 2, 3, 4, 5, 6]) as c1, unnest(['2', '1', '3', null, '1', '1']) as {STAMP}"
    )
    keep_latest(engine, "text", "c0", 6)
    assert engine.rows("select rowid, * from text") == [(0, "a", 3), (1, "c", 4), (2, "b", 5)]


def test_what_takes_more_than_little_memory_is_made_anew_with_all_there_is(
    store: PageStore, engine: Engine
) -> None:
    limits = []

    def make() -> str:
        limits.append(engine.value("select current_setting('memory_limit')"))
        if len(limits) == 1:
            engine.value("select length(string_agg(repeat('x', 100000), '')) from range(3000)")
        return "made"

    assert in_little_memory(engine, store, make) == "made"
    assert len(set(limits)) == len(limits) == 2
    assert engine.value("select current_setting('memory_limit')") == limits[1]
