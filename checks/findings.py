"""findings.parquet: one row a finding, for whoever wants to go on from here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from checks.context import Context
from checks.measuring import Measured
from checks.spec import CheckSpec


def write_findings(
    context: Context, specs: Sequence[CheckSpec], measured: Measured, path: Path
) -> int:
    """Write every finding as ``check_id, table, record_id, owner_id, field, amount``.

    Returns:
        The number of findings.
    """
    raise NotImplementedError
