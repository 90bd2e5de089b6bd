"""Money touched and at risk: the open deals that defects sit on, each counted once."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from checks.context import Context
from checks.events.relations import relation, unseen
from checks.lists.list_sources import columns_of
from checks.measuring import Measured
from connectors.engines.duckdb import identifier


class MoneyTouched(NamedTuple):
    """Money of distinct open deals hit.

    Attributes:
        touched: Sum of their amounts; None when the open deals are in several currencies.
        deals: How many they are.
        without_amount: How many of them have no amount, and so add nothing.
        top5_share: Share of ``touched`` held by the five largest; None without money.
        at_risk: ``touched`` with every deal weighed by its chance of being won, learned from
            the stages that closed deals went through; None where no history tells.
    """

    touched: Decimal | None
    deals: int
    without_amount: int
    top5_share: float | None
    at_risk: Decimal | None = None


class OpenDeals:
    """The amounts of the open deals, read once; amounts without a currency are in the profile's.

    Args:
        context: The audit.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        chance = "cast(null as decimal(7, 6))"
        joined = ""
        if unseen(context, "win_chances") is None:
            joined = f" left join {relation(context, 'win_chances')} using (row_no)"
            chance = "chance"
        context.snapshot.run(
            "create or replace temp table open_deals as "
            f"select row_no, amount, {chance} as chance, upper(filled(currency)) as currency "
            f"from deals{joined} where is_live and state = 'open'"
        )
        rows = context.snapshot.rows(
            "select distinct coalesce(currency, ?) as named from open_deals "
            "where amount is not null order by named",
            [context.profile.currency],
        )
        self._currencies = [name for (name,) in rows if name is not None]

    @property
    def currency(self) -> str | None:
        """The currency of the open deals, or None when none is named, or several are."""
        return self._currencies[0] if len(self._currencies) == 1 else None

    def total(self) -> Decimal | None:
        """Return the sum over all open deals; None when they are in several currencies."""
        if len(self._currencies) > 1:
            return None
        total = self._context.snapshot.engine.value(
            "select coalesce(sum(amount), 0) from open_deals"
        )
        return Decimal(total)

    def touched(self, measured: Measured, check_ids: Iterable[str]) -> MoneyTouched:
        """Return the money of the distinct open deals hit by any of these checks.

        Only checks on deals touch money: the deals of an account or contact that was hit are
        not defective for that.

        Args:
            measured: What the checks found.
            check_ids: Checks to take together.
        """
        hits = [
            f"select row_no from {identifier(relation)}{self._counted(relation)}"
            for check_id in check_ids
            if measured.tables[check_id] == "deals"
            and (relation := measured.measurements[check_id].hits) is not None
        ]
        if not hits:
            return MoneyTouched(Decimal(0), 0, 0, None)
        ((touched, deals, without_amount, top5, at_risk),) = self._context.snapshot.rows(
            "with hit as (select row_no, amount, chance from open_deals "
            f"where row_no in ({' union all '.join(hits)})) "
            "select coalesce(sum(amount), 0), count(*), count(*) - count(amount), "
            "(select sum(amount) from "
            "(select amount from hit order by amount desc nulls last limit 5)), "
            "round(sum(amount * chance), 2) from hit"
        )
        if len(self._currencies) > 1:
            return MoneyTouched(None, deals, without_amount, None)
        share = float(top5 / touched) if touched > 0 else None
        return MoneyTouched(Decimal(touched), deals, without_amount, share, at_risk)

    def _counted(self, relation: str) -> str:
        """Return the condition that leaves out hits which are listed and no defect."""
        return " where counted" if "counted" in columns_of(self._context, relation) else ""
