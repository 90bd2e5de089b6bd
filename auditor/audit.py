"""The pipeline: extract, measure, judge, write. It decides nothing about a CRM itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.audit_day import audit_day, zone
from auditor.extraction import extract, set_aside_all
from auditor.history.keeping import Keeper, keeping
from auditor.imports_ahead import ImportsAhead
from auditor.list_files import lists_beside
from auditor.output import (
    PEOPLE,
    RESULT,
    staged,
    write_private,
    writing_to,
)
from auditor.pages import print_pages, write_pages
from auditor.people_file import key_text
from auditor.request import AuditRequest
from auditor.version import tool_version
from auditor.workspace import workspace
from connectors.errors import AuditorError
from connectors.model import TABLES

if TYPE_CHECKING:
    from auditor.owner_mail import OwnerList
    from auditor.progress import Progress
    from checks.context import Context
    from checks.interview.answers import Answers
    from checks.measuring import Measured
    from checks.results import AuditResult
    from checks.run_info import ContractResult, RunInfo
    from checks.spec import CheckSpec
    from connectors.snapshot import Provenance, Snapshot


@dataclass(frozen=True)
class Audit:
    """A finished audit: what it found, how the export was read, and the audit before, if any.

    Attributes:
        problem: Why a PDF that was asked for is not there, or None.
        owners: Whose records a workbook was written of.
        stirred: Keys of the owners who have findings that are new or back since the audit before;
            None where there is none to compare with.
    """

    result: AuditResult
    provenance: Provenance
    before: AuditResult | None = None
    problem: AuditorError | None = None
    owners: tuple[OwnerList, ...] = ()
    stirred: frozenset[int] | None = None


def run_audit(request: AuditRequest, progress: Progress) -> Audit:
    """Audit an export and write the report; nothing is written unless all of it is.

    Raises:
        AuditorError: If the export, the configuration or the output folder does not allow it.
    """
    from checks.authoring.catalogue import load_catalogue, resolve
    from checks.context import Context
    from checks.interview.answers import read_answers
    from connectors.earlier import add_changes

    configuration = request.configuration
    zone(configuration.profile.time_zone)
    catalogue = load_catalogue(configuration.checks_dir)
    specs = resolve(catalogue, configuration.profile, configuration.document)
    for number, one in enumerate(configuration.content.accepted):
        if one.check not in catalogue.sources:
            place = ("accepted", number, "check")
            kind = 'unknown check "{name}"'
            raise configuration.document.unknown(kind, one.check, catalogue.sources, *place)
    answers = read_answers(request.answers)
    with progress.stage("imports"):
        import duckdb  # noqa: F401
        import pandas as pd  # noqa: F401 - the engine looks into it, and must find all of it
    with (
        staged(request.out) as stage,
        keeping(request.history, request.now) as keeper,
        workspace() as workdir,
        ImportsAhead("scipy.stats", "great_expectations") as ahead,
    ):
        earlier = set_aside_all(request.earlier, configuration, workdir, progress, now=request.now)
        snapshot = extract(request.source, configuration, workdir, progress, ahead)
        try:
            with progress.stage("imports"):
                ahead.wait()
            as_of, origin = audit_day(
                request.as_of,
                snapshot,
                now=request.now,
                time_zone=configuration.profile.time_zone,
            )
            if configuration.content.report.crm_address:
                snapshot.provenance.link_base = configuration.content.report.crm_address
            if earlier:
                add_changes(snapshot, as_of, earlier, workdir)
            if keeper:
                with progress.stage("history"):
                    keeper.remember(snapshot, as_of, workdir, told_by_hand=bool(earlier))
            snapshot.lock(stage)
            baseline = keeper.baseline(snapshot, as_of) if keeper else {}
            context = Context(snapshot, configuration.profile, as_of, baseline)
            return _audit_snapshot(
                request, context, specs, answers, stage, progress, origin=origin, keeper=keeper
            )
        finally:
            snapshot.close()


def _audit_snapshot(
    request: AuditRequest,
    context: Context,
    specs: Sequence[CheckSpec],
    answers: Answers,
    stage: Path,
    progress: Progress,
    *,
    origin: str,
    keeper: Keeper | None,
) -> Audit:
    from checks.change.exceptions import covered
    from checks.change.trust import withholding
    from checks.expectations.contract import judge_contract
    from checks.judgement.judging import judge
    from checks.measuring import measure_all

    measured = measure_all(context, specs, progress.stage)
    with progress.stage("contract"):
        contract = judge_contract(context.snapshot, context.profile, context.as_of)
    run = _run_info(request, context, specs, answers, contract, origin)
    with lists_beside(request, context, specs, measured, stage, progress) as owners:
        with progress.stage("judgement"):
            result = judge(
                context,
                specs,
                measured,
                contract,
                run,
                named=request.named,
                redact=request.redact,
                answers=answers,
                stage=progress.stage,
            )
        exceptions = request.configuration.content.accepted
        accepted = covered(context, specs, measured, exceptions, without_people=request.redact)
        result = result.model_copy(update={"accepted": accepted})
        if keeper:
            with progress.stage("history"):
                result = keeper.compare(context, specs, measured, result, redact=request.redact)
        result = withholding(result)
        with writing_to(request.out), progress.stage("page"):
            _write(request, context, measured, result, stage)
    with writing_to(request.out):
        problem = _print(request, result, stage, progress)
    if keeper:
        with progress.stage("history"):
            keeper.keep(result)
    return Audit(
        result,
        context.snapshot.provenance,
        before=keeper.before if keeper else None,
        problem=problem,
        owners=tuple(owners),
        stirred=keeper.stirred() if keeper else None,
    )


def _write(
    request: AuditRequest, context: Context, measured: Measured, result: AuditResult, stage: Path
) -> None:
    from checks.judgement.judging import read_pseudonyms

    if not (request.named or request.redact):
        people = read_pseudonyms(context, measured).as_csv_rows()
        write_private(stage / PEOPLE, key_text(people))
    (stage / RESULT).write_text(result.to_json(), encoding="utf-8")
    write_pages(result, request.languages, stage)


def _print(
    request: AuditRequest, result: AuditResult, stage: Path, progress: Progress
) -> AuditorError | None:
    return print_pages(result, request.languages, stage, progress.stage) if request.pdf else None


def _run_info(
    request: AuditRequest,
    context: Context,
    specs: Sequence[CheckSpec],
    answers: Answers,
    contract: ContractResult,
    origin: str,
) -> RunInfo:
    from checks.authoring.catalogue import digest
    from checks.run_info import Notice, RunInfo, TableRows

    snapshot, configuration = context.snapshot, request.configuration
    provenance = snapshot.provenance
    stages = configuration.content.stages.model_dump(mode="json")
    supplied = [name for name, state in snapshot.capabilities.tables.items() if state.observable]
    return RunInfo(
        tool_version=tool_version(),
        source=request.source.label,
        system=provenance.system,
        as_of=context.as_of,
        as_of_origin=origin,
        profile_hash=configuration.profile.digest(stages),
        profile_parts=configuration.profile.part_digests(stages),
        catalogue_hash=digest(specs),
        tables={name: TableRows(rows=snapshot.count(name)) for name in sorted(supplied)},
        capabilities=_capabilities(snapshot),
        contract=contract,
        warnings=[
            *(Notice(code=note.code, facts=dict(note.facts)) for note in provenance.notes),
            *(Notice(code="answers_blank", facts={"file": name}) for name in answers.blank),
        ],
        link_base=provenance.link_base,
        provenance=_provenance(snapshot),
        parameters=_parameters(request),
        named=request.named,
    )


def _capabilities(snapshot: Snapshot) -> dict[str, str]:
    capabilities = snapshot.capabilities
    tables = {name: capabilities.table(name).value for name in {**TABLES, **capabilities.tables}}
    columns = {
        f"{table}.{name}": state.value
        for (table, name), state in sorted(capabilities.columns.items())
    }
    return tables | columns


def _provenance(snapshot: Snapshot) -> dict[str, Any]:
    """Return files, columns and figures of the intake; no text of a line that was not read."""
    recorded = asdict(snapshot.provenance)
    for told_elsewhere in ("notes", "source", "system", "link_base"):
        del recorded[told_elsewhere]
    intake = asdict(snapshot.intake)
    for unread in intake["unread"]:
        del unread["value"]
    return {**recorded, "intake": intake}


def _parameters(request: AuditRequest) -> dict[str, Any]:
    return {
        **request.signature,
        "languages": list(request.languages),
        "csv_style": request.csv_style,
        "redacted": request.redact,
        "window_months": request.configuration.profile.window_months,
    }
