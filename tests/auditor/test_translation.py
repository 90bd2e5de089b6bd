"""Every sentence of the terminal exists in French, with the same facts."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from auditor.messages import catalogue
from tests.auditor.commands import ROOT, run
from tests.auditor.templates import all_templates, raised_in_models, unfollowed


@pytest.fixture(scope="module")
def spoken() -> dict[str, str]:
    """Every sentence that the program can say, with the file in which it stands."""
    return all_templates()


def facts(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_every_sentence_has_a_translation(spoken: dict[str, str]) -> None:
    french = catalogue("fr")
    missing = {text: file for text, file in spoken.items() if not french.get(text)}
    assert missing == {}, "add these sentences to auditor/locale/messages.fr.po"


def test_a_translation_gives_the_facts_of_its_sentence() -> None:
    changed = {en: fr for en, fr in catalogue("fr").items() if facts(en) != facts(fr)}
    assert changed == {}


def test_the_catalogue_holds_no_sentence_that_nobody_says(spoken: dict[str, str]) -> None:
    assert set(catalogue("fr")) - set(spoken) == set()


def test_every_sentence_is_followed_to_its_template() -> None:
    rethrown = {"checks/authoring/catalogue.py: error.next_step"}
    assert unfollowed() == rethrown, "tests/auditor/templates.py cannot tell what is said here"


def test_models_refuse_with_templates_only() -> None:
    assert raised_in_models() == set(), "raise connectors.errors.RefusedValueError instead"


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["checks", "--help"],
        *(
            [command, "--help"]
            for command in ("audit", "compare", "demo", "report", "init", "doctor", "interview")
        ),
        *(["checks", command, "--help"] for command in ("list", "show", "test", "docs")),
        *(["history", command, "--help"] for command in ("list", "show", "prune", "export")),
        ["checks", "show", "open-deal-past-close-date"],
        ["checks", "show", "duplicate-deal"],
        ["checks", "show", "contact-without-account"],
        ["checks", "docs"],
        ["checks", "list"],
    ],
    ids=" ".join,
)
def test_nothing_is_said_in_english_alone(
    words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITOR_LANG", "en")
    english = sentences(run(capsys, *words).out)
    monkeypatch.setenv("AUDITOR_LANG", "fr")
    french = sentences(run(capsys, *words).out)
    assert len(english) > 3
    assert english & french == set()


def sentences(text: str) -> set[str]:
    """Return the lines that say something: examples, names and file paths are set aside."""
    lines = (re.sub(r"`[^`]*`|\S*[/.=_\[\]|-]\S*", "", line) for line in text.splitlines())
    return {line.strip() for line in lines if len(re.findall(r"[^\W\d]{3,}", line)) >= 3}


def test_a_failed_rehearsal_speaks_french(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITOR_LANG", "fr")
    config = own_check(tmp_path, "grace_days: 3", "grace_days: 3000")
    finished = run(capsys, "checks", "test", "my-late-deal", "--config", config)
    assert finished.code == 2
    assert "la ligne 1 sous «\u00a0fail\u00a0» a donné «\u00a0pass\u00a0»" in finished.out
    config = own_check(tmp_path, "days_past_close > $grace_days", "probability > $grace_days")
    finished = run(capsys, "checks", "test", "my-late-deal", "--config", config)
    assert "aucun exemple ne donne deals.probability" in finished.out


@pytest.mark.parametrize(
    ("written", "instead", "complaint"),
    [
        ("code: S1.B2", "code: S9.Z", "le code «\u00a0S9.Z\u00a0» ne désigne pas"),
        ("defect:", "measure: junk_values\ndefect:", "une seule des clés defect, expect, measure"),
        ("version: 1", "version: one", "doit être un nombre entier"),
        ("effort: S", "effort: huge", "doit être l’un de"),
    ],
)
def test_a_check_that_is_refused_is_refused_in_french(
    written: str,
    instead: str,
    complaint: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AUDITOR_LANG", "fr")
    config = own_check(tmp_path, written, instead)
    finished = run(capsys, "checks", "list", "--config", config)
    assert finished.code == 2
    assert complaint in finished.err


def own_check(folder: Path, written: str, instead: str) -> Path:
    """Write a check of one's own, changed in one place, and return the settings that name it."""
    text = (
        ROOT / "checks/catalogue/incomplete_or_obsolete/open-deal-past-close-date.yaml"
    ).read_text("utf-8")
    assert written in text
    text = text.replace("id: open-deal-past-close-date", "id: my-late-deal")
    (folder / "mine").mkdir(exist_ok=True)
    (folder / "mine" / "my-late-deal.yaml").write_text(
        text.replace(written, instead, 1), encoding="utf-8"
    )
    (folder / "auditor.yaml").write_text("profile: {checks_dir: mine}\n", encoding="utf-8")
    return folder / "auditor.yaml"


def test_french_keeps_its_blanks_before_high_punctuation() -> None:
    wrong = [
        french
        for french in catalogue("fr").values()
        if re.search(r" [:;?!»](\W|$)|« ", french.replace("???", "").replace("par !.", ""))
    ]
    assert wrong == []
