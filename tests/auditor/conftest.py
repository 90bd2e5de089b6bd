"""What several tests of the program begin with: a language, months of a CRM, and a mail server."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from tests.auditor.mailbox import Mailbox
from tests.auditor.months import Months


@pytest.fixture
def in_english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Work in English, in a folder of its own, which holds no settings."""
    monkeypatch.setenv("LANG", "C.UTF-8")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


@pytest.fixture
def months(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Months:
    return Months(tmp_path, capsys)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    box = Mailbox(port)
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box
    server.stop()
