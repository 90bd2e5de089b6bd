"""Reading the ``result.json`` of an audit that somebody names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.errors import ConfigurationError, InputError

if TYPE_CHECKING:
    from checks.results import AuditResult


def read_result(file: Path) -> AuditResult:
    """Return a result; keys that this version does not know are ignored.

    Raises:
        ConfigurationError: If the file cannot be read.
        InputError: If it is no result of an audit.
    """
    from checks.results import AuditResult

    text = _read(file)
    try:
        return AuditResult.from_json(text)
    except ValueError as error:
        raise _not_a_result(file, text) from error


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            "this is not a result.json",
            where=str(file),
            next_step="Name the result.json of an audit.",
        ) from error
    except OSError as error:
        raise ConfigurationError(
            "the file cannot be read",
            where=str(file),
            next_step="Check that it exists and that you may read it.",
        ) from error


def _not_a_result(file: Path, text: str) -> InputError:
    from checks.results import SCHEMA_VERSION

    try:
        found = json.loads(text)["schema_version"]
    except (ValueError, KeyError, TypeError):
        return InputError(
            "this is not a result.json",
            where=str(file),
            next_step="Name the result.json of an audit.",
        )
    return InputError(
        "this result.json has the form {found}, which this version (form {known}) cannot show",
        where=str(file),
        next_step="Use the version of auditor that wrote it, or a newer one.",
        found=found,
        known=SCHEMA_VERSION,
    )
