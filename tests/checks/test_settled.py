"""Limits that the past taught are kept: they do not follow what they are to judge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from checks.authoring.catalogue import load_catalogue
from checks.change.breaks import LIMITED
from checks.context import Context
from checks.events.relations import events, relation
from checks.events.settled import STANDS_ON, is_young, settle
from checks.features.definitions import features_of
from checks.features.predicates import parse_predicate
from checks.learned_limits import FIRM, LearnedLimits
from connectors.earlier import SOURCE
from tests.checks.snapshots import AS_OF, context_of

LAST_YEAR = date(2025, 6, 30)


def won(days: int, count: int = 20, **more: Any) -> list[dict[str, Any]]:
    """Deals that took so many days to be won."""
    closed = AS_OF.replace(day=1)
    created = date.fromordinal(closed.toordinal() - days)
    return [{"state": "won", "created_at": created, "close_date": closed, **more}] * count


def cycles(context: Context) -> dict[str | None, float]:
    name = relation(context, "won_cycles")
    return dict(context.snapshot.rows(f"select pipeline, q90 from {name}"))


def after(earlier: Context, *deals: dict[str, Any]) -> Context:
    """The next audit of a CRM, which knows what the earlier one learned."""
    relation(earlier, "won_cycles")
    return replace(context_of({"deals": list(deals)}), baseline=dict(earlier.learned), learned={})


def test_a_limit_stays_as_it_was_first_learned() -> None:
    first = context_of({"deals": won(30, pipeline="a")})
    assert cycles(first) == {"a": 30, None: 30}
    later = after(first, *won(90, 200, pipeline="a"))
    assert cycles(later) == {"a": 30, None: 30}
    assert later.learned == first.learned


def test_what_could_not_be_learned_then_is_learned_now() -> None:
    first = context_of({"deals": [*won(30, pipeline="a"), *won(50, 5, pipeline="b")]})
    later = after(first, *won(90, 200, pipeline="a"), *won(50, 20, pipeline="b"))
    assert cycles(later)["a"] == 30
    assert cycles(later)["b"] == 50


def test_a_limit_outlives_a_month_that_cannot_learn_it() -> None:
    first = context_of({"deals": won(30, pipeline="a")})
    blind = after(first, *won(90, 3))
    assert cycles(blind) == {"a": 30, None: 30}
    assert cycles(after(blind, *won(90, 200, pipeline="a"))) == {"a": 30, None: 30}


def known(*rows: dict[str, Any]) -> Context:
    dated = [{**row, "since": LAST_YEAR.isoformat()} for row in rows]
    limits = LearnedLimits(name="limits", keys=["stage"], rows=dated)
    return replace(context_of({"deals": []}), baseline={"limits": limits})


def settled(context: Context, *today: dict[str, Any]) -> dict[str, tuple[int, str]]:
    rows = settle(context, "limits", ["stage"], today)
    return {row["stage"]: (row["days"], row["since"]) for row in rows}


def test_what_is_not_firm_is_learned_anew() -> None:
    context = known({"stage": "a", "days": 45, FIRM: False}, {"stage": "b", "days": 9, FIRM: True})
    today = ({"stage": "a", "days": 12}, {"stage": "b", "days": 13})
    assert settled(context, *today) == {"a": (12, "2026-06-30"), "b": (9, "2025-06-30")}


def test_a_limit_falls_with_what_it_stands_on() -> None:
    context = known({"stage": "a", "days": 45, STANDS_ON: "Call > Offer"})
    assert settled(context, {"stage": "a", "days": 12, STANDS_ON: "Call > Offer"})["a"][0] == 45
    assert settled(context, {"stage": "a", "days": 12, STANDS_ON: "Offer"})["a"][0] == 12


def test_the_limit_of_a_renamed_stage_goes_with_its_name() -> None:
    (limits,) = known({"stage": "a", "days": 45}).baseline.values()
    (row,) = limits.with_stages_renamed({"a": "b"}).rows
    assert (row["stage"], row["days"]) == ("b", 45)


def moved(day: str, source: str | None) -> Context:
    """A CRM in which a deal changed its stage once, as a history of that source tells."""
    row = {
        "table_name": "deals",
        "record_id": "d",
        "field": "stage",
        "changed_at": day,
        "source": source,
    }
    return context_of({"deals": [{"id": "d"}], "field_history": [row]})


def test_a_history_that_audits_began_settles_nothing_in_its_first_year() -> None:
    assert is_young(moved("2026-01-31", SOURCE))
    assert not is_young(moved("2025-06-30", SOURCE))
    assert not is_young(moved("2026-01-31", None))  # the CRM's own, however short


def test_every_check_of_rows_that_reads_a_limit_is_known_to_follow_it() -> None:
    capabilities = context_of({"deals": []}).snapshot.capabilities
    for spec in load_catalogue().checks:
        if spec.defect is None:
            continue
        features = features_of(spec.table, capabilities)
        words = [spec.population, spec.defect]
        names = {name for text in words for name in parse_predicate(text, spec.params).names}
        read = {event for one in features.closure(names) for event in one.events}
        for name in closure(read):
            if events()[name].limits_by is not None:
                assert spec.id in LIMITED[name], (spec.id, name)


def closure(names: set[str]) -> set[str]:
    built = {other for name in names for other in events()[name].builds_on}
    return names if built <= names else closure(names | built)
