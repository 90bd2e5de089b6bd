"""The calls of a day belong to everybody: a pull stops in time, and goes on another day."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.errors import SourceUnreachableError
from tests.connectors.salesforce.conftest import PAGES
from tests.connectors.salesforce.pulling import Records, as_text, pull, records_of
from tests.fakes.salesforce.process import running


def test_a_pull_leaves_the_last_fifth_of_the_day_to_others(files: Path, tmp_path: Path) -> None:
    with (
        running(files, daily=1_000, used=780, **PAGES) as org,
        pytest.raises(SourceUnreachableError, match="the last 20 % are left to others"),
    ):
        try:
            pull(org, tmp_path)
        finally:
            assert 15 <= len(org.requests) <= 22


def test_a_run_keeps_to_its_share_and_the_next_one_goes_on(
    files: Path, tmp_path: Path, undisturbed: Records
) -> None:
    with running(files, daily=240, used=0, **PAGES) as org:
        with pytest.raises(SourceUnreachableError, match="this run has made 6"):
            pull(org, tmp_path, quota={"day": 1.0, "run": 0.25})
        found = records_of(pull(org, tmp_path, quota={"day": 1.0, "run": 0.25}))
        assert as_text(found) == as_text(undisturbed)


def test_a_day_that_is_used_up_is_not_touched(files: Path, tmp_path: Path) -> None:
    with running(files, daily=1_000, used=900, **PAGES) as org:
        with pytest.raises(SourceUnreachableError, match="has used 90"):
            pull(org, tmp_path)
        assert len(org.requests) == 1  # it had to ask
