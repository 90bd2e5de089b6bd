"""The action plan: what calls for an action, whom it is for, and in which order."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.authoring.catalogue import load_catalogue
from checks.cause_results import CheckTriage
from checks.judgement.actions import MOST_ACTIONS, actions, book, practice_for
from checks.results import State, Worklist
from reports.wording import languages
from tests.checks.heard import heard, result_of

P, E, A = State.PRESENT, State.EMERGING, State.ABSENT
AS_OF = date(2026, 6, 30)
LATE = "open-deal-past-close-date"


def plan(checks, declared=None, money=None, total=1000):
    """Return the actions; ``money`` is what each check touches of ``total``."""
    touched = money or {}
    return actions(
        checks,
        declared,
        as_of=AS_OF,
        money_of=lambda ids: Decimal(sum(touched.get(one, 0) for one in ids)),
        open_total=None if total is None else Decimal(total),
    )


def action(check_id=LATE, state=P, **fields):
    (one,) = plan([result_of(check_id, state, **fields)])
    return one


# --- the book


def test_every_check_of_the_catalogue_leads_to_one_practice():
    listed = [check for one in book().practices.values() for check in one.checks]
    assert len(listed) == len(set(listed))
    assert {spec.id for spec in load_catalogue().checks} - set(listed) == set()


def test_every_text_stands_in_every_language_of_the_report():
    for name, one in (*book().practices.items(), *book().scopes.items()):
        assert sorted(one.text) == languages(), name
    for name, practice in book().practices.items():
        assert all(set(words) == {"title", "do"} for words in practice.text.values()), name
    for name, scope in book().scopes.items():
        for words in scope.text.values():
            parts = {"title", "do", "scope"} if name in ("people", "technical") else {"scope"}
            assert set(words) == parts, name


def test_french_is_set_with_no_break_spaces_and_curly_apostrophes():
    for one in (*book().practices.values(), *book().scopes.values()):
        for text in one.text["fr"].values():
            assert not re.search(r"(?<!\u00a0)[;:!?»]", text), text
            assert not re.search(r"«(?!\u00a0)", text), text
            assert "'" not in text


def test_what_a_practice_says_presumes_no_cause():
    """Whom it is for is said by the scope alone."""
    blaming = re.compile(
        r"everyone|every rep|all reps|team that|tout le monde doit|tous les c", re.I
    )
    for name, practice in book().practices.items():
        for words in practice.text.values():
            found = blaming.findall(words["title"] + words["do"])
            assert found == [] or name in ("parallel-files", "alerts"), (name, found)


# --- what calls for an action


def test_a_failing_check_calls_for_the_practice_that_mends_it():
    one = action(worklist=Worklist(file=f"worklists/{LATE}.csv", rows=80))
    assert (one.id, one.foundation, one.owner, one.meeting, one.cadence) == (
        "weekly-review",
        "ritual",
        "manager",
        "pipeline_review",
        "weekly",
    )
    assert one.checks == [LATE]
    assert one.worklists == [f"worklists/{LATE}.csv"]
    assert one.measures is not None
    assert (one.measures.check_id, one.measures.baseline, one.measures.target) == (LATE, 0.4, 0.05)
    assert one.due == date(2026, 8, 29)
    assert set(one.text) == {"en", "fr"}


@pytest.mark.parametrize("state", [A, State.INCONCLUSIVE, State.NOT_OBSERVABLE, State.ERROR])
def test_nothing_else_calls_for_one(state):
    assert plan([result_of(LATE, state)]) == []


def test_checks_that_weigh_nothing_call_for_nothing():
    assert plan([result_of(LATE, P, lifecycle="experimental")]) == []


def test_findings_of_one_practice_are_one_action_the_worst_first():
    checks = [
        result_of("open-deal-without-activity", E),
        result_of("stalled-open-deal", P, severity=0.6),
        result_of(LATE, P),
    ]
    (one,) = plan(checks)
    assert one.checks == [LATE, "stalled-open-deal", "open-deal-without-activity"]


def test_an_answer_that_something_is_missing_calls_for_an_action_without_a_figure():
    (one,) = plan([], heard(who_trains={"director": 2, "rep_1": 2}))
    assert (one.id, one.checks, one.questions) == ("onboarding", [], ["who_trains"])
    assert one.measures is None
    assert all("scope" not in words for words in one.text.values())
    assert plan([], heard(who_trains={"director": 1, "rep_1": 1})) == []


def test_an_answer_joins_the_action_that_the_records_call_for():
    (one,) = plan([result_of(LATE, P)], heard(review_on_screen={"director": 2, "rep_1": 2}))
    assert (one.checks, one.questions) == ([LATE], ["review_on_screen"])


# --- whom it is for


@pytest.mark.parametrize(
    ("cause", "scope"),
    [
        ("organisational", "everyone"),
        ("team", "team"),
        ("individual", "people"),
        ("technical", "technical"),
        ("mixed", "open"),
        ("not_separable", "open"),
        (None, "open"),
    ],
)
def test_the_cause_says_whom_an_action_is_for(cause, scope):
    assert action(cause=cause).scope == scope


def test_a_few_people_get_pairing_and_no_rule_for_all():
    one = action(cause="individual")
    assert (one.id, one.owner, one.meeting) == ("weekly-review-people", "manager", "one_to_one")
    assert one.text["en"]["title"] == f"Work in pairs on: {LATE} en"
    assert one.text["fr"]["title"] == f"Travailler en binôme\u00a0: {LATE} fr"
    assert one.foundation == "ritual"


def test_a_technical_cause_gets_a_ticket():
    one = action(cause="technical")
    assert (one.owner, one.meeting, one.cadence) == ("admin", "admin_queue", "once")
    assert "nobody’s habits are to blame" in one.text["en"]["scope"]


def test_a_few_people_and_the_whole_organisation_are_two_actions():
    checks = [
        result_of(LATE, P, cause="individual"),
        result_of("stalled-open-deal", P, cause="organisational"),
    ]
    assert {one.id for one in plan(checks)} == {"weekly-review", "weekly-review-people"}


def test_a_check_of_the_users_own_is_acted_on_by_its_own_advice():
    one = action("our-own-check", foundation="scenario", effort="L")
    assert (one.id, one.foundation, one.owner, one.effort) == (
        "our-own-check",
        "scenario",
        "director",
        "L",
    )
    assert one.text["en"]["do"] == "Mend it, en."


@pytest.mark.parametrize(
    ("given", "foundation"),
    [
        ("ritual", "ritual"),
        ("responsibility", "responsibility"),
        ("scenario", "scenario"),
        ("admin", "responsibility"),
        ("", "responsibility"),
    ],
)
def test_every_action_is_tied_to_a_foundation(given, foundation):
    _, practice = practice_for(result_of("our-own-check", P, foundation=given))
    assert practice.foundation == foundation


# --- in which order


def test_at_most_five_actions_the_most_urgent_first():
    worst = {}
    for practice in book().practices.values():
        if practice.checks:
            worst[practice.checks[0]] = result_of(practice.checks[0], P)
    found = plan(list(worst.values()), money={"zombie-deal": 900})
    assert len(found) == MOST_ACTIONS
    assert found[0].id == "purge"
    assert [one.priority for one in found] == sorted((o.priority for o in found), reverse=True)


@pytest.mark.parametrize(
    ("changed", "factor"),
    [
        ({"cause": "organisational"}, 2),  # a known cause counts double
        ({"cause": "organisational", "triage": CheckTriage(kind="systemic", confidence=0.8)}, 1.6),
        ({"cause": "organisational", "triage": CheckTriage(kind="systemic", confidence=0.1)}, 1),
        ({"cause": "mixed", "triage": CheckTriage(kind="mixed", confidence=0.9)}, 1),
        ({"severity": 0.5}, 0.5),
    ],
)
def test_priority_is_exposure_times_severity_times_confidence_over_effort(changed, factor):
    assert action(**changed).priority == pytest.approx(factor * action().priority)


def test_money_raises_the_priority_and_none_does_not_make_it_zero():
    checks = [result_of(LATE, P)]
    (with_money,) = plan(checks, money={LATE: 500})
    (without,) = plan(checks)
    (unknown,) = plan(checks, money={LATE: 500}, total=None)
    assert with_money.priority == pytest.approx(5 * without.priority)
    assert without.priority > 0
    assert unknown.priority == without.priority
    assert (with_money.money_touched, without.money_touched) == ("500.00", None)


@pytest.mark.parametrize("fields", [{"rate": None}, {"kind": "people"}, {"kind": "metric"}])
def test_what_is_no_rate_of_records_has_no_figure_to_reach(fields):
    assert action(**fields).measures is None


@settings(deadline=None)
@given(st.permutations(["zombie-deal", LATE, "value-variant", "duplicate-account", "overdue-task"]))
def test_the_order_of_checks_changes_nothing(check_ids):
    found = [one.id for one in plan([result_of(check_id, P) for check_id in check_ids])]
    assert found == ["alerts", "purge", "vocabulary", "weekly-review", "steward"]


def test_negative_and_huge_amounts_do_not_break_the_order():
    (one,) = plan([result_of(LATE, P)], money={LATE: -(10**15)}, total=10**15)
    assert one.priority > 0
    (other,) = plan([result_of(LATE, P)], money={LATE: 10**15}, total=-5)
    assert other.priority > 0
