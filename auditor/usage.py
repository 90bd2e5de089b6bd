"""Complaints about the command line itself, in our own words and in the user's language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

import typer

from connectors.errors import AuditorError, ConfigurationError

_SEE_HELP = "auditor --help and auditor COMMAND --help list what exists."


def usage_error(error: typer.TyperException) -> AuditorError:
    """Return what the parser did not accept as an error of ours.

    The parser's exceptions are private to it, so they are told apart by their names.
    """
    kind = type(error).__name__
    name = _parameter_name(error)
    if kind == "NoSuchOption":
        near = get_close_matches(name, getattr(error, "possibilities", None) or (), n=1)
        if near:
            return ConfigurationError(
                "there is no option {option}",
                next_step="Did you mean {near}?",
                option=name,
                near=near[0],
            )
        return ConfigurationError("there is no option {option}", next_step=_SEE_HELP, option=name)
    if kind == "MissingParameter":
        return ConfigurationError("{option} is missing", next_step=_SEE_HELP, option=name)
    if kind == "BadOptionUsage":
        return ConfigurationError("{option} needs a value", next_step=_SEE_HELP, option=name)
    if kind == "BadParameter" and name:
        return ConfigurationError(
            "{option} does not take that value", next_step=_SEE_HELP, option=name
        )
    problem = error.format_message()
    if command := re.match(r"No such command '(.+?)'\.(?: Did you mean '(\w+)')?", problem):
        return _no_command(command[1], command[2])
    return ConfigurationError(
        "the command line is not understood ({problem})",
        next_step=_SEE_HELP,
        problem=problem.rstrip("."),
    )


def one_of(option: str, value: str, choices: Iterable[str]) -> str:
    """Return ``value`` if it is one of ``choices``.

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
    raise ConfigurationError(
        '{option} does not take "{value}"',
        next_step="It takes {choices}.",
        option=option,
        value=value,
        choices=", ".join(allowed),
    )


def _no_command(name: str, near: str | None) -> ConfigurationError:
    if near:
        return ConfigurationError(
            "there is no command {name}", next_step="Did you mean {near}?", name=name, near=near
        )
    return ConfigurationError("there is no command {name}", next_step=_SEE_HELP, name=name)


def _parameter_name(error: typer.TyperException) -> str:
    if option := getattr(error, "option_name", None):
        return str(option)
    parameter = getattr(error, "param", None)
    if parameter is None:
        return ""
    if parameter.param_type_name == "option":
        return str(parameter.opts[0])
    return str(parameter.metavar or parameter.name).upper()
