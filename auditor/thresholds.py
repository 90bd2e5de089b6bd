"""``--fail-on``: findings that make the audit end with exit code 1, and how it ends otherwise.

A condition is a word, or compares a figure: ``established``, ``signal:workarounds``,
``index<50``, ``drop>10``, ``check:open-deal-past-close-date>0.1``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from auditor.exit_codes import ExitCode, gravest
from auditor.usage import one_of
from checks.results import AuditResult, SignalId, State, VerdictState
from connectors.errors import ConfigurationError

if TYPE_CHECKING:
    from auditor.config import Configuration

ESTABLISHED = "established"
SUSPECTED = "suspected"
ANY_PRESENT = "any-present"
_VERDICT = "verdict"

_KINDS = (
    "It takes a verdict: established or suspected; a signal: any-present or signal:workarounds; a"
    " check: open-deal-past-close-date; a figure: index<50, drop>10 or"
    " check:open-deal-past-close-date>0.1. auditor checks list names every check."
)

#: A figure, or the state of a verdict, a signal or a check.
Value = float | VerdictState | State

_FIGURE = re.compile(r"(index<|drop>|check:(?P<check>[^<>]+)>)(?P<limit>.*)")
_SIGNAL = "signal:"
_CHECK = "check:"


def parse_thresholds(words: Iterable[str], configuration: Configuration) -> frozenset[str]:
    """Return the conditions named; words may hold several, separated by commas.

    Raises:
        ConfigurationError: If one is not understood, or names no check or signal.
    """
    from checks.authoring.catalogue import load_catalogue

    named = [part.strip() for word in words for part in word.split(",") if part.strip()]
    if not named:
        return frozenset()
    ids = sorted(load_catalogue(configuration.checks_dir).sources)
    return frozenset(_accepted(name, ids) for name in named)


def exit_code(result: AuditResult, thresholds: Collection[str]) -> ExitCode:
    """Return how an audit that wrote its report ends."""
    codes = []
    if not is_trusted(result):
        codes.append(ExitCode.CANNOT_BE_TRUSTED)
    if reached(result, thresholds):
        codes.append(ExitCode.THRESHOLD_REACHED)
    return gravest(codes)


def is_trusted(result: AuditResult) -> bool:
    """Return whether the contract holds and no stable check broke."""
    broken = any(c.state is State.ERROR and c.lifecycle == "stable" for c in result.checks)
    return result.run.contract.success and not broken


def reached(result: AuditResult, thresholds: Collection[str]) -> list[str]:
    """Return the conditions that a result meets, in alphabetical order."""
    return [one for one in sorted(thresholds) if met_by(one, result)]


def met_by(condition: str, result: AuditResult) -> dict[str, Value]:
    """Return what meets a condition, with the value that does; nothing where it is not met.

    Args:
        condition: One that :func:`parse_thresholds` accepted.
        result: What the audit found.
    """
    if figure := _FIGURE.fullmatch(condition):
        return _beyond(figure, result)
    if condition.startswith(_SIGNAL):
        return _present(result, condition.removeprefix(_SIGNAL))
    if condition == ANY_PRESENT:
        return _present(result)
    if condition in (ESTABLISHED, SUSPECTED, _VERDICT):
        verdict = result.verdict.state
        enough = [VerdictState.ESTABLISHED]
        enough += [VerdictState.SUSPECTED] if condition == SUSPECTED else []
        return {_VERDICT: verdict} if verdict in enough else {}
    name = condition.removeprefix(_CHECK)
    present = [c for c in result.checks if c.check_id == name and c.state is State.PRESENT]
    return {c.check_id: c.state if c.rate is None else c.rate for c in present}


def _accepted(name: str, ids: Collection[str]) -> str:
    """Return a condition that is understood; a bare check id is one too."""
    if figure := _FIGURE.fullmatch(name):
        if figure["check"]:
            one_of("--fail-on", figure["check"], ids)
        try:
            float(figure["limit"])
        except ValueError as error:
            raise ConfigurationError(
                '--fail-on: "{limit}" is no number',
                next_step="Write it like index<50, drop>10 or check:ID>0.1.",
                limit=figure["limit"],
            ) from error
    elif name.startswith(_SIGNAL):
        one_of("--fail-on", name.removeprefix(_SIGNAL), [str(signal) for signal in SignalId])
    elif name.startswith(_CHECK):
        one_of("--fail-on", name.removeprefix(_CHECK), ids)
    else:
        known = [ESTABLISHED, SUSPECTED, ANY_PRESENT, _VERDICT, *ids]
        one_of("--fail-on", name, known, next_step=_KINDS)
    return name


def _present(result: AuditResult, name: str | None = None) -> dict[str, Value]:
    present = [one for one in result.signals if one.state is State.PRESENT]
    return {one.id: one.state for one in present if name in (None, one.id)}


def _beyond(figure: re.Match[str], result: AuditResult) -> dict[str, Value]:
    """Return the figures beyond the limit of a condition that compares."""
    limit = float(figure["limit"])
    if figure["check"]:
        rates = {check.check_id: check.rate for check in result.checks}
        rate = rates.get(figure["check"])
        return {figure["check"]: rate} if rate is not None and rate > limit else {}
    if figure[1] == "index<":
        known = {one.id: one.index for one in result.signals if one.index is not None}
        return {name: index for name, index in known.items() if index < limit}
    changes = result.comparison.signals if result.comparison else []
    drops = {
        one.id: one.like_before - one.like
        for one in changes
        if one.like_before is not None and one.like is not None
    }
    return {name: drop for name, drop in drops.items() if drop > limit}
