"""What the past teaches: how long a deal may stay in a stage, and when it is as good as dead."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.authoring.catalogue import load_catalogue
from checks.context import Context
from checks.events.learned import Incidence, hopeless_after, incidence, time_of
from checks.events.relations import relation
from checks.profile import Profile
from checks.spec import CheckSpec
from tests.checks.snapshots import AS_OF, context_of, counts, hit_ids, measure, measured

CATALOGUE = {spec.id: spec for spec in load_catalogue().checks}
STAGES = [
    {"id": "s1", "name": "Call", "rank": 1},
    {"id": "s2", "name": "Offer", "rank": 2},
    {"id": "s3", "name": "Won", "rank": 3, "is_closed": True, "is_won": True},
    {"id": "s4", "name": "Lost", "rank": 4, "is_closed": True, "is_won": False},
]
KEPT_SINCE = date(2024, 1, 1)


def curve(*stays: tuple[int, str]) -> Incidence:
    """The curve of stays, each with its days and how it ended: advance, lost or open."""
    days = sorted({day for day, _ in stays})
    counted = [
        np.array([sum(stay == (day, end) for stay in stays) for day in days], float)
        for end in ("advance", "lost", "open")
    ]
    return incidence(np.array(days, float), *counted)


def stays(count: int, days: Any, stage: str = "Call", to: str = "Offer") -> list[dict[str, Any]]:
    """Deals that left their first stage after some days each, and were closed a day later."""
    made = []
    for number in range(count):
        length = days(number) if callable(days) else days
        created = datetime.combine(KEPT_SINCE, datetime.min.time()) + timedelta(
            days=number, hours=9
        )
        moves = [(created + timedelta(days=length), stage, to)]
        if to == "Offer":
            moves.append((moves[0][0] + timedelta(days=1), "Offer", "Won"))
        made.append(
            {"created_at": created, "moves": moves, "state": "lost" if to == "Lost" else "won"}
        )
    return made


def waiting(days: int, stage: str = "Call", **more: Any) -> dict[str, Any]:
    """An open deal that has stood in its first stage for so many days."""
    created = (
        datetime.combine(AS_OF, datetime.min.time()) - timedelta(days=days) + timedelta(hours=9)
    )
    return {"created_at": created, "moves": [], "state": "open", "stage": stage, **more}


def crm(*deals: dict[str, Any], **tables: Any) -> Context:
    rows, history = (
        [],
        [
            {
                "record_id": "nowhere",
                "changed_at": str(KEPT_SINCE),
                "old_value": "Call",
                "new_value": "Offer",
            }
        ],
    )
    for number, deal in enumerate(deals):
        moves = deal.pop("moves")
        last = moves[-1] if moves else None
        rows.append(
            {
                "id": f"d{number}",
                "owner_id": f"u{number % 5}",
                "pipeline": None,
                "stage": last[2] if last else "Call",
                "close_date": last[0].date() if last and deal["state"] != "open" else None,
                "next_step": None,
                **deal,
            }
        )
        history += [
            {"record_id": f"d{number}", "changed_at": at, "old_value": old, "new_value": new}
            for at, old, new in moves
        ]
    changes = [
        {"table_name": "deals", "field": "stage", "user_id": "u1", "source": None, **row}
        for row in history
    ]
    return context_of({"deals": rows, "stages": STAGES, "field_history": changes, **tables})


def limits(context: Context) -> dict[str, tuple[float, str]]:
    """Days and basis by stage."""
    name = relation(context, "stage_limits")
    found = context.snapshot.rows(f"select stage, stall_days, stall_basis from {name}")
    return {stage: (days, basis) for stage, days, basis in found}


def hit(context: Context, check: CheckSpec | str) -> list[str]:
    spec = CATALOGUE[check] if isinstance(check, str) else check
    found = measure(context, spec)
    return hit_ids(context, found) if found.hits else [str(found.reason)]


# The estimate


def test_incidence_of_advancing_is_that_computed_by_hand() -> None:
    found = curve((1, "advance"), (2, "lost"), (3, "advance"), (4, "open"), (5, "advance"))
    assert found.day.tolist() == [1, 2, 3, 5]
    # Of five at first, one advances; of the four fifths left three are still there on day 3.
    assert found.advanced == pytest.approx([0.2, 0.2, 0.4, 0.8])
    assert found.waiting == pytest.approx([0.8, 0.6, 0.4, 0.0])


def test_incidence_agrees_with_lifelines() -> None:
    lifelines = pytest.importorskip("lifelines")
    rng = np.random.default_rng(7)
    days, ends = rng.permutation(200) + 1, rng.integers(0, 3, 200)
    names = ("open", "advance", "lost")
    found = curve(*((int(day), names[end]) for day, end in zip(days, ends, strict=True)))
    oracle = lifelines.AalenJohansenFitter().fit(days, ends, event_of_interest=1)
    expected = oracle.cumulative_density_.iloc[:, 0]
    assert found.advanced == pytest.approx([expected.asof(day) for day in found.day], abs=1e-9)


ENDS = st.sampled_from(["advance", "lost", "open"])


@given(st.lists(st.tuples(st.integers(0, 30), ENDS), min_size=1, max_size=40))
@settings(deadline=None)
def test_nobody_advances_twice_and_nobody_is_lost_on_the_way(stays: list[tuple[int, str]]) -> None:
    found = curve(*stays)
    assert np.all(np.diff(found.advanced, prepend=0.0) >= -1e-12)
    assert np.all(np.diff(found.waiting, prepend=1.0) <= 1e-12)
    assert np.all(found.advanced + found.waiting <= 1 + 1e-9)
    if "open" not in {end for _, end in stays}:
        share = sum(end == "advance" for _, end in stays) / len(stays)
        assert (found.advanced[-1] if len(found.advanced) else 0) == pytest.approx(share)


def test_who_still_waits_lengthens_what_is_usual() -> None:
    left = [(day, "advance") for day in range(1, 11)]
    still = [(8, "open")] * 10
    assert time_of(curve(*left), 0.75) == 8
    assert time_of(curve(*left, *still), 0.75) == 10


def test_a_stage_that_nobody_ever_left_forward_has_no_usual_time() -> None:
    assert time_of(curve((3, "lost"), (4, "open")), 0.9) is None
    assert hopeless_after(curve((3, "lost"), (4, "open")), 0.5) is None
    assert time_of(curve((4, "open")), 0.9) is None


def test_hope_ends_where_a_third_of_the_usual_share_still_advances() -> None:
    # Half advance by day 10; of the fifty that still wait, ten do on day 20 and the others never.
    found = curve(*[(10, "advance")] * 50, *[(20, "advance")] * 10, *[(60, "open")] * 40)
    # On day 10 a fifth of those who wait will still advance.
    assert hopeless_after(found, 0.59) == 20
    assert hopeless_after(found, 0.61) == 10


# What is learned from a CRM


def test_fifty_advances_teach_the_time_of_nine_in_ten() -> None:
    context = crm(*stays(50, lambda number: 10 + number))
    assert limits(context)["Call"] == (10 + 44, "nine_in_ten")


def test_twenty_advances_teach_that_of_three_in_four() -> None:
    context = crm(*stays(20, lambda number: 20 + number))
    days, basis = limits(context)["Call"]
    assert days == pytest.approx(1.6 * 34)
    assert basis == "three_in_four"


def test_fewer_are_taken_together_with_the_rest_of_their_pipeline() -> None:
    # Nineteen left the first stage and, a day later, the second: 38 advances of both together.
    context = crm(*stays(19, 30))
    assert limits(context) == {"Call": (48, "pooled"), "Offer": (48, "pooled")}


def test_where_nothing_can_be_learned_a_stage_may_take_45_days() -> None:
    assert limits(crm(*stays(3, 2))) == {"Call": (45, "default"), "Offer": (45, "default")}


@pytest.mark.parametrize(("days", "limit"), [(1, 7), (300, 180)])
def test_limits_are_a_week_at_least_and_half_a_year_at_most(days: int, limit: int) -> None:
    assert limits(crm(*stays(50, days)))["Call"][0] == limit


def test_deals_that_are_older_than_the_history_teach_nothing() -> None:
    old = stays(50, 100)
    for deal in old:
        deal["created_at"] = datetime.fromisoformat("2023-01-01")
    assert limits(crm(*old, *stays(50, 10)))["Call"][0] == 10


def test_a_deal_is_stalled_when_it_stays_longer_than_others_took() -> None:
    context = crm(*stays(50, 20), waiting(20), waiting(21))
    assert hit(context, "stalled-open-deal") == ["d51"]


def test_a_deal_older_than_the_history_is_known_to_have_stayed_since_that_began() -> None:
    context = crm(*stays(50, 20), waiting(2000))
    assert hit(context, "stalled-open-deal") == ["d50"]


def test_a_history_that_began_last_week_makes_no_old_deal_look_young() -> None:
    won = {"state": "won", "stage": "Won", "moves": [], "close_date": date(2026, 3, 1)}
    past = [{**won, "created_at": datetime.fromisoformat("2026-01-01")} for _ in range(20)]
    context = crm(*past, waiting(400), waiting(30))
    context.snapshot.run("update field_history set changed_at = timestamp '2026-06-24'")
    context.snapshot.run("update field_history set record_id = 'd20', new_value = 'Call'")
    assert hit(context, "stalled-open-deal") == ["d20"]


def test_who_waits_beyond_hope_is_dead_only_if_nobody_cares() -> None:
    past = [*stays(150, 10), *stays(150, 20, to="Lost")]
    context = crm(*past, waiting(60), waiting(60, next_step="Visit on 7 July"), waiting(5))
    assert hit(context, "zombie-deal") == ["d300"]


def test_nobody_is_dead_as_long_as_others_take() -> None:
    context = crm(*stays(150, 60), *stays(100, 5, to="Lost"), waiting(55), waiting(70))
    name = relation(context, "stage_limits")
    assert context.snapshot.rows(f"select hopeless_days >= stall_days from {name}") == [(True,)] * 2
    assert hit(context, "zombie-deal") == ["d251"]


def test_without_any_past_nothing_is_said() -> None:
    for check in ("stalled-open-deal", "zombie-deal"):
        spec = CATALOGUE[check]
        context = context_of(
            {"deals": [{"id": "d", "state": "open", "created_at": "2020-01-01", "next_step": None,
                        "pipeline": None, "close_date": None}]}
        )  # fmt: skip
        assert measure(context, spec).reason == "too_few_won_deals"


def test_a_disordered_history_raises_nothing_and_heals_nothing() -> None:
    sound = [*stays(50, 20), waiting(90), waiting(10)]
    rows = [dict(deal) for deal in sound]
    context = crm(*sound)
    before = hit(context, "stalled-open-deal")
    noisy = crm(*rows)
    noisy.snapshot.run(
        "insert into field_history (table_name, record_id, field, old_value, new_value, changed_at,"
        " user_id, row_no) values"
        " ('deals', 'gone', 'stage', 'Call', 'Offer', timestamp '2026-01-01', 'u1', 9001),"
        " ('deals', 'd50', 'stage', 'Call', 'Offer', timestamp '2031-01-01', 'u1', 9002),"
        " ('deals', 'd3', 'stage', 'Call', 'Offer', timestamp '1970-01-01', 'u1', 9003),"
        " ('deals', 'd4', 'stage', NULL, NULL, timestamp '2026-01-01', NULL, 9004),"
        " ('deals', 'd5', 'stage', 'Call', 'Nowhere', timestamp '2025-01-01', 'u1', 9005),"
        " (NULL, NULL, NULL, NULL, NULL, NULL, NULL, 9006)"
    )
    assert set(before) <= set(hit(noisy, "stalled-open-deal"))


def test_a_crm_where_everything_is_closed_has_nobody_to_examine() -> None:
    context = crm(*stays(60, 20))
    assert measure(context, CATALOGUE["stalled-open-deal"]).reason == "nobody_to_examine"
    assert measure(context, CATALOGUE["zombie-deal"]).reason == "nobody_to_examine"


def test_a_next_step_of_last_month_is_none_where_history_tells_its_age() -> None:
    deal = {"state": "open", "next_step": "Call back", "created_at": "2026-01-01", "stage": "Call"}
    told = {"table_name": "deals", "field": "next_step", "user_id": "u1", "new_value": "Call back"}
    history = [
        {**told, "record_id": "new", "changed_at": "2026-05-31 12:00"},
        {**told, "record_id": "old", "changed_at": "2026-05-30 12:00"},
    ]
    rows = [{**deal, "id": name} for name in ("new", "old", "never")]
    context = context_of({"deals": rows, "field_history": history})
    # What was never rewritten has stood since the history of next steps began.
    assert hit(context, "open-deal-without-next-step") == ["old", "never"]
    assert counts(
        measure(context_of({"deals": rows}), CATALOGUE["open-deal-without-next-step"])
    ) == (3, 0)


@pytest.mark.parametrize(("declared", "found"), [(19, [41]), (21, []), (None, [])])
def test_a_past_much_slower_than_a_sale_should_be_is_no_measure_of_health(
    declared: int | None, found: list[int]
) -> None:
    context = crm(*stays(50, 40), waiting(10))
    context = Context(context.snapshot, Profile(sales_cycle_days=declared), AS_OF)
    findings = measured(context, CATALOGUE["stalled-open-deal"]).configuration_findings
    facts = [f.facts["days"] for f in findings if f.code == "learned_limits_too_long"]
    assert facts == found
