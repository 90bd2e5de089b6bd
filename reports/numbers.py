"""Numbers, money and dates as a reader of the language writes them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal

from babel import Locale
from babel.dates import format_date, get_day_names
from babel.lists import format_list
from babel.numbers import (
    format_compact_currency,
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
)

#: Sums from here on are shortened to millions or thousands where they stand in a sentence.
_SHORTENED_FROM = 10_000
_NO_VALUE = "–"
_NO_BREAK = "\u00a0"
_ONE = re.compile(r"\b1\b")


class Numbers:
    """Formats of one language, taken from Unicode's CLDR through Babel.

    Args:
        babel_locale: Locale such as ``fr`` or ``en_GB``.
        first_day: The first of a month; CLDR knows nothing of the French ``1er``.
    """

    def __init__(self, babel_locale: str, first_day: str = "1") -> None:
        self._locale = Locale.parse(babel_locale)
        self._first_day = first_day

    def is_one(self, count: int) -> bool:
        """Whether a count takes the singular; zero does in French, not in English."""
        return bool(self._locale.plural_form(count) == "one")

    def integer(self, value: int) -> str:
        """``1 234 567``."""
        return str(format_decimal(value, locale=self._locale))

    def decimal(self, value: float | Decimal, digits: int = 1) -> str:
        """A number with at most ``digits`` decimals."""
        pattern = "#,##0." + "#" * digits
        return str(format_decimal(value, format=pattern, locale=self._locale))

    def percent(self, share: float | None) -> str:
        """``41 %``; one decimal below 10 %, so that small rates stay apart.

        A share that is not zero never shows as 0 %, nor one short of all as 100 %.
        """
        if share is None:
            return _NO_VALUE
        if 0 < share < 0.001:
            return f"<{_NO_BREAK}{self._percent(0.001, 1)}"
        if 0.99 < share < 1:
            return self._percent(min(share, 0.999), 1)
        return self._percent(share, 1 if 0 < share < 0.0995 else 0)

    def percent_range(self, low: float, high: float) -> str:
        """``35–47 %``, the unit once; ``0 %`` where both ends are the same."""
        unit = self._percent(0, 0).replace("0", "")
        digits = 1 if high < 0.0995 else 0
        ends = [self._digits(100 * end, digits if end >= 0.0005 else 0) for end in (low, high)]
        return "–".join(dict.fromkeys(ends)) + unit

    def money(self, amount: str | Decimal | None, currency: str | None) -> str:
        """A sum to the unit, ``1 234 568 €``; without a sign when the currency is unknown."""
        value = as_decimal(amount)
        if value is None:
            return _NO_VALUE
        if currency is None:
            return str(format_decimal(value, format="#,##0", locale=self._locale))
        pattern = self._locale.currency_formats["standard"].pattern.replace(".00", "")
        return str(
            format_currency(
                value, currency, format=pattern, locale=self._locale, currency_digits=False
            )
        )

    def money_short(self, amount: str | Decimal | None, currency: str | None) -> str:
        """A sum for a headline, ``3,2 M €``; small ones as :meth:`money` writes them.

        Nothing and zero are both a dash: neither asks for anything.
        """
        value = as_decimal(amount)
        if not value:
            return _NO_VALUE
        if abs(value) < _SHORTENED_FROM:
            return self.money(amount, currency)
        digits = 0 if _leading_digits(value) == 3 else 1
        if currency is None:
            return str(format_compact_decimal(value, locale=self._locale, fraction_digits=digits))
        return str(
            format_compact_currency(value, currency, locale=self._locale, fraction_digits=digits)
        )

    def day(self, day: date) -> str:
        """``30 novembre 2026``."""
        return self._dated(day, "long")

    def short_day(self, day: date) -> str:
        """``30 nov. 2026``, on one line."""
        return self._dated(day, "medium").replace(" ", _NO_BREAK)

    def _dated(self, day: date, length: Literal["medium", "long"]) -> str:
        text = str(format_date(day, length, locale=self._locale))
        return _ONE.sub(self._first_day, text, count=1) if day.day == 1 else text

    def month(self, day: date) -> str:
        """``nov. 26``, for an axis."""
        return str(format_date(day, "MMM yy", locale=self._locale)).replace(" ", _NO_BREAK)

    def full_month(self, day: date) -> str:
        """``novembre 2026``."""
        return str(format_date(day, "MMMM y", locale=self._locale))

    def weekday(self, number: int, width: Literal["wide", "abbreviated"] = "wide") -> str:
        """Name of a day of the week; 1 is Monday."""
        return str(get_day_names(width, locale=self._locale)[number - 1])

    def listed(self, parts: list[str], style: Literal["standard", "or"] = "standard") -> str:
        """``a, b and c``, or with "or"."""
        return str(format_list(parts, style=style, locale=self._locale)) if parts else ""

    def _percent(self, share: float, digits: int) -> str:
        pattern = self._locale.percent_formats[None].pattern
        pattern = pattern.replace("0", "0." + "#" * digits) if digits else pattern
        return str(format_percent(share, format=pattern, locale=self._locale))

    def _digits(self, value: float, digits: int) -> str:
        return str(format_decimal(value, format="#,##0" + ".0" * digits, locale=self._locale))


def as_decimal(amount: object) -> Decimal | None:
    """Return a decimal string of a result as a number, None where it is no finite number."""
    if amount is None or isinstance(amount, bool):
        return None
    try:
        value = Decimal(str(amount))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _leading_digits(value: Decimal) -> int:
    whole = len(str(int(abs(value))))
    return (whole - 1) % 3 + 1
