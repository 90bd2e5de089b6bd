"""The transport: the last thing before the network, and the proof that nothing is written.

Whatever sends through a session, our own code or a library, ends here. A request whose verb and
path nobody listed is refused before a byte leaves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class WriteRefusedError(RuntimeError):
    """A request that is not on the list was about to be sent: a fault of ours, never the user's."""


@dataclass(frozen=True)
class Allowed:
    """Requests that may leave besides GET.

    Attributes:
        method: For example ``POST``.
        path: Pattern that the whole path must match.
    """

    method: str
    path: re.Pattern[str]


@dataclass(frozen=True)
class Patience:
    """How long an answer may take, in seconds.

    Attributes:
        connect: Until the connection stands.
        read: Between two pieces of the answer.
    """

    connect: float = 5.0
    read: float = 60.0


@dataclass(eq=False)
class ReadOnlyTransport(HTTPAdapter):
    """Sends GET and what is listed, over HTTPS, with timeouts and without retries of its own.

    Args:
        allowed: What may leave besides GET.
        patience: Timeouts for requests that bring none.
        hosts: Host to the address it is really reached at, for libraries that make up addresses.
        connections: Connections kept open.
    """

    allowed: Iterable[Allowed]
    patience: Patience = field(default_factory=Patience)
    hosts: Mapping[str, str] = field(default_factory=dict)
    connections: int = 8

    def __post_init__(self) -> None:
        super().__init__(
            max_retries=0, pool_connections=self.connections, pool_maxsize=self.connections
        )

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        """Send a request that is on the list.

        Raises:
            WriteRefusedError: If it is not.
        """
        request.url = self._reached_at(str(request.url))
        self._check(str(request.method), request.url)
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = (self.patience.connect, self.patience.read)
        return super().send(request, *args, **kwargs)

    def _reached_at(self, url: str) -> str:
        parts = urlsplit(url)
        origin = self.hosts.get(parts.netloc)
        return (
            url if origin is None else origin + url[url.index(parts.netloc) + len(parts.netloc) :]
        )

    def _check(self, method: str, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            raise WriteRefusedError(f"not encrypted: {parts.scheme}://{parts.hostname}")
        listed = any(a.method == method and a.path.fullmatch(parts.path) for a in self.allowed)
        if method != "GET" and not listed:
            raise WriteRefusedError(f"{method} {parts.path} is not on the list")
