"""A large Salesforce-like export with ordinary defects, made by the engine from row numbers.

Nothing is random: every value is a hash of its row number, so two machines measure the same
bytes.
"""

from __future__ import annotations

from pathlib import Path
from string import Template

DEALS, CONTACTS, ACCOUNTS, OWNERS = 1_000_000, 200_000, 150_000, 80
AS_OF = "2026-10-30"

# `pick(n, salt)` is uniform on 0..n-1 for the row i.
_PICK = "create macro pick(i, n, salt) as (hash(i * 31 + salt) % n)::bigint"


def write_export(folder: Path, scale: int = 1) -> None:
    """Write the export once; a folder that holds it already is left as it is.

    Args:
        folder: Where the CSV files go.
        scale: Factor on the numbers of deals, contacts and accounts.
    """
    if (folder / "User.csv").exists():
        return
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    counts = {
        "deals": DEALS * scale,
        "contacts": CONTACTS * scale,
        "accounts": ACCOUNTS * scale,
        "owners": OWNERS,
    }
    engine = duckdb.connect()
    engine.execute(_PICK)
    for file in sorted((Path(__file__).parent / "queries").glob("*.sql")):
        query = Template(file.read_text("utf-8")).substitute(counts)
        target = folder / f"{file.stem}.csv"
        engine.execute(f"copy ({query}) to '{target}' (header, force_quote *)")
