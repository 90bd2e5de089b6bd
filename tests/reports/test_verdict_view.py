from typing import get_args

import pytest

from checks.cause_results import Cause
from checks.results import State, VerdictState
from reports.render import render_page
from reports.verdict_view import deciders, verdict_view
from reports.wording import Wording
from tests.reports.sample_audit import sample_result

EN, FR = Wording("en"), Wording("fr")
E, S, N, C = VerdictState


def verdict(**changes):
    result = sample_result()
    return result.model_copy(update={"verdict": result.verdict.model_copy(update=changes)})


@pytest.mark.parametrize(
    ("state", "present", "observable", "cause", "sentence"),
    [
        (E, 2, 4, "organisational", "Two of the four failure signals are present: this is a"),
        (E, 3, 4, None, "Three of the four failure signals are present."),
        (E, 2, 4, "technical", "Two of the four failure signals are present, and a technical"),
        (E, 2, 4, "team", "Two of the four failure signals are present, mostly in single teams."),
        (E, 4, 4, "individual", "All four failure signals are present, and a few"),
        (E, 2, 4, "mixed", "Two of the four failure signals are present, from several causes."),
        (E, 2, 4, "not_separable", "Two of the four failure signals are present."),
        (S, 2, 3, None, "Two of the four failure signals seem to be present."),
        (S, 1, 2, None, "One failure signal is present and another is emerging."),
        (N, 0, 4, None, "None of the four failure signals is present."),
        (N, 1, 4, None, "One of the four failure signals is present; a failing system"),
        (C, 0, 1, None, "Cannot conclude: one of four signals could be measured"),
        (C, 1, 2, None, "Cannot conclude: 2 of the 4 signals could be measured"),
        (C, 0, 0, None, "Cannot conclude: none of the four signals could be measured."),
        (C, 0, 4, None, "Cannot conclude: one failure signal is emerging, and none is present"),
        (C, 1, 4, None, "Cannot conclude: one failure signal is present, and the others"),
    ],
)
def test_the_verdict_is_a_sentence(state, present, observable, cause, sentence):
    view = verdict_view(
        EN, verdict(state=state, present=present, observable=observable, cause=cause)
    )
    assert view.sentence.startswith(sentence)
    assert f"{observable} of 4" in view.measurable


def test_where_all_was_measured_in_part_and_nothing_found_that_is_what_the_verdict_says():
    result = verdict(state=C, present=0, observable=4)
    absent = [signal.model_copy(update={"state": State.ABSENT}) for signal in result.signals]
    sentence = verdict_view(EN, result.model_copy(update={"signals": absent})).sentence
    assert sentence.startswith("Cannot conclude: no failure signal is present, but not all")


@pytest.mark.parametrize("state", VerdictState)
@pytest.mark.parametrize("cause", [None, *get_args(Cause)])
@pytest.mark.parametrize(("words", "claim"), [(EN, "system problem"), (FR, "problème de système")])
def test_a_system_problem_needs_an_established_verdict_and_its_cause(state, cause, words, claim):
    result = verdict(state=state, cause=cause, present=2 if state in (E, S) else 0)
    claimed = claim in render_page(result, words.language)
    assert claimed == (state is E and cause == "organisational")


def test_a_cause_that_was_not_examined_is_said_to_be_so():
    assert "Causes were not examined" in verdict_view(EN, verdict(cause=None)).remarks[0]


def test_gates_that_failed_are_named_once_two_signals_are_present():
    remarks = verdict_view(EN, verdict(present=2)).remarks
    assert "a single family of checks" in remarks[1]
    assert len(verdict_view(EN, verdict(present=1)).remarks) == 1


def test_columns_and_questions_are_listed_by_signal():
    workarounds, decisions = deciders(FR, sample_result())
    assert workarounds.columns == ["activités", "affaires\u00a0: Créé par"]
    assert decisions.questions == ["La réunion commerciale se tient-elle avec le CRM ouvert\u00a0?"]
