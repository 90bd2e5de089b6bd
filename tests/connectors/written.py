"""Small exports written for one test, and the way to load them."""

import csv
import os
import tempfile
from pathlib import Path

import pytest

from connectors.csv_export.load import load_export
from connectors.engines.duckdb import Engine
from connectors.intake.load import Loaded
from connectors.intake.mapping import ExportMapping

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data"


def shared_export(name):
    """Return a third party's export; skip without it, but fail where it must be there."""
    path = SHARED / name
    if not path.exists():
        reason = f"../shared/data/{name} is not here: tests on third-party exports are left out"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    return path


def write_csv(folder, name, headers, rows, *, encoding="utf-8", separator=","):
    path = Path(folder) / name
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow(headers)
        writer.writerows(rows)
    return path


def load(path, mapping=None, time_zone="UTC") -> Loaded:
    told = ExportMapping.model_validate(mapping or {})
    workdir = Path(tempfile.mkdtemp())
    return load_export(path, Engine(), workdir, told, time_zone)


def load_deals(folder, headers, rows, mapping=None, *, time_zone="UTC", name="deals.csv"):
    write_csv(folder, name, headers, rows)
    return load(Path(folder), mapping, time_zone)


def values(loaded, sql):
    """Return one column of the snapshot, in the order of the source where ``sql`` says so."""
    return [row[0] for row in loaded.snapshot.rows(sql)]


def fields(loaded, table):
    """Return canonical column to header, for the columns that are mapped."""
    return {
        column.column: column.header
        for column in reversed(loaded.inferred.columns)
        if column.table == table and column.reason not in ("kept", "supports")
    }
