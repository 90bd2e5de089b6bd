"""What was settled before an audit: findings that somebody accepted, and limits once learned."""

from __future__ import annotations

from datetime import date

from checks.change.life import months_between
from checks.learned_limits import LearnedLimits
from checks.results import AuditResult
from reports.record_text import cell_text
from reports.sentences import check_text
from reports.wording import Wording

_LONGEST_REASON = 200


def exceptions_view(words: Wording, result: AuditResult) -> list[str]:
    """Return what somebody accepted, and what is accepted no longer."""
    checks = {check.check_id: check for check in result.checks}
    return [
        words.plural(
            "exception.expired" if one.expired else "exception.accepted",
            one.findings,
            check=check_text(words, checks[one.check_id], "title")
            if one.check_id in checks
            else one.check_id,
            reason=cell_text(one.reason, _LONGEST_REASON),
            owner=cell_text(one.owner, _LONGEST_REASON),
            day=words.numbers.day(one.until),
        )
        for one in result.accepted
    ]


def limits_view(words: Wording, result: AuditResult) -> list[str]:
    """Return which limits were learned, and how old they are; nothing where none was."""
    sentences = [
        _limit(words, one, oldest, result.run.as_of)
        for one in result.learned
        if (oldest := one.oldest) is not None
    ]
    return [words("limit.lead"), *sentences] if sentences else []


def _limit(words: Wording, limits: LearnedLimits, oldest: date, as_of: date) -> str:
    name = words(f"limit.{limits.name}")
    if not limits.is_firm:
        return words("limit.young", limit=name)
    if oldest == as_of:
        return words("limit.new", limit=name)
    months = months_between(oldest.toordinal(), as_of)
    return words.plural("limit.kept", months, limit=name, day=words.numbers.day(oldest))
