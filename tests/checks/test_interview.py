"""The interview: its questions, and the file that people fill in."""

from __future__ import annotations

import re

import pytest

from auditor.answers_file import answers_texts
from checks.interview.answers import Given, read_answers
from checks.interview.questions import file_words, interview, question
from checks.judgement.foundations import mappings
from checks.profile import DEFAULT_WEIGHTS
from connectors.errors import ConfigurationError
from reports.wording import languages

QUESTIONS = interview()


def written(tmp_path, text, name="answers.yaml"):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def read(tmp_path, text):
    return read_answers([written(tmp_path, text)])


def refusal(tmp_path, text):
    with pytest.raises(ConfigurationError) as refused:
        read(tmp_path, text)
    return str(refused.value).removeprefix(f"{tmp_path}/")


# --- the questions


def test_there_are_twelve_questions_and_every_one_can_be_left_unknown():
    assert len(QUESTIONS) == 12
    assert len({one.id for one in QUESTIONS}) == 12
    for one in QUESTIONS:
        assert one.choices[-1].id == "dont_know"
        assert one.choices[-1].level is None
        assert {choice.level for choice in one.choices[:-1]} == {0, 1, 2}, one.id


def test_every_text_stands_in_every_language_of_the_report():
    words = file_words()
    texts = [words.heading, words.about, words.day, words.delete, *words.roles.values()]
    texts += [text for one in QUESTIONS for text in (one.text, one.decides)]
    texts += [text for one in QUESTIONS for c in one.choices for text in (c.words, c.shown())]
    assert [text for text in texts if sorted(text) != languages()] == []


def test_french_is_set_with_no_break_spaces_and_curly_apostrophes():
    texts = [one.text["fr"] for one in QUESTIONS] + [one.decides["fr"] for one in QUESTIONS]
    texts += [file_words().heading["fr"], file_words().about["fr"]]
    for text in texts:
        assert not re.search(r"(?<!\u00a0)[;:!?»]", text), text
        assert "'" not in text


def test_a_word_means_one_choice_of_its_question_only():
    for one in QUESTIONS:
        words = {word for choice in one.choices for word in choice.words.values()}
        for word in words:
            assert sum(choice.accepts(word) for choice in one.choices) == 1, (one.id, word)


def test_every_family_that_a_question_fills_exists_and_has_a_weight():
    for one in QUESTIONS:
        for signal, family in one.fills():
            assert family in DEFAULT_WEIGHTS[signal]


def test_every_question_but_the_one_on_friction_serves_a_family_or_a_foundation():
    used = {
        q
        for aspects in mappings().foundations.values()
        for s in aspects.values()
        for q in s.questions
    }
    useless = [one.id for one in QUESTIONS if not one.families and one.id not in used]
    assert useless == ["typing_time"]


# --- the file that is written


def test_the_written_file_is_read_back_as_a_blank_one(tmp_path):
    ((file, text),) = answers_texts(tmp_path / "answers.yaml", reps=2, each=False).items()
    file.write_text(text, encoding="utf-8")

    answers = read_answers([file])

    assert answers.given == ()
    assert answers.blank == ("answers.yaml",)


def test_the_written_file_holds_every_question_in_every_language_and_whom_to_ask(tmp_path):
    (text,) = answers_texts(tmp_path / "answers.yaml", reps=2, each=False).values()
    flat = re.sub(r"\s+#?\s*", " ", text)
    for one in QUESTIONS:
        for worded in one.text.values():
            assert re.sub(r"\s+", " ", worded) in flat
        for choice in one.choices:
            assert all(f"[{word}]" in text for word in choice.words.values())
    assert "Ask: sales director, manager, salespeople." in flat
    assert "À demander : direction commerciale, manager, commerciaux." in flat


def test_a_file_for_each_person_holds_the_questions_for_their_role(tmp_path):
    texts = answers_texts(tmp_path / "answers.yaml", reps=3, each=True)

    assert [file.name for file in texts] == [
        "answers.director.yaml",
        "answers.manager.yaml",
        "answers.rep_1.yaml",
        "answers.rep_2.yaml",
        "answers.rep_3.yaml",
    ]
    by_name = {file.name: text for file, text in texts.items()}
    assert "typing_time" not in by_name["answers.director.yaml"]
    assert "forecast_source" not in by_name["answers.rep_1.yaml"]
    for one in QUESTIONS:
        assert any(f"  {one.id}:" in text for text in texts.values())


def test_every_word_that_the_file_offers_is_understood(tmp_path):
    for one in QUESTIONS:
        for choice in one.choices:
            for word in (choice.id, *choice.words.values()):
                text = f"answers: {{{one.id}: {{rep_1: {word}}}}}"
                assert read(tmp_path, text).given == (Given(one, "rep_1", choice),)


# --- the file that is read


@pytest.mark.parametrize("typed", ["en_partie", "en partie", "En Partie", "partly", '"PARTLY"'])
def test_case_accents_and_blanks_do_not_matter(tmp_path, typed):
    (given,) = read(tmp_path, f"answers: {{who_trains: {{manager: {typed}}}}}").given
    assert given.choice.id == "partly"


def test_yes_and_no_are_words_and_no_booleans(tmp_path):
    text = "answers:\n  who_trains: {director: yes, manager: no, rep_1: oui, rep_2: Non}\n"
    levels = [one.choice.level for one in read(tmp_path, text).given]
    assert levels == [0, 2, 0, 2]


def test_an_unknown_question_is_refused_with_its_line_and_the_nearest_name(tmp_path):
    said = refusal(tmp_path, "answers:\n  who_train: {director: yes}\n")
    assert said == 'answers.yaml:2: unknown question "who_train". Did you mean "who_trains"?'


def test_an_unknown_answer_is_refused_with_its_line_and_the_nearest_name(tmp_path):
    said = refusal(tmp_path, "answers:\n  who_trains:\n    director: partli\n")
    assert said == ('answers.yaml:3: unknown answer "partli" to who_trains. Did you mean "partly"?')


def test_a_respondent_with_a_name_is_refused(tmp_path):
    said = refusal(tmp_path, "answers:\n  who_trains:\n    Marie: yes\n")
    assert said == (
        'answers.yaml:3: unknown respondent "Marie". Known names: director, manager, rep_1, rep_2.'
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("answer: {}", 'answers.yaml:1: unknown key "answer". Did you mean "answers"?'),
        ("answers: [1]", 'answers.yaml:1: "answers" must hold keys of its own.'),
        ("answered_on: monday", "must be a date such as 2026-06-30"),
        ("answers: {who_trains: {rep_1: 3}}", "must be a text; put it in quotes"),
        ("answers: {who_trains: {rep_1: true}}", "must be a text; put it in quotes"),
        (f"fields_to_delete: {{rep_1: {'x' * 81}}}", "this is longer than 80 characters"),
        ("fields_to_delete: {Paul: NAF}", 'unknown respondent "Paul"'),
    ],
)
def test_what_is_not_understood_is_refused(tmp_path, text, said):
    assert said in refusal(tmp_path, text)


def test_several_files_are_taken_together(tmp_path):
    first = written(
        tmp_path, "answered_on: 2026-11-20\nanswers: {who_trains: {director: yes}}", "a.yaml"
    )
    second = written(
        tmp_path, "answered_on: 2026-11-24\nanswers: {who_trains: {rep_1: no}}", "b.yaml"
    )
    blank = written(tmp_path, "", "c.yaml")

    answers = read_answers([second, first, blank])

    assert [(one.respondent, one.choice.id) for one in answers.given] == [
        ("director", "yes"),
        ("rep_1", "no"),
    ]
    assert str(answers.answered_on) == "2026-11-24"
    assert answers.blank == ("c.yaml",)
    assert answers == read_answers([blank, first, second])


def test_two_people_under_one_key_are_refused(tmp_path):
    first = written(tmp_path, "answers: {who_trains: {rep_1: yes}}", "a.yaml")
    second = written(tmp_path, "answers:\n  who_trains:\n    rep_1: no\n", "b.yaml")
    with pytest.raises(ConfigurationError) as refused:
        read_answers([first, second])
    assert 'b.yaml:3: "rep_1" has already answered this question, in' in str(refused.value)


def test_no_file_is_no_answer():
    assert read_answers([]).given == ()


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_answers([tmp_path / "nowhere.yaml"])


def test_a_question_is_found_by_its_id():
    assert question("who_trains").ask == ("director", "manager", "rep")
    with pytest.raises(KeyError):
        question("who_cares")
