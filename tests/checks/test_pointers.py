"""Sentences that send the reader elsewhere, in six languages, and what only sounds like them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from checks.authoring.catalogue import load_catalogue
from checks.context import Context
from checks.lexicon.pointers import harmless, in_plain_signs, pointing, sounds_pointing, spared
from tests.checks import pointer_sentences as sentences
from tests.checks.snapshots import context_of, counts, measured

CHECK = load_catalogue()["pointer-outside-crm"]
Sentences = Mapping[str, tuple[str, ...]]


def heard(texts: list[str]) -> list[str]:
    """Those of the texts that point outside."""
    engine = context_of({}).snapshot
    engine.run("create table said (place integer, text varchar)")
    for place, text in enumerate(texts):
        engine.run("insert into said values (?, ?)", [place, text])
    rows = engine.rows(
        f"select text, {sounds_pointing('said')} from "
        f"(select place, text, {spared(in_plain_signs('text'))} as said from said) order by place"
    )
    return [text for text, points in rows if points]


def all_of(*groups: Sentences) -> list[str]:
    return [text for group in groups for texts in group.values() for text in texts]


def test_forms_that_the_lexicon_knows_are_heard() -> None:
    said = all_of(sentences.SAID)
    assert len(said) >= 25
    assert heard(said) == said


def test_what_only_sounds_so_is_not_heard() -> None:
    """Excellent is not Excel, a specification is no notebook, and a customer's Excel is theirs."""
    not_said = all_of(sentences.NOT_SAID, sentences.RETOLD_NOT_SAID, sentences.HELD_OUT_NOT_SAID)
    assert len(not_said) >= 90
    assert heard(not_said) == []


def test_most_sentences_that_shaped_it_in_other_words_are_heard() -> None:
    retold = all_of(sentences.RETOLD)
    assert len(heard(retold)) >= 0.9 * len(retold)


def test_every_second_sentence_that_it_never_saw_is_heard() -> None:
    held_out = all_of(sentences.HELD_OUT)
    assert len(heard(held_out)) == 12, "tell the new number in docs/adr, whatever it is"


@pytest.mark.parametrize("expression", [*pointing(), *harmless()])
def test_every_expression_is_small_enough_to_be_read_in_one_pass(expression: str) -> None:
    """Beyond that size the engine tries every way through it, a hundred times slower."""
    assert len(expression) < 6_000


@pytest.mark.parametrize("said", ["details in my notes", "référez-vous à l'e-mail", 'see "Excel"'])
def test_typographic_signs_and_loose_accents_change_nothing(said: str) -> None:
    written = [
        *(said.replace(" ", "\u00a0"), said.replace("'", "’"), said.replace(' "', " “")),
        *(f"„{said}“", f"{said} 👍", unicodedata.normalize("NFD", said), said.upper()),
    ]
    assert heard([said, *written]) == [said, *written]
    assert heard([f"д{said}", said.rstrip('"') + "д"]) == [], "a word ends where its letters end"


def test_a_hostile_text_is_read_to_its_end() -> None:
    long = "voir " * 20_000 + "mail " * 20_000
    assert heard(["'; drop table deals; -- " + long, "see \x00 mail", "see\nmail"]) == [
        "'; drop table deals; -- " + long
    ]


# --- the check


def note(text: str, **more: Any) -> dict[str, Any]:
    row = {
        "kind": "note",
        "deal_id": "d1",
        "owner_id": "u1",
        "subject": "Note",
        "body": text,
        "source": None,
        "happened_at": "2026-05-04 10:00",
    }
    return {**row, **more}


def crm(*activities: dict[str, Any], deals: list[dict[str, Any]] | None = None) -> Context:
    own = deals or [
        {"id": "d1", "owner_id": "u1", "state": "open", "next_step": "Call", "name": "X"}
    ]
    return context_of({"deals": own, "activities": list(activities)})


def found(context: Context) -> list[Any]:
    one = measured(context, CHECK).measurements[CHECK.id]
    query = f"select table_name, record_id, field, container from {one.hits} order by all"
    return context.snapshot.rows(query)


def test_each_record_counts_once_and_says_where_it_points() -> None:
    context = crm(
        note("voir mail de Paul", id="a1", subject="cf. fichier Excel"),
        note("Rappelé, rendez-vous jeudi", id="a2"),
        note("", id="a3", subject=None),
        deals=[
            {"id": "d1", "state": "open", "next_step": "tracked in my spreadsheet"},
            {"id": "d2", "state": "open", "next_step": "Send offer"},
            {"id": "d3", "state": "open", "next_step": None},
        ],
    )
    one = measured(context, CHECK).measurements[CHECK.id]
    assert counts(one) == (4, 2)
    assert found(context) == [
        ("activities", "a1", "body", "mail"),
        ("activities", "a1", "subject", "spreadsheet"),
        ("deals", "d1", "next_step", "spreadsheet"),
    ]


def test_no_word_of_a_text_leaves_the_check() -> None:
    context = crm(note("voir mail de Paul sur la remise secrète"))
    one = measured(context, CHECK).measurements[CHECK.id]
    columns = [row[0] for row in context.snapshot.rows(f"describe {one.hits}")]
    assert "text" not in columns
    assert "secr" not in str(context.snapshot.rows(f"select * from {one.hits}"))


def test_mails_and_what_a_program_wrote_are_no_notes() -> None:
    context = crm(
        note("see my email below, and check the spreadsheet", kind="email"),
        note("see email", source="EMAIL_SYNC", kind="meeting"),
    )
    assert found(context) == []


def of_products(*names: str) -> Iterator[dict[str, Any]]:
    for number, name in enumerate(names):
        yield {"id": f"d{number}", "name": name, "state": "open", "next_step": "voir Excel"}


def test_what_the_company_sells_is_no_container() -> None:
    trainer = list(of_products("Formation Excel A", "Formation Excel B", "Excel avancé", "Word"))
    trainer[3]["next_step"] = "voir mail"
    assert [row[3] for row in found(crm(deals=trainer))] == ["mail"]


def test_deals_whose_very_name_points_elsewhere_sell_nothing_by_that() -> None:
    hidden = list(of_products("voir Excel 1", "voir Excel 2", "voir Excel 3"))
    assert len(found(crm(deals=hidden))) == 3


def test_without_any_text_it_is_not_observable_and_names_the_columns() -> None:
    context = context_of({"deals": [{"id": "d1", "state": "open"}]})
    one = measured(context, CHECK).measurements[CHECK.id]
    assert one.reason == "column_absent"
    assert ("deals", "next_step") in one.missing


def test_without_activities_the_notes_of_deals_still_count_and_the_rest_is_missed() -> None:
    deals = [{"id": "d1", "state": "open", "next_step": "voir mail"}]
    one = measured(context_of({"deals": deals}), CHECK).measurements[CHECK.id]
    assert counts(one) == (1, 1)
    assert ("activities", "body") in one.missing
