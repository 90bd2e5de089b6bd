"""The exit code tells the scheduler what happened; the gravest of several wins."""

from __future__ import annotations

import pytest

from auditor.exit_codes import ExitCode, code_of, gravest
from connectors import errors


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([], 0),
        ([0, 1], 1),
        ([1, 4], 4),
        ([4, 3], 3),
        ([3, 2], 2),
        ([1, 2, 3, 4, 5], 5),
    ],
)
def test_the_gravest_code_wins(codes: list[int], expected: int) -> None:
    assert gravest(ExitCode(code) for code in codes) == expected


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (errors.ConfigurationError, 2),
        (errors.InputError, 2),
        (errors.QuestionError, 2),
        (errors.OutputError, 2),
        (errors.SourceUnreachableError, 3),
        (errors.PermissionDeniedError, 3),
    ],
)
def test_every_error_has_the_code_of_who_must_act(
    error: type[errors.AuditorError], expected: int
) -> None:
    assert code_of(error("x")) == expected
