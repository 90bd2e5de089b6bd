"""The command line: help in two languages, and complaints in one sentence."""

from __future__ import annotations

import subprocess
import sys

import pytest

from auditor.cli import command
from tests.auditor.commands import ROOT, run, run_process

COMMANDS = ["audit", "demo", "report", "init", "doctor", "interview", "checks"]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_LANG", "en")


def test_help_lists_every_command() -> None:
    finished = run_process("--help")
    assert finished.code == 0
    assert all(name in finished.out for name in COMMANDS)


def test_help_speaks_the_language_of_the_environment() -> None:
    assert "Commandes" in run_process("--help", LANG="fr_FR.UTF-8").out
    assert "Affiche cette aide" in run_process("audit", "--help", AUDITOR_LANG="fr").out


def test_every_command_has_help_and_an_example() -> None:
    leaves = {}
    for name, node in command().commands.items():
        below = getattr(node, "commands", None)
        leaves |= (
            {f"{name} {each}": leaf for each, leaf in below.items()} if below else {name: node}
        )
    assert len(leaves) == 15
    for words, node in leaves.items():
        assert node.help
        assert f"auditor {words}" in node.epilog


def test_help_imports_nothing_heavy() -> None:
    heavy = ("pandas", "duckdb", "great_expectations", "scipy", "pydantic", "sqlglot", "ruamel")
    script = (
        "import sys; from auditor.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["audit", "--lng", "fr"], "there is no option --lng. Did you mean --lang?"),
        (["audti"], "there is no command audti. Did you mean audit?"),
        (["init"], "FOLDER is missing."),
        (["audit", ".", "--lang", "de"], '--lang does not take "de". It takes en, fr, both.'),
        (["audit", ".", "--csv-style", "EU"], "It takes us, eu."),
        (["audit", ".", "--as-of"], "--as-of needs a value."),
        (["audit", ".", "--named=yes"], "--named takes no value."),
        (["audit", "my", "export"], "too many words: export. A path with blanks needs quotes;"),
        (
            ["history", "list", "h.sqlite"],
            "too many words: h.sqlite. The file of a history is named with --history FILE.",
        ),
        (["report"], "RESULT.json is missing."),
        (["checks", "show", "xyz"], 'does not take "xyz". auditor checks list names every check.'),
        (["audit", ".", "--named", "--redact"], "contradict each other"),
        (["audit", ".", "--owner-workbooks", "--redact"], "contradict each other"),
        (["audit", ".", "--workbook-rows", "100001"], "does not take that value"),
        (["audit", ".", "--earlier", "old@2026-01-01"], "old"),
        (["audit", ".", "--fail-on", "estabished"], 'Did you mean "established"?'),
        (["checks", "show", "open-deal-past-closedate"], "open-deal-past-close-date"),
        (["report", "no/such/result.json"], "Check that it exists"),
    ],
)
def test_a_mistake_ends_in_one_sentence(
    words: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    finished = run(capsys, *words)
    assert finished.code == 2
    assert complaint in finished.err
    assert finished.err.count("\n") == 1
    assert finished.out == ""


def test_a_mistake_is_told_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    finished = run(capsys, "audit", "--lng", "--lang", "fr")
    assert finished.err == "il n’y a pas d’option --lng. Vouliez-vous dire --lang\u00a0?\n"


def test_the_help_names_no_type_behind_a_flag() -> None:
    assert "<bool>" not in run_process("audit", "--help").out


def test_without_a_source_the_program_asks_for_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.chdir(str(tmp_path))
    assert "there is no export to audit" in run(capsys, "audit").err


def test_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--version").out.strip()


@pytest.mark.parametrize("words", [[], ["checks"]])
def test_without_a_command_the_help_is_shown(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    finished = run(capsys, *words)
    assert (finished.code, finished.err) == (2, "")
    assert "Commands" in finished.out
