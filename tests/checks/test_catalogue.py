from __future__ import annotations

import re
import shutil
from pathlib import Path
from string import Formatter

import pytest

from checks.authoring.catalogue import Catalogue, load_catalogue, resolve
from checks.features.predicates import parse_predicate
from checks.profile import CheckOverride, Profile
from checks.results import SignalId
from checks.spec import CheckSpec, CheckText
from connectors.errors import ConfigurationError
from connectors.yaml_file import parse_yaml

CATALOGUE = load_catalogue()
FOLDER = Path(__file__).parents[2] / "checks" / "catalogue"

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
#: Of few people or months, the number is said, never a percentage.
OF_PEOPLE = {"burst-updates", "activity-desert", "recurring-import"}

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
#: Shown, and deciding nothing.
SHOWN_ONLY = {"comparability-index"}

each_check = pytest.mark.parametrize("spec", CATALOGUE.checks, ids=lambda spec: spec.id)


def texts_of(spec: CheckSpec) -> dict[str, CheckText]:
    return {"en": spec.text.en, "fr": spec.text.fr}


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


# What the package brings


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


# Texts


@each_check
def test_both_languages_insert_the_same_facts(spec: CheckSpec):
    inserted = {
        language: [sorted(_placeholders(part)) for part in text.model_dump().values()]
        for language, text in texts_of(spec).items()
    }
    assert inserted["en"] == inserted["fr"]
    wanted = {"k", "n"} if spec.id in OF_DIFFERENCES | OF_PEOPLE else {"k", "n", "rate"}
    assert _placeholders(spec.text.en.fail) >= wanted


@each_check
def test_titles_are_noun_phrases_and_the_rest_are_sentences(spec: CheckSpec):
    for text in texts_of(spec).values():
        assert not text.title.endswith(".")
        for sentence in (text.pass_, text.fail, text.why, text.fix):
            assert sentence.endswith(".")
            assert sentence[0].isupper()


@each_check
def test_why_and_fix_stay_short(spec: CheckSpec):
    for text in texts_of(spec).values():
        for part in (text.why, text.fix):
            assert len(part) <= 400
            assert len(re.findall(r"[.!?](?:\s|$)", part)) <= 3


@each_check
def test_french_is_set_with_no_break_spaces_and_curly_apostrophes(spec: CheckSpec):
    for part in spec.text.fr.model_dump().values():
        assert not re.search(r"(?<![\u00a0\u202f])[;:!?%»]", part.replace("{rate}", "")), part
        assert not re.search(r"«(?![\u00a0\u202f])", part), part
        assert "'" not in part
        assert '"' not in part


@each_check
def test_texts_blame_and_rank_nobody(spec: CheckSpec):
    words = (
        r"lazy|careless|fault|worst rep|best rep|paresse|négligen|faute|pire commercial|classement"
    )
    for text in texts_of(spec).values():
        for part in text.model_dump().values():
            assert not re.search(words, part, re.IGNORECASE)


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


# The user's own checks


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


# What a profile changes


def profile_with(**override: object) -> Profile:
    return Profile(checks={"open-deal-past-close-date": CheckOverride.model_validate(override)})


def resolved(profile: Profile, check_id: str = "open-deal-past-close-date") -> CheckSpec:
    return next(spec for spec in resolve(CATALOGUE, profile) if spec.id == check_id)


def test_without_overrides_every_check_is_as_its_file_says():
    assert resolve(CATALOGUE, Profile()) == CATALOGUE.checks


def test_parameters_and_tolerances_of_the_profile_are_in_force():
    spec = resolved(profile_with(params={"grace_days": 7}, tolerance={"t_lo": 0.08, "t_hi": 0.2}))
    assert spec.params == {"grace_days": 7}
    assert (spec.tolerance.t_lo, spec.tolerance.high, spec.tolerance.n_min) == (0.08, 0.2, 30)


def test_a_disabled_check_is_dropped():
    remaining = resolve(CATALOGUE, profile_with(enabled=False))
    assert len(remaining) == len(CATALOGUE.checks) - 1
    assert "open-deal-past-close-date" not in {spec.id for spec in remaining}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ("open-deal-past-closing-date: {}", 'unknown check "open-deal-past-closing-date"'),
        ("open-deal-past-close-date: {params: {grace: 5}}", 'has no parameter "grace"'),
        ("open-deal-past-close-date: {params: {grace_days: five}}", "kind of its default, 3"),
        ("open-deal-past-close-date: {tolerance: {tlo: 0.1}}", 'has no "tlo"'),
        ("open-deal-past-close-date: {tolerance: {t_lo: 2}}", '"t_lo" must be below 1'),
    ],
)
def test_an_override_of_something_that_is_not_there_is_refused_with_its_line(
    changes: str, said: str
):
    document = parse_yaml(f"profile:\n  checks:\n    {changes}\n", "auditor.yaml")
    profile = Profile.model_validate(document.data["profile"])
    with pytest.raises(ConfigurationError) as caught:
        resolve(CATALOGUE, profile, document)
    assert str(caught.value).startswith("auditor.yaml:3: ")
    assert said in str(caught.value)


def test_the_nearest_check_is_suggested():
    document = parse_yaml("profile: {checks: {junk-in-deal: {}}}", "auditor.yaml")
    with pytest.raises(ConfigurationError, match='Did you mean "junk-in-deals"'):
        resolve(CATALOGUE, Profile(checks={"junk-in-deal": CheckOverride()}), document)


# The hash


def test_the_digest_changes_with_a_definition_and_not_with_its_wording():
    def digest_with(**update: object) -> str:
        first, *others = CATALOGUE.checks
        changed = first.model_copy(update=update)
        return Catalogue((changed, *others), CATALOGUE.sources).digest()

    assert re.fullmatch(r"[0-9a-f]{12}", CATALOGUE.digest())
    assert digest_with(effort="L", text=CATALOGUE.checks[1].text) == CATALOGUE.digest()
    assert digest_with(population="is_won") != CATALOGUE.digest()
    assert digest_with(version=CATALOGUE.checks[0].version + 1) != CATALOGUE.digest()


def test_every_signal_of_the_catalogue_is_one_of_the_four():
    assert {folder.name for folder in FOLDER.iterdir()} <= set(SignalId)
