"""A small world, the files that an org is filled from, and the org."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.connectors.salesforce.pulling import Records, pull, records_of
from tests.fakes.salesforce.process import RunningOrg, running
from tests.worlds.adapters.salesforce import write_salesforce
from tests.worlds.plan import healthy
from tests.worlds.world import make_world

#: Small pages, so that a small world has many of them.
PAGES = {"rest_page": 60, "bulk_page": 250}


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a small world, as a weekly export of Salesforce has them."""
    folder = tmp_path_factory.mktemp("world")
    write_salesforce(make_world(healthy(seed=5, reps=3, deals=120, months=9)), folder)
    return folder


@pytest.fixture(scope="module")
def shared_org(files: Path) -> Iterator[RunningOrg]:
    """An org for all tests of a module."""
    with running(files, **PAGES) as org:
        yield org
        assert org.violations == []


@pytest.fixture
def org(shared_org: RunningOrg) -> Iterator[RunningOrg]:
    """The org of the module, in good order."""
    shared_org.back_door(script=[], reset=True)
    yield shared_org
    assert shared_org.violations == []


@pytest.fixture(scope="session")
def undisturbed(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Records:
    """What a pull brings when nothing goes wrong."""
    with running(files, **PAGES) as org:
        return records_of(pull(org, tmp_path_factory.mktemp("undisturbed")))
