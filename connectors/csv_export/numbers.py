"""Reading numbers: decimal comma or point, thousands, currency signs, per column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from connectors.engines.duckdb import literal

_BLANKS = " \u00a0\u202f\u2009\u2007"
_SIGNS = {"€": "EUR", "£": "GBP", "¥": "JPY", "US$": "USD", "CA$": "CAD", "A$": "AUD", "$": "USD"}
_CODES = "EUR USD GBP CHF CAD AUD JPY SEK NOK DKK PLN CZK HUF RON BRL MXN INR CNY MAD".split()
_CURRENCY = "|".join([*(re.escape(sign) for sign in _SIGNS), *_CODES])
_DROPPED = rf"{_CURRENCY}|[%\s{_BLANKS}]"
#: A number, once currency, blanks and per cent are taken away: digits, at most one scale word.
_BODY = re.compile(r"\(?[-+\u2212]?[\d.,'’]+([eE][-+]?\d+)?\)?[-]?")
_SCALE = re.compile(r"(?i)(?<=\d)\s*(k|m)(?=\W|$|€|eur|usd)")


@dataclass(frozen=True)
class NumberStyle:
    """How the numbers of one column are written.

    Attributes:
        plain: Digits with at most a decimal point: a cast reads them.
        comma: Whether the comma is the decimal sign.
        scaled: Whether some values end in k or M.
        percent: Whether some values carry a per cent sign.
        currency: The one currency that the values name, or empty.
    """

    plain: bool = True
    comma: bool = False
    scaled: bool = False
    percent: bool = False
    currency: str = ""

    @property
    def name(self) -> str:
        """How the column is written, for the printed mapping."""
        words = ["decimal comma" if self.comma else "decimal point"]
        words += ["per cent"] * self.percent + [self.currency] * bool(self.currency)
        return ", ".join(words)


def number_style(values: Sequence[str], *, money: bool) -> NumberStyle:
    """Return how a column's values are written.

    Args:
        values: A sample.
        money: Whether a lone group of three digits is more likely thousands than decimals.
    """
    texts = [value.strip() for value in values]
    comma = _decimal_comma(texts, money=money)
    groups = money and any(_grouped(text) for text in texts)
    plain = not comma and not groups and all(_is_plain(text) for text in texts)
    currencies = {code for text in texts for code in _currencies(text)}
    return NumberStyle(
        plain=plain,
        comma=comma,
        scaled=any(_SCALE.search(text) for text in texts),
        percent=any("%" in text for text in texts),
        currency=currencies.pop() if len(currencies) == 1 else "",
    )


def looks_like_money(text: str) -> bool:
    """Whether a text is a number with a currency."""
    bare = re.sub(rf"{_CURRENCY}|[{_BLANKS}]", "", text)
    return bare != text.strip() and bool(_currencies(text)) and _BODY.fullmatch(bare) is not None


def currency_in(header: str) -> str:
    """Return the currency that a header names, such as ``Montant (EUR)``; else empty."""
    found = re.findall(rf"(?<![A-Za-z])({_CURRENCY})(?![A-Za-z])", header)
    codes = {_SIGNS.get(sign, sign) for sign in found}
    return codes.pop() if len(codes) == 1 else ""


def number_expression(cell: str, style: NumberStyle, engine_type: str) -> str:
    """Return the SQL that reads a cell as a number; NULL where it does not parse.

    Args:
        cell: SQL of the text.
        style: How the column is written.
        engine_type: Type to read it as; whole numbers are rounded.
    """
    decimal = "decimal(18, 6)" if engine_type == "BIGINT" else engine_type
    if style.plain:
        value = f"try_cast({cell} as {decimal})"
    else:
        bare = f"regexp_replace({cell}, {literal(_DROPPED)}, '', 'g')"
        bare = f"replace(replace({bare}, '−', '-'), '’', '''')"
        bare = f"regexp_replace({bare}, '^\\((.*)\\)$', '-\\1')"
        sign = "," if style.comma else "."
        group = "[.']" if style.comma else "[,']"
        number = (
            rf"[-+]?(\d{{1,3}}({group}\d{{3}})+|\d*)([{sign}]\d*)?([eE][-+]?\d+)?[kKmM]?"
        )
        digits = f"replace(regexp_replace({bare}, {literal(group)}, '', 'g'), ',', '.')"
        value = f"try_cast(regexp_replace({digits}, '[kKmM]$', '') as {decimal})"
        if style.scaled:
            value += (
                f" * case when regexp_matches({bare}, '[kK]$') then 1000"
                f" when regexp_matches({bare}, '[mM]$') then 1000000 else 1 end"
            )
        value = f"case when regexp_full_match({bare}, {literal(number)}) then {value} end"
    return f"try_cast({value} as {engine_type})"


def _decimal_comma(texts: Iterable[str], *, money: bool) -> bool:
    """Whether the comma is the decimal sign, by the majority of the values that tell."""
    votes = 0
    lone = 0
    for text in texts:
        bare = re.sub(rf"{_CURRENCY}|[%'’()\s{_BLANKS}]", "", text)
        if not re.fullmatch(r"[-+−]?[\d.,]+([eE][-+]?\d+)?", bare):
            continue
        dots, commas = bare.count("."), bare.count(",")
        if dots and commas:
            votes += 1 if bare.rindex(",") > bare.rindex(".") else -1
        elif dots > 1 or commas > 1:
            votes += 1 if dots > 1 else -1
        elif _grouped(bare):
            lone += 1 if dots else -1
        elif dots or commas:
            votes += 1 if commas else -1
    if votes:
        return votes > 0
    # Only groups of three after a lone sign: thousands in money, decimals elsewhere.
    return lone > 0 if money else lone < 0


def _grouped(text: str) -> bool:
    """Whether a lone separator stands before exactly three digits: thousands, or decimals."""
    return re.fullmatch(r"[^\d]*[1-9]\d{0,2}[.,]\d{3}[^\d]*", text) is not None


def _is_plain(text: str) -> bool:
    return re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", text) is not None


def _currencies(text: str) -> set[str]:
    return {_SIGNS.get(sign, sign) for sign in re.findall(_CURRENCY, text)}
