"""Faults that are answers of their own, as HubSpot gives them when it is not well."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

_HTML = (
    "<html><head><title>502 Bad Gateway</title></head><body><center>cloudflare</center></body>"
    "</html>"
)


def answers() -> dict[str, tuple[int, dict[str, str], str]]:
    """Return status, headers and body of each fault, by name."""
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=1), usegmt=True)
    html = {"Content-Type": "text/html"}
    return {
        "429_secondly": (429, {}, _limit("secondly", "SECONDLY")),
        "429_bare": (429, {}, _error("RATE_LIMITS", "You have reached your secondly limit.")),
        "429_ten_secondly": (429, {}, _limit("ten_secondly_rolling", "TEN_SECONDLY_ROLLING")),
        "429_daily": (429, {}, _limit("daily", "DAILY")),
        "429_1015": (429, {"Content-Type": "text/plain"}, "error code: 1015"),
        "423": (423, {}, _error("LOCKED", "The resource is locked.")),
        "477_hours": (477, {"Retry-After": "7200"}, ""),
        "477_second": (477, {"Retry-After": "1"}, ""),
        "500": (500, {}, _error("INTERNAL_ERROR", "internal error")),
        "502_html": (502, html, _HTML),
        "503_date": (503, {**html, "Retry-After": soon}, _HTML),
        "504_html": (504, html, _HTML),
        "414_html": (414, html, "<html><head><title>414 URI Too Long</title></head></html>"),
        "400_no_property": (400, {}, _error("VALIDATION_ERROR", 'Property "amount" does not exist',
                            errors=[{"message": 'Property "amount" does not exist',
                                     "code": "PROPERTY_DOESNT_EXIST"}])),
        "403_edition": (403, {}, _error("EDITION", "This account has no access to this feature.")),
        "530": (530, html, "error code: 1016"),
        "html": (200, html, _HTML),
        "401_expired": (401, {}, _error("EXPIRED_AUTHENTICATION", "The OAuth token used to make"
                        " this call expired 7 second(s) ago.")),
        "401_invalid": (401, {}, _error("INVALID_AUTHENTICATION", "Authentication credentials not"
                        " found.")),
    }  # fmt: skip


def _error(category: str, message: str, **more: Any) -> str:
    told = {"status": "error", "message": message, "correlationId": "0", "category": category}
    return json.dumps(told | more)


def _limit(name: str, policy: str) -> str:
    return json.dumps(
        {
            "status": "error",
            "message": f"You have reached your {name} limit.",
            "errorType": "RATE_LIMIT",
            "correlationId": "0",
            "policyName": policy,
        }
    )
