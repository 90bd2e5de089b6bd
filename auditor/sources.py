"""What can be audited: an export, an account that is pulled, or the folder of an earlier pull."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from connectors.base import Watch, unseen
from connectors.errors import ConfigurationError, InputError

if TYPE_CHECKING:
    from auditor.config import Configuration
    from connectors.base import Connector
    from connectors.http.live import Live
    from connectors.http.pulled import Pulled

#: What each live system is called.
SYSTEMS = {"salesforce": "Salesforce", "hubspot": "HubSpot"}


class Source(Protocol):
    """Something that records come from."""

    @property
    def label(self) -> str:
        """Its name in results, never an absolute path."""
        ...

    def connector(self, configuration: Configuration, watch: Watch = unseen) -> Connector:
        """Return what reads it.

        Args:
            configuration: What ``auditor.yaml`` says.
            watch: Told what comes while a live source is pulled.
        """
        ...


@dataclass(frozen=True)
class FolderSource:
    """An export, or the folder of a pull.

    Attributes:
        path: Where it lies.
    """

    path: Path

    @property
    def label(self) -> str:
        """The name of the file or folder; for a pull, that of its source."""
        from connectors.http.folders import is_pull
        from connectors.http.pages import PageStore

        if is_pull(self.path):
            return str(PageStore(self.path).header["source"])
        return self.path.resolve().name

    def connector(self, configuration: Configuration, watch: Watch = unseen) -> Connector:
        """Return what reads it."""
        from connectors.http.folders import is_pull

        zone = configuration.profile.time_zone
        if is_pull(self.path):
            return pulled_folder(self.path)(self.path, configuration.mapping, time_zone=zone)
        from connectors.csv_export.connector import CsvExport

        return CsvExport(self.path, configuration.mapping, time_zone=zone)


def live_system(system: str) -> type[Live[Any]]:
    """Return what pulls accounts of a system, and reads the folders of its pulls.

    Raises:
        KeyError: If the system is not known.
    """
    if system == "salesforce":
        from connectors.salesforce.connector import Salesforce

        return Salesforce
    if system == "hubspot":
        from connectors.hubspot.connector import HubSpot

        return HubSpot
    raise KeyError(system)


def pulled_folder(folder: Path) -> type[Pulled]:
    """Return what reads the folder of a pull.

    Raises:
        InputError: If no system that is known made it.
    """
    from connectors.http.pages import PageStore

    try:
        return live_system(str(PageStore(folder).header.get("system"))).pulled
    except KeyError as error:
        raise InputError(
            "this folder holds a pull from a system that is not known",
            where=folder.name,
            next_step="Audit it with the version that pulled it.",
        ) from error


@dataclass(frozen=True)
class LiveSource:
    """An account that ``auditor.yaml`` names under ``sources``.

    Attributes:
        system: The system that it is an account of.
        name: Its name there.
        environment: Variables of the process, where secrets may be.
        now: Present moment.
    """

    system: str
    name: str
    environment: Mapping[str, str]
    now: datetime

    @property
    def label(self) -> str:
        """As it is named on the command line."""
        return f"{self.system}:{self.name}"

    def connector(self, configuration: Configuration, watch: Watch = unseen) -> Live[Any]:
        """Return what pulls it."""
        from connectors.http.secrets import read_secret

        kind = live_system(self.system)
        source = configuration.live(self.name, kind.settings, SYSTEMS[self.system])
        return kind(
            self.name,
            source,
            lambda place: read_secret(place, self.environment, configuration.folder),
            folder=configuration.folder / source.pulls / self.name,
            now=self.now,
            mapping=configuration.mapping,
            time_zone=configuration.profile.time_zone,
            named=named_fields(configuration),
            watch=watch,
        )


def named_fields(configuration: Configuration) -> dict[str, set[str]]:
    """Return the fields that settings name, by canonical table, in whatever words they do."""
    profile = configuration.profile
    named: dict[str, set[str]] = {}
    for table, required in profile.required_fields.items():
        listed = (required.critical, required.important, required.other, required.from_first_third)
        for entry in chain(*listed, *required.by_stage.values()):
            named.setdefault(table, set()).update(name.strip() for name in entry.split("|"))
    for table, mapping in configuration.mapping.tables.items():
        named.setdefault(table, set()).update(mapping.columns.values())
    for place in profile.values:
        table, _, name = place.partition(".")
        named.setdefault(table, set()).add(name)
    if folder := configuration.checks_dir:
        from checks.authoring.catalogue import load_catalogue, source_columns

        for table, names in source_columns(load_catalogue(folder)).items():
            named.setdefault(table, set()).update(names)
    return named


def find_source(word: str, environment: Mapping[str, str], now: datetime) -> Source:
    """Return what a word of the command line names: ``hubspot:NAME``, or a path."""
    system, colon, name = word.partition(":")
    if colon and system in SYSTEMS and not Path(word).exists():
        if not name:
            raise ConfigurationError(
                "{word} names no source",
                next_step="Write {system}:NAME, with a name from sources: in auditor.yaml.",
                word=word,
                system=system,
            )
        return LiveSource(system, name, environment, now)
    return FolderSource(Path(word))
