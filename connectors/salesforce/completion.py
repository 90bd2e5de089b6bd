"""What objects without a table of their own tell of the records of others.

A frozen user may not log in; an amount in another currency than the org's own is converted at the
org's rates; a file lies at every record that it was shared with.
"""

from __future__ import annotations

from collections.abc import Mapping

from connectors.engines.duckdb import Engine
from connectors.snapshot import Note

_MONEY = {"Opportunity": "Id", "OpportunityHistory": "OpportunityId",
          "OpportunityFieldHistory": "OpportunityId"}  # fmt: skip


class Completion:
    """Completes tables of text, one after the other; opportunities before their histories.

    Args:
        engine: Holds the tables.
        rows: SQL of the records of each object that completes others.
    """

    def __init__(self, engine: Engine, rows: Mapping[str, str]) -> None:
        self._engine, self._rows = engine, rows
        self.notes: list[Note] = []

    def apply(self, name: str, text: str, columns: Mapping[str, str]) -> None:
        """Complete the records of an object.

        Args:
            name: The object.
            text: Its table of text.
            columns: Field to the column that holds it.
        """
        if name == "User" and "UserLogin" in self._rows:
            self._freeze(text, columns)
        elif name == "ContentVersion" and "ContentDocumentLink" in self._rows:
            self._spread(text, columns)
        elif name == "Opportunity" and "CurrencyType" in self._rows:
            self._convert_deals(text, columns)
        elif name in _MONEY and self._has_rates():
            self._convert_history(name, text, columns)

    def _freeze(self, text: str, columns: Mapping[str, str]) -> None:
        if "IsActive" not in columns:
            return
        self._engine.run(
            f"update {text} set {columns['IsActive']} = 'false' where {columns['Id']} in"
            f' (select "UserId" from ({self._rows["UserLogin"]}) where "IsFrozen" = \'true\')'
        )

    def _spread(self, text: str, columns: Mapping[str, str]) -> None:
        """Add a row for each other record that a file lies at, named by the link to it."""
        document, place = columns.get("ContentDocumentId"), columns.get("FirstPublishLocationId")
        if document is None or place is None:
            return
        self._engine.run(
            f'insert into {text} select t.* replace (l."Id" as {columns["Id"]},'
            f' l."LinkedEntityId" as {place}) from {text} as t'
            f' join ({self._rows["ContentDocumentLink"]}) as l on l."ContentDocumentId" ='
            f' t.{document} where l."LinkedEntityId" is distinct from t.{place}'
            ' order by l."Id"'
        )

    def _convert_deals(self, text: str, columns: Mapping[str, str]) -> None:
        amount, currency = columns.get("Amount"), columns.get("CurrencyIsoCode")
        if amount is None or currency is None:
            return
        engine = self._engine
        corporate = engine.rows(
            f'select "IsoCode" from ({self._rows["CurrencyType"]}) where "IsCorporate" = \'true\''
        )
        if not corporate:
            return
        ((own,),) = corporate
        engine.run(
            "create or replace temp table deal_rates as"
            f" select d.{columns['Id']} as id, d.{currency} as currency,"
            f" try_cast({self._rate(columns)} as double) as rate from {text} as d"
            f' left join ({self._rows["CurrencyType"]}) as c on c."IsoCode" = d.{currency}'
            f" where d.{currency} <> ? and d.{amount} is not null",
            [own],
        )
        engine.run("delete from deal_rates where rate is null or rate <= 0")
        deals, currencies = engine.rows(
            "select count(*), coalesce(string_agg(distinct currency, ', ' order by currency), '')"
            " from deal_rates"
        )[0]
        if not deals:
            return
        engine.run(
            f"update {text} as t set {amount} = {_converted(f't.{amount}')}, {currency} = ?"
            f" from deal_rates as r where r.id = t.{columns['Id']}",
            [own],
        )
        facts = {"deals": deals, "currencies": currencies, "currency": own}
        self.notes.append(Note("amounts_converted", facts))

    def _rate(self, columns: Mapping[str, str]) -> str:
        """Return SQL of the rate of a deal: that of its close date, where rates have dates."""
        if "DatedConversionRate" not in self._rows or "CloseDate" not in columns:
            return 'c."ConversionRate"'
        day = f"try_cast(d.{columns['CloseDate']} as date)"
        return (
            f'coalesce((select max(r."ConversionRate") from ({self._rows["DatedConversionRate"]})'
            f' as r where r."IsoCode" = d.{columns["CurrencyIsoCode"]}'
            f' and try_cast(r."StartDate" as date) <= {day}'
            f' and coalesce(try_cast(r."NextStartDate" as date) > {day}, true)),'
            ' c."ConversionRate")'
        )

    def _has_rates(self) -> bool:
        return bool(self._engine.rows("from duckdb_tables() where table_name = 'deal_rates'"))

    def _convert_history(self, name: str, text: str, columns: Mapping[str, str]) -> None:
        """Convert what amounts were, at the rate that the deal has now."""
        values = [columns[each] for each in ("Amount", "OldValue", "NewValue") if each in columns]
        where = f" and t.{columns['Field']} = 'Amount'" if "Field" in columns else ""
        for value in values:
            self._engine.run(
                f"update {text} as t set {value} = {_converted(f't.{value}')} from deal_rates as r"
                f" where r.id = t.{columns[_MONEY[name]]}{where}"
                f" and try_cast(t.{value} as double) is not null"
            )


def _converted(value: str) -> str:
    """Return SQL of an amount in the org's own currency: rates tell what one unit of it buys."""
    return f"printf('%.2f', try_cast({value} as double) / r.rate)"
