"""The fake portal in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.fakes.process import RunningFake, started

RunningPortal = RunningFake


@contextmanager
def running(folder: Path, **options: Any) -> Iterator[RunningPortal]:
    """Run a portal filled from the files of a warehouse copy.

    Args:
        folder: The files.
        options: See ``Answering``, ``Rate`` and ``Fake``.
    """
    with started("tests.fakes.hubspot.server", folder, options) as host:
        yield RunningPortal(host)
