"""Where a record can be opened in its CRM: addresses on the CRM's own host, and on no other."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from connectors.engines.duckdb import literal

_HOSTS = {
    "salesforce": re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.(salesforce|force)\.com"),
    "hubspot": re.compile(r"app(-[a-z0-9]+)?\.hubspot\.com"),
}
#: Objects of Salesforce by the first three characters of an id.
_SALESFORCE = {
    "001": "Account",
    "003": "Contact",
    "006": "Opportunity",
    "00Q": "Lead",
    "00T": "Task",
    "00U": "Event",
    "002": "Note",
    "02s": "EmailMessage",
    "00O": "Report",
    "01Z": "Dashboard",
    "005": "User",
}
_SALESFORCE_ID = "[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?"
#: Types of HubSpot's objects by canonical table.
_HUBSPOT = {"contacts": "0-1", "accounts": "0-2", "deals": "0-3", "leads": "0-136"}
_HUBSPOT_ID = "[0-9]{1,20}"
_PORTAL = re.compile(r"/contacts/[0-9]{1,12}")


class RecordLinks:
    """Addresses of the records of one CRM.

    Args:
        base: Address of the CRM, as :func:`crm_address` returns it.
    """

    def __init__(self, base: str) -> None:
        self._base = base
        self._is_hubspot = bool(_HOSTS["hubspot"].fullmatch(urlsplit(base).hostname or ""))

    def address(self, table: str, record_id: str) -> str | None:
        """Return the address of a record; None for an id or a table that has none."""
        if self._is_hubspot:
            kind = _HUBSPOT.get(table)
            if kind is None or not re.fullmatch(_HUBSPOT_ID, record_id):
                return None
            return f"{self._base}/record/{kind}/{record_id}"
        kind = _SALESFORCE.get(record_id[:3])
        if kind is None or not re.fullmatch(_SALESFORCE_ID, record_id):
            return None
        return f"{self._base}/lightning/r/{kind}/{record_id}/view"

    def sql(self, table: str, column: str) -> str:
        """Return the same as an expression of the engine.

        Args:
            table: An expression that gives the canonical table of the record.
            column: An expression that gives its id.
        """
        base = literal(self._base)
        if self._is_hubspot:
            kinds = " ".join(
                f"when {literal(name)} then {literal(f'/record/{kind}/')}"
                for name, kind in _HUBSPOT.items()
            )
            found = f"{base} || (case {table} {kinds} end) || {column}"
            return f"case when regexp_full_match({column}, '{_HUBSPOT_ID}') then {found} end"
        kinds = " ".join(
            f"when {literal(start)} then {literal(f'/lightning/r/{kind}/')}"
            for start, kind in _SALESFORCE.items()
        )
        found = f"{base} || (case left({column}, 3) {kinds} end) || {column} || '/view'"
        return f"case when regexp_full_match({column}, '{_SALESFORCE_ID}') then {found} end"


def record_url(base: str, table: str, record_id: str) -> str | None:
    """Return the address of a record of the CRM at ``base``; None where either has none."""
    address = crm_address(base)
    return RecordLinks(address).address(table, record_id) if address else None


def crm_address(text: str) -> str | None:
    """Return the address of a CRM that records can be opened in, None for any other text.

    Salesforce: ``https://acme.lightning.force.com``. HubSpot, with the number of the portal:
    ``https://app.hubspot.com/contacts/1234567``.
    """
    try:
        parts = urlsplit(text.strip().rstrip("/"))
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if parts.scheme != "https" or port or parts.username or parts.query or parts.fragment:
        return None
    if _HOSTS["hubspot"].fullmatch(host):
        return f"https://{host}{parts.path}" if _PORTAL.fullmatch(parts.path) else None
    if _HOSTS["salesforce"].fullmatch(host) and parts.path in ("", "/lightning"):
        return f"https://{host.replace('.my.salesforce.com', '.lightning.force.com')}"
    return None
