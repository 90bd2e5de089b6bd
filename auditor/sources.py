"""What can be audited: an export, an account that is pulled, or the folder of an earlier pull."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from connectors.base import Stage, Watch, unseen, unwatched
from connectors.errors import ConfigurationError, InputError

if TYPE_CHECKING:
    from auditor.config import Configuration
    from connectors.base import Connector
    from connectors.engines.duckdb import Engine
    from connectors.http.pulled import Pulled
    from connectors.http.survey import Survey
    from connectors.snapshot import Snapshot

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


def pulled_folder(folder: Path) -> type[Pulled]:
    """Return what reads the folder of a pull.

    Raises:
        InputError: If no system that is known made it.
    """
    from connectors.http.pages import PageStore

    system = PageStore(folder).header.get("system")
    if system == "salesforce":
        from connectors.salesforce.connector import PulledOrg

        return PulledOrg
    if system == "hubspot":
        from connectors.hubspot.connector import PulledPortal

        return PulledPortal
    raise InputError(
        "this folder holds a pull from a system that is not known",
        where=folder.name,
        next_step="Audit it with the version that pulled it.",
    )


class LiveConnector(Protocol):
    """A connector that can also say what it would pull."""

    def extract(self, engine: Engine, workdir: Path, stage: Stage = unwatched) -> Snapshot:
        """Pull and load."""
        ...

    def record_url(self, table: str, record_id: str) -> str | None:
        """Return the address of a record."""
        ...

    def survey(self, workdir: Path) -> Survey:
        """Return what a pull would bring, cost and miss."""
        ...


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

    def connector(self, configuration: Configuration, watch: Watch = unseen) -> LiveConnector:
        """Return what pulls it."""
        return _LIVE[self.system](self, configuration, watch)

    def secret(self, place: str, configuration: Configuration) -> str:
        """Return the secret that a place names."""
        from connectors.http.secrets import read_secret

        return read_secret(place, self.environment, configuration.folder)


def _salesforce(live: LiveSource, configuration: Configuration, watch: Watch) -> LiveConnector:
    from connectors.salesforce.connector import Salesforce
    from connectors.salesforce.settings import SalesforceSource

    source = configuration.live(live.name, SalesforceSource, SYSTEMS[live.system])
    return Salesforce(
        live.name,
        source,
        lambda: live.secret(source.secret, configuration),
        folder=configuration.folder / source.pulls / live.name,
        now=live.now,
        mapping=configuration.mapping,
        time_zone=configuration.profile.time_zone,
        named=named_fields(configuration),
        watch=watch,
    )


def _hubspot(live: LiveSource, configuration: Configuration, watch: Watch) -> LiveConnector:
    from connectors.hubspot.connector import HubSpot
    from connectors.hubspot.settings import HubSpotSource

    source = configuration.live(live.name, HubSpotSource, SYSTEMS[live.system])
    return HubSpot(
        live.name,
        source,
        lambda place: live.secret(place, configuration),
        folder=configuration.folder / source.pulls / live.name,
        now=live.now,
        mapping=configuration.mapping,
        time_zone=configuration.profile.time_zone,
        named=named_fields(configuration),
        watch=watch,
    )


_LIVE = {"salesforce": _salesforce, "hubspot": _hubspot}


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
