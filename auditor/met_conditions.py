"""Which conditions of ``--fail-on`` an audit met, and by what: the words behind exit code 1."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from auditor.terminal import Terminal
from auditor.thresholds import Value, met_by, reached
from checks.results import AuditResult, SignalId, State

if TYPE_CHECKING:
    from reports.wording import Wording

#: Rates and indices are said to this many decimals, so that one just beyond its limit shows so.
_DECIMALS = 3


def tell_met(terminal: Terminal, result: AuditResult, thresholds: Collection[str]) -> None:
    """Say of each condition that is met what meets it, one line or one event each."""
    from reports.wording import Wording

    words = Wording(terminal.language)
    for condition in reached(result, thresholds):
        values = met_by(condition, result)
        if terminal.log:
            terminal.log.met(condition, values)
            continue
        terminal.tell(
            "--fail-on {condition} is met: {values}.",
            condition=condition,
            values="; ".join(_value(words, name, value) for name, value in values.items()),
        )


def _value(words: Wording, name: str, value: Value) -> str:
    """Return ``Teams work around the system 43.2``, or with a state in place of the figure."""
    subject = words(f"signal.{name}.name") if name in set(SignalId) else name
    if isinstance(value, float):
        return f"{subject} {words.numbers.decimal(value, _DECIMALS)}"
    if isinstance(value, State):
        return f"{subject} – {words(f'state.{value}')}"
    return words(f"verdict_state.{value}")
