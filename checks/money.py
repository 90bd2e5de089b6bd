"""Money touched: the open deals that defects sit on, each counted once."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from checks.context import Context
from checks.measuring import Measured


class MoneyTouched(NamedTuple):
    """Money of distinct open deals hit.

    Attributes:
        touched: Sum of their amounts; None when the export holds several currencies.
        deals: How many they are.
        without_amount: How many of them have no amount.
        top5_share: Share of ``touched`` held by the five largest; None without money.
    """

    touched: Decimal | None
    deals: int
    without_amount: int
    top5_share: float | None


def currency(context: Context) -> str | None:
    """Return the one currency of the open deals, or None when there is none or several."""
    raise NotImplementedError


def open_total(context: Context) -> Decimal | None:
    """Return the sum over all open deals; None when they are in several currencies."""
    raise NotImplementedError


def money_touched(context: Context, measured: Measured, check_ids: Iterable[str]) -> MoneyTouched:
    """Return the money of the distinct open deals hit by any of these checks on deals."""
    raise NotImplementedError
