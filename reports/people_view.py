"""What the file tells about people, in a line; what the audit measures of them, in full."""

from __future__ import annotations

from dataclasses import dataclass

from checks.results import AuditResult, CheckResult, State
from connectors.snapshot import Availability
from reports.sentences import check_text
from reports.wording import Wording

#: What is read about people where the export holds it, by what must be there.
_READ = {
    "logins": ("users.last_login_at", "logins.logged_in_at"),
    "hours": ("field_history",),
    "texts": ("activities.body", "activities.subject"),
}


@dataclass(frozen=True)
class PeopleView:
    """A notice for those who represent or protect the people in a CRM.

    Attributes:
        holds: What the file itself tells about people, for its head.
        topics: Title and sentences of each part.
    """

    holds: str
    topics: list[tuple[str, list[str]]]


def people_view(words: Wording, result: AuditResult) -> PeopleView:
    """Return the notice; it says what this audit did, not what the program could do."""
    shown = _shown(result)
    names = ("purpose", "measured", "not_measured", "shown", "kept", "duties")
    said = {
        "measured": _measured(words, result),
        "shown": [words(f"people.shown.{shown}"), words("people.shown.groups")],
        "kept": [words(f"people.kept.{shown}")],
    }
    return PeopleView(
        holds=words(f"people.holds.{shown}"),
        topics=[
            (words(f"people.{name}.title"), said.get(name) or [words(f"people.{name}.text")])
            for name in names
        ],
    )


def _shown(result: AuditResult) -> str:
    """Return how people appear: ``redacted``, ``named`` or ``pseudonymous``."""
    if result.run.parameters.get("redacted"):
        return "redacted"
    return "named" if result.run.named else "pseudonymous"


def _measured(words: Wording, result: AuditResult) -> list[str]:
    sentences = [words("people.measured.records")]
    sentences += [words(f"people.measured.{what}") for what in _READ if _is_read(result, what)]
    if result.declared is not None:
        sentences.append(words("people.measured.answers"))
    counting = [check_text(words, check, "title") for check in result.checks if _counts(check)]
    if counting:
        sentences.append(words("people.measured.checks", checks=words.listed(counting)))
    return sentences


def _is_read(result: AuditResult, what: str) -> bool:
    states = (result.run.capabilities.get(place) for place in _READ[what])
    return any(state in (Availability.SUPPLIED, Availability.DERIVED) for state in states)


def _counts(check: CheckResult) -> bool:
    looks_at_people = check.kind == "people" or check.table == "users"
    return looks_at_people and check.state not in (State.NOT_OBSERVABLE, State.ERROR)
