"""Secrets are named in ``auditor.yaml``, never written there: a variable, a file or the keyring."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from connectors.errors import ConfigurationError, RefusedValueError

_WAYS = ("env", "file", "keyring")


def secret_place(text: str) -> str:
    """Return where a secret is, as written; for validators.

    Raises:
        RefusedValueError: If it names no place, as a secret itself would.
    """
    way, colon, name = text.partition(":")
    if way not in _WAYS or not colon or not name:
        raise RefusedValueError(
            "a secret does not belong into this file",
            next_step="Say where it is: env:NAME, file:PATH or keyring:SERVICE/USER. If it was"
            " here, replace it at its source: others may have read it.",
        )
    return text


#: Where a secret is, as ``auditor.yaml`` names it.
SecretPlace = Annotated[str, AfterValidator(secret_place)]


def read_secret(place: str, environment: Mapping[str, str], folder: Path) -> str:
    """Return a secret.

    Args:
        place: ``env:NAME``, ``file:PATH`` or ``keyring:SERVICE/USER``.
        environment: Variables of the process.
        folder: What a path is relative to.

    Raises:
        ConfigurationError: If it is not there, or others may read it.
    """
    way, _, name = place.partition(":")
    if way == "env":
        found: str | None = environment.get(name)
    elif way == "file":
        found = _from_file(folder / Path(name).expanduser())
    else:
        found = _from_keyring(name)
    if not found or not found.strip():
        raise ConfigurationError(
            "the secret {place} is empty or not set",
            next_step="Set it, or name another place in auditor.yaml.",
            place=place,
        )
    return found.strip()


def _from_file(file: Path) -> str:
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        if mode & 0o077:
            raise ConfigurationError(
                "others than you may read this file with a secret (mode {mode})",
                where=str(file),
                next_step="Run: chmod 600 {file}",
                mode=f"{mode:o}",
                file=file,
            )
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            "the file with the secret cannot be read",
            where=str(file),
            next_step="Check that it exists and that you may read it.",
        ) from error


def _from_keyring(name: str) -> str | None:
    service, _, user = name.partition("/")
    try:
        import keyring

        kept: str | None = keyring.get_password(service, user)
        return kept
    except ImportError as error:
        raise ConfigurationError(
            "keyring is not installed",
            next_step="Run: pip install 'crm-auditor[keyring]', or name env: or file: instead.",
        ) from error
    except Exception as error:
        raise ConfigurationError(
            "the keyring of this system cannot be opened",
            next_step="Unlock it, or name env: or file: in auditor.yaml instead.",
        ) from error
