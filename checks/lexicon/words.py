"""The word lists that ship with the checks, read once."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib import resources
from typing import Any

from connectors.yaml_file import parse_yaml


@cache
def lexicon(name: str) -> dict[str, Any]:
    """Return ``lexicon/<name>.yaml`` as it is written."""
    text = resources.files(__package__).joinpath(f"{name}.yaml").read_text("utf-8")
    content: dict[str, Any] = parse_yaml(text, f"{name}.yaml").data
    return content


def words(name: str, section: str) -> frozenset[str]:
    """Return the folded words of one section, its languages taken together.

    Args:
        name: File of the lexicon, without ending.
        section: A list of words, or lists of words by language.
    """
    listed = lexicon(name)[section]
    groups = listed.values() if isinstance(listed, dict) else [listed]
    return frozenset(fold(word) for group in groups for word in group)


def fold(text: str) -> str:
    """Fold a text as the engine's ``fold`` does: accents, case, blanks, curly apostrophes."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'"))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"\s+", " ", letters.lower()).strip()
