"""``--fail-on``: findings that make the audit end with exit code 1, and how it ends otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from auditor.exit_codes import ExitCode, gravest
from auditor.usage import one_of
from checks.results import AuditResult, State, VerdictState

if TYPE_CHECKING:
    from auditor.config import Configuration

ESTABLISHED = "established"
SUSPECTED = "suspected"
ANY_PRESENT = "any-present"


def parse_thresholds(words: Iterable[str], configuration: Configuration) -> frozenset[str]:
    """Return the thresholds named; words may hold several, separated by commas.

    Raises:
        ConfigurationError: If one is neither a threshold nor the id of a check.
    """
    from checks.authoring.catalogue import load_catalogue

    named = [part.strip() for word in words for part in word.split(",") if part.strip()]
    if not named:
        return frozenset()
    ids = load_catalogue(configuration.checks_dir).sources
    choices = [ESTABLISHED, SUSPECTED, ANY_PRESENT, *sorted(ids)]
    return frozenset(one_of("--fail-on", name, choices) for name in named)


def exit_code(result: AuditResult, thresholds: Collection[str]) -> ExitCode:
    """Return how an audit that wrote its report ends."""
    codes = []
    if not result.run.contract.success or _has_broken_stable_check(result):
        codes.append(ExitCode.CANNOT_BE_TRUSTED)
    if any(_is_reached(threshold, result) for threshold in thresholds):
        codes.append(ExitCode.THRESHOLD_REACHED)
    return gravest(codes)


def _has_broken_stable_check(result: AuditResult) -> bool:
    return any(c.state is State.ERROR and c.lifecycle == "stable" for c in result.checks)


def _is_reached(threshold: str, result: AuditResult) -> bool:
    verdict = result.verdict.state
    if threshold == ESTABLISHED:
        return verdict is VerdictState.ESTABLISHED
    if threshold == SUSPECTED:
        return verdict in (VerdictState.ESTABLISHED, VerdictState.SUSPECTED)
    if threshold == ANY_PRESENT:
        return any(signal.state is State.PRESENT for signal in result.signals)
    return any(c.check_id == threshold and c.state is State.PRESENT for c in result.checks)
