"""Signing in: a token as it is, or one that a refresh token is exchanged for."""

from __future__ import annotations

from collections.abc import Callable

import requests

from connectors.errors import PermissionDeniedError, SourceUnreachableError
from connectors.http.session import Grant
from connectors.hubspot.library import library
from connectors.hubspot.settings import HubSpotSource


def signed_in(source: HubSpotSource, secret: Callable[[str], str], http: requests.Session) -> Grant:
    """Sign in.

    Args:
        source: The portal.
        secret: Returns the secret that a place names.
        http: Connections over the read-only transport.

    Raises:
        PermissionDeniedError: If HubSpot does not accept the credentials.
        SourceUnreachableError: If it does not answer.
    """
    if source.sign_in != "oauth":
        return Grant(secret(source.secret), source.host)
    asked = library(source.paths).oauth.tokens_api.create(
        grant_type="refresh_token",
        client_id=source.client_id,
        client_secret=secret(source.client_secret or ""),
        refresh_token=secret(source.secret),
        _preload_content=False,
    )
    try:
        answer = http.post(source.host + asked.path, data=asked.form, allow_redirects=False)
        if answer.status_code == 200:
            return Grant(str(answer.json()["access_token"]), source.host)
    except (requests.exceptions.RequestException, KeyError, TypeError) as error:
        raise SourceUnreachableError(
            "the server cannot be reached to sign in",
            where="HubSpot",
            next_step="Check the network, and run again.",
        ) from error
    if answer.status_code >= 500 or answer.status_code == 429:
        raise SourceUnreachableError(
            "HubSpot is not available (status {status})",
            where="HubSpot",
            next_step="Run again later: what was pulled is kept.",
            status=answer.status_code,
        )
    raise PermissionDeniedError(
        "the refresh token or the OAuth app is not accepted",
        where="HubSpot",
        next_step="Check client_id, client_secret and secret of this source, or install the app"
        " anew: an app that was removed has lost its refresh token.",
    )
