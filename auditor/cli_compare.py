"""``auditor compare``: two results side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.exit_codes import ExitCode
from auditor.options import Json
from auditor.terminal import Terminal, in_columns, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.comparison import Comparison
    from checks.results import AuditResult
    from reports.wording import Wording

#: Checks that are shown although nothing moved them; the rest is in the JSON.
_MOST_CHECKS = 25


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command(epilog="Example: auditor compare before/result.json after/result.json")(compare)


def compare(
    context: typer.Context,
    one: Annotated[
        Path,
        typer.Argument(readable=False, metavar="RESULT.json", help="The result.json of an audit."),
    ],
    other: Annotated[
        Path,
        typer.Argument(
            readable=False,
            metavar="OTHER.json",
            help="That of another: after a clean-up, or of another company.",
        ),
    ],
    json: Json = False,
) -> ExitCode:
    """Set two audits side by side: signals, checks, and what differs besides the CRM."""
    from auditor.result_file import read_result
    from checks.change.side_by_side import side_by_side

    terminal: Terminal = context.obj
    first, second = read_result(one), read_result(other)
    found = side_by_side(first, second)
    if json:
        terminal.show(found.model_dump_json(indent=1) + "\n")
    else:
        terminal.show(visible("\n".join(_lines(terminal, first, second, found))))
    return ExitCode.DONE


def _lines(
    terminal: Terminal, first: AuditResult, second: AuditResult, found: Comparison
) -> Iterator[str]:
    from reports.change_view import break_sentences, compared_checks
    from reports.wording import Wording

    words = Wording(terminal.language)
    yield from in_columns(
        [
            (terminal.translate("Audit"), _name(words, first), _name(words, second)),
            (
                terminal.translate("Verdict"),
                words(f"verdict_state.{first.verdict.state}"),
                words(f"verdict_state.{second.verdict.state}"),
            ),
            *_signals(words, found),
        ],
        indent="",
    )
    yield ""
    yield terminal.translate("Index over what both could observe by the same definitions.")
    if rows := compared_checks(words, second, found)[:_MOST_CHECKS]:
        yield ""
        yield from in_columns(rows, indent="")
    if sentences := break_sentences(words, second, found):
        yield ""
        yield words("break.title")
        yield from (f"  {sentence}" for sentence in sentences)


def _name(words: Wording, result: AuditResult) -> str:
    return f"{result.run.source}, {words.numbers.short_day(result.run.as_of)}"


def _signals(words: Wording, found: Comparison) -> Iterator[tuple[str, str, str]]:
    for signal in found.signals:
        cells = [
            f"{words(f'state.{state}')} {'–' if index is None else round(index)}"
            for state, index in (
                (signal.state_before or signal.state, signal.like_before),
                (signal.state, signal.like),
            )
        ]
        yield words(f"signal.{signal.id}.name"), cells[0], cells[1]
