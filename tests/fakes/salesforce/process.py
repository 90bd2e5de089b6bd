"""The fake org in a process of its own, and its back door."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class RunningOrg:
    """A fake org that runs."""

    host: str

    def back_door(self, **asked: Any) -> dict[str, Any]:
        """Tell the org something, and return what happened there so far."""
        data = json.dumps(asked).encode() if asked else None
        with urlopen(Request(f"{self.host}/_fake", data=data)) as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    def script(self, *faults: dict[str, Any]) -> None:
        """Let things go wrong."""
        self.back_door(script=list(faults))

    @property
    def requests(self) -> list[str]:
        """What was asked."""
        return list(self.back_door()["requests"])

    @property
    def violations(self) -> list[str]:
        """What a reader has no business to send."""
        return list(self.back_door()["violations"])

    @property
    def sign_ins(self) -> int:
        """How often somebody signed in."""
        return int(self.back_door()["sign_ins"])


@contextmanager
def running(folder: Path, **options: Any) -> Iterator[RunningOrg]:
    """Run an org filled from the files of an export by API name.

    Args:
        folder: The files.
        options: See ``Answering``, and ``hidden`` and ``public_key``.
    """
    command = [sys.executable, "-m", "tests.fakes.salesforce.server", str(folder)]
    process = subprocess.Popen(
        [*command, "--options", json.dumps(options)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        port = process.stdout.readline().strip()  # type: ignore[union-attr]
        assert port, "the fake org did not start"
        yield RunningOrg(f"http://127.0.0.1:{port}")
    finally:
        process.kill()
        process.wait()
