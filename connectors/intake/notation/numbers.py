"""Reading numbers: decimal comma or point, thousands, currency signs, per column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from connectors.engines.duckdb import literal

_BLANKS = " \u00a0\u202f\u2009\u2007"
_SIGNS = {"US$": "USD", "CA$": "CAD", "A$": "AUD", "€": "EUR", "£": "GBP", "¥": "JPY", "$": "USD"}
_CODES = [
    "EUR",
    "USD",
    "GBP",
    "CHF",
    "CAD",
    "AUD",
    "JPY",
    "SEK",
    "NOK",
    "DKK",
    "PLN",
    "CZK",
    "HUF",
    "RON",
    "BRL",
    "MXN",
    "INR",
    "CNY",
    "MAD",
]
_CURRENCY = "|".join([*(re.escape(sign) for sign in _SIGNS), *_CODES])
_NOISE = re.compile(rf"{_CURRENCY}|[%()−’{_BLANKS}]")
_SCALE = re.compile(r"\d[kKmM]$")
#: What stands for something else; all other noise stands for nothing.
_MEANING = {"(": "-", "−": "-", "’": "'"}


@dataclass(frozen=True)
class NumberStyle:
    """How the numbers of one column are written.

    Attributes:
        plain: Digits with at most a decimal point: a cast reads them.
        comma: Whether the comma is the decimal sign.
        scaled: Whether some values end in k or M.
        noise: Currency signs, blanks and the like that occur, the longest first.
        currency: The one currency that the values name, or empty.
    """

    plain: bool = True
    comma: bool = False
    scaled: bool = False
    noise: tuple[str, ...] = ()
    currency: str = ""

    @property
    def name(self) -> str:
        """How the column is written, for the printed mapping."""
        words = ["decimal comma" if self.comma else "decimal point"]
        words += ["per cent"] * self.percent + [self.currency] * bool(self.currency)
        return ", ".join(words)

    @property
    def percent(self) -> bool:
        """Whether some values carry a per cent sign."""
        return "%" in self.noise

    def joined(self, other: NumberStyle) -> NumberStyle:
        """Return a style that also takes away what occurs in values of another one."""
        return NumberStyle(
            plain=False,
            comma=other.comma if self.plain else self.comma,
            scaled=self.scaled or other.scaled,
            noise=_longest_first({*self.noise, *other.noise}),
            currency=self.currency if self.currency == other.currency else "",
        )


def number_style(values: Sequence[str], *, money: bool) -> NumberStyle:
    """Return how a column's values are written.

    Args:
        values: A sample.
        money: Whether a lone group of three digits is more likely thousands than decimals.
    """
    texts = [value.strip() for value in values]
    bare = [_NOISE.sub("", text) for text in texts]
    comma = _decimal_comma(bare, money=money)
    groups = money and any(_grouped(text) for text in bare)
    currencies = {code for text in texts for code in _currencies(text)}
    return NumberStyle(
        plain=not comma and not groups and all(_is_plain(text) for text in texts),
        comma=comma,
        scaled=any(_SCALE.search(text) for text in bare),
        noise=_longest_first({found for text in texts for found in _NOISE.findall(text)}),
        currency=currencies.pop() if len(currencies) == 1 else "",
    )


def looks_like_money(text: str) -> bool:
    """Whether a text is a number with a currency."""
    bare = _NOISE.sub("", text)
    return bool(_currencies(text)) and re.fullmatch(r"[-+]?\d[\d.,']*[kKmM]?", bare) is not None


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
    value = f"try_cast({cell} as {decimal})" if style.plain else _cleaned(cell, style, decimal)
    return f"try_cast({value} as {engine_type})" if engine_type == "BIGINT" else value


def _cleaned(cell: str, style: NumberStyle, decimal: str) -> str:
    """Return the SQL that takes noise and groups away; only well-formed groups are read."""
    bare = cell
    for noise in style.noise:
        bare = f"replace({bare}, {literal(noise)}, {literal(_MEANING.get(noise, ''))})"
    sign, group = (",", "[.']") if style.comma else (".", "[,']")
    number = (
        rf"[-+]?(\d{{1,3}}({group}\d{{3}})+([{sign}]\d*)?|\d+([{sign}]\d*)?|[{sign}]\d+)"
        r"([eE][-+]?\d+)?" + ("[kKmM]?" if style.scaled else "")
    )
    digits = f"replace({bare}, {literal(chr(39))}, '')"
    if style.comma:
        digits = f"replace(replace({digits}, '.', ''), ',', '.')"
    else:
        digits = f"replace({digits}, ',', '')"
    if style.scaled:
        digits = f"regexp_replace({digits}, '[kKmM]$', '')"
    value = f"try_cast({digits} as {decimal})"
    if style.scaled:
        scale = (
            f"case when regexp_matches({bare}, '[kK]$') then 1000"
            f" when regexp_matches({bare}, '[mM]$') then 1000000 else 1 end"
        )
        value = f"try_cast({value} * {scale} as {decimal})"
    return f"case when regexp_full_match({bare}, {literal(number)}) then {value} end"


def _decimal_comma(texts: Iterable[str], *, money: bool) -> bool:
    """Whether the comma is the decimal sign, by the majority of the values that tell."""
    votes = 0
    lone = 0
    for text in texts:
        bare = text.replace("'", "")
        if not re.fullmatch(r"[-+]?[\d.,]+([eE][-+]?\d+)?[kKmM]?", bare):
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
    return re.fullmatch(r"[-+]?[1-9]\d{0,2}[.,]\d{3}", text) is not None


def _is_plain(text: str) -> bool:
    return re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", text) is not None


def _longest_first(noise: set[str]) -> tuple[str, ...]:
    return tuple(sorted(noise, key=lambda found: (-len(found), found)))


def _currencies(text: str) -> set[str]:
    return {_SIGNS.get(sign, sign) for sign in re.findall(_CURRENCY, text)}
