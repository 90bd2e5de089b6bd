"""Predicates of check files: one boolean expression from a short list of SQL words.

A predicate is parsed, never pasted: whatever is not on the list below is refused with the
list, parameters enter as literals through the syntax tree, and the columns that a check needs
are read off the tree, so that no declaration of them can lie.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NoReturn, TypeAlias

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from connectors.errors import ConfigurationError

Param: TypeAlias = float | int | str | date

#: What a predicate may be made of, as it is told to who wrote another word.
ALLOWED_WORDS = (
    "and, or, not, in, between, is null, = <> < <= > >=, + - * /, coalesce, lower, length, abs, "
    "date_diff, regexp_matches with two arguments, starts_with, true, false, "
    "texts, numbers, dates, columns and $parameters"
)

_ALLOWED_NODES: frozenset[type[exp.Expr]] = frozenset(
    {
        *(exp.And, exp.Or, exp.Not, exp.Paren, exp.In, exp.Between, exp.Is, exp.Null, exp.Boolean),
        *(exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE),
        *(exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg),
        *(exp.Coalesce, exp.Lower, exp.Length, exp.Abs),
        *(exp.DateDiff, exp.Var, exp.RegexpLike, exp.StartsWith),
        *(exp.Literal, exp.Cast, exp.DataType, exp.Column, exp.Identifier, exp.Placeholder),
    }
)
#: The functions, by the names that may be written; their synonyms are refused.
_FUNCTIONS = frozenset(
    {"coalesce", "lower", "length", "abs", "date_diff", "regexp_matches", "starts_with", "cast"}
)
_WORDS_BEFORE_A_BRACKET = frozenset({"and", "or", "not", "in", "between", "is"})
_CAST_TARGETS = frozenset({"DATE", "TIMESTAMP"})
_BOOLEAN_ROOTS = (
    *(exp.And, exp.Or, exp.Not, exp.Is, exp.In, exp.Between, exp.Boolean, exp.Column, exp.Coalesce),
    *(exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.RegexpLike, exp.StartsWith),
)


@dataclass(frozen=True)
class Predicate:
    """One boolean expression over the columns and features of a table.

    Attributes:
        text: As written in the check file.
        tree: Parsed, with literals in place of parameters, and days of the organisation's
            calendar in place of UTC's.
        names: Columns and features that it reads.
        quoted: Those of ``names`` that were written in quotes: source columns may be.
    """

    text: str
    tree: exp.Expr
    names: frozenset[str]
    quoted: frozenset[str]

    def sql(self, rename: Callable[[str], str]) -> str:
        """Return it as SQL, each name replaced by the expression that ``rename`` gives."""

        def renamed(node: exp.Expr) -> exp.Expr:
            if isinstance(node, exp.Column):
                return exp.Paren(this=sqlglot.parse_one(rename(node.name), read="duckdb"))
            return node

        return to_sql(self.tree.transform(renamed))

    def resolved(self) -> str:
        """Return it with the values of its parameters, as the report prints it."""
        return to_sql(self.tree)


def parse_predicate(text: str, params: Mapping[str, Param], *, where: str = "") -> Predicate:
    """Parse a predicate and put the values of its parameters in.

    Args:
        text: The predicate as written.
        params: Value of each ``$parameter``; dates become date literals.
        where: File and line for messages, for example ``"my-check.yaml:7"``.

    Raises:
        ConfigurationError: If it is no single expression, or uses anything but
            ``ALLOWED_WORDS``, or a parameter without a value.
    """
    tree = _single_expression(text, where)
    _refuse_synonyms(text, where)
    for node in tree.walk():
        _refuse_what_is_not_allowed(node, text, where)
    _refuse_what_is_not_boolean(tree, text, where)
    columns = list(tree.find_all(exp.Column))
    return Predicate(
        text=text,
        tree=tree.transform(lambda node: _with_value(node, params, text, where)).transform(
            _on_the_calendar
        ),
        names=frozenset(column.name for column in columns),
        quoted=frozenset(column.name for column in columns if column.this.quoted),
    )


def to_sql(tree: exp.Expr) -> str:
    """Return the engine's SQL for a syntax tree, without comments."""
    return tree.sql(dialect="duckdb", comments=False)


def _on_the_calendar(node: exp.Expr) -> exp.Expr:
    """Take days from the organisation's calendar, where SQL would take those of UTC."""
    if isinstance(node, exp.DateDiff) and node.text("unit").upper() == "DAY":
        return exp.func("days_between", node.expression, node.this)
    if isinstance(node, exp.Cast) and to_sql(node.to) == "DATE" and node.find(exp.Column):
        return exp.func("day_of", node.this)
    return node


def _single_expression(text: str, where: str) -> exp.Expr:
    try:
        parsed = sqlglot.parse(text, read="duckdb")
    except (SqlglotError, RecursionError):
        parsed = []
    if len(parsed) != 1 or parsed[0] is None:
        raise ConfigurationError(
            "the predicate {predicate!r} is not one expression",
            where=where,
            next_step="Write one condition, for example: days_past_close > $grace_days",
            predicate=text,
        )
    return parsed[0]


def _refuse_synonyms(text: str, where: str) -> None:
    """Refuse words that the parser takes for an allowed one, though they may mean another."""
    tokens = sqlglot.tokenize(text, read="duckdb")
    for token, following in pairwise(tokens):
        word = token.text.lower()
        is_called = following.text == "(" and word.isidentifier()
        if is_called and word not in _FUNCTIONS | _WORDS_BEFORE_A_BRACKET:
            _refuse(word, text, where)
        if word in ("~", "rlike"):
            _refuse(token.text, text, where)


def _refuse_what_is_not_allowed(node: exp.Expr, text: str, where: str) -> None:
    if type(node) not in _ALLOWED_NODES:
        word = node.name if isinstance(node, exp.Anonymous) else node.key
        _refuse(word.lower() or to_sql(node), text, where)
    if isinstance(node, exp.Column) and (node.table or node.args.get("join_mark")):
        _refuse(to_sql(node), text, where)
    if isinstance(node, exp.RegexpLike) and node.args.get("flag") is not None:
        _refuse("regexp_matches with three arguments", text, where)
    if isinstance(node, exp.In) and not node.expressions:
        _refuse("in without a list", text, where)
    if isinstance(node, exp.Cast) and to_sql(node.to) not in _CAST_TARGETS:
        _refuse(f"cast as {to_sql(node.to).lower()}", text, where)


def _refuse(word: str, text: str, where: str) -> NoReturn:
    raise ConfigurationError(
        "the predicate {predicate!r} uses {word}, which predicates may not",
        where=where,
        next_step="Allowed are: {allowed}. Anything else belongs into a feature.",
        predicate=text,
        word=word,
        allowed=ALLOWED_WORDS,
    )


def _refuse_what_is_not_boolean(tree: exp.Expr, text: str, where: str) -> None:
    if not isinstance(tree.unnest(), _BOOLEAN_ROOTS):
        raise ConfigurationError(
            "the predicate {predicate!r} is neither true nor false",
            where=where,
            next_step="Compare it with something, for example: length(name) < 3",
            predicate=text,
        )


def _with_value(node: exp.Expr, params: Mapping[str, Param], text: str, where: str) -> exp.Expr:
    if not isinstance(node, exp.Placeholder):
        return node
    name = str(node.this or "")
    if name not in params:
        raise ConfigurationError(
            "the predicate {predicate!r} uses ${name}, which has no value",
            where=where,
            next_step="Give it one under params, which holds: {known}.",
            predicate=text,
            name=name or "?",
            known=", ".join(sorted(params)) or "nothing",
        )
    return value_literal(params[name])


def value_literal(value: Param) -> exp.Expr:
    """Return the literal of a parameter's value; dates and negative numbers included."""
    if isinstance(value, date):
        return exp.cast(exp.Literal.string(value.isoformat()), "date")
    literal = exp.convert(value)
    return exp.Paren(this=literal) if isinstance(literal, exp.Neg) else literal
