"""Why a picture is missing, and what switches it on."""

from __future__ import annotations

from checks.results import AuditResult
from reports.sentences import unseen_reason
from reports.wording import Wording


def why_missing(words: Wording, result: AuditResult, check_id: str) -> str:
    """Return why the check that leaves a block behind left none."""
    check = next((one for one in result.checks if one.check_id == check_id), None)
    if check is None:
        return words("picture.check_off", check=check_id)
    if check.reason is None:
        return words("picture.nothing_found")
    return words("picture.missing", reason=unseen_reason(words, check))
