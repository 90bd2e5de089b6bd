"""SOQL as far as it is sent: parsed for real, checked against what the user may see, made SQL.

``SELECT fields | COUNT() | COUNT(f) a, MIN(f) a FROM Object [WHERE ...] [GROUP BY ... [HAVING ...]]
[ORDER BY ... [NULLS FIRST | LAST]] [LIMIT n]``; ``IN`` and ``NOT IN`` take a query within.
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
from tests.fakes.salesforce.schema import BY_ID_ONLY, FakeField

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*')|(?P<stamp>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d))"
    r"|(?P<day>\d{4}-\d\d-\d\d)|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>[A-Za-z_][\w.]*)"
    r"|(?P<sign><=|>=|!=|<>|[(),=<>]))"
)
_AGGREGATES = ("COUNT", "MIN", "MAX", "AVG", "SUM")
#: Functions of a date that group, in the engine's words; Sunday is 1.
_PARTS = {
    "DAY_ONLY": "cast({} as date)",
    "DAY_IN_WEEK": "dayofweek({}) + 1",
    "HOUR_IN_DAY": "hour({})",
    "CALENDAR_MONTH": "month({})",
    "CALENDAR_YEAR": "year({})",
}
#: Types that no query may filter or group by, and objects that no query within may be of.
_UNFILTERED = ("textarea", "anyvalue", "base64")
_NOT_WITHIN = ("Task", "Event", "Note")

#: Object to the fields that the user may see; None for an object that is not visible.
Visible = Callable[[str], dict[str, FakeField] | None]


@dataclass
class Query:
    """A query that was understood.

    Attributes:
        name: Object.
        paths: Fields as written, in order; empty for aggregates.
        aggregates: Alias to SQL, what is grouped by among them; ``COUNT()`` alone has none.
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
        grouped = any(function in _AGGREGATES and path for function, path, _ in listed)
        for function, path, alias in listed:
            if function == "COUNT" and not path:
                query.counts = True
            elif function or grouped:
                query.aggregates[alias or path] = self._called(function, path)
            else:
                query.paths.append(path)
                items.append(f'{self._column(path)} as "{path}"')
        where = self._where()
        needed = BY_ID_ONLY.get(self.name)
        if needed and not re.search(rf'"({"|".join(needed)})" (=|in) ', where):
            raise malformed(
                f"Implementation restriction: {self.name} requires a filter by a single Id on"
                f" {' or '.join(needed)} using the equals operator or multiple Id's using the IN"
                " operator."
            )
        condition = where + self._group(listed, grouped=grouped)
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
                if word.upper() not in (*_AGGREGATES, *_PARTS):
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

    def _column(self, path: str, *, filtered: bool = False) -> str:
        if filtered and path in self.fields and self.fields[path].type in _UNFILTERED:
            raise malformed(f"field '{path}' can not be filtered in a query call")
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

    def _called(self, function: str, path: str) -> str:
        column = self._column(path, filtered=function in _PARTS)
        if function in _PARTS:
            return _PARTS[function].format(column)
        return f"{function}({column})" if function else column

    def _group(self, listed: list[tuple[str, str, str]], *, grouped: bool) -> str:
        if not self._take("GROUP"):
            return ""
        self._expect("BY")
        keys = [self._operand()]
        while self._take(","):
            keys.append(self._operand())
        for function, path, _ in listed:
            if function not in _AGGREGATES and self._called(function, path) not in keys:
                raise malformed(f"Field must be grouped or aggregated: {path}")
        if not grouped:
            raise malformed("Grouped query must aggregate")
        having = f" having {self._any()}" if self._take("HAVING") else ""
        return f" group by {', '.join(keys)}{having}"

    def _operand(self) -> str:
        """Return a field, or a function of one, as it may be compared, grouped or ordered by."""
        word = self._word()
        if not self._take("("):
            return self._column(word, filtered=True)
        if word.upper() not in (*_AGGREGATES, *_PARTS):
            raise malformed(f"unexpected token: '{word}'")
        called = self._called(word.upper(), self._word())
        self._expect(")")
        return called

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
        column = self._operand()
        if self._take("NOT"):
            self._expect("IN")
            # An empty key within matches nothing, where the engine would let it match everything.
            return f"not coalesce({column} in ({self._list()}), false)"
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
        if self._peek().upper() == "SELECT":
            return self._within()
        values = [self._value()]
        while self._take(","):
            values.append(self._value())
        self._expect(")")
        return ", ".join(values)

    def _within(self) -> str:
        """Parse a query within, up to its bracket."""
        inner = _Parser("", self.visible, self.all_rows)
        inner.soql, inner.tokens, inner.at = self.soql, self.tokens[:], self.at
        depth, end = 1, self.at
        while depth and end < len(inner.tokens):
            depth += {"(": 1, ")": -1}.get(inner.tokens[end][1], 0)
            end += 1
        inner.tokens = inner.tokens[: end - 1]
        query = inner.query()
        if query.name in _NOT_WITHIN or query.name == self.name or len(query.paths) != 1:
            raise malformed("The inner select must give one field of another object")
        self.at = end
        return query.sql

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
            column = self._operand()
            way = "desc" if self._take("DESC") else "asc"
            self._take("ASC")
            last = self._take("NULLS") and not self._take("FIRST") and self._take("LAST")
            items.append(f"{column} {way} nulls {'last' if last else 'first'}")
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
