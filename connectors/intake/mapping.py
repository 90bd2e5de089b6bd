"""What a user may say about an export in ``auditor.yaml``: the answers to our questions.

Everything here is optional. What is not said is inferred, and what was inferred can be
written into the same form by ``auditor init`` and corrected there.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator

from connectors.errors import RefusedValueError
from connectors.model import TABLES
from connectors.yaml_file import suggestion

DayOrder = Literal["day-first", "month-first"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TableMapping(_Strict):
    """How one canonical table is read.

    Attributes:
        file: Name of the file or files (or sheet, or zip member) that hold the table.
        columns: Canonical column to the header as written in the file.
        values: Canonical column to the words found in it and what each of them means, for
            example ``{"status": {"Signée": "won"}}``.
        dates: Canonical column to the order of day and month in it.
    """

    file: str | list[str] | None = None
    columns: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    dates: dict[str, DayOrder] = {}


class StageMap(_Strict):
    """What the stages of the deals mean.

    Attributes:
        order: Open stages from first to last.
        open: Stages of deals in progress.
        won: Stages of deals that were won.
        lost: Stages of deals that were lost.
    """

    order: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    won: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


class ExportMapping(_Strict):
    """The sections ``tables`` and ``stages`` of ``auditor.yaml``."""

    tables: dict[str, TableMapping] = {}
    stages: StageMap = StageMap()

    @field_validator("tables")
    @classmethod
    def _only_canonical_names(cls, tables: dict[str, TableMapping]) -> dict[str, TableMapping]:
        for table, mapping in tables.items():
            _refuse_unknown('unknown table "{name}"', table, TABLES)
            names = [column.name for column in TABLES[table].columns]
            for column in (*mapping.columns, *mapping.dates):
                _refuse_unknown('unknown field "{name}" for {table}', column, names, table=table)
        return tables


def _refuse_unknown(kind: str, name: str, names: Collection[str], **facts: object) -> None:
    if name not in names:
        step, found = suggestion(name, names)
        raise RefusedValueError(kind, next_step=step, name=name, **facts, **found)
