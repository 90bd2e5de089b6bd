"""What could not be measured, why, and what switches it on."""

from __future__ import annotations

from checks.results import AuditResult, State
from reports.sentences import check_text, unseen_reason
from reports.wording import Wording


def why_missing(words: Wording, result: AuditResult, check_id: str) -> str:
    """Return why the check that leaves a block behind left none."""
    check = next((one for one in result.checks if one.check_id == check_id), None)
    if check is None:
        return words("picture.check_off", check=check_id)
    if check.reason is None:
        return words("picture.nothing_found")
    return words("picture.missing", reason=unseen_reason(words, check))


def unmeasured(words: Wording, result: AuditResult) -> list[tuple[str, str]]:
    """Return each reason with the checks that wait for it, those that free most checks first."""
    waiting: dict[str, list[str]] = {}
    for check in result.checks:
        if check.state in (State.NOT_OBSERVABLE, State.ERROR):
            titles = waiting.setdefault(unseen_reason(words, check), [])
            titles.append(check_text(words, check, "title"))
    ordered = sorted(waiting.items(), key=lambda item: (-len(item[1]), item[0]))
    return [(reason, " · ".join(titles)) for reason, titles in ordered]
