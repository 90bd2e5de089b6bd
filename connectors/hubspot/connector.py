"""A HubSpot portal as a source: pulled live, or read from the folder of an earlier pull."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.base import Stage, Watch, unseen, unwatched
from connectors.http.pulled import Pulled
from connectors.hubspot.settings import HubSpotSource
from connectors.intake.mapping import ExportMapping

if TYPE_CHECKING:
    from connectors.engines.duckdb import Engine
    from connectors.http.advice import Answer
    from connectors.http.limiter import Clock
    from connectors.http.log import RequestLog
    from connectors.http.pages import PageStore
    from connectors.http.quota import Meter
    from connectors.http.retries import RetryPolicy
    from connectors.http.survey import Survey
    from connectors.hubspot.portal import Portal
    from connectors.hubspot.pull import Options
    from connectors.intake.raw_table import RawTable
    from connectors.snapshot import Snapshot

#: Requests that may leave besides GET: signing in, and questions too long for an address.
ALLOWED_POSTS = (
    re.compile(r"/oauth/v1/token"),
    re.compile(r"/oauth/v2/private-apps/get/access-token-info"),
    re.compile(r"/crm/(v3/objects|objects/2026-03)/[a-z]+/(batch/read|search)"),
    re.compile(r"/crm/(v4/associations|associations/2026-03)/[a-z]+/[a-z]+/batch/read"),
)
#: Calls in ten seconds until the portal tells how many it allows; a little more time than that,
#: because the network makes requests that left apart arrive together.
_MOST, _SPAN = 100, 10.2


class HubSpot:
    """A portal that is pulled.

    Args:
        name: Name of the source in ``auditor.yaml``.
        source: What stands there.
        secret: Returns the secret that a place names, when it is needed.
        folder: Where pulls of this source are kept.
        now: Present moment.
        mapping: What the user told about stages and columns.
        time_zone: Time zone of the organisation (IANA name).
        named: Properties that the settings name, by canonical table.
        policy: How often, and how long to wait.
        watch: Told, after every page, what has come.
    """

    def __init__(
        self,
        name: str,
        source: HubSpotSource,
        secret: Callable[[str], str],
        *,
        folder: Path,
        now: datetime,
        mapping: ExportMapping | None = None,
        time_zone: str = "UTC",
        named: Mapping[str, Collection[str]] | None = None,
        policy: RetryPolicy | None = None,
        watch: Watch = unseen,
    ) -> None:
        self.name, self.source, self.folder, self.now = name, source, folder, now
        self.mapping, self.time_zone = mapping or ExportMapping(), time_zone
        self._secret, self._policy, self._watch = secret, policy, watch
        self._named = named or {}

    def extract(self, engine: Engine, workdir: Path, stage: Stage = unwatched) -> Snapshot:
        """Pull the portal, or go on with a pull that was stopped, and load it.

        Args:
            engine: Empty engine, not locked yet.
            workdir: Folder of this audit for temporary files.
            stage: Told when it begins to ``pull``, to ``read`` and to ``type``.

        Raises:
            SourceUnreachableError: If HubSpot does not give everything; what came is kept.
            PermissionDeniedError: If it refuses the sign-in.
            QuestionError: If only the user can tell which stages mean won and lost.
        """
        with stage("pull"):
            store = self.pull()
        return PulledPortal(store.folder, self.mapping, time_zone=self.time_zone).extract(
            engine, workdir, stage
        )

    def record_url(self, table: str, record_id: str) -> str | None:
        """Return None: only a pull tells the number of the portal and its host."""
        return None

    def pull(self) -> PageStore:
        """Bring every page to disk, and return where they are."""
        from connectors.http.folders import opened
        from connectors.http.limiter import Clock
        from connectors.http.log import RequestLog
        from connectors.hubspot.pull import Pull

        header = {
            "system": "hubspot",
            "source": f"hubspot:{self.name}",
            "host": self.source.host,
            "paths": self.source.paths,
        }
        store = opened(self.folder, header, self.now)
        log = RequestLog(store.log_file)
        clock = Clock()
        try:
            portal = self.portal(clock, log, self._meter())
            Pull(portal, store, clock, self._options(), self._watch).run()
            store.update(finished=self.now.isoformat(timespec="seconds"))
        finally:
            log.close()
        return store

    def survey(self, workdir: Path) -> Survey:
        """Return what a pull would bring, cost and miss; nothing is pulled.

        Args:
            workdir: Folder for temporary files.
        """
        from connectors.http.limiter import Clock
        from connectors.http.log import RequestLog
        from connectors.hubspot.survey import survey

        clock, meter = Clock(), self._meter()
        portal = self.portal(clock, RequestLog(), meter)
        return survey(portal, meter, clock, self._options(), workdir)

    def portal(self, clock: Clock, log: RequestLog, meter: Meter) -> Portal:
        """Return the portal behind a read-only session."""
        import requests

        from connectors.http.limiter import Limiter, Window
        from connectors.http.read_only import Allowed, Patience, ReadOnlyTransport
        from connectors.http.retries import RetryPolicy
        from connectors.http.session import Access, Session
        from connectors.hubspot.answers import allowed_in_ten_seconds, judge
        from connectors.hubspot.portal import Portal
        from connectors.hubspot.sign_in import signed_in

        source = self.source
        transport = ReadOnlyTransport(
            [Allowed("POST", path) for path in ALLOWED_POSTS], Patience(read=source.timeout)
        )
        http = requests.Session()
        for scheme in ("https://", "http://"):
            http.mount(scheme, transport)
        window = Window(_MOST, _SPAN, clock)

        def observe(answer: Answer) -> None:
            meter.observe(answer)
            if most := allowed_in_ten_seconds(answer):
                window.allow(most)

        session = Session(
            http,
            Access(
                lambda: signed_in(source, self._secret, http), renewable=source.sign_in == "oauth"
            ),
            judge,
            service=f"hubspot:{self.name}",
            limiter=Limiter(window, source.readers),
            policy=self._policy or RetryPolicy(),
            log=log,
            request_id="X-HubSpot-Correlation-Id",
            observe=observe,
            permit=meter.permit,
        )
        return Portal(session, source.paths)

    def _meter(self) -> Meter:
        from connectors.http.quota import Meter
        from connectors.hubspot.answers import usage_of

        return Meter(self.source.quota, usage_of, "HubSpot")

    def _options(self) -> Options:
        from connectors.hubspot.pull import Options

        return Options(readers=self.source.readers, named=self._named)


class PulledPortal(Pulled):
    """The folder of a finished pull of a portal."""

    system = "hubspot"

    def tables(self, store: PageStore, engine: Engine) -> list[RawTable]:
        """Return what was pulled, as tables of text."""
        from connectors.hubspot.pull import plans_of
        from connectors.hubspot.tables import raw_tables

        return raw_tables(store, plans_of(store), engine)

    def host(self, header: Mapping[str, Any]) -> str:
        """Return the pages of the portal, on the host of its region."""
        return f"https://{header.get('pages')}/contacts/{header.get('portal')}"
