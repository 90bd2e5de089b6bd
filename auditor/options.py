"""Options that several commands share; a flag wins over its environment variable, named in []."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from auditor.usage import one_of

Config = Annotated[
    Path | None,
    typer.Option(
        readable=False,
        metavar="FILE",
        envvar="AUDITOR_CONFIG",
        show_envvar=False,
        help="Settings; by default auditor.yaml in SOURCE, else here. [AUDITOR_CONFIG]",
    ),
]
Out = Annotated[
    Path,
    typer.Option(
        readable=False,
        metavar="DIR",
        envvar="AUDITOR_OUT",
        show_envvar=False,
        show_default=False,
        help="Folder for the report; by default audit-report. [AUDITOR_OUT]",
    ),
]
Lang = Annotated[
    str | None,
    typer.Option(
        metavar="en|fr|both",
        envvar="AUDITOR_LANG",
        show_envvar=False,
        help="Languages of the report, one page each; both by default. [AUDITOR_LANG]",
    ),
]
Answers = Annotated[
    list[Path] | None,
    typer.Option(
        readable=False,
        metavar="FILE",
        help="What people answered: a file of auditor interview, filled in. May be repeated.",
    ),
]
CsvStyleOption = Annotated[
    str | None,
    typer.Option(
        metavar="us|eu",
        envvar="AUDITOR_CSV_STYLE",
        show_envvar=False,
        help="us: comma and decimal point; eu: semicolon and decimal comma, the default when"
        " French is among the languages. [AUDITOR_CSV_STYLE]",
    ),
]
Named = Annotated[
    bool,
    typer.Option(
        "--named",
        envvar="AUDITOR_NAMED",
        show_envvar=False,
        help="Show people under their names, on the page and in result.json. [AUDITOR_NAMED]",
    ),
]
Redact = Annotated[
    bool,
    typer.Option(
        "--redact",
        envvar="AUDITOR_REDACT",
        show_envvar=False,
        help="Leave the names of owners, accounts and contacts out of everything that is written."
        " [AUDITOR_REDACT]",
    ),
]
WorkbookRows = Annotated[
    int,
    typer.Option(
        metavar="N",
        envvar="AUDITOR_WORKBOOK_ROWS",
        show_envvar=False,
        min=1,
        max=100_000,
        show_default=False,
        help="Records that a sheet of worklists.xlsx holds at most, up to 100,000; 1,000 by"
        " default. The CSV files hold all. [AUDITOR_WORKBOOK_ROWS]",
    ),
]
OwnerWorkbooks = Annotated[
    bool,
    typer.Option(
        "--owner-workbooks",
        envvar="AUDITOR_OWNER_WORKBOOKS",
        show_envvar=False,
        help="Also write a workbook for each owner, with their records alone."
        " [AUDITOR_OWNER_WORKBOOKS]",
    ),
]
Pdf = Annotated[
    bool,
    typer.Option(
        "--pdf",
        envvar="AUDITOR_PDF",
        show_envvar=False,
        help="Also print each page to a PDF, with Chromium, Chrome or Edge where one is installed."
        " [AUDITOR_PDF]",
    ),
]
FailOn = Annotated[
    list[str] | None,
    typer.Option(
        metavar="WHAT",
        envvar="AUDITOR_FAIL_ON",
        show_envvar=False,
        help="End with exit code 1 on: established, suspected (or worse), any-present (any of the"
        " four signals), signal:NAME such as signal:workarounds, the id of a check that is present,"
        " index<50 (any signal), drop>10 (points since the last audit), or check:ID>0.1 (rate)."
        " May be repeated, or joined by commas. [AUDITOR_FAIL_ON]",
    ),
]
History = Annotated[
    Path | None,
    typer.Option(
        readable=False,
        metavar="FILE",
        envvar="AUDITOR_HISTORY",
        show_envvar=False,
        help="Keep the audit in this file, and say what changed since the one before."
        " [AUDITOR_HISTORY]",
    ),
]
Rebaseline = Annotated[
    bool,
    typer.Option(
        "--rebaseline",
        help="Take this audit as a new beginning: what differs from the last one is explained by"
        " that.",
    ),
]
Junit = Annotated[
    Path | None,
    typer.Option(readable=False, metavar="FILE", help="Write the checks as JUnit XML, for CI."),
]
Metrics = Annotated[
    Path | None,
    typer.Option(readable=False, metavar="FILE", help="Write metrics as OpenMetrics text."),
]
Alert = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ADDRESS",
        envvar="AUDITOR_ALERT",
        show_envvar=False,
        help="Tell people when something changed, or the audit broke: an address as Apprise writes"
        " it, such as mailto://... May be repeated. [AUDITOR_ALERT]",
    ),
]
OwnerMailOption = Annotated[
    str | None,
    typer.Option(
        "--owner-mail",
        metavar="ADDRESS",
        envvar="AUDITOR_OWNER_MAIL",
        show_envvar=False,
        help="With --named, mail each owner their own records, through a mail server as Apprise"
        " writes it, such as mailto://user:password@host?from=audit@host. [AUDITOR_OWNER_MAIL]",
    ),
]
Heartbeat = Annotated[
    Path | None,
    typer.Option(
        readable=False,
        metavar="FILE",
        help="Write when and how the audit ended, even where it failed.",
    ),
]
LogFormat = Annotated[
    str,
    typer.Option(
        metavar="text|json",
        envvar="AUDITOR_LOG_FORMAT",
        show_envvar=False,
        show_default=False,
        help="How to write what happens to stderr; json: one object a line, without names and"
        " without anything from the CRM. [AUDITOR_LOG_FORMAT]",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print result.json instead of the summary.")]
Timings = Annotated[Path | None, typer.Option(readable=False, hidden=True)]


def chosen_languages(lang: str | None, settled: Sequence[str] = ("en", "fr")) -> tuple[str, ...]:
    """Return the languages to write in, one page each; any that has a file of sentences.

    Args:
        lang: What the command line asks for.
        settled: What holds when it asks for nothing.
    """
    from reports.wording import languages

    if lang is None:
        return tuple(settled)
    chosen = one_of("--lang", lang, (*languages(), "both"))
    return ("en", "fr") if chosen == "both" else (chosen,)
