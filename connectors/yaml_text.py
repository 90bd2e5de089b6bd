"""From YAML text to plain data and the line of every key, without recursion.

Scalars follow the core schema of YAML 1.2 (``no`` and ``on`` are words, not booleans); keys and
dates stay text as written. Whatever could build an object or grow without bound is refused.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from connectors.errors import ConfigurationError

MAX_DEPTH = 32

Step = str | int
Lines = dict[tuple[Step, ...], int]


def read_text(text: str, name: str) -> tuple[Any, Lines]:
    """Return the data of a YAML text, and the line, from 1, of every key and list item.

    Args:
        text: The text; parsed in C where libyaml is installed.
        name: Name of the file for messages.

    Raises:
        ConfigurationError: If it is not plain YAML.
    """
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return _built(text, name, pure=False)
    except YAMLError:
        pass  # libyaml knows YAML 1.1 only; the parser in Python has the last word
    try:
        return _built(text, name, pure=True)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _unreadable(text, name, mark.line if mark else 0) from error
    except YAMLError as error:
        line = text.count("\n", 0, getattr(error, "position", None) or 0)
        raise ConfigurationError(
            "this character is not allowed in YAML",
            where=f"{name}:{line + 1}",
            next_step="Remove it; a control character often comes with text pasted from elsewhere.",
        ) from error


def _built(text: str, name: str, *, pure: bool) -> tuple[Any, Lines]:
    from ruamel.yaml import YAML

    builder = _Builder(name)
    for event in YAML(typ="safe", pure=pure).parse(text):
        builder.take(event)
    return builder.data, builder.lines


def _unreadable(text: str, name: str, line: int) -> ConfigurationError:
    lines = text.splitlines()
    where = f"{name}:{line + 1}"
    if line < len(lines) and "\t" in lines[line]:
        return ConfigurationError(
            "a tab cannot indent YAML", where=where, next_step="Use blanks instead."
        )
    return ConfigurationError(
        "this line or the one before is no valid YAML",
        where=where,
        next_step="Check indentation and brackets; quote texts that hold a colon, # or braces.",
    )


@dataclass
class _Open:
    """A mapping or list that is being filled."""

    value: Any
    path: tuple[Step, ...]
    key: str | None = None


class _Builder:
    """Turns parser events into data and lines, without recursion."""

    def __init__(self, name: str) -> None:
        self.data: Any = None
        self.lines: Lines = {}
        self._name = name
        self._open: list[_Open] = []
        self._documents = 0

    def refused(self, what: str, line: int, next_step: str, **facts: object) -> ConfigurationError:
        where = f"{self._name}:{line + 1}"
        return ConfigurationError(what, where=where, next_step=next_step, **facts)

    def take(self, event: Any) -> None:
        """Take the next event of the parser."""
        kind = type(event).__name__
        if kind == "ScalarEvent":
            self._refuse_powers(event)
            self._scalar(event)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._refuse_powers(event)
            self._start({} if kind == "MappingStartEvent" else [], event.start_mark.line)
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._open.pop()
        elif kind == "AliasEvent":
            self._refuse_powers(event)
        elif kind == "DocumentStartEvent":
            self._documents += 1
            if self._documents > 1:
                raise self.refused(
                    "a second document starts here",
                    event.start_mark.line,
                    "Keep one document in a file; remove the line ---.",
                )

    def _refuse_powers(self, event: Any) -> None:
        line = event.start_mark.line
        if getattr(event, "anchor", None):
            raise self.refused(
                "anchors (&) and aliases (*) are not allowed",
                line,
                "Write the value out; quote a text that starts with & or *.",
            )
        if getattr(event, "tag", None):
            raise self.refused(
                "tags (!) are not allowed",
                line,
                "Write a plain value; quote a text that starts with !.",
            )

    def _scalar(self, event: Any) -> None:
        line = event.start_mark.line
        if found := _UNPRINTABLE.search(event.value):
            raise self.refused(
                "the character {code} is not allowed in a text",
                line,
                "Remove it.",
                code=f"U+{ord(found[0]):04X}",
            )
        if self._open and isinstance(self._open[-1].value, dict) and self._open[-1].key is None:
            self._take_key(event.value, line)
            return
        value = event.value if event.style else _plain(event.value)
        self._place(value, line)

    def _take_key(self, key: str, line: int) -> None:
        parent = self._open[-1]
        path = (*parent.path, key)
        if key in parent.value:
            raise self.refused(
                'the key "{key}" stands here twice, first in line {first}',
                line,
                "Keep one of them.",
                key=key,
                first=self.lines[path],
            )
        parent.key = key
        self.lines[path] = line + 1

    def _start(self, value: Any, line: int) -> None:
        if self._open and isinstance(self._open[-1].value, dict) and self._open[-1].key is None:
            raise self.refused("a key must be a text", line, "Write a name before the colon.")
        if len(self._open) >= MAX_DEPTH:
            raise self.refused(
                "the file is nested too deeply", line, "No setting needs that; check the brackets."
            )
        self._open.append(_Open(value, self._place(value, line)))

    def _place(self, value: Any, line: int) -> tuple[Step, ...]:
        if not self._open:
            self.data = value
            return ()
        parent = self._open[-1]
        if isinstance(parent.value, dict):
            path: tuple[Step, ...] = (*parent.path, str(parent.key))
            parent.value[parent.key] = value
            parent.key = None
        else:
            path = (*parent.path, len(parent.value))
            parent.value.append(value)
            self.lines[path] = line + 1
        return path


#: Control characters, and halves of characters: escapes can bring them in.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

_WORDS = {"": None, "~": None} | {
    form: value
    for word, value in {"null": None, "true": True, "false": False}.items()
    for form in (word, word.capitalize(), word.upper())
}
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")


def _plain(text: str) -> str | int | float | bool | None:
    """Return the value of an unquoted scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if len(text) <= 40 and _NUMBER.fullmatch(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text
