"""The language of what the program says on the terminal; pages have their own in reports.

Sentences are English templates in the code. For another language they are looked up in
``locale/messages.<language>.po``, which is read only then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources

Translate = Callable[[str], str]

#: Languages of the product, the one of the code first.
LANGUAGES = ("en", "fr")

_ENVIRONMENT = ("AUDITOR_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def spoken_language(requested: str | None, environment: Mapping[str, str]) -> str:
    """Return the language for the terminal.

    Args:
        requested: Value of ``--lang``; ``both`` decides nothing here.
        environment: Variables of the process; the first that names one of our languages
            wins, in the order of POSIX after our own.
    """
    for choice in (requested, *(environment.get(name) for name in _ENVIRONMENT)):
        language = (choice or "").replace("-", "_").partition("_")[0].partition(".")[0].lower()
        if language in LANGUAGES:
            return language
        if choice in ("C", "POSIX"):
            break
    return LANGUAGES[0]


def translator(language: str) -> Translate:
    """Return the function that turns an English template into ``language``.

    A template without a translation stays as it is: an English sentence helps more than none.
    """
    if language == LANGUAGES[0]:
        return str
    return lambda template: catalogue(language).get(template) or template


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return the translations of a language by English template."""
    from babel.messages.pofile import read_po

    file = resources.files(__package__).joinpath("locale", f"messages.{language}.po")
    with file.open("rb") as handle:
        entries = read_po(handle, locale=language, charset="utf-8")
    return {str(entry.id): str(entry.string) for entry in entries if entry.id and entry.string}
