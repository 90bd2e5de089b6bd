"""What the answers of HubSpot mean: the category in the body first, then the status."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from connectors.errors import AuditorError, PermissionDeniedError, SourceUnreachableError
from connectors.http.advice import TAKE, Advice, Answer, Move
from connectors.http.quota import Usage
from connectors.http.retries import TRANSIENT

#: What a refusal for lack of rights comes to, whatever HubSpot calls it: an edition, a role.
FORBIDDEN = "FORBIDDEN"
#: What the token may not read, whatever is asked of it.
NOT_VISIBLE = frozenset({"MISSING_SCOPES", FORBIDDEN})
#: What this portal does not have.
NO_SUCH_OBJECT = "INVALID_OBJECT_TYPE"
NOT_THERE = frozenset({"OBJECT_NOT_FOUND", "NOT_FOUND", NO_SUCH_OBJECT})
TOO_LONG = "URI_TOO_LONG"
NO_PROPERTY = "PROPERTY_DOESNT_EXIST"

_SECONDLY, _TEN_SECONDLY, _LOCKED = 1.0, 10.0, 2.0
#: Where the three shapes of a refusal name the scopes that are missing.
_SCOPE_LISTS = ("requiredScopes", "requiredGranularScopes", "missingScopes")


@dataclass(frozen=True)
class Complaint:
    """What an error says; empty where the body is no JSON."""

    category: str = ""
    text: str = ""
    policy: str = ""
    scopes: tuple[str, ...] = ()


def complaint(body: bytes) -> Complaint:
    """Return what a body complains about, whatever its shape."""
    try:
        data = json.loads(body)
    except ValueError:
        return Complaint(text=body[:100].decode("utf-8", "replace"))
    if not isinstance(data, dict):
        return Complaint()
    category = str(data.get("category") or data.get("errorType") or data.get("error") or "")
    text = str(data.get("message") or data.get("error_description") or "")
    if NO_PROPERTY in json.dumps(data):
        category = NO_PROPERTY
    if text.startswith("Unable to infer object type"):  # what this edition does not have
        category = NO_SUCH_OBJECT
    return Complaint(
        category, text, str(data.get("policyName", "")), tuple(dict.fromkeys(_scopes(data)))
    )


def judge(answer: Answer) -> Advice:
    """Say what an answer asks for."""
    if answer.status < 300:
        return TAKE
    found = complaint(answer.body)
    if answer.status == 401:
        return Advice(Move.RENEW, error=_unauthorised(found))
    if answer.status == 429:
        return _limited(answer, found)
    if answer.status == 530:  # what Cloudflare makes of a token that is none
        return Advice(Move.STOP, error=_unauthorised(found))
    if answer.status in TRANSIENT or answer.status in (423, 477) or answer.status >= 500:
        return _not_now(answer)
    return Advice(Move.STOP, error=_refusal(answer, found))


def usage_of(answer: Answer) -> Usage | None:
    """Return the daily calls that an answer tells; with OAuth it tells none."""
    most = answer.headers.get("X-HubSpot-RateLimit-Daily", "")
    left = answer.headers.get("X-HubSpot-RateLimit-Daily-Remaining", "")
    if not (most.isdigit() and left.isdigit()):
        return None
    return Usage(int(most) - int(left), int(most))


def allowed_in_ten_seconds(answer: Answer) -> int | None:
    """Return how many calls the portal allows in ten seconds; None where it does not tell."""
    most = answer.headers.get("X-HubSpot-RateLimit-Max", "")
    span = answer.headers.get("X-HubSpot-RateLimit-Interval-Milliseconds", "")
    return int(most) if most.isdigit() and span == "10000" else None


def code_of_refusal(error: AuditorError) -> str:
    """Return HubSpot's own category behind an error; empty where there is none."""
    return str(error.facts.get("code", ""))


def scopes_of_refusal(error: AuditorError) -> str:
    """Return the scopes that a refusal asks for."""
    return str(error.facts.get("scopes", ""))


def _scopes(data: dict[str, Any]) -> Iterator[str]:
    contexts = [data.get("context"), *(e.get("context") for e in data.get("errors") or () if e)]
    for context in contexts:
        for name in _SCOPE_LISTS if isinstance(context, dict) else ():
            listed = context.get(name) or ()
            yield from (str(scope) for scope in ([listed] if isinstance(listed, str) else listed))


def _unauthorised(found: Complaint) -> AuditorError:
    if found.category == "EXPIRED_AUTHENTICATION":
        return PermissionDeniedError(
            "the sign-in has expired",
            where="HubSpot",
            next_step="Check the app and its token, and run again: what was pulled is kept.",
        )
    return PermissionDeniedError(
        "the token is not accepted",
        where="HubSpot",
        next_step="Copy it anew from the private app, as docs/hubspot.md shows, and run again:"
        " what was pulled is kept.",
    )


def _limited(answer: Answer, found: Complaint) -> Advice:
    said = f"{found.policy} {found.text}".lower()
    if "daily" in said:
        return Advice(
            Move.STOP,
            error=SourceUnreachableError(
                "the portal has used up its calls of the day",
                where="HubSpot",
                next_step="Run again after midnight in the portal's time zone: what was pulled is"
                " kept.",
            ),
        )
    error = SourceUnreachableError(
        "others are calling the portal too much at this moment",
        where="HubSpot",
        next_step="Run again later: what was pulled is kept.",
    )
    ten = "ten_secondly" in said or "1015" in found.text
    return Advice(
        Move.WAIT, answer.wait_asked or (_TEN_SECONDLY if ten else _SECONDLY), error=error
    )


def _not_now(answer: Answer) -> Advice:
    if answer.status == 477:
        return Advice(Move.WAIT, answer.wait_asked or 3600.0, error=_moving(answer))
    locked = answer.status == 423
    wait = max(_LOCKED, answer.wait_asked or 0) if locked else answer.wait_asked
    return Advice(Move.WAIT, wait, error=_unavailable(answer))


def _moving(answer: Answer) -> SourceUnreachableError:
    return SourceUnreachableError(
        "HubSpot is moving this portal to another data centre",
        where="HubSpot",
        next_step="Run again in {hours} hour(s): what was pulled is kept.",
        hours=max(1, round((answer.wait_asked or 3600.0) / 3600)),
    )


def _unavailable(answer: Answer) -> SourceUnreachableError:
    return SourceUnreachableError(
        "HubSpot is not available (status {status})",
        where="HubSpot",
        next_step="Run again later: what was pulled is kept.",
        status=answer.status,
    )


def _refusal(answer: Answer, found: Complaint) -> AuditorError:
    if answer.status == 403:
        return PermissionDeniedError(
            "the token lacks a scope: {scopes}",
            where="HubSpot",
            next_step="Add it to the private app, as docs/hubspot.md shows, and run again.",
            code=found.category if found.category in NOT_VISIBLE else FORBIDDEN,
            scopes=" or ".join(found.scopes) or "-",
        )
    named = {404: "NOT_FOUND", 414: TOO_LONG}
    return SourceUnreachableError(
        "HubSpot refuses a request: {code}, {text}",
        where="HubSpot",
        next_step="auditor doctor shows what this token may read.",
        code=named.get(answer.status) or found.category or answer.status,
        text=" ".join(found.text.split())[:200] or "-",
    )
