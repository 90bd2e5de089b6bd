"""The pipeline: extract, measure, judge, write. It decides nothing about a CRM itself."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.audit_day import audit_day, zone
from auditor.extraction import EarlierExport, extract, set_aside_all
from auditor.history.keeping import HistoryRequest, Keeper, keeping
from auditor.imports_ahead import ImportsAhead
from auditor.output import (
    FINDINGS,
    PEOPLE,
    RESULT,
    WORKBOOK,
    WORKLISTS,
    is_engine_io,
    page_name,
    staged,
    write_private,
    writing_to,
)
from auditor.people_file import key_text
from auditor.version import tool_version
from connectors.errors import OutputError
from connectors.model import TABLES

if TYPE_CHECKING:
    from auditor.config import Configuration, CsvStyle
    from auditor.progress import Progress
    from auditor.sources import Source
    from checks.context import Context
    from checks.interview.answers import Answers
    from checks.measuring import Measured
    from checks.results import AuditResult
    from checks.run_info import ContractResult, RunInfo
    from checks.spec import CheckSpec
    from connectors.snapshot import Provenance, Snapshot


@dataclass(frozen=True)
class AuditRequest:
    """What the user asked for, with every default filled in.

    Attributes:
        source: What is audited.
        configuration: What ``auditor.yaml`` says.
        as_of: A day, ``latest`` or ``today``.
        now: The present moment, with its time zone.
        out: Output folder.
        languages: One page each; the first is that of the workbook.
        named: Whether people appear under their names.
        redact: Whether names of owners, accounts and contacts are left out everywhere.
        earlier: Earlier exports of the same CRM, whose differences make a history.
        answers: Files with what people answered in the interview.
        history: Where audits of this CRM are kept; None keeps nothing.
    """

    source: Source
    configuration: Configuration
    as_of: str
    now: datetime
    out: Path
    languages: tuple[str, ...]
    csv_style: CsvStyle
    named: bool = False
    redact: bool = False
    earlier: tuple[EarlierExport, ...] = ()
    answers: tuple[Path, ...] = ()
    history: HistoryRequest | None = None


@dataclass(frozen=True)
class Audit:
    """A finished audit: what it found, and how the export was read."""

    result: AuditResult
    provenance: Provenance


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
    answers = read_answers(request.answers)
    with progress.stage("imports"):
        import duckdb  # noqa: F401
        import pandas as pd  # noqa: F401 - the engine looks into it, and must find all of it
    with (
        staged(request.out) as stage,
        keeping(request.history, request.now) as keeper,
        _workspace() as workdir,
        ImportsAhead("scipy.stats", "great_expectations") as ahead,
    ):
        earlier = set_aside_all(request.earlier, configuration, workdir, progress, now=request.now)
        snapshot = extract(request.source, configuration, workdir, progress)
        try:
            with progress.stage("imports"):
                ahead.wait()
            as_of, origin = audit_day(
                request.as_of,
                snapshot,
                now=request.now,
                time_zone=configuration.profile.time_zone,
            )
            if earlier:
                add_changes(snapshot, as_of, earlier, workdir)
            snapshot.lock(stage)
            context = Context(snapshot, configuration.profile, as_of)
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
    from checks.change.trust import withholding
    from checks.expectations.contract import judge_contract
    from checks.judgement.judging import judge, read_pseudonyms
    from checks.measuring import measure_all

    measured = measure_all(context, specs, progress.stage)
    with progress.stage("contract"):
        contract = judge_contract(context.snapshot, context.profile, context.as_of)
    with (
        _lists_beside(request, context, specs, measured, stage, progress),
        progress.stage("judgement"),
    ):
        run = _run_info(request, context, specs, answers, contract, origin)
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
    if keeper:
        with progress.stage("history"):
            result = keeper.compare(context, specs, measured, result, redact=request.redact)
    result = withholding(result)
    with writing_to(request.out):
        if not (request.named or request.redact):
            people = read_pseudonyms(context, measured).as_csv_rows()
            write_private(stage / PEOPLE, key_text(people))
        with progress.stage("page"):
            (stage / RESULT).write_text(result.to_json(), encoding="utf-8")
            write_pages(result, request.languages, stage)
    if keeper:
        with progress.stage("history"):
            keeper.keep(result)
    return Audit(result, context.snapshot.provenance)


@contextmanager
def _lists_beside(
    request: AuditRequest,
    context: Context,
    specs: Sequence[CheckSpec],
    measured: Measured,
    stage: Path,
    progress: Progress,
) -> Iterator[None]:
    """Write lists, findings and workbook while the block runs: neither needs the other.

    Lists are joined and ordered first, for the block reads them too.
    """
    from reports.workbook import read_sheets, write_workbook

    redact = request.redact
    with progress.stage("lists"):
        sheets = read_sheets(context, specs, measured, redact=redact)
    snapshot = context.snapshot.beside()
    with closing(snapshot), ThreadPoolExecutor(max_workers=1) as beside:
        # Python writes the workbook while the engine begins to judge; then they change places.
        workbook = beside.submit(
            write_workbook,
            sheets,
            stage / WORKBOOK,
            as_of=context.as_of,
            language=request.languages[0],
        )
        lists = beside.submit(
            _write_lists, request, replace(context, snapshot=snapshot), specs, measured, stage
        )
        yield
        with writing_to(request.out):
            with progress.stage("workbook"):
                workbook.result()
            with progress.stage("lists"):
                lists.result()


def _write_lists(
    request: AuditRequest,
    context: Context,
    specs: Sequence[CheckSpec],
    measured: Measured,
    stage: Path,
) -> None:
    from checks.lists.findings import write_findings
    from reports.worklists import write_lists

    folder, redact = stage / WORKLISTS, request.redact
    write_lists(context, specs, measured, folder, style=request.csv_style, redact=redact)
    write_findings(context, specs, measured, stage / FINDINGS, redact=redact)


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
        provenance=_provenance(snapshot),
        parameters=_parameters(request),
        named=request.named,
    )


def _capabilities(snapshot: Snapshot) -> dict[str, str]:
    capabilities = snapshot.capabilities
    tables = {name: capabilities.table(name).value for name in TABLES}
    columns = {
        f"{table}.{name}": state.value
        for (table, name), state in sorted(capabilities.columns.items())
    }
    return tables | columns


def _provenance(snapshot: Snapshot) -> dict[str, Any]:
    """Return files, columns and figures of the intake; no text of a line that was not read."""
    recorded = asdict(snapshot.provenance)
    del recorded["notes"], recorded["source"], recorded["system"]
    intake = asdict(snapshot.intake)
    for unread in intake["unread"]:
        del unread["value"]
    return {**recorded, "intake": intake}


def _parameters(request: AuditRequest) -> dict[str, Any]:
    section = request.configuration.content.report
    return {
        "title": section.title,
        "client": section.client,
        "prepared_by": section.prepared_by,
        "languages": list(request.languages),
        "csv_style": request.csv_style,
        "redacted": request.redact,
        "window_months": request.configuration.profile.window_months,
    }


def write_pages(result: AuditResult, languages: Sequence[str], folder: Path) -> None:
    """Write one page a language, each with a link to the others."""
    from reports.render import render_page

    for language in languages:
        others = {other: page_name(other) for other in languages if other != language}
        page = render_page(result, language, other_pages=others)
        (folder / page_name(language)).write_text(page, encoding="utf-8")


@contextmanager
def _workspace() -> Iterator[Path]:
    """Give a private folder for the engine, which vanishes with what it held."""
    with tempfile.TemporaryDirectory(prefix="auditor-", ignore_cleanup_errors=True) as folder:
        try:
            yield Path(folder)
        except Exception as error:
            if not is_engine_io(error):
                raise
            raise OutputError(
                "there is not enough room for temporary files",
                where=tempfile.gettempdir(),
                next_step="Free some room there, or set TMPDIR to a folder on a larger disk.",
            ) from error
