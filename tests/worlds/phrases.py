"""Sentences from a few patterns: ordinary notes, and notes that send the reader elsewhere."""

from __future__ import annotations

from functools import cache
from types import ModuleType

from tests.worlds.words import mistakes


def sentences(words: ModuleType) -> list[str]:
    """Return every ordinary note that the words of a company allow."""
    return [
        pattern.format(
            who=who[0].upper() + who[1:] if pattern.startswith("{who}") else who, when=when
        )
        for pattern in words.NOTES
        for who in (words.WHO if "{who}" in pattern else words.WHO[:1])
        for when in (words.WHEN if "{when}" in pattern else words.WHEN[:1])
    ]


@cache
def pointers() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return notes that send the reader elsewhere: in well-known forms, and in other words."""
    return mistakes.POINTERS_KNOWN, mistakes.POINTERS_OUTSIDE
