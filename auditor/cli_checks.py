"""``auditor checks``: what is checked, how it is defined, and whether its examples hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.exit_codes import ExitCode
from auditor.terminal import Terminal, in_columns
from auditor.usage import one_of

if TYPE_CHECKING:
    from checks.authoring.catalogue import Catalogue
    from checks.spec import CheckSpec


Config = Annotated[
    Path | None,
    typer.Option(
        readable=False,
        metavar="FILE",
        help="auditor.yaml whose profile.checks_dir holds checks of your own.",
    ),
]
CheckId = Annotated[str, typer.Argument(metavar="CHECK", help="Id of a check.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(
        name="checks", help="List, explain, test and document the checks.", no_args_is_help=True
    )
    group.command("list", epilog="Example: auditor checks list")(list_checks)
    group.command("show", epilog="Example: auditor checks show open-deal-past-close-date")(show)
    group.command("test", epilog="Example: auditor checks test --config auditor.yaml")(test)
    group.command("docs", epilog="Example: auditor checks docs --out docs/checks.md")(docs)
    app.add_typer(group)


def list_checks(context: typer.Context, config: Config = None) -> ExitCode:
    """List every check: code, id, whether it weighs, and what it finds."""
    terminal: Terminal = context.obj
    rows = [
        (spec.code, spec.id, spec.lifecycle, _title(spec, terminal.language))
        for spec in _catalogue(config).checks
    ]
    terminal.show("\n".join(in_columns(rows, indent="")))
    return ExitCode.DONE


def show(context: typer.Context, check: CheckId, config: Config = None) -> ExitCode:
    """Show who a check examines, who fails, what is tolerated, and why it matters."""
    from checks.authoring.reference import reference

    catalogue = _catalogue(config)
    one_of("CHECK", check, [spec.id for spec in catalogue.checks])
    terminal: Terminal = context.obj
    terminal.show(reference(_only(catalogue, check), terminal.language, terminal.translate))
    return ExitCode.DONE


def test(
    context: typer.Context,
    check: Annotated[
        str | None,
        typer.Argument(metavar="CHECK", show_default=False, help="Id of a check; all without it."),
    ] = None,
    config: Config = None,
) -> ExitCode:
    """Run the examples of the checks, those of your own folder included."""
    from checks.authoring.rehearse import rehearse

    terminal: Terminal = context.obj
    catalogue = _catalogue(config)
    if check is not None:
        one_of("CHECK", check, [spec.id for spec in catalogue.checks])
        catalogue = _only(catalogue, check)
    failures = rehearse(catalogue)
    for failure in failures:
        terminal.say(failure.what, **failure.facts)
    if failures:
        terminal.tell("{count} example(s) failed.", count=len(failures))
        return ExitCode.USER_MUST_ACT
    terminal.say("The examples of {count} check(s) hold.", count=len(catalogue.checks))
    return ExitCode.DONE


def docs(
    context: typer.Context,
    config: Config = None,
    out: Annotated[
        Path | None,
        typer.Option(readable=False, metavar="FILE", help="File to write instead of the terminal."),
    ] = None,
) -> ExitCode:
    """Write the reference of all checks, in Markdown."""
    from auditor.output import writing_to
    from checks.authoring.reference import reference

    terminal: Terminal = context.obj
    text = reference(_catalogue(config), terminal.language, terminal.translate)
    if out is None:
        terminal.show(text)
        return ExitCode.DONE
    with writing_to(out):
        out.write_text(text, encoding="utf-8")
    return ExitCode.DONE


def _catalogue(file: Path | None) -> Catalogue:
    from auditor.config import find_configuration, load_configuration
    from checks.authoring.catalogue import load_catalogue

    return load_catalogue(load_configuration(file or find_configuration(None)).checks_dir)


def _only(catalogue: Catalogue, check_id: str) -> Catalogue:
    from checks.authoring.catalogue import Catalogue

    return Catalogue((catalogue[check_id],), {check_id: catalogue.sources[check_id]})


def _title(spec: CheckSpec, language: str) -> str:
    text = spec.text.fr if language == "fr" else spec.text.en
    return text.title
