"""What a result says about the audit itself: what was read, by which definitions, and its trust."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class ResultPart(BaseModel):
    """A part of a result: it never changes, and accepts keys of newer versions."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class TableRows(ResultPart):
    """Rows of one canonical table, removed records included."""

    rows: int


class Breach(ResultPart):
    """One broken clause of the intake contract.

    Attributes:
        code: Clause, for example ``rows_unread``.
        table: Table concerned, or None for the export as a whole.
        column: Column concerned, or None.
        target: Table that the column points to, where that is what broke.
        observed: What was found, in the unit of the clause.
        limit: What the contract allows.
    """

    code: str
    table: str | None = None
    column: str | None = None
    target: str | None = None
    observed: str
    limit: str


class ContractResult(ResultPart):
    """Whether this audit may be trusted, apart from whether the CRM is healthy."""

    success: bool
    breaches: list[Breach] = Field(default_factory=list)


class Notice(ResultPart):
    """Something the reader should know; the page words it from ``code`` and ``facts``."""

    code: str
    facts: dict[str, Any] = Field(default_factory=dict)


class RunInfo(ResultPart):
    """What was audited, when, with which definitions.

    Attributes:
        source: Name of the source, never a path.
        as_of: Day of the audit, inclusive.
        as_of_origin: ``argument``, ``today``, or the ``table.column`` it was read from.
        profile_hash: Hash of every threshold, weight and word list in force.
        profile_parts: Hash of each part of the profile, to tell which of them changed.
        catalogue_hash: Hash of every check definition that ran.
        capabilities: Availability per table and per ``table.column``.
        link_base: Address of the CRM for links to records, or None.
        provenance: Files and columns as they were recognised.
        named: Whether people appear under their names.
    """

    tool_version: str
    source: str
    system: str = ""
    as_of: date
    as_of_origin: str = ""
    profile_hash: str
    profile_parts: dict[str, str] = Field(default_factory=dict)
    catalogue_hash: str
    tables: dict[str, TableRows]
    capabilities: dict[str, str] = Field(default_factory=dict)
    contract: ContractResult
    link_base: str | None = None
    warnings: list[Notice] = Field(default_factory=list)
    provenance: dict[str, Any] = Field(default_factory=dict)
    parameters: dict[str, Any] = Field(default_factory=dict)
    named: bool = False
