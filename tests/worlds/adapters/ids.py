"""How ids and names are made of numbers, in SQL."""

from __future__ import annotations

from tests.worlds.world import PREFIXES, World


def key(table: str, number: str) -> str:
    """Return the SQL of an id; NULL for numbers below 0."""
    text = f"'{PREFIXES[table]}Kz' || lpad(cast({number} as bigint)::varchar, 10, '0') || 'AAA'"
    return f"case when {number} >= 0 then {text} end"


def named(codes: str, names: tuple[str, ...] | list[str]) -> str:
    """Return the SQL of the name at a position of a list."""
    quoted = ", ".join("'" + name.replace("'", "''") + "'" for name in names)
    return f"([{quoted}])[cast({codes} as integer) + 1]"


def stage_names(world: World) -> list[str]:
    """Return the names of all stages, by number."""
    return [*world.words.STAGES, world.words.WON, world.words.LOST]
