"""Amounts of deals in the portal's own currency, as HubSpot itself calculates them.

A deal keeps its amount in its own currency, and beside it what that is worth in the currency of the
company. What an amount was is converted at the rate that the deal has now, so that a change of the
rate is never taken for a change of the deal.
"""

from __future__ import annotations

from collections.abc import Collection

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

    def look_up(self, records: str, properties: Collection[str]) -> None:
        """Create the relation of the rates of deals in other currencies.

        A deal without an amount has the rate that others of its currency have, in the middle.

        Args:
            records: SQL of the deals, with ``id`` and ``properties``.
            properties: Those that were asked for.
        """
        if not self._own or not {AMOUNT, WORTH, CURRENCY} <= set(properties):
            return
        self._engine.run(
            "create or replace temp table deal_rates as"
            " select id, currency, case when amount is null then median(rate)"
            " over (partition by currency) else rate end as rate from ("
            f"select id, properties.{CURRENCY} as currency,"
            f" try_cast(properties.{AMOUNT} as double) as amount,"
            f" try_cast(properties.{WORTH} as double) / nullif(amount, 0) as rate from {records})"
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
            facts = {"deals": deals, "currencies": currencies, "currency": self._own}
            self.notes.append(Note("amounts_converted", facts))

    @property
    def cells(self) -> dict[str, str]:
        """The SQL of those properties of a deal that are converted."""
        if not self._has_rates:
            return {}
        converted = {AMOUNT: f"properties.{WORTH}", CURRENCY: literal(self._own)}
        return {
            name: f"case when id in (select id from deal_rates) then {value}"
            f" else properties.{name} end"
            for name, value in converted.items()
        }

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
