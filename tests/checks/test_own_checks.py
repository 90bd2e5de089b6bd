"""Checks of the user: read beside those of the package, or refused in one sentence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from checks.authoring.catalogue import load_catalogue
from connectors.errors import ConfigurationError
from tests.checks.shipped_checks import CATALOGUE, FOLDER

A_CHECK = """
id: {id}
code: S1.A1
version: 1
table: deals
population: is_open
params: {{least: 100}}
defect: amount < $least
tolerance: {{t_lo: 0.1, n_min: 30}}
effort: S
foundation: scenario
text:
  en: {{title: Small deals, pass: No small deal., fail: "{{k}} of {{n}}.", why: W., fix: F.}}
  fr: {{title: Petites affaires, pass: Aucune., fail: "{{k}} sur {{n}}.", why: P., fix: A.}}
worklist: {{columns: [name, amount], sort: [-amount]}}
"""


def own_check(folder: Path, text: str = A_CHECK, *, check_id: str = "small-deal") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / f"{check_id}.yaml").write_text(text.format(id=check_id), encoding="utf-8")
    return folder


def refusal(folder: Path, old: str, new: str) -> str:
    text = A_CHECK.replace(old, new)
    assert text != A_CHECK
    with pytest.raises(ConfigurationError) as caught:
        load_catalogue(own_check(folder, text))
    return str(caught.value)


def test_checks_of_the_user_join_those_of_the_package(tmp_path: Path):
    catalogue = load_catalogue(own_check(tmp_path / "ours"))
    assert len(catalogue.checks) == len(CATALOGUE.checks) + 1
    assert catalogue["small-deal"].lifecycle == "experimental"
    assert catalogue.sources["small-deal"] == "small-deal.yaml"


def test_folders_within_the_users_folder_are_read_too(tmp_path: Path):
    own_check(tmp_path / "team")
    assert "small-deal" in load_catalogue(tmp_path)


def test_the_users_check_may_share_a_code_but_not_an_id(tmp_path: Path):
    assert CATALOGUE["open-deal-with-missing-required-field"].code == "S1.A1"
    shutil.copy(FOLDER / "inconsistent_use" / "value-variant.yaml", tmp_path)
    with pytest.raises(ConfigurationError, match='already a check "value-variant"'):
        load_catalogue(tmp_path)


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path):
    with pytest.raises(ConfigurationError, match="no such folder of checks"):
        load_catalogue(tmp_path / "missing")


def test_loading_again_finds_new_files_of_the_user(tmp_path: Path):
    assert "small-deal" not in load_catalogue(tmp_path)
    own_check(tmp_path)
    assert "small-deal" in load_catalogue(tmp_path)


def test_the_file_name_is_the_id(tmp_path: Path):
    (tmp_path / "other-name.yaml").write_text(A_CHECK.format(id="small-deal"), encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_catalogue(tmp_path)
    assert str(caught.value).startswith('other-name.yaml:2: id "small-deal" and file name')


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("population:", "populaton:", 'small-deal.yaml:6: unknown key "populaton". Did you mean'),
        ("table: deals", "table: deal", 'small-deal.yaml:5: unknown table "deal". Did you mean'),
        ("amount < $least", "ammount < $least", 'small-deal.yaml:8: unknown field "ammount" for'),
        ("amount < $least", "amount < $most", "small-deal.yaml:8: the predicate 'amount < $most'"),
        ("is_open", "is_open and random() > 0.5", "which predicates may not"),
        ("is_open", "(select true)", "which predicates may not"),
        ("defect: amount < $least", "measure: guess", 'unknown measure "guess"'),
        ("table: deals", "table: deals\ncollects: amuont", 'unknown field "amuont" for deals'),
        ("{{k}} of {{n}}.", "{{k}} of {{total}}.", "nothing fills {total} here"),
        ("why: W.", 'why: "{{k}} of them."', "nothing fills {k} here"),
        ("why: P.", 'why: " "', "this text is empty"),
        ("why: W.", 'why: "open {{{{ brace {{"', "a brace is not closed"),
        ("effort: S", "effort: XL", '"effort" must be one of'),
        ("t_lo: 0.1", "t_lo: 1.5", '"tolerance.t_lo" must be below 1'),
        ("code: S1.A1", "code: S9.Z", "names no signal and family"),
        ("defect: amount < $least\n", "", "exactly one of: defect, expect, measure"),
    ],
)
def test_a_check_that_cannot_be_meant_is_refused_in_one_sentence(
    tmp_path: Path, old: str, new: str, said: str
):
    message = refusal(tmp_path, old, new)
    assert said in message
    assert message.startswith("small-deal.yaml:")
    assert "\n" not in message


@pytest.mark.parametrize(
    ("examples", "said"),
    [
        ("{pass: [{times: 0}], fail: []}", '"times" must be a whole number from 1 to 1000'),
        ("{pass: [{with: {deal: [{id: d}]}}], fail: []}", 'unknown table "deal". Did you mean'),
        ("{pass: [{with: [deals]}], fail: []}", '"with" must hold tables'),
    ],
)
def test_examples_that_cannot_be_run_are_refused(tmp_path: Path, examples: str, said: str):
    text = A_CHECK + "examples: " + examples.replace("{", "{{").replace("}", "}}") + "\n"
    with pytest.raises(ConfigurationError) as caught:
        load_catalogue(own_check(tmp_path, text))
    assert said in str(caught.value)
    assert str(caught.value).startswith("small-deal.yaml:16")


def test_an_expectation_that_returns_no_records_is_refused(tmp_path: Path):
    message = refusal(
        tmp_path,
        "defect: amount < $least",
        "expect: {{type: expect_column_mean_to_be_between, kwargs: {{column: amount}}}}",
    )
    assert "does not tell which records fail" in message
