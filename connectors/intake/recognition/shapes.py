"""What values look like, for columns whose header says nothing.

Only shapes that leave little doubt: mail addresses, Salesforce ids, amounts with a currency
sign, and the only date of a file of deals. The confidence stays low, and the mapping that is
printed says that values decided.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from connectors.intake.notation.dates import looks_like_date
from connectors.intake.notation.numbers import looks_like_money
from connectors.intake.raw_table import RawTable
from connectors.intake.recognition.claims import Claim
from connectors.model import TABLES

_MAIL = re.compile(r"[^@\s;,]+@[^@\s;,]+\.\w{2,}")
_SALESFORCE_ID = re.compile(r"00[1356Q][A-Za-z0-9]{12}([A-Z0-5]{3})?")
_ID_PREFIXES = {
    "001": "accounts",
    "003": "contacts",
    "005": "users",
    "006": "deals",
    "00Q": "leads",
}
_ENOUGH = 3
_SEEN = 200
_MOST = 0.8


def claims_by_values(
    raw: RawTable,
    rows: Sequence[Sequence[str | None]],
    table: str,
    claims: Mapping[str, Claim],
) -> dict[str, Claim]:
    """Return claims for fields that no header fills but the values of a column do.

    Args:
        raw: The table.
        rows: A few hundred of its rows.
        table: Canonical table that it holds.
        claims: Fields that are claimed already.
    """
    taken = {each.column for each in claims.values()}
    found: dict[str, Claim] = {}
    lone_dates = []
    for column, header in enumerate(raw.headers):
        values = [row[column] for row in rows if row[column]]
        if column in taken or len(values) < _ENOUGH:
            continue
        texts = [str(value).strip() for value in values[:_SEEN]]
        field, confidence = _field(texts, table)
        if field and field not in claims and field not in found:
            found[field] = Claim(field, column, header, "values", confidence)
        elif table == "deals" and not field and _share(texts, looks_like_date) >= _MOST:
            lone_dates.append(column)
    dated = {"close_date", "closed_at", "created_at", "modified_at"} & set(claims)
    if table == "deals" and not dated and len(lone_dates) == 1:
        column = lone_dates[0]
        found["close_date"] = Claim("close_date", column, raw.headers[column], "values", 0.4)
    return found


def _field(texts: list[str], table: str) -> tuple[str | None, float]:
    if "email" in TABLES[table] and _share(texts, _is_mail) >= _MOST:
        return "email", 0.6
    if _share(texts, _is_salesforce_id) >= _MOST:
        return _key(texts, table), 0.6
    if table == "deals" and _share(texts, looks_like_money) >= _MOST:
        return "amount", 0.5
    return None, 0.0


def _key(texts: list[str], table: str) -> str | None:
    """Return the key that ids with one prefix belong to; None when several fit."""
    prefixes = {text[:3] for text in texts}
    target = _ID_PREFIXES.get(min(prefixes)) if len(prefixes) == 1 else None
    if target == table:
        return "id"
    keys = {"accounts": "account_id", "contacts": "contact_id", "users": "owner_id"}
    keys |= {"deals": "deal_id", "leads": "lead_id"}
    key = keys.get(target or "")
    return key if key and key in TABLES[table] else None


def _share(texts: list[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, texts)) / len(texts)


def _is_mail(text: str) -> bool:
    return _MAIL.fullmatch(text) is not None


def _is_salesforce_id(text: str) -> bool:
    return _SALESFORCE_ID.fullmatch(text) is not None
