"""What people say: how answers are merged, and what they can and cannot do to the verdict."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.interview.questions import interview
from checks.judgement.families import judge_family, judge_signals
from checks.judgement.hearing import declared_families, disagree, hear
from checks.judgement.scoring import judge_check
from checks.judgement.signals import confidence, evidence, index
from checks.judgement.verdict import decide
from checks.measurement import not_observable
from checks.profile import Profile
from checks.results import State, VerdictState
from checks.spec import FAMILIES
from tests.checks.heard import answers, everyone, heard
from tests.checks.judged_samples import (
    HEALTHY,
    S1,
    S3,
    S4,
    SICK,
    code_of,
    judged,
    one_check_a_family,
    spec,
)

PROFILE = Profile()
P, E, A, N = State.PRESENT, State.EMERGING, State.ABSENT, State.NOT_OBSERVABLE
RITUAL, FORECAST = (S4, "ritual"), (S4, "forecast")
#: Answers that say the worst of every family that answers can fill.
WORST = answers(**{one.id: everyone(2) for one in interview() if one.families})


def verdict(checks, declared=None):
    signals = judge_signals(checks, PROFILE, declared)
    return decide(signals, reps=10, deals=400, seed=PROFILE.seed)


def unseen(code):
    return judge_check(spec(code), not_observable("column_absent"))


def only(signal, checks):
    return [check for check in checks if check.signal == signal]


# --- merging


@pytest.mark.parametrize(
    ("levels", "state"),
    [
        ({"director": 2, "manager": 2}, P),
        ({"director": 2, "manager": 1}, P),
        ({"director": 2}, E),  # one person alone
        ({"director": 2, "rep_1": None}, E),  # who does not know does not count
        ({"director": 1, "rep_1": 1}, E),
        ({"director": 0, "rep_1": 2, "rep_2": 2}, E),  # they disagree
        ({"director": 0, "manager": 0, "rep_1": 2}, None),
        ({"director": 0, "rep_1": 1}, None),
        ({"director": None}, None),
        ({}, None),
    ],
)
def test_several_answers_are_one_state(levels, state):
    assert declared_families(answers(review_on_screen=levels)).get(RITUAL) == state


def test_of_two_questions_on_one_family_the_worst_counts():
    said = answers(
        figures_of_the_review={"director": 1, "manager": 1},
        decision_from_figure={"director": 2, "manager": 2},
    )
    assert declared_families(said)[(S4, "consultation")] == P
    swapped = answers(
        figures_of_the_review={"director": 2, "manager": 2},
        decision_from_figure={"director": 1, "manager": 1},
    )
    assert declared_families(swapped)[(S4, "consultation")] == P


def test_director_and_reps_two_steps_apart_disagree():
    def apart(**levels):
        return disagree(answers(who_trains=levels).given)

    assert apart(director=0, rep_1=2, rep_2=2)
    assert apart(director=2, rep_1=0)
    assert not apart(director=0, rep_1=1, rep_2=2)
    assert not apart(director=0, manager=2)
    assert not apart(director=0, rep_1=None)


def test_answers_are_counted_by_role_and_name_nobody():
    (one,) = heard(who_trains={"director": 0, "rep_1": 2, "rep_2": 2}).questions
    assert [(g.role, g.choice, g.people) for g in one.given] == [
        ("director", "yes", 1),
        ("rep", "no", 2),
    ]
    assert one.disagreement
    assert one.level == 1.33


def test_what_was_not_asked_is_listed():
    said = heard(who_trains={"rep_1": 1})
    assert len(said.unanswered) == 11
    assert "who_trains" not in said.unanswered


# --- beside the records


@pytest.mark.parametrize(
    ("levels", "state", "roles"),
    [
        ({"director": 0, "rep_1": 2}, P, ["director"]),
        ({"director": 0, "rep_1": 2}, A, ["rep"]),
        ({"director": 0, "manager": 0}, P, ["director", "manager"]),
        ({"director": 1}, P, []),
        ({"director": 0}, E, []),
        ({"director": 0}, N, []),
        ({"director": None}, P, []),
    ],
)
def test_a_contradiction_names_the_role_and_the_check(levels, state, roles):
    (one,) = heard({"missing-review-ritual": state}, review_on_screen=levels).questions
    assert [(c.role, c.check_id) for c in one.contradictions] == [
        (role, "missing-review-ritual") for role in roles
    ]


def test_the_most_direct_check_that_was_decided_is_the_one_that_contradicts():
    states = {"missing-review-ritual": N, "absent-manager": P}
    (one,) = heard(states, review_on_screen={"director": 0}).questions
    assert [c.check_id for c in one.contradictions] == ["absent-manager"]

    states = {"missing-review-ritual": N, "absent-manager": A}
    (one,) = heard(states, review_on_screen={"director": 2}).questions
    assert one.contradictions == []  # managers who log in prove no review

    states = {"missing-review-ritual": A, "absent-manager": P}
    (one,) = heard(states, review_on_screen={"director": 0}).questions
    assert one.contradictions == []


# --- families and signals


def test_answers_fill_a_family_that_no_check_saw():
    family = judge_family("ritual", 3, [unseen("S4.E1")], P)
    assert (family.state, family.evidence, family.measured) == (P, "declared", N)
    assert family.severity is None
    assert not family.whole


@pytest.mark.parametrize("declared", [A, State.INCONCLUSIVE, N, None])
def test_answers_never_make_a_family_healthy(declared):
    assert judge_family("ritual", 3, [unseen("S4.E1")], declared).state == N


@pytest.mark.parametrize(("k", "measured"), [(HEALTHY, A), (20, State.INCONCLUSIVE), (SICK, P)])
def test_answers_never_outrank_what_was_measured(k, measured):
    family = judge_family("ritual", 3, [judged("S4.E1", k)], P)
    assert (family.state, family.evidence) == (measured, "measured")


def test_a_signal_that_people_describe_is_present_and_declared():
    signal = judge_signals([], PROFILE, {RITUAL: P, FORECAST: P})[3]
    assert (signal.state, signal.measured, signal.rests_on_answers) == (P, N, True)
    assert evidence(signal) == "declared"
    assert confidence(signal) == "medium"
    assert (index(signal).value, index(signal).low) == (None, 0)


def test_people_who_hardly_agree_give_low_confidence():
    signal = judge_signals([], PROFILE, {RITUAL: P, FORECAST: P, (S4, "churn"): E})[3]
    assert confidence(signal) == "low"


def test_a_complaint_never_makes_a_signal_absent_that_was_not_observable():
    seen = [judged("S4.A1"), judged("S4.C1")]
    assert judge_signals(seen, PROFILE)[3].state == N
    assert judge_signals(seen, PROFILE, {RITUAL: E})[3].state == N


def test_the_confidence_of_a_signal_that_answers_complete_is_medium_at_most():
    checks = [judged(code_of(S4, letter), SICK if letter == "B" else HEALTHY) for letter in "ABCD"]
    alone = judge_signals(checks, PROFILE)[3]
    completed = judge_signals(checks, PROFILE, {RITUAL: P})[3]
    assert (alone.state, confidence(alone)) == (E, "high")
    assert (completed.state, confidence(completed)) == (P, "medium")


# --- the verdict


def test_answers_alone_raise_a_suspicion_and_establish_nothing():
    found = verdict([], declared_families(WORST))
    assert found.state == VerdictState.SUSPECTED
    assert found.observable == 0
    assert found.probability is None
    assert found.confidence == "medium"


def test_one_measured_signal_and_one_declared_are_suspected():
    checks = only(S1, one_check_a_family(("S1.A1", "S1.B1")))
    found = verdict(checks, {RITUAL: P, FORECAST: P})
    assert (found.state, found.present, found.observable) == (VerdictState.SUSPECTED, 2, 1)
    assert not found.gates["probability"]
    assert found.confidence == "medium"


def test_what_is_established_by_records_stays_so_whatever_people_say():
    sick = one_check_a_family(("S1.A1", "S1.B1", "S3.A1", "S3.B1"))
    assert verdict(sick, declared_families(WORST)).state == VerdictState.ESTABLISHED


FAMILY_IDS = [(signal, name) for signal in FAMILIES for name in FAMILIES[signal].values()]
LETTER = {(s, name): letter for s in FAMILIES for letter, name in FAMILIES[s].items()}
defects = st.dictionaries(
    st.sampled_from(FAMILY_IDS), st.sampled_from([HEALTHY, 20, 30, SICK]), max_size=20
)
said = st.dictionaries(st.sampled_from(FAMILY_IDS), st.sampled_from([P, E]), max_size=12)
hidden = st.sets(st.sampled_from(FAMILY_IDS))


def crm(measured, without=frozenset()):
    codes = {family: code_of(family[0], LETTER[family]) for family in FAMILY_IDS}
    return [
        unseen(code) if family in without else judged(code, measured.get(family, HEALTHY))
        for family, code in codes.items()
    ]


@settings(max_examples=60, deadline=None)
@given(defects, said, hidden)
def test_hiding_columns_raises_no_index_and_clears_nothing_whatever_people_say(
    measured, declared, without
):
    before, after = crm(measured), crm(measured, without)

    if verdict(after, declared).state == VerdictState.NOT_ESTABLISHED:
        assert verdict(before, declared).state == VerdictState.NOT_ESTABLISHED
    signals = (judge_signals(checks, PROFILE, declared) for checks in (before, after))
    for whole, partial in zip(*signals, strict=True):
        assert index(partial).low <= index(whole).low + 1e-9


ORDER = [N, A, State.INCONCLUSIVE, E, P]


@settings(max_examples=60, deadline=None)
@given(defects, said, hidden)
def test_answers_make_no_signal_better_and_establish_nothing(measured, declared, without):
    checks = crm(measured, without)
    alone, with_answers = judge_signals(checks, PROFILE), judge_signals(checks, PROFILE, declared)

    for before, after in zip(alone, with_answers, strict=True):
        if after.state != before.state:
            assert after.state in (P, E)
            assert ORDER.index(after.state) > ORDER.index(before.state)
        assert index(before) == index(after)
        assert before.coverage == after.coverage
    verdicts = verdict(checks).state, verdict(checks, declared).state
    if verdicts[1] == VerdictState.ESTABLISHED:
        assert verdicts[0] in (VerdictState.ESTABLISHED, VerdictState.SUSPECTED)
        assert verdict(checks).probability >= 0.8
    if verdicts[1] == VerdictState.NOT_ESTABLISHED:
        assert verdicts[0] == VerdictState.NOT_ESTABLISHED


def test_the_state_of_answers_grows_with_every_level():
    """Nobody's worse answer makes a family better, unless it is a disagreement that it makes."""
    rank = {None: 0, E: 1, P: 2}
    for levels in product((0, 1, 2), repeat=3):
        for respondent in range(3):
            worse = [min(2, lv + (place == respondent)) for place, lv in enumerate(levels)]
            people = ("manager", "rep_1", "rep_2")
            before, after = (
                declared_families(answers(parallel_list=dict(zip(people, one, strict=True))))
                for one in (levels, worse)
            )
            key = (S3, "side_masters")
            assert rank[after.get(key)] >= rank[before.get(key)]


def test_every_answer_of_the_worst_fills_what_its_question_names():
    filled = declared_families(WORST)
    named = {family for one in interview() for family in one.fills()}
    assert set(filled) == named
    signals = judge_signals([], PROFILE, filled)
    families = [(s.id, f) for s in signals for f in s.families if f.evidence == "declared"]
    result = hear(WORST, {}, {(signal, f.id): f.state for signal, f in families})
    assert {name for one in result.questions for name in one.fills} == {
        f"{signal}.{family}" for signal, family in named
    }
    assert result.respondents == {"director": 1, "manager": 1, "rep": 2}
