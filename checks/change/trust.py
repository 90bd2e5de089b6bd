"""Whether an audit may be trusted beside the one before: a broken audit is no sick CRM.

An audit that reads far fewer records, no longer sees what it saw, or shows an earlier day, would
report progress where there is none. What it breaks is added to the intake contract.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from checks.change.breaks import breaks_between
from checks.profile import ContractLimits
from checks.results import AuditResult
from checks.run_info import Breach

#: Tables with fewer records may lose any share of them by chance.
_FEWEST_RECORDS = 50


def breaches_since(before: AuditResult, now: AuditResult, limits: ContractLimits) -> list[Breach]:
    """Return what speaks against an audit, beside the one before.

    Args:
        before: The last audit that may be trusted.
        now: This audit.
        limits: What the intake contract allows.
    """
    return [*_fewer_records(before, now, limits), *_lost_inputs(before, now)]


def older_than_last(last: date, as_of: date) -> Breach:
    """Return the breach of an audit that shows an earlier day than the last one kept."""
    return Breach(code="older_than_last", observed=as_of.isoformat(), limit=last.isoformat())


def spoils_history(breaches: list[Breach]) -> bool:
    """Return whether records may be missing, so that their findings must not be followed.

    A column that is lost makes the findings of its checks unknown, and spoils no other.
    """
    return any(one.code != "input_lost" for one in breaches)


def breaking(result: AuditResult, breaches: list[Breach]) -> AuditResult:
    """Return a result whose contract is broken by these too."""
    if not breaches:
        return result
    contract = result.run.contract
    broken = contract.model_copy(
        update={"success": False, "breaches": [*contract.breaches, *breaches]}
    )
    return result.model_copy(update={"run": result.run.model_copy(update={"contract": broken})})


def withholding(result: AuditResult) -> AuditResult:
    """Return a result without indexes where its contract is broken: a wrong score is no score."""
    if result.run.contract.success:
        return result
    signals = [signal.model_copy(update={"index": None}) for signal in result.signals]
    return result.model_copy(update={"signals": signals})


def _fewer_records(
    before: AuditResult, now: AuditResult, limits: ContractLimits
) -> Iterator[Breach]:
    for table, was in before.run.tables.items():
        rows = now.run.tables[table].rows if table in now.run.tables else None
        if rows is None or was.rows < _FEWEST_RECORDS:
            continue
        lost = 1 - rows / was.rows
        if lost > limits.records_lost:
            yield Breach(
                code="records_lost",
                table=table,
                observed=f"{lost:.4g}",
                limit=f"{limits.records_lost:.4g}",
            )


def _lost_inputs(before: AuditResult, now: AuditResult) -> Iterator[Breach]:
    """Yield the columns whose loss put a check out of sight."""
    for one in breaks_between(before, now):
        if one.code == "input_lost" and one.checks:
            for name in one.facts["columns"]:
                table, _, column = name.partition(".")
                yield Breach(
                    code="input_lost", table=table, column=column or None, observed="", limit=""
                )
