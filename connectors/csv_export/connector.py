"""CSV files, workbooks and zips as a source of records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from connectors.base import Stage, unwatched
from connectors.intake.inferred import InferredMapping, question_error
from connectors.intake.mapping import ExportMapping

if TYPE_CHECKING:
    from connectors.engines.duckdb import Engine
    from connectors.snapshot import Snapshot


class CsvExport:
    """An export of a CRM: a folder, a file, a workbook or a zip.

    Args:
        path: Where the export lies.
        mapping: What the user told about it; the rest is inferred.
        time_zone: Time zone of the organisation (IANA name); stamps without a zone are
            read in it.
    """

    def __init__(
        self,
        path: Path,
        mapping: ExportMapping | None = None,
        *,
        time_zone: str = "UTC",
    ) -> None:
        self.path = path
        self.mapping = mapping or ExportMapping()
        self.time_zone = time_zone

    def extract(self, engine: Engine, workdir: Path, stage: Stage = unwatched) -> Snapshot:
        """Load every table that the export holds.

        Args:
            engine: Empty engine, not locked yet.
            workdir: Folder of this audit for temporary files.
            stage: Told when it begins to ``read`` and to ``type``.

        Raises:
            InputError: If nothing in the export can be read.
            ConfigurationError: If the mapping names a file or header that does not exist.
            QuestionError: If only the user can decide an order of day and month, or which
                stages mean won and lost; all such questions at once.
        """
        from connectors.csv_export.load import load_export

        loaded = load_export(self.path, engine, workdir, self.mapping, self.time_zone, stage=stage)
        if loaded.inferred.questions:
            raise question_error(self.path.name, loaded.inferred.questions)
        return loaded.snapshot

    def record_url(self, table: str, record_id: str) -> str | None:
        """Return None: an export does not tell the address of its CRM."""
        return None


def infer_mapping(
    path: Path, engine: Engine, workdir: Path, mapping: ExportMapping | None = None
) -> InferredMapping:
    """Return how an export would be read, with the questions that are still open.

    Args:
        path: Where the export lies.
        engine: Empty engine; the export is loaded into it.
        workdir: Folder for temporary files.
        mapping: What the user told already.

    Raises:
        InputError: If nothing in the export can be read.
        ConfigurationError: If the mapping names a file or header that does not exist.
    """
    from connectors.csv_export.load import load_export

    return load_export(path, engine, workdir, mapping or ExportMapping(), "UTC").inferred
