"""Addresses of records on the org's own host."""

from __future__ import annotations

from urllib.parse import urlsplit

from connectors.salesforce.objects import known_objects

#: First letters of the ids of the objects that one table is made of.
_PREFIXES = {"00T": "Task", "00U": "Event", "002": "Note", "02s": "EmailMessage"}
_BY_TABLE = {
    "deals": "Opportunity",
    "accounts": "Account",
    "contacts": "Contact",
    "leads": "Lead",
    "users": "User",
}


def record_url(host: str, table: str, record_id: str) -> str | None:
    """Return the address of a record.

    Args:
        host: Origin of the org, for example ``https://acme.my.salesforce.com``.
        table: Canonical table.
        record_id: Its id.
    """
    name = _PREFIXES.get(record_id[:3]) if table == "activities" else _BY_TABLE.get(table)
    if name is None or not record_id.isalnum() or not any(o.name == name for o in known_objects()):
        return None
    parts = urlsplit(host)
    netloc = parts.netloc.replace(".my.salesforce.com", ".lightning.force.com")
    return f"{parts.scheme}://{netloc}/lightning/r/{name}/{record_id}/view"
