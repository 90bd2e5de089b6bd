"""SOQL as far as it is sent: parsed for real, checked against what the user may see, made SQL.

``SELECT fields | COUNT() | COUNT(f) a, MIN(f) a FROM Object [WHERE ...] [ORDER BY ...] [LIMIT n]``
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fakes.salesforce.errors import (
    malformed,
    no_such_column,
    no_such_object,
    no_such_parent,
)
from tests.fakes.salesforce.schema import FakeField

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*')|(?P<stamp>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d))"
    r"|(?P<day>\d{4}-\d\d-\d\d)|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>[A-Za-z_][\w.]*)"
    r"|(?P<sign><=|>=|!=|<>|[(),=<>]))"
)
_AGGREGATES = ("COUNT", "MIN", "MAX")

#: Object to the fields that the user may see; None for an object that is not visible.
Visible = Callable[[str], dict[str, FakeField] | None]


@dataclass
class Query:
    """A query that was understood.

    Attributes:
        name: Object.
        paths: Fields as written, in order; empty for aggregates.
        aggregates: Alias to SQL; ``COUNT()`` alone has none.
        counts: Whether it is ``COUNT()``.
        sql: SELECT over the tables of the fake.
    """

    name: str
    paths: list[str] = field(default_factory=list)
    aggregates: dict[str, str] = field(default_factory=dict)
    counts: bool = False
    has_order: bool = False
    sql: str = ""


def parse(soql: str, visible: Visible, *, all_rows: bool) -> Query:
    """Parse a query.

    Raises:
        SalesforceFakeError: As the API would answer.
    """
    return _Parser(soql, visible, all_rows).query()


class _Parser:
    def __init__(self, soql: str, visible: Visible, all_rows: bool) -> None:
        self.soql, self.visible, self.all_rows = soql, visible, all_rows
        self.tokens = self._tokens()
        self.at = 0
        self.joins: dict[str, str] = {}
        self.fields: dict[str, FakeField] = {}
        self.name = ""

    def query(self) -> Query:
        self._expect("SELECT")
        listed = self._select_list()
        self._expect("FROM")
        self.name = self._word()
        fields = self.visible(self.name)
        if fields is None:
            raise no_such_object(self.soql, self.name)
        self.fields = fields
        query = Query(self.name)
        items = []
        for function, path, alias in listed:
            if function == "COUNT" and not path:
                query.counts = True
            elif function:
                query.aggregates[alias] = f"{function}({self._column(path)})"
            else:
                query.paths.append(path)
                items.append(f'{self._column(path)} as "{path}"')
        condition = self._where()
        order = self._order()
        query.has_order = bool(order)
        limit = f" limit {self._number()}" if self._take("LIMIT") else ""
        if self.at < len(self.tokens):
            raise malformed(f"unexpected token: '{self.tokens[self.at][1]}'")
        if query.counts:
            items = ["count(*) as n"]
        elif query.aggregates:
            items = [f'{sql} as "{alias}"' for alias, sql in query.aggregates.items()]
        joins = " ".join(self.joins.values())
        query.sql = (
            f'select {", ".join(items)} from "{self.name}" t {joins}{condition}{order}{limit}'
        )
        return query

    def _select_list(self) -> list[tuple[str, str, str]]:
        listed = []
        while True:
            word = self._word()
            if self._take("("):
                if word.upper() not in _AGGREGATES:
                    raise malformed(f"unexpected token: '{word}'")
                path = "" if self._peek() == ")" else self._word()
                self._expect(")")
                named = self._peek() not in (",", "FROM", "from", "")
                alias = self._word() if named else f"expr{len(listed)}"
                listed.append((word.upper(), path, alias))
            else:
                listed.append(("", word, ""))
            if not self._take(","):
                return listed

    def _column(self, path: str) -> str:
        parent, point, child = path.partition(".")
        if not point:
            if path not in self.fields or self.fields[path].type == "address":
                raise no_such_column(self.soql, path, self.name)
            return f't."{path}"'
        key = self.fields.get(f"{parent}Id")
        target = key.target if key else ""
        fields = self.visible(target) if target else None
        if fields is None:
            raise no_such_parent(self.soql, parent)
        if child not in fields:
            raise no_such_column(self.soql, child, target)
        self.joins.setdefault(
            parent, f'left join "{target}" "{parent}" on "{parent}"."Id" = t."{parent}Id"'
        )
        return f'"{parent}"."{child}"'

    def _where(self) -> str:
        conditions = [f"({self._any()})"] if self._take("WHERE") else []
        if not self.all_rows:
            for flag in ("IsDeleted", "IsArchived"):
                if flag in self.fields:
                    conditions.append(f'not coalesce(t."{flag}", false)')
        return f" where {' and '.join(conditions)}" if conditions else ""

    def _any(self) -> str:
        parts = [self._all()]
        while self._take("OR"):
            parts.append(self._all())
        return " or ".join(parts)

    def _all(self) -> str:
        parts = [self._one()]
        while self._take("AND"):
            parts.append(self._one())
        return " and ".join(parts)

    def _one(self) -> str:
        if self._take("("):
            inside = self._any()
            self._expect(")")
            return f"({inside})"
        if self._take("NOT"):
            return f"not ({self._one()})"
        column = self._column(self._word())
        if self._take("IN"):
            return f"{column} in ({self._list()})"
        if self._take("LIKE"):
            return f"{column} ilike {self._value()}"
        sign = self._next("sign")
        value = self._value()
        if value == "null":
            return f"{column} is {'' if sign == '=' else 'not '}null"
        return f"{column} {sign} {value}"

    def _list(self) -> str:
        self._expect("(")
        values = [self._value()]
        while self._take(","):
            values.append(self._value())
        self._expect(")")
        return ", ".join(values)

    def _value(self) -> str:
        if self.at >= len(self.tokens):
            raise malformed("unexpected token: '<EOF>'")
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "text":
            return "'" + re.sub(r"\\(.)", r"\1", text[1:-1]).replace("'", "''") + "'"
        if kind == "stamp":
            return f"cast(cast('{text}' as timestamptz) at time zone 'UTC' as timestamp)"
        if kind == "day":
            return f"date '{text}'"
        if kind == "number" or text.lower() in ("true", "false", "null"):
            return text.lower()
        raise malformed(f"unexpected token: '{text}'")

    def _order(self) -> str:
        if not self._take("ORDER"):
            return ""
        self._expect("BY")
        items = []
        while True:
            column = self._column(self._word())
            way = "desc" if self._take("DESC") else "asc"
            self._take("ASC")
            items.append(f"{column} {way} nulls first")
            if not self._take(","):
                return f" order by {', '.join(items)}"

    def _tokens(self) -> list[tuple[str, str]]:
        tokens, at = [], 0
        text = self.soql.rstrip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise malformed(f"unexpected token: '{text[at:].strip()[:1]}'")
            tokens.append((str(found.lastgroup), found[str(found.lastgroup)]))
            at = found.end()
        return tokens

    def _peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def _take(self, word: str) -> bool:
        if self._peek().upper() == word:
            self.at += 1
            return True
        return False

    def _expect(self, word: str) -> None:
        if not self._take(word):
            raise malformed(f"unexpected token: '{self._peek() or '<EOF>'}'")

    def _next(self, kind: str) -> str:
        if self.at >= len(self.tokens) or self.tokens[self.at][0] != kind:
            raise malformed(f"unexpected token: '{self._peek() or '<EOF>'}'")
        self.at += 1
        return self.tokens[self.at - 1][1]

    def _word(self) -> str:
        return self._next("word")

    def _number(self) -> str:
        return self._next("number")
