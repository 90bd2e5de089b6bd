"""``auditor.yaml``: what the user settled, checked strictly, with paths made absolute."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from auditor.audit_day import is_day_choice
from auditor.sections import ExportEntry, FileContent
from checks.profile import Profile
from connectors.errors import ConfigurationError, MappingError
from connectors.intake.mapping import ExportMapping
from connectors.model import TABLES
from connectors.yaml_file import Document, checked, parse_yaml, read_yaml

FILE_NAME = "auditor.yaml"

L = TypeVar("L", bound=BaseModel)


@dataclass(frozen=True)
class Configuration:
    """What ``auditor.yaml`` says; every default when there is none.

    Attributes:
        file: The file, or None.
        content: What it says.
        document: The same with line numbers, for complaints.
    """

    file: Path | None = None
    content: FileContent = field(default_factory=FileContent)
    document: Document = field(default_factory=lambda: parse_yaml("", FILE_NAME))

    @property
    def profile(self) -> Profile:
        """Every threshold in force."""
        return self.content.profile

    @property
    def mapping(self) -> ExportMapping:
        """What the user settled about files, columns and stages."""
        return ExportMapping(tables=self.content.tables, stages=self.content.stages)

    @property
    def folder(self) -> Path:
        """Folder of the file; what it names is relative to that."""
        return self.file.parent if self.file else Path()

    @property
    def sources(self) -> list[tuple[str, str]]:
        """Each source of the file: its name, and what the command line calls it.

        An export that is only listed is called by its file, without its ending.
        """
        return [
            (Path(name).stem if name == entry.path else name, str(self._beside(entry.path)))
            if isinstance(entry, ExportEntry)
            else (name, f"{entry.system}:{name}")
            for name, entry in self.content.sources.items()
        ]

    @contextmanager
    def placing_refusals(self) -> Iterator[None]:
        """Enclose the reading of an export: what it lacks is named with file and line of ours."""
        try:
            yield
        except MappingError as error:
            error.where = f"{self.document.name}:{self.document.line(*error.place)}"
            raise

    def live(self, name: str, kind: type[L], system: str) -> L:
        """Return what the file says about an account.

        Args:
            name: Its name there.
            kind: What describes an account of its system.
            system: What the system is called.

        Raises:
            ConfigurationError: If the file does not name it.
        """
        entry = self.content.sources.get(name)
        if isinstance(entry, kind):
            return entry
        known = [each for each, e in self.content.sources.items() if isinstance(e, kind)]
        if self.file is None or not known:
            raise ConfigurationError(
                "no account of {system} is named in {file}",
                next_step="Add it there under sources:; docs/{page}.md shows how.",
                file=self.file or FILE_NAME,
                system=system,
                page=system.lower(),
            )
        what = 'no account of {system} is named "{name}"'
        raise self.document.unknown(what, name, known, "sources", system=system)

    @property
    def history(self) -> Path | None:
        """File that keeps the audits, or None."""
        section = self.content.history
        return self._beside(section.file) if section else None

    @property
    def checks_dir(self) -> Path | None:
        """Folder of the user's own checks.

        Raises:
            ConfigurationError: If the folder that the file names does not exist.
        """
        if self.profile.checks_dir is None:
            return None
        folder = self._beside(self.profile.checks_dir)
        if not folder.is_dir():
            raise ConfigurationError(
                "the folder of checks {folder} does not exist",
                where=str(self.file),
                next_step="Correct profile.checks_dir; it is relative to this file.",
                folder=self.profile.checks_dir,
            )
        return folder

    def _beside(self, name: str) -> Path:
        return self.folder / name


def find_configuration(source: Path | None) -> Path | None:
    """Return the ``auditor.yaml`` in the export's folder, else that of the working folder."""
    folders = [source] if source is not None and source.is_dir() else []
    for folder in (*folders, Path()):
        with suppress(PermissionError):  # a folder that may not be read is said by who reads it
            if (folder / FILE_NAME).is_file():
                return folder / FILE_NAME
    return None


def load_configuration(file: Path | None) -> Configuration:
    """Read a configuration; every default when ``file`` is None.

    Raises:
        ConfigurationError: If the file says something that is not understood.
    """
    if file is None:
        return Configuration()
    document = read_yaml(file, str(file))
    _check_names(document)
    content = checked(FileContent, document)
    if content.as_of is not None and not is_day_choice(content.as_of):
        step = "Write a day such as 2026-06-30, or latest, or today."
        raise document.error("as_of is no day", "as_of", next_step=step)
    return Configuration(file, content, document)


def _check_names(document: Document) -> None:
    """Complain about tables and fields that do not exist, on the line where they stand."""
    for table, mapping in _entries(document.data, "tables"):
        if table not in TABLES:
            raise document.unknown('unknown table "{name}"', table, TABLES, "tables", table)
        fields = [column.name for column in TABLES[table].columns]
        for section in ("columns", "dates"):
            for field_name, _ in _entries(mapping, section):
                if field_name not in fields:
                    place = ("tables", table, section, field_name)
                    kind = 'unknown field "{name}" for {table}'
                    raise document.unknown(kind, field_name, fields, *place, table=table)


def _entries(data: Any, key: str) -> list[tuple[str, Any]]:
    """Return the entries of a section; none where it is absent or not what it should be."""
    section = data.get(key) if isinstance(data, dict) else None
    return list(section.items()) if isinstance(section, dict) else []
