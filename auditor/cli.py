"""The command line: the only reader of the clock, of the environment and of its arguments.

Commands live in one module a group. This one assembles them, and turns whatever they raise
into one sentence and an exit code.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, Any

import typer

from auditor import cli_audit, cli_checks, cli_compare, cli_history, cli_report, cli_setup
from auditor.exit_codes import ExitCode, code_of
from auditor.messages import Translate, spoken_language
from auditor.terminal import Terminal
from auditor.usage import usage_error
from connectors.errors import AuditorError

if TYPE_CHECKING:
    from auditor.structured_log import StructuredLog

_SHELL_STOP = 128

#: What the help says besides the words of the commands.
_HELP_WORDS = (
    "Usage: ",
    "[OPTIONS]",
    "COMMAND [ARGS]...",
    "Arguments",
    "Options",
    "Commands",
)

#: New objects between two searches for garbage. An audit makes many that stay, and few in circles.
_OBJECTS_A_SEARCH = 50_000

#: Seconds until a stop that came in the midst of an import is tried again.
_STOPPED_AGAIN_AFTER = 0.02


class Stopped(BaseException):
    """The process was asked to end; everything unfinished is cleaned up on the way out."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code.

    Args:
        arguments: Words after the program's name; those of the process when omitted.
    """
    gc.set_threshold(_OBJECTS_A_SEARCH)
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in words or bool(os.environ.get("AUDITOR_DEBUG"))
    words = [word for word in words if word != "--debug"]
    terminal = Terminal(
        spoken_language(_requested(words, "--lang"), os.environ), debug, _log(words)
    )
    code = _guarded(words, terminal)
    if terminal.log:
        terminal.log.write("ended", exit_code=int(code))
    return code


def _guarded(words: list[str], terminal: Terminal) -> int:
    """Run the program, and turn a stop or a fault of its own into an exit code."""
    with _stop_signals() as received:
        try:
            return _run(words, terminal)
        except (Stopped, KeyboardInterrupt):
            return _stopped(terminal, received)
        except Exception as error:
            if received:  # the engine reports a signal as an error of its own
                return _stopped(terminal, received)
            from auditor.internal_error import report

            report(error, terminal)
            return ExitCode.INTERNAL_ERROR


def application() -> typer.Typer:
    """Return the commands, in the order of the help."""
    app = typer.Typer(
        name="auditor",
        help="Measure the four signals of a dying CRM on its own records.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_about)
    cli_audit.add_to(app)
    cli_report.add_to(app)
    cli_compare.add_to(app)
    cli_history.add_to(app)
    cli_setup.add_to(app)
    cli_checks.add_to(app)
    return app


def command(translate: Translate = str) -> Any:
    """Return the command tree with its help in one language."""
    root = typer.main.get_command(application())
    _translate_help(root, translate)
    return root


def help_texts() -> list[str]:
    """Return every sentence of the help, in English."""

    def of(node: Any) -> Iterator[str]:
        yield from (getattr(owner, attribute) for owner, attribute in _worded(node))
        for child in getattr(node, "commands", {}).values():
            yield from of(child)

    return [*_HELP_WORDS, *of(typer.main.get_command(application()))]


def _print_version(wanted: bool) -> None:
    if wanted:
        from auditor.version import tool_version

        typer.echo(tool_version())
        raise typer.Exit


def _about(
    version: bool = typer.Option(
        False,
        "--version",
        callback=_print_version,
        is_eager=True,
        help="Print the version and exit.",
    ),
    debug: bool = typer.Option(
        False, "--debug", help="On an internal error, save where it happened to a file."
    ),
) -> None:
    """Measure the four signals of a dying CRM on its own records."""


def _run(words: list[str], terminal: Terminal) -> int:
    try:
        code = command(terminal.translate).main(
            words, prog_name="auditor", standalone_mode=False, obj=terminal
        )
    except AuditorError as error:
        terminal.fail(error)
        return code_of(error)
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":  # the help was printed already
            return ExitCode.USER_MUST_ACT
        terminal.fail(usage_error(error))
        return ExitCode.USER_MUST_ACT
    except typer.Abort:
        return _SHELL_STOP + signal.SIGINT
    return int(code or ExitCode.DONE)


def _requested(words: list[str], option: str) -> str | None:
    """Return the value of an option before anything is parsed: complaints need it too."""
    for position, word in enumerate(words):
        if word.startswith(f"{option}="):
            return word.removeprefix(f"{option}=")
        if word == option:
            return "".join(words[position + 1 : position + 2])
    return None


def _log(words: list[str]) -> StructuredLog | None:
    if (_requested(words, "--log-format") or os.environ.get("AUDITOR_LOG_FORMAT")) != "json":
        return None
    from auditor.structured_log import StructuredLog

    return StructuredLog()


def _translate_help(node: Any, translate: Translate) -> None:
    for owner, attribute in _worded(node):
        setattr(owner, attribute, translate(getattr(owner, attribute)))
    node.options_metavar = translate("[OPTIONS]")
    if hasattr(node, "commands"):
        node.subcommand_metavar = translate("COMMAND [ARGS]...")
    node.format_usage = partial(_format_usage, node, translate("Usage: "))
    for parameter in (*node.params, _help_option(node)):
        if getattr(parameter, "is_flag", False) and parameter.metavar is None:
            parameter.metavar = ""  # else the help names a type that nobody is to write
        is_argument = parameter.param_type_name == "argument"
        parameter.rich_help_panel = translate("Arguments" if is_argument else "Options")
    for child in getattr(node, "commands", {}).values():
        child.rich_help_panel = translate("Commands")
        _translate_help(child, translate)


def _format_usage(node: Any, prefix: str, context: Any, formatter: Any) -> None:
    pieces = " ".join(node.collect_usage_pieces(context))
    formatter.write_usage(context.command_path, pieces, prefix=prefix)


def _worded(node: Any) -> Iterator[tuple[Any, str]]:
    """Yield what holds words in the help of one command, and the attribute that holds them."""
    for attribute in ("help", "epilog"):
        if getattr(node, attribute, None):
            yield node, attribute
    for parameter in (*node.params, _help_option(node)):
        if getattr(parameter, "help", None):
            yield parameter, "help"


def _help_option(node: Any) -> Any:
    return node.get_help_option(typer.Context(node))


@contextmanager
def _stop_signals() -> Iterator[list[int]]:
    """Turn SIGINT, SIGTERM and SIGHUP into an exception, once; list what was received.

    An exception in the midst of an import can vanish there, or leave a lock behind that other
    threads wait for; so the program is stopped a moment later, until the import is through.
    """
    wanted: list[int] = []
    received: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        if received:
            return
        if number != signal.SIGALRM:
            wanted.append(number)
        if _is_importing(frame):
            signal.setitimer(signal.ITIMER_REAL, _STOPPED_AGAIN_AFTER)
            return
        received.append(wanted[0])
        raise Stopped

    watched = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)
    before = {number: signal.signal(number, stop) for number in watched}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _stopped(terminal: Terminal, received: list[int]) -> int:
    terminal.tell("Stopped; the output folder is as it was.")
    return _SHELL_STOP + (received[0] if received else signal.SIGINT)


if __name__ == "__main__":
    sys.exit(main())
