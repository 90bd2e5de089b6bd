"""What the program's exit code says to the shell or the scheduler that called it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from connectors.errors import AuditorError, PermissionDeniedError, SourceUnreachableError


class ExitCode(IntEnum):
    """The only exit codes of an audit; a stop by signal N gives 128 + N, as shells do."""

    DONE = 0
    THRESHOLD_REACHED = 1
    USER_MUST_ACT = 2
    SOURCE_UNREACHABLE = 3
    CANNOT_BE_TRUSTED = 4
    INTERNAL_ERROR = 5


#: From the one that hides all others to the one that any other hides.
_RANKING = (
    ExitCode.INTERNAL_ERROR,
    ExitCode.USER_MUST_ACT,
    ExitCode.SOURCE_UNREACHABLE,
    ExitCode.CANNOT_BE_TRUSTED,
    ExitCode.THRESHOLD_REACHED,
    ExitCode.DONE,
)


def gravest(codes: Iterable[ExitCode]) -> ExitCode:
    """Return the code that wins when several apply; ``DONE`` when there is none."""
    return min(codes, key=_RANKING.index, default=ExitCode.DONE)


def code_of(error: AuditorError) -> ExitCode:
    """Return the exit code that an error asks for."""
    if isinstance(error, SourceUnreachableError | PermissionDeniedError):
        return ExitCode.SOURCE_UNREACHABLE
    return ExitCode.USER_MUST_ACT
