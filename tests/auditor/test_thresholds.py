"""How an audit that wrote its report ends: a sick CRM is not a broken audit."""

from __future__ import annotations

import pytest

from auditor.audit import run_audit
from auditor.config import Configuration
from auditor.exit_codes import ExitCode
from auditor.progress import Stopwatch
from auditor.request import AuditRequest
from auditor.sources import FolderSource
from auditor.thresholds import exit_code
from checks.results import AuditResult, State, VerdictState
from tests.auditor.exports import write_export


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> AuditResult:
    """The result of a real audit."""
    from datetime import UTC, datetime

    folder = tmp_path_factory.mktemp("healthy")
    request = AuditRequest(
        source=FolderSource(write_export(folder / "export")),
        configuration=Configuration(),
        as_of="2026-06-30",
        now=datetime(2026, 7, 1, tzinfo=UTC),
        out=folder / "report",
        languages=("en",),
        csv_style="us",
    )
    return run_audit(request, Stopwatch()).result


def with_check(result: AuditResult, **changes: object) -> AuditResult:
    first, *others = result.checks
    return result.model_copy(update={"checks": [first.model_copy(update=changes), *others]})


def with_verdict(result: AuditResult, state: VerdictState) -> AuditResult:
    verdict = result.verdict.model_copy(update={"state": state})
    return result.model_copy(update={"verdict": verdict})


def test_a_healthy_audit_is_done(healthy: AuditResult) -> None:
    assert exit_code(healthy, set()) is ExitCode.DONE


def test_a_broken_contract_cannot_be_trusted(healthy: AuditResult) -> None:
    contract = healthy.run.contract.model_copy(update={"success": False})
    run = healthy.run.model_copy(update={"contract": contract})
    broken = healthy.model_copy(update={"run": run})
    assert exit_code(broken, set()) is ExitCode.CANNOT_BE_TRUSTED


@pytest.mark.parametrize(("lifecycle", "code"), [("stable", 4), ("experimental", 0)])
def test_only_a_stable_check_in_error_spoils_the_audit(
    lifecycle: str, code: int, healthy: AuditResult
) -> None:
    broken = with_check(healthy, state=State.ERROR, lifecycle=lifecycle)
    assert exit_code(broken, set()) == code


def test_what_cannot_be_trusted_hides_a_threshold(healthy: AuditResult) -> None:
    broken = with_check(healthy, state=State.ERROR, lifecycle="stable")
    established = with_verdict(broken, VerdictState.ESTABLISHED)
    assert exit_code(established, {"established"}) is ExitCode.CANNOT_BE_TRUSTED


@pytest.mark.parametrize(
    ("state", "threshold", "code"),
    [
        (VerdictState.ESTABLISHED, "established", 1),
        (VerdictState.ESTABLISHED, "suspected", 1),
        (VerdictState.SUSPECTED, "established", 0),
        (VerdictState.SUSPECTED, "suspected", 1),
        (VerdictState.CANNOT_CONCLUDE, "suspected", 0),
    ],
)
def test_a_verdict_reaches_its_threshold_and_those_below(
    state: VerdictState, threshold: str, code: int, healthy: AuditResult
) -> None:
    assert exit_code(with_verdict(healthy, state), {threshold}) == code


@pytest.mark.parametrize(("state", "code"), [(State.PRESENT, 1), (State.EMERGING, 0)])
def test_any_present_looks_at_the_signals(state: State, code: int, healthy: AuditResult) -> None:
    others = [signal.model_copy(update={"state": State.ABSENT}) for signal in healthy.signals[1:]]
    first = healthy.signals[0].model_copy(update={"state": state})
    result = healthy.model_copy(update={"signals": [first, *others]})
    assert exit_code(result, {"any-present"}) == code
