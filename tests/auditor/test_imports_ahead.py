"""Imports in the background: there when they are needed, and never in the way."""

import sys

import pytest

from auditor.imports_ahead import ImportsAhead
from connectors.base import unwatched


def test_what_was_imported_ahead_is_there_when_it_is_waited_for(tmp_path, monkeypatch):
    (tmp_path / "slow_to_come.py").write_text("import time; time.sleep(0.2); ARRIVED = True\n")
    monkeypatch.syspath_prepend(tmp_path)

    with ImportsAhead("slow_to_come") as ahead:
        ahead.wait()
        assert sys.modules["slow_to_come"].ARRIVED


def test_a_module_that_is_missing_is_said_to_the_one_who_waits():
    with ImportsAhead("no_such_module_anywhere") as ahead, pytest.raises(ImportError):
        ahead.wait()


def test_after_an_error_nothing_more_is_imported(tmp_path, monkeypatch):
    (tmp_path / "coming_first.py").write_text("import time; time.sleep(0.3)\n")
    (tmp_path / "coming_second.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)

    with (
        pytest.raises(ValueError),
        ImportsAhead("coming_first", "coming_second") as ahead,
        ahead.beginning_with("type", unwatched)("type"),
    ):
        raise ValueError

    assert "coming_first" in sys.modules
    assert "coming_second" not in sys.modules


def test_nothing_is_imported_before_the_stage_that_it_waits_for(tmp_path, monkeypatch):
    (tmp_path / "coming_later.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)

    with ImportsAhead("coming_later") as ahead:
        stage = ahead.beginning_with("type", unwatched)
        with stage("read"):
            assert "coming_later" not in sys.modules
        with stage("type"):
            ahead.wait()
            assert "coming_later" in sys.modules


def test_an_audit_that_never_came_so_far_imports_nothing():
    with ImportsAhead("no_such_module_anywhere"):
        pass
