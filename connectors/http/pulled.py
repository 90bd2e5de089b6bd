"""The folder of a finished pull as a source: what every service does with it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from connectors.base import Stage, unwatched
from connectors.errors import InputError
from connectors.intake.mapping import ExportMapping
from connectors.record_links import crm_address, record_url

if TYPE_CHECKING:
    from connectors.engines.duckdb import Engine
    from connectors.http.pages import PageStore
    from connectors.intake.raw_table import RawTable
    from connectors.snapshot import Note, Snapshot


class Pulled(ABC):
    """The folder of a finished pull.

    Args:
        folder: The folder.
        mapping: What the user told about stages and columns.
        time_zone: Time zone of the organisation (IANA name).
    """

    system: ClassVar[str]

    def __init__(
        self, folder: Path, mapping: ExportMapping | None = None, *, time_zone: str = "UTC"
    ) -> None:
        self.folder, self.time_zone = folder, time_zone
        self.mapping = mapping or ExportMapping()
        #: What the tables were told by, besides what came: filled while they are made.
        self.notes: list[Note] = []

    @abstractmethod
    def tables(self, store: PageStore, engine: Engine) -> list[RawTable]:
        """Return what was pulled, as tables of text."""

    @abstractmethod
    def host(self, header: Mapping[str, Any]) -> str:
        """Return where the records of the account can be opened."""

    def extract(self, engine: Engine, workdir: Path, stage: Stage = unwatched) -> Snapshot:
        """Load what was pulled.

        Raises:
            InputError: If the pull is not complete, or was changed since.
            QuestionError: If only the user can tell which stages mean won and lost.
        """
        from connectors.http.folders import finished
        from connectors.http.gaps import gaps_of, mark, required_of
        from connectors.intake.inferred import question_error
        from connectors.intake.load import load_tables

        with stage("read"):
            store = finished(self.folder)
            if store.header["system"] != self.system:
                raise InputError(
                    "this folder holds a pull from another system", where=self.folder.name
                )
            raws = self.tables(store, engine)
        with stage("type"):
            label = str(store.header["source"])
            loaded = load_tables(label, engine, self.mapping, self.time_zone, raws)
            if loaded.inferred.questions:
                raise question_error(label, loaded.inferred.questions)
            capabilities, provenance = loaded.snapshot.capabilities, loaded.snapshot.provenance
            mark(capabilities, gaps_of(store))
            capabilities.required |= required_of(store)
            provenance.link_base = crm_address(self.host(store.header))
            provenance.notes += self.notes
        return loaded.snapshot

    def record_url(self, table: str, record_id: str) -> str | None:
        """Return the address of a record on the account's own host."""
        from connectors.http.pages import PageStore

        return record_url(self.host(PageStore(self.folder).header), table, record_id)
