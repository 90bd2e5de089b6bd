"""Which fields a validation rule makes people fill, read from its formula.

A rule refuses a record when its formula is true. ``ISBLANK(NextStep)`` refuses every record without
a next step; ``AND(ISBLANK(Email), ISBLANK(Phone))`` every one without either. What stands beside
such a condition in an ``AND``, a stage or a record type, makes it hold for some records only; as it
says nothing of the others, nothing is required by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: Of these fields one at least must be filled.
Clause = frozenset[str]

_TOKEN = re.compile(
    r"\s*(?:/\*.*?\*/\s*)*(?:(?P<text>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')|(?P<word>[\w$.:]+)"
    r"|(?P<sign>&&|\|\||<>|!=|==|<=|>=|[(),=<>!+\-*/^&]))",
    re.DOTALL,
)
_FIELD = re.compile(r"[A-Za-z]\w*")
#: Deeper formulas are not written by people; Salesforce itself allows few thousand characters.
_DEEPEST, _LONGEST = 40, 5_000
_MOST_CLAUSES = 50


@dataclass(frozen=True)
class _Meaning:
    """What a part of a formula says of blank fields.

    Attributes:
        clauses: If all fields of one of them are blank, the part is true.
        whole: Whether it is true in no other case.
    """

    clauses: tuple[Clause, ...] = ()
    whole: bool = False


_UNKNOWN = _Meaning()


class UnreadableFormulaError(ValueError):
    """A formula that is none, or one that is not worth reading."""


def required_fields(formula: str) -> list[Clause]:
    """Return what a rule requires of every record, whatever else it looks at.

    Args:
        formula: Its error condition.
    """
    try:
        meaning = _Formula(formula).meaning()
    except UnreadableFormulaError:
        return []
    return sorted({clause for clause in meaning.clauses if clause}, key=sorted)


class _Formula:
    """Reads a formula from left to right."""

    def __init__(self, formula: str) -> None:
        if len(formula) > _LONGEST:
            raise UnreadableFormulaError("too long")
        self._tokens = list(_tokens(formula))
        self._at = self._depth = 0

    def meaning(self) -> _Meaning:
        """Return what the whole of it says."""
        found = self._any()
        if self._at < len(self._tokens):
            raise UnreadableFormulaError("more than one condition")
        return found

    def _any(self) -> _Meaning:
        """Return what conditions with ``||`` in between say."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise UnreadableFormulaError("too deep")
        parts = [self._all()]
        while self._take("||"):
            parts.append(self._all())
        self._depth -= 1
        return _either(parts)

    def _all(self) -> _Meaning:
        """Return what conditions with ``&&`` in between say."""
        parts = [self._one()]
        while self._take("&&"):
            parts.append(self._one())
        return _both(parts)

    def _one(self) -> _Meaning:
        """Return what a condition says; one that compares anything else is unknown."""
        start = self._at
        found = self._term()
        if self._peek() not in ("", ")", ",", "&&", "||"):
            while self._peek() not in ("", ")", ",", "&&", "||"):
                self._term()
            written = [word.upper() for word in self._tokens[start : self._at]]
            return _compared(written, self._tokens[start : self._at])
        return found

    def _term(self) -> _Meaning:
        word = self._next()
        if word == "(":
            found = self._any()
            self._expect(")")
            return found
        if self._peek() != "(":
            return _UNKNOWN
        self._expect("(")
        start, parts = self._at, []
        while self._peek() != ")":
            parts.append(self._any())
            if not self._take(","):
                break
        written = self._tokens[start : self._at]
        self._expect(")")
        return _called(word.upper(), written, parts)

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        if self._at >= len(self._tokens):
            raise UnreadableFormulaError("cut off")
        self._at += 1
        return self._tokens[self._at - 1]

    def _take(self, sign: str) -> bool:
        taken = self._peek() == sign
        self._at += taken
        return taken

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise UnreadableFormulaError(f"no {sign}")


def _tokens(formula: str) -> Iterator[str]:
    at, text = 0, formula.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise UnreadableFormulaError("no formula")
        yield str(found[str(found.lastgroup)])
        at = found.end()


def _called(function: str, written: list[str], parts: list[_Meaning]) -> _Meaning:
    """Return what a call of a function says."""
    if function == "OR":
        return _either(parts)
    if function == "AND":
        return _both(parts)
    if function in ("ISBLANK", "ISNULL"):
        return _blank(_field_of(written))
    if function == "ISPICKVAL" and written[1:] in ([",", '""'], [",", "''"]):
        return _blank(_field_of(written[:1]))
    return _UNKNOWN


def _compared(written: list[str], as_written: list[str]) -> _Meaning:
    """Return what a comparison says: of a text with nothing, or of its length with 0."""
    if written[-2:] in (["=", '""'], ["==", '""'], ["=", "''"], ["==", "''"]):
        return _blank(_field_of(as_written[:-2]))
    if written[:2] == ["LEN", "("] and written[-3:] in ([")", "=", "0"], [")", "==", "0"]):
        return _blank(_field_of(as_written[2:-3]))
    return _UNKNOWN


def _field_of(written: list[str]) -> str:
    """Return the field of the record itself that is meant; empty for anything else."""
    while len(written) > 3 and written[0].upper() in ("TEXT", "TRIM") and written[1] == "(":
        written = written[2:-1]
    return written[0] if len(written) == 1 and _FIELD.fullmatch(written[0]) else ""


def _blank(field: str) -> _Meaning:
    return _Meaning((frozenset({field}),), whole=True) if field else _UNKNOWN


def _either(parts: list[_Meaning]) -> _Meaning:
    """Return what is said where one of the parts is enough."""
    clauses = tuple(clause for part in parts for clause in part.clauses)
    return _Meaning(clauses[:_MOST_CLAUSES], all(part.whole for part in parts))


def _both(parts: list[_Meaning]) -> _Meaning:
    """Return what is said where all parts must hold: nothing, if one is another condition."""
    if len(parts) == 1:
        return parts[0]
    if not all(part.whole for part in parts):
        return _UNKNOWN
    clauses: list[Clause] = [frozenset()]
    for part in parts:
        clauses = [have | more for have in clauses for more in part.clauses][:_MOST_CLAUSES]
    return _Meaning(tuple(clauses), whole=True)
