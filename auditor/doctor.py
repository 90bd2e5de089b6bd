"""What an export lets us see, what is missing, and how to switch it on."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.messages import Translate
from auditor.terminal import Terminal, in_columns, visible
from auditor.version import tool_version
from auditor.workspace import workspace
from connectors.model import TABLES
from connectors.snapshot import Availability, Capabilities, Snapshot

if TYPE_CHECKING:
    from auditor.config import Configuration
    from auditor.sources import Source
    from reports.numbers import Numbers

_LIBRARIES = ("duckdb", "pandas", "great-expectations", "pydantic", "sqlglot")


@dataclass(frozen=True)
class Level:
    """One level of observability: each level adds evidence to the ones before.

    Attributes:
        meaning: What it shows.
        needs: Tables, or ``table.column``; one of ``a | b`` is enough.
        advice: How to get what is missing.
    """

    code: str
    meaning: str
    needs: tuple[str, ...]
    advice: str


LEVELS = (
    Level(
        "L0",
        "deals: stage, value and dates",
        ("deals.id", "deals.stage", "deals.amount | deals.close_date | deals.created_at"),
        "Export the deals with their id, stage, amount, close date and creation date.",
    ),
    Level(
        "L1",
        "who owns what, and for whom",
        (
            "deals.owner_id",
            "deals.account_id",
            "deals.created_at",
            "deals.close_date",
            "accounts",
            "contacts | leads",
            "users",
        ),
        "Export accounts, contacts, leads and users too, with their ids and owners.",
    ),
    Level(
        "L2",
        "how deals moved",
        ("field_history",),
        "Salesforce: export OpportunityHistory, which every organisation keeps, and switch on field"
        " history for owner and next step. HubSpot: export the property history of deals.",
    ),
    Level(
        "L3",
        "what people did",
        ("activities", "activities.owner_id", "activities.happened_at | activities.due_date"),
        "Export tasks, meetings, calls and mails, with their dates, owners and records.",
    ),
    Level(
        "L4",
        "who looks at the CRM",
        ("logins | users.last_login_at", "analytics"),
        "Salesforce: export the login history, and reports and dashboards with their last run."
        " HubSpot: export the login history; report views are not available.",
    ),
    Level(
        "L5",
        "what people say",
        (),
        "Ask them: auditor interview writes the questions, auditor audit --answers hears them.",
    ),
)

_WHY_NOT = {
    Availability.TABLE_ABSENT: "{name} (no such table in the export)",
    Availability.COLUMN_ABSENT: "{name} (no such column in the export)",
    Availability.COLUMN_EMPTY: "{name} (empty in every record)",
    Availability.NO_PERMISSION: "{name} (not readable with these rights)",
    Availability.NOT_TRACKED: "{name} (not tracked by the CRM)",
}


def why_not(availability: Availability) -> str:
    """Return the template that says why something cannot be observed."""
    return _WHY_NOT[availability]


def versions() -> Iterator[str]:
    """Yield the versions that a bug report needs."""
    from importlib.metadata import version

    yield f"auditor {tool_version()}"
    yield f"Python {platform.python_version()} ({platform.system()} {platform.machine()})"
    yield ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)


def examination(source: Source, configuration: Configuration, terminal: Terminal) -> list[str]:
    """Return the lines that say what can be observed in an export.

    Raises:
        AuditorError: If the export cannot be read, or asks a question.
    """
    from connectors.engines.duckdb import Engine

    with workspace() as folder:
        engine = Engine(folder)
        try:
            with configuration.placing_refusals():
                snapshot = source.connector(configuration).extract(engine, folder)
            return [visible(line) for line in _lines(snapshot, terminal)]
        finally:
            engine.close()


def _lines(snapshot: Snapshot, terminal: Terminal) -> Iterator[str]:
    from reports.wording import Wording

    translate, numbers = terminal.translate, Wording(terminal.language).numbers
    yield translate("What the export holds:")
    yield from in_columns([_table_row(snapshot, name, translate, numbers) for name in TABLES])
    yield ""
    yield from level_lines(snapshot.capabilities, translate)


def level_lines(capabilities: Capabilities, translate: Translate) -> Iterator[str]:
    """Yield which levels can be observed, and what the others lack."""
    yield translate("What can be observed:")
    for level in LEVELS:
        missing = _missing(level, capabilities)
        if level.needs and not missing:
            yield _level_line(level, "{code}  {meaning}: yes", translate)
            continue
        partly = len(missing) < len(level.needs)
        told = "{code}  {meaning}: partly" if partly else "{code}  {meaning}: no"
        yield _level_line(level, told, translate)
        for name, availability in missing:
            yield "        " + translate(why_not(availability)).format(name=name)
        yield f"      → {translate(level.advice)}"


def _level_line(level: Level, told: str, translate: Translate) -> str:
    return "  " + translate(told).format(code=level.code, meaning=translate(level.meaning))


def _table_row(
    snapshot: Snapshot, name: str, translate: Translate, numbers: Numbers
) -> tuple[str, str, str]:
    capabilities = snapshot.capabilities
    availability = capabilities.table(name)
    if not availability.observable:
        return name, "–", ""
    columns = [column.name for column in TABLES[name].columns]
    seen = sum(capabilities.column(name, column).observable for column in columns)
    told = "{seen} of {all} fields"
    if availability is Availability.DERIVED:
        told = "{seen} of {all} fields, derived from other tables"
    count = numbers.integer(snapshot.count(name))
    return name, count, translate(told).format(seen=seen, all=len(columns))


def _missing(level: Level, capabilities: Capabilities) -> list[tuple[str, Availability]]:
    """Return what a level lacks; of alternatives, the first stands for all."""
    missing = []
    for need in level.needs:
        names = [name.strip() for name in need.split("|")]
        states = [_availability(name, capabilities) for name in names]
        if not any(state.observable for state in states):
            missing.append((" / ".join(names), states[0]))
    return missing


def _availability(name: str, capabilities: Capabilities) -> Availability:
    table, _, column = name.partition(".")
    return capabilities.column(table, column) if column else capabilities.table(table)
