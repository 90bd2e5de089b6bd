"""The alert: a subject and a few lines, for people who read it on a telephone.

It holds figures and titles only; people are named where the report names them, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checks.results import AuditResult
from reports.action_view import decisions
from reports.change_view import check_title, since_view
from reports.record_text import cell_text
from reports.verdict_view import broken_contract, verdict_view
from reports.wording import Wording

_LONGEST = 400
#: Conditions on the verdict, and how they are called.
_OF_VERDICT = {
    "verdict": "established",
    "established": "established",
    "suspected": "suspected",
    "any-present": "any_present",
}


@dataclass(frozen=True)
class AlertText:
    """A subject and plain text."""

    subject: str
    body: str


def alert(
    words: Wording,
    result: AuditResult,
    reasons: Sequence[str],
    conditions: Sequence[str],
    link: str,
) -> AlertText:
    """Return the alert on what an audit found.

    Args:
        words: The reader's language.
        result: What the audit found.
        reasons: Why people are told: ``verdict``, ``signal`` or ``threshold``.
        conditions: Conditions of ``--fail-on`` that were met.
        link: Where the report is; may be empty.
    """
    paragraphs = [verdict_view(words, result).sentence]
    paragraphs.append(
        " ".join(
            _conditions(words, result, conditions)
            if reason == "threshold"
            else words(f"alert.because.{reason}")
            for reason in reasons
        )
    )
    if since := since_view(words, result):
        paragraphs.append("\n".join([since.title, *since.sentences]))
    if first := decisions(words, result):
        lines = [words("decision.title")]
        for number, decision in enumerate(first, start=1):
            terms = " · ".join(value for _, value in decision.terms)
            lines.append(f"{number}. {decision.title}\n   {terms}" if terms else decision.title)
        paragraphs.append("\n".join(lines))
    return AlertText(_subject(words, "alert.subject", result), _joined(words, paragraphs, link))


def _conditions(words: Wording, result: AuditResult, conditions: Sequence[str]) -> str:
    met = " · ".join(_condition(words, result, condition) for condition in conditions)
    return words.plural("alert.because.threshold", len(conditions), conditions=met)


def _condition(words: Wording, result: AuditResult, condition: str) -> str:
    """Return a condition of ``--fail-on`` in words."""
    what, _, limit = condition.replace("<", ">").partition(">")
    kind, _, name = what.partition(":")
    if kind == "signal":
        return words("alert.condition.signal", signal=words(f"signal.{name}.name"))
    if kind in ("index", "drop"):
        return words(f"alert.condition.{kind}", limit=words.numbers.decimal(float(limit)))
    if kind in _OF_VERDICT:
        return words(f"alert.condition.{_OF_VERDICT[kind]}")
    title = check_title(words, result, name or kind)
    if limit:
        share = words.numbers.percent(float(limit))
        return words("alert.condition.rate", check=title, limit=share)
    return words("alert.condition.check", check=title)


def broken_alert(words: Wording, result: AuditResult, link: str) -> AlertText:
    """Return the alert that an audit cannot be trusted, whatever the CRM is like."""
    broken = [check.check_id for check in result.checks if check.state == "error"]
    paragraphs = [words("alert.broken")]
    paragraphs += ["\n".join(f"- {sentence}" for sentence in broken_contract(words, result))]
    if broken:
        paragraphs.append(words("alert.failed_checks", checks=", ".join(broken)))
    return AlertText(
        _subject(words, "alert.subject_broken", result), _joined(words, paragraphs, link)
    )


def failed_alert(words: Wording, said: str) -> AlertText:
    """Return the alert that there is no audit at all.

    Args:
        words: The reader's language.
        said: What the program said, one sentence with its next step.
    """
    body = _joined(words, [words("alert.failed"), cell_text(said, _LONGEST)], "")
    return AlertText(words("alert.subject_failed"), body)


def _subject(words: Wording, key: str, result: AuditResult) -> str:
    client = cell_text(result.run.parameters.get("client") or result.run.source, 80)
    return words(key, source=client, day=words.numbers.day(result.run.as_of))


def _joined(words: Wording, paragraphs: Sequence[str], link: str) -> str:
    ends = [words("alert.link", link=link)] if link else []
    return "\n\n".join(part for part in [*paragraphs, *ends] if part) + "\n"
