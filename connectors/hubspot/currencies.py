"""Amounts of deals in the portal's own currency, as HubSpot itself calculates them.

A deal keeps its amount in its own currency, and beside it what that is worth in the currency of the
company. What an amount was is converted at the rate that the deal has now, so that a change of the
rate is never taken for a change of the deal.
"""

from __future__ import annotations

from collections.abc import Mapping

from connectors.engines.duckdb import Engine, literal
from connectors.snapshot import Note

#: Properties of a deal: its amount, what it is worth to the company, and the currency of the first.
AMOUNT, WORTH, CURRENCY = "amount", "amount_in_home_currency", "deal_currency_code"


class Currencies:
    """Converts the amounts of one portal.

    Args:
        engine: Holds the records.
        own: Currency of the company; empty where the portal does not tell.
    """

    def __init__(self, engine: Engine, own: str) -> None:
        self._engine, self._own = engine, own
        self._has_rates = False
        self.notes: list[Note] = []

    def convert(self, text: str, columns: Mapping[str, str]) -> None:
        """Convert the amounts of deals, and remember their rates for what became of them.

        A deal without an amount has the rate that others of its currency have, in the middle.

        Args:
            text: Table of text of the deals.
            columns: Property to the column that holds it.
        """
        if not self._own or not {AMOUNT, WORTH, CURRENCY} <= columns.keys():
            return
        amount, worth, currency = columns[AMOUNT], columns[WORTH], columns[CURRENCY]
        self._engine.run(
            "create or replace temp table deal_rates as"
            " select id, currency, case when amount is null then median(rate)"
            " over (partition by currency) else rate end as rate from ("
            f"select {columns['id']} as id, {currency} as currency,"
            f" try_cast({amount} as double) as amount,"
            f" try_cast({worth} as double) / nullif(amount, 0) as rate from {text})"
            " where currency <> ?",
            [self._own],
        )
        self._engine.run("delete from deal_rates where rate is null or rate <= 0")
        deals, currencies = self._engine.rows(
            "select count(*), coalesce(string_agg(distinct currency, ', ' order by currency), '')"
            " from deal_rates"
        )[0]
        self._has_rates = bool(deals)
        if deals:
            self._engine.run(
                f"update {text} set {amount} = {worth}, {currency} = ?"
                f" where {columns['id']} in (select id from deal_rates)",
                [self._own],
            )
            facts = {"deals": deals, "currencies": currencies, "currency": self._own}
            self.notes.append(Note("amounts_converted", facts))

    @property
    def changed(self) -> str:
        """The SQL of what the property ``name`` of the deal ``record_id`` was."""
        if not self._has_rates:
            return "v.value"
        return (
            f"case when name = {literal(AMOUNT)} then coalesce((select printf('%.2f',"
            " try_cast(v.value as double) * r.rate) from deal_rates as r where r.id = record_id),"
            " v.value) else v.value end"
        )
