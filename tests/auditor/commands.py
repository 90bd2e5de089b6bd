"""Runs the program as a user does: words in, exit code and two streams out."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from auditor.cli import main

PROGRAM = [sys.executable, "-m", "auditor.cli"]
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Finished:
    """What a run left behind."""

    code: int
    out: str
    err: str


def run(capsys: pytest.CaptureFixture[str], *words: object) -> Finished:
    """Run the program in this process."""
    capsys.readouterr()
    code = main([str(word) for word in words])
    captured = capsys.readouterr()
    return Finished(int(code), captured.out, captured.err)


def run_process(*words: object, cwd: Path | None = None, **environment: str) -> Finished:
    """Run the program in a process of its own, in English unless told otherwise."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("AUDITOR_", "LC_"))}
    done = subprocess.run(
        [*PROGRAM, *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd or ROOT,
        env={**inherited, "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), **environment},
    )
    return Finished(done.returncode, done.stdout, done.stderr)
