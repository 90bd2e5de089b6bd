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


def test_a_share_that_is_used_up_while_the_pull_is_planned_is_gone_on_with(
    files: Path, tmp_path: Path, undisturbed: Records
) -> None:
    share = {"day": 1.0, "run": 0.02}  # 20 calls: half of what planning takes
    with running(files, daily=1_000, used=0, **PAGES) as org:
        stopped = 0
        while True:
            try:
                store = pull(org, tmp_path, quota=share)
                break
            except SourceUnreachableError as error:
                assert "this run has made 2" in str(error)
                stopped += 1
        assert 4 <= stopped <= 7
        assert as_text(records_of(store)) == as_text(undisturbed)


def test_a_share_with_which_no_run_gets_on_is_said_at_once(files: Path, tmp_path: Path) -> None:
    with (
        running(files, daily=100, used=0, **PAGES) as org,
        pytest.raises(SourceUnreachableError, match=r"may make 5 of the 100 calls.*quota\.run"),
    ):
        try:
            pull(org, tmp_path, quota={"day": 1.0, "run": 0.05})
        finally:
            assert len(org.requests) == 1


def test_a_day_that_is_used_up_is_not_touched(files: Path, tmp_path: Path) -> None:
    with running(files, daily=1_000, used=900, **PAGES) as org:
        with pytest.raises(SourceUnreachableError, match="has used 90"):
            pull(org, tmp_path)
        assert len(org.requests) == 1  # it had to ask
