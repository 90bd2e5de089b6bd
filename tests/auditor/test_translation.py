"""Every sentence of the terminal exists in French, with the same facts."""

from __future__ import annotations

import re
import string

import pytest

from auditor.messages import catalogue
from tests.auditor.templates import all_templates

SENTENCES = all_templates()


def facts(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("template", sorted(SENTENCES))
def test_a_sentence_has_a_translation_with_its_facts(template: str) -> None:
    french = catalogue("fr").get(template)
    assert french, f"{SENTENCES[template]}: add this sentence to auditor/locale/messages.fr.po"
    assert facts(french) == facts(template)


def test_the_catalogue_holds_no_sentence_that_nobody_says() -> None:
    assert set(catalogue("fr")) - set(SENTENCES) == set()


def test_french_keeps_its_blanks_before_high_punctuation() -> None:
    wrong = [
        french
        for french in catalogue("fr").values()
        if re.search(r" [;?!»](\W|$)|« ", french.replace("???", "").replace("par !.", ""))
    ]
    assert wrong == []
