"""``auditor history``: the audits that were kept, listed, shown, pruned and exported."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.exit_codes import ExitCode
from auditor.terminal import Terminal, in_columns
from connectors.errors import ConfigurationError

if TYPE_CHECKING:
    from auditor.history.store import KeptAudit, Store

File = Annotated[
    Path | None,
    typer.Option(
        "--history",
        readable=False,
        metavar="FILE",
        envvar="AUDITOR_HISTORY",
        show_envvar=False,
        help="The history; by default that of auditor.yaml. [AUDITOR_HISTORY]",
    ),
]
Series = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="One of several CRMs in the history; by default all."),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    history = typer.Typer(no_args_is_help=True, help="Look at the audits that were kept.")
    history.command(name="list", epilog="Example: auditor history list")(list_audits)
    history.command(name="show", epilog="Example: auditor history show 2026-06-30")(show)
    history.command(name="prune", epilog="Example: auditor history prune --keep-months 36")(prune)
    history.command(name="export", epilog="Example: auditor history export --out kept")(export)
    app.add_typer(history, name="history")


def list_audits(*, context: typer.Context, file: File = None, series: Series = None) -> ExitCode:
    """List the audits that were kept, the oldest first."""
    terminal: Terminal = context.obj
    from auditor.history.store import reading

    with reading(_file(file)) as store:
        audits = store.audits(series)
        rows = [_row(terminal, audit, store) for audit in audits]
    if not rows:
        terminal.tell("This history holds no audit yet.")
        return ExitCode.DONE
    terminal.show("\n".join(in_columns(rows, indent="")))
    return ExitCode.DONE


def show(
    *,
    context: typer.Context,
    day: Annotated[
        str | None,
        typer.Argument(metavar="DAY", help="Day of the audit; by default the latest."),
    ] = None,
    file: File = None,
    series: Series = None,
) -> ExitCode:
    """Print the result.json of an audit that was kept."""
    from auditor.history.store import reading

    place = _file(file)
    with reading(place) as store:
        audit = _chosen(store, day, series, place)
        context.obj.show(store.result_text(audit))
    return ExitCode.DONE


def prune(
    *,
    context: typer.Context,
    keep_months: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="Months before the latest audit that stay; by default keep_months of"
            " auditor.yaml.",
        ),
    ] = None,
    file: File = None,
) -> ExitCode:
    """Forget audits that are older, findings that ended before them, and how deals were then."""
    from auditor.config import find_configuration, load_configuration
    from auditor.history.retention import prune as forget

    terminal: Terminal = context.obj
    section = load_configuration(find_configuration(None)).content.history
    months = keep_months or (section.keep_months if section else None)
    if months is None:
        raise ConfigurationError(
            "nothing says how long audits are kept",
            next_step="Say it: --keep-months 36, or keep_months under history: in auditor.yaml.",
        )
    forgotten = forget(_file(file), months)
    terminal.show(terminal.translate("Audits forgotten: {count}.").format(count=forgotten))
    return ExitCode.DONE


def export(
    *,
    context: typer.Context,
    out: Annotated[Path, typer.Option(readable=False, metavar="DIR", help="Folder to write into.")],
    file: File = None,
    series: Series = None,
) -> ExitCode:
    """Write every audit as result.json, and the life of findings as CSV, for other programs."""
    from auditor.history.exporting import export_history
    from auditor.history.store import reading

    terminal: Terminal = context.obj
    with reading(_file(file)) as store:
        written = export_history(store, series, out)
    for name in written:
        terminal.show(str(out / name))
    return ExitCode.DONE


def _file(file: Path | None) -> Path:
    from auditor.config import find_configuration, load_configuration

    found = file or load_configuration(find_configuration(None)).history
    if found is None:
        raise ConfigurationError(
            "nothing says where the history is",
            next_step="Name it: --history FILE, or file: under history: in auditor.yaml.",
        )
    return found


def _row(terminal: Terminal, audit: KeptAudit, store: Store) -> tuple[str, ...]:
    from reports.wording import Wording

    words = Wording(terminal.language)
    result = store.result(audit)
    trusted = "" if audit.trusted else terminal.translate("not to be trusted")
    return (
        audit.as_of.isoformat(),
        audit.series,
        words(f"verdict_state.{result.verdict.state}"),
        terminal.translate("findings: {count}").format(count=audit.findings),
        audit.profile_hash,
        trusted,
    )


def _chosen(store: Store, day: str | None, series: str | None, place: Path) -> KeptAudit:
    audits = store.audits(series)
    wanted = [one for one in audits if day is None or one.as_of == _day(day)]
    if not wanted:
        raise ConfigurationError(
            "the history holds no such audit",
            where=str(place),
            next_step="auditor history list shows those that it holds.",
        )
    return max(wanted, key=lambda one: one.as_of)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ConfigurationError(
            '"{day}" is no day', next_step="Write it like 2026-06-30.", day=text
        ) from error
