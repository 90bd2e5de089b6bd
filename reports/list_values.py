"""Values of a list that are codes of ours or of the CRM, in the words of the reader."""

from __future__ import annotations

from reports.sentences import column_of, table_name
from reports.wording import Wording

_FIELDS = ("field", "required_missing")
#: Columns whose values are one of a few words, and where the words are.
_CODES = {
    "reason": "list_reason",
    "kind": "list_kind",
    "tier": "group_key",
    "container": "group_key",
}


def in_words(words: Wording, column: str, text: str) -> str:
    """Return what a value is called in the language; one that is no code stays as it is."""
    if column == "table_name":
        return table_name(words, text)
    if column in _FIELDS:
        return words.listed([column_of(words, part.strip()) for part in text.split(",")])
    if column in _CODES:
        return words.either(f"{_CODES[column]}.{text.lower()}", text)
    return text
