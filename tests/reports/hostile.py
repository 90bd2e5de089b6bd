"""What a stranger may type into a web form, put into every text of a result."""

from __future__ import annotations

from typing import Any

from checks.results import AuditResult

SCRIPT = "<script>window.pwned=1;alert(1)</script><img src=x onerror=alert(2)>"
TEXTS = (
    SCRIPT,
    "javascript:alert(3)",
    '"><svg onload=alert(4)><a href="https://evil.example/x">x</a>',
    "{{ 7*7 }}{% include 'page.html.j2' %}${7*7}{k.__class__}{0}",
    "'; drop table deals; --",
    "=cmd|' /C calc'!A0",
    "+33 1 23 45 67 89",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\x00=1+1",
    "\u202egnp.exe\u2066\u200f",
    "bell \x07 null \x00 escape \x1b[31m",
    "x" * 5000,
    "]]>--><!--</style></title>",
)
ALL = " ".join(text[:300] for text in TEXTS)

#: Fields that hold words of our own, whose values a reader of results refuses or expects.
_OURS = {
    *("schema_version", "as_of", "profile_hash", "catalogue_hash", "state", "cause", "kind"),
    *("confidence", "evidence", "id", "signal", "signal_id", "touched", "open_total"),
    *("money_touched", "check_id", "headline_check_id", "currency", "lifecycle", "family"),
    *("foundation", "dimension", "encoding", "about", "outcome", "points_to"),
    *("month", "ritual"),
    *("role", "said", "says", "reply", "basis", "scope", "effort", "due", "answered_on"),
}


def poisoned(result: AuditResult) -> AuditResult:
    """Return the result with hostile text in every text that a record or a file may fill."""
    return AuditResult.model_validate(_poison(result.model_dump(mode="json"), ""))


def _poison(value: Any, name: str) -> Any:
    if name in _OURS:
        return value
    if isinstance(value, str):
        return ALL
    if isinstance(value, dict):
        return {key: _poison(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [_poison(one, name) for one in value]
    return value
