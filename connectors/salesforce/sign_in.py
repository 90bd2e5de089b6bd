"""Signing in: simple-salesforce knows the ways, our transport decides what may leave."""

from __future__ import annotations

from urllib.parse import urlsplit

import requests

from connectors.errors import AuditorError, PermissionDeniedError, SourceUnreachableError
from connectors.http.session import Grant
from connectors.salesforce.settings import SalesforceSource

_LOGIN, _SANDBOX = "login", "test"


def library_hosts(source: SalesforceSource) -> dict[str, str]:
    """Return where the host that simple-salesforce makes up from a domain really is.

    The library only knows ``salesforce.com``; government clouds and tests live elsewhere.
    """
    return {f"{_domain(source)}.salesforce.com": source.host}


def signed_in(source: SalesforceSource, secret: str, http: requests.Session) -> Grant:
    """Sign in.

    Args:
        source: The org.
        secret: Consumer secret, private key or access token.
        http: Connections over the read-only transport.

    Raises:
        PermissionDeniedError: If Salesforce does not accept the credentials.
        SourceUnreachableError: If it does not answer.
    """
    if source.sign_in == "access-token":
        return Grant(secret, source.host)
    import warnings

    from jwt.exceptions import PyJWTError
    from simple_salesforce.exceptions import SalesforceAuthenticationFailed

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the library tells users what our errors tell better
            token, instance = _token(source, secret, http)
    except SalesforceAuthenticationFailed as refused:
        raise _explained(source, str(refused.code), str(refused.auth_message)) from None
    except requests.exceptions.RequestException as error:
        raise SourceUnreachableError(
            "the server cannot be reached to sign in",
            where=urlsplit(source.host).netloc,
            next_step="Check the host in auditor.yaml and the network, and run again.",
        ) from error
    except (PyJWTError, TypeError, ValueError, AttributeError) as error:
        # The library passes on what a broken key or an incomplete answer makes it stumble over.
        raise _explained(source, type(error).__name__, "") from None
    return Grant(str(token), _origin(source, str(instance)))


def _token(source: SalesforceSource, secret: str, http: requests.Session) -> tuple[str, str]:
    """Return the token and the host that it is for."""
    from simple_salesforce.login import SalesforceLogin

    if source.sign_in == "jwt":
        return SalesforceLogin(
            username=source.user,
            consumer_key=source.consumer_key,
            privatekey=secret,
            domain=_SANDBOX if source.sandbox else _LOGIN,
            instance_url=_domain(source),
            session=http,
        )
    return SalesforceLogin(
        consumer_key=source.consumer_key,
        consumer_secret=secret,
        domain=_domain(source),
        session=http,
    )


def _domain(source: SalesforceSource) -> str:
    return urlsplit(source.host).netloc.removesuffix(".salesforce.com").replace(":", "-")


def _origin(source: SalesforceSource, instance: str) -> str:
    return source.host if source.host.startswith("http:") else f"https://{instance.rstrip('/')}"


def _explained(source: SalesforceSource, code: str, text: str) -> AuditorError:
    """Return what a refusal means, as far as its code or its words tell."""
    said = f"{code} {text}"
    reason = next((name for sign, name in _SIGNS if sign in said), "unknown")
    what, next_step = _REASONS[reason]
    host = urlsplit(source.host).netloc
    return PermissionDeniedError(what, where=host, next_step=next_step, code=code)


#: What Salesforce says, and the reason that it gives away; the first that fits is taken.
_SIGNS = (
    ("hasn't approved", "not_admitted"),
    ("audience is", "wrong_audience"),
    ("no client credentials user", "no_user"),
    ("inactive user", "inactive"),
    ("invalid_client_id", "unknown_key"),
    ("invalid_client", "wrong_secret"),
    ("invalid assertion", "wrong_signature"),
    ("invalid_grant", "wrong_grant"),
    ("SOAP", "password"),
    ("InvalidKeyError", "broken_key"),
    ("ValueError", "broken_key"),
)
_REASONS = {
    "not_admitted": (
        "the user has not been admitted to the External Client App",
        "In Setup, open the app's policies: permitted users must be admin-approved, and the"
        " permission set of the integration user must be selected.",
    ),
    "wrong_audience": (
        "the signed token is meant for another kind of org",
        "Set sandbox: true for a sandbox, and leave it out for production.",
    ),
    "no_user": (
        "the External Client App has no user to run as",
        "In Setup, open the app's policies, enable the client credentials flow, and name the"
        " integration user under Run As.",
    ),
    "inactive": (
        "the integration user is frozen or not active",
        "Ask an administrator to activate it.",
    ),
    "unknown_key": (
        "the consumer key is not known to this org",
        "Copy it anew from the app; a new app needs some ten minutes before it is known.",
    ),
    "wrong_secret": (
        "the consumer key or the secret is not accepted",
        "Copy both anew from the External Client App.",
    ),
    "wrong_signature": (
        "the signature of the token does not fit the certificate of the app",
        "Upload the certificate that belongs to the private key.",
    ),
    "wrong_grant": (
        "the app, the user or the key is not accepted for this org",
        "Check that the user exists there, may use the app, and that host names the right org.",
    ),
    "password": (
        "signing in with a password is switched off in this org",
        "Use sign_in: client-credentials or jwt; docs/salesforce.md shows how.",
    ),
    "broken_key": (
        "the private key cannot be read",
        "Give the key in PEM form, beginning with BEGIN PRIVATE KEY.",
    ),
    "unknown": (
        "signing in was refused: {code}",
        "Check consumer_key, user and secret of this source against docs/salesforce.md.",
    ),
}
