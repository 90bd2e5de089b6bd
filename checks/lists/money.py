"""Money touched: the open deals that defects sit on, each counted once."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from checks.context import Context
from checks.lists.list_queries import columns_of
from checks.measuring import Measured
from connectors.engines.duckdb import identifier

_OPEN = "is_live and state = 'open'"


class MoneyTouched(NamedTuple):
    """Money of distinct open deals hit.

    Attributes:
        touched: Sum of their amounts; None when the open deals are in several currencies.
        deals: How many they are.
        without_amount: How many of them have no amount, and so add nothing.
        top5_share: Share of ``touched`` held by the five largest; None without money.
    """

    touched: Decimal | None
    deals: int
    without_amount: int
    top5_share: float | None


def currency(context: Context) -> str | None:
    """Return the currency of the open deals, or None when none is named, or several are.

    Amounts without a currency are in that of the profile.
    """
    named = _currencies(context)
    return named[0] if len(named) == 1 else None


def open_total(context: Context) -> Decimal | None:
    """Return the sum over all open deals; None when they are in several currencies."""
    if len(_currencies(context)) > 1:
        return None
    return Decimal(
        context.snapshot.engine.value(f"select coalesce(sum(amount), 0) from deals where {_OPEN}")
    )


def money_touched(context: Context, measured: Measured, check_ids: Iterable[str]) -> MoneyTouched:
    """Return the money of the distinct open deals hit by any of these checks.

    Only checks on deals touch money: the deals of an account or contact that was hit are not
    defective for that.

    Args:
        context: The audit.
        measured: What the checks found.
        check_ids: Checks to take together.
    """
    hits = [
        f"select row_no from {identifier(relation)}{_counted(context, relation)}"
        for check_id in check_ids
        if measured.tables[check_id] == "deals"
        and (relation := measured.measurements[check_id].hits) is not None
    ]
    if not hits:
        return MoneyTouched(Decimal(0), 0, 0, None)
    ((touched, deals, without_amount, top5),) = context.snapshot.rows(
        "with hit as (select row_no, amount from deals "
        f"where {_OPEN} and row_no in ({' union all '.join(hits)})) "
        "select coalesce(sum(amount), 0), count(*), count(*) - count(amount), "
        "(select sum(amount) from "
        "(select amount from hit order by amount desc nulls last limit 5)) from hit"
    )
    if len(_currencies(context)) > 1:
        return MoneyTouched(None, deals, without_amount, None)
    share = float(top5 / touched) if touched > 0 else None
    return MoneyTouched(Decimal(touched), deals, without_amount, share)


def _counted(context: Context, relation: str) -> str:
    """Return the condition that leaves out hits which are listed and no defect."""
    return " where counted" if "counted" in columns_of(context, relation) else ""


def _currencies(context: Context) -> list[str]:
    rows = context.snapshot.rows(
        f"select distinct coalesce(upper(filled(currency)), ?) from deals "
        f"where {_OPEN} and amount is not null order by 1",
        [context.profile.currency],
    )
    return [name for (name,) in rows if name is not None]
