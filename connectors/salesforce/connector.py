"""A Salesforce org as a source: pulled live, or read from the folder of an earlier pull."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from connectors.base import Stage, unwatched
from connectors.http.earlier_pull import newest_fitting
from connectors.http.folders import stores
from connectors.http.limiter import Clock, Window
from connectors.http.live import Live
from connectors.http.pages import PageStore
from connectors.http.pulled import Pulled
from connectors.http.quota import Meter
from connectors.http.session import Grant, Session
from connectors.http.survey import Survey
from connectors.record_links import record_url
from connectors.salesforce.answers import judge, usage_of, usage_of_limits
from connectors.salesforce.org import Org
from connectors.salesforce.pull import Options, Pull, plans_of
from connectors.salesforce.settings import SalesforceSource
from connectors.salesforce.setup import notes_of_rules
from connectors.salesforce.sign_in import library_hosts, signed_in
from connectors.salesforce.survey import survey
from connectors.salesforce.tables import raw_tables
from connectors.snapshot import Availability

if TYPE_CHECKING:
    from connectors.engines.duckdb import Engine
    from connectors.intake.raw_table import RawTable
    from connectors.snapshot import Snapshot

#: Calls a second: far below what an org bears.
_RATE = 20


class PulledOrg(Pulled):
    """The folder of a finished pull of an org."""

    system = "salesforce"

    def tables(self, store: PageStore, engine: Engine) -> list[RawTable]:
        """Return what was pulled, as tables of text."""
        tables, notes = raw_tables(store, plans_of(store), engine)
        self.notes += [*notes, *notes_of_rules(store)]
        return tables

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


class Salesforce(Live[SalesforceSource]):
    """An org that is pulled."""

    system = "salesforce"
    service = "Salesforce"
    #: Signing in, and beginning a bulk query.
    posts = (
        re.compile(r"/services/oauth2/token"),
        re.compile(r"/services/data/v\d+\.0/jobs/query"),
    )
    request_id = "X-SFDC-Request-Id"
    settings = SalesforceSource
    pulled = PulledOrg
    judge = staticmethod(judge)
    usage = staticmethod(usage_of)

    def record_url(self, table: str, record_id: str) -> str | None:
        """Return the address of a record on the org's own host."""
        return record_url(self.source.host, table, record_id)

    def _bring(self, session: Session, meter: Meter, store: PageStore) -> None:
        org = Org(session, self.source.api_version)
        meter.read(usage_of_limits(org.limits()))
        earlier = newest_fitting(stores(self.folder), store, ["api_version"])
        Pull(org, store, self._options(), self.watch, earlier).run()

    def _look(self, session: Session, meter: Meter, store: PageStore) -> Survey:
        return survey(Org(session, self.source.api_version), meter, self._options(), store)

    def _options(self) -> Options:
        source = self.source
        return Options(source.readers, source.bulk_from, self.named, source.parallel_from)

    def _way_of_asking(self) -> dict[str, str]:
        return {"api_version": self.source.api_version}

    def _window(self, clock: Clock) -> Window:
        return Window(_RATE, 1.0, clock)

    def _hosts(self) -> Mapping[str, str]:
        return library_hosts(self.source)

    def _sign_in(self, http: requests.Session) -> Grant:
        return signed_in(self.source, self._secret(self.source.secret), http)

    def _is_renewable(self) -> bool:
        return self.source.sign_in != "access-token"
