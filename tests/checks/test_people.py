from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.judgement.people import FOLDED, Privacy, Pseudonyms, masked
from checks.lists.list_queries import ListColumn
from checks.results import GroupStat
from connectors.model import Kind

owner_names = st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=8), max_size=60)


@given(owner_names)
def test_every_owner_has_a_pseudonym_of_their_own(names):
    people = Pseudonyms(names)

    labels = [people.label(owner) for owner in names]

    assert len(set(labels)) == len(names)
    assert all(label.startswith("rep-") and label[4:].isdigit() for label in labels)


@given(owner_names, st.randoms())
def test_pseudonyms_do_not_depend_on_the_order_of_owners(names, random):
    shuffled = list(names.items())
    random.shuffle(shuffled)

    first, second = Pseudonyms(names), Pseudonyms(dict(shuffled))

    assert [first.label(owner) for owner in names] == [second.label(owner) for owner in names]


def test_pseudonyms_are_the_same_in_every_run():
    assert Pseudonyms({"0055g00000A1": "Claire Durand"}).label("0055g00000A1") == "rep-926"


def test_a_new_colleague_leaves_the_others_their_pseudonyms():
    before = Pseudonyms({f"owner-{i}": "" for i in range(12)})
    after = Pseudonyms({f"owner-{i}": "" for i in range(12)} | {"zoe": "Zoé"})

    assert all(before.label(f"owner-{i}") == after.label(f"owner-{i}") for i in range(12))


def test_more_owners_than_numbers_of_three_digits_all_get_one():
    people = Pseudonyms({f"owner-{i}": "" for i in range(1500)})

    assert len({people.label(f"owner-{i}") for i in range(1500)}) == 1500


def test_the_key_names_every_owner():
    people = Pseudonyms({"b": "Bea", "a": ""})

    rows = list(people.as_csv_rows())

    assert sorted(rows) == [("a", "", people.label("a")), ("b", "Bea", people.label("b"))]
    assert rows == sorted(rows, key=lambda row: row[2])


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("claire.durand@example.com", "c…@example.com"),
        (" Claire <claire@example.com", "C…@example.com"),
        ("+33 6 12 34 56 78", "+33 6 •• •• •• ••"),
        ("0612345678", "061•••••••"),
        ("Claire Durand", "C. D."),
        ("Jean-Luc d'Aubigné", "J. L. D."),
        ("claire.durand at example", "C. D. A. E."),
        ("@claire", "C."),
        ("12", "1."),
        ("!!", "•"),
        ("ext 1234 Claire", "••• 123• ••••••"),
    ],
)
def test_masks_keep_the_shape_and_hide_the_person(value, shown):
    assert masked(value) == shown


COLUMNS = (
    ListColumn("record_id", Kind.KEY, person=False),
    ListColumn("name", Kind.TEXT, person=False),
    ListColumn("owner_id", Kind.KEY, person=True),
    ListColumn("owner_name", Kind.TEXT, person=True, names="owner_id"),
    ListColumn("account_name", Kind.TEXT, person=False, names="account_id"),
    ListColumn("email", Kind.TEXT, person=True),
    ListColumn("amount", Kind.MONEY, person=False),
    ListColumn("close_date", Kind.DATE, person=False),
    ListColumn("created_at", Kind.STAMP, person=False),
    ListColumn("is_closed", Kind.FLAG, person=False),
)
ROW = (
    "D1",
    "Acme, renewal",
    "u1",
    "Ann Owner",
    "Acme",
    "ann@acme.example",
    Decimal("12.50"),
    date(2026, 6, 30),
    datetime(2026, 1, 2, 3, 4, 5),  # noqa: DTZ001
    False,
)
PEOPLE = Pseudonyms({"u1": "Ann Owner"})


def test_a_row_hides_people_and_keeps_the_record():
    assert Privacy(PEOPLE).row(ROW, COLUMNS) == {
        "record_id": "D1",
        "name": "Acme, renewal",
        "owner_id": PEOPLE.label("u1"),
        "account_name": "Acme",
        "email": "a…@acme.example",
        "amount": "12.50",
        "close_date": "2026-06-30",
        "created_at": "2026-01-02T03:04:05",
        "is_closed": False,
    }


def test_a_row_names_people_when_asked_to():
    row = Privacy(PEOPLE, named=True).row(ROW, COLUMNS)

    assert (row["owner_id"], row["email"]) == ("Ann Owner", "ann@acme.example")


def test_empty_cells_stay_empty():
    assert set(Privacy(PEOPLE).row((None,) * len(COLUMNS), COLUMNS).values()) == {None}


def group(dimension, key, n=10, k=1):
    return GroupStat(dimension=dimension, key=key, label=key, n_eligible=n, k_defect=k, rate=k / n)


def test_groups_of_owners_carry_pseudonyms_only():
    people = Pseudonyms({f"u{i}": f"Name {i}" for i in range(3)})

    shown = Privacy(people).groups([group("owner", f"u{i}") for i in range(3)])

    assert [(g.key, g.label) for g in shown] == [(people.label(f"u{i}"),) * 2 for i in range(3)]


def test_two_owners_alone_are_shown_as_one_group():
    shown = Privacy(Pseudonyms({"u1": "", "u2": ""})).groups(
        [group("owner", "u1", 10, 4), group("owner", "u2", 20, 2), group("field", "amount")]
    )

    assert [(g.dimension, g.key) for g in shown] == [("field", "amount"), ("owner", FOLDED)]
    assert (shown[1].n_eligible, shown[1].k_defect, shown[1].rate) == (30, 6, 0.2)


def test_teams_of_fewer_than_three_people_are_shown_as_one_group():
    privacy = Privacy(PEOPLE, team_sizes={"north": 3, "south": 2, "east": 1})

    shown = privacy.groups([group("team", name) for name in ("north", "south", "east")])

    assert [(g.key, g.n_eligible) for g in shown] == [("north", 10), (FOLDED, 20)]


def test_named_groups_are_shown_as_they_are():
    privacy = Privacy(PEOPLE, named=True, team_sizes={"south": 1})

    shown = privacy.groups([group("owner", "u1"), group("team", "south")])

    assert [g.label for g in shown] == ["Ann Owner", "south"]
