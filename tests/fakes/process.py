"""A fake service in a process of its own, and its back door."""

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

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class RunningFake:
    """A fake service that runs."""

    host: str

    def back_door(self, **asked: Any) -> dict[str, Any]:
        """Tell the service something, and return what happened there so far."""
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
def started(module: str, folder: Path, options: dict[str, Any]) -> Iterator[str]:
    """Run a fake service filled from the files of an export, and yield where it is.

    Args:
        module: Its server.
        folder: The files.
        options: What the server takes.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", module, str(folder), "--options", json.dumps(options)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        port = process.stdout.readline().strip()  # type: ignore[union-attr]
        assert port, f"{module} did not start"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()
