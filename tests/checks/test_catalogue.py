"""The catalogue that the package brings: codes, tolerances, lists and predicates of each check."""

from __future__ import annotations

import re

from checks.authoring.catalogue import Catalogue
from checks.features.predicates import parse_predicate
from checks.results import SignalId
from checks.spec import CheckSpec
from tests.checks.shipped_checks import CATALOGUE, FOLDER, OF_DIFFERENCES, each_check

#: Code, tolerated rate and records needed of each check, as the definitions say.
DEFINED = {
    "open-deal-with-missing-required-field": ("S1.A1", 0.10, 30),
    "junk-in-deals": ("S1.A2", 0.02, 50),
    "open-deal-without-amount": ("S1.A3", 0.10, 30),
    "open-deal-without-close-date": ("S1.A4", 0.05, 30),
    "lost-deal-without-reason": ("S1.A5", 0.10, 30),
    "contact-without-email-or-phone": ("S1.A6", 0.10, 30),
    "junk-in-contacts": ("S1.A7", 0.02, 50),
    "junk-in-accounts": ("S1.A8", 0.02, 50),
    "account-with-missing-required-field": ("S1.A9", 0.10, 30),
    "contact-with-missing-required-field": ("S1.A10", 0.10, 30),
    "junk-in-leads": ("S1.A11", 0.02, 50),
    "stalled-open-deal": ("S1.B1", 0.15, 30),
    "open-deal-past-close-date": ("S1.B2", 0.05, 30),
    "open-deal-without-next-step": ("S1.B3", 0.20, 30),
    "open-deal-without-activity": ("S1.B4", 0.20, 30),
    "zombie-deal": ("S1.B5", 0.05, 30),
    "never-touched-deal": ("S1.B6", 0.05, 30),
    "lead-untouched": ("S1.B7", 0.20, 30),
    "invalid-email": ("S1.C1", 0.03, 50),
    "obsolete-contact": ("S1.C2", 0.20, 50),
    "invalid-phone": ("S1.C3", 0.05, 50),
    "invalid-company-id": ("S1.C4", 0.02, 50),
    "duplicate-account": ("S1.D1", 0.02, 100),
    "deal-without-account": ("S1.D2", 0.05, 30),
    "duplicate-contact": ("S1.D3", 0.02, 100),
    "duplicate-deal": ("S1.D4", 0.02, 100),
    "deal-without-owner": ("S1.D5", 0.03, 30),
    "deal-owned-by-inactive-user": ("S1.D6", 0.05, 30),
    "closed-deal-with-future-close-date": ("S1.D7", 0.01, 30),
    "close-date-before-creation": ("S1.D8", 0.01, 30),
    "won-deal-without-amount": ("S1.D9", 0.03, 30),
    "contact-without-account": ("S1.D10", 0.10, 30),
    "value-not-in-reference": ("S1.D11", 0.03, 30),
    "activity-without-parent": ("S1.D12", 0.03, 50),
    "duplicate-lead": ("S1.D13", 0.02, 100),
    "lead-without-owner": ("S1.D14", 0.03, 30),
    "late-logged-activity": ("S1.E1", 0.20, 50),
    "deal-born-late": ("S1.E2", 0.10, 30),
    "field-completion-spread": ("S2.A1", 0.10, 1),
    "private-field": ("S2.A2", 0.10, 1),
    "stage-dialect": ("S2.B1", 0.05, 3),
    "skipped-stage": ("S2.B2", 0.10, 30),
    "backward-stage-move": ("S2.B3", 0.10, 30),
    "value-variant": ("S2.C", 0.03, 100),
    "picklist-dump": ("S2.C2", 0.33, 3),
    "amount-convention-spread": ("S2.D1", 0.15, 1),
    "probability-override-spread": ("S2.D2", 0.15, 1),
    "definition-spread": ("S2.E1", 0.10, 1),
    "comparability-index": ("S2.E2", 0.20, 3),
    "user-without-login": ("S4.A1", 0.10, 5),
    "absent-manager": ("S4.A2", 0.30, 13),
    "unread-report": ("S4.A3", 0.50, 5),
    "forecast-bias": ("S4.B1", 0.15, 30),
    "forecast-without-skill": ("S4.B2", 0.50, 30),
    "forecast-miscalibrated": ("S4.B3", 0.15, 50),
    "manual-forecast-override": ("S4.B4", 0.30, 30),
    "forecast-error": ("S4.B5", 0.20, 30),
    "serially-pushed-deal": ("S4.C1", 0.20, 30),
    "late-amount-change": ("S4.C2", 0.15, 30),
    "overdue-task": ("S4.D1", 0.20, 30),
    "untreated-alert": ("S4.D2", 0.25, 30),
    "missing-review-ritual": ("S4.E", 0.30, 12),
    "won-deal-without-activity": ("S3.A1", 0.15, 20),
    "deal-created-and-won-same-day": ("S3.A2", 0.05, 20),
    "won-account-without-reachable-contact": ("S3.A3", 0.10, 20),
    "stages-typed-at-closing": ("S3.A4", 0.10, 20),
    "burst-updates": ("S3.B", 0.10, 5),
    "activity-desert": ("S3.C", 0.05, 15),
    "pointer-outside-crm": ("S3.D1", 0.02, 100),
    "spreadsheet-attachment": ("S3.D2", 0.05, 30),
    "recurring-import": ("S3.E1", 0.34, 3),
    "proxy-typing": ("S3.E2", 0.25, 50),
}
#: Checks that compare months, weeks or many deals: a handful of rows cannot show them.
STATISTICAL = {
    "absent-manager",
    "forecast-bias",
    "forecast-error",
    "forecast-miscalibrated",
    "forecast-without-skill",
    "missing-review-ritual",
    "burst-updates",
    "activity-desert",
    "recurring-import",
    "proxy-typing",
}
#: Shown, and deciding nothing.
SHOWN_ONLY = {"comparability-index"}


def test_the_catalogue_holds_exactly_the_checks_that_were_asked_for():
    found = {
        spec.id: (spec.code, spec.tolerance.t_lo, spec.tolerance.n_min) for spec in CATALOGUE.checks
    }
    assert found == DEFINED


def test_codes_of_the_package_are_unique():
    assert len({spec.code for spec in CATALOGUE.checks}) == len(CATALOGUE.checks)


def test_checks_come_by_code_with_numbers_in_numerical_order():
    codes = [spec.code for spec in CATALOGUE.checks]
    assert codes[:3] == ["S1.A1", "S1.A2", "S1.A3"]
    assert codes.index("S1.A9") < codes.index("S1.A10") < codes.index("S1.B1")
    assert codes == sorted(codes, key=lambda code: (code[:4], int(code[4:] or 0)))


def test_every_signal_of_the_catalogue_is_one_of_the_four():
    assert {folder.name for folder in FOLDER.iterdir()} <= set(SignalId)


@each_check
def test_a_file_lies_in_the_folder_of_its_signal(spec: CheckSpec):
    assert (FOLDER / spec.signal / f"{spec.id}.yaml").is_file()


@each_check
def test_every_check_of_the_package_weighs_and_shows_examples(spec: CheckSpec):
    assert (spec.lifecycle == "stable") is (spec.id not in SHOWN_ONLY)
    if spec.id in STATISTICAL | OF_DIFFERENCES:
        assert spec.measure is not None
        return
    assert spec.examples is not None
    assert spec.examples.pass_
    assert spec.examples.fail
    assert spec.examples.skip


@each_check
def test_lists_of_deals_name_the_owner_and_put_money_first(spec: CheckSpec):
    assert spec.worklist.columns
    if spec.table == "deals":
        assert "amount" in spec.worklist.columns
        assert "owner_id" in spec.worklist.columns
    if spec.table == "deals" and "amount" not in (spec.defect or ""):
        assert "-amount" in spec.worklist.sort


@each_check
def test_sorting_only_uses_columns_that_are_shown(spec: CheckSpec):
    keys = {key.lstrip("-") for key in spec.worklist.sort}
    assert keys <= set(spec.worklist.columns)


@each_check
def test_predicates_use_allowed_words_and_every_parameter(spec: CheckSpec):
    used = set()
    for text in filter(None, (spec.population, spec.defect)):
        parse_predicate(text, spec.params)
        used |= set(re.findall(r"\$(\w+)", text))
    if spec.measure is None:
        assert used == set(spec.params)


def test_the_digest_changes_with_a_definition_and_not_with_its_wording():
    def digest_with(**update: object) -> str:
        first, *others = CATALOGUE.checks
        changed = first.model_copy(update=update)
        return Catalogue((changed, *others), CATALOGUE.sources).digest()

    assert re.fullmatch(r"[0-9a-f]{12}", CATALOGUE.digest())
    assert digest_with(effort="L", text=CATALOGUE.checks[1].text) == CATALOGUE.digest()
    assert digest_with(population="is_won") != CATALOGUE.digest()
    assert digest_with(version=CATALOGUE.checks[0].version + 1) != CATALOGUE.digest()
