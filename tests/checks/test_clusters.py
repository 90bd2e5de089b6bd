"""Clusters of records that are one and the same: what belongs to one, and how many are too many."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.measures.clusters import Links, _components
from tests.checks.relations import counts, hits, measure


def test_what_possibly_repeats_a_cluster_stays_outside_of_it() -> None:
    rows = [
        {"name": "Kerbrat Nautisme", "city": "Brest", "siren": "732829320"},
        {"name": "KERBRAT NAUTISME SAS", "city": "Brest", "siren": "732829320"},
        {"name": "Kerbrat Nautismes", "city": "Lille", "siren": None},
    ]
    context, check, found = measure("duplicate_account", "accounts", {"accounts": rows})
    assert counts(found) == (1, 3)
    clusters = hits(context, check, "cluster_id", "record_id", "tier", "counted")
    assert [row for row in clusters if row[0] == 1] == [
        (1, "a1", "certain", False),
        (1, "a2", "certain", True),
    ]
    doubtful = [row for row in clusters if row[0] == 2]
    assert {row[1] for row in doubtful} == {"a1", "a2", "a3"}
    assert {row[2:] for row in doubtful} == {("possible", False)}


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=20))
@settings(deadline=None)
def test_components_are_those_of_a_plain_union_find(pairs: list[tuple[int, int]]) -> None:
    first = list(range(13))
    for _ in range(13):
        for left, right in pairs:
            first[left] = first[right] = min(first[left], first[right])
    left, right = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    rows = np.unique(np.concatenate([left, right]))
    found = _components(rows, [Links("x", "certain", left, right)]) if pairs else rows
    assert found.tolist() == [first[row] for row in rows]


@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz"), st.integers(0, 9)),
        min_size=1,
        max_size=14,
    )
)
@settings(max_examples=10, deadline=None)
def test_the_excess_is_cluster_sizes_minus_one_whatever_the_order(
    people: list[tuple[str, str, int]],
) -> None:
    rows = [
        {
            "id": f"c{number:02}",
            "email": f"{mail}@acier.fr",
            "mobile": f"06 12 34 56 {mobile}{mobile + 1}",
            "account_id": "a1",
            "name": None,
            "company": company,
        }
        for number, (mail, company, mobile) in enumerate(people)
    ]
    context, _, found = measure("duplicate_contact", "contacts", {"contacts": rows})
    _, _, again = measure("duplicate_contact", "contacts", {"contacts": rows[::-1]})
    assert counts(found) == counts(again)
    clusters = context.snapshot.rows(
        "select count(*) - 1, count(*) filter (counted) from hits_duplicate_contact "
        "group by cluster_id"
    )
    assert all(excess == counted for excess, counted in clusters)
    assert sum(excess for excess, _ in clusters) == found.k_defect
