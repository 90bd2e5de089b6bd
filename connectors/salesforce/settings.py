"""What ``auditor.yaml`` says about a Salesforce org, under ``sources``."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from connectors.errors import RefusedValueError
from connectors.http.quota import Quota
from connectors.http.secrets import SecretPlace

#: Version of the API that is asked for; one per release, printed in the report.
API_VERSION = "62.0"
#: Records from which several pages of a bulk result are read at a time. Salesforce tells the
#: addresses of five pages a call, so it takes a fifth more calls: below, time is not worth them.
PARALLEL_FROM = 10_000_000

SignIn = Literal["client-credentials", "jwt", "access-token"]

_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_LOOPBACK = re.compile(r"http://(127\.0\.0\.1|localhost)(:\d+)?")


def _host(text: str) -> str:
    """Return the origin of a host as people write it: with or without ``https://``."""
    if _LOOPBACK.fullmatch(text):
        return text
    bare = text.removeprefix("https://").rstrip("/")
    if not _HOST.fullmatch(bare):
        raise RefusedValueError(
            '"{host}" is no host of an org',
            next_step="Write the My Domain of the org, for example acme.my.salesforce.com.",
            host=text,
        )
    return f"https://{bare.lower().replace('.lightning.force.com', '.my.salesforce.com')}"


class SalesforceSource(BaseModel):
    """One org.

    Attributes:
        system: Tells this source from others.
        host: My Domain of the org.
        sign_in: How to sign in.
        consumer_key: Of the External Client App; not for access tokens.
        user: Name of the integration user, for ``jwt``.
        secret: Where the consumer secret, the private key or the access token is.
        sandbox: Whether signed tokens are for a sandbox.
        api_version: Version of the API.
        bulk_from: Records from which an object is pulled as a bulk job.
        parallel_from: Records from which several pages of a bulk result are read at a time.
        readers: Objects that are pulled at the same time.
        timeout: Seconds between two pieces of an answer before it is given up.
        quota: When to stop.
        pulls: Folder for what is pulled, beside ``auditor.yaml``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    system: Literal["salesforce"]
    host: Annotated[str, AfterValidator(_host)]
    sign_in: SignIn
    consumer_key: str | None = None
    user: str | None = None
    secret: SecretPlace
    sandbox: bool = False
    api_version: Annotated[str, Field(pattern=r"^\d{2,3}\.0$")] = API_VERSION
    bulk_from: Annotated[int, Field(ge=0)] = 20_000
    parallel_from: Annotated[int, Field(ge=1)] = PARALLEL_FROM
    readers: Annotated[int, Field(ge=1, le=8)] = 3
    timeout: Annotated[float, Field(gt=0)] = 60.0
    quota: Quota = Quota()
    pulls: str = "pulls"

    @model_validator(mode="before")
    @classmethod
    def _no_passwords(cls, data: Any) -> Any:
        if isinstance(data, dict) and {"password", "security_token"} & data.keys():
            raise RefusedValueError(
                "signing in to Salesforce with a password is not offered: it is switched off in new"
                " orgs, closed from version 65 of the API, and ends for all in summer 2027",
                next_step="Create an External Client App and use sign_in: client-credentials or"
                " jwt; docs/salesforce.md shows how. Replace the password if it stood here.",
            )
        return data

    @model_validator(mode="after")
    def _complete(self) -> SalesforceSource:
        needed = {"client-credentials": ("consumer_key",), "jwt": ("consumer_key", "user")}
        for name in needed.get(self.sign_in, ()):
            if not getattr(self, name):
                raise RefusedValueError(
                    "{name} is missing for sign_in: {way}",
                    next_step="Add it; docs/salesforce.md shows where to find it.",
                    name=name,
                    way=self.sign_in,
                )
        return self
