"""Faults that are answers of their own, as an org gives them when it is not well."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime


def answers() -> dict[str, tuple[int, dict[str, str], str]]:
    """Return status, headers and body of each fault, by name."""
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=1), usegmt=True)
    html = "<html><head><title>Service unavailable</title></head><body>Please wait</body></html>"
    return {
        "concurrent": (403, {}, _error("REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent"
                       " API Requests) Limit exceeded.")),
        "daily": (403, {}, _error("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")),
        "query_timeout": (400, {}, _error("QUERY_TIMEOUT", "Your query request was running for too"
                          " long.")),
        "locator_gone": (400, {}, _error("INVALID_QUERY_LOCATOR", "invalid query locator")),
        "not_found": (404, {}, _error("NOT_FOUND", "The requested resource does not exist")),
        "no_bulk": (400, {}, _error("INVALIDENTITY", "Entity is not supported by the Bulk API.")),
        "unauthorised": (401, {}, _error("INVALID_SESSION_ID", "Session expired or invalid")),
        "wrong_kind_of_session": (401, {}, _error("INVALID_SESSION_ID", "This session is not valid"
                                  " for use with the REST API")),
        "420": (420, {}, ""),
        "429": (429, {}, ""),
        "429_after": (429, {"Retry-After": "1"}, ""),
        "500": (500, {}, _error("UNKNOWN_EXCEPTION", "An unexpected error occurred. Please include"
                " this ErrorId if you contact support: 1-2 (3)")),
        "502_html": (502, {"Content-Type": "text/html"}, html),
        "503_date": (503, {"Retry-After": soon, "Content-Type": "text/html"}, html),
        "html": (200, {"Content-Type": "text/html"}, html),
        "api_disabled": (403, {}, _error("API_DISABLED_FOR_ORG", "API is not enabled for this"
                         " Organization or Partner")),
    }  # fmt: skip


def _error(code: str, message: str) -> str:
    return f'[{{"message": "{message}", "errorCode": "{code}"}}]'
