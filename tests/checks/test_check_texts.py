"""The texts of the checks: short sentences, the same facts in both languages, blame for nobody."""

from __future__ import annotations

import re
from string import Formatter

from checks.spec import CheckSpec, CheckText
from tests.checks.shipped_checks import OF_DIFFERENCES, each_check

#: Of few people or months, the number is said, never a percentage.
OF_PEOPLE = {"burst-updates", "activity-desert", "recurring-import"}


def texts_of(spec: CheckSpec) -> dict[str, CheckText]:
    return {"en": spec.text.en, "fr": spec.text.fr}


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
