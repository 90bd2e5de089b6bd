"""Complaints about the command line itself, in our own words and in the user's language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

import typer

from connectors.errors import AuditorError, ConfigurationError

#: More choices than this are the ids of checks, which have a list of their own.
_MOST_NAMED = 12

_SEE_HELP = "auditor --help and auditor COMMAND --help list what exists."


def usage_error(error: typer.TyperException) -> AuditorError:
    """Return what the parser did not accept as an error of ours.

    The parser's exceptions are private to it, so they are told apart by their names.
    """
    option = _parameter_name(error)
    match type(error).__name__:
        case "NoSuchOption":
            return _no_option(option, getattr(error, "possibilities", None) or ())
        case "MissingParameter":
            what = "{option} is missing"
        case "BadOptionUsage" if "does not take a value" in error.format_message():
            what = "{option} takes no value"
        case "BadOptionUsage":
            what = "{option} needs a value"
        case "BadParameter" if option:
            what = "{option} does not take that value"
        case _:
            return _not_understood(error.format_message(), _command(error))
    return ConfigurationError(what, next_step=_SEE_HELP, option=option)


def one_of(option: str, value: str, choices: Iterable[str], *, next_step: str = "") -> str:
    """Return ``value`` if it is one of ``choices``.

    Args:
        option: The option, as it is written.
        value: What was given.
        choices: What it takes.
        next_step: Says what it takes where no choice is near; by default the choices do.

    Raises:
        ConfigurationError: If it is not; with the nearest choice.
    """
    allowed = list(choices)
    if value in allowed:
        return value
    near = get_close_matches(value, allowed, n=1)
    if near:
        raise ConfigurationError(
            '{option} does not take "{value}"',
            next_step='Did you mean "{near}"?',
            option=option,
            value=value,
            near=near[0],
        )
    if next_step:
        raise ConfigurationError(
            '{option} does not take "{value}"', next_step=next_step, option=option, value=value
        )
    if len(allowed) > _MOST_NAMED:
        step = "auditor checks list names every check."
        raise ConfigurationError(
            '{option} does not take "{value}"', next_step=step, option=option, value=value
        )
    raise ConfigurationError(
        '{option} does not take "{value}"',
        next_step="It takes {choices}.",
        option=option,
        value=value,
        choices=", ".join(allowed),
    )


def _no_option(option: str, existing: Iterable[str]) -> ConfigurationError:
    near = get_close_matches(option, list(existing), n=1)
    what = "there is no option {option}"
    if near:
        step = "Did you mean {near}?"
        return ConfigurationError(what, next_step=step, option=option, near=near[0])
    return ConfigurationError(what, next_step=_SEE_HELP, option=option)


def _command(error: typer.TyperException) -> str:
    """Return the command that was called, such as ``history list``; empty where none was."""
    path = getattr(getattr(error, "ctx", None), "command_path", "")
    return str(path).partition(" ")[2]


def _not_understood(problem: str, command_called: str) -> ConfigurationError:
    if extra := re.match(r"Got unexpected extra argument\(s\) \((.*)\)", problem):
        step = "A path with blanks needs quotes; auditor COMMAND --help lists what a command takes."
        if command_called.startswith("history "):
            step = "The file of a history is named with --history FILE."
        return ConfigurationError("too many words: {words}", next_step=step, words=extra[1])
    command = re.match(r"No such command '(.+?)'\.(?: Did you mean '(\w+)')?", problem)
    if command is None:
        return ConfigurationError("the command line is not understood", next_step=_SEE_HELP)
    name, near = command.groups()
    what = "there is no command {name}"
    if near:
        return ConfigurationError(what, next_step="Did you mean {near}?", name=name, near=near)
    return ConfigurationError(what, next_step=_SEE_HELP, name=name)


def _parameter_name(error: typer.TyperException) -> str:
    if option := getattr(error, "option_name", None):
        return str(option)
    parameter = getattr(error, "param", None)
    if parameter is None:
        return ""
    if parameter.param_type_name == "option":
        return str(parameter.opts[0])
    return str(parameter.metavar or parameter.name.upper())
