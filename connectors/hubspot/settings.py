"""What ``auditor.yaml`` says about a HubSpot portal, under ``sources``."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from connectors.errors import RefusedValueError
from connectors.http.quota import Quota
from connectors.http.secrets import SecretPlace
from connectors.hubspot.library import Paths

SignIn = Literal["private-app", "service-key", "oauth"]

_HOST = re.compile(r"(https://api(-[a-z0-9]+)?\.hubapi\.com)|(http://(127\.0\.0\.1|localhost):\d+)")


def _host(text: str) -> str:
    origin = text.rstrip("/") if "://" in text else f"https://{text.rstrip('/')}"
    if not _HOST.fullmatch(origin):
        raise RefusedValueError(
            '"{host}" is not where HubSpot answers',
            next_step="Leave host out: it is api.hubapi.com for every portal.",
            host=text,
        )
    return origin


class HubSpotSource(BaseModel):
    """One portal.

    Attributes:
        system: Tells this source from others.
        sign_in: How to sign in.
        secret: Where the token of the private app, the service key or the refresh token is.
        client_id: Of the OAuth app.
        client_secret: Where the secret of the OAuth app is.
        host: Where HubSpot answers.
        paths: Generation of paths that is asked.
        readers: Kinds of records that are pulled at the same time.
        timeout: Seconds between two pieces of an answer before it is given up.
        quota: When to stop for the sake of others.
        pulls: Folder for what is pulled, beside ``auditor.yaml``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    system: Literal["hubspot"]
    sign_in: SignIn = "private-app"
    secret: SecretPlace
    client_id: str | None = None
    client_secret: SecretPlace | None = None
    host: Annotated[str, AfterValidator(_host)] = "https://api.hubapi.com"
    paths: Paths = "v3"
    readers: Annotated[int, Field(ge=1, le=8)] = 4
    timeout: Annotated[float, Field(gt=0)] = 60.0
    quota: Quota = Quota()
    pulls: str = "pulls"

    @model_validator(mode="after")
    def _complete(self) -> HubSpotSource:
        for name in ("client_id", "client_secret") if self.sign_in == "oauth" else ():
            if not getattr(self, name):
                raise RefusedValueError(
                    "{name} is missing for sign_in: {way}",
                    next_step="Add it; docs/hubspot.md shows where to find it.",
                    name=name,
                    way=self.sign_in,
                )
        return self
