"""``auditor init``, ``auditor doctor`` and ``auditor interview``: before the first audit."""

from __future__ import annotations

import os
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.exit_codes import ExitCode
from auditor.sources import LiveSource, find_source
from auditor.terminal import Terminal
from auditor.workspace import workspace
from connectors.errors import ConfigurationError, InputError

if TYPE_CHECKING:
    from connectors.intake.inferred import InferredMapping

FILE_NAME = "auditor.yaml"


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(epilog="Example: auditor init export/")(init)
    app.command(epilog="Example: auditor doctor export/")(doctor)
    app.command(epilog="Example: auditor interview --each")(interview)


def init(
    context: typer.Context,
    source: Annotated[
        Path,
        typer.Argument(
            readable=False, metavar="FOLDER", help="The export: folder, CSV file, workbook or zip."
        ),
    ],
    config: Annotated[
        Path | None,
        typer.Option(
            readable=False,
            metavar="FILE",
            help="File to write; by default auditor.yaml, here.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that exists.")] = False,
) -> ExitCode:
    """Write how the export would be read into a commented auditor.yaml, to be corrected."""
    from auditor.config import find_configuration
    from auditor.mapping_file import mapping_text
    from reports.wording import Wording

    terminal: Terminal = context.obj
    target = config or Path(FILE_NAME)  # an export is replaced every month, and the settings stay
    _refuse_existing(target, force, "--config")
    inferred = _inferred(source)
    words = Wording(terminal.language)
    text = mapping_text(inferred, source, target, terminal.translate, words)
    _write(target, text, "--config")
    terminal.show(str(target))
    if inferred.questions:
        terminal.tell(
            "{count} question(s) wait for you in {file}: look for the lines marked ???",
            count=len(inferred.questions),
            file=target,
        )
    found = find_configuration(source)
    named = [] if found and found.samefile(target) else ["--config", str(target)]
    terminal.tell(
        "Correct it where it is wrong, then: auditor audit {words}",
        words=shlex.join([str(source), *named]),
    )
    return ExitCode.DONE


def doctor(
    context: typer.Context,
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="SOURCE",
            show_default=False,
            help="The export, or SYSTEM:NAME of a live source; without it, only the versions are"
            " shown.",
        ),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            readable=False,
            metavar="FILE",
            help="Settings; by default auditor.yaml in SOURCE, else here.",
        ),
    ] = None,
) -> ExitCode:
    """Say what can be observed in an export or an org, what is missing, how to switch it on."""
    from auditor.doctor import examination, versions

    terminal: Terminal = context.obj
    terminal.show("\n".join(versions()))
    if source is not None:
        from auditor.config import find_configuration, load_configuration

        configuration = load_configuration(config or find_configuration(Path(source)))
        found = find_source(source, os.environ, datetime.now(UTC))
        if isinstance(found, LiveSource):
            from auditor.doctor_live import live_examination

            lines = live_examination(found, configuration, terminal)
        else:
            lines = examination(found, configuration, terminal)
        terminal.show("\n".join(["", *lines]))
    return ExitCode.DONE


def interview(
    context: typer.Context,
    out: Annotated[
        Path,
        typer.Option(
            readable=False,
            metavar="FILE",
            show_default=False,
            help="File to write; by default answers.yaml, here.",
        ),
    ] = Path("answers.yaml"),
    reps: Annotated[
        int, typer.Option(metavar="N", min=1, max=20, help="How many salespeople will answer.")
    ] = 2,
    each: Annotated[
        bool, typer.Option("--each", help="One file for each person who answers.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that exists.")] = False,
) -> ExitCode:
    """Write the twelve questions about what no export shows, to be asked and filled in."""
    from auditor.answers_file import answers_texts

    terminal: Terminal = context.obj
    texts = answers_texts(out, reps=reps, each=each)
    for target in texts:
        _refuse_existing(target, force, "--out")
    for target, text in texts.items():
        _write(target, text, "--out")
        terminal.show(str(target))
    terminal.tell(
        "Fill in what people answer, then: auditor audit EXPORT {options}",
        options=" ".join(f"--answers {target}" for target in texts),
    )
    return ExitCode.DONE


def _refuse_existing(target: Path, force: bool, option: str) -> None:
    if target.exists() and not force:
        raise ConfigurationError(
            "this file exists already",
            where=str(target),
            next_step="Add --force to replace it, or name another with {option}.",
            option=option,
        )


def _inferred(source: Path) -> InferredMapping:
    from connectors.csv_export.connector import infer_mapping
    from connectors.engines.duckdb import Engine

    if not source.exists():
        raise InputError("{source} does not exist", next_step="Check the path.", source=source)
    with workspace() as folder:
        engine = Engine(folder)
        try:
            return infer_mapping(source, engine, folder)
        finally:
            engine.close()


def _write(target: Path, text: str, option: str) -> None:
    from auditor.output import writing_to

    with writing_to(target, option):
        beside = target.with_name(f".{target.name}.part")
        try:
            beside.write_text(text, encoding="utf-8")
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
