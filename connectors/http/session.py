"""The only way out: waits its turn, sends, reads the whole answer, and does what it asks."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote

import requests

from connectors.errors import AuditorError, PermissionDeniedError, SourceUnreachableError
from connectors.http.advice import Advice, Answer, Judge, Move
from connectors.http.limiter import Limiter
from connectors.http.log import RequestLog
from connectors.http.retries import RetryPolicy

T = TypeVar("T")

#: Largest part of a body that a judge looks at.
_JUDGED = 100_000


class BrokenAnswerError(ValueError):
    """An answer with a good status whose body is cut or is not what it says it is."""


@dataclass(frozen=True)
class Grant:
    """What signing in gave.

    Attributes:
        token: Sent with every request; never shown.
        origin: Where requests go, for example ``https://acme.my.salesforce.com``.
    """

    token: str = field(repr=False)
    origin: str


@dataclass
class Access:
    """The token in force, renewed once for all callers when it expires.

    A token that was renewed and is refused before it ever served is not renewed again: signing in
    over and over may lock the user out.

    Args:
        sign_in: Signs in.
        renewable: Whether signing in again can give another token.
    """

    sign_in: Callable[[], Grant]
    renewable: bool = True

    def __post_init__(self) -> None:
        self._grant: Grant | None = None
        self._has_served = False
        self._lock = threading.Lock()
        self.sign_ins = 0

    def grant(self) -> Grant:
        """Return the token in force; sign in when there is none yet."""
        with self._lock:
            return self._grant or self._sign_in()

    def served(self, grant: Grant) -> None:
        """Note that a token was accepted."""
        if grant is self._grant:
            self._has_served = True

    def renew(self, stale: Grant) -> bool:
        """Replace a token that was refused; return False when that is not worth a try."""
        with self._lock:
            if self._grant is not stale:
                return True  # another caller was quicker
            if not self.renewable or not self._has_served:
                return False
            self._sign_in()
            return True

    def _sign_in(self) -> Grant:
        self.sign_ins += 1
        self._has_served = False
        self._grant = self.sign_in()
        return self._grant


class Session:
    """Sends requests to one account of a service.

    Args:
        http: Connections; its transport decides what may leave.
        access: The token.
        judge: Says what an answer asks for.
        service: Name of the service and the account, for messages.
        limiter: How fast and how many at once.
        policy: How often, and how long to wait.
        log: Where each request leaves a line.
        request_id: Header in which the service names a request.
        observe: Told every answer.
        permit: Asked before every request; raises to stop the pull.
    """

    def __init__(
        self,
        http: requests.Session,
        access: Access,
        judge: Judge,
        *,
        service: str,
        limiter: Limiter,
        policy: RetryPolicy,
        log: RequestLog,
        request_id: str = "",
        observe: Callable[[Answer], None] = lambda answer: None,
        permit: Callable[[], None] = lambda: None,
    ) -> None:
        self.access, self.limiter, self.log, self.service = access, limiter, log, service
        self._http, self._judge, self._policy = http, judge, policy
        self._request_id = request_id
        self._clock, self._observe, self._permit = limiter.clock, observe, permit

    def json(self, path: str, params: Mapping[str, str] | None = None) -> Any:
        """Return what a GET answers, as data."""
        return self.send("GET", path, read_json, params=params)

    def send(
        self,
        method: str,
        path: str,
        read: Callable[[requests.Response], T],
        *,
        params: Mapping[str, str] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> T:
        """Send a request until its answer can be taken.

        Args:
            method: The verb.
            path: From the root of the host on.
            read: Reads a good answer; raises ``BrokenAnswerError`` where it is not whole.
            params: The query.
            body: What is sent, as data.
            headers: More headers.

        Raises:
            SourceUnreachableError: If waiting did not help, or the limits are reached.
            PermissionDeniedError: If the token may not do this, or is not accepted.
        """
        attempt = 0
        while True:
            attempt += 1
            self._permit()
            grant = self.access.grant()
            with self.limiter.turn():
                result = self._attempt(
                    grant, method, path, read, params=params, body=body, headers=headers
                )
            if not isinstance(result, Advice):
                self.access.served(grant)
                return result
            advice = result
            if advice.narrow:
                self.limiter.narrow()
            if advice.move is Move.RENEW and self.access.renew(grant):
                attempt -= 1
                continue
            wait = self._policy.wait(attempt, advice.seconds)
            if advice.move is not Move.WAIT or wait is None:
                raise advice.error or self._refused(advice)
            self.log.note(self._clock.now(), f"waits {wait:.1f}s, attempt {attempt}")
            self._clock.sleep(wait)

    def _attempt(
        self,
        grant: Grant,
        method: str,
        path: str,
        read: Callable[[requests.Response], T],
        *,
        params: Mapping[str, str] | None,
        body: Any,
        headers: Mapping[str, str] | None,
    ) -> T | Advice:
        """Send once, and return what was read; whatever goes wrong on the way becomes advice."""
        start, moment = self._clock.ticks(), self._clock.now()
        outcome: object = ""
        size, request_id = 0, ""
        try:
            with self._http.request(
                method,
                grant.origin + path,
                params=params,
                json=body,
                headers={"Authorization": f"Bearer {grant.token}", **(headers or {})},
                stream=True,
                allow_redirects=False,
            ) as response:
                outcome, size = response.status_code, int(response.headers.get("Content-Length", 0))
                request_id = response.headers.get(self._request_id, "")
                if response.ok and not response.is_redirect:
                    self._observe(Answer(response.status_code, response.headers, b"", moment))
                    return read(response)
                content = response.content[:_JUDGED]
                answer = Answer(response.status_code, response.headers, content, moment)
                self._observe(answer)
                return self._judge(answer)
        except BrokenAnswerError:
            outcome = f"{outcome} broken"
            return Advice(Move.WAIT, error=self._error(_BROKEN))
        except requests.exceptions.SSLError:
            outcome = "certificate refused"
            return Advice(Move.STOP, error=self._error(_CERTIFICATE))
        except requests.exceptions.Timeout:
            outcome = "timeout"
            return Advice(Move.WAIT, error=self._error(_SILENT))
        except (requests.exceptions.RequestException, OSError) as error:
            outcome = f"{outcome} {type(error).__name__}".strip()
            return Advice(Move.WAIT, error=self._error(_UNREACHABLE))
        finally:
            self.log.line(
                moment,
                method,
                _without(grant.token, path),
                outcome,
                seconds=self._clock.ticks() - start,
                size=size,
                request_id=request_id,
            )

    def _error(self, what: str) -> SourceUnreachableError:
        return SourceUnreachableError(what, where=self.service, next_step=_LATER)

    def _refused(self, advice: Advice) -> AuditorError:
        if advice.move is Move.RENEW:
            return PermissionDeniedError(
                "the sign-in is not accepted any more",
                where=self.service,
                next_step="Check the credentials of this source, and run again: what was pulled is"
                " kept.",
            )
        return self._error(_UNREACHABLE)


_BROKEN = "answers were cut off or unreadable, several times in a row"
_CERTIFICATE = "the certificate of the server is not accepted"
_SILENT = "the server did not answer in time, several times in a row"
_UNREACHABLE = "the server cannot be reached"
_LATER = "Check the network, and run again: what was pulled is kept."


def _without(token: str, path: str) -> str:
    """Return a path without the token, which some services want in it, as it is or quoted."""
    return path.replace(token, "...").replace(quote(token, safe=""), "...")


def read_json(response: requests.Response) -> Any:
    """Return the body of an answer as data.

    Raises:
        BrokenAnswerError: If it is no JSON.
    """
    return parse_json(response.content)


def parse_json(content: bytes) -> Any:
    """Return JSON as data.

    Raises:
        BrokenAnswerError: If it is cut, or something else.
    """
    try:
        return json.loads(content)
    except ValueError as error:
        raise BrokenAnswerError("no JSON") from error
