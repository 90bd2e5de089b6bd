"""What the answers of Salesforce mean: codes in the body first, then the status."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.errors import AuditorError, PermissionDeniedError, SourceUnreachableError
from connectors.http.advice import TAKE, Advice, Answer, Move
from connectors.http.quota import Usage
from connectors.http.retries import TRANSIENT

#: Codes after which a query can be asked in another way; the reader of the object decides.
TOO_WIDE = frozenset({"QUERY_TIMEOUT", "QUERY_TOO_COMPLICATED", "OPERATION_TOO_LARGE"})
#: Codes after which the same query is asked anew: the cursor or the job behind it is gone.
LOCATOR_GONE = frozenset({"INVALID_QUERY_LOCATOR", "JOB_GONE", "NOT_FOUND"})
NOT_VISIBLE = frozenset(
    {
        "INVALID_FIELD",
        "INVALID_TYPE",
        "INSUFFICIENT_ACCESS",
        "INSUFFICIENT_ACCESS_OR_READONLY",
        "FUNCTIONALITY_NOT_ENABLED",
        "TXN_SECURITY_METERING_ERROR",
        "MALFORMED_QUERY",
    }
)
NO_BULK = frozenset({"INVALIDENTITY", "INVALIDENTITY_EXCEPTION", "FEATURENOTENABLED"})

_USAGE = re.compile(r"api-usage=(\d+)/(\d+)")


@dataclass(frozen=True)
class Complaint:
    """Code and text of an error; empty where the body holds none."""

    code: str = ""
    text: str = ""


def complaint(body: bytes) -> Complaint:
    """Return what a body complains about, whatever its shape."""
    try:
        data = json.loads(body)
    except ValueError:
        return Complaint()
    first = data[0] if isinstance(data, list) and data else data
    if not isinstance(first, dict):
        return Complaint()
    code = first.get("errorCode") or first.get("error") or first.get("exceptionCode") or ""
    text = first.get("message") or first.get("error_description") or ""
    return Complaint(str(code), str(text))


def judge(answer: Answer) -> Advice:
    """Say what an answer asks for."""
    if answer.status < 300:
        return TAKE
    found = complaint(answer.body)
    if answer.status == 401:
        return _unauthorised(found)
    if found.code == "REQUEST_LIMIT_EXCEEDED":
        return _limited(found)
    if found.code in ("SERVER_UNAVAILABLE", "UNABLE_TO_LOCK_ROW"):
        return Advice(Move.WAIT, answer.wait_asked, error=_unavailable(answer))
    if answer.status in TRANSIENT or answer.status >= 500:
        return Advice(Move.WAIT, answer.wait_asked, error=_unavailable(answer))
    return Advice(Move.STOP, error=_refusal(answer, found))


def usage_of(answer: Answer) -> Usage | None:
    """Return the daily calls that an answer tells."""
    usage = _USAGE.search(answer.headers.get("Sforce-Limit-Info", ""))
    return Usage(int(usage[1]), int(usage[2])) if usage else None


def usage_of_limits(limits: Mapping[str, Any]) -> Usage | None:
    """Return the daily calls that ``/limits`` tells."""
    daily = limits.get("DailyApiRequests") or {}
    most = int(daily.get("Max") or 0)
    return Usage(most - int(daily["Remaining"]), most) if most else None


def code_of_refusal(error: AuditorError) -> str:
    """Return Salesforce's own code behind an error; empty where there is none."""
    return str(error.facts.get("code", ""))


def _unauthorised(found: Complaint) -> Advice:
    if "not valid for use with the REST API" in found.text:
        error = PermissionDeniedError(
            "this session may not use the REST API",
            where="Salesforce",
            next_step="Sign in as docs/salesforce.md shows; sessions of the web page are not"
            " accepted.",
        )
        return Advice(Move.STOP, error=error)
    error = PermissionDeniedError(
        "the sign-in is not accepted or has expired",
        where="Salesforce",
        next_step="Get a new token, or check the External Client App, and run again: what was"
        " pulled is kept.",
    )
    return Advice(Move.RENEW, error=error)


def _limited(found: Complaint) -> Advice:
    if "ConcurrentRequests" in found.text:
        error = SourceUnreachableError(
            "others are calling the org too much at this moment",
            where="Salesforce",
            next_step="Run again later: what was pulled is kept.",
        )
        return Advice(Move.WAIT, narrow=True, error=error)
    return Advice(
        Move.STOP,
        error=SourceUnreachableError(
            "the org has used up its calls of the last 24 hours",
            where="Salesforce",
            next_step="Run again within a day: what was pulled is kept.",
        ),
    )


def _unavailable(answer: Answer) -> SourceUnreachableError:
    return SourceUnreachableError(
        "Salesforce is not available (status {status})",
        where="Salesforce",
        next_step="Run again later: what was pulled is kept.",
        status=answer.status,
    )


def _refusal(answer: Answer, found: Complaint) -> AuditorError:
    if answer.status == 403 and found.code in ("API_DISABLED_FOR_ORG", "API_CURRENTLY_DISABLED"):
        return PermissionDeniedError(
            "the API is switched off for this org or this user",
            where="Salesforce",
            next_step="Ask for the permission API Enabled, and for an edition with API access.",
        )
    code, text = found.code or answer.status, " ".join(found.text.split())[:200] or "-"
    if answer.status == 403:
        return PermissionDeniedError(
            "Salesforce refuses a request for lack of rights: {code}, {text}",
            where="Salesforce",
            next_step="auditor doctor shows what this user may read.",
            code=code,
            text=text,
        )
    return SourceUnreachableError(
        "Salesforce refuses a request: {code}, {text}",
        where="Salesforce",
        next_step="auditor doctor shows what this user may read.",
        code=code,
        text=text,
    )
