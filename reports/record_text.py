"""Text of records made fit to show: a stranger may have typed it into a web form."""

from __future__ import annotations

import re

#: Marks that reorder the text around them, and so can make a record show what it is not;
#: the plain direction marks only vanish, since honest Arabic and Hebrew text holds them.
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_DIRECTION = re.compile("[\u061c\u200e\u200f]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BLANKS = re.compile(r"[ \t\r\n\f\v\u0085\u2028\u2029]+")
_REPLACEMENT = "\ufffd"
_CUT = "…"


def cell_text(value: object, longest: int) -> str:
    """Return a value as one line of at most ``longest`` characters, without hidden marks."""
    text = _BLANKS.sub(" ", visible_controls(str(value))).strip()
    return text if len(text) <= longest else text[: longest - 1].rstrip() + _CUT


def visible_controls(text: str) -> str:
    """Return text whose control characters and reordering marks can be seen."""
    if text.isprintable():
        return text
    text = _DIRECTION.sub("", text)
    return _CONTROLS.sub(_REPLACEMENT, _REORDERING.sub(_REPLACEMENT, text))
