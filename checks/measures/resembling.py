"""Names that resemble one another: compared within blocks, never each with all others.

Two names are alike when their words, in whatever order, share 88 of 100 letters
(``token_sort_ratio`` of rapidfuzz) and their digits are equal, and when the words that they do not
share resemble one another too: "Jardinerie" makes no "Mazurier" of a "Meunier". Ratios that forgive
a whole word are not used: they take "GTX Pro" and "GTX Plus Pro" for one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checks.context import Context

if TYPE_CHECKING:
    import pandas as pd

#: Names are compared within blocks; a larger block shares too little to mean anything.
_LARGEST_BLOCK = 60
#: Share of equal letters, in percent, from which two names are alike.
_LEAST_SIMILARITY = 88.0
#: The same of the words that two names do not share: "Dupont" and "Dupond", not "Jean" and
#: "Jeanne".
_LEAST_OF_THE_REST = 81.0
#: A shorter name, relative to the other, cannot reach that share: 2 * short / (short + long).
_LEAST_LENGTH = 0.78
#: Letters that a short name needs before one that differs is a slip rather than another name.
_LEAST_LETTERS = 5
#: Letters that a word needs before it puts a name in a block.
_LETTERS_OF_A_WORD = 4


_DIGITS = (
    "case when regexp_matches(name, '[0-9]') "
    "then regexp_replace(name, '[^0-9]+', '', 'g') else '' end as digits"
)
_LETTERS = "array_to_string(list_sort(string_split(name, ' ')), '') as letters"


@dataclass(frozen=True)
class Block:
    """What two names share besides their digits, so that they are compared.

    Attributes:
        within: Columns of ``named``; a name with NULL in one of them is in no such block.
        letters: Some of the letters of the name, never NULL: of ``letters``, its words sorted, so
            that their order is no matter, or of a ``word`` and the ``rest`` without it.
        of_words: Whether each longer word of the name makes a block of its own.
    """

    within: tuple[str, ...] = ()
    letters: str = "''"
    of_words: bool = False

    @property
    def reads_letters(self) -> bool:
        """Whether the words of names must be sorted for it, which takes long."""
        return self.letters != "''"

    def key(self, number: int) -> str:
        """Return the expression that tells one such block from all others."""
        key = f"hash({', '.join([str(number), 'digits', *self.within, self.letters])})"
        known = " and ".join(f"{one} is not null" for one in self.within)
        return f"case when {known} then {key} end" if known else key


#: Blocks of a word that names share, and how the rest of them begins, or ends.
BY_WORD = (
    Block(letters="word, left(rest, 3)", of_words=True),
    Block(letters="word, right(rest, 3)", of_words=True),
)


def by_letters(*within: str, first: int, last: int) -> tuple[Block, ...]:
    """Return the blocks of names that begin, or end, with the same letters.

    Args:
        within: Columns of ``named`` that the two must share besides.
        first: Letters of the beginning.
        last: Letters of the end.
    """
    return Block(within, f"left(letters, {first})"), Block(within, f"right(letters, {last})")


def alike(
    context: Context,
    named: str,
    blocks: Sequence[Block],
    facts: Mapping[str, str],
    *,
    told_apart_by: Sequence[str] = (),
    condition: str = "true",
) -> pd.DataFrame:
    """Return the pairs of names of one block that are alike, or one letter apart.

    Args:
        context: The audit.
        named: Relation with ``row_no``, ``name`` and what the other expressions read.
        blocks: Two names that share one, and their digits, are compared.
        facts: What to know of a pair, by name: conditions over ``one`` and ``other``, the two
            rows of ``named``.
        told_apart_by: Columns of ``named``; two that differ in one are not compared.
        condition: Pairs to compare, over ``one`` and ``other``.

    Returns:
        ``one_row, other_row``, the facts, and ``is_alike``: false where only the words that two
        names share make them resemble, or one letter is all that two short ones differ by.
    """
    spelled, entries = f"spelled_{named}", f"blocks_{named}"
    columns = ["*", _DIGITS]
    if any(block.reads_letters for block in blocks):
        columns.append(_LETTERS)
    context.snapshot.run(
        f"create or replace temp table {spelled} as "
        f"select {', '.join(columns)} from {named} where name <> ''"
    )
    context.snapshot.run(
        f"create or replace temp table {entries} as {_entries(spelled, blocks, told_apart_by)}"
    )
    known = "".join(f", coalesce({sql}, false) as {name}" for name, sql in facts.items())
    pairs = context.snapshot.sql(
        f"select one_row, other_row, one.name as one_name, other.name as other_name{known} "
        f"from ({_pairs(entries, told_apart_by)}) "
        f"join {spelled} one on one.row_no = one_row "
        f"join {spelled} other on other.row_no = other_row "
        "where least(length(one.name), length(other.name)) "
        f">= {_LEAST_LENGTH} * greatest(length(one.name), length(other.name)) "
        # Were it a plain equation, the engine would join all names of equal digits first.
        f"and coalesce(one.digits = other.digits, false) and ({condition}) "
        "order by one_row, other_row"
    )
    context.snapshot.run(f"drop table {spelled}; drop table {entries}")
    return _compared(pairs)


def _entries(spelled: str, blocks: Sequence[Block], told_apart_by: Sequence[str]) -> str:
    """Return the query of who is in which block, without blocks of one and those too large.

    A name that says a word twice counts for two in its blocks: to tell takes longer than all else.
    """
    keys: dict[bool, list[str]] = {False: [], True: []}
    for number, block in enumerate(blocks):
        keys[block.of_words].append(block.key(number))
    words = (
        "(select *, replace(letters, word, '') as rest from "
        f"(select *, unnest(string_split(name, ' ')) as word from {spelled}) "
        f"where length(word) >= {_LETTERS_OF_A_WORD})"
    )
    entry = " union all ".join(
        f"select row_no, unnest([{', '.join(listed)}]) as block from {source}"
        for listed, source in ((keys[False], spelled), (keys[True], words))
        if listed
    )
    apart = "".join(f", {name}" for name in told_apart_by)
    return (
        f"with entry as materialized ({entry}) "
        f"select row_no, block{apart} from entry join {spelled} using (row_no) "
        "where block in (select block from entry "
        f"group by block having count(*) between 2 and {_LARGEST_BLOCK})"
    )


def _pairs(entries: str, told_apart_by: Sequence[str]) -> str:
    """Return the query of the pairs of a block that nothing tells apart.

    Most differ in the first column that could: those without it, and those that share it, are
    joined each by themselves, and the others never meet.
    """
    if not told_apart_by:
        return _joined(entries, "a.row_no < b.row_no")
    first, *others = told_apart_by
    rest = "".join(f" and coalesce(a.{name} = b.{name}, true)" for name in others)
    return (
        f"{_joined(entries, f'a.{first} is null and a.row_no <> b.row_no{rest}')} union all "
        f"{_joined(entries, f'a.{first} = b.{first} and a.row_no < b.row_no{rest}')}"
    )


def _joined(entries: str, condition: str) -> str:
    return (
        "select distinct least(a.row_no, b.row_no) as one_row, "
        "greatest(a.row_no, b.row_no) as other_row "
        f"from {entries} a join {entries} b on a.block = b.block and {condition}"
    )


def _compared(pairs: pd.DataFrame) -> pd.DataFrame:
    import numpy as np
    from rapidfuzz.distance import OSA
    from rapidfuzz.fuzz import token_sort_ratio
    from rapidfuzz.process import cpdist

    names = [pairs.pop(name) for name in ("one_name", "other_name")]
    if pairs.empty:
        return pairs.assign(is_alike=False)
    texts = [name.to_list() for name in names]
    ratio = cpdist(*texts, scorer=token_sort_ratio, score_cutoff=_LEAST_SIMILARITY, workers=-1)
    slips = cpdist(*texts, scorer=OSA.distance, score_cutoff=1, workers=-1)
    resembles = ratio >= _LEAST_SIMILARITY
    is_slip = (slips <= 1) & (names[0].str.len() >= _LEAST_LETTERS).to_numpy()
    found = resembles | is_slip
    alike_rests = [
        _rests_resemble(one, other)
        for one, other in zip(*(name[found] for name in names), strict=True)
    ]
    return pairs[found].assign(is_alike=resembles[found] & np.array(alike_rests, bool))


def _rests_resemble(one: str, other: str) -> bool:
    from rapidfuzz.fuzz import ratio

    words, others = set(one.split()), set(other.split())
    first, second = " ".join(sorted(words - others)), " ".join(sorted(others - words))
    return first == second or ratio(first, second) >= _LEAST_OF_THE_REST
