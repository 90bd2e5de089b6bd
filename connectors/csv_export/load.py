"""Loading an export: its files to tables of text, and those to the snapshot."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from connectors.base import Stage, unwatched
from connectors.csv_export.files.raw_tables import open_tables
from connectors.engines.duckdb import Engine
from connectors.intake.load import Loaded, load_tables
from connectors.intake.mapping import ExportMapping


def load_export(
    path: Path,
    engine: Engine,
    workdir: Path,
    mapping: ExportMapping,
    time_zone: str,
    *,
    stage: Stage = unwatched,
) -> Loaded:
    """Read an export into the canonical tables of an empty engine.

    Open questions are returned, not raised; see ``load_tables``.

    Args:
        path: Folder, file, workbook or zip.
        engine: Empty engine, not locked yet.
        workdir: Folder for temporary files.
        mapping: What the user told.
        time_zone: Time zone of the organisation (IANA name).
        stage: Told when it begins to ``read`` and to ``type``.

    Raises:
        InputError: If nothing in it can be read.
        ConfigurationError: If the mapping names a file or header that does not exist.
    """
    with ExitStack() as copies:
        with stage("read"):
            raws, unused = open_tables(path, engine, workdir, copies)
        with stage("type"):
            return load_tables(path.name, engine, mapping, time_zone, raws, unused)
