"""auditor.yaml is data, read strictly; every complaint says where and what would be right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from auditor.config import find_configuration, load_configuration
from auditor.sources import named_fields
from connectors.errors import ConfigurationError


def written(folder: Path, text: str) -> Path:
    file = folder / "auditor.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_every_section_has_a_default(tmp_path: Path) -> None:
    configuration = load_configuration(written(tmp_path, ""))
    assert configuration.profile == load_configuration(None).profile
    assert configuration.sources == []


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    text = "sources: [export]\nprofile: {checks_dir: mine}\n"
    configuration = load_configuration(written(tmp_path, text))
    assert configuration.sources == [("export", str(tmp_path / "export"))]
    assert configuration.checks_dir == tmp_path / "mine"


def test_a_folder_of_checks_must_exist(tmp_path: Path) -> None:
    configuration = load_configuration(written(tmp_path, "profile: {checks_dir: mine}\n"))
    with pytest.raises(ConfigurationError, match="mine does not exist"):
        _ = configuration.checks_dir


def test_the_file_beside_the_export_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    export = tmp_path / "export"
    export.mkdir()
    assert find_configuration(export) is None
    written(tmp_path, "")
    assert find_configuration(export) == Path("auditor.yaml")
    written(export, "")
    assert find_configuration(export) == export / "auditor.yaml"


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        ("proflie: {}\n", 1, 'Did you mean "profile"'),
        ("profile:\n  window_month: 6\n", 2, 'Did you mean "window_months"'),
        ("report:\n  csv_style: fr\n", 2, "csv_style"),
        ("profile:\n  window_months: many\n", 2, "window_months"),
        ("report:\n  languages: [de]\n", 2, "no report in de"),
        ("as_of: yesterday\n", 1, "2026-06-30"),
        ("tables:\n  deals:\n    colums: {}\n", 3, 'Did you mean "columns"'),
        ("tables:\n  deals:\n    columns: {closedate: Close}\n", 3, "close_date"),
        ("x: !!python/object/apply:os.system [ls]\n", 1, "tag"),
        ("a: &a [x, x]\nb: [*a, *a]\n", 1, "anchor|alias"),
        ("sources: [\n", 2, "YAML"),
        ("sources:\n  - {name: A, path: export}\n", 1, "sources: {Paris: exports/paris}"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, text: str, line: int, complaint: str
) -> None:
    with pytest.raises(ConfigurationError, match=complaint) as raised:
        load_configuration(written(tmp_path, text))
    assert raised.value.where == f"{tmp_path / 'auditor.yaml'}:{line}"


def test_as_of_may_be_settled_in_the_file(tmp_path: Path) -> None:
    assert load_configuration(written(tmp_path, "as_of: 2026-06-30")).content.as_of == "2026-06-30"


def test_columns_that_checks_of_the_user_name_are_pulled(tmp_path: Path) -> None:
    theirs = Path(__file__).parents[2] / "checks" / "catalogue" / "incomplete_or_obsolete"
    text = (theirs / "open-deal-past-close-date.yaml").read_text("utf-8")
    text = text.replace("id: open-deal-past-close-date", "id: my-late-deal")
    text = text.replace("lifecycle: stable", "lifecycle: experimental")
    text = re.sub(r"(?m)^population: .*$", "population: is_open and \"Region__c\" = 'North'", text)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "my-late-deal.yaml").write_text(text, encoding="utf-8")
    plain = load_configuration(written(tmp_path, "{}\n"))
    assert "Region__c" not in named_fields(plain)["deals"]
    configuration = load_configuration(written(tmp_path, "profile: {checks_dir: mine}\n"))
    assert "Region__c" in named_fields(configuration)["deals"]
