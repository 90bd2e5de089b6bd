"""Signing in to the fake org: client credentials, signed tokens, sessions that expire."""

from __future__ import annotations

import base64
import threading
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import jwt

CONSUMER_KEY = "3MVG9fake.consumer.key"
CONSUMER_SECRET = "B7AF0000FAKE0000SECRET"
USER = "auditor@example.test"
#: A session that somebody else began, as the command line of Salesforce shows one.
GIVEN_TOKEN = "00DKz!given.token"


@dataclass
class Tokens:
    """Sessions of the fake org.

    Attributes:
        public_key: Certificate of the External Client App, as PEM.
        sign_ins: How often somebody signed in.
    """

    public_key: str = ""
    sign_ins: int = 0
    valid: set[str] = field(default_factory=lambda: {GIVEN_TOKEN})
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def accepts(self, authorization: str) -> bool:
        """Return whether a header holds a session that is alive."""
        return authorization.removeprefix("Bearer ") in self.valid

    def expire(self) -> None:
        """End every session."""
        with self._lock:
            self.valid.clear()

    def restore(self) -> None:
        """Let the session that was given live again."""
        with self._lock:
            self.valid = {GIVEN_TOKEN}

    def sign_in(self, body: str, authorization: str) -> tuple[int, dict[str, str]]:
        """Answer the token endpoint."""
        self.sign_ins += 1
        form = {key: values[0] for key, values in parse_qs(body).items()}
        grant = form.get("grant_type", "")
        if grant == "client_credentials":
            refused = self._client_credentials(authorization)
        elif grant == "urn:ietf:params:oauth:grant-type:jwt-bearer":
            refused = self._signed(form.get("assertion", ""))
        else:
            refused = ("unsupported_grant_type", "grant type not supported")
        if refused:
            return 400, {"error": refused[0], "error_description": refused[1]}
        with self._lock:
            token = f"00DKz!session.{self.sign_ins}"
            self.valid.add(token)
        return 200, {
            "access_token": token,
            "token_type": "Bearer",
            "instance_url": "https://acme.my.salesforce.com",
            "id": "https://login.salesforce.com/id/00DKz0000000001MAA/005Kz0000000001AAA",
        }

    def _client_credentials(self, authorization: str) -> tuple[str, str] | None:
        try:
            pair = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        except ValueError:
            pair = ""
        key, _, secret = pair.partition(":")
        if key != CONSUMER_KEY:
            return "invalid_client_id", "client identifier invalid"
        return (
            None if secret == CONSUMER_SECRET else ("invalid_client", "invalid client credentials")
        )

    def _signed(self, assertion: str) -> tuple[str, str] | None:
        audiences = ["https://login.salesforce.com"]
        try:
            claims = jwt.decode(
                assertion, self.public_key, algorithms=["RS256"], audience=audiences
            )
        except jwt.InvalidAudienceError:
            return "invalid_grant", "audience is invalid"
        except jwt.ExpiredSignatureError:
            return "invalid_grant", "expired authorization code"
        except (jwt.InvalidTokenError, ValueError):
            return "invalid_grant", "invalid assertion"
        if claims.get("iss") != CONSUMER_KEY:
            return "invalid_client_id", "client identifier invalid"
        if claims.get("sub") != USER:
            return "invalid_grant", "user hasn't approved this consumer"
        return None
