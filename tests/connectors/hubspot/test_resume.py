"""A pull that is killed at any request goes on where it was, and brings the same records."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.connectors.hubspot.pulling import Records, pull, records_of
from tests.fakes.hubspot.process import RunningPortal
from tests.fakes.process import ROOT

MODULE = "tests.connectors.hubspot.pulling"


def kill_at(portal: RunningPortal, folder: Path, request: int) -> None:
    """Pull in a process of its own, and kill it when so many requests have come."""
    portal.back_door(reset=True)
    command = [sys.executable, "-m", MODULE, portal.host, str(folder)]
    with subprocess.Popen(command, cwd=ROOT) as process:
        while process.poll() is None and len(portal.requests) < request:
            time.sleep(0.002)
        process.kill()


#: Requests of a whole pull, about; which of them are waited for depends on the moment.
REQUESTS = 85
AT_SOME = (2, 20, 50)
AT_ANY = [n for n in range(1, REQUESTS) if n not in AT_SOME]


@pytest.mark.parametrize(
    "request_number", [*AT_SOME, *(pytest.param(n, marks=pytest.mark.long) for n in AT_ANY)]
)
def test_a_killed_pull_goes_on(
    request_number: int, portal: RunningPortal, tmp_path: Path, undisturbed: Records
) -> None:
    kill_at(portal, tmp_path, request_number)
    portal.back_door(reset=True)
    store = pull(portal, tmp_path)
    assert records_of(store) == undisturbed
    assert len(list(tmp_path.iterdir())) == 1


def test_what_is_there_is_not_asked_for_again(portal: RunningPortal, tmp_path: Path) -> None:
    portal.script({"fault": "429_daily", "on": "objects/tasks", "nth": 2, "times": -1})
    with pytest.raises(Exception, match="calls of the day"):
        pull(portal, tmp_path, readers=1)
    portal.back_door(script=[], reset=True)
    pull(portal, tmp_path, readers=1)
    assert not [asked for asked in portal.requests if asked.startswith("GET /crm/v3/objects/de")]


@pytest.mark.parametrize(
    "page", ["deals/live-000001", "deals.values/live-000000", "deals.history/live-000001"]
)
def test_a_damaged_page_is_pulled_again(
    page: str, portal: RunningPortal, tmp_path: Path, undisturbed: Records
) -> None:
    portal.script(
        {"fault": "429_daily", "on": "objects/tasks", "nth": 2, "times": -1},
        {"fault": "414_html", "on": "objects/deals.*properties=", "times": 1},
    )
    with pytest.raises(Exception, match="calls of the day"):
        pull(portal, tmp_path, readers=1)
    (damaged,) = tmp_path.rglob(f"pages/{page}.json")
    damaged.write_bytes(damaged.read_bytes()[:-100])
    portal.script()
    assert records_of(pull(portal, tmp_path)) == undisturbed
