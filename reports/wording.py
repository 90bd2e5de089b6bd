"""The sentences of the report, one file a language.

A third language is one more file in ``locale/``: nothing in the code names a language.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from connectors.yaml_text import read_text
from reports.numbers import Numbers

_NO_BREAK = "\u00a0"

LOCALES = resources.files("reports") / "locale"


def languages(folder: Traversable = LOCALES) -> list[str]:
    """Return the languages that a report can be written in."""
    names = (entry.name for entry in folder.iterdir())
    return sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml"))


class Wording:
    """The sentences of one language, by key, and its way to write numbers and dates.

    A sentence is a template with named facts, ``"{count} records read"``. One that depends on
    a number has the forms ``one`` and ``other``.

    Args:
        language: Language of the file, for example ``fr``.
        folder: Where the language files are.
    """

    def __init__(self, language: str, folder: Traversable = LOCALES) -> None:
        self.language = language
        self.sentences = _parsed((folder / f"{language}.yaml").read_text("utf-8"))
        self.numbers = Numbers(
            str(self.sentences["language.babel"]), str(self.sentences["language.first_day"])
        )

    def __contains__(self, key: object) -> bool:
        return key in self.sentences

    def __call__(self, key: str, **facts: object) -> str:
        """Return the sentence of a key with its facts filled in.

        Integers are written with the separators of the language; other facts as they are.

        Raises:
            KeyError: If the key or one of its facts is missing.
        """
        template = self.sentences[key]
        if not isinstance(template, str):
            raise KeyError(f"{key} has plural forms")
        return template.format_map(self._shown(facts))

    def plural(self, key: str, count: int, **facts: object) -> str:
        """Return the form of a sentence that fits ``count``, which it may name as a fact."""
        forms = self.sentences[key]
        if isinstance(forms, str):
            raise KeyError(f"{key} has no plural forms")
        form: str = forms["one" if self.numbers.is_one(count) else "other"]
        return form.format_map(self._shown({"count": count, **facts}))

    def either(self, key: str, fallback: str, **facts: object) -> str:
        """Return the sentence of a key, or ``fallback`` where no file words it."""
        return self(key, **facts) if key in self.sentences else fallback

    def unbroken(self, text: str) -> str:
        """Return text whose punctuation stays on the line of its word, as the language asks."""
        for sign in str(self.sentences["language.no_break_before"]):
            text = text.replace(f" {sign}", f"{_NO_BREAK}{sign}")
        for sign in str(self.sentences["language.no_break_after"]):
            text = text.replace(f"{sign} ", f"{sign}{_NO_BREAK}")
        return text

    def listed(self, parts: list[str]) -> str:
        """Return ``a, b and c`` in the language."""
        return self.numbers.listed(parts)

    def _shown(self, facts: Mapping[str, object]) -> dict[str, object]:
        return {
            name: self.numbers.integer(value)
            if isinstance(value, int) and not isinstance(value, bool)
            else value
            for name, value in facts.items()
        }


@cache
def _parsed(text: str) -> Mapping[str, str | dict[str, str]]:
    sentences: dict[str, str | dict[str, str]]
    sentences, _ = read_text(text, "locale")
    return sentences
