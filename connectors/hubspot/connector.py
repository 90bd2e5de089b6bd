"""A HubSpot portal as a source: pulled live, or read from the folder of an earlier pull."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import requests

from connectors.http.advice import Answer
from connectors.http.earlier_pull import newest_fitting
from connectors.http.folders import stores
from connectors.http.limiter import Clock, Window
from connectors.http.live import Live
from connectors.http.pages import PageStore
from connectors.http.pulled import Pulled
from connectors.http.quota import Meter
from connectors.http.session import Grant, Session
from connectors.http.survey import Survey
from connectors.hubspot.answers import allowed_in_ten_seconds, judge, usage_of
from connectors.hubspot.portal import Portal
from connectors.hubspot.pull import Options, Pull, plans_of
from connectors.hubspot.settings import HubSpotSource
from connectors.hubspot.sign_in import signed_in
from connectors.hubspot.survey import survey
from connectors.hubspot.tables import raw_tables

if TYPE_CHECKING:
    from connectors.engines.duckdb import Engine
    from connectors.intake.raw_table import RawTable

#: Calls in ten seconds until the portal tells how many it allows; its clock is not quite ours.
_MOST, _SPAN = 100, 10.05


class PulledPortal(Pulled):
    """The folder of a finished pull of a portal."""

    system = "hubspot"

    def tables(self, store: PageStore, engine: Engine) -> list[RawTable]:
        """Return what was pulled, as tables of text."""
        tables, notes = raw_tables(store, plans_of(store), engine)
        self.notes += notes
        return tables

    def host(self, header: Mapping[str, Any]) -> str:
        """Return the pages of the portal, on the host of its region."""
        return f"https://{header.get('pages')}/contacts/{header.get('portal')}"


class HubSpot(Live[HubSpotSource]):
    """A portal that is pulled."""

    system = "hubspot"
    service = "HubSpot"
    #: Signing in, and questions too long for an address.
    posts = (
        re.compile(r"/oauth/v1/token"),
        re.compile(r"/oauth/v2/private-apps/get/access-token-info"),
        re.compile(r"/crm/(v3/objects|objects/2026-03)/[a-z]+/(batch/read|search)"),
        re.compile(r"/crm/(v4/associations|associations/2026-03)/[a-z]+/[a-z]+/batch/read"),
    )
    request_id = "X-HubSpot-Correlation-Id"
    settings = HubSpotSource
    pulled = PulledPortal
    judge = staticmethod(judge)
    usage = staticmethod(usage_of)

    def _bring(self, session: Session, meter: Meter, store: PageStore) -> None:
        portal = Portal(session, self.source.paths)
        earlier = newest_fitting(stores(self.folder), store, ["paths"])
        Pull(portal, store, self._options(), self.watch, earlier).run()

    def _look(self, session: Session, meter: Meter, store: PageStore) -> Survey:
        portal = Portal(session, self.source.paths)
        return survey(portal, self._options(), store, self.source.sign_in)

    def _options(self) -> Options:
        return Options(self.source.readers, self.named)

    def _way_of_asking(self) -> dict[str, str]:
        return {"paths": self.source.paths}

    def _window(self, clock: Clock) -> Window:
        return Window(_MOST, _SPAN, clock)

    def _heed(self, answer: Answer, window: Window) -> None:
        if most := allowed_in_ten_seconds(answer):
            window.allow(most)

    def _sign_in(self, http: requests.Session) -> Grant:
        return signed_in(self.source, self._secret, http)

    def _is_renewable(self) -> bool:
        return self.source.sign_in == "oauth"
