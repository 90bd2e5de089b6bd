"""``auditor report``: the pages of a finished audit anew, without the export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.exit_codes import ExitCode
from auditor.options import Lang, chosen_languages
from connectors.errors import ConfigurationError


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command(epilog="Example: auditor report audit-report/result.json --lang fr")(report)


def report(
    context: typer.Context,
    result: Annotated[
        Path,
        typer.Argument(readable=False, metavar="RESULT.json", help="The result.json of an audit."),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            readable=False,
            metavar="DIR",
            show_default=False,
            help="Folder for the pages; by default that of RESULT.json.",
        ),
    ] = None,
    lang: Lang = None,
    named: Annotated[
        bool,
        typer.Option("--named", help="Show people under the names that people.csv gives them."),
    ] = False,
    people: Annotated[
        Path | None,
        typer.Option(
            readable=False,
            metavar="FILE",
            show_default=False,
            help="The people.csv of the same audit; by default the one beside RESULT.json.",
        ),
    ] = None,
) -> ExitCode:
    """Write the pages anew from result.json; lists need the export and are not remade."""
    from auditor.output import PEOPLE
    from auditor.rerender import rerender

    if people is not None and not named:
        raise ConfigurationError(
            "--people names nobody by itself", next_step="Add --named, or leave --people out."
        )
    folder = out or result.parent
    key = (people or result.parent / PEOPLE) if named else None
    for page in rerender(result, folder, chosen_languages(lang), people=key):
        context.obj.show(str(folder / page))
    context.obj.tell("Worklists were not remade: they need the export. Run auditor audit for them.")
    return ExitCode.DONE
