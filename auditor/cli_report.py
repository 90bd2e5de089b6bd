"""``auditor report``: the pages of a finished audit anew, without the export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.exit_codes import ExitCode
from auditor.options import Lang, Pdf, chosen_languages
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
    title: Annotated[
        str | None,
        typer.Option(
            "--title",
            metavar="TEXT",
            show_default=False,
            help="What the report is called.",
        ),
    ] = None,
    client: Annotated[
        str | None,
        typer.Option(
            "--client",
            metavar="TEXT",
            show_default=False,
            help="Whom it is for.",
        ),
    ] = None,
    prepared_by: Annotated[
        str | None,
        typer.Option(
            "--prepared-by",
            metavar="TEXT",
            show_default=False,
            help="Who answers for it.",
        ),
    ] = None,
    brand: Annotated[
        str | None,
        typer.Option(
            "--brand",
            metavar="TEXT",
            show_default=False,
            help="Name of who signs it.",
        ),
    ] = None,
    logo: Annotated[
        Path | None,
        typer.Option(
            "--logo",
            readable=False,
            metavar="FILE",
            show_default=False,
            help="Logo, a PNG or JPEG file.",
        ),
    ] = None,
    accent: Annotated[
        str | None,
        typer.Option(
            "--accent",
            metavar="#RRGGBB",
            show_default=False,
            help="Colour of links on a light page; a lighter one serves the dark page.",
        ),
    ] = None,
    footer: Annotated[
        str | None,
        typer.Option(
            "--footer",
            metavar="TEXT",
            show_default=False,
            help="Text at the end of the page.",
        ),
    ] = None,
    pdf: Pdf = False,
) -> ExitCode:
    """Write the pages anew from result.json; lists need the export and are not remade."""
    from auditor.exit_codes import code_of
    from auditor.identity import Identity
    from auditor.output import PEOPLE
    from auditor.rerender import rerender

    if people is not None and not named:
        raise ConfigurationError(
            "--people names nobody by itself", next_step="Add --named, or leave --people out."
        )
    folder = out or result.parent
    written = rerender(
        result,
        folder,
        chosen_languages(lang),
        people=(people or result.parent / PEOPLE) if named else None,
        identity=Identity(
            title=title,
            client=client,
            prepared_by=prepared_by,
            name=brand,
            logo=logo,
            accent=accent,
            footer=footer,
        ),
        pdf=pdf,
    )
    for file in written.files:
        context.obj.show(str(folder / file))
    context.obj.tell("Worklists were not remade: they need the export. Run auditor audit for them.")
    if written.problem is None:
        return ExitCode.DONE
    context.obj.fail(written.problem)
    return code_of(written.problem)
