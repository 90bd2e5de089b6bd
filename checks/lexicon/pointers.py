"""Sentences that point to where the truth is kept instead: a mailbox, a spreadsheet, a notebook.

Only *strong* ones count: a word that points, at most three small words, and a container outside
the CRM. A bare "Excel" or "mail" says nothing: customers use them, offers leave by them.

Accents are written into the expression that looks for a container: "détail" is found without
folding millions of texts. The few that name one are put into plain signs first, for the classes
of all letters and quotation marks make expressions that the engine takes longer to read than the
texts. It reads a text in one pass as long as an expression is small; so there are several of
them, by language and by way of pointing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import Any

from checks.lexicon.words import fold, lexicon
from connectors.engines.duckdb import literal

#: Small words that may stand before a container.
_MOST_BETWEEN = 3

#: What a word consists of, in a text as it was typed, and in one of plain signs.
_TYPED_LETTER, _LETTER = r"\p{L}\p{N}_", r"a-zA-Z0-9_\x{80}-\x{10FFFF}"
_START, _END = f"(?:^|[^{_LETTER}])", f"(?:$|[^{_LETTER}])"
_START_OF_ANY = f"(?i){_START}"
#: What no text holds.
_NOTHING = r"[^\s\S]"
#: Blanks, quotation marks and dashes and the plain ones that stand for them.
_TYPOGRAPHIC, _PLAIN = "\u00a0\u202f’“«–", '  \'""-'
#: What may part two words of one phrase; nothing that ends a sentence or a part of it.
_IN_GAP = r" \t'\-/:\"(\["
_TYPED_GAP, _GAP = f"[{_IN_GAP}{_TYPOGRAPHIC}]{{1,4}}", f"[{_IN_GAP}]{{1,4}}"
#: What stands between two words of one sentence.
_IN_SENTENCE = rf"(?:{_GAP}|[^{_LETTER}.!?;\n\r][^.!?;\n\r]*[^{_LETTER}.!?;\n\r])"
#: Whose container it is, as in "Anna's".
_OWNER = r"[a-zA-Z\x{80}-\x{10FFFF}]+'s"
#: A sign that is neither plain nor a letter.
_SIGN = r"[^\x{0}-\x{7F}\p{L}\p{N}]"
_COMBINING = r"\x{0300}-\x{036F}"


def container_kinds() -> tuple[str, ...]:
    """Return the kinds of containers, in the order of the lexicon."""
    return tuple(dict.fromkeys(kind for one in _languages() for kind in one["containers"]))


def names_container(text: str, sold: Collection[str] = ()) -> str:
    """Return the condition, in SQL, that a text as it was typed names a container.

    Args:
        text: SQL expression of the text; one in plain signs will do as well.
        sold: Containers, as ``container_named`` gives them, that prove nothing here.
    """
    names = _any(_names(sold), _TYPED_GAP) or _NOTHING
    return _holds(text, f"(?i)(?:^|[^{_TYPED_LETTER}])(?:{names})(?:$|[^{_TYPED_LETTER}])")


def in_plain_signs(text: str) -> str:
    """Return a text, in SQL, in plain letters and signs, as all below want it.

    Other alphabets stay; a sign that has no plain form becomes one that no phrase holds.
    """
    plain = f"translate(strip_accents({text}), {literal(_TYPOGRAPHIC)}, {literal(_PLAIN)})"
    return f"regexp_replace({plain}, {literal(_SIGN)}, '|', 'g')"


def container_named(text: str) -> str:
    """Return the first container that a text names, in SQL, reduced to letters and digits."""
    expression = literal(f"(?i){_START}({_any(_names(()))}){_END}")
    return f"squash(regexp_extract({text}, {expression}, 1))"


def kind_named(text: str) -> str:
    """Return the kind of the first container, in the order of the lexicon, that a text names."""
    cases = " ".join(
        f"when {_holds(text, _START_OF_ANY + f'(?:{_any(_of_kind(kind))}){_END}')} "
        f"then {literal(kind)}"
        for kind in container_kinds()
    )
    return f"case {cases} end"


def sounds_pointing(text: str, sold: Collection[str] = ()) -> str:
    """Return the condition, in SQL, that a text seems to point outside; never NULL."""
    phrases = " or ".join(_holds(text, one) for one in pointing(sold))
    # One look for a word that a phrase may begin with spares most texts the eighteen others.
    return f"{_holds(text, _opening())} and ({phrases})" if phrases else "false"


def spared(text: str, sold: Collection[str] = ()) -> str:
    """Return a text, in SQL, without what only sounds like pointing.

    That is a container that lies in the CRM after all ("see mail below"), that is none ("check
    email address"), or that is a customer's own ("they keep their orders in Excel").
    """
    for expression in harmless(sold):
        text = f"regexp_replace({text}, {literal(expression)}, ' . ', 'g')"
    return text


def pointing(sold: Collection[str] = ()) -> tuple[str, ...]:
    """Return the expressions of what points to containers."""
    return tuple(f"(?i){phrase}" for one in _languages() for phrase in _phrases(one, sold))


def harmless(sold: Collection[str] = ()) -> tuple[str, ...]:
    """Return the expressions of those parts of a text that only sound like pointing."""
    return tuple(f"(?i){phrase}" for one in _languages() for phrase in _exceptions(one, sold))


def _phrases(language: dict[str, Any], sold: Collection[str]) -> Iterator[str]:
    names = _names_of(language, sold)
    if not names:
        return
    small = f"(?:(?:{_any(language['between'])}|{_OWNER}){_GAP}){{0,{_MOST_BETWEEN}}}"
    where = f"{_GAP}{small}(?:{_any(names)}){_END}"
    yield f"{_START}(?:{_any(language['points'])}){where}"
    for what, verb in (("things", "lie"), ("keep", "into")):
        yield f"{_START}(?:{_any(language[what])}){_IN_SENTENCE}(?:{_any(language[verb])}){where}"


def _exceptions(language: dict[str, Any], sold: Collection[str]) -> Iterator[str]:
    names = _names_of(language, sold)
    if names:
        yield f"(?:{_any(names)}){_GAP}(?:{_any(language['inside'])}){_END}"
        whose = _any(language["customers"])
        yield f"{_START}(?:{whose}){_IN_SENTENCE}(?:{_any(names)}){_END}"


def _languages() -> Iterator[dict[str, Any]]:
    yield from lexicon("pointers").values()


def _opening() -> str:
    """Return the expression of a text with the first word of any phrase."""
    firsts = {
        re.split(r"[ '’-]+", phrase)[0]
        for one in _languages()
        for part in ("points", "things", "keep")
        for phrase in one[part]
    }
    return f"(?i){_START}(?:{_any(firsts)}){_END}"


def _names(sold: Collection[str]) -> list[str]:
    return [name for one in _languages() for name in _names_of(one, sold)]


def _names_of(language: dict[str, Any], sold: Collection[str]) -> list[str]:
    """Return the containers of a language, without those that the company sells."""
    listed = [name for names in language["containers"].values() for name in names]
    return [name for name in listed if re.sub(r"[^a-z0-9]", "", fold(name)) not in sold]


def _of_kind(kind: str) -> list[str]:
    return [name for one in _languages() for name in one["containers"].get(kind, ())]


def _holds(text: str, expression: str) -> str:
    return f"coalesce(regexp_matches({text}, {literal(expression)}), false)"


def _any(words: Iterable[str], gap: str = _GAP) -> str:
    """Return alternatives of words, the longest first."""
    return "|".join(_spelled(word, gap) for word in sorted(set(words), key=lambda w: (-len(w), w)))


@cache
def _spelled(word: str, gap: str) -> str:
    """Return the expression of one word or phrase, with or without its accents.

    A leading ``=`` keeps its capitals, a final full stop may be missing.
    """
    if word.startswith("="):
        return f"(?-i:{_spelled(word[1:], gap)})"
    ending = r"\.?" if word.endswith(".") else ""
    parts = re.split(r"[ '’-]+", word.rstrip("."))
    return gap.join("".join(map(_letter, part)) for part in parts) + ending


def _letter(letter: str) -> str:
    plain = unicodedata.normalize("NFD", letter)[0]
    if plain == letter:
        return "(?:ß|ss)" if letter == "ß" else re.escape(letter)
    return f"(?:{letter}|{plain}[{_COMBINING}]?)"
