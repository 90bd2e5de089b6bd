"""Audits in processes of their own, which begin with everything imported: a kill hits the audit."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

from tests.auditor.commands import ROOT

#: Forks a process for each line of words it reads; it has a single thread, so that it may.
_FORKS = """
import gc, json, os, sys
import duckdb, great_expectations, pandas, scipy.stats
import auditor.audit, auditor.conducting, checks.measuring, checks.judgement.judging
import checks.expectations.contract, reports.render, reports.workbook
from auditor.cli import main

gc.freeze()
print("ready", flush=True)
for line in sys.stdin:
    words, told = json.loads(line)
    child = os.fork()
    if not child:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(os.open(told, os.O_WRONLY), 2)
        os._exit(int(main(words)))
    print(child, flush=True)
    sys.stdin.readline()  # till then its number stays its own
    os.waitpid(child, 0)
    print("ended", flush=True)
"""


@dataclass
class Begun:
    """An audit that runs.

    Attributes:
        told: What it tells, line by line.
    """

    number: int
    told: IO[str]
    orders: IO[str]
    answers: IO[str]

    def kill(self) -> None:
        """Kill it, also where it ended just now, and wait until nothing is left of it."""
        os.kill(self.number, signal.SIGKILL)
        self.told.close()
        self.orders.write("\n")
        assert self.answers.readline() == "ended\n"


class Nursery:
    """Begins audits; used as a context."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _FORKS], cwd=ROOT, text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert self._process.stdin
        assert self._process.stdout
        self._orders, self._answers = self._process.stdin, self._process.stdout
        assert self._answers.readline() == "ready\n"
        return self

    def __exit__(self, *_: object) -> None:
        self._orders.close()
        self._answers.close()
        self._process.wait()

    def begin(self, words: list[object], told: Path) -> Begun:
        """Begin a run of the program, which tells what it does through a pipe of that name."""
        os.mkfifo(told)
        self._orders.write(json.dumps([[str(word) for word in words], str(told)]) + "\n")
        number = int(self._answers.readline())
        return Begun(number, told.open(encoding="utf-8"), self._orders, self._answers)
