"""The fake org in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.fakes.process import RunningFake, started

RunningOrg = RunningFake


@contextmanager
def running(folder: Path, **options: Any) -> Iterator[RunningOrg]:
    """Run an org filled from the files of an export by API name.

    Args:
        folder: The files.
        options: See ``Answering``, and ``hidden`` and ``public_key``.
    """
    with started("tests.fakes.salesforce.server", folder, options) as host:
        yield RunningOrg(host)
