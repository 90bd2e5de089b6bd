"""A pull that is killed at any request goes on where it was, and brings the same records."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.errors import InputError
from connectors.http.folders import finished, stores
from connectors.salesforce.connector import PulledOrg
from tests.connectors.salesforce.pulling import NOW, Records, as_text, pull, records_of
from tests.fakes.process import ROOT
from tests.fakes.salesforce.process import RunningOrg


def killed_at(org: RunningOrg, folder: Path, request: int) -> None:
    """Pull in a process of its own, and kill it while it waits for the answer to a request."""
    org.back_door(script=[{"fault": "stall", "nth": request, "times": -1}], reset=True)
    command = [sys.executable, "-m", "tests.connectors.salesforce.pulling", org.host, str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    while len(org.requests) < request:
        time.sleep(0.01)
        assert process.poll() is None, "the pull ended before it could be killed"
    process.send_signal(signal.SIGKILL)
    process.wait()
    org.back_door(script=[])


#: Requests that a whole pull takes at least.
REQUESTS = 100
#: One by which some pages have landed: about half of them look around first.
LATE = 75
AT_SOME = (2, 31, LATE)
AT_ANY = [n for n in range(1, REQUESTS) if n not in AT_SOME]


@pytest.mark.parametrize(
    "request_number", [*AT_SOME, *(pytest.param(n, marks=pytest.mark.long) for n in AT_ANY)]
)
def test_a_killed_pull_goes_on(
    request_number: int, org: RunningOrg, tmp_path: Path, undisturbed: Records
) -> None:
    killed_at(org, tmp_path, request_number)
    (left,) = stores(tmp_path)
    planned = any(left.remembered("planned"))
    landed = {page.file for page in left.pages}
    org.back_door(reset=True)
    store = pull(org, tmp_path)
    assert [each.folder for each in stores(tmp_path)] == [store.folder]
    assert as_text(records_of(store)) == as_text(undisturbed)
    files = Counter(page.file for page in store.pages)
    assert set(files.values()) == {1}
    assert landed <= files.keys()
    if planned:
        assert not any("describe" in request for request in org.requests)


def test_a_page_that_was_damaged_is_pulled_again(
    org: RunningOrg, tmp_path: Path, undisturbed: Records
) -> None:
    killed_at(org, tmp_path, LATE)
    (left,) = stores(tmp_path)
    damaged = left.folder / left.pages[3].file
    damaged.write_bytes(damaged.read_bytes()[:-20])
    assert as_text(records_of(pull(org, tmp_path))) == as_text(undisturbed)


def test_a_line_of_the_journal_that_was_cut_is_not_believed(
    org: RunningOrg, tmp_path: Path, undisturbed: Records
) -> None:
    killed_at(org, tmp_path, LATE)
    (left,) = stores(tmp_path)
    journal = left.folder / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-7])
    assert as_text(records_of(pull(org, tmp_path))) == as_text(undisturbed)


def test_a_pull_of_some_days_ago_is_begun_anew(org: RunningOrg, tmp_path: Path) -> None:
    killed_at(org, tmp_path, LATE)
    store = pull(org, tmp_path, now=NOW + timedelta(days=3))
    assert store.folder.name == "2026-11-05"
    assert len(stores(tmp_path)) == 2


def test_a_finished_pull_is_not_gone_on_with(org: RunningOrg, tmp_path: Path) -> None:
    first, second = pull(org, tmp_path), pull(org, tmp_path)
    assert (first.folder.name, second.folder.name) == ("2026-11-02", "2026-11-02-2")


def test_an_unfinished_pull_is_not_audited(org: RunningOrg, tmp_path: Path) -> None:
    killed_at(org, tmp_path, LATE)
    (left,) = stores(tmp_path)
    with pytest.raises(InputError, match="was not finished"):
        PulledOrg(left.folder).extract(None, tmp_path)  # type: ignore[arg-type] - not reached


def test_a_changed_page_is_not_audited(org: RunningOrg, tmp_path: Path) -> None:
    store = pull(org, tmp_path)
    page = store.folder / store.of("Opportunity")[0].file
    page.write_bytes(page.read_bytes().replace(b"Marketing", b"marketing", 1) + b" ")
    with pytest.raises(InputError, match="is not as it was pulled"):
        finished(store.folder)


def test_only_its_owner_may_read_a_pull(org: RunningOrg, tmp_path: Path) -> None:
    store = pull(org, tmp_path / "pulls")
    assert store.folder.stat().st_mode & 0o077 == 0
