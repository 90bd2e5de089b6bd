import ast
import re
import string
from pathlib import Path

import pytest

from reports.wording import LOCALES, Wording, languages

REPORTS = Path(str(LOCALES)).parent
ENGLISH, FRENCH = Wording("en").sentences, Wording("fr").sentences

#: Keys that the code puts together from a code of the result; tests/reports/test_codes.py
#: compares most of them with the codes.
COMPOSED = re.compile(
    r"(action_role|actions|alert|as_of|aspect|basis|breach|break|cadence|cause|change|change_head"
    r"|column"
    r"|column_reason|coming|confidence|definition|evidence|exception|family|file_reason|finding|foundation"
    r"|foundation_state|forecast|four|gate|group|group_key|hubspot|life|lifecycle|limit|limits|list_reason|list_kind"
    r"|meeting|metric|note|origin|part|pipeline|profile_part|reason|removed|reply|sign"
    r"|signals_present|since|people|respondent|respondent_count|rhythm|ritual|scope|signal|state"
    r"|system|table|tolerance_part|triage|undetermined|unit|unread_reason|verdict_state|plan\.(csv|ics)|verdict\.(established\w*"
    r"|not_established_[01]|cannot_conclude_present_[01])|files|columns|unparsed|keys|unread|workbook)(\.|$)"
)


def forms(sentence):
    return [sentence] if isinstance(sentence, str) else list(sentence.values())


def facts(sentence):
    named = (string.Formatter().parse(form) for form in forms(sentence))
    return {name for parts in named for _, name, _, _ in parts if name is not None} - {"count"}


def texts(sentences):
    return [(key, form) for key, one in sentences.items() for form in forms(one)]


def literal_keys():
    """Return every string of the code and the templates that could be a key."""
    found = set()
    for file in REPORTS.glob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        found |= {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
    for file in REPORTS.glob("templates/*.j2"):
        found |= set(re.findall(r"""w(?:\.plural)?\(["']([a-z_.0-9]+)["']""", file.read_text()))
    return found


def test_both_languages_are_there():
    assert languages() == ["en", "fr"]


def test_every_language_has_the_same_keys():
    assert list(ENGLISH) == list(FRENCH)


def test_sentences_have_the_same_facts_in_both_languages():
    differing = [
        key
        for key in ENGLISH
        if facts(ENGLISH[key]) != facts(FRENCH[key])
        or isinstance(ENGLISH[key], str) != isinstance(FRENCH[key], str)
    ]
    assert differing == []


def test_facts_are_plain_names():
    for key, text in texts(ENGLISH) + texts(FRENCH):
        for _, name, form, conversion in string.Formatter().parse(text):
            assert name is None or name.isidentifier(), key
            assert not form, key
            assert conversion is None, key


def test_plural_sentences_have_exactly_the_forms_one_and_other():
    for sentence in (*ENGLISH.values(), *FRENCH.values()):
        assert isinstance(sentence, str) or set(sentence) == {"one", "other"}


def test_no_sentence_is_empty_or_left_in_english():
    shared = 0
    for key, english in ENGLISH.items():
        assert all(form.strip() for form in forms(english)) or key.startswith("language.no_break")
        shared += english == FRENCH[key]
    assert shared / len(ENGLISH) < 0.12  # names, units and words that both languages share


def test_no_key_is_missing():
    used = {key for key in literal_keys() if re.fullmatch(r"[a-z_]+\.[a-z_.0-9]+", key)}
    families = {key.split(".")[0] for key in ENGLISH}
    files = {"report.js"}
    missing = {
        key
        for key in used - files
        if key.split(".")[0] in families
        and key not in ENGLISH
        and not key.endswith(("_", ".", ".j2"))
    }
    assert missing == set()


def test_no_key_is_unused():
    used = literal_keys()
    unused = [key for key in ENGLISH if key not in used and not COMPOSED.match(key)]
    assert unused == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_group_of_sentences_has_a_comment_for_translators(language):
    group = []
    for line in (LOCALES / f"{language}.yaml").read_text("utf-8").splitlines():
        if not line.strip():
            group = []
        elif not group:
            assert line.startswith("#"), f"no comment above: {line}"
            group.append(line)


def test_french_signs_stay_with_their_word():
    for key, text in texts(FRENCH):
        assert not re.search(r" [:;!?%»€]|« ", text), key
        assert not re.search(r"[\w}’][;!?»%]", text), key
        assert not re.search(r"[A-Za-zé}]:(?!//)", text), key
        assert "'" not in text, f"{key}: typographic apostrophe"


def test_english_needs_no_break_before_its_signs():
    for key, text in texts(ENGLISH):
        assert not re.search(r"[\s\u00a0\u202f][:;!?%]", text), key


def test_a_missing_fact_is_an_error_and_not_a_hole():
    with pytest.raises(KeyError):
        Wording("en")("page.title", source="x")


def test_the_form_follows_the_rules_of_the_language():
    assert Wording("en").plural("list.all", 0) == "All 0 records."
    assert Wording("fr").plural("list.all", 0) == "0 fiche en tout."
    assert Wording("fr").plural("list.all", 2) == "2 fiches en tout."


def test_facts_with_braces_are_shown_as_they_are():
    title = Wording("en")("page.title", source="{day} {0.__class__}", day="today")
    assert title == "CRM health of {day} {0.__class__}, today"
