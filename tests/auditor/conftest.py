"""What several tests of the program begin with: a language, months of a CRM, and a mail server."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from auditor.cli import main
from tests.auditor.exports import deals
from tests.auditor.mailbox import Mailbox
from tests.auditor.months import JUNE, Months, prepared


@pytest.fixture
def in_english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Work in English, in a folder of its own, which holds no settings."""
    monkeypatch.setenv("LANG", "C.UTF-8")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


@pytest.fixture
def months(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Months:
    return Months(tmp_path, capsys)


@pytest.fixture(scope="session")
def audited_june(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a CRM whose ten late deals were audited in June; it is there to be copied."""
    folder = tmp_path_factory.mktemp("june")
    with redirect_stdout(StringIO()):
        code = main([str(word) for word in prepared(folder, JUNE, deals(overdue=10))])
    assert code == 0
    return folder


@pytest.fixture
def after_june(months: Months, audited_june: Path) -> Months:
    """A CRM that was audited in June, when ten of its deals were late."""
    shutil.copytree(audited_june, months.folder, dirs_exist_ok=True)
    return months


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    box = Mailbox(port)
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box
    server.stop()
