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
    return [one for one in sorted(thresholds) if _is_reached(one, result)]


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
        one_of("--fail-on", name, [ESTABLISHED, SUSPECTED, ANY_PRESENT, _VERDICT, *ids])
    return name


def _is_reached(condition: str, result: AuditResult) -> bool:
    if figure := _FIGURE.fullmatch(condition):
        return _is_exceeded(figure, result)
    if condition.startswith(_SIGNAL):
        name = condition.removeprefix(_SIGNAL)
        return any(s.id == name and s.state is State.PRESENT for s in result.signals)
    verdict = result.verdict.state
    if condition in (ESTABLISHED, _VERDICT):
        return verdict is VerdictState.ESTABLISHED
    if condition == SUSPECTED:
        return verdict in (VerdictState.ESTABLISHED, VerdictState.SUSPECTED)
    if condition == ANY_PRESENT:
        return any(signal.state is State.PRESENT for signal in result.signals)
    name = condition.removeprefix(_CHECK)
    return any(c.check_id == name and c.state is State.PRESENT for c in result.checks)


def _is_exceeded(figure: re.Match[str], result: AuditResult) -> bool:
    limit = float(figure["limit"])
    if figure["check"]:
        rates = {check.check_id: check.rate for check in result.checks}
        rate = rates.get(figure["check"])
        return rate is not None and rate > limit
    if figure[1] == "index<":
        return any(s.index is not None and s.index < limit for s in result.signals)
    changes = result.comparison.signals if result.comparison else []
    return any(
        one.like_before is not None and one.like is not None and one.like_before - one.like > limit
        for one in changes
    )
