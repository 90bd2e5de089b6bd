"""The reference in docs: every check is defined and explained there."""

from __future__ import annotations

from pathlib import Path

from checks.authoring.catalogue import Catalogue
from checks.authoring.reference import reference
from checks.spec import CheckSpec, Expectation
from tests.checks.shipped_checks import CATALOGUE, each_check

PAGE = Path(__file__).parents[2] / "docs" / "checks.md"


def entry(spec: CheckSpec) -> str:
    return reference(Catalogue((spec,), {spec.id: "our/file.yaml"}))


def test_the_page_in_docs_is_current():
    assert PAGE.read_text(encoding="utf-8") == reference(CATALOGUE), "run: make docs"


@each_check
def test_every_check_is_defined_and_explained(spec: CheckSpec):
    text = entry(spec)
    for part in (spec.population, spec.text.en.title, spec.text.fr.title, spec.text.en.fix):
        assert part in text
    for part in filter(None, (spec.defect, spec.measure, *spec.reproduce.model_dump().values())):
        assert part in text
    for name, value in spec.params.items():
        assert f"`{name}` = {value}" in text


def test_every_example_is_a_row_of_a_table():
    spec = CATALOGUE["open-deal-past-close-date"]
    assert spec.examples is not None
    rows = [line for line in entry(spec).splitlines() if line.startswith("| `")]
    assert len(rows) == sum(map(len, (spec.examples.pass_, spec.examples.fail, spec.examples.skip)))
    assert "| `state: open, close_date: 2026-06-26` | fail |" in rows


def test_an_expectation_is_shown_in_its_own_words():
    spec = CATALOGUE["won-deal-without-amount"].model_copy(
        update={
            "defect": None,
            "expect": Expectation(
                type="expect_column_values_to_be_between",
                kwargs={"column": "amount", "min_value": 1},
            ),
        }
    )
    assert "`expect_column_values_to_be_between` of Great Expectations" in entry(spec)
    assert "`column: amount, min_value: 1`" in entry(spec)


def test_hostile_examples_cannot_leave_their_cell():
    spec = CATALOGUE["won-deal-without-amount"]
    assert spec.examples is not None
    row = {"state": "won", "name": "a | b ` c", "amount": 1}
    examples = spec.examples.model_copy(update={"pass_": (row,)})
    text = entry(spec.model_copy(update={"examples": examples}))
    assert "| `state: won, name: a \\| b ' c, amount: 1` | pass |" in text
