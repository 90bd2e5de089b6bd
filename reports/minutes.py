"""The plan as text for minutes: it reads as it is, and as Markdown."""

from __future__ import annotations

import re

from checks.results import AuditResult
from reports.plan_lines import PlanLine, plan_details, plan_lines, plan_title
from reports.wording import Wording

#: Signs with which Markdown makes a link, a picture, a tag or code of a text.
_ACTIVE = re.compile(r"[\[\]<>`|\\]")


def minutes(words: Wording, result: AuditResult) -> str:
    """Return the actions as a numbered list under a heading; nothing without actions."""
    lines = plan_lines(words, result)
    if not lines:
        return ""
    heading = _inert(plan_title(words, result))
    return "\n\n".join([heading, *(_entry(words, line) for line in lines)]) + "\n"


def _entry(words: Wording, line: PlanLine) -> str:
    details = [f"   - {_inert(one)}" for one in plan_details(words, line)]
    return "\n".join([f"{line.number}. {_inert(line.title)}", *details])


def _inert(text: str) -> str:
    """Return a text that stays text when its reader knows Markdown."""
    return _ACTIVE.sub(r"\\\g<0>", text)
