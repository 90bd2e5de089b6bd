"""What is said, and kept, when the program itself is at fault."""

from __future__ import annotations

import tempfile
import traceback
from pathlib import Path

from auditor.terminal import Terminal


def report(error: BaseException, terminal: Terminal) -> None:
    """Say that the program failed; with ``--debug``, where the traceback was saved."""
    if not terminal.debug:
        terminal.tell(
            "internal error ({kind}). Nothing was written. Please report it, with the file that"
            " the same command with --debug saves.",
            kind=type(error).__name__,
        )
        return
    with tempfile.NamedTemporaryFile(
        "w", prefix="auditor-error-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        file.write(_where_it_happened(error))
    terminal.tell(
        "internal error ({kind}). Nothing was written. Please report it with {file}, which"
        " holds places in the code and no records.",
        kind=type(error).__name__,
        file=Path(file.name),
    )


def _where_it_happened(error: BaseException) -> str:
    """Return types and places of the error and its causes; messages may quote records."""
    parts = []
    current: BaseException | None = error
    while current is not None:
        frames = traceback.format_list(traceback.extract_tb(current.__traceback__))
        parts.append(f"{type(current).__qualname__}\n{''.join(frames)}")
        current = current.__cause__ or current.__context__
    return "\ncaused by\n".join(parts)
