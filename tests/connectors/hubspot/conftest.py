"""A small world, the files that a portal is filled from, and the portal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.connectors.hubspot.pulling import Records, pull, records_of
from tests.fakes.hubspot.process import RunningPortal, running
from tests.worlds.adapters.hubspot import write_hubspot
from tests.worlds.plan import healthy
from tests.worlds.world import make_world

#: Small pages, so that a small world has many of them.
PAGES = {"list_page": 40}


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a small world, as a warehouse copy of HubSpot has them."""
    folder = tmp_path_factory.mktemp("world")
    write_hubspot(make_world(healthy(seed=5, reps=3, deals=120, months=9)), folder)
    return folder


@pytest.fixture(scope="module")
def shared_portal(files: Path) -> Iterator[RunningPortal]:
    """A portal for all tests of a module."""
    with running(files, **PAGES) as portal:
        yield portal
        assert portal.violations == []


@pytest.fixture
def portal(shared_portal: RunningPortal) -> Iterator[RunningPortal]:
    """The portal of the module, in good order."""
    shared_portal.back_door(script=[], reset=True)
    yield shared_portal
    assert shared_portal.violations == []


@pytest.fixture(scope="session")
def undisturbed(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Records:
    """What a pull brings when nothing goes wrong."""
    with running(files, **PAGES) as portal:
        return records_of(pull(portal, tmp_path_factory.mktemp("undisturbed")))
