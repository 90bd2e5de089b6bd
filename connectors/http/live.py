"""An account as a source: pulled live into a folder, which is then read like that of any pull."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

import requests

from connectors.base import Stage, Watch, unseen, unwatched
from connectors.http.advice import Advice, Answer
from connectors.http.folders import opened
from connectors.http.limiter import Clock, Limiter, Window
from connectors.http.log import RequestLog
from connectors.http.pages import PageStore
from connectors.http.pulled import Pulled
from connectors.http.quota import Meter, Quota, Usage
from connectors.http.read_only import Allowed, Patience, ReadOnlyTransport
from connectors.http.retries import RetryPolicy
from connectors.http.session import Access, Grant, Session
from connectors.intake.mapping import ExportMapping

if TYPE_CHECKING:
    from connectors.engines.duckdb import Engine
    from connectors.http.survey import Survey
    from connectors.snapshot import Snapshot


class LiveSettings(Protocol):
    """What ``auditor.yaml`` says about an account of any service."""

    @property
    def host(self) -> str:
        """Where the service answers."""
        ...

    @property
    def readers(self) -> int:
        """Kinds of records that are pulled at the same time."""
        ...

    @property
    def timeout(self) -> float:
        """Seconds between two pieces of an answer before it is given up."""
        ...

    @property
    def quota(self) -> Quota:
        """When to stop for the sake of others."""
        ...

    @property
    def pulls(self) -> str:
        """Folder for what is pulled, beside ``auditor.yaml``."""
        ...


SettingsT = TypeVar("SettingsT", bound=LiveSettings)


class Live(ABC, Generic[SettingsT]):
    """An account that is pulled.

    Args:
        name: Name of the source in ``auditor.yaml``.
        source: What stands there.
        secret: Returns the secret that a place names, when it is needed.
        folder: Where pulls of this source are kept.
        now: Present moment.
        mapping: What the user told about stages and columns.
        time_zone: Time zone of the organisation (IANA name).
        named: Fields of the account that the settings name, by canonical table.
        watch: Told, after every page, what has come.
        clock: Makes the clock of a pull.
    """

    system: ClassVar[str]
    service: ClassVar[str]
    #: Paths to which a POST may leave.
    posts: ClassVar[Sequence[re.Pattern[str]]]
    #: Header in which the service names a request.
    request_id: ClassVar[str]
    #: What ``auditor.yaml`` says about an account.
    settings: ClassVar[type[Any]]
    #: Reads the folder of a pull.
    pulled: ClassVar[type[Pulled]]

    def __init__(
        self,
        name: str,
        source: SettingsT,
        secret: Callable[[str], str],
        *,
        folder: Path,
        now: datetime,
        mapping: ExportMapping | None = None,
        time_zone: str = "UTC",
        named: Mapping[str, Collection[str]] | None = None,
        watch: Watch = unseen,
        clock: Callable[[], Clock] = Clock,
    ) -> None:
        self.name, self.source, self.folder, self.now = name, source, folder, now
        self.mapping, self.time_zone = mapping or ExportMapping(), time_zone
        self.named, self.watch = named or {}, watch
        self._secret, self._clock = secret, clock

    @property
    def label(self) -> str:
        """As it is named on the command line."""
        return f"{self.system}:{self.name}"

    def extract(self, engine: Engine, workdir: Path, stage: Stage = unwatched) -> Snapshot:
        """Pull the account, or go on with a pull that was stopped, and load it.

        Args:
            engine: Empty engine, not locked yet.
            workdir: Folder of this audit for temporary files.
            stage: Told when it begins to ``pull``, to ``read`` and to ``type``.

        Raises:
            SourceUnreachableError: If the service does not give everything; what came is kept.
            PermissionDeniedError: If it refuses the sign-in.
            QuestionError: If only the user can tell which stages mean won and lost.
        """
        with stage("pull"):
            store = self.pull()
        pulled = self.pulled(store.folder, self.mapping, time_zone=self.time_zone)
        return pulled.extract(engine, workdir, stage)

    def record_url(self, table: str, record_id: str) -> str | None:
        """Return the address of a record, or None where only a pull tells it."""
        return None

    def pull(self) -> PageStore:
        """Bring every page to disk, and return where they are."""
        header = {
            "system": self.system,
            "source": self.label,
            "host": self.source.host,
            **self._way_of_asking(),
        }
        store = opened(self.folder, header, self.now)
        log = RequestLog(store.log_file)
        clock, meter = self._clock(), self._meter()
        try:
            self._bring(self.session(clock, log, meter), meter, store)
            store.update(finished=self.now.isoformat(timespec="seconds"))
        finally:
            log.close()
        return store

    def survey(self, workdir: Path) -> Survey:
        """Return what a pull would bring, cost and miss; nothing is pulled.

        Args:
            workdir: Folder for temporary files.

        Raises:
            SourceUnreachableError: If the service does not answer.
            PermissionDeniedError: If it refuses the sign-in.
        """
        clock, meter = self._clock(), self._meter()
        store = PageStore.create(workdir / "survey", {})
        found = self._look(self.session(clock, RequestLog(), meter), meter, store)
        return replace(found, daily_most=meter.most, daily_used=meter.used)

    def session(self, clock: Clock, log: RequestLog, meter: Meter) -> Session:
        """Return the only way out: read-only, with limits, retries and one renewal."""
        transport = ReadOnlyTransport(
            [Allowed("POST", path) for path in self.posts],
            Patience(read=self.source.timeout),
            self._hosts(),
        )
        http = requests.Session()
        for scheme in ("https://", "http://"):
            http.mount(scheme, transport)
        window = self._window(clock)

        def observe(answer: Answer) -> None:
            meter.observe(answer)
            self._heed(answer, window)

        return Session(
            http,
            Access(lambda: self._sign_in(http), renewable=self._is_renewable()),
            self.judge,
            service=self.label,
            limiter=Limiter(window, self.source.readers),
            policy=RetryPolicy(),
            log=log,
            request_id=self.request_id,
            observe=observe,
            permit=meter.permit,
        )

    def _meter(self) -> Meter:
        return Meter(self.source.quota, self.usage, self.service)

    def _hosts(self) -> Mapping[str, str]:
        """Return where the hosts that a library makes up really are."""
        return {}

    def _heed(self, answer: Answer, window: Window) -> None:
        """Take over what an answer tells of how many requests are allowed."""
        return None

    @staticmethod
    @abstractmethod
    def judge(answer: Answer) -> Advice:
        """Say what an answer asks for."""

    @staticmethod
    @abstractmethod
    def usage(answer: Answer) -> Usage | None:
        """Return the daily calls that an answer tells; None where it tells nothing."""

    @abstractmethod
    def _way_of_asking(self) -> dict[str, str]:
        """Return what a pull must agree with, besides the account, to be gone on with."""

    @abstractmethod
    def _window(self, clock: Clock) -> Window:
        """Return how many requests in what time."""

    @abstractmethod
    def _sign_in(self, http: requests.Session) -> Grant:
        """Sign in."""

    @abstractmethod
    def _is_renewable(self) -> bool:
        """Return whether signing in again can give another token."""

    @abstractmethod
    def _bring(self, session: Session, meter: Meter, store: PageStore) -> None:
        """Bring every page to disk."""

    @abstractmethod
    def _look(self, session: Session, meter: Meter, store: PageStore) -> Survey:
        """Look at the account; the store takes nothing but the plan."""
