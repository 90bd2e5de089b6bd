"""The checks that the package brings, each by itself for tests of what every file must keep."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.authoring.catalogue import load_catalogue

CATALOGUE = load_catalogue()
FOLDER = Path(__file__).parents[2] / "checks" / "catalogue"
#: Checks of how people differ: dozens of records of each show it, no handful of rows. They count
#: people, fields or definitions, of which a percentage would say too much.
OF_DIFFERENCES = {
    "field-completion-spread",
    "private-field",
    "stage-dialect",
    "picklist-dump",
    "amount-convention-spread",
    "probability-override-spread",
    "definition-spread",
    "comparability-index",
}
each_check = pytest.mark.parametrize("spec", CATALOGUE.checks, ids=lambda spec: spec.id)
