"""A third language is one file: every word of page, minutes, spreadsheet and calendar is in it."""

import re
from functools import cache

import pytest
from babel import Locale
from lxml import html
from ruamel.yaml import YAML

from checks.results import AuditResult
from reports.minutes import minutes
from reports.plan_calendar import plan_calendar
from reports.plan_csv import plan_csv
from reports.render import render_page
from reports.wording import Wording, languages
from tests.reports.sample_audit import sample_result

ENGLISH = Wording("en").sentences
OURS = {
    "language.babel": "de",
    "language.name": "⟦Deutsch⟧",
    "language.no_break_before": "",
    "language.no_break_after": "",
}
INNERMOST = re.compile(r"⟦[^⟦⟧]*⟧")
WORD = re.compile(r"[A-Za-z]{3,}")


def marked(sentence):
    if isinstance(sentence, dict):
        return {form: marked(text) for form, text in sentence.items()}
    return f"⟦{sentence}⟧"


def translated(value):
    """Return a result whose own texts are there in the third language too."""
    if isinstance(value, dict):
        changed = {name: translated(one) for name, one in value.items()}
        if "en" in changed:
            changed["de"] = _all_marked(changed["en"])
        return changed
    return [translated(one) for one in value] if isinstance(value, list) else value


def _all_marked(value):
    return {k: marked(v) for k, v in value.items()} if isinstance(value, dict) else marked(value)


@pytest.fixture
def folder(tmp_path):
    pseudo = {key: OURS.get(key, marked(sentence)) for key, sentence in ENGLISH.items()}
    with (tmp_path / "de.yaml").open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(pseudo, file)
    return tmp_path


def result():
    given = sample_result(trusted=False).model_dump(mode="json")
    return AuditResult.model_validate(translated(given))


def outside(text):
    """Return what of a text came from no sentence of the language."""
    while INNERMOST.search(text):
        text = INNERMOST.sub(" ", text)
    return text


@cache
def words_of_the_calendar():
    locale = Locale("de")
    names = [name for width in locale.months["format"].values() for name in width.values()]
    return {word for name in [*names, "Mio", "Tsd", "und", "oder"] for word in WORD.findall(name)}


def words_of_the_records():
    return set(WORD.findall(sample_result(trusted=False).to_json()))


@cache
def words_of_english():
    return set(WORD.findall(" ".join(map(str, ENGLISH.values())))) - words_of_the_calendar()


def left_in_english(text):
    return set(WORD.findall(outside(text))) & words_of_english()


def test_nothing_more_is_needed_than_a_file(folder):
    assert languages(folder) == ["de"]


def test_every_word_of_the_page_comes_from_the_file(folder):
    page = html.document_fromstring(render_page(result(), "de", locales=folder))
    assert page.get("lang") == "de"
    for untranslated in page.xpath("//*[@translate='no'] | //script | //style | //bdi"):
        untranslated.drop_tree()
    texts = [text for text in page.itertext() if text.strip()]
    said = page.xpath("//@aria-label | //@title | //@alt | //@data-filter | //@data-sorted")
    assert len(texts) > 300
    source = set(WORD.findall(sample_result().run.source))
    assert {text for text in [*texts, *said] if left_in_english(text) - source} == set()


def test_every_word_of_the_plan_comes_from_the_file(folder):
    words = Wording("de", folder)
    calendar = plan_calendar(words, result()).decode().replace("\r\n ", "")
    said = re.findall(r"^(?:SUMMARY|DESCRIPTION|CATEGORIES):(.*)$", calendar, re.MULTILINE)
    texts = [minutes(words, result()), plan_csv(words, result()), *said]
    assert len(said) > 10
    assert {text for text in texts if left_in_english(text) - words_of_the_records()} == set()


def test_numbers_and_dates_are_those_of_the_language(folder):
    page = render_page(result(), "de", locales=folder)
    assert "30. November 2026" in page
    assert "4.182" in page
