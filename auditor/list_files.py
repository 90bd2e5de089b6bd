"""The lists of an audit: a CSV a check, a workbook of all, and one an owner where asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.output import FINDINGS, OWNERS, WORKBOOK, WORKLISTS, writing_to

if TYPE_CHECKING:
    from auditor.owner_mail import OwnerList
    from auditor.progress import Progress
    from auditor.request import AuditRequest
    from checks.context import Context
    from checks.measuring import Measured
    from checks.spec import CheckSpec
    from reports.workbook_apart import WorkbookApart


@contextmanager
def lists_beside(
    request: AuditRequest,
    context: Context,
    specs: Sequence[CheckSpec],
    measured: Measured,
    stage: Path,
    progress: Progress,
) -> Iterator[list[OwnerList]]:
    """Write lists, findings and workbooks while the block runs: neither needs the other.

    Lists are joined and ordered first, for the block reads them too. What is yielded holds, when
    the block has ended, whose records a workbook was written of.
    """
    from checks.lists.joining import join_lists
    from reports.workbook_apart import WorkbookApart

    with progress.stage("lists"):
        join_lists(context, specs, measured)
    snapshot = context.snapshot.beside()
    apart = replace(context, snapshot=snapshot)
    with (
        closing(snapshot),
        WorkbookApart() as workbook,
        ThreadPoolExecutor(max_workers=1) as beside,
    ):
        lists = beside.submit(_write_lists, request, apart, specs, measured, stage, workbook)
        owners: list[OwnerList] = []
        yield owners
        with writing_to(request.out):
            with progress.stage("lists"):
                owners += lists.result()
            with progress.stage("workbook"):
                workbook.wait()


def _write_lists(
    request: AuditRequest,
    context: Context,
    specs: Sequence[CheckSpec],
    measured: Measured,
    stage: Path,
    workbook: WorkbookApart,
) -> list[OwnerList]:
    """Write every list but the workbook, which is begun, and return those of the owners."""
    from checks.lists.findings import write_findings
    from reports.workbook import sheets_of
    from reports.worklists import write_lists

    redact, day = request.redact, context.as_of
    sheets = sheets_of(
        context, specs, measured, rows_per_sheet=request.workbook_rows, redact=redact
    )
    workbook.begin(sheets, stage / WORKBOOK, as_of=day, language=request.languages[0])
    folder, style = stage / WORKLISTS, request.csv_style
    write_lists(context, specs, measured, folder, style=style, redact=redact)
    write_findings(context, specs, measured, stage / FINDINGS, redact=redact)
    if not request.owner_workbooks:
        return []
    return _write_owner_workbooks(request, context, specs, measured, stage / OWNERS)


def _write_owner_workbooks(
    request: AuditRequest,
    context: Context,
    specs: Sequence[CheckSpec],
    measured: Measured,
    folder: Path,
) -> list[OwnerList]:
    """Write the records of each owner into a workbook that bears their pseudonym."""
    from auditor.owner_mail import OwnerList
    from checks.judgement.judging import read_pseudonyms
    from reports.owner_workbooks import lists_by_owner, sheets_of_owner
    from reports.workbook import write_workbook

    pseudonyms = read_pseudonyms(context, measured)
    addresses = _addresses(context)
    written = []
    folder.mkdir()
    for owner_id, lists in lists_by_owner(context, specs, measured).items():
        sheets = sheets_of_owner(context, lists, request.workbook_rows)
        file = folder / f"{pseudonyms.label(owner_id)}.xlsx"
        write_workbook(sheets, file, as_of=context.as_of, language=request.languages[0])
        key, email = addresses.get(owner_id, (0, None))
        place = request.out / OWNERS / file.name
        records = {one.spec.id: one.rows for one in lists}
        written.append(OwnerList(owner_id, key, email, place, records))
    return written


def _addresses(context: Context) -> dict[str, tuple[int, str | None]]:
    """Return, by id, the key of each user, and the address of those who may sign in."""
    rows = context.snapshot.rows(
        "select id, record_key('users', id), if(is_active is distinct from false, email, null) "
        "from users where is_live and id is not null order by row_no desc"
    )
    return {owner_id: (key, email) for owner_id, key, email in rows}
