"""One answer in several spellings."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.measures.variants import usual_spellings
from tests.checks.relations import counts, groups, hits, measure


def deals(column: str, **spellings: int) -> list[dict[str, Any]]:
    return [{column: text} for text, count in spellings.items() for _ in range(count)]


def test_case_accents_and_blanks_make_variants_of_the_commonest_spelling() -> None:
    assert usual_spellings({"Métallurgie": 60, "metallurgie": 30, "MÉTALLURGIE": 10}) == {
        "metallurgie": "Métallurgie",
        "MÉTALLURGIE": "Métallurgie",
    }


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("Indutrie", "Industrie"), ("Indsutrie", "Industrie"), ("Agroalimntare", "Agroalimentaire")],
)
def test_a_typing_error_is_a_variant_of_what_is_ten_times_commoner(wrong: str, right: str) -> None:
    assert usual_spellings({right: 50, wrong: 5}) == {wrong: right}


def test_one_wrong_letter_in_a_long_word_need_not_be_so_rare() -> None:
    assert usual_spellings({"Construction": 50, "Constructon": 10}) == {
        "Constructon": "Construction"
    }
    assert usual_spellings({"Construction": 50, "Constructon": 11}) == {}
    assert usual_spellings({"Importation": 50, "Exportation": 10}) == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Phase 1", "Phase 2"),  # digits differ
        ("Salon", "Talon"),  # not rare enough, see the count
        ("Web", "Wed"),  # too short
        ("Segment A", "Segment B"),
        ("Segment AA", "Segment AB C"),
        ("Interested", "Uninterested"),
        ("Industrie", "Industria lourde"),
    ],
)
def test_two_answers_that_look_alike_stay_two(one: str, other: str) -> None:
    rare = 6 if one == "Salon" else 5
    assert usual_spellings({one: 50, other: rare}) == {}


@given(
    st.dictionaries(
        st.text("aAbBé éÉ1 ", min_size=1, max_size=12).filter(str.strip), st.integers(1, 500)
    )
)
def test_the_usual_spelling_is_never_rarer_and_never_a_variant_itself(
    written: dict[str, int],
) -> None:
    usual = usual_spellings(written)
    assert not set(usual) & set(usual.values())
    assert all(written[commonest] >= written[rare] for rare, commonest in usual.items())


def test_the_worst_column_counts_and_the_others_are_shown() -> None:
    rows = deals("lead_source", Salon=70, salon=10, Web=20)
    for number, row in enumerate(rows):
        row["Sector"] = "Retail" if number < 20 else "Industrie" if number < 98 else "INDUSTRIE"
    context, check, found = measure("value_variant", "deals", {"deals": rows})
    assert counts(found) == (10, 100)
    assert groups(found, "column") == {"deals.lead_source": (10, 100), "deals.Sector": (2, 100)}
    listed = hits(context, check, "field", "value", "usual", "counted")
    assert set(listed) == {
        ("lead_source", "salon", "Salon", True),
        ("Sector", "INDUSTRIE", "Industrie", False),
    }
    assert len(listed) == 12


def test_junk_is_no_spelling_of_an_answer() -> None:
    rows = deals("lead_source", Salon=70, salon=10, Web=20, TBD=12, tbd=8)
    context, check, found = measure("value_variant", "deals", {"deals": rows})
    assert counts(found) == (10, 100)
    assert set(hits(context, check, "value")) == {"salon"}


def test_the_worst_column_may_be_one_of_another_table() -> None:
    context, check, found = measure(
        "value_variant",
        "deals",
        {
            "deals": deals("lead_source", Salon=100, Web=20),
            "accounts": deals("country", France=85, FRANCE=5, Spain=10),
        },
    )
    assert counts(found) == (5, 100)
    assert set(hits(context, check, "table_name")) == {"accounts"}


@pytest.mark.parametrize(
    "rows",
    [
        deals("lead_source", Salon=60, salon=30),  # too few records
        deals("lead_source", Salon=90, salon=30),  # one answer only is no vocabulary
        deals("Campaign", **{"701f4000000aBcD": 60, "701f4000000abcd": 60}),  # identifiers
        deals("description", **{"Long text": 60, "long text": 60, "Other": 1}),  # free text
    ],
)
def test_what_is_no_vocabulary_is_not_judged(rows: list[dict[str, Any]]) -> None:
    _, _, found = measure("value_variant", "deals", {"deals": rows})
    assert found.reason == "no_vocabulary"


def test_more_than_two_hundred_answers_are_no_vocabulary() -> None:
    answers = {f"Answer {chr(97 + i // 26 % 26)}{chr(97 + i % 26)}": 1 for i in range(201)}
    _, _, found = measure("value_variant", "deals", {"deals": deals("title_of", **answers)})
    assert found.reason == "no_vocabulary"
