"""The examples of schedules: their files are well formed, and what they run is understood."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from ruamel.yaml import YAML
from yamllint import linter
from yamllint.config import YamlLintConfig

from auditor.cli import application
from auditor.config import load_configuration
from tests.auditor.commands import ROOT, run
from tests.auditor.exports import write_export

SCHEDULE = ROOT / "examples" / "schedule"
FILES = sorted(path for path in SCHEDULE.rglob("*") if path.is_file())


def commands() -> list[tuple[str, list[str]]]:
    """Return every command line of the program in the examples, as words."""
    found = []
    for file in FILES:
        joined = file.read_text("utf-8").replace("\\\n#", " ").replace("\\\n", " ")
        if file.suffix == ".yml":
            joined = "\n".join(scripts(YAML(typ="safe").load(file.read_text("utf-8"))))
        for line in joined.splitlines():
            if match := re.search(r"(?:crm-auditor |auditor )(audit .*?)(?: > .*)?$", line):
                found.append((file.name, shlex.split(match[1])))
    return found


def scripts(node: object) -> list[str]:
    if isinstance(node, dict):
        return [text for value in node.values() for text in scripts(value)]
    if isinstance(node, list):
        return [text for value in node for text in scripts(value)]
    return [node] if isinstance(node, str) else []


def test_every_example_of_a_schedule_runs_the_audit() -> None:
    named = {name for name, _ in commands()}
    unscheduled = {"auditor.yaml", "crm-auditor.timer"}
    assert named == {file.name for file in FILES} - unscheduled


@pytest.mark.parametrize(("name", "words"), commands(), ids=lambda one: str(one)[:30])
def test_what_an_example_runs_is_understood(name: str, words: list[str]) -> None:
    command = typer.main.get_command(application()).commands["audit"]  # type: ignore[attr-defined]
    context = command.make_context("audit", words[1:])
    assert context.params["out"] != Path("audit-report"), name


def test_the_settings_are_read_and_audit_an_export(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(SCHEDULE / "auditor.yaml", tmp_path)
    write_export(tmp_path / "export", overdue=10)
    assert load_configuration(tmp_path / "auditor.yaml").history == tmp_path / "history.sqlite"
    words = ("--config", tmp_path / "auditor.yaml", "--out", tmp_path / "report")
    finished = run(capsys, "audit", *words, "--as-of", "2026-06-30")
    assert finished.code == 0, finished.err
    assert (tmp_path / "history.sqlite").exists()


@pytest.fixture
def crm(tmp_path: Path) -> Path:
    """A folder that a schedule finds: settings, an export, and a place for the report."""
    shutil.copy(SCHEDULE / "auditor.yaml", tmp_path)
    write_export(tmp_path / "export", overdue=10)
    (tmp_path / "crm").symlink_to(tmp_path)
    return tmp_path


def placed(text: str, crm: Path) -> str:
    """Return a command with the places of an example turned into those of a folder."""
    return re.sub(r"(?<![\w/])/(srv/)?crm(?=/)", str(crm), text)


@pytest.mark.parametrize(("name", "words"), commands(), ids=lambda one: str(one)[:30])
def test_what_an_example_runs_leaves_a_report_and_a_history(
    name: str,
    words: list[str],
    crm: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(crm)
    finished = run(capsys, *(placed(word, crm) for word in words))
    assert finished.code in (0, 1), finished.err
    assert (crm / "history.sqlite").exists(), name
    assert (crm / "report" / "result.json").exists(), name


def test_the_line_of_cron_runs_in_a_shell(crm: Path) -> None:
    (line,) = [
        line
        for line in (SCHEDULE / "crontab").read_text("utf-8").splitlines()
        if "auditor audit" in line
    ]
    command = placed(line.split(maxsplit=5)[5], crm)
    programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    settings = {**os.environ, "PATH": programs, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["sh", "-c", command], cwd=crm, env=settings, check=False)
    assert done.returncode in (0, 1)
    assert (crm / "last-run.txt").read_text("utf-8")
    assert '"outcome"' in (crm / "heartbeat.json").read_text("utf-8")


def test_the_container_file_follows_good_practice() -> None:
    hadolint = Path(sys.executable).parent / "hadolint"
    done = subprocess.run(
        [hadolint, SCHEDULE / "Containerfile"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("file", [f for f in FILES if f.suffix in (".yml", ".yaml")], ids=str)
def test_yaml_is_clean(file: Path) -> None:
    config = YamlLintConfig(
        "{extends: default, rules: {line-length: {max: 100}, document-start: disable,"
        " truthy: {check-keys: false}}}"
    )
    assert list(linter.run(file.read_text("utf-8"), config)) == []


@pytest.mark.parametrize(
    ("file", "schema"),
    [
        ("github-actions.yml", ["vendor.github-workflows"]),
        ("gitlab-ci.yml", ["vendor.gitlab-ci", "--data-transform", "gitlab-ci"]),
    ],
)
def test_a_pipeline_is_one_that_its_service_takes(file: str, schema: list[str]) -> None:
    check = Path(sys.executable).parent / "check-jsonschema"
    done = subprocess.run(
        [check, "--builtin-schema", *schema, SCHEDULE / file],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_the_history_of_a_pipeline_lasts_from_one_month_to_the_next() -> None:
    workflow = YAML(typ="safe").load((SCHEDULE / "github-actions.yml").read_text("utf-8"))
    steps = workflow["jobs"]["audit"]["steps"]
    kept = [step for step in steps if step.get("with", {}).get("path") == "crm/history.sqlite"]
    assert kept
    for step in kept:  # a cache is dropped when nobody asked for it in seven days
        assert step["uses"].startswith("actions/upload-artifact@")
        assert step["with"]["retention-days"] > 2 * 31


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    service = (SCHEDULE / "systemd" / "crm-auditor.service").read_text("utf-8")
    service = service.replace("/opt/auditor/bin/auditor", sys.executable)
    (tmp_path / "crm-auditor.service").write_text(service.replace("User=auditor", "User=root"))
    shutil.copy(SCHEDULE / "systemd" / "crm-auditor.timer", tmp_path)
    units = sorted(tmp_path.iterdir())
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = [line for line in done.stderr.splitlines() if "crm-auditor" in line]
    assert said == []
    calendar = re.search(r"OnCalendar=(.*)", units[1].read_text())
    assert calendar
    subprocess.run(["systemd-analyze", "calendar", calendar[1]], check=True, capture_output=True)


def test_the_image_is_not_root_and_holds_every_package() -> None:
    text = (SCHEDULE / "Containerfile").read_text("utf-8")
    assert re.search(r"^USER 10001$", text, re.MULTILINE)
    for package in ("auditor", "reports", "checks", "connectors"):
        assert f"COPY {package} {package}" in text
    assert "--read-only" in text


def test_no_audit_needs_what_the_image_leaves_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (SCHEDULE / "Containerfile").read_text("utf-8")
    assert "find /opt/auditor -type d -name tests -prune" in text
    export = write_export(tmp_path / "export", overdue=10)
    words = ("--out", tmp_path / "report", "--history", tmp_path / "history.sqlite")
    assert run(capsys, "audit", export, *words, "--as-of", "2026-06-30").code == 0
    files = [
        Path(module.__file__ or "")
        for module in list(sys.modules.values())
        if hasattr(module, "__file__")
    ]
    installed = {file for file in files if "site-packages" in file.parts}
    assert any("scipy" in file.parts for file in installed)
    assert [file for file in installed if "tests" in file.parts] == []
