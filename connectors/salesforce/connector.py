"""A Salesforce org as a source: pulled live, or read from the folder of an earlier pull."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.base import Stage, Watch, unseen, unwatched
from connectors.http.pulled import Pulled
from connectors.intake.mapping import ExportMapping
from connectors.record_links import record_url
from connectors.salesforce.settings import SalesforceSource
from connectors.snapshot import Availability

if TYPE_CHECKING:
    from connectors.engines.duckdb import Engine
    from connectors.http.limiter import Clock
    from connectors.http.log import RequestLog
    from connectors.http.pages import PageStore
    from connectors.http.quota import Meter
    from connectors.http.retries import RetryPolicy
    from connectors.http.survey import Survey
    from connectors.intake.raw_table import RawTable
    from connectors.salesforce.org import Org
    from connectors.salesforce.pull import Options
    from connectors.snapshot import Snapshot

#: Requests that may leave besides GET: signing in, and beginning a bulk query.
ALLOWED_POSTS = (
    re.compile(r"/services/oauth2/token"),
    re.compile(r"/services/data/v\d+\.0/jobs/query"),
)
#: Calls a second: far below what an org bears.
_RATE = 20


class Salesforce:
    """An org that is pulled.

    Args:
        name: Name of the source in ``auditor.yaml``.
        source: What stands there.
        secret: Returns the secret when it is needed.
        folder: Where pulls of this source are kept.
        now: Present moment.
        mapping: What the user told about stages and columns.
        time_zone: Time zone of the organisation (IANA name).
        named: Fields of the org that the settings name, by canonical table.
        first_look: Seconds before the first look at a bulk job.
        policy: How often, and how long to wait.
        watch: Told, after every page, what has come.
    """

    def __init__(
        self,
        name: str,
        source: SalesforceSource,
        secret: Callable[[], str],
        *,
        folder: Path,
        now: datetime,
        mapping: ExportMapping | None = None,
        time_zone: str = "UTC",
        named: Mapping[str, Collection[str]] | None = None,
        first_look: float = 0.5,
        policy: RetryPolicy | None = None,
        watch: Watch = unseen,
    ) -> None:
        self.name, self.source, self.folder, self.now = name, source, folder, now
        self.mapping, self.time_zone = mapping or ExportMapping(), time_zone
        self._secret, self._policy, self._watch = secret, policy, watch
        self._named, self._first_look = named or {}, first_look

    def extract(self, engine: Engine, workdir: Path, stage: Stage = unwatched) -> Snapshot:
        """Pull the org, or go on with a pull that was stopped, and load it.

        Args:
            engine: Empty engine, not locked yet.
            workdir: Folder of this audit for temporary files.
            stage: Told when it begins to ``pull``, to ``read`` and to ``type``.

        Raises:
            SourceUnreachableError: If Salesforce does not give everything; what came is kept.
            PermissionDeniedError: If it refuses the sign-in.
            QuestionError: If only the user can tell which stages mean won and lost.
        """
        with stage("pull"):
            store = self.pull()
        return PulledOrg(store.folder, self.mapping, time_zone=self.time_zone).extract(
            engine, workdir, stage
        )

    def record_url(self, table: str, record_id: str) -> str | None:
        """Return the address of a record on the org's own host."""
        return record_url(self.source.host, table, record_id)

    def pull(self) -> PageStore:
        """Bring every page to disk, and return where they are."""
        from connectors.http.folders import opened, stores
        from connectors.http.limiter import Clock
        from connectors.http.log import RequestLog
        from connectors.salesforce.answers import usage_of_limits
        from connectors.salesforce.earlier_pull import newest_fitting
        from connectors.salesforce.pull import Pull

        header = {
            "system": "salesforce",
            "source": f"salesforce:{self.name}",
            "host": self.source.host,
            "api_version": self.source.api_version,
        }
        store = opened(self.folder, header, self.now)
        log = RequestLog(store.log_file)
        clock, meter = Clock(), self._meter()
        try:
            org = self.org(clock, log, meter)
            meter.read(usage_of_limits(org.limits()))
            earlier = newest_fitting(stores(self.folder), store)
            Pull(org, store, clock, self._options(), self._watch, earlier).run()
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
        from connectors.salesforce.survey import survey

        clock, meter = Clock(), self._meter()
        org = self.org(clock, RequestLog(), meter)
        return survey(org, meter, clock, self._options(), workdir)

    def org(self, clock: Clock, log: RequestLog, meter: Meter) -> Org:
        """Return the org behind a read-only session."""
        import requests

        from connectors.http.limiter import Limiter, Window
        from connectors.http.read_only import Allowed, Patience, ReadOnlyTransport
        from connectors.http.retries import RetryPolicy
        from connectors.http.session import Access, Session
        from connectors.salesforce.answers import judge
        from connectors.salesforce.org import Org
        from connectors.salesforce.sign_in import library_hosts, signed_in

        source, readers = self.source, self._options().readers
        transport = ReadOnlyTransport(
            [Allowed("POST", path) for path in ALLOWED_POSTS],
            Patience(read=source.timeout),
            library_hosts(source),
        )
        http = requests.Session()
        http.trust_env = True
        for scheme in ("https://", "http://"):
            http.mount(scheme, transport)
        access = Access(
            lambda: signed_in(source, self._secret(), http),
            renewable=source.sign_in != "access-token",
        )
        session = Session(
            http,
            access,
            judge,
            service=f"salesforce:{self.name}",
            limiter=Limiter(Window(_RATE, 1.0, clock), readers),
            policy=self._policy or RetryPolicy(),
            log=log,
            request_id="X-SFDC-Request-Id",
            observe=meter.observe,
            permit=meter.permit,
        )
        return Org(session, source.api_version)

    def _meter(self) -> Meter:
        from connectors.http.quota import Meter
        from connectors.salesforce.answers import usage_of

        return Meter(self.source.quota, usage_of, "Salesforce")

    def _options(self) -> Options:
        from connectors.salesforce.pull import Options

        return Options(
            readers=self.source.readers,
            bulk_from=self.source.bulk_from,
            named=self._named,
            first_look=self._first_look,
        )


class PulledOrg(Pulled):
    """The folder of a finished pull of an org."""

    system = "salesforce"

    def tables(self, store: PageStore, engine: Engine) -> list[RawTable]:
        """Return what was pulled, as tables of text."""
        from connectors.salesforce.pull import plans_of
        from connectors.salesforce.tables import raw_tables

        return raw_tables(store, plans_of(store), engine)

    def host(self, header: Mapping[str, Any]) -> str:
        """Return the org's own host."""
        return str(header["host"])

    def extract(self, engine: Engine, workdir: Path, stage: Stage = unwatched) -> Snapshot:
        """Load what was pulled; a history that tells nothing of deals is taken for untracked."""
        snapshot = super().extract(engine, workdir, stage)
        tables = snapshot.capabilities.tables
        told = snapshot.rows("select 1 from field_history where table_name = 'deals' limit 1")
        if not told and snapshot.capabilities.table("field_history").observable:
            tables["field_history"] = Availability.NOT_TRACKED
        return snapshot
