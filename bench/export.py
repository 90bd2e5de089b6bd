"""Large Salesforce-like exports with ordinary defects, made by the engine from row numbers.

Nothing is random: every value is a hash of its row number, so two machines measure the same
bytes.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from string import Template

AS_OF = "2026-10-30"
NEXT_AS_OF = "2026-11-30"

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Size:
    """How many records an export holds; without tasks and changes it has no such files.

    Attributes:
        flawed: Of a hundred records, on how many something may be amiss.
    """

    deals: int = 1_000_000
    contacts: int = 200_000
    accounts: int = 150_000
    owners: int = 80
    tasks_a_deal: int = 0
    changes_a_deal: int = 0
    flawed: int = 100


#: An export of records alone, one with fewer flaws, one whose CRM tracks stages itself, and one of
#: all that happened in a CRM.
RECORDS = Size()
SOUNDER = Size(flawed=23)
TRACKED = Size(flawed=27, changes_a_deal=1)
WORLD = Size(owners=200, tasks_a_deal=5, changes_a_deal=3)


def times(size: Size, factor: int) -> Size:
    """Return an export of so many times the deals, contacts and accounts; owners stay."""
    return replace(
        size,
        deals=factor * size.deals,
        contacts=factor * size.contacts,
        accounts=factor * size.accounts,
    )


def write_next_month(folder: Path, before: Path) -> None:
    """Write an export of a month later: deals were worked on, some pushed, moved on or deleted."""
    if (folder / "User.csv").exists():
        return
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    for file in before.glob("*.csv"):
        if file.stem != "Opportunity":
            (folder / file.name).symlink_to(file.resolve())
    deals = f"read_csv('{before / 'Opportunity.csv'}', all_varchar = true)"
    engine = duckdb.connect()
    engine.execute("set enable_progress_bar = false")
    engine.execute(
        f"""
        copy (
            select * replace (
                if(hash(Id) % 20 = 0, cast(cast(CloseDate as date) + 45 as varchar), CloseDate)
                    as CloseDate,
                if(hash(Id) % 25 = 1 and IsClosed = 'false', 'Negotiation', StageName)
                    as StageName,
                cast(cast(LastActivityDate as date) + 31 as varchar) as LastActivityDate,
                cast(cast(left(LastModifiedDate, 10) as date) + 31 as varchar)
                    || substr(LastModifiedDate, 11) as LastModifiedDate
            )
            from {deals} where hash(Id) % 200 <> 7
        ) to '{folder / "Opportunity.csv"}' (header, force_quote *)
        """
    )


def write_export(folder: Path, size: Size) -> None:
    """Write an export once; a folder that holds it already is left as it is."""
    if (folder / "User.csv").exists():
        return
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    engine = duckdb.connect()
    engine.execute("set enable_progress_bar = false")
    engine.execute(_filled_in(_HERE / "told.sql", size))
    files = {file.stem: file for file in (_HERE / "queries").glob("*.sql")}
    if size.changes_a_deal:
        files |= {file.stem: file for file in (_HERE / "queries" / "world").glob("*.sql")}
    for name, file in sorted(files.items()):
        query = _filled_in(file, size)
        engine.execute(f"copy ({query}) to '{folder / name}.csv' (header, force_quote *)")


def _filled_in(file: Path, size: Size) -> str:
    return Template(file.read_text("utf-8")).substitute(asdict(size))
